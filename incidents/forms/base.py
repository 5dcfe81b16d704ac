"""What the forms of a case share: no form tag of their own, and the present instant."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from crispy_forms.helper import FormHelper

from core.access.typed_words import WordsForm
from incidents.fields import InstantField


class CaseForm(WordsForm):
    """A form that knows what time it is, so that an instant still to come is refused at its field."""

    def __init__(self, *args: Any, now: datetime, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.now = now
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self._tell_the_time()

    def _tell_the_time(self) -> None:
        for name, field in self.fields.items():
            if isinstance(field, InstantField):
                field.now = self.now
                field.initial = self.initial.get(name, field.initial)

    def add_fault(self, name: str, message: str) -> None:
        """Put what a service said at the field it names, or on top when the form has no such field."""
        self.add_error(name if name in self.fields else None, message)
