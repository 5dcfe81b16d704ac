"""The ticking hand. Whatever is lost of this, the rows still know what is due."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from notifications import services


@shared_task  # type: ignore[untyped-decorator]
def sweep_everything_due() -> None:
    """Every few seconds: one pass over all that is due."""
    services.sweep(now=timezone.now())
