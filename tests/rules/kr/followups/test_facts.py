"""The documents the topic `followups` accepts, and every way it refuses one."""

from __future__ import annotations

from typing import Any

import pytest

import rules
from rules.engine.faults import FactsError
from rules.kr.followups.law import current_law

KEYS = {
    "id", "event", "title", "title_en", "starts_on", "last_day", "moved_from", "skipped", "length", "counting",
    "who", "if_missed", "if_missed_en", "cite", "source", "confidence", "why", "why_en", "steps", "missing",
    "open_question",
}  # fmt: skip
GOOD = {"id": "e", "kind": "fine_disposition_received", "on": "2026-07-01"}
MISTAKES: dict[str, tuple[dict[str, Any], str]] = {
    "unknown kind": ({"kind": "fine_received"}, "events[0].kind"),
    "no kind": ({"kind": None}, "events[0].kind"),
    "no id": ({"id": None}, "events[0].id"),
    "an id with a space": ({"id": "a b"}, "events[0].id"),
    "no day": ({"on": None}, "events[0].on"),
    "two days": ({"at": "2026-07-01T10:00+09:00"}, "events[0].at"),
    "naive time": ({"on": None, "at": "2026-07-01T10:00"}, "events[0].at"),
    "a day that is none": ({"on": "2026-02-30"}, "events[0].on"),
    "a day before all known law": ({"on": "2011-09-29"}, "events[0].on"),
    "a day after all known law": ({"on": "2029-01-01"}, "events[0].on"),
    "unknown key": ({"colour": "red"}, "events[0].colour"),
    "a given that is not of this kind": (
        {"given": {"comments_by": "2026-08-01"}},
        "events[0].given.comments_by",
    ),
    "a given of the wrong type": ({"given": {"pay_by": 20260801}}, "events[0].given.pay_by"),
    "a given day of a far century": ({"given": {"pay_by": "2206-08-01"}}, "events[0].given.pay_by"),
    "given that is no mapping": ({"given": ["pay_by"]}, "events[0].given"),
}


def faults_of(document: object) -> list[str]:
    with pytest.raises(FactsError) as raised:
        rules.assess("followups", document)  # type: ignore[arg-type]
    assert all(fault.message for fault in raised.value.faults)
    return [fault.path for fault in raised.value.faults]


def test_the_event_the_mistakes_are_made_in_is_good() -> None:
    assert rules.assess("followups", {"events": [GOOD]})["followups"]


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_refused_with_its_place(mistake: str) -> None:
    change, path = MISTAKES[mistake]
    assert faults_of({"events": [{**GOOD, **change}]}) == [path]


def test_every_fault_of_the_document_is_found_in_one_go() -> None:
    events = [
        {**GOOD, "kind": "nonsense", "on": "2026-13-01", "colour": "red"},
        {**GOOD, "id": "x", "given": {"pay_by": "soon", "pay_bye": "2026-01-01"}},
        {
            "id": "y",
            "kind": "disposition_known",
            "on": "2026-07-01",
            "given": {"disposition_on": "2026-07-02"},
        },
        {**GOOD, "id": "x"},
        7,
    ]
    assert sorted(faults_of({"events": events, "incident": {}})) == [
        "events[0].colour",
        "events[0].kind",
        "events[0].on",
        "events[1].given.pay_by",
        "events[1].given.pay_bye",
        "events[2].given.disposition_on",
        "events[3].id",
        "events[4]",
        "incident",
    ]


