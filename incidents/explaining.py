"""Why a duty is owed or not, and what would change it, from the facts as they stand now.

The terms a clock was computed with stay the authority; what is said here is live and says where it differs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

import rules
from incidents.clocks import day_after, day_label, instant_label
from incidents.facts import CATALOGUE, label_of
from incidents.law import Stated, current_facts, explain_the_law, key_day_facts
from incidents.models import Case, Certainty, Deadline
from incidents.reading import duty_title, is_english, said
from incidents.values import people_label, value_label
from rules import FactEntry

HOME = "kr"
REASONS = ("decided", "missing", "outside", "unmet", "not_in_force")  # the nearest to being owed first
Entry = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class FactUsed:
    """One fact the answer looked at. `certainty` is set for a fact the case states, `standing` says the rest."""

    label: str
    value: str
    certainty: str
    standing: str
    roles: str
    url_name: str


@dataclass(frozen=True, slots=True)
class ConditionLine:
    """One condition, `depth` deep inside others. `state` is met, not_met or open."""

    use: str
    words: str
    state: str
    depth: int

    @property
    def indent(self) -> str:
        return "\u2003" * (self.depth - 1)

    @property
    def word(self) -> str:
        return {"met": _("충족"), "not_met": _("불충족"), "open": _("미정")}[self.state]


@dataclass(frozen=True, slots=True)
class Boundary:
    """Where one version gives way to the next."""

    words: str
    cite: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """The live answer for one duty. `differences` say how it is not what the clock was computed with."""

    title: str
    is_owed: bool
    why: str
    differences: list[str]
    facts: list[FactUsed]
    version: str
    boundaries: list[Boundary]
    conditions: list[ConditionLine]
    arithmetic: list[str]
    neighbours: list[str]
    would_be_due: str
    rules_digest: str


@dataclass(frozen=True, slots=True)
class NotDue:
    """One duty that is not owed: why, the condition that failed, and what would make it due."""

    title: str
    subject: str
    why: str
    failed: str
    would_be_due: str
    cite: str
    reason: str


@dataclass(frozen=True, slots=True)
class Abroad:
    """The duties of another jurisdiction; `rows` only where the case or organisation touches it."""

    code: str
    label: str
    count: int
    rows: list[NotDue]


@dataclass(frozen=True, slots=True)
class NotDueList:
    rows: list[NotDue]
    abroad: list[Abroad]


def duty_explanation(deadline: Deadline) -> Explanation | None:
    """The live explanation of the duty behind `deadline`; None for a deadline that a person set.

    FactRefused where the facts of the case contradict each other.
    """
    duty = deadline.duty
    if duty is None:
        return None
    facts = current_facts(deadline.case)
    answer = explain_the_law(deadline.case, facts)
    owed = _entry(answer["duties"], duty.family, duty.subject_key)
    entry = owed or _entry(answer["not_due"], duty.family, duty.subject_key)
    differences = _differences(deadline, owed, entry, answer["rules_digest"])
    if entry is None:
        return _unknown(deadline, differences, answer["rules_digest"])
    told = entry["explain"]
    names = _Names(deadline.case, facts)
    return Explanation(
        title=duty_title(entry["title"], entry["title_en"]),
        is_owed=owed is not None,
        why=_sentence(said(entry, "why")),
        differences=differences,
        facts=[names.used(fact) for fact in told["facts"]],
        version=_sentence(said(told["version"], "why")),
        boundaries=[_boundary(item, names) for item in told["version"]["boundaries"]],
        conditions=[line for item in told["conditions"] for line in _lines(item, _use(item["use"]), 0)],
        arithmetic=[_sentence(said(line, "why")) for line in told["arithmetic"]],
        neighbours=[_sentence(said(item, "why")) for item in told["neighbours"]],
        would_be_due=_sentence(said(told["would_be_due"] or {}, "why")),
        rules_digest=answer["rules_digest"],
    )


def not_due_list(case: Case) -> NotDueList:
    """Every duty that is not owed, with the reason; abroad in one line each unless some fact touches it.

    FactRefused where the facts of the case contradict each other.
    """
    facts = current_facts(case)
    answer = explain_the_law(case, facts)
    entries = [*answer["duties"], *answer["not_due"]]
    touched = _touched(entries, {**key_day_facts(case, facts), **{fact.name: fact.value for fact in facts}})
    at_home = [entry for entry in answer["not_due"] if entry["jurisdiction"] == HOME]
    abroad: dict[str, list[Entry]] = {}
    for entry in answer["not_due"]:
        if entry["jurisdiction"] != HOME:
            abroad.setdefault(entry["jurisdiction"], []).append(entry)
    return NotDueList(
        rows=_not_due_rows(at_home),
        abroad=[
            Abroad(code, _jurisdiction(code), len(found), _not_due_rows(found) if code in touched else [])
            for code, found in abroad.items()
        ],
    )


def _not_due_rows(entries: Iterable[Entry]) -> list[NotDue]:
    return [_not_due(entry) for entry in sorted(entries, key=lambda entry: REASONS.index(entry["reason"]))]


def _not_due(entry: Entry) -> NotDue:
    failed = entry["explain"]["first_failed"]
    return NotDue(
        title=duty_title(entry["title"], entry["title_en"]),
        subject=str(entry["for"] or ""),
        why=_sentence(said(entry, "why")),
        failed=_sentence(said(failed["condition"] or {}, "why")),
        would_be_due=_sentence(said(entry["explain"]["would_be_due"] or {}, "why")),
        cite=", ".join(entry["cite"]),
        reason=entry["reason"],
    )


def _touched(entries: Iterable[Entry], stated: Mapping[str, Any]) -> set[str]:
    """The jurisdictions of which a fact is stated that no duty at home asks for."""
    asked: dict[str, set[str]] = {}
    for entry in entries:
        names = {fact["name"] for fact in entry["explain"]["facts"]}
        asked.setdefault(entry["jurisdiction"], set()).update(names)
    at_home = asked.pop(HOME, set())
    return {code for code, names in asked.items() if any(stated.get(name) for name in names - at_home)}


def _jurisdiction(code: str) -> str:
    known = {"eu": _("유럽연합"), "jp": _("일본"), "us.ca": _("미국 캘리포니아주")}
    return known.get(code, code)


def _entry(entries: Iterable[Entry], family: str, key: str) -> Entry | None:
    """The entry of this duty; without the item it was for, the one of its family that is for none."""
    found = [entry for entry in entries if entry["family"] == family]
    exact = next((entry for entry in found if (entry["for"] or "") == key), None)
    return exact or next((entry for entry in found if not entry["for"]), None)


def _differences(deadline: Deadline, owed: Entry | None, entry: Entry | None, digest: str) -> list[str]:
    told = []
    if deadline.superseded_at is not None:
        told.append(_("이 시계는 이미 끝났거나 다른 시계로 바뀌었습니다. 아래는 지금 사실의 설명입니다."))
    if deadline.rules_digest != digest:
        told.append(
            _("이 시계는 다른 규칙판(%(then)s)으로 계산했습니다. 아래는 지금 규칙판(%(now)s)의 설명입니다.")
            % {"then": deadline.rules_digest[:12], "now": digest[:12]}
        )
    if entry is None:
        told.append(_("지금 규칙판에는 이 의무가 없습니다."))
    elif owed is None:
        told.append(
            _("지금 사실로는 이 의무가 없습니다. 시계에 적힌 기한이 기준이고, 아래는 지금 사실의 설명입니다.")
        )
    elif _is_other(deadline, owed):
        told.append(
            _("지금 계산하면 시계에 적힌 것과 다릅니다. 시계에 적힌 것이 기준입니다. 지금 계산: %(end)s")
            % {"end": _end(owed)}
        )
    return told


def _is_other(deadline: Deadline, owed: Entry) -> bool:
    last_day = date.fromisoformat(owed["last_day"]) if owed["last_day"] else None
    ends = (
        day_after(last_day)
        if last_day
        else datetime.fromisoformat(owed["due_at"])
        if owed["due_at"]
        else None
    )
    return (deadline.due_at, deadline.law_state) != (ends, owed["state"])


def _end(owed: Entry) -> str:
    if owed["last_day"]:
        return day_label(date.fromisoformat(owed["last_day"]))
    if owed["due_at"]:
        return instant_label(datetime.fromisoformat(owed["due_at"]))
    return _("법이 정한 숫자가 없음")


def _unknown(deadline: Deadline, differences: list[str], digest: str) -> Explanation:
    return Explanation(deadline.title, False, "", differences, [], "", [], [], [], [], "", digest)


def _boundary(item: Mapping[str, Any], names: _Names) -> Boundary:
    words = {
        "day": day_label(date.fromisoformat(item["on"])),
        "fact": names.label(item["selected_by"]),
        "before": item["before"] or "",
        "after": item["from"],
    }
    if item["before"]:
        said_so = _("‘%(fact)s’가 %(day)s 전이면 %(before)s, 그날부터 %(after)s입니다.") % words
    else:
        said_so = _("‘%(fact)s’가 %(day)s 이후일 때부터 적용합니다(%(after)s).") % words
    return Boundary(said_so, ", ".join(item["cite"]))


def _lines(condition: Mapping[str, Any], use: str, depth: int) -> Iterator[ConditionLine]:
    state = {True: "met", False: "not_met", None: "open"}[condition["holds"]]
    yield ConditionLine(use, _sentence(said(condition, "why")), state, depth)
    for part in condition["parts"]:
        yield from _lines(part, "", depth + 1)


def _use(code: str) -> str:
    words = {
        "needs": _("요건"),
        "outside_if": _("적용 제외"),
        "unsettled_if": _("판단이 필요한 경우"),
        "reserved_if": _("따로 판단하면 의무가 되는 경우"),
        "assumed_if": _("기본으로 정해 둔 경우"),
        "lapses_if": _("중간에 끝나는 경우"),
        "posting": _("게시하는 경우"),
    }
    return words.get(code, code)


class _Names:
    """The facts an explanation names, under the words people know, with their certainty in this case."""

    def __init__(self, case: Case, facts: Iterable[Stated]) -> None:
        self.reference = case.reference
        self.held = {fact.name: fact for fact in facts}
        self.entries = {entry.name: entry for entry in rules.vocabulary("duties")}

    def label(self, name: str) -> str:
        entry = self.entries.get(name)
        if name in CATALOGUE or entry is None:
            return label_of(name)
        return entry.label_en if is_english() else entry.label

    def used(self, fact: Mapping[str, Any]) -> FactUsed:
        name, entry = fact["name"], self.entries.get(fact["name"])
        held = self.held.get(name) if fact["state"] == "known" else None
        return FactUsed(
            label=self.label(name),
            value=value_label(name, held.value, held.until)
            if held and held.until
            else _value(name, fact["value"], entry),
            certainty=str(held.certainty) if held and held.certainty != Certainty.UNKNOWN else "",
            standing="" if held else self._standing(fact["state"], entry),
            roles=", ".join(dict.fromkeys(_role(role) for role in fact["roles"])),
            url_name=name if name in CATALOGUE and not CATALOGUE[name].many else "",
        )

    def _standing(self, state: str, entry: FactEntry | None) -> str:
        is_of_organization = entry is not None and entry.scope == "organization"
        if state == "known":
            return _("기관 현황") if is_of_organization else _("이 사건에서 셈")
        if state == "presumed":
            return _("적지 않아 이렇게 봄")
        return _("아직 적지 않음")


def _role(code: str) -> str:
    if code == "clock":
        return _("기산점")
    return _("규정을 고르는 날") if code == "key" else _use(code)


def _value(name: str, value: Any, entry: FactEntry | None) -> str:
    """A value as the rules give it, for people; an em dash for none."""
    if value is None:
        return "—"
    if isinstance(value, bool):
        return _("예") if value else _("아니요")
    if isinstance(value, list):
        return _listed(value, entry)
    if isinstance(value, str):
        return _text_value(value, entry)
    if name in CATALOGUE:
        return value_label(name, value)
    unit = (entry.unit_en if is_english() else entry.unit) if entry else ""
    return people_label(value) if unit == "명" else f"{value:,}{f' {unit}' if is_english() else unit}".strip()


def _listed(values: list[Any], entry: FactEntry | None) -> str:
    if values and isinstance(values[0], dict):
        return _("%(n)d건") % {"n": len(values)}
    return ", ".join(_choice(str(value), entry) for value in values) or "—"


def _text_value(value: str, entry: FactEntry | None) -> str:
    if entry is not None and entry.choices:
        return _choice(value, entry)
    try:
        if "T" in value:
            return instant_label(datetime.fromisoformat(value))
        return day_label(date.fromisoformat(value))
    except ValueError:
        return value


def _choice(code: str, entry: FactEntry | None) -> str:
    found = next((choice for choice in entry.choices if choice.code == code), None) if entry else None
    if found is None:
        return code
    return found.label_en if is_english() else found.label


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]
