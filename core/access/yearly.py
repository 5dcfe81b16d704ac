"""The yearly check: who owes it until when, telling them, and keeping what they found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from core.access.catalogue import Code
from core.access.models import YearlyCheck, YearlyDuty
from core.access.queries import value_of
from core.access.reviews import months_after
from core.access.signals import yearly_check_due
from core.access.yearly_models import Verdict
from core.accounts.days import SEOUL
from core.accounts.models import Membership, Organization, Role, User
from core.audit.chain import digest
from core.audit.services import record
from core.documents.renderer import Imprint, RenderedPaper
from core.documents.services import keep_document

BEFORE = (timedelta(days=30), timedelta(days=7))  # when the CPO hears of it; ours, no law names it
AGAIN = timedelta(days=14)  # once it is late
KIND, TEMPLATE = "yearly_check", "settings/pdf/yearly_check.html"


@dataclass(frozen=True, slots=True)
class Owed:
    """The check an organisation owes, with its last day."""

    duty: YearlyDuty
    due_on: date

    @classmethod
    def of(cls, duty: YearlyDuty) -> Owed:
        return cls(duty, months_after(duty.counts_from, value_of(Code.YEARLY_CHECK_MONTHS)))

    @property
    def place(self) -> Organization:
        return self.duty.organization

    def is_open(self, today: date) -> bool:
        """Whether it is near enough to be a task."""
        return today >= self.due_on - BEFORE[0]

    def is_overdue(self, today: date) -> bool:
        return today > self.due_on


def owed_checks(user: User) -> list[Owed]:
    """What the organisations owe whose CPO or auditor `user` is, the nearest first."""
    watched = Membership.objects.of(user, Role.CPO, Role.AUDITOR).values("organization")
    rows = YearlyDuty.objects.filter(organization__in=watched, finished_at=None)
    return _owed(rows.select_related("organization"))


def _owed(rows: Any) -> list[Owed]:
    return sorted(map(Owed.of, rows), key=lambda one: (one.due_on, one.duty.pk))


def can_check(user: User, organization: Organization) -> bool:
    """The law names the 개인정보 보호책임자, and nobody in their place."""
    return Membership.objects.of(user, Role.CPO).filter(organization=organization).exists()


def look_after_yearly_checks(*, now: datetime) -> int:
    """Begin what every organisation owes, and tell of each check whose next step has come; how many were told."""
    today = now.astimezone(SEOUL).date()
    begun = YearlyDuty.objects.filter(finished_at=None).values("organization")
    for organization in Organization.objects.exclude(pk__in=begun):
        _begin(organization, today)
    rows = YearlyDuty.objects.filter(finished_at=None, organization__in=_with_people())
    owing = _owed(rows.select_related("organization"))
    near = [owed for owed in owing if steps_passed(owed.due_on, today) > owed.duty.told]
    return sum(_told(owed, today=today, now=now) for owed in near)


def _with_people() -> Any:
    return Membership.objects.held().values("organization")


def _begin(organization: Organization, day: date) -> None:
    YearlyDuty.objects.get_or_create(
        organization=organization, finished_at=None, defaults={"counts_from": day}
    )


def steps_passed(due_on: date, today: date) -> int:
    """How many of the steps have come: thirty and seven days before, the day after, then every two weeks."""
    passed = sum(today >= due_on - before for before in BEFORE)
    late = today - (due_on + timedelta(days=1))
    return passed + (late // AGAIN + 1 if late >= timedelta(0) else 0)


@transaction.atomic
def _told(owed: Owed, *, today: date, now: datetime) -> bool:
    """Tell of the last step that has come, once; those a long silence has skipped are one with it."""
    steps = steps_passed(owed.due_on, today)
    waiting = YearlyDuty.objects.filter(pk=owed.duty.pk, finished_at=None, told__lt=steps)
    if not waiting.update(told=steps):
        return False
    is_overdue = owed.is_overdue(today)
    action = "yearly-check.overdue" if is_overdue else "yearly-check.reminded"
    data = {"organization": owed.place.pk, "due_on": owed.due_on.isoformat()}
    record(action, subject=owed.duty, actor=None, at=now, data=data)
    yearly_check_due.send(
        sender=YearlyDuty, duty=owed.duty, due_on=owed.due_on, is_overdue=is_overdue, now=now
    )
    return True


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the checklist as it was shown and judged. `figures` are pairs of label and value."""

    code: str
    figures: Sequence[tuple[str, str]]
    result: Verdict
    note: str = ""

    def as_json(self) -> dict[str, Any]:
        figures = [list(pair) for pair in self.figures]
        return {"code": self.code, "figures": figures, "result": str(self.result), "note": self.note}


def refuse_unjudged(findings: Sequence[Finding], note: str) -> None:
    """ValidationError for a line that is not in order and has no words, or a check without an opinion."""
    for one in findings:
        if one.result is not Verdict.IN_ORDER and not one.note.strip():
            raise ValidationError(
                {f"note_{one.code}": _("이상이 있으면 무엇이고 어떻게 했는지 적어 주세요.")}
            )
    if not note.strip():
        raise ValidationError({"note": _("종합 의견을 적어 주세요.")})


def verdict_of(findings: Sequence[Finding]) -> Verdict:
    """The worst of its lines."""
    results = {one.result for one in findings}
    return next((one for one in (Verdict.OPEN, Verdict.FOLLOWED_UP) if one in results), Verdict.IN_ORDER)


@transaction.atomic
def record_yearly_check(
    *,
    organization: Organization,
    first_day: date,
    last_day: date,
    findings: Sequence[Finding],
    note: str,
    paper: RenderedPaper,
    imprint: Imprint,
    checker: User,
    now: datetime,
) -> YearlyCheck:
    """Keep the check with its paper, end what was owed and begin the next.

    PermissionError for whoever is not the CPO; ValidationError as `refuse_unjudged`.
    """
    if not can_check(checker, organization):
        raise PermissionError("only the CPO checks")
    refuse_unjudged(findings, note)
    document = keep_document(
        paper=paper, kind=KIND, template=TEMPLATE, imprint=imprint, case_key="", actor=checker, now=now
    )
    lines = [one.as_json() for one in findings]
    row = YearlyCheck.objects.create(
        organization=organization,
        first_day=first_day,
        last_day=last_day,
        lines=lines,
        verdict=verdict_of(findings),
        note=note.strip(),
        checked_at=now,
        checker=checker,
        document=document,
    )
    YearlyDuty.objects.filter(organization=organization, finished_at=None).update(finished_at=now)
    YearlyDuty.objects.create(organization=organization, counts_from=now.astimezone(SEOUL).date())
    record(
        "yearly-check.recorded",
        subject=row,
        actor=checker,
        at=now,
        data=_told_of(row, lines, document.file_hash),
    )
    return row


def _told_of(row: YearlyCheck, lines: list[dict[str, Any]], file_hash: str) -> Mapping[str, Any]:
    return {
        "organization": row.organization_id,
        "first_day": row.first_day.isoformat(),
        "last_day": row.last_day.isoformat(),
        "verdict": str(row.verdict),
        "lines": digest(lines),
        "file": file_hash,
    }
