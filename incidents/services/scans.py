"""Having kept files looked at by the scanner, and keeping what it said."""

from __future__ import annotations

import time
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from core.audit.services import record
from core.documents.vault import NoVaultKey, VaultBroken, opened
from incidents import scanner
from incidents.models import Destruction, Evidence, EvidenceScan
from incidents.scanner import Answer
from incidents.services.holding import hold_case

Verdict = EvidenceScan.Verdict
FINAL = (Verdict.CLEAN, Verdict.FLAGGED, Verdict.NOT_SCANNED)
BATCH = 5  # a pass of the timers has other errands too
BUDGET_SECONDS = 20.0  # after which no further file is begun in that pass
PAUSE, LONGEST_PAUSE = timedelta(minutes=10), timedelta(days=1)


def scan_waiting_evidence(*, now: datetime) -> int:
    """Ask about the files nobody has a verdict on, a few at a time; how many were asked about.

    Nothing without a scanner. After a fault a file waits, longer each time, and the others for the next
    pass: a scanner that does not answer holds up the reminders once and not for every file.
    """
    if not scanner.is_configured():
        return 0
    rows = kept_evidence().exclude(scans__verdict__in=FINAL).prefetch_related("scans").order_by("pk")
    waiting = [item for item in rows.iterator(chunk_size=200) if _is_due(item, now)]
    began, asked = time.monotonic(), 0
    for item in waiting[:BATCH]:
        answer = verdict_on(item)
        record_scan(evidence_id=item.pk, answer=answer, now=now)
        asked += 1
        if answer.verdict not in FINAL or time.monotonic() - began > BUDGET_SECONDS:
            break
    return asked


def kept_evidence() -> QuerySet[Evidence]:
    """All but what is being destroyed, or was."""
    begun = Destruction.objects.filter(begun_at__isnull=False).values("case")
    return Evidence.objects.exclude(case__in=begun)


def _is_due(item: Evidence, now: datetime) -> bool:
    tries = list(item.scans.all())
    if not tries:
        return True
    pause: timedelta = min(PAUSE * (1 << min(len(tries) - 1, 10)), LONGEST_PAUSE)
    return now >= tries[-1].scanned_at + pause


def verdict_on(item: Evidence) -> Answer:
    """What the scanner says; a file that does not open is a fault, which `verify_evidence` names too."""
    try:
        return scanner.ask(opened(item.path))
    except (VaultBroken, NoVaultKey) as fault:
        return Answer(Verdict.ERROR, type(fault).__name__)


@transaction.atomic
def record_scan(*, evidence_id: int, answer: Answer, now: datetime) -> EvidenceScan | None:
    """Keep an answer; None where another worker has brought a final one meanwhile."""
    item = Evidence.objects.select_related("case").get(pk=evidence_id)
    hold_case(item.case_id)
    if item.scans.filter(verdict__in=FINAL).exists():
        return None
    return add_scan(item, answer, now=now)


def add_scan(item: Evidence, answer: Answer, *, now: datetime) -> EvidenceScan:
    """The row and its event; call it with the case held."""
    row = EvidenceScan.objects.create(
        evidence=item,
        verdict=answer.verdict,
        finding=answer.finding,
        engine=answer.engine,
        scanned_at=now,
    )
    data = {"number": item.number, "verdict": str(answer.verdict), "finding": answer.finding}
    record("evidence.scanned", subject=row, actor=None, at=now, chain=item.case.reference, data=data)
    return row
