"""A new password by mail: whoever has a second factor shows it too, for a mailbox alone must not open an account."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import ResetPasswordKeyForm
from allauth.mfa.base.forms import BaseAuthenticateForm
from allauth.mfa.models import Authenticator
from django import forms
from django.utils.translation import gettext_lazy as _


class ResetWithFactorForm(ResetPasswordKeyForm):  # type: ignore[misc]
    """The new password twice, and a code where the account has any factor. Wrong codes are counted and noted."""

    def __init__(self, *args: Any, **rest: Any) -> None:
        super().__init__(*args, **rest)
        if self.user is not None and Authenticator.objects.filter(user=self.user).exists():
            self.fields["code"] = forms.CharField(
                label=_("2단계 인증 코드"),
                help_text=_(
                    "인증 앱의 6자리 숫자나 복구 코드입니다. 패스키만 쓰면 복구 코드를 적어 주세요. "
                    "모두 잃었으면 관리자에게 알려 주세요."
                ),
                widget=forms.TextInput(attrs={"autocomplete": "one-time-code"}),
            )

    def clean(self) -> dict[str, Any]:
        """A code is used up only once the passwords are sound."""
        typed: dict[str, Any] = super().clean()
        if "code" in self.fields and not self.errors:
            asked = BaseAuthenticateForm({"code": typed.get("code", "")}, user=self.user)
            if not asked.is_valid():
                self.add_error("code", asked.errors["code"].as_data())
        return typed
