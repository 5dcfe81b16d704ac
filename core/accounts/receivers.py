"""Sign-ins, failures and sign-outs become history."""

from __future__ import annotations

from typing import Any

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
