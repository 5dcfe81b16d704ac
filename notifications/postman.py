"""Handing one message to the configured mail server, and telling apart what is known of the outcome."""

from __future__ import annotations

import email.policy
import smtplib
from contextlib import suppress
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from django.core.mail import EmailMultiAlternatives, InvalidMailer, mailers
from django.core.mail.backends.smtp import EmailBackend as SmtpBackend

from notifications.models import DeliveryOutcome

Kind = DeliveryOutcome.Kind
MAIL_TAKEN = (250, 251)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server said. `is_final` when asking again cannot help (a 5xx reply)."""

    kind: DeliveryOutcome.Kind
    text: str = ""
    is_final: bool = False


def hand_over(message: EmailMultiAlternatives) -> Answer:
    """Give `message` to the server once. A server's trouble is an answer, never an exception.

    UNREACHABLE and REFUSED are certain: the message was not taken. UNKNOWN is a line that broke
    after the words were on their way; the server may have them.
    """
    try:
        mailer: Any = mailers.default
    except InvalidMailer as trouble:
        return Answer(Kind.UNREACHABLE, str(trouble))
    try:
        return _by_smtp(mailer, message) if isinstance(mailer, SmtpBackend) else _by_other(mailer, message)
    finally:
        with suppress(OSError):  # a farewell that fails changes nothing about the message
            mailer.close()


def _by_other(mailer: Any, message: EmailMultiAlternatives) -> Answer:
    try:
        mailer.open()
        name = getattr(getattr(mailer, "stream", None), "name", "")
        mailer.send_messages([message])
    except OSError as trouble:
        return Answer(Kind.UNREACHABLE, _words(trouble))
    return Answer(Kind.ACCEPTED, PurePath(str(name)).name)


def _by_smtp(mailer: SmtpBackend, message: EmailMultiAlternatives) -> Answer:
    """The steps of `smtplib.SMTP.sendmail`, which keeps the last reply to itself."""
    try:
        sender = mailer.prep_address(message.from_email)
        recipient = mailer.prep_address(message.to[0])
    except ValueError:
        return Answer(Kind.REFUSED, "invalid address", is_final=True)
    try:
        mailer.open()
        smtp = mailer.connection
        assert smtp is not None
        smtp.ehlo_or_helo_if_needed()
        for code, said in (smtp.mail(sender), smtp.rcpt(recipient)):
            if code not in MAIL_TAKEN:
                return _refusal(code, said)
    except (
        smtplib.SMTPResponseException
    ) as refusal:  # the greeting or the sign-in: ours to repair, so try again
        return Answer(Kind.UNREACHABLE, _reply(refusal.smtp_code, refusal.smtp_error))
    except OSError as trouble:
        return Answer(Kind.UNREACHABLE, _words(trouble))
    return _contents(smtp, message)


def _contents(smtp: smtplib.SMTP, message: EmailMultiAlternatives) -> Answer:
    try:
        code, said = smtp.data(message.message(policy=email.policy.SMTP).as_bytes())
    except smtplib.SMTPDataError as refusal:
        return _refusal(refusal.smtp_code, refusal.smtp_error)
    except OSError as trouble:
        return Answer(Kind.UNKNOWN, _words(trouble))
    return Answer(Kind.ACCEPTED, _reply(code, said)) if code in MAIL_TAKEN else _refusal(code, said)


def _refusal(code: int, said: bytes | str) -> Answer:
    return Answer(Kind.REFUSED, _reply(code, said), is_final=code >= 500)


def _reply(code: int, said: bytes | str) -> str:
    words = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return f"{code} {words}".replace("\x00", "")


def _words(trouble: OSError) -> str:
    return trouble.strerror or str(trouble) or type(trouble).__name__
