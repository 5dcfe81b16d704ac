"""A change of facts as people read it before it is made: each fact and each deadline, before and after."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from incidents.clocks import State, clock_of
from incidents.duties import Change, Movement
from incidents.facts import label_of
from incidents.law import current_facts
from incidents.models import Case, Certainty, Deadline
from incidents.services import FactChange
from incidents.values import value_label


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One deadline; `components/recompute_table.html` reads it."""

    title: str
    before: str
    after: str
    delta: str
    kind: str


@dataclass(frozen=True, slots=True)
class FactRow:
    name: str
    label: str
    before: str
    after: str
    before_certainty: str
    after_certainty: str


def change_rows(moved: Sequence[Movement], *, now: datetime) -> list[ChangeRow]:
    """What changes first, what stays after it."""
    rows = [_row(movement, now=now) for movement in moved]
    return sorted(rows, key=lambda row: row.kind == "same")


def _row(movement: Movement, *, now: datetime) -> ChangeRow:
    was_late = movement.before is not None and clock_of(movement.before, now).state is State.MISSED
    after = clock_of(movement.after, now) if movement.after else None
    newly_missed = after is not None and after.state is State.MISSED and not was_late
    if movement.after is not None and movement.before is not None and movement.before.met_at is not None:
        newly_missed = False  # a met duty stays met under its new terms
    delta = movement.difference or _("그대로")
    if newly_missed:
        delta = _("%(difference)s · 새로 지남") % {"difference": delta}
    return ChangeRow(
        title=movement.title,
        before=end_label(movement.before, now),
        after=end_label(movement.after, now) if movement.after else movement.why_ended_shown or _("끝남"),
        delta=delta,
        kind="missed" if newly_missed else _kind(movement),
    )


def end_label(deadline: Deadline | None, now: datetime) -> str:
    """The end of a deadline and how it stands at `now`, in one line; an em dash for none."""
    if deadline is None:
        return "—"
    clock = clock_of(deadline, now)
    if not clock.due_label:
        return (
            f"{clock.word} · {clock.detail}" if clock.state is State.PROMPT and clock.detail else clock.word
        )
    return f"{clock.due_label} ({clock.word})"


def _kind(movement: Movement) -> str:
    if movement.change is Change.ADDED:
        return "new"
    if movement.change is Change.ENDED:
        return "gone"
    if movement.change is Change.UNCHANGED or movement.before is None or movement.after is None:
        return "same"
    if movement.before.due_at is None or movement.after.due_at is None:
        return "later"
    return "earlier" if movement.after.due_at < movement.before.due_at else "later"


def fact_rows(case: Case, changes: Sequence[FactChange]) -> list[FactRow]:
    """Each stated fact as it stands and as it would stand."""
    held = {(fact.name, fact.key): fact for fact in current_facts(case)}
    rows = []
    for change in changes:
        last = held.get((change.name, change.key))
        rows.append(
            FactRow(
                name=change.name,
                label=f"{label_of(change.name)} {change.key}".strip(),
                before=value_label(change.name, last.value, last.until) if last else "—",
                after=_written(change),
                before_certainty=last.certainty if last else Certainty.UNKNOWN,
                after_certainty=str(change.certainty),
            )
        )
    return rows


def _written(change: FactChange) -> str:
    value = change.value
    if isinstance(value, date):
        value = value.isoformat()
    if isinstance(value, dict):
        value = {
            name: part.isoformat() if isinstance(part, datetime) else part for name, part in value.items()
        }
    return value_label(change.name, value, change.until)
