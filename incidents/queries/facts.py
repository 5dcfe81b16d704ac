"""The facts of a case as its page shows them: what stands now, how sure, from where, and every earlier revision."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from incidents.clocks import instant_label
from incidents.facts import CATALOGUE, Fact, Group, Kind, fact_named, facts_asked
from incidents.law import current_facts, key_day_facts
from incidents.models import Case, Certainty, FactRevision
from incidents.reading import kept
from incidents.values import value_label

GROUP_WORDS: dict[Group, str | Promise] = {
    Group.ANCHOR: _("언제 무엇을 알았나"),
    Group.NATURE: _("무슨 일인가"),
    Group.SCALE: _("규모"),
    Group.OUTAGE: _("서비스 중단"),
    Group.SECTOR: _("업종별 사실"),
    Group.NARRATIVE: _("통지문과 신고서에 적을 내용"),
    Group.CONFIRMED: _("새로 확인한 사실"),
}


@dataclass(frozen=True, slots=True)
class FactLine:
    """One fact as it stands; `components/fact_row.html` reads it."""

    name: str
    key: str
    label: str
    value: str
    raw: Any
    certainty: str
    source: str = ""
    recorded_by: str = ""
    recorded_label: str = ""
    revision: int | None = None
    edit_url: str = ""
    history_url: str = ""
    open_question: str = ""

    @property
    def is_about(self) -> bool:
        """An estimated figure or instant is written with 약; words are not."""
        figures = (Kind.INSTANT, Kind.COUNT, Kind.MONEY, Kind.DAY)
        return self.certainty == Certainty.ESTIMATED and fact_named(self.name).kind in figures


@dataclass(frozen=True, slots=True)
class FactGroup:
    code: Group
    title: str
    change_url: str
    lines: list[FactLine] = field(default_factory=list)
    unstated: list[FactLine] = field(default_factory=list)


def fact_groups(case: Case, *, can_work: bool) -> list[FactGroup]:
    """The facts of the catalogue by group, those stated apart from those not yet stated.

    The facts of sectors are those the organisation may need; the group is left out where there are none.
    """
    held: dict[str, list[FactRevision]] = {}
    for row in FactRevision.objects.filter(case=case).current().select_related("recorded_by"):
        held.setdefault(row.name, []).append(row)
    groups = [_group(case, group, held, can_work=can_work) for group in Group]
    return [group for group in groups if group.code is not Group.SECTOR or group.lines or group.unstated]


def stated_groups(case: Case, rows: Iterable[FactRevision]) -> list[FactGroup]:
    """These revisions by group, in the order of the catalogue; nothing to change, nothing unstated."""
    held: dict[str, list[FactRevision]] = {}
    for row in rows:
        held.setdefault(row.name, []).append(row)
    order = {name: place for place, name in enumerate(CATALOGUE)}
    groups: dict[Group, list[FactLine]] = {}
    for name in sorted(held, key=lambda name: (order.get(name, len(order)), name)):
        fact = fact_named(name)
        lines = [_line(case, fact, row, can_work=False) for row in sorted(held[name], key=_by_key)]
        groups.setdefault(fact.group, []).extend(lines)
    return [FactGroup(code, str(GROUP_WORDS[code]), "", groups[code]) for code in Group if code in groups]


def facts_of(case: Case, group: Group) -> list[Fact]:
    """The facts of one group that this case is asked."""
    if group is not Group.SECTOR:
        return [fact for fact in CATALOGUE.values() if fact.group is group]
    facts = current_facts(case)
    stated = {fact.name for fact in facts}
    forgotten = [fact_named(name) for name in sorted(stated) if name not in CATALOGUE]
    return facts_asked(key_day_facts(case, facts), stated) + forgotten


def _group(case: Case, group: Group, held: dict[str, list[FactRevision]], *, can_work: bool) -> FactGroup:
    facts = facts_of(case, group)
    stated = [
        _line(case, fact, row, can_work=can_work)
        for fact in facts
        for row in sorted(held.get(fact.name, []), key=_by_key)
    ]
    unstated = [
        _empty_line(case, fact, can_work=can_work)
        for fact in facts
        if fact.name not in held and (not fact.many or group is Group.SECTOR)
    ]
    return FactGroup(
        group, str(GROUP_WORDS[group]), _url("change-fact", case, group) if can_work else "", stated, unstated
    )


def _by_key(row: FactRevision) -> tuple[int, str]:
    return len(row.key), row.key


def _url(name: str, case: Case, which: str, key: str = "") -> str:
    return reverse(f"incidents:{name}", args=[case.reference, which]) + (f"?key={key}" if key else "")


def _line(case: Case, fact: Fact, row: FactRevision, *, can_work: bool) -> FactLine:
    return FactLine(
        name=row.name,
        key=row.key,
        label=f"{fact.label} {row.key}".strip(),
        value="" if row.value is None else value_label(row.name, row.value, row.until_at),
        raw=row.value,
        certainty=row.certainty,
        source=kept(row.source),
        recorded_by=str(row.recorded_by),
        recorded_label=instant_label(row.recorded_at),
        revision=row.number,
        edit_url=_url("change-fact", case, row.name, row.key) if can_work and row.name in CATALOGUE else "",
        history_url=_url("fact-history", case, row.name, row.key),
    )


def _empty_line(case: Case, fact: Fact, *, can_work: bool) -> FactLine:
    edit_url = _url("change-fact", case, fact.name) if can_work else ""
    return FactLine(fact.name, "", str(fact.label), "", None, "unknown", edit_url=edit_url)


def fact_revisions(case: Case, name: str, key: str = "") -> list[FactRevision]:
    """Every revision of one fact, the newest first, each with `shown`: its value as people read it."""
    rows = list(
        FactRevision.objects.filter(case=case, name=name, key=key)
        .select_related("recorded_by")
        .order_by("-number")
    )
    for row in rows:
        row.shown = value_label(name, row.value, row.until_at)  # type: ignore[attr-defined]
    return rows


def confirmed_keys(case: Case, name: str = "confirmed_fact") -> list[str]:
    """The keys of newly confirmed facts (or of another list of the law): f1, f2 …"""
    rows = FactRevision.objects.filter(case=case, name=name).order_by().values_list("key", flat=True)
    return sorted(set(rows), key=lambda key: (len(key), key))


def next_confirmed_key(case: Case, name: str = "confirmed_fact") -> str:
    return f"f{len(confirmed_keys(case, name)) + 1}"


def facts_as_seen(case: Case, names: Collection[str], *, up_to: int | None = None) -> dict[str, FactRevision]:
    """The last revision of each of `names`; with `up_to`, as it was when that revision was the newest."""
    rows = FactRevision.objects.filter(case=case, name__in=names, key="").order_by("number")
    if up_to is not None:
        rows = rows.filter(pk__lte=up_to)
    return {row.name: row for row in rows}
