"""One pass over everything that is due. Each errand is its own transaction: one that fails holds up no other."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from django.conf import settings
from django.db import OperationalError, transaction

import incidents.services
from core.access.unused import look_after_unused
from core.access.yearly import look_after_yearly_checks
from core.accounts.models import Membership, Role
from core.accounts.role_periods import end_roles_over
from core.audit.sealing import close_days_if_possible
from core.audit.services import record
from incidents.models import Destruction
from incidents.services.destruction import carry_out_destruction
from incidents.services.needless import tell_needless_cases
from incidents.services.rescans import scan_evidence_again
from notifications.models import DeliveryOutcome, OutgoingEmail, Reminder, TimerPulse
from notifications.services.mail import deliver_email, put_off_broken_email, queue_email
from notifications.services.reminders import ClaimLost, climb, raise_reminder
from notifications.services.stamping import stamp_last_day
from notifications.services.timekeeping import check_clock
from notifications.services.watching import watch_access_log

log = logging.getLogger(__name__)

BATCH = 200
MAIL_BUDGET = timedelta(seconds=30)  # a slow mail server must not hold up the next look at the reminders
UNREACHABLE_ENOUGH = 2  # then the server is down, and asking it once more for each email helps nobody


@dataclass
class Report:
    """What one pass did."""

    missed: int = 0
    raised: int = 0
    climbed: int = 0
    sent: int = 0
    unsent: int = 0
    closed: int = 0
    faults: int = 0


@dataclass(frozen=True)
class RunningClock:
    """The instant a pass was given, plus the whole seconds it has taken since."""

    began_at: datetime
    began: float

    @classmethod
    def starting(cls, now: datetime) -> RunningClock:
        return cls(now, time.monotonic())

    @property
    def elapsed(self) -> timedelta:
        return timedelta(seconds=int(time.monotonic() - self.began))

    def __call__(self) -> datetime:
        return self.began_at + self.elapsed


def sweep(*, now: datetime, keeps_pulse: bool = True) -> Report:
    """Do everything that is due at `now`: missed deadlines, reminders, climbing, mail, closing days of history.

    Two sweeps at once share the work. `keeps_pulse` False leaves the timers' health and the days alone:
    for a recorded case that is played on a clock of its own.
    """
    clock, report = RunningClock.starting(now), Report()
    _note_missed(report, now=now)
    if keeps_pulse:
        _look_after_accounts(report, now=now)
        _look_after_yearly_checks(report, now=now)
        _tell_needless_cases(report, now=now)
        report.faults += watch_access_log(now=now)
    _remind(report, now=now)
    _send(report, clock)
    if keeps_pulse:
        _scan_evidence(report, now=now)
        _check_clock(report, now=now)
        _destroy(report, now=now)
        _close_days(report, now=now)
        beat(now=clock(), faults=report.faults)
    return report


def _attempt(report: Report, what: str, row_id: int, errand: Callable[[], bool]) -> bool:
    """Run one errand; a fault is logged with the row's id and left for the next pass."""
    try:
        return errand()
    except ClaimLost:
        return False
    except Exception:
        log.exception("sweep: %s %s failed", what, row_id)
        report.faults += 1
        return False


def _note_missed(report: Report, *, now: datetime) -> None:
    try:
        report.missed = incidents.services.note_missed_deadlines(now=now)
    except Exception:
        log.exception("sweep: noting missed deadlines failed")
        report.faults += 1


def _look_after_accounts(report: Report, *, now: datetime) -> None:
    try:
        look_after_unused(now=now)
    except Exception:
        log.exception("sweep: looking after unused accounts failed")
        report.faults += 1
    try:
        end_roles_over(now=now)
        incidents.services.end_parts_over(now=now)
    except Exception:
        log.exception("sweep: ending roles whose last day is over failed")
        report.faults += 1


def _look_after_yearly_checks(report: Report, *, now: datetime) -> None:
    try:
        look_after_yearly_checks(now=now)
    except Exception:
        log.exception("sweep: looking after yearly checks failed")
        report.faults += 1


def _tell_needless_cases(report: Report, *, now: datetime) -> None:
    try:
        tell_needless_cases(now=now)
    except Exception:
        log.exception("sweep: telling of cases kept long enough failed")
        report.faults += 1


def _destroy(report: Report, *, now: datetime) -> None:
    for pk in list(Destruction.objects.to_carry_out().order_by("pk").values_list("pk", flat=True)):
        _attempt(report, "destruction", pk, partial(carry_out_destruction, destruction_id=pk, now=now))


