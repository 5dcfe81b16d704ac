"""Facts: what is accepted, what is refused and where, and that the schema says the same."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

import rules

KNOWN = "2026-10-01T20:00+09:00"


def paths(topic: str, facts: Any) -> list[str]:
    with pytest.raises(rules.FactsError) as raised:
        rules.assess(topic, facts)
    assert all(fault.message for fault in raised.value.faults)
    return [fault.path for fault in raised.value.faults]


def refused(**incident: Any) -> list[str]:
    return paths("duties", {"incident": incident})


def test_an_aware_datetime_answers_like_its_text() -> None:
    as_text = rules.assess("duties", {"incident": {"leak_known_at": "2026-10-01T20:00+09:00"}})
    as_instant = rules.assess(
        "duties", {"incident": {"leak_known_at": datetime(2026, 10, 1, 11, tzinfo=UTC)}}
    )
    assert as_text == as_instant


@pytest.mark.parametrize(
    "instant",
    [
        "2026-10-01T20:00",
        "2026-10-01",
        "2026-13-01T20:00+09:00",
        "어제",
        datetime(2026, 10, 1, 20),
        date(2026, 10, 1),
        1759316400,
        True,
        "1999-10-01T20:00+09:00",
        "2011-09-29T23:59+09:00",
        "2029-01-01T00:00+09:00",
        "0001-01-01T00:00+09:00",
    ],
    ids=str,
)
def test_an_instant_that_cannot_be_used_is_refused(instant: object) -> None:
    assert refused(leak_known_at=instant) == ["incident.leak_known_at"]


@pytest.mark.parametrize(
    "instant", ["2026-10-01 20:00+09:00", "2026-10-01T11:00:00Z", "2026-10-01T20:00:00.5+0900"]
)
def test_an_instant_may_be_written_in_these_ways(instant: str) -> None:
    answer = rules.assess("duties", {"incident": {"leak_known_at": instant}})
    assert answer["duties"][0]["starts_at"].startswith("2026-10-01T20:00:00")


def test_the_first_and_the_last_day_of_known_law_are_accepted() -> None:
    for instant in ("2011-09-30T00:00+09:00", "2028-12-31T23:59+09:00"):
        assert rules.assess("duties", {"incident": {"leak_known_at": instant}})["duties"]


@pytest.mark.parametrize("count", [-1, 1.5, "1,200", True, 10**12, [1]], ids=str)
def test_a_count_that_cannot_be_is_refused(count: object) -> None:
    assert refused(person_count=count) == ["incident.person_count"]


@pytest.mark.parametrize("flag", ["yes", 1, 0, "true"], ids=repr)
def test_only_true_and_false_are_flags(flag: object) -> None:
    assert refused(has_sensitive=flag) == ["incident.has_sensitive"]


@pytest.mark.parametrize(
    ("effect", "path"), [("leak", ""), ([], ""), (["spill"], "[0]"), ({"leak": 1}, "")], ids=str
)
def test_an_effect_is_a_list_of_known_ones(effect: object, path: str) -> None:
    assert refused(effect=effect) == [f"incident.effect{path}"]


def test_an_unknown_key_names_the_one_that_was_meant() -> None:
    with pytest.raises(rules.FactsError) as raised:
        rules.assess("duties", {"incident": {"leak_know_at": KNOWN}})
    (fault,) = raised.value.faults
    assert fault.path == "incident.leak_know_at"
    assert "leak_known_at" in fault.hint


@pytest.mark.parametrize("document", [{}, {"incident": None}, {"organization": {}}])
def test_the_incident_must_be_there(document: dict[str, Any]) -> None:
    assert paths("duties", document) == ["incident"]


@pytest.mark.parametrize("document", [None, [], "incident", 3], ids=repr)
def test_a_document_that_is_no_mapping_is_refused(document: object) -> None:
    assert paths("duties", document) == [""]


def test_a_fact_given_as_null_is_unknown() -> None:
    with_null = rules.assess("duties", {"incident": {"leak_known_at": KNOWN, "person_count": None}})
    without = rules.assess("duties", {"incident": {"leak_known_at": KNOWN}})
    assert with_null == without


def test_confirmed_facts_need_an_id_of_their_own_and_a_time() -> None:
    fact = {"id": "f1", "confirmed_at": KNOWN}
    assert refused(confirmed_facts=[fact, fact]) == ["incident.confirmed_facts[1].id"]
    assert refused(confirmed_facts=[{"id": "f1"}]) == ["incident.confirmed_facts[0].confirmed_at"]
    assert refused(confirmed_facts=[{"confirmed_at": KNOWN}]) == ["incident.confirmed_facts[0].id"]


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        ("occurred_at", "leak_known_at"),
        ("occurred_at", "intrusion_known_at"),
        ("occurred_at", "possibility_known_at"),
        ("occurred_at", "restored_at"),
        ("possibility_known_at", "possibility_outcome_at"),
    ],
)
def test_nothing_is_known_before_it_happens(earlier: str, later: str) -> None:
    assert refused(**{earlier: "2026-10-01T20:01+09:00", later: "2026-10-01T20:00+09:00"}) == [
        f"incident.{later}"
    ]
    assert rules.assess("duties", {"incident": {earlier: KNOWN, later: KNOWN}})["not_due"]


def test_no_more_people_can_be_out_of_reach_than_there_are() -> None:
    assert refused(person_count=10, contact_unknown_count=11) == ["incident.contact_unknown_count"]
    assert rules.assess("duties", {"incident": {"person_count": 10, "contact_unknown_count": 10}})


def test_every_fault_of_a_document_is_found_in_one_go() -> None:
    found = paths(
        "duties",
        {
            "organisation": {},
            "organization": {"is_icsp": "yes"},
            "incident": {"leak_known_at": "2026-10-01T20:00", "person_count": -1, "colour": "red"},
        },
    )
    assert sorted(found) == [
        "incident.colour",
        "incident.leak_known_at",
        "incident.person_count",
        "organisation",
        "organization.is_icsp",
    ]


@pytest.mark.parametrize(
    ("facts", "path"),
    [
        ({"start": "2026-07-01", "length": "P60D"}, "counting"),
        ({"start": "2026-07-01", "length": "PT72H", "counting": "DAYS"}, "length"),
        ({"start": KNOWN, "length": "P3D", "counting": "HOURS"}, "length"),
        ({"start": KNOWN, "length": "P1M", "counting": "WORKDAYS"}, "length"),
        ({"start": "2026-07-01", "length": "PT72H", "counting": "HOURS"}, "start"),
        ({"start": "2026-07-01T09:00", "length": "PT72H", "counting": "HOURS"}, "start"),
        ({"start": "2026-07-01", "length": "60 days", "counting": "DAYS"}, "length"),
        ({"start": "2026-07-01", "length": "P", "counting": "DAYS"}, "length"),
        ({"start": "2026-07-01", "length": "P-1D", "counting": "DAYS"}, "length"),
        ({"start": "2026-07-01", "length": "P60D", "counting": "MONTHS"}, "counting"),
        ({"start": "2028-12-01", "length": "P60D", "counting": "DAYS"}, "length"),
        ({"start": "1990-12-01", "length": "P60D", "counting": "DAYS"}, "start"),
        ({"start": "2000-12-01", "length": "P60D", "counting": "DAYS"}, "start"),
        ({"start": "2026-07-01", "length": "P99999D", "counting": "DAYS"}, "length"),
    ],
)
def test_a_period_that_cannot_be_counted_is_refused(facts: dict[str, Any], path: str) -> None:
    assert paths("period", facts) == [path]


def sample(schema: dict[str, Any]) -> Any:
    """Some value the schema allows."""
    if "anyOf" in schema:
        return sample(schema["anyOf"][0])
    if "enum" in schema:
        return schema["enum"][0]
    kinds: dict[str, Any] = {
        "boolean": True,
        "integer": schema.get("minimum", 0),
        "string": {"date-time": KNOWN, "date": "2026-10-01"}.get(schema.get("format", ""), "1"),
    }
    if schema["type"] == "object":
        return {name: sample(part) for name, part in schema["properties"].items()}
    return [sample(schema["items"])] if schema["type"] == "array" else kinds[schema["type"]]


def test_what_the_schema_allows_is_accepted() -> None:
    schema = rules.schema("duties")
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert rules.assess("duties", sample(schema))["topic"] == "duties"


def test_the_schema_refuses_keys_it_does_not_name() -> None:
    schema = rules.schema("duties")
    parts = [
        schema,
        *(part["anyOf"][0] if "anyOf" in part else part for part in schema["properties"].values()),
    ]
    parts = [
        part["items"].get("anyOf", [part["items"]])[0] if part["type"] == "array" else part for part in parts
    ]
    assert all(part["additionalProperties"] is False for part in parts)
    assert schema["required"] == ["incident"]


def test_the_contents_of_a_notice_are_worded_as_on_the_day() -> None:
    assert len(rules.contents("K1")) == 5
    assert len(rules.contents("K2")) == 6
    assert rules.contents("K1", date(2015, 1, 1))[0].label == "유출된 개인정보의 항목"
    assert rules.contents("K1", date(2023, 9, 15))[0].label == "유출등이 된 개인정보의 항목"
    assert rules.contents("K2")[5].code == "rights"
    with pytest.raises(KeyError):
        rules.contents("K0")
