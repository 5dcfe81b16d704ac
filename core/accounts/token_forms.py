"""What a person says of a token they make or revoke."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.translation import gettext_lazy as _

from core.accounts.models import Scope
from core.accounts.token_networks import checked_networks

LIFETIMES = ((30, _("30일")), (90, _("90일")), (365, _("365일")))


class _PlainForm(forms.Form):
    def __init__(self, *args: Any, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True


class TokenForm(_PlainForm):
    name = forms.CharField(
        label=_("이름"),
        max_length=60,
        help_text=_("어느 프로그램이 쓰는지 적어 주세요. 예: 관제 시스템"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    scopes = forms.MultipleChoiceField(
        label=_("할 수 있는 일"),
        choices=(),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("내 역할로 할 수 있는 일을 넘지 못합니다."),
    )
    networks = forms.CharField(
        label=_("쓸 수 있는 네트워크"),
        help_text=_("비우면 어디서나 쓸 수 있습니다. 예: 192.0.2.0/24"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "off"}),
    )
    days = forms.TypedChoiceField(label=_("쓸 수 있는 기간"), choices=LIFETIMES, coerce=int, initial=90)

    def __init__(self, *args: Any, scopes: list[Scope], **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.fields["scopes"].choices = [(scope.value, scope.label) for scope in scopes]  # type: ignore[attr-defined]

    def clean_networks(self) -> list[str]:
        return checked_networks(self.cleaned_data["networks"])

    def scopes_wanted(self) -> list[Scope]:
        return [Scope(value) for value in self.cleaned_data["scopes"]]

    def lifetime(self) -> timedelta:
        return timedelta(days=self.cleaned_data["days"])


class RevokeForm(_PlainForm):
    """Whoever ends somebody else's token says why."""

    reason = forms.CharField(
        label=_("폐기하는 이유"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}), required=False
    )

    def __init__(self, *args: Any, is_own: bool, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.fields["reason"].required = not is_own