def _remind(report: Report, *, now: datetime) -> None:
    due = Reminder.objects.due(now=now).order_by("act_at", "pk")
    rows = list(due.values_list("pk", "deadline_id", "raised_at")[:BATCH])
    for deadline_id in dict.fromkeys(
        deadline_id for _pk, deadline_id, raised_at in rows if raised_at is None
    ):
        report.raised += _attempt(
            report, "deadline", deadline_id, partial(raise_reminder, deadline_id=deadline_id, now=now)
        )
    for reminder_id in [pk for pk, _deadline_id, raised_at in rows if raised_at is not None]:
        report.climbed += _attempt(
            report, "reminder", reminder_id, partial(climb, reminder_id=reminder_id, now=now)
        )


def _send(report: Report, clock: RunningClock) -> None:
    unreachable = 0
    due = OutgoingEmail.objects.due(now=clock()).order_by("send_after", "pk")
    for email_id in list(due.values_list("pk", flat=True)[:BATCH]):
        if clock.elapsed >= MAIL_BUDGET or unreachable >= UNREACHABLE_ENOUGH:
            return
        try:
            answer = deliver_email(email_id=email_id, clock=clock)
        except Exception as fault:
            log.exception("sweep: email %s failed", email_id)
            report.faults += 1
            if not isinstance(fault, OperationalError):  # a database at its limits will be asked again
                put_off_broken_email(email_id=email_id, fault=type(fault).__name__, now=clock())
            continue
        if answer is not None:
            is_sent = answer.kind is DeliveryOutcome.Kind.ACCEPTED
            report.sent += is_sent
            report.unsent += not is_sent
            unreachable = unreachable + 1 if answer.kind is DeliveryOutcome.Kind.UNREACHABLE else 0


def _scan_evidence(report: Report, *, now: datetime) -> None:
    try:
        incidents.services.scan_waiting_evidence(now=now)
        scan_evidence_again(now=now)
    except Exception:
        log.exception("sweep: scanning evidence failed")
        report.faults += 1


def _check_clock(report: Report, *, now: datetime) -> None:
    try:
        check_clock(now=now)
    except Exception:
        log.exception("sweep: comparing the clock failed")
        report.faults += 1


def _close_days(report: Report, *, now: datetime) -> None:
    try:
        report.closed = close_days_if_possible(now=now)
    except Exception:
        log.exception("sweep: closing a day of history failed")
        report.faults += 1
    try:
        stamp_last_day(now=now)
    except Exception:
        log.exception("sweep: asking for a time stamp failed")
        report.faults += 1


def beat(*, now: datetime, faults: int = 0) -> None:
    """Remember that the timers are alive. After a silence, history and the administrators learn of it."""
    near = (now - settings.TIMERS_LATE_AFTER, now + settings.TIMERS_LATE_AFTER)
    alive = TimerPulse.objects.filter(last_sweep_at__range=near)
    is_kept = alive.filter(last_sweep_at__lte=now).update(last_sweep_at=now, faults=faults)
    if not is_kept and not alive.exists():  # a sweep that began later may have finished before
        _beat_after_silence(now=now, faults=faults)


@transaction.atomic
def _beat_after_silence(*, now: datetime, faults: int) -> None:
    first = {"last_sweep_at": now, "faults": faults}
    pulse, is_first = TimerPulse.objects.get_or_create(pk=1, defaults=first)
    silent_since = pulse.last_sweep_at
    waking = TimerPulse.objects.filter(pk=1, last_sweep_at=silent_since)
    if is_first or not waking.update(last_sweep_at=now, faults=faults):
        return  # the very first sweep, or another worker woke at the same moment
    pulse.last_sweep_at = now
    seconds = int((now - silent_since).total_seconds())
    data = {"stopped_at": silent_since.isoformat(), "resumed_at": now.isoformat(), "seconds": seconds}
    _tell_administrators(data, now=now)
    record("timers.resumed", subject=pulse, actor=None, at=now, data=data)


def _tell_administrators(facts: dict[str, object], *, now: datetime) -> None:
    held = Membership.objects.held(Role.ADMIN).select_related("user")
    for membership in {membership.user_id: membership for membership in held.order_by("-pk")}.values():
        queue_email(
            template="timers_resumed",
            to_user=membership.user,
            organization_id=membership.organization_id,
            now=now,
            facts={name: facts[name] for name in ("stopped_at", "resumed_at")},
        )
