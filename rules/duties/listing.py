"""Every version of every duty, for a page that shows what the rules know."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from rules.duties.law import current_law
from rules.duties.rows import Family
from rules.engine.history import Entry


@dataclass(frozen=True, slots=True)
class DutyVersion:
    """One version of one duty. `last_day` is included; None is open. `first_day` None was not traced."""

    id: str
    family: str
    version: str
    title: str
    title_en: str
    first_day: date | None
    last_day: date | None
    selected_by: str
    anchor: str
    counting: str
    limit: str | None
    contents_code: str | None
    cite: tuple[str, ...]
    source: str
    confidence: str


def duty_versions() -> tuple[DutyVersion, ...]:
    """All versions, family by family, oldest first."""
    return tuple(
        _version(family, entry)
        for family in current_law().families
        for entry in family.entries
        if entry.values
    )


def _version(family: Family, entry: Entry) -> DutyVersion:
    values = entry.values or {}
    return DutyVersion(
        id=family.id_of(entry),
        family=family.id,
        version=entry.version or "",
        title=family.title,
        title_en=family.title_en,
        first_day=entry.first_day,
        last_day=entry.end,
        selected_by=entry.selected_by,
        anchor=family.clock,
        counting=values["counting"],
        limit=values.get("limit"),
        contents_code=values.get("contents"),
        cite=entry.cite,
        source=entry.source,
        confidence=entry.confidence,
    )
