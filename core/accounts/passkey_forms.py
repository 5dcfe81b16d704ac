"""What a person says of a passkey: its name, and whether it is to open the door alone."""

from __future__ import annotations

from typing import Any

from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django.utils.translation import gettext as _


class AddPasskeyForm(AddWebAuthnForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.fields["name"].label = _("이름")
        self.fields["name"].help_text = _("어느 기기인지 알아볼 이름입니다. 예: 회사 노트북")
        self.fields["passwordless"].label = _("비밀번호 없이 이 패스키만으로 로그인")
        self.fields["passwordless"].help_text = _("지문·얼굴·PIN으로 본인을 확인하는 기기에서만 됩니다.")


class RenamePasskeyForm(EditWebAuthnForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.fields["name"].label = _("이름")
