"""Until when closed cases are kept: the house's setting, and what of their evidence postpones it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from core.access.catalogue import Code
from core.access.queries import value_of
from core.access.reviews import months_after, months_before
from core.accounts.days import SEOUL
from core.accounts.models import Membership, User
from incidents.models import Case, CustodyEntry, Destruction
from incidents.models.destruction import WITHIN_DAYS
from incidents.permissions import DECIDING

Kind = CustodyEntry.Kind


@dataclass(frozen=True, slots=True)
class Retention:
    """The days of one closed case, all in Asia/Seoul."""

    ends_on: date  # by the setting alone, that day included
    needless_on: date  # the same, or the later day that evidence makes of it
    postponed_by: str = ""  # the item that does, as `E-04`
    held: tuple[str, ...] = ()  # items under a legal hold: it has no end as long as that lasts

    @property
    def last_day(self) -> date:
        """The day by which it has to be destroyed."""
        return self.needless_on + timedelta(days=WITHIN_DAYS)

    def is_over(self, today: date) -> bool:
        return not self.held and today > self.needless_on

    def is_late(self, today: date) -> bool:
        return not self.held and today > self.last_day


def retention_of(case: Case) -> Retention | None:
    """None for a case that is open, and for one whose destruction has begun."""
    if not case.is_closed or case.destructions.filter(begun_at__isnull=False).exists():
        return None
    return retentions([case])[case.pk]


def retentions(cases: Iterable[Case]) -> dict[int, Retention]:
    """By the id of the case. Give closed cases alone."""
    closed = {case.pk: case.closed_at.astimezone(SEOUL).date() for case in cases if case.closed_at}
    months, ledgers = value_of(Code.CASE_FILE_MONTHS), _ledgers(closed)
    return {
        pk: _postponed(months_after(day, months), ledgers.get(pk, {}).values()) for pk, day in closed.items()
    }


def _ledgers(cases: Iterable[int]) -> Mapping[int, Mapping[int, list[CustodyEntry]]]:
    """Case → item → what its ledger says of holds and retention, in order."""
    kinds = (Kind.HELD, Kind.RELEASED, Kind.KEPT_UNTIL)
    rows = CustodyEntry.objects.filter(evidence__case__in=list(cases), kind__in=kinds)
    found: dict[int, dict[int, list[CustodyEntry]]] = {}
    for row in rows.select_related("evidence").order_by("evidence__number", "number"):
        found.setdefault(row.evidence.case_id, {}).setdefault(row.evidence_id, []).append(row)
    return found


def _postponed(ends_on: date, ledgers: Iterable[list[CustodyEntry]]) -> Retention:
    needless_on, by, held = ends_on, "", []
    for rows in ledgers:
        label = rows[0].evidence.label
        kept = [row.until for row in rows if row.kind == Kind.KEPT_UNTIL and row.until][-1:]
        hold = [row for row in rows if row.kind in (Kind.HELD, Kind.RELEASED)][-1:]
        if hold and hold[0].kind == Kind.HELD:
            held.append(label)
        kept += [row.recorded_at.astimezone(SEOUL).date() for row in hold if row.kind == Kind.RELEASED]
        if kept and max(kept) > needless_on:
            needless_on, by = max(kept), label
    return Retention(ends_on, needless_on, by, tuple(held))


def needless_cases(*, now: datetime) -> list[tuple[Case, Retention]]:
    """The closed cases of the whole house whose retention is over and whose destruction nobody has asked for."""
    today = now.astimezone(SEOUL).date()
    last = months_before(now.astimezone(SEOUL), value_of(Code.CASE_FILE_MONTHS)).date()
    before = datetime.combine(last + timedelta(days=1), time(), SEOUL)
    asked = Destruction.objects.standing().values("case")
    rows = Case.objects.filter(closed_at__lt=before).exclude(pk__in=asked).order_by("pk")
    cases = list(rows)
    kept = retentions(cases) if cases else {}
    return [(case, kept[case.pk]) for case in cases if kept[case.pk].is_over(today)]


@dataclass(frozen=True, slots=True)
class KeptCase:
    """A line of the list: the case, its days, and the destruction that was asked for."""

    case: Case
    retention: Retention
    asked: Destruction | None
    is_over: bool
    is_late: bool
    may_decide: bool


def kept_cases(user: User, *, today: date) -> list[KeptCase]:
    """The closed cases `user` may see and nobody has destroyed, those first whose day comes first."""
    begun = Destruction.objects.filter(begun_at__isnull=False).values("case")
    rows = Case.objects.visible_to(user).filter(closed_at__isnull=False).exclude(pk__in=begun)
    cases = list(rows.select_related("organization"))
    days = retentions(cases)
    asked = {row.case_id: row for row in Destruction.objects.standing().filter(case__in=cases)}
    decided = set(Membership.objects.of(user, *DECIDING).values_list("organization", flat=True))
    lines = []
    for case in cases:
        kept, may_decide = days[case.pk], case.organization_id in decided
        over, late = kept.is_over(today), kept.is_late(today)
        lines.append(KeptCase(case, kept, asked.get(case.pk), over, late, may_decide))
    return sorted(
        lines, key=lambda line: (bool(line.retention.held), line.retention.needless_on, line.case.pk)
    )
