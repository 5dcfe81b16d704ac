"""The one place that decides how a deadline stands at an instant, and how it is written.

Pages, mail, papers and commands all call `clock_of`. What "overdue" means stands in `incidents.lateness`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from core.accounts.days import SEOUL
from incidents.facts import label_of
from incidents.lateness import is_late
from incidents.models import Deadline, DeadlineKind, LawState
from incidents.reading import is_english, kept, title_of, why_of
from incidents.recipients import tells_authority, tells_people

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
    MET_LATE = "met_late"
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
    State.MET_LATE: _("지연 이행"),
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


def state_of(deadline: Deadline, now: datetime) -> State:
    """How `deadline` stands at `now` (UI states, one of `State`)."""
    if deadline.superseded_at is not None:
        return State.SUPERSEDED
    if deadline.met_at is not None:
        return State.MET_LATE if is_late(deadline, deadline.met_at) else State.MET
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


def day_after(day: date) -> datetime:
    """The 00:00 in Korea at which a day-counted deadline of `day` is already too late."""
    return datetime.combine(day + timedelta(days=1), time(0), tzinfo=SEOUL)


def weekday(day: date) -> str:
    """The short name of the day of the week in the reader's language."""
    return _WEEKDAYS["en" if is_english() else "ko"][day.weekday()]


def instant_label(moment: datetime | None) -> str:
    """`2026-11-24(화) 09:12 KST`; an em dash for none. Seconds are not shown."""
    if moment is None:
        return "—"
    local = moment.astimezone(SEOUL)
    return f"{local:%Y-%m-%d}({weekday(local)}) {local:%H:%M} KST"


