"""The sweep: versions cover the line of their key fact, and only the key fact chooses among them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import rules
from rules.duties.law import current_law
from rules.duties.rows import Family
from rules.engine.history import Entry
from rules.engine.korean import SEOUL

ONE_DAY = timedelta(days=1)
FAMILIES = {family.id: family for family in current_law().families}
SEAMS = [
    (family.id, earlier, later)
    for family in current_law().families
    for earlier, later in pairwise(family.entries)
]


@pytest.mark.parametrize(
    ("family_id", "earlier", "later"), SEAMS, ids=lambda part: getattr(part, "version", part)
)
def test_an_entry_ends_the_day_before_the_next(family_id: str, earlier: Entry, later: Entry) -> None:
    assert earlier.end == later.start - ONE_DAY


@pytest.mark.parametrize("family", FAMILIES.values(), ids=lambda family: family.id)
def test_the_last_entry_is_open(family: Family) -> None:
    assert family.entries[-1].end is None


def at(day: date, clock: time = time(0), family: Family | None = None) -> str:
    zone = family.home.zone if family else SEOUL
    return datetime.combine(day, clock, zone).isoformat()


def incident(family: Family, key: str, instant: str, **others: Any) -> dict[str, Any]:
    """The least an incident says for `key` to fall on `instant` and the duty's clock to run."""
    facts: dict[str, Any] = {**others}
    if family.each:
        item_key = family.lexicon.vocabulary.entry(family.each).item_key
        return {**facts, family.each: [{"id": "f", item_key: instant}]}
    return {**facts, family.clock: instant, key: instant}


def version_spoken_of(
    family: Family, facts: dict[str, Any], organization: dict[str, Any] | None = None
) -> str:
    answer = rules.assess("duties", {"organization": organization or {}, "incident": facts})
    found = {item["version"] for item in answer["duties"] + answer["not_due"] if item["family"] == family.id}
    assert len(found) == 1
    return str(found.pop())


TURNS = [
    (family_id, earlier, later) for family_id, earlier, later in SEAMS if later.values and earlier.values
]


@pytest.mark.parametrize(
    ("family_id", "earlier", "later"), TURNS, ids=lambda part: getattr(part, "version", part)
)
def test_the_last_second_and_the_first_are_under_different_versions(
    family_id: str, earlier: Entry, later: Entry
) -> None:
    family, key = FAMILIES[family_id], later.selected_by
    last_second = at(later.start - ONE_DAY, time(23, 59, 59), family)
    first = at(later.start, family=family)
    assert version_spoken_of(family, incident(family, key, last_second)) == earlier.version
    assert version_spoken_of(family, incident(family, key, first)) == later.version


def some(entry: rules.FactEntry) -> st.SearchStrategy[Any]:
    """Any value of a fact that is no instant."""
    codes = [choice.code for choice in entry.choices]
    kinds: dict[str, Callable[[], st.SearchStrategy[Any]]] = {
        "flag": st.booleans,
        "count": lambda: st.integers(0, 20_000),
        "money": lambda: st.integers(0, 2 * 10**10).map(str),
        "choice": lambda: st.sampled_from(codes),
        "choices": lambda: st.lists(st.sampled_from(codes), min_size=1, unique=True),
    }
    return kinds[entry.kind]()


def facts_of(scope: str) -> st.SearchStrategy[dict[str, Any]]:
    timeless = [
        entry
        for entry in rules.vocabulary("duties")
        if entry.scope == scope and entry.kind not in ("instant", "day", "events") and not entry.at_most
    ]
    return st.fixed_dictionaries({}, optional={entry.name: some(entry) for entry in timeless})


other_facts, sectors = facts_of("incident"), facts_of("organization")
INSTANTS = [
    entry.name
    for entry in rules.vocabulary("duties")
    if entry.scope == "incident" and entry.kind == "instant" and entry.name != "occurred_at"
]


