"""Sign-ins, sign-outs and changed keys become history."""

from __future__ import annotations

from typing import Any

from allauth.account.signals import password_changed, password_reset, password_set
from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_reset
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.db import transaction
from django.dispatch import receiver
from django.utils import timezone

from core.accounts.models import User
from core.audit.services import record


@receiver(user_logged_in, dispatch_uid="history of sign-ins")
def keep_sign_in(sender: object, user: User, **rest: Any) -> None:
    with transaction.atomic():
        record("person.signed-in", subject=user, actor=user, at=timezone.now())


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
