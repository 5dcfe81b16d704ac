"""What a change of facts does to a case's duties: computed first, so that it can be shown before it is done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext as _

from incidents.clocks import day_after, days_label, duration_label
from incidents.law import Decided, Stated, ask_the_law
from incidents.models import Case, Deadline, DeadlineKind, Duty, LawState
from incidents.reading import said, title_of


class Change(StrEnum):
    ADDED = "added"
    MOVED = "moved"
    ENDED = "ended"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class Movement:
    """One duty before and after. `before` is a row; `after` is not saved until the change is applied."""

    change: Change
    before: Deadline | None
    after: Deadline | None
    why_ended: str = ""  # as it is kept
    why_ended_shown: str = ""  # in the reader's language

    @property
    def title(self) -> str:
        deadline = self.after or self.before
        return title_of(deadline) if deadline else ""

    @property
    def difference(self) -> str:
        """`6시간 00분 당겨짐`, `새로 시작`, `끝남`; empty when nothing moved."""
        if self.change is Change.ADDED:
            return _("새로 시작")
        if self.change is Change.ENDED:
            return _("끝남")
        if self.change is Change.UNCHANGED or not (self.before and self.after):
            return ""
        if self.before.due_at is None or self.after.due_at is None:
            return _("조건이 바뀜")
        return _moved_by(self.after.due_at - self.before.due_at, in_days=bool(self.after.last_day))


def _moved_by(span: timedelta, *, in_days: bool) -> str:
    if not span:
        return _("조건이 바뀜")
    words = _("%(span)s 늦춰짐") if span > timedelta(0) else _("%(span)s 당겨짐")
    is_whole = in_days and not span % timedelta(days=1)
    return words % {"span": days_label(span.days) if is_whole else duration_label(span)}


def _instant(value: str | None) -> datetime | None:
    return datetime.fromisoformat(value) if value else None


def _target(case: Case, terms: dict[str, Any]) -> datetime | None:
    """The company's own target where the law gives no number, or the earlier safe end where one is uncertain."""
    if terms.get("safe_target"):
        return _instant(terms["safe_target"]["due_at"])
    if terms.get("guidance_last_day"):
        return day_after(date.fromisoformat(terms["guidance_last_day"])) - timedelta(minutes=1)
    starts_at = _instant(terms.get("starts_at"))
    if starts_at is None or terms.get("due_at") or terms.get("last_day"):
        return None
    immediate = terms["state"] == LawState.IMMEDIATE
    organization = case.organization
    hours = organization.immediate_target_hours if immediate else organization.prompt_target_hours
    return starts_at + timedelta(hours=hours)


def deadline_from(case: Case, terms: dict[str, Any], *, digest: str, now: datetime) -> Deadline:
    """An unsaved duty and its clock, as `rules` gave the terms."""
    duty = Duty(
        case=case,
        rule_id=terms["id"],
        family=terms["family"],
        subject_key=terms.get("for") or "",
        terms=terms,
        rules_digest=digest,
        computed_at=now,
    )
    last_day = date.fromisoformat(terms["last_day"]) if terms.get("last_day") else None
    return Deadline(
        case=case,
        duty=duty,
        kind=DeadlineKind.DUTY,
        law_state=terms["state"],
        title=terms["title"],
        anchor=terms.get("anchor") or "",
        starts_at=_instant(terms.get("starts_at")),
        due_at=day_after(last_day) if last_day else _instant(terms.get("due_at")),
        last_day=last_day,
        limit=terms.get("limit") or "",
        target_at=_target(case, terms),
        cite=terms["cite"],
        confidence=terms["confidence"],
        why=terms["why"],
        rules_digest=digest,
        created_at=now,
    )


def _same_terms(before: Deadline, after: Deadline) -> bool:
    """Whether nothing a person relies on changed; then the old row, and the edition it names, stays."""
    names = ("law_state", "starts_at", "due_at", "last_day", "limit", "target_at", "title")
    same = all(getattr(before, name) == getattr(after, name) for name in names)
    assert before.duty is not None and after.duty is not None
    same = same and before.duty.rule_id == after.duty.rule_id and _asked(before.duty) == _asked(after.duty)
    return same and (after.law_state != LawState.UNSETTLED or _open(before.duty) == _open(after.duty))


def _open(duty: Duty) -> tuple[list[str], list[str]]:
    """What leaves a duty unsettled: the facts to enter and the questions to decide."""
    terms = duty.terms
    return list(terms.get("missing") or ()), [question["id"] for question in terms.get("questions") or ()]


def _asked(duty: Duty) -> tuple[Any, ...]:
    terms = duty.terms
    return tuple(
        terms.get(name) for name in ("recipient", "contents_code", "sanction_ceiling", "posting_days")
    )


def _key(deadline: Deadline) -> tuple[str, str]:
    assert deadline.duty is not None
    return deadline.duty.family, deadline.duty.subject_key


def movements(
    case: Case,
    facts: list[Stated],
    *,
    now: datetime,
    decisions: Sequence[Decided] | None = None,
    calendar: Sequence[Mapping[str, Any]] | None = None,
) -> list[Movement]:
    """What the duties of `case` would be under `facts`, beside what they are. Writes nothing.

    `decisions` are what is supposed of the open points instead of what stands, `calendar` the same of
    the changes to the holidays. FactRefused when the facts contradict each other or lie outside all known law.
    """
    answer = ask_the_law(case, facts, decisions=decisions, calendar=calendar)
    wanted = {
        _key(new): new
        for new in (
            deadline_from(case, terms, digest=answer["rules_digest"], now=now) for terms in answer["duties"]
        )
    }
    held = {
        _key(old): old
        for old in case.deadlines.current()
        .filter(kind=DeadlineKind.DUTY, duty__isnull=False)
        .select_related("duty", "owner", "met_by")
    }
    reasons = _why_not_due(answer)
    moved = [_movement(held.get(key), new) for key, new in wanted.items()]
    ended = [
        Movement(Change.ENDED, old, None, *reasons.get(old.duty.family, ("", "")))  # type: ignore[union-attr]
        for key, old in held.items()
        if key not in wanted
    ]
    return moved + ended


def _movement(before: Deadline | None, after: Deadline) -> Movement:
    if before is None:
        return Movement(Change.ADDED, None, after)
    change = Change.UNCHANGED if _same_terms(before, after) else Change.MOVED
    return Movement(change, before, after)


def _why_not_due(answer: dict[str, Any]) -> dict[str, tuple[str, str]]:
    """By family, the sentence that says why a duty does not exist: as it is kept, and for the reader."""
    return {entry["id"].rsplit(".", 1)[0]: (entry["why"], said(entry, "why")) for entry in answer["not_due"]}