def in_address(moment: datetime) -> str:
    """`2026-11-21T00:12:00.000123Z`: how an instant stands in an address, whole and without a plus sign."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%f}Z"


def range_label(earliest: datetime, latest: datetime) -> str:
    """`2026-11-24(화) 09:12 ~ 11:40 KST 사이`; both days where they differ."""
    start, end = earliest.astimezone(SEOUL), latest.astimezone(SEOUL)
    day = "" if start.date() == end.date() else f"{end:%Y-%m-%d}({weekday(end)}) "
    told = {"start": f"{start:%Y-%m-%d}({weekday(start)}) {start:%H:%M}", "end": f"{day}{end:%H:%M} KST"}
    return _("%(start)s ~ %(end)s 사이") % told


def day_label(day: date | None) -> str:
    """`2026-12-06(일)`; an em dash for none."""
    return "—" if day is None else f"{day:%Y-%m-%d}({weekday(day)})"


def duration_label(span: timedelta) -> str:
    """Hours and minutes, never days: `41시간 12분`; minutes and seconds below ten minutes.

    For an end counted in hours. What lies before or after a last day is said by `days_label`.
    """
    seconds = int(abs(span).total_seconds())
    if seconds < SECONDS_SHOWN_BELOW.total_seconds():
        return gettext("%(minutes)d분 %(seconds)02d초") % {"minutes": seconds // 60, "seconds": seconds % 60}
    minutes = seconds // 60
    return gettext("%(hours)d시간 %(minutes)02d분") % {"hours": minutes // 60, "minutes": minutes % 60}


def days_label(days: int) -> str:
    """`3일`, without a sign."""
    return ngettext("%(days)d일", "%(days)d일", abs(days)) % {"days": abs(days)}


def distance_label(deadline: Deadline, at: datetime) -> str:
    """How far `at` lies from the end, without a sign: in days for a last day, else in hours and minutes.

    The day of `at` is the one in Asia/Seoul; on the last day itself there is nothing to say, so it is empty.
    """
    assert deadline.due_at is not None
    if deadline.last_day is None:
        return duration_label(deadline.due_at - at)
    days = (deadline.last_day - at.astimezone(SEOUL).date()).days
    return days_label(days) if days else ""


def margin_label(deadline: Deadline, at: datetime) -> str:
    """What was to spare at `at`, or by how much it was late: `여유 5시간 03분`, `2일 늦음`."""
    distance = distance_label(deadline, at)
    if not distance:
        return gettext("마지막 날에 이행")
    words = gettext("%(span)s 늦음") if is_late(deadline, at) else gettext("여유 %(span)s")
    return words % {"span": distance}


def _left_label(deadline: Deadline, now: datetime) -> str:
    distance = distance_label(deadline, now)
    return gettext("%(span)s 남음") % {"span": distance} if distance else gettext("마지막 날")


def time_label(deadline: Deadline, state: State, now: datetime) -> str:
    """What is left, over, or was spare, in words; empty where no number applies."""
    if deadline.due_at is None:
        return ""
    if state in (State.MET, State.MET_LATE) and deadline.met_at is not None:
        return margin_label(deadline, deadline.met_at)
    if is_late(deadline, now) and state in (State.MISSED, State.UNSETTLED):
        return gettext("%(span)s 지남") % {"span": distance_label(deadline, now)}
    if state in (State.NOT_APPLICABLE, State.SUPERSEDED):
        return ""
    return _left_label(deadline, now)


def limit_label(limit: str) -> str:
    """`PT72H` as `72시간`, `P30D` as `30일`, `P6M` as `6개월`, `P1Y` as `1년`; others as they are written."""
    if limit.startswith("PT") and limit.endswith("H") and limit[2:-1].isdigit():
        hours = int(limit[2:-1])
        return ngettext("%(hours)d시간", "%(hours)d시간", hours) % {"hours": hours}
    if limit.startswith("P") and limit.endswith("D") and limit[1:-1].isdigit():
        return days_label(int(limit[1:-1]))
    if limit.startswith("P") and limit.endswith("M") and limit[1:-1].isdigit():
        months = int(limit[1:-1])
        return ngettext("%(months)d개월", "%(months)d개월", months) % {"months": months}
    if limit.startswith("P") and limit.endswith("Y") and limit[1:-1].isdigit():
        years = int(limit[1:-1])
        return ngettext("%(years)d년", "%(years)d년", years) % {"years": years}
    return limit


def _anchor_label(deadline: Deadline) -> str:
    if deadline.starts_at is None:
        return ""
    started = instant_label(deadline.starts_at)
    if deadline.kind == DeadlineKind.FOLLOW_UP and deadline.duty_id:
        started = day_label(deadline.starts_at.astimezone(SEOUL).date())  # the procedure knows days alone
    start = f"{label_of(deadline.anchor) if deadline.anchor else gettext('시작')} {started}"
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
        return title_of(self.deadline)

    @property
    def word(self) -> str:
        if self.state is State.PROMPT and self.deadline.law_state == LawState.IMMEDIATE:
            return str(LawState.IMMEDIATE.label)  # the law says 즉시 here, not 지체 없이
        return str(WORDS[self.state])

    @property
    def due_at(self) -> datetime | None:
        return self.deadline.due_at

    @property
    def target_at(self) -> datetime | None:
        return self.deadline.target_at

    @property
    def safe_label(self) -> str:
        """The earlier end that is safe whichever way an open question falls; empty without one."""
        target, due_at = self.deadline.target_at, self.deadline.due_at
        if not self.is_running or target is None or due_at is None or target >= due_at:
            return ""
        return gettext("안전한 시각 %(instant)s") % {"instant": instant_label(target)}

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
    def owes_notice(self) -> bool:
        """Whether people are to be told; a deadline no duty made owes neither notice nor report."""
        return self.deadline.duty is not None and tells_people(self.deadline.duty.terms)

    @property
    def owes_report(self) -> bool:
        """Whether an authority is to be told. One duty may owe both."""
        return self.deadline.duty is not None and tells_authority(self.deadline.duty.terms)

    @property
    def is_running(self) -> bool:
        ended = (State.MET, State.MET_LATE, State.NOT_APPLICABLE, State.SUPERSEDED)
        return self.state not in ended


def _due_label(deadline: Deadline) -> str:
    if deadline.last_day is not None:
        return gettext("%(day)s까지") % {"day": day_label(deadline.last_day)}
    return instant_label(deadline.due_at) if deadline.due_at else ""


def _detail(deadline: Deadline, state: State, now: datetime) -> str:
    if state is State.NOT_APPLICABLE:
        return f"{deadline.dismissed_by} · {deadline.dismissed_reason}"
    if state is State.UNSETTLED:
        return why_of(deadline)
    if state is State.PROMPT and deadline.target_at:
        target = {"instant": instant_label(deadline.target_at)}
        if now > deadline.target_at:
            return gettext("내부 목표 %(instant)s · 지남") % target
        return gettext("내부 목표 %(instant)s") % target
    return kept(deadline.lateness_reason) if state in (State.MET, State.MET_LATE, State.MISSED) else ""


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
        detail=_detail(deadline, state, now),
        seconds_left=int((deadline.due_at - now).total_seconds()) if deadline.due_at else None,
        period_seconds=int(period.total_seconds()) if period else None,
    )
