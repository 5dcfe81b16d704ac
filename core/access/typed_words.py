"""What no free text may hold: 주민등록번호 never (법 제24조의2), a card number only after somebody looked at it again."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.access.masking import CARD, RESIDENT, found_in, restored

CONFIRMED = "card_confirmed"


def resident_number_fault(text: str) -> str:
    """What to say of a text that holds a 주민등록번호 or 외국인등록번호; empty for any other. Never the number."""
    if not found_in(text, RESIDENT):
        return ""
    return _(
        "주민등록번호나 외국인등록번호로 보이는 숫자가 있어 저장하지 않았습니다. 법에 근거가 없으면 받을 수 없습니다"
        "(개인정보 보호법 제24조의2). 그 숫자를 지우고 다시 저장해 주세요."
    )


class WordsForm(forms.Form):
    """A form whose free texts are looked through before they are kept, and that reads masked words back.

    Words shown masked and sent back as they were shown stay what they were.
    """

    def __init__(self, *args: Any, **rest: Any) -> None:
        super().__init__(*args, **rest)
        if self.is_bound and any(found_in(text, CARD) for text in self._sent()):
            self.fields[CONFIRMED] = forms.BooleanField(
                label=gettext_lazy("카드번호가 아니거나 꼭 적어야 하는 번호입니다"), required=False
            )

    def _sent(self) -> list[str]:
        values = self.data.lists() if hasattr(self.data, "lists") else self.data.items()
        return [str(one) for _name, held in values for one in (held if isinstance(held, list) else [held])]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        is_confirmed = said.pop(CONFIRMED, False)
        for name, value in list(said.items()):
            if isinstance(value, UploadedFile):
                self._look_through(name, value.name or "", is_confirmed)
            elif isinstance(value, str) and isinstance(self.fields.get(name), forms.CharField):
                said[name] = self._as_it_was(name, value)
                self._look_through(name, value, is_confirmed)
        if CONFIRMED in self.fields and getattr(getattr(self, "helper", None), "layout", None):
            self.helper.layout.append(CONFIRMED)  # type: ignore[attr-defined]
        return said

    def _as_it_was(self, name: str, value: str) -> str:
        shown = self.initial.get(name, self.fields[name].initial)
        return restored(value, shown) if isinstance(shown, str) else value

    def _look_through(self, name: str, text: str, is_confirmed: bool) -> None:
        fault: str | Promise = resident_number_fault(text)
        if not fault and not is_confirmed and found_in(text, CARD):
            fault = _(
                "카드번호로 보이는 숫자가 있습니다. 지우거나, 카드번호가 아니면 아래 칸에 표시하고 다시 저장해 주세요."
            )
        if fault:
            self.add_error(name, str(fault))
