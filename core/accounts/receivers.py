"""Sign-ins, failed ones, lock-outs, sign-outs and changed keys become history."""

from __future__ import annotations

from typing import Any

from allauth.account.signals import password_changed, password_reset, password_set
from allauth.mfa.signals import (
    authentication_failed,
    authenticator_added,
    authenticator_removed,
    authenticator_reset,
)
from axes.signals import user_locked_out
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.db import models, transaction
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone

from core.accounts.adapter import attempted_email, attempted_key, client_address
from core.accounts.models import User
from core.audit.models import HOUSE, Chain
from core.audit.services import record


@receiver(user_logged_in, dispatch_uid="history of sign-ins")
def keep_sign_in(sender: object, request: HttpRequest, user: User, **rest: Any) -> None:
    with transaction.atomic():
        data = {"address": client_address(request)}
        record("person.signed-in", subject=user, actor=user, at=timezone.now(), data=data)


@receiver(user_login_failed, dispatch_uid="history of failed sign-ins")
def keep_failed_sign_in(
    sender: object, credentials: dict[str, Any], request: HttpRequest | None = None, **rest: Any
) -> None:
    """A try at a locked door is no further event: whoever goes on knocking must not fill the history."""
    if request is not None and not _was_locked(request):
        what = str(credentials.get("what", "password"))
        _keep_at_the_door("person.sign-in-failed", request, credentials, what=what)


@receiver(user_locked_out, dispatch_uid="history of lock-outs")
def keep_lock_out(sender: object, request: HttpRequest, **rest: Any) -> None:
    """Once, by the try that locks."""
    if getattr(request, "axes_failures_since_start", None) is not None:
        data = {"failures": request.axes_failures_since_start}  # type: ignore[attr-defined]
        _keep_at_the_door("person.locked-out", request, {}, **data)


@receiver(authentication_failed, dispatch_uid="history of wrong second factors")
def keep_wrong_code(sender: object, request: HttpRequest, user: User, **rest: Any) -> None:
    _keep_at_the_door("person.sign-in-failed", request, {"username": user.email}, what="second factor")


def _was_locked(request: HttpRequest) -> bool:
    """Whether the door was locked before this try; the try that locks it has been counted."""
    is_locked = getattr(request, "axes_locked_out", False)
    return bool(is_locked) and getattr(request, "axes_failures_since_start", None) is None


@transaction.atomic
def _keep_at_the_door(
    action: str, request: HttpRequest, credentials: dict[str, Any], **more: str | int
) -> None:
    """By the account where the address is one of ours, by a keyed hash where it is not; the address never stands there."""
    typed = attempted_email(request, credentials)
    known = User.objects.filter(email__iexact=typed).first() if typed else None
    subject: models.Model = known or Chain(key=HOUSE)
    data: dict[str, Any] = {"address": client_address(request), **more}
    if known is None:
        data["typed"] = attempted_key(request, credentials)
    record(action, subject=subject, actor=None, at=timezone.now(), data=data)


@receiver(user_logged_out, dispatch_uid="history of sign-outs")
def keep_sign_out(sender: object, user: User | None, **rest: Any) -> None:
    if user is None:
        return
    with transaction.atomic():
        record("person.signed-out", subject=user, actor=user, at=timezone.now())


@receiver((password_changed, password_set), dispatch_uid="history of changed passwords")
def keep_password_change(sender: object, user: User, **rest: Any) -> None:
    _keep("person.password-changed", user)


@receiver(password_reset, dispatch_uid="history of passwords changed by mail")
def keep_password_reset(sender: object, user: User, **rest: Any) -> None:
    _keep("person.password-reset", user)


@receiver((authenticator_added, authenticator_reset), dispatch_uid="history of second factors")
def keep_second_factor(sender: object, user: User, **rest: Any) -> None:
    _keep("person.second-factor-added", user)


@receiver(authenticator_removed, dispatch_uid="history of second factors taken away")
def keep_second_factor_removed(sender: object, user: User, **rest: Any) -> None:
    _keep("person.second-factor-removed", user)


@transaction.atomic
def _keep(action: str, user: User) -> None:
    record(action, subject=user, actor=user, at=timezone.now())
