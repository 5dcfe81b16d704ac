"""What another edition of the law, or another calendar, does to the open cases. Nothing here is written."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.core.cache import cache

import rules
from incidents.duties import Change, Movement, movements
from incidents.law import current_facts
from incidents.models import Case, HolidayChange, LawEdition
from incidents.procedure import document_of, standing_deadlines, wanted_deadlines
from incidents.reading import duty_title
from incidents.recompute import ChangeRow, change_rows
from incidents.services.law import IN_FORCE_KEY
from incidents.values import FactRefused

if TYPE_CHECKING:
    from core.accounts.models import User

REMEMBERED_SECONDS = 60

Changes = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class MovedCase:
    """One open case with the deadlines that move; `fault` says why its facts cannot be asked again."""

    case: Case
    rows: list[ChangeRow]
    fault: str = ""


@dataclass(frozen=True, slots=True)
class ValueChange:
    path: str
    old: str
    new: str
    cite: list[str]


@dataclass(frozen=True, slots=True)
class DutyChange:
    """One version of a duty, or one file beside the duties, that is not what it was."""

    id: str
    title: str
    change: str  # added, removed, changed
    cite: list[str]
    values: list[ValueChange]


@dataclass(frozen=True, slots=True)
class EditionChange:
    """The edition in force beside the installed one. `before` is None before the first was noted."""

    before: LawEdition | None
    digest: str
    duties: list[DutyChange]
    files: list[DutyChange]

    @property
    def is_waiting(self) -> bool:
        return self.before is not None and self.before.digest != self.digest


def is_edition_waiting() -> bool:
    """Whether the installed edition is not the one in force. For every page: two digests, no law is read."""
    in_force = cache.get(IN_FORCE_KEY)
    if in_force is None:
        rows = LawEdition.objects.filter(applied_at__isnull=False).order_by("-applied_at", "-pk")
        in_force = rows.values_list("digest", flat=True).first() or ""
        cache.set(IN_FORCE_KEY, in_force, REMEMBERED_SECONDS)
    return bool(in_force) and in_force != rules.digest()


def edition_change() -> EditionChange:
    """What changed between the edition in force and the installed one, by version and by file."""
    before = LawEdition.objects.in_force()
    if before is None or before.digest == rules.digest():
        return EditionChange(before, rules.digest(), [], [])
    held = LawEdition.objects.filter(digest=rules.digest()).first()
    after = held.document if held else rules.edition()
    found = rules.compare_editions(before.document, after)
    titles = {**_titles(before.document), **_titles(after)}
    duties = [
        DutyChange(
            item["id"],
            duty_title(*titles.get(item["id"].rpartition(".")[0], (item["id"], item["id"]))),
            item["change"],
            list(item["cite"]),
            _values(item["values"]),
        )
        for item in found["duties"]
    ]
    files = [
        DutyChange(item["file"], item["file"], item["change"], [], _values(item["values"]))
        for item in found["files"]
    ]
    return EditionChange(before, rules.digest(), duties, files)


def _titles(document: Mapping[str, Any]) -> dict[str, tuple[str, str]]:
    """The title of every duty of a stored edition, Korean and English, by family."""
    return {
        family: (item["title"], item["title_en"])
        for content in document["files"].values()
        if isinstance(content, Mapping)
        for family, item in (content.get("duties") or {}).items()
    }


def _values(items: Iterable[Mapping[str, Any]]) -> list[ValueChange]:
    return [
        ValueChange(item["path"], _shown(item["old"]), _shown(item["new"]), list(item["cite"]))
        for item in items
    ]


def _shown(value: object) -> str:
    if value is None:
        return "—"
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return ", ".join(value)
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)


def calendar_with(row: HolidayChange) -> list[dict[str, Any]]:
    """The changes as they would stand with this one besides."""
    return [
        *HolidayChange.objects.as_facts(),
        {"day": row.day.isoformat(), "change": row.change, "name": row.name},
    ]


def calendar_without(row: HolidayChange) -> list[dict[str, Any]]:
    """The changes as they would stand were this one ended."""
    return [held for held in HolidayChange.objects.as_facts() if held["day"] != row.day.isoformat()]


def moved_cases(*, now: datetime, calendar: Changes | None = None) -> list[MovedCase]:
    """Every open case some deadline of which would move if it were counted now, with what moves.

    `calendar` is what is supposed of the changes to the holidays instead of what stands.
    """
    changes = HolidayChange.objects.as_facts() if calendar is None else calendar
    cases = Case.objects.open().select_related("organization").order_by("pk")
    found = [_moved(case, changes, now=now) for case in cases]
    return [moved for moved in found if moved.rows or moved.fault]


def for_reader(moved: Iterable[MovedCase], user: User) -> tuple[list[MovedCase], int]:
    """The cases `user` may see, and how many others move."""
    every = list(moved)
    visible = set(Case.objects.visible_to(user).values_list("pk", flat=True))
    seen = [item for item in every if item.case.pk in visible]
    return seen, len(every) - len(seen)


def _moved(case: Case, calendar: Changes, *, now: datetime) -> MovedCase:
    try:
        moved = movements(case, current_facts(case), now=now, calendar=calendar)
        moved += _followups(case, calendar, now=now)
    except FactRefused as refusal:
        return MovedCase(case, [], " ".join(refusal.faults.values()))
    except rules.FactsError as refusal:
        return MovedCase(case, [], " ".join(fault.message for fault in refusal.faults))
    for movement in moved:
        if movement.before is not None and movement.after is not None:
            movement.after.met_at = movement.before.met_at  # a met duty stays met under its new terms
    return MovedCase(
        case, change_rows([item for item in moved if item.change is not Change.UNCHANGED], now=now)
    )


def _followups(case: Case, calendar: Changes, *, now: datetime) -> list[Movement]:
    """The deadlines of the procedure before and after, as `refresh_procedure` would bring them in line."""
    steps = list(case.procedure.standing())
    if not steps:
        return []
    held = standing_deadlines(case)
    answer = rules.assess("followups", document_of(steps, [dict(change) for change in calendar]))
    wanted = wanted_deadlines(case, steps, answer, now=now)
    found = []
    for key in {**held, **wanted}:
        old, new = held.get(key), wanted.get(key)
        if old and new and (old.title, old.due_at) == (new.title, new.due_at):
            continue
        change = Change.ADDED if old is None else Change.ENDED if new is None else Change.MOVED
        found.append(Movement(change, old, new))
    return found
