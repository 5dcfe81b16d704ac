"""What a paper that was given still says, beside what is known by now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from incidents.facts import label_of
from incidents.models import Certainty, FactRevision
from incidents.values import value_label
from notifications.drafting import GIVEN
from notifications.models.papers import Filing, PaperVersion


@dataclass(frozen=True, slots=True)
class ChangedFact:
    """One fact a given paper stands on, as it was when the paper was written and as it is now."""

    label: str
    before: str
    after: str


def changed_since_given(filings: Sequence[Filing]) -> tuple[ChangedFact, ...]:
    """The facts that differ from those of the version given last; empty when nothing was given.

    That other papers were given meanwhile is no change of the facts; a correction that came
    back to the same value is none either.
    """
    if not filings:
        return ()
    version = max(filings, key=lambda filing: (filing.at, filing.version.number)).version
    seen = {name: number for name, number in version.facts_seen.items() if not name.startswith(GIVEN)}
    return tuple(changes(version, seen))


def changes(version: PaperVersion, seen: dict[str, int]) -> list[ChangedFact]:
    """Each fact of `seen` (its revision when the version was written) that reads otherwise now."""
    revisions: dict[str, list[FactRevision]] = {}
    for row in FactRevision.objects.filter(case=version.paper.case_id, name__in=map(_plain, seen)):
        revisions.setdefault(_key(row), []).append(row)
    found = []
    for name, number in seen.items():
        rows = {row.number: row for row in revisions.get(name, ())}
        then, now = rows.get(number), rows.get(max(rows, default=0))
        if _said(then) != _said(now):
            found.append(ChangedFact(_label(name), _written(then), _written(now)))
    return found


def _plain(name: str) -> str:
    return name.split("[")[0]


def _key(row: FactRevision) -> str:
    return f"{row.name}[{row.key}]" if row.key else row.name


def _label(name: str) -> str:
    plain = _plain(name)
    key = name[len(plain) :].strip("[]")
    return f"{label_of(plain)} {key}".strip()


def _said(row: FactRevision | None) -> tuple[object, ...] | None:
    return (row.value, row.until_at, row.certainty) if row else None


def _written(row: FactRevision | None) -> str:
    if row is None:
        return _("아직 적지 않음")
    value = value_label(row.name, row.value, row.until_at)
    return f"{value} ({Certainty(row.certainty).label})"
