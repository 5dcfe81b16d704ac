"""The evidence of a case as its pages show it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.template.defaultfilters import filesizeformat

from incidents.clocks import day_label
from incidents.models import Case, CustodyEntry, Evidence, EvidenceScan

HOLDS = (CustodyEntry.Kind.HELD, CustodyEntry.Kind.RELEASED)


@dataclass(frozen=True, slots=True)
class EvidenceLine:
    """One item with where it stands: held or not, out of the house or not, kept how long."""

    item: Evidence
    url: str
    size_label: str
    is_held: bool
    with_whom: str
    keep_until_label: str
    last: CustodyEntry
    scan: EvidenceScan | None = None
    checked_at: datetime | None = None  # when the scanner said the same again

    @property
    def is_flagged(self) -> bool:
        return self.scan is not None and self.scan.verdict == EvidenceScan.Verdict.FLAGGED


def evidence_lines(case: Case) -> list[EvidenceLine]:
    """Every item, in the order they came. Three queries whatever their number."""
    rows = case.evidence.select_related("case", "recorded_by", "scan_errand").prefetch_related(
        "custody__recorded_by", "scans"
    )
    return [evidence_line(item) for item in rows]


def evidence_line(item: Evidence) -> EvidenceLine:
    ledger = sorted(item.custody.all(), key=lambda entry: entry.number)
    holds = [entry for entry in ledger if entry.kind in HOLDS]
    moves = [
        entry for entry in ledger if entry.kind in (CustodyEntry.Kind.HANDED_OVER, CustodyEntry.Kind.RETURNED)
    ]
    days = [entry.until for entry in ledger if entry.until]
    out = moves[-1] if moves and moves[-1].kind == CustodyEntry.Kind.HANDED_OVER else None
    scan, errand = next(reversed(item.scans.all()), None), getattr(item, "scan_errand", None)
    return EvidenceLine(
        item=item,
        url=item.get_absolute_url(),
        size_label=filesizeformat(item.size),
        is_held=bool(holds) and holds[-1].kind == CustodyEntry.Kind.HELD,
        with_whom=out.party if out else "",
        keep_until_label=day_label(days[-1]) if days else "",
        last=ledger[-1],
        scan=scan,
        checked_at=errand.asked_at if scan and errand and errand.asked_at > scan.scanned_at else None,
    )
