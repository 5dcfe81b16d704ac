"""The law the cases go by: the edition installed and applied, and the holidays an administrator changes."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

import rules
from core.audit.chain import digest
from core.audit.services import record
from incidents.clocks import day_label
from incidents.models import Case, HolidayChange, LawEdition
from incidents.reading import CALENDAR_CHANGED
from incidents.services.facts import recompute_duties
from incidents.services.obstacles import Obstacle
from incidents.services.procedure import refresh_procedure
from incidents.values import FactRefused
from rules.engine.calendar import DayChange
from rules.kr.calendar import korean_calendar

if TYPE_CHECKING:
    from core.accounts.models import User

LONGEST = {"name": 60, "source": 300, "reason": 500}
REFUSED = (FactRefused, rules.FactsError)  # by the duties; by the procedure after the report
IN_FORCE_KEY = "digest-of-the-edition-in-force"  # in the cache, for the banner of every page


@transaction.atomic
def note_installed_edition(*, now: datetime) -> LawEdition:
    """The row of the edition this program carries, made if it is missing.

    The very first is in force at once: no case was computed under another.
    """
    held = LawEdition.objects.filter(digest=rules.digest()).first()
    if held is not None:
        return held
    is_first = not LawEdition.objects.exists()
    edition, _made = LawEdition.objects.get_or_create(
        digest=rules.digest(),
        defaults={
            "document": rules.edition(),
            "installed_at": now,
            "applied_at": now if is_first else None,
        },
    )
    cache.delete(IN_FORCE_KEY)
    return edition


def apply_edition(*, actor: User, now: datetime, reason: str) -> LawEdition:
    """Count every open case by the installed edition, each in its own transaction, then note it as applied.

    Broken off midway it is simply called again: a case already counted anew does not move twice. A case
    whose facts this edition refuses keeps its deadlines and is named in the event. Closed cases are left
    alone. Applied already, it changes nothing. Obstacle at `reason` when it is missing or too long.
    """
    reason = _clean(reason, "reason")
    if not reason:
        raise Obstacle(_("적용하는 이유를 적어 주세요."), field="reason")
    edition = note_installed_edition(now=now)
    if edition == LawEdition.objects.in_force():
        return edition
    moved, refused = 0, []
    for case_id in _open_cases():
        try:
            moved += _recount(case_id, actor=actor, now=now, reason=reason)
        except REFUSED:
            refused.append(case_id)
    return _note_applied(edition.pk, actor=actor, now=now, reason=reason, moved=moved, refused=refused)


@transaction.atomic
def _note_applied(
    edition_id: int, *, actor: User, now: datetime, reason: str, moved: int, refused: list[int]
) -> LawEdition:
    rows = LawEdition.objects.select_for_update(of=("self",), no_key=True)
    edition = rows.get(pk=edition_id)
    before = LawEdition.objects.in_force()
    if edition == before:
        return edition  # somebody else was faster
    edition.applied_at, edition.applied_by = now, actor
    edition.save(update_fields=["applied_at", "applied_by"])
    record(
        "law.edition-applied",
        subject=edition,
        actor=actor,
        at=now,
        reason=reason,
        data={
            "before": before.digest if before else None,
            "after": edition.digest,
            "cases_moved": moved,
            "cases_refused": refused,
        },
    )
    transaction.on_commit(lambda: cache.delete(IN_FORCE_KEY))
    return edition


@transaction.atomic
def add_holiday_change(
    *, day: date, change: str, name: str, source: str, actor: User, now: datetime
) -> HolidayChange:
    """Count `day` as a public holiday, or as none, from now on, and every open case by that calendar.

    Obstacle at the field: a day outside the calendar, one that stays what it was, one changed already,
    no name or source.
    """
    row = HolidayChange(
        day=day,
        change=change,
        name=_clean(name, "name"),
        source=_clean(source, "source"),
        recorded_at=now,
        recorded_by=actor,
    )
    refuse_idle_change(row)
    _refuse_unsourced(row)
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise _already_changed(day) from error
    _recount_open_cases(actor=actor, now=now)
    _tell("holiday.changed", row, actor=actor, now=now)
    return row


@transaction.atomic
def end_holiday_change(*, change_id: int, reason: str, actor: User, now: datetime) -> HolidayChange:
    """Count the day as the calendar of the edition says again. The change stays; a second time does nothing."""
    reason = _clean(reason, "reason")
    if not reason:
        raise Obstacle(_("거두는 이유를 적어 주세요."), field="reason")
    row = HolidayChange.objects.select_for_update(of=("self",), no_key=True).get(pk=change_id)
    if row.ended_at is not None:
        return row
    _refuse_waiting_edition()
    row.ended_at, row.ended_by = now, actor
    row.save(update_fields=["ended_at", "ended_by"])
    _recount_open_cases(actor=actor, now=now)
    _tell("holiday.ended", row, actor=actor, now=now, reason=reason)
    return row


def refuse_idle_change(row: HolidayChange) -> None:
    """Obstacle at the field for a change no deadline could ever feel, or a second one of the same day."""
    _refuse_waiting_edition()
    calendar = korean_calendar()
    if row.change not in HolidayChange.Change.values:
        raise Obstacle(_("공휴일로 볼지 아닐지 골라 주세요."), field="change")
    if not calendar.first <= row.day <= calendar.last:
        told = {"first": calendar.first.isoformat(), "last": calendar.last.isoformat()}
        raise Obstacle(_("달력은 %(first)s부터 %(last)s까지입니다.") % told, field="day")
    if HolidayChange.objects.standing().filter(day=row.day).exists():
        raise _already_changed(row.day)
    before = calendar.rest_day_name(row.day)
    after = calendar.changed((DayChange(row.day, row.change, row.name),)).rest_day_name(row.day)
    if (before is None) == (after is None):
        told = {"day": day_label(row.day), "name": after or _("쉬는 날이 아님")}
        raise Obstacle(
            _("이렇게 바꾸어도 달라지는 기한이 없는 날입니다: %(day)s %(name)s.") % told, field="day"
        )


def _refuse_waiting_edition() -> None:
    """Counting anew for a holiday would bring the edition in unseen, and under another reason."""
    in_force = LawEdition.objects.in_force()
    if in_force is not None and in_force.digest != rules.digest():
        raise Obstacle(_("설치된 규칙판을 먼저 적용해 주세요. 그 뒤에 공휴일을 바로잡을 수 있습니다."))


def _already_changed(day: date) -> Obstacle:
    told = {"day": day_label(day)}
    return Obstacle(_("이미 바로잡은 날입니다: %(day)s. 먼저 그것을 거두어 주세요.") % told, field="day")


def _refuse_unsourced(row: HolidayChange) -> None:
    if not row.name:
        raise Obstacle(_("그날의 이름을 적어 주세요."), field="name")
    if not row.source:
        raise Obstacle(_("근거를 적어 주세요. 예: 관보의 공고 번호"), field="source")


def _clean(text: str, field: str) -> str:
    text = text.replace("\x00", "").strip()
    if len(text) > LONGEST[field]:
        told = {"n": len(text), "limit": LONGEST[field]}
        raise Obstacle(_("%(n)d자입니다. %(limit)d자까지 적을 수 있습니다.") % told, field=field)
    return text


def _open_cases() -> list[int]:
    return list(Case.objects.open().order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def _recount(case_id: int, *, actor: User, now: datetime, reason: str) -> bool:
    """Whether a deadline of the case moved. One closed since the list was made is left as it is."""
    rows = Case.objects.select_for_update(of=("self",), no_key=True)
    case = rows.get(pk=case_id)
    if case.is_closed:
        return False
    before = set(case.deadlines.current().values_list("pk", flat=True))
    recompute_duties(case_id=case_id, actor=actor, now=now, reason=reason)
    refresh_procedure(case_id=case_id, actor=actor, now=now, reason=reason)
    return before != set(case.deadlines.current().values_list("pk", flat=True))


def _recount_open_cases(*, actor: User, now: datetime) -> None:
    for case_id in _open_cases():
        try:
            _recount(case_id, actor=actor, now=now, reason=CALENDAR_CHANGED)
        except REFUSED:
            continue  # its deadlines stand until somebody puts the facts right; the preview has named it


def _tell(action: str, row: HolidayChange, *, actor: User, now: datetime, reason: str = "") -> None:
    record(
        action,
        subject=row,
        actor=actor,
        at=now,
        reason=reason,
        data={
            "day": row.day.isoformat(),
            "change": str(row.change),
            "digest": digest([row.name, row.source]),
        },
    )
