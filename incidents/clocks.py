"""The one place that decides how a deadline stands at an instant, and how it is written.

Pages, mail, papers and commands all call `clock_of`; nothing else computes "overdue".
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from incidents.facts import label_of
from incidents.models import Deadline, LawState

SEOUL = ZoneInfo("Asia/Seoul")
NEAR_FLOOR = timedelta(hours=6)
LAST_HOUR = timedelta(hours=1)
SECONDS_SHOWN_BELOW = timedelta(minutes=10)
_WEEKDAYS = {"ko": "월화수목금토일", "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")}


class State(StrEnum):
    NOT_STARTED = "not_started"
    RUNNING = "running"
    NEAR = "near"
    LAST_HOUR = "last_hour"
    MET = "met"
    MISSED = "missed"
    PROMPT = "prompt"
    UNSETTLED = "unsettled"
    NOT_APPLICABLE = "not_applicable"
    SUPERSEDED = "superseded"


WORDS: dict[State, str | Promise] = {
    State.NOT_STARTED: _("시작 전"),
    State.RUNNING: _("진행 중"),
    State.NEAR: _("임박"),
    State.LAST_HOUR: _("1시간 이내"),
    State.MET: _("이행"),
    State.MISSED: _("기한 지남"),
    State.PROMPT: _("지체 없이"),
    State.UNSETTLED: _("판단 필요"),
    State.NOT_APPLICABLE: _("해당 없음"),
    State.SUPERSEDED: _("바뀜"),
}
CONFIDENCE: dict[str, str | Promise] = {
    "statute": _("법령"),
    "guidance": _("지침"),
    "secondary": _("2차 자료"),
    "inferred": _("해석"),
    "uncertain": _("미확정"),
}


def is_late(deadline: Deadline, at: datetime) -> bool:
    """Whether `at` is past the end. An hour-counted end is itself in time (민법 156); a day-counted one is not."""
    if deadline.due_at is None:
        return False
    return at >= deadline.due_at if deadline.last_day else at > deadline.due_at


def state_of(deadline: Deadline, now: datetime) -> State:
    """How `deadline` stands at `now` (UI states, one of `State`)."""
    if deadline.superseded_at is not None:
        return State.SUPERSEDED
    if deadline.met_at is not None:
        return State.MET
    if deadline.dismissed_at is not None:
        return State.NOT_APPLICABLE
    if deadline.law_state in (LawState.UNSETTLED, LawState.MAY_BE_OMITTED):
        return State.UNSETTLED
    if deadline.due_at is None:
        return State.PROMPT
    if is_late(deadline, now):
        return State.MISSED
    if deadline.starts_at is not None and now < deadline.starts_at:
        return State.NOT_STARTED
    return _running_state(deadline, deadline.due_at - now)


def _running_state(deadline: Deadline, left: timedelta) -> State:
    if left <= LAST_HOUR:
        return State.LAST_HOUR
    period = deadline.due_at - deadline.starts_at if deadline.due_at and deadline.starts_at else timedelta(0)
    return State.NEAR if left <= max(period / 4, NEAR_FLOOR) else State.RUNNING


def _language() -> str:
    return "en" if (get_language() or "ko").startswith("en") else "ko"


def weekday(day: date) -> str:
    """The short name of the day of the week in the reader's language."""
    return _WEEKDAYS[_language()][day.weekday()]


def instant_label(moment: datetime | None) -> str:
    """`2026-11-24(화) 09:12 KST`; an em dash for none. Seconds are not shown."""
    if moment is None:
        return "—"
    local = moment.astimezone(SEOUL)
    return f"{local:%Y-%m-%d}({weekday(local)}) {local:%H:%M} KST"


def day_label(day: date | None) -> str:
    """`2026-12-06(일)`; an em dash for none."""
    return "—" if day is None else f"{day:%Y-%m-%d}({weekday(day)})"


