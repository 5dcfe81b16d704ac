"""What a person who forgot their password types."""

from __future__ import annotations

import logging
from contextlib import suppress
from typing import Any

from allauth.account.forms import ResetPasswordForm
from django.core.exceptions import ValidationError
from django.core.mail import InvalidMailer, mailers
from django.core.mail.backends.smtp import EmailBackend as SmtpBackend
from django.utils.translation import gettext as _

logger = logging.getLogger(__name__)
NO_SERVER = (OSError, InvalidMailer)  # what smtplib raises is an OSError


class AskForPasswordForm(ResetPasswordForm):  # type: ignore[misc]
    """The address to send a link to.

    Whether the mail server answers is asked before it is known whose address it is: what a stranger is told
    is the same for every address.
    """

    def clean(self) -> dict[str, Any]:
        typed: dict[str, Any] = super().clean()
        if not self.errors and not is_mail_server_there():
            raise ValidationError(
                _(
                    "지금 메일 서버에 연결하지 못해 링크를 보낼 수 없습니다. 적은 주소는 그대로 두었으니 "
                    "잠시 뒤 다시 눌러 주세요. 급하면 관리자에게 새 비밀번호를 정해 달라고 하세요."
                ),
                code="no_mail_server",
            )
        return typed


def is_mail_server_there() -> bool:
    """Whether the mail server takes a connection at this moment; a folder for mail always does."""
    try:
        mailer: Any = mailers.default
        if not isinstance(mailer, SmtpBackend):
            return True
        mailer.open()
    except NO_SERVER as trouble:
        logger.warning("the mail server does not answer: %s", type(trouble).__name__)
        return False
    with suppress(OSError):  # a farewell that fails changes nothing
        mailer.close()
    return True
