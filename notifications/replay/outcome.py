"""What a replayed case leaves behind: every paper as a file, and the table of its clocks."""

from __future__ import annotations

import unicodedata
from datetime import datetime
from pathlib import Path

from core.accounts.models import Membership, User
from core.documents.models import Document
from core.documents.services import read_document
from incidents.clocks import Clock, clock_of
from incidents.models import Case
from incidents.permissions import EXPORTING
from incidents.services import export_case


def write_papers(case: Case, folder: Path) -> list[Path]:
    """Write every issued paper of `case` as it was sealed; the files in the order of issue."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for number, document in enumerate(
        Document.objects.of_case(case.reference).order_by("issued_at", "pk"), 1
    ):
        path = folder / f"{number:02d}-{document.kind}-{document.number}.pdf"
        path.write_bytes(read_document(document))
        written.append(path)
    return written


def write_bundle(case: Case, path: Path, *, reason: str, now: datetime) -> bool:
    """Write the audit bundle of `case`, taken out by one of its people who may; False where nobody may."""
    held = Membership.objects.held(*EXPORTING).filter(organization=case.organization_id)
    may = User.objects.filter(pk__in=held.values("user"))
    person = may.order_by("pk").first()
    if person is None:
        return False
    path.write_bytes(export_case(case_id=case.pk, actor=person, reason=reason, now=now).content)
    return True


def clocks_of(case: Case, *, now: datetime) -> list[Clock]:
    """Every clock of the case that was not replaced, in the order they began."""
    rows = case.deadlines.current().select_related("case", "duty", "owner", "dismissed_by")
    return [clock_of(row, now) for row in rows.order_by("starts_at", "pk")]


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def _padded(text: str, width: int) -> str:
    return text + " " * max(width - _width(text), 0)


def clock_table(clocks: list[Clock]) -> str:
    """The clocks as a plain table: what, state, end, margin, article. Columns fit Hangul."""
    head = ["기한", "상태", "끝", "여유·초과", "근거"]
    rows = [
        [clock.title, clock.word, clock.due_label or clock.detail or "—", clock.time_label or "—", clock.cite]
        for clock in clocks
    ]
    widths = [max(_width(row[column]) for row in [head, *rows]) for column in range(len(head))]
    lines = [
        "  ".join(_padded(cell, width) for cell, width in zip(row, widths, strict=True))
        for row in [head, *rows]
    ]
    return "\n".join(
        [lines[0], "─" * (sum(widths) + 2 * (len(head) - 1)), *(line.rstrip() for line in lines[1:])]
    )