def duration_label(span: timedelta) -> str:
    """Hours and minutes, never days: `41시간 12분`; minutes and seconds below ten minutes."""
    seconds = int(abs(span).total_seconds())
    if seconds < SECONDS_SHOWN_BELOW.total_seconds():
        return gettext("%(minutes)d분 %(seconds)02d초") % {"minutes": seconds // 60, "seconds": seconds % 60}
    minutes = seconds // 60
    return gettext("%(hours)d시간 %(minutes)02d분") % {"hours": minutes // 60, "minutes": minutes % 60}


def _left_label(deadline: Deadline, now: datetime) -> str:
    assert deadline.due_at is not None
    if deadline.last_day is not None:
        days = (deadline.last_day - now.astimezone(SEOUL).date()).days
        return gettext("%(days)d일 남음") % {"days": days} if days else gettext("마지막 날")
    return gettext("%(span)s 남음") % {"span": duration_label(deadline.due_at - now)}


def time_label(deadline: Deadline, state: State, now: datetime) -> str:
    """What is left, over, or was spare, in words; empty where no number applies."""
    if deadline.due_at is None:
        return ""
    if state is State.MET and deadline.met_at is not None:
        span = {"span": duration_label(deadline.due_at - deadline.met_at)}
        late = is_late(deadline, deadline.met_at)
        return gettext("%(span)s 늦음") % span if late else gettext("여유 %(span)s") % span
    if is_late(deadline, now) and state in (State.MISSED, State.UNSETTLED):
        return gettext("%(span)s 지남") % {"span": duration_label(now - deadline.due_at)}
    if state in (State.NOT_APPLICABLE, State.SUPERSEDED):
        return ""
    return _left_label(deadline, now)


def limit_label(limit: str) -> str:
    """`PT72H` as `72시간`, `P30D` as `30일`; other periods as they are written."""
    if limit.startswith("PT") and limit.endswith("H"):
        return gettext("%(n)s시간") % {"n": limit[2:-1]}
    if limit.startswith("P") and limit.endswith("D"):
        return gettext("%(n)s일") % {"n": limit[1:-1]}
    return limit


def _anchor_label(deadline: Deadline) -> str:
    if deadline.starts_at is None:
        return ""
    start = f"{label_of(deadline.anchor) if deadline.anchor else gettext('시작')} {instant_label(deadline.starts_at)}"
    return f"{start} + {limit_label(deadline.limit)}" if deadline.limit else start


@dataclass(frozen=True, slots=True)
class Clock:
    """A deadline as people read it at one instant: always the end, the time left or over, and why."""

    deadline: Deadline
    state: State
    due_label: str
    time_label: str
    anchor_label: str
    detail: str
    seconds_left: int | None
    period_seconds: int | None

    @property
    def title(self) -> str:
        return self.deadline.title

    @property
    def word(self) -> str:
        return str(WORDS[self.state])

    @property
    def due_at(self) -> datetime | None:
        return self.deadline.due_at

    @property
    def target_at(self) -> datetime | None:
        return self.deadline.target_at

    @property
    def cite(self) -> str:
        return ", ".join(self.deadline.cite)

    @property
    def confidence_word(self) -> str:
        return str(CONFIDENCE.get(self.deadline.confidence, self.deadline.confidence))

    @property
    def case_reference(self) -> str:
        return self.deadline.case.reference

    @property
    def case_title(self) -> str:
        return self.deadline.case.title

    @property
    def case_url(self) -> str:
        return self.deadline.case.get_absolute_url()

    @property
    def url(self) -> str:
        return reverse("incidents:deadline", args=[self.deadline.case.reference, self.deadline.pk])

    @property
    def owner_label(self) -> str:
        return str(self.deadline.owner) if self.deadline.owner else ""

    @property
    def is_running(self) -> bool:
        ended = (State.MET, State.NOT_APPLICABLE, State.SUPERSEDED)
        return self.state not in ended

    @property
    def was_late(self) -> bool:
        met_at = self.deadline.met_at
        return met_at is not None and is_late(self.deadline, met_at)


def _due_label(deadline: Deadline) -> str:
    if deadline.last_day is not None:
        return gettext("%(day)s까지") % {"day": day_label(deadline.last_day)}
    return instant_label(deadline.due_at) if deadline.due_at else ""


def _detail(deadline: Deadline, state: State) -> str:
    if state is State.NOT_APPLICABLE:
        return f"{deadline.dismissed_by} · {deadline.dismissed_reason}"
    if state is State.UNSETTLED:
        return deadline.why
    if state is State.PROMPT and deadline.target_at:
        return gettext("내부 목표 %(instant)s") % {"instant": instant_label(deadline.target_at)}
    return deadline.lateness_reason if state in (State.MET, State.MISSED) else ""


def clock_of(deadline: Deadline, now: datetime) -> Clock:
    """`deadline` as it reads at `now`."""
    state = state_of(deadline, now)
    period = deadline.due_at - deadline.starts_at if deadline.due_at and deadline.starts_at else None
    return Clock(
        deadline=deadline,
        state=state,
        due_label=_due_label(deadline),
        time_label=time_label(deadline, state, now),
        anchor_label=_anchor_label(deadline),
        detail=_detail(deadline, state),
        seconds_left=int((deadline.due_at - now).total_seconds()) if deadline.due_at else None,
        period_seconds=int(period.total_seconds()) if period else None,
    )