@pytest.mark.parametrize("family", FAMILIES.values(), ids=lambda family: family.id)
@settings(max_examples=25, deadline=None)
@given(others=other_facts, organization=sectors, days=st.integers(0, 5_500))
def test_no_other_fact_changes_the_version(
    family: Family, others: dict[str, Any], organization: dict[str, Any], days: int
) -> None:
    instant = at(date(2011, 9, 30) + timedelta(days=days), time(12))
    key = family.entries[-1].selected_by
    alone = {**incident(family, key, instant), "occurred_at": instant}
    assert version_spoken_of(family, {**alone, **others}, organization) == version_spoken_of(family, alone)


@settings(max_examples=60, deadline=None)
@given(
    others=other_facts,
    organization=sectors,
    known=st.dictionaries(st.sampled_from(INSTANTS), st.integers(0, 5_500)),
    data=st.data(),
)
def test_the_order_of_facts_changes_nothing(
    others: dict[str, Any], organization: dict[str, Any], known: dict[str, int], data: st.DataObject
) -> None:
    instants = {name: at(date(2011, 9, 30) + timedelta(days=days)) for name, days in known.items()}
    stated = [*others.items(), *instants.items()]
    shuffled = {
        name: data.draw(st.permutations(value)) if isinstance(value, list) else value
        for name, value in data.draw(st.permutations(stated))
    }
    again = dict(data.draw(st.permutations(list(organization.items()))))
    document = {"organization": organization, "incident": dict(stated)}
    assert outcome({"incident": shuffled, "organization": again}) == outcome(document)


def outcome(document: dict[str, Any]) -> object:
    """The answer, or where the document is faulty."""
    try:
        return rules.assess("duties", document)
    except rules.FactsError as error:
        return {fault.path for fault in error.faults}


@settings(max_examples=60, deadline=None)
@given(others=other_facts, organization=sectors, days=st.integers(0, 5_500), hour=st.integers(0, 23))
def test_every_family_answers_once_whatever_the_facts(
    others: dict[str, Any], organization: dict[str, Any], days: int, hour: int
) -> None:
    instant = at(date(2011, 9, 30) + timedelta(days=days), time(hour, 30))
    facts = {**others, **dict.fromkeys(INSTANTS, instant)}
    answer = rules.assess("duties", {"organization": organization, "incident": facts})
    assert sorted(item["family"] for item in answer["duties"] + answer["not_due"]) == sorted(FAMILIES)
    for item in answer["duties"]:
        assert (item["due_at"] is not None) == (item["counting"] == "HOURS")
        assert (item["last_day"] is not None) == (item["counting"] in ("DAYS", "WORKDAYS"))
        assert item["why"].endswith("다.")
        assert "{" not in item["why"] + item["why_en"]
        assert item["cite"]


@settings(max_examples=60, deadline=None)
@given(days=st.integers(0, 6_000), hours=st.integers(1, 500), minute=st.integers(0, 1439))
def test_hours_are_never_moved(days: int, hours: int, minute: int) -> None:
    start = datetime(2011, 9, 30, tzinfo=SEOUL) + timedelta(days=days, minutes=minute)
    answer = rules.period(start=start, length=f"PT{hours}H", counting="HOURS")
    assert datetime.fromisoformat(answer["due_at"]) - start == timedelta(hours=hours)


@settings(max_examples=60, deadline=None)
@given(days=st.integers(0, 5_700), length=st.integers(1, 365))
def test_a_last_day_is_a_working_day_and_nothing_between_was(days: int, length: int) -> None:
    start = date(2011, 9, 30) + timedelta(days=days)
    answer = rules.period(start=start, length=f"P{length}D", counting="DAYS")
    last, reckoned = date.fromisoformat(answer["last_day"]), start + timedelta(days=length)
    assert last.weekday() < 5
    assert [item["day"] for item in answer["skipped"]] == [
        (reckoned + timedelta(days=passed)).isoformat() for passed in range((last - reckoned).days)
    ]
