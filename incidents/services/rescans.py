"""Having kept files looked at again: with new signatures a scanner may find what it did not know."""

from __future__ import annotations

import time
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q, QuerySet

from core.access.catalogue import Code
from core.access.queries import value_of
from incidents import scanner
from incidents.models import Evidence, EvidenceScan, ScanErrand
from incidents.scanner import Answer
from incidents.services.holding import hold_case
from incidents.services.scans import (
    BUDGET_SECONDS,
    FINAL,
    LONGEST_PAUSE,
    PAUSE,
    add_scan,
    kept_evidence,
    verdict_on,
)

BATCH = 2  # a pass; there are new files to look at first
LEASE = timedelta(minutes=30)  # longer than the largest file takes
ONCE_A_DAY = timedelta(hours=20)  # at most, however often the signatures change


def scan_evidence_again(*, now: datetime) -> int:
    """Ask again about files whose verdict is from other signatures, or older than the setting says; how many.

    A few at a time, the oldest first. A verdict like the last one is no news: it leaves when it was given, and
    nothing in history.
    """
    if not scanner.is_configured():
        return 0
    _begin_errands(now=now)
    due = _due(now=now)
    if not due.exists():
        return 0
    try:
        engine = scanner.current_engine()
    except OSError:
        return 0  # the next pass asks again; the page of the system says what waits
    oldest = now - timedelta(days=value_of(Code.SCAN_AGAIN_DAYS))
    wanted = due.filter(Q(asked_at__lte=oldest) | ~Q(engine=engine)).order_by("asked_at", "pk")
    began, asked = time.monotonic(), 0
    for errand in list(wanted.select_related("evidence")[:BATCH]):
        answer = _ask_again(errand, now=now)
        asked += answer is not None
        if (answer and answer.verdict not in FINAL) or time.monotonic() - began > BUDGET_SECONDS:
            break
    return asked


def _due(*, now: datetime) -> QuerySet[ScanErrand]:
    rows = ScanErrand.objects.filter(ask_after__lte=now, asked_at__lte=now - ONCE_A_DAY)
    return rows.filter(evidence__in=kept_evidence())


def _begin_errands(*, now: datetime) -> None:
    """An errand for each file that has a verdict and none yet, as of that verdict."""
    rows = EvidenceScan.objects.filter(verdict__in=FINAL, evidence__scan_errand=None).order_by("-pk")[:200]
    last: dict[int, EvidenceScan] = {}
    for row in rows:
        last.setdefault(row.evidence_id, row)
    errands = [
        ScanErrand(evidence_id=pk, asked_at=row.scanned_at, engine=row.engine, ask_after=row.scanned_at)
        for pk, row in last.items()
    ]
    ScanErrand.objects.bulk_create(errands, ignore_conflicts=True)


def _ask_again(errand: ScanErrand, *, now: datetime) -> Answer | None:
    """Claim it, ask, keep what was said; None where another worker has it."""
    free = ScanErrand.objects.filter(pk=errand.pk, ask_after__lte=now, asked_at=errand.asked_at)
    if not free.update(ask_after=now + LEASE, attempts=F("attempts") + 1):
        return None
    answer = verdict_on(errand.evidence)
    keep_answer(evidence_id=errand.evidence_id, answer=answer, now=now)
    return answer


@transaction.atomic
def keep_answer(*, evidence_id: int, answer: Answer, now: datetime) -> EvidenceScan | None:
    """Keep another answer about a file; the new row where the verdict or the finding is another than the last.

    After a fault the file waits, longer each time, and what was said last stands.
    """
    item = Evidence.objects.select_related("case").get(pk=evidence_id)
    hold_case(item.case_id)
    errand = ScanErrand.objects.select_for_update(of=("self",), no_key=True).get(evidence=item)
    if answer.verdict not in FINAL:
        pause = min(PAUSE * (1 << min(errand.attempts, 10)), LONGEST_PAUSE)
        errand.ask_after = now + pause
        errand.save(update_fields=["ask_after"])
        return None
    errand.asked_at, errand.engine, errand.attempts, errand.ask_after = now, answer.engine, 0, now
    errand.save(update_fields=["asked_at", "engine", "attempts", "ask_after"])
    last = item.scans.filter(verdict__in=FINAL).last()
    if last is not None and (last.verdict, last.finding) == (answer.verdict, answer.finding):
        return None
    if not kept_evidence().filter(pk=item.pk).exists():
        return None
    return add_scan(item, answer, now=now)
