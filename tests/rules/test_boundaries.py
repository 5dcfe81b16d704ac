"""The sweep: versions cover the line of their key fact, and only the key fact chooses among them."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import rules
from rules.engine.history import Entry
from rules.engine.korean import SEOUL
from rules.kr.duties.facts import COUNTS, EFFECTS, FLAGS, SECTORS
from rules.kr.duties.rows import Family, families

ONE_DAY = timedelta(days=1)
FAMILIES = {family.id: family for family in families()}
SEAMS = [(family.id, earlier, later) for family in families() for earlier, later in pairwise(family.entries)]
# What §10.3 of the law says of each version, first day and last day in force.
LINES = {
    "kr.pipa.s34.subject_notice": [
        ("v1", "2011-09-30", "2023-09-14"),
        ("v2", "2023-09-15", "2026-09-10"),
        ("v3", "2026-09-11", None),
    ],
    "kr.pipa.s34.report": [
        ("v1a", "2011-09-30", "2017-10-18"),
        ("v1b", "2017-10-19", "2023-09-14"),
        ("v2", "2023-09-15", "2026-09-10"),
        ("v3", "2026-09-11", None),
    ],
    "kr.pipa.s34_2.possibility_notice": [("v1", "2026-09-11", None)],
    "kr.pipa.d39_3.not_leaked_notice": [("v1", "2026-09-11", None)],
    "kr.pipa.s39_4.notice_report": [("v1", "2020-08-05", "2023-09-14")],
    "kr.na.s27_3.notice_report": [("v1", "2012-08-18", "2014-11-28"), ("v2", "2014-11-29", "2020-08-04")],
    "kr.na.s48_3.report": [
        ("v1", None, "2022-12-10"),
        ("v2", "2022-12-11", "2024-08-13"),
        ("v3", "2024-08-14", "2026-09-30"),
        ("v4", "2026-10-01", None),
    ],
    "kr.na.s48_3.supplement": [("v1", "2024-08-14", None)],
    "kr.na.s48_3.user_notice": [("v1", "2026-10-01", None)],
}


def test_every_version_stands_where_the_law_puts_it() -> None:
    found: dict[str, list[tuple[str, str | None, str | None]]] = {}
    for version in rules.duty_versions():
        first = version.first_day.isoformat() if version.first_day else None
        last = version.last_day.isoformat() if version.last_day else None
        found.setdefault(version.family, []).append((version.version, first, last))
    assert found == LINES


@pytest.mark.parametrize(
    ("family_id", "earlier", "later"), SEAMS, ids=lambda part: getattr(part, "version", part)
)
def test_an_entry_ends_the_day_before_the_next(family_id: str, earlier: Entry, later: Entry) -> None:
    assert earlier.end == later.start - ONE_DAY


@pytest.mark.parametrize("family", FAMILIES.values(), ids=lambda family: family.id)
def test_the_last_entry_is_open(family: Family) -> None:
    assert family.entries[-1].end is None


def at(day: date, clock: time = time(0)) -> str:
    return datetime.combine(day, clock, SEOUL).isoformat()


def incident(family: Family, key: str, instant: str, **others: Any) -> dict[str, Any]:
    """The least an incident says for `key` to fall on `instant` and the duty's clock to run."""
    facts: dict[str, Any] = {**others}
    if family.each:
        return {**facts, "confirmed_facts": [{"id": "f", "confirmed_at": instant}]}
    clock = instant
    if key == "occurred_at":  # known while the occurrence still decides
        late = at(date(2023, 9, 14), time(23, 59)) if instant < "2023" else instant
        clock = late
    return {**facts, family.clock: clock, key: instant}


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
    last_second = at(later.start - ONE_DAY, time(23, 59, 59))
    assert version_spoken_of(family, incident(family, key, last_second)) == earlier.version
    assert version_spoken_of(family, incident(family, key, at(later.start))) == later.version


other_facts = st.fixed_dictionaries(
    {},
    optional={
        **{name: st.booleans() for name, _, _ in FLAGS},
        **{name: st.integers(0, 20_000) for name, *_ in COUNTS if name != "contact_unknown_count"},
        "effect": st.lists(st.sampled_from(sorted(EFFECTS)), min_size=1, unique=True),
        "possibility_outcome": st.sampled_from(["open", "confirmed", "ruled_out"]),
    },
)
sectors = st.fixed_dictionaries({}, optional={name: st.booleans() for name, _, _ in SECTORS})


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
@given(others=other_facts, organization=sectors, days=st.integers(0, 5_500), hour=st.integers(0, 23))
def test_every_family_answers_once_whatever_the_facts(
    others: dict[str, Any], organization: dict[str, Any], days: int, hour: int
) -> None:
    instant = at(date(2011, 9, 30) + timedelta(days=days), time(hour, 30))
    facts = {
        **others,
        "leak_known_at": instant,
        "intrusion_known_at": instant,
        "possibility_known_at": instant,
    }
    answer = rules.assess("duties", {"organization": organization, "incident": facts})
    assert sorted(item["family"] for item in answer["duties"] + answer["not_due"]) == sorted(FAMILIES)
    for item in answer["duties"]:
        counted = item["counting"] == "HOURS"
        assert (item["due_at"] is not None) == counted
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
