"""What lies between two instants of a case: old → new, in the words history uses."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from core.audit.telling import action_word
from incidents.as_of.evidence import evidence_differences
from incidents.as_of.state import CaseAsOf
from incidents.as_of.telling import Difference
from incidents.clocks import State, clock_of, day_label, instant_label
from incidents.facts import label_of
from incidents.models import Deadline, TimelineEntry
from incidents.open_points import answer_label, question_label
from incidents.procedure import kind_label
from incidents.queries import stated_label, task_line
from incidents.reading import kept, kept_list, task_title, title_of
from incidents.recompute import end_label


@dataclass(frozen=True, slots=True)
class Section:
    title: str
    rows: list[Difference]


def differences(one: CaseAsOf, two: CaseAsOf) -> list[Section]:
    """What is otherwise in `two`, the later, than in `one`; parts in which nothing changed are left out."""
    sections = [
        Section(_("사건"), _case(one, two)),
        Section(_("사실"), _facts(one, two)),
        Section(_("시계"), _clocks(one, two)),
        Section(_("다투는 인지 시각"), _claims(one, two)),
        Section(_("정해지지 않은 점"), _decisions(one, two)),
        Section(_("신고 뒤 절차"), _steps(one, two)),
        Section(_("할 일"), _tasks(one, two)),
        Section(_("증거"), evidence_differences(one.evidence, two.evidence)),
        Section(_("참여자"), _members(one, two)),
        Section(_("경과"), _timeline(one, two)),
    ]
    return [section for section in sections if section.rows]


def _case(one: CaseAsOf, two: CaseAsOf) -> list[Difference]:
    told: tuple[tuple[str, str, Callable[[CaseAsOf], str]], ...] = (
        ("case.described", _("제목"), lambda past: past.case.title or "—"),
        ("case.described", _("종류"), lambda past: " · ".join(past.case.kind_words) or "—"),
        ("case.described", _("담당"), lambda past: str(past.case.lead)),
        ("case.phase-moved", _("단계"), lambda past: str(past.case.get_phase_display())),
    )
    rows = [Difference(what, action_word(action), say(one), say(two)) for action, what, say in told]
    return [row for row in rows if row.before != row.after]


def _facts(one: CaseAsOf, two: CaseAsOf) -> list[Difference]:
    held = {(row.name, row.key): row for row in one.facts}
    rows = []
    for row in two.facts:
        last = held.get((row.name, row.key))
        if last is not None and last.number == row.number:
            continue
        address = reverse("incidents:fact-history", args=[two.case.reference, row.name])
        rows.append(
            Difference(
                f"{label_of(row.name)} {row.key}".strip(),
                action_word("fact.corrected" if last else "fact.recorded"),
                stated_label(last) if last else "",
                stated_label(row),
                kept(row.reason),
                f"{address}?key={row.key}" if row.key else address,
            )
        )
    return rows


def _clocks(one: CaseAsOf, two: CaseAsOf) -> list[Difference]:
    """Each clock by what took its place: one that moved twice is told once, with its first and its last end."""
    later = {row.pk: row for row in two.deadlines}
    standing = [row for row in one.deadlines if row.superseded_at is None]
    pairs: list[tuple[Deadline | None, Deadline]] = [(row, _last(later[row.pk], later)) for row in standing]
    reached = {row.pk for row in one.deadlines}
    heirs = {row.superseded_by_id for row in two.deadlines}
    pairs += [
        (None, _last(row, later)) for row in two.deadlines if row.pk not in reached and row.pk not in heirs
    ]
    rows = [_clock(before, after, one, two) for before, after in pairs]
    return [row for row in rows if row.word]


def _last(row: Deadline, rows: dict[int, Deadline]) -> Deadline:
    while row.superseded_by_id in rows:
        row = rows[row.superseded_by_id]
    return row


def _clock(before: Deadline | None, after: Deadline, one: CaseAsOf, two: CaseAsOf) -> Difference:
    actions = list(_what_happened(before, after, one, two))
    is_gone = after.superseded_at is not None
    return Difference(
        title_of(after),
        " · ".join(dict.fromkeys(action_word(action) for action in actions)),
        _end(before, one) if before else "",
        action_word("deadline.ended") if is_gone else _end(after, two),
        kept(after.duty.superseded_reason) if is_gone and after.duty else "",
        reverse("incidents:deadline", args=[two.case.reference, after.pk]),
    )


def _end(row: Deadline, past: CaseAsOf) -> str:
    """The end of a clock, and the earlier one that is safe, which may be all that moved."""
    return " · ".join(filter(None, [end_label(row, past.at), clock_of(row, past.at).safe_label]))


def _what_happened(before: Deadline | None, after: Deadline, one: CaseAsOf, two: CaseAsOf) -> Iterable[str]:
    if before is None:
        yield "deadline.started" if after.duty_id else "deadline.added"
    if after.superseded_at is not None:
        yield "deadline.ended"
        return
    if before is not None and before.pk != after.pk:
        yield "deadline.moved"
    was_ended = before is not None and (before.met_at, before.dismissed_at) != (None, None)
    if after.met_at is not None and (before is None or before.met_at != after.met_at):
        yield "deadline.met"
    elif after.dismissed_at is not None and (before is None or before.dismissed_at != after.dismissed_at):
        yield "deadline.dismissed"
    elif was_ended and (after.met_at, after.dismissed_at) == (None, None):
        yield "deadline.reopened"
    was_missed = before is not None and clock_of(before, one.at).state is State.MISSED
    if clock_of(after, two.at).state is State.MISSED and not was_missed:
        yield "deadline.missed"
    if after.owner_id is not None and (before is None or before.owner_id != after.owner_id):
        yield "deadline.acknowledged"


def _by_id(rows: Iterable[Any]) -> dict[int, Any]:
    return {row.pk: row for row in rows}


def _claims(one: CaseAsOf, two: CaseAsOf) -> list[Difference]:
    return _added_or_ended(
        one.claims,
        two.claims,
        ended="withdrawn_at",
        actions=("awareness.claimed", "awareness.withdrawn"),
        say=lambda row: (label_of(row.anchor), f"{instant_label(row.at)} · {row.get_basis_display()}"),
        why=lambda row: row.withdrawn_reason or row.source,
    )


def _decisions(one: CaseAsOf, two: CaseAsOf) -> list[Difference]:
    return _added_or_ended(
        one.decisions,
        two.decisions,
        ended="replaced_at",
        actions=("decision.made", "decision.withdrawn"),
        say=lambda row: (question_label(row.question), answer_label(row.answer)),
        why=lambda row: row.reason,
    )


def _steps(one: CaseAsOf, two: CaseAsOf) -> list[Difference]:
    return _added_or_ended(
        one.steps,
        two.steps,
        ended="withdrawn_at",
        actions=("procedure.recorded", "procedure.withdrawn"),
        say=lambda row: (
            kind_label(row.kind),
            " · ".join(filter(None, [day_label(row.happened_on), row.document])),
        ),
        why=lambda row: row.withdrawn_reason,
    )


def _added_or_ended(
    earlier: Iterable[Any],
    later: Iterable[Any],
    *,
    ended: str,
    actions: tuple[str, str],
    say: Callable[[Any], tuple[str, str]],
    why: Callable[[Any], str],
) -> list[Difference]:
    """Of rows that are added and may once be ended: those added, and those ended, in between."""
    held, rows = _by_id(earlier), []
    for row in later:
        is_new, is_over = row.pk not in held, getattr(row, ended) is not None
        was_over = not is_new and getattr(held[row.pk], ended) is not None
        what, said = say(row)
        if is_new:
            rows.append(
                Difference(what, action_word(actions[0]), "", said, "" if is_over else kept(why(row)))
            )
        if is_over and not was_over:
            rows.append(
                Difference(what, action_word(actions[1]), said, action_word(actions[1]), kept(why(row)))
            )
    return rows


def _tasks(one: CaseAsOf, two: CaseAsOf) -> list[Difference]:
    held, rows = _by_id(one.tasks), []
    page = reverse("incidents:case-tasks", args=[two.case.reference])
    for task in two.tasks:
        before, after = (_task(held.get(task.pk)), _task(task))
        if before != after:
            action = _task_action(held.get(task.pk), task)
            rows.append(
                Difference(
                    task_title(task), action_word(action), before, after, kept(task.skipped_reason), page
                )
            )
    return rows


def _task(task: Any) -> str:
    """How a task stands, without what is left of its time: that changes by itself."""
    if task is None:
        return ""
    if task.done_at or task.skipped_at:
        ended = task_line(task, task.done_at or task.skipped_at)
        return f"{ended.word} · {task.done_by or ''}".strip(" ·")
    return _("맡은 사람 %(who)s") % {"who": task.owner} if task.owner else _("맡은 사람 없음")


def _task_action(before: Any, after: Any) -> str:
    if after.done_at:
        return "task.finished"
    if after.skipped_at:
        return "task.skipped"
    return "task.taken" if before is not None else "task.added"


def _members(one: CaseAsOf, two: CaseAsOf) -> list[Difference]:
    before = {member.user_id: member for member in one.present}
    after = {member.user_id: member for member in two.present}
    joined = [
        Difference(str(member.user), action_word("case.joined"), "", instant_label(member.joined_at))
        for user, member in after.items()
        if user not in before
    ]
    left = {member.pk: member.left_at for member in two.members}
    return joined + [
        Difference(str(member.user), action_word("case.left"), "", instant_label(left[member.pk]))
        for user, member in before.items()
        if user not in after
    ]


def _timeline(one: CaseAsOf, two: CaseAsOf) -> list[Difference]:
    held = _by_id(one.timeline)
    return [
        Difference(instant_label(row.happened_at), str(row.get_kind_display()), "", _entry(row), row.source)
        for row in two.timeline
        if row.pk not in held
    ]


def _entry(row: TimelineEntry) -> str:
    return kept_list(row.text, " · ") if row.kind == TimelineEntry.Kind.GIVEN else kept(row.text)
