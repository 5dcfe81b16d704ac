"""Meeting, dismissing and adding deadlines. Who decided, when and why is kept for ever."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from core.audit.services import record
from incidents.clocks import day_after, instant_label
from incidents.facts import label_of
from incidents.lateness import is_late
from incidents.models import Case, Deadline, DeadlineKind
from incidents.services.holding import hold_case, hold_open_case
from incidents.services.obstacles import Obstacle
from incidents.signals import deadlines_changed
from incidents.telling import LATENESS_LENGTH
from incidents.values import CLOCK_SKEW

if TYPE_CHECKING:
    from core.accounts.models import User


def _case_of(deadline_id: int) -> int:
    return Deadline.objects.values_list("case_id", flat=True).get(pk=deadline_id)


def _locked(deadline_id: int) -> Deadline:
    """The deadline of an open case, its case locked before it: the order every service keeps."""
    hold_open_case(_case_of(deadline_id))
    rows = Deadline.objects.select_for_update(of=("self",), no_key=True).select_related("case", "duty")
    return rows.get(pk=deadline_id)


def _refuse_replaced(deadline: Deadline) -> None:
    if deadline.superseded_at is not None:
        raise Obstacle(
            _("사실이 바뀌어 이 기한은 다른 기한으로 바뀌었습니다. 시계 탭에서 지금 기한을 골라 주세요.")
        )


def refuse_impossible_instant(deadline: Deadline | None, at: datetime, *, now: datetime) -> None:
    """Obstacle at the field `at` for an instant still to come, or before the clock of `deadline` began.

    People type minutes, so the minute in which it began is not too early.
    """
    if at > now + CLOCK_SKEW:
        raise Obstacle(
            _("아직 오지 않은 시각입니다(지금 %(now)s).") % {"now": instant_label(now)}, field="at"
        )
    start = _known_start(deadline) if deadline else None
    if deadline is None or start is None or at >= start.replace(second=0, microsecond=0):
        return
    told = {"start": instant_label(start), "fact": label_of(deadline.anchor)}
    raise Obstacle(
        _(
            "시계가 시작한 때(%(start)s)보다 이른 시각입니다. 정말 먼저 했다면 "
            "‘%(fact)s’부터 바로잡은 뒤 다시 기록해 주세요."
        )
        % told
        if deadline.anchor
        else _("시계가 시작한 때(%(start)s)보다 이른 시각입니다. 날짜와 시각을 확인해 주세요.") % told,
        field="at",
    )


def _known_start(deadline: Deadline) -> datetime | None:
    """When the clock began; None where only the day it was written down is known."""
    return (
        None if deadline.duty_id is None and deadline.starts_at == deadline.created_at else deadline.starts_at
    )


@transaction.atomic
def fulfil_deadline(
    *,
    deadline_id: int,
    at: datetime,
    actor: User,
    now: datetime,
    note: str = "",
    lateness_reason: str = "",
) -> Deadline:
    """Stop the clock at `at` and keep its margin.

    Obstacle in the future, before the clock began, or late without a reason; nothing is kept then.
    """
    deadline = _locked(deadline_id)
    _refuse_replaced(deadline)
    if deadline.met_at is not None:
        return deadline
    refuse_impossible_instant(deadline, at, now=now)
    late = is_late(deadline, at)
    if late and not lateness_reason.strip():
        raise Obstacle(_("기한이 지났습니다. 늦은 사유를 함께 적어 주세요."), field="lateness_reason")
    deadline.met_at, deadline.met_by, deadline.met_note = at, actor, note
    deadline.lateness_reason = lateness_reason if late else ""
    deadline.dismissed_at = deadline.dismissed_by = None
    deadline.dismissed_reason = ""
    deadline.save()
    record(
        "deadline.met",
        subject=deadline,
        actor=actor,
        at=now,
        happened_at=at,
        chain=deadline.case.reference,
        reason="\n".join(filter(None, (deadline.lateness_reason, note))),
        data={
            LATENESS_LENGTH: len(deadline.lateness_reason),
            "due_at": deadline.due_at.isoformat() if deadline.due_at else None,
            "margin_seconds": int((deadline.due_at - at).total_seconds()) if deadline.due_at else None,
            "late": late,
        },
    )
    deadlines_changed.send(sender=Case, case=deadline.case, now=now)
    return deadline


@transaction.atomic
def reopen_deadline(*, deadline_id: int, actor: User, now: datetime, reason: str) -> Deadline:
    """Let a clock run again that was stopped by mistake. History keeps what was recorded before."""
    deadline = _locked(deadline_id)
    _refuse_replaced(deadline)
    if not reason.strip():
        raise Obstacle(_("다시 여는 이유를 적어 주세요."), field="reason")
    if deadline.met_at is None and deadline.dismissed_at is None:
        return deadline
    was = deadline.met_at or deadline.dismissed_at
    deadline.met_at = deadline.met_by = deadline.dismissed_at = deadline.dismissed_by = None
    deadline.met_note = deadline.lateness_reason = deadline.dismissed_reason = ""
    deadline.save()
    data = {"was_ended_at": was.isoformat() if was else None}
    record(
        "deadline.reopened",
        subject=deadline,
        actor=actor,
        at=now,
        chain=deadline.case.reference,
        reason=reason,
        data=data,
    )
    deadlines_changed.send(sender=Case, case=deadline.case, now=now)
    return deadline


@transaction.atomic
def dismiss_deadline(*, deadline_id: int, actor: User, now: datetime, reason: str) -> Deadline:
    """A person decides that it does not apply, or that an open question is settled so. A reason is required."""
    deadline = _locked(deadline_id)
    _refuse_replaced(deadline)
    if not reason.strip():
        raise Obstacle(_("해당 없음으로 정한 이유를 적어 주세요."), field="reason")
    if deadline.met_at is not None:
        raise Obstacle(_("이미 이행한 기한입니다."))
    deadline.dismissed_at, deadline.dismissed_by, deadline.dismissed_reason = now, actor, reason
    deadline.save(update_fields=["dismissed_at", "dismissed_by", "dismissed_reason"])
    record(
        "deadline.dismissed",
        subject=deadline,
        actor=actor,
        at=now,
        chain=deadline.case.reference,
        reason=reason,
        data={"law_state": str(deadline.law_state)},
    )
    deadlines_changed.send(sender=Case, case=deadline.case, now=now)
    return deadline


@transaction.atomic
def acknowledge_deadline(*, deadline_id: int, actor: User, now: datetime) -> Deadline:
    """`확인함 · 내가 처리`: the person owns it from now on. Their own second time changes nothing."""
    deadline = _locked(deadline_id)
    if deadline.owner_id == actor.pk and deadline.acknowledged_at is not None:
        return deadline
    before = deadline.owner_id
    deadline.owner, deadline.acknowledged_at = actor, now
    deadline.save(update_fields=["owner", "acknowledged_at"])
    record(
        "deadline.acknowledged",
        subject=deadline,
        actor=actor,
        at=now,
        chain=deadline.case.reference,
        data={"owner_before": before, "owner": actor.pk},
    )
    return deadline


@transaction.atomic
def add_deadline(
    *,
    case_id: int,
    title: str,
    actor: User,
    now: datetime,
    due_at: datetime | None = None,
    last_day: date | None = None,
    starts_at: datetime | None = None,
    source: str = "",
    kind: DeadlineKind = DeadlineKind.FOLLOW_UP,
) -> Deadline:
    """A deadline no rule computes: one an authority set, or the company's own. Exactly one end is given.

    `last_day` is a whole day in Asia/Seoul, `due_at` an instant that is itself in time. `source` says who set it.
    """
    if (due_at is None) == (last_day is None):
        raise Obstacle(_("기한 시각과 마지막 날 가운데 하나만 적어 주세요."), field="due_at")
    if not title.strip():
        raise Obstacle(_("무엇의 기한인지 적어 주세요."), field="title")
    case = hold_open_case(case_id)
    end = day_after(last_day) if last_day else due_at
    assert end is not None
    deadline = Deadline.objects.create(
        case=case,
        kind=kind,
        title=title.strip(),
        starts_at=starts_at or now,
        due_at=end,
        last_day=last_day,
        cite=[source] if source else [],
        created_at=now,
    )
    record(
        "deadline.added",
        subject=deadline,
        actor=actor,
        at=now,
        chain=case.reference,
        data={"kind": str(kind), "due_at": end.isoformat()},
    )
    deadlines_changed.send(sender=Case, case=case, now=now)
    return deadline


def note_missed_deadlines(*, now: datetime) -> int:
    """Put each deadline that has just passed into history, once. Returns how many."""
    count = 0
    for deadline_id in Deadline.objects.newly_overdue(now=now).values_list("pk", flat=True):
        count += _note_missed(deadline_id, now=now)
    return count


@transaction.atomic
def _note_missed(deadline_id: int, *, now: datetime) -> int:
    hold_case(_case_of(deadline_id))
    taken = Deadline.objects.newly_overdue(now=now).filter(pk=deadline_id).update(missed_at=now)
    if taken:
        deadline = Deadline.objects.select_related("case").get(pk=deadline_id)
        assert deadline.due_at is not None
        record(
            "deadline.missed",
            subject=deadline,
            actor=None,
            at=now,
            happened_at=deadline.due_at,
            chain=deadline.case.reference,
            data={"due_at": deadline.due_at.isoformat(), "law_state": str(deadline.law_state)},
        )
    return taken