@pytest.mark.parametrize(
    ("kind", "given", "name"),
    [
        ("disposition_known", {"disposition_on": "2026-07-02"}, "disposition_on"),
        ("mediation_proposal_received", {"filed_on": "2026-07-02"}, "filed_on"),
        ("surcharge_deferral_granted", {"due_on": "2026-08-02", "deferred_to": "2026-08-01"}, "deferred_to"),
        ("surcharge_instalments_granted", {"instalments": ["2026-08-02", "2026-08-01"]}, "instalments"),
        ("surcharge_instalments_granted", {"instalments": ["2026-08-02", "2026-08-02"]}, "instalments"),
    ],
)
def test_days_that_cannot_be_are_refused(kind: str, given: dict[str, Any], name: str) -> None:
    event = {"id": "e", "kind": kind, "on": "2026-07-01", "given": given}
    assert faults_of({"events": [event]}) == [f"events[0].given.{name}"]


def test_days_that_meet_are_accepted() -> None:
    event = {
        "id": "e",
        "kind": "disposition_known",
        "on": "2026-07-01",
        "given": {"disposition_on": "2026-07-01"},
    }
    assert rules.assess("followups", {"events": [event]})["followups"]


def test_events_are_required_and_may_be_none() -> None:
    assert faults_of({}) == ["events"]
    assert rules.assess("followups", {"events": []})["followups"] == []


@pytest.mark.parametrize("kind", current_law().events)
def test_every_kind_of_event_starts_something_and_says_all_of_it(kind: str) -> None:
    answer = rules.assess("followups", {"events": [{"id": "e", "kind": kind, "on": "2026-10-12"}]})
    event = current_law().events[kind]
    assert answer["followups"]
    for item in answer["followups"]:
        assert set(item) >= KEYS
        assert item["why"].endswith((".", ")."))
        assert "{" not in item["why"] + item["why_en"] + item["if_missed"] + item["if_missed_en"]
        assert (item["state"] == "due") == (item["last_day"] is not None)
        assert item["last_day"] or item["missing"]
        assert {name.removeprefix("events[0].given.") for name in item["missing"]} <= set(event.given)


def test_a_default_is_said_to_be_one() -> None:
    event = {"id": "e", "kind": "surcharge_notice_received", "on": "2026-10-09"}
    items = rules.assess("followups", {"events": [event]})["followups"]
    assert {tuple(item["presumed"]) for item in items} == {("events[0].given.article",)}
    told = rules.assess("followups", {"events": [{**event, "given": {"article": "pipa_64_2"}}]})["followups"]
    assert {tuple(item["presumed"]) for item in told} == {()}


def test_each_event_answers_for_itself() -> None:
    one, two = {**GOOD, "id": "one"}, {**GOOD, "id": "two", "on": "2026-07-02"}
    alone = rules.assess("followups", {"events": [one]})["followups"]
    both = rules.assess("followups", {"events": [one, two]})["followups"]
    assert both[: len(alone)] == alone
    assert [item["event"] for item in both] == ["one"] * len(alone) + ["two"] * len(alone)


def test_the_schema_offers_every_kind_and_what_may_be_given_with_it() -> None:
    offered = {
        item["properties"]["kind"]["enum"][0]: set(item["properties"]["given"]["anyOf"][0]["properties"])
        for item in rules.schema("followups")["properties"]["events"]["items"]["anyOf"]
    }
    assert offered == {kind: set(event.given) for kind, event in current_law().events.items()}


def test_a_warning_names_its_article_and_leaves_the_day() -> None:
    event = {
        "id": "e",
        "kind": "fine_prior_notice_received",
        "on": "2026-06-01",
        "given": {"comments_by": "2026-06-10"},
    }
    item = rules.assess("followups", {"events": [event]})["followups"][0]
    (warned,) = item["warnings"]
    assert item["last_day"] == "2026-06-10"
    assert (warned["limit"], warned["limit_day"]) == ("P10D", "2026-06-11")
    assert "질서위반행위규제법 제16조제1항" in warned["cite"]
    assert "2026-06-10(수)는 10일이 끝나는 2026-06-11(목)보다 이르므로" in warned["message"]
    assert "제16조제1항이 정한" in warned["message"]
    assert "10 days" in warned["message_en"]
    assert "2026-06-11" in warned["message_en"]
