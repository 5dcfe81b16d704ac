"""What stands on and beside a copy that leaves, and how many people what leaves may cover."""

from __future__ import annotations

from pathlib import Path

from core.access.copy_models import Copy
from incidents.clocks import instant_label
from incidents.models import Case, Evidence, FactRevision

COVERED = ("person_count", "possible_person_count")  # affected, and possibly affected


def covered_people(case: Case) -> int:
    """How many people the case is known to be about; 0 where nobody has said."""
    said = FactRevision.objects.current().filter(case=case, name__in=COVERED)
    return sum(value for value in said.values_list("value", flat=True) if isinstance(value, int))


def name_in_zip(item: Evidence) -> str:
    """`E-04.log`: the name people gave stays out, for anybody reads the list of names; of its ending, letters only."""
    ending = Path(item.file_name).suffix
    is_plain = ending.isascii() and ending[1:].isalnum() and len(ending) < 12
    return f"{item.label}{ending if is_plain else ''}"


def copy_line(copy: Copy) -> str:
    """The line at the foot of each page of a copy."""
    told = (f"사본 {copy.number}", str(copy.made_by), instant_label(copy.made_at))
    return " · ".join((*told, f"원본 {copy.original_hash[:16]}"))


def cover_note(copy: Copy) -> bytes:
    """`COPY.txt`, which lies beside what was copied."""
    rows = (
        ("사본 번호 / copy", copy.number),
        ("내보낸 사람 / taken out by", f"{copy.made_by} (#{copy.made_by_id})"),
        ("내보낸 때 / taken out at", f"{copy.made_at.isoformat(timespec='seconds')}"),
        ("사건 / case", copy.case_key),
        ("무엇 / what", f"{copy.get_kind_display()} {copy.what}"),
        ("원본 SHA-256 / of the original", copy.original_hash),
        ("목적 / purpose", copy.purpose),
    )
    lines = (
        f"{label}: {' '.join(str(value).split())}\r\n" for label, value in rows
    )  # one line each, whoever wrote it
    return "".join(lines).encode("utf-8-sig")
