"""What other pages ask about the timers and the mail."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings

from notifications.models import OutgoingEmail, TimerPulse

if TYPE_CHECKING:
    from core.accounts.models import User

BROKER_PATIENCE_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class TimerHealth:
    """Whether the timers are alive. `minutes` is how long ago they last finished a sweep; None if never.

    `late` means silence; not `ok` and not late means that `faults` errands of the last sweep failed.
    """

    ok: bool
    late: bool
    last_sweep_at: datetime | None
    minutes: int | None
    faults: int = 0


def timer_health(now: datetime) -> TimerHealth:
    """How the timers stand at `now`; late after `TIMERS_LATE_AFTER` without a finished sweep, or before the first."""
    pulse = TimerPulse.objects.filter(pk=1).first()
    if pulse is None:
        return TimerHealth(ok=False, late=True, last_sweep_at=None, minutes=None)
    silence = now - pulse.last_sweep_at
    late = abs(silence) > settings.TIMERS_LATE_AFTER  # a pulse from the future proves nothing
    minutes = max(0, int(silence.total_seconds() // 60))
    is_ok = not late and not pulse.faults
    return TimerHealth(is_ok, late, pulse.last_sweep_at, minutes, pulse.faults)


def broker_state() -> str:
    """`memory` where worker and beat are one process, else `ok` or `down`. Waits a second at most."""
    address = settings.CELERY_BROKER_URL
    if address.startswith("memory:"):
        return "memory"
    import redis  # slow to load; the embedded default never gets here

    patience = BROKER_PATIENCE_SECONDS
    try:
        with redis.Redis.from_url(
            address, socket_connect_timeout=patience, socket_timeout=patience
        ) as broker:
            broker.ping()
    except (redis.RedisError, ValueError):
        return "down"
    return "ok"


def failing_mail_count(user: User) -> int:
    """How many emails `user` may see that a person should look at."""
    return OutgoingEmail.objects.visible_to(user).failing().count()
