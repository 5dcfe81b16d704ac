"""The terms and conditions of every version: what it asks, of whom, and what takes a case out of it."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest

import rules
from rules.duties.law import current_law

ENTRIES = {
    family.id_of(entry): entry
    for family in current_law().families
    for entry in family.entries
    if entry.values
}
ICSP = {"is_icsp": True}
POSSIBLE = {"possibility_known_at": "2026-10-10T10:00+09:00"}
RULED_OUT = {
    **POSSIBLE,
    "possibility_outcome": "ruled_out",
    "possibility_outcome_at": "2026-10-20T10:00+09:00",
}
USERS = {"is_user_data": True, "person_count": 5}
EFFECTS = [choice.code for choice in current_law().vocabulary.entry("effect").choices]
# The least that makes each version owed: organization and incident.
OWED: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "kr.pipa.s34.subject_notice.v1": ({}, {"leak_known_at": "2013-05-10T10:00+09:00"}),
    "kr.pipa.s34.subject_notice.v2": ({}, {"leak_known_at": "2024-05-10T10:00+09:00"}),
    "kr.pipa.s34.subject_notice.v3": ({}, {"leak_known_at": "2026-10-10T10:00+09:00"}),
    "kr.pipa.s34.report.v1a": ({}, {"leak_known_at": "2013-05-10T10:00+09:00", "person_count": 10_000}),
    "kr.pipa.s34.report.v1b": ({}, {"leak_known_at": "2018-05-10T10:00+09:00", "person_count": 1_000}),
    "kr.pipa.s34.report.v2": ({}, {"leak_known_at": "2024-05-10T10:00+09:00", "person_count": 1_000}),
    "kr.pipa.s34.report.v3": ({}, {"leak_known_at": "2026-10-10T10:00+09:00", "person_count": 1_000}),
    "kr.pipa.s34_2.possibility_notice.v1": ({}, POSSIBLE),
    "kr.pipa.d39_3.not_leaked_notice.v1": ({}, RULED_OUT),
    "kr.pipa.s39_4.notice_report.v1": (ICSP, {"leak_known_at": "2021-05-10T10:00+09:00", **USERS}),
    "kr.na.s27_3.notice_report.v1": (ICSP, {"leak_known_at": "2013-05-10T10:00+09:00", **USERS}),
    "kr.na.s27_3.notice_report.v2": (ICSP, {"leak_known_at": "2018-05-10T10:00+09:00", **USERS}),
    "kr.na.s48_3.user_notice.v1": (
        ICSP,
        {
            "occurred_at": "2026-10-10T09:00+09:00",
            "intrusion_known_at": "2026-10-10T10:00+09:00",
            "outage_minutes": 120,
        },
    ),
}
WITH_PEOPLE = [duty for duty in OWED if "notice_report" in duty or "subject_notice" in duty]
REPORTS = [duty for duty in OWED if ".report." in duty]
PIPA_34 = [duty for duty in OWED if duty.startswith(("kr.pipa.s34", "kr.pipa.d39"))]
NOTICES_OF_PSEUDONYMISED = [
    "kr.pipa.s34.subject_notice.v2",
    "kr.pipa.s34.subject_notice.v3",
    "kr.pipa.s34_2.possibility_notice.v1",
    "kr.pipa.d39_3.not_leaked_notice.v1",
    "kr.pipa.s39_4.notice_report.v1",
]


def state(duty: str, organization: Any = None, **changes: Any) -> str:
    """The state of the version, or `not_due`; a change to None takes the fact away."""
    sectors, facts = OWED[duty]
    item = answered(duty, {**sectors, **(organization or {})}, {**facts, **changes})
    return str(item["state"]) if item else "not_due"


def answered(duty: str, organization: dict[str, Any], incident: dict[str, Any]) -> dict[str, Any] | None:
    answer = rules.assess("duties", {"organization": organization, "incident": incident})
    found: list[dict[str, Any]] = [item for item in answer["duties"] if item["id"] == duty]
    return found[0] if found else None


def settled(duty: str) -> str:
    return {"PROMPT": "prompt", "IMMEDIATE": "immediate", "HOURS": "due"}[
        (ENTRIES[duty].values or {})["counting"]
    ]


@pytest.mark.parametrize("duty", OWED)
def test_the_least_facts_make_the_duty_owed(duty: str) -> None:
    assert state(duty) == settled(duty)


@pytest.mark.parametrize("effect", EFFECTS)
@pytest.mark.parametrize("duty", [*WITH_PEOPLE, *REPORTS])
def test_only_the_effects_of_the_version_bring_it(duty: str, effect: str) -> None:
    counted = set(EFFECTS) if duty.endswith("v3") else {"loss", "theft", "leak"}
    assert state(duty, effect=[effect]) == (settled(duty) if effect in counted else "not_due")


@pytest.mark.parametrize("duty", WITH_PEOPLE)
@pytest.mark.parametrize(("count", "owed"), [(None, True), (0, False), (1, True)])
def test_one_person_is_enough_for_a_notice(duty: str, count: int | None, owed: bool) -> None:
    assert state(duty, person_count=count) == (settled(duty) if owed else "not_due")


NO_TRIGGER = {"has_sensitive": False, "has_unique_id": False, "illegal_external_access": False}


@pytest.mark.parametrize("duty", REPORTS)
def test_a_report_is_owed_from_its_threshold_on(duty: str) -> None:
    threshold = 10_000 if duty.endswith("v1a") else 1_000
    assert state(duty, person_count=threshold - 1, **NO_TRIGGER) == "not_due"
    assert state(duty, person_count=threshold, **NO_TRIGGER) == settled(duty)


@pytest.mark.parametrize("duty", REPORTS)
def test_a_report_whose_triggers_are_unknown_is_not_settled(duty: str) -> None:
    assert state(duty, person_count=None) == "unsettled"


@pytest.mark.parametrize("trigger", NO_TRIGGER)
@pytest.mark.parametrize("duty", REPORTS)
def test_a_kind_of_data_or_access_replaces_the_threshold_from_2023(duty: str, trigger: str) -> None:
    since_2023 = duty.endswith(("v2", "v3"))
    reported = state(duty, person_count=1, **{**NO_TRIGGER, trigger: True})
    assert reported == ("due" if since_2023 else "not_due")


@pytest.mark.parametrize("duty", REPORTS)
@pytest.mark.parametrize("decided", list(product((True, False, None), repeat=3)))
def test_a_report_may_be_omitted_only_if_all_three_are_decided(
    duty: str, decided: tuple[bool | None, ...]
) -> None:
    names = ("path_identified", "recovered_or_deleted", "risk_markedly_lower")
    may_be_omitted = duty.endswith(("v2", "v3")) and decided == (True, True, True)
    expected = "may_be_omitted" if may_be_omitted else settled(duty)
    assert state(duty, **dict(zip(names, decided, strict=True))) == expected


@pytest.mark.parametrize("duty", PIPA_34)
@pytest.mark.parametrize("carve_out", ["is_public_fixed_cctv", "is_58_1_purpose"])
def test_article_58_takes_a_case_out(duty: str, carve_out: str) -> None:
    assert state(duty, **{carve_out: True}) == "not_due"
    assert state(duty, **{carve_out: False}) == settled(duty)


@pytest.mark.parametrize("carve_out", ["is_public_fixed_cctv", "is_58_1_purpose"])
@pytest.mark.parametrize("known", ["2012-05-10", "2012-08-20", "2019-05-10", "2021-05-10"])
@pytest.mark.parametrize("family", ["subject_notice.v1", "report.v1a", "report.v1b"])
def test_article_58_takes_a_case_out_through_every_change(carve_out: str, known: str, family: str) -> None:
    duty = f"kr.pipa.s34.{family}"
    occurred = "2012-05-01T10:00+09:00" if family == "report.v1a" else None
    if family == "report.v1b" and known < "2017":
        known = "2018-05-10"
    facts: dict[str, Any] = {
        "leak_known_at": f"{known}T10:00+09:00",
        "occurred_at": occurred,
        "person_count": 20_000,
    }
    assert state(duty, **facts) == "prompt"
    assert state(duty, **facts, **{carve_out: True}) == "not_due"


def test_article_58_takes_users_data_out_too() -> None:
    assert state("kr.pipa.s39_4.notice_report.v1", is_58_1_purpose=True) == "not_due"


@pytest.mark.parametrize("duty", NOTICES_OF_PSEUDONYMISED)
def test_pseudonymised_data_need_no_notice(duty: str) -> None:
    assert state(duty, is_pseudonymised_only=True) == "not_due"
    assert state(duty, is_pseudonymised_only=False) == settled(duty)


def test_the_old_notice_left_pseudonymised_data_out_from_2020() -> None:
    duty = "kr.pipa.s34.subject_notice.v1"
    assert state(duty, leak_known_at="2020-08-04T23:59+09:00", is_pseudonymised_only=True) == "prompt"
    assert state(duty, leak_known_at="2020-08-05T00:00+09:00", is_pseudonymised_only=True) == "not_due"


@pytest.mark.parametrize(
    ("duty", "known"),
    [
        ("kr.pipa.s34.report.v1a", "2020-08-05"),
        ("kr.pipa.s34.report.v1b", "2020-08-05"),
        ("kr.pipa.s34.report.v2", "2024-05-10"),
        ("kr.pipa.s34.report.v3", "2026-10-10"),
    ],
)
def test_a_report_of_pseudonymised_data_is_for_a_person_to_settle(duty: str, known: str) -> None:
    occurred = "2016-05-10T10:00+09:00" if duty.endswith("v1a") else None
    facts: dict[str, Any] = {
        "leak_known_at": f"{known}T10:00+09:00",
        "occurred_at": occurred,
        "person_count": 20_000,
    }
    assert state(duty, **facts, is_pseudonymised_only=True) == "unsettled"
    assert state(duty, **facts, is_pseudonymised_only=False) == settled(duty)


@pytest.mark.parametrize("family", ["subject_notice.v1", "report.v1a", "report.v1b"])
@pytest.mark.parametrize(
    ("known", "users_elsewhere"),
    [
        ("2012-08-17", False),
        ("2012-08-18", True),
        ("2020-08-04", True),
        ("2020-08-05", True),
        ("2023-09-14", True),
    ],
)
def test_users_data_of_online_providers_left_article_34_in_2012(
    family: str, known: str, users_elsewhere: bool
) -> None:
    if family == "report.v1b" and known < "2017":
        known, users_elsewhere = "2017-10-19", True
    duty = f"kr.pipa.s34.{family}"
    occurred = "2012-08-01T10:00+09:00" if family == "report.v1a" else None
    facts: dict[str, Any] = {
        "leak_known_at": f"{known}T23:00+09:00",
        "occurred_at": occurred,
        "person_count": 20_000,
    }
    assert state(duty, ICSP, **facts, is_user_data=True) == ("not_due" if users_elsewhere else "prompt")
    assert state(duty, ICSP, **facts, is_user_data=False) == "prompt"
    assert state(duty, ICSP, **facts) == ("unsettled" if users_elsewhere else "prompt")
    assert state(duty, {"is_icsp": False}, **facts, is_user_data=True) == "prompt"


@pytest.mark.parametrize(
    ("duty", "known", "recipient"),
    [
        ("kr.pipa.s34.report.v1a", "2016-07-24", ["mois", "kisa", "nia"]),
        ("kr.pipa.s34.report.v1a", "2016-07-25", ["mois", "kisa"]),
        ("kr.pipa.s34.report.v1a", "2020-08-04", ["mois", "kisa"]),
        ("kr.pipa.s34.report.v1a", "2020-08-05", ["pipc", "kisa"]),
        ("kr.pipa.s34.report.v1b", "2020-08-04", ["mois", "kisa"]),
        ("kr.pipa.s34.report.v1b", "2020-08-05", ["pipc", "kisa"]),
    ],
)
def test_an_old_report_goes_to_the_office_of_its_day(duty: str, known: str, recipient: list[str]) -> None:
    occurred = "2015-05-10" if duty.endswith("v1a") else "2018-05-10"
    facts: dict[str, Any] = {
        "leak_known_at": f"{known}T12:00+09:00",
        "occurred_at": f"{occurred}T12:00+09:00",
        "person_count": 20_000,
    }
    item = answered(duty, {}, facts)
    assert item is not None
    assert item["recipient"] == recipient


POSTED = [
    duty
    for duty, entry in ENTRIES.items()
    if duty in OWED and (entry.values or {}).get("posting", {}).get("kind") == "substitute"
]


@pytest.mark.parametrize("duty", POSTED)
@pytest.mark.parametrize(
    ("contact", "days"),
    [
        ({}, None),
        ({"contact_known": True}, None),
        ({"contact_known": False}, 30),
        ({"contact_known": True, "contact_unknown_count": 0}, None),
        ({"contact_known": True, "contact_unknown_count": 1}, 30),
        ({"contact_unknown_count": 1}, 30),
    ],
    ids=str,
)
def test_posting_stands_in_where_contact_is_unknown(
    duty: str, contact: dict[str, Any], days: int | None
) -> None:
    sectors, facts = OWED[duty]
    item = answered(duty, sectors, {**facts, "person_count": 5, **contact})
    assert item is not None
    assert item["posting_days"] == days
    assert item["posting"]["days"] == 30


@pytest.mark.parametrize(
    ("occurred", "count", "days"),
    [
        ("2017-10-18", 9_999, None),
        ("2017-10-18", 10_000, 7),
        ("2017-10-19", 999, None),
        ("2017-10-19", 1_000, 7),
        ("2017-10-19", None, None),
    ],
)
def test_the_old_notice_is_posted_too_from_the_threshold_on(
    occurred: str, count: int | None, days: int | None
) -> None:
    facts: dict[str, Any] = {
        "occurred_at": f"{occurred}T10:00+09:00",
        "leak_known_at": "2018-05-10T10:00+09:00",
    }
    item = answered("kr.pipa.s34.subject_notice.v1", {}, {**facts, "person_count": count})
    assert item is not None
    assert item["posting_days"] == days


@pytest.mark.parametrize("effect", ["forgery", "alteration", "damage"])
@pytest.mark.parametrize(
    "duty", ["subject_notice.v1", "subject_notice.v2", "report.v1a", "report.v1b", "report.v2"]
)
def test_damage_alone_before_2026_is_not_due_with_a_reservation(duty: str, effect: str) -> None:
    sectors, facts = OWED[f"kr.pipa.s34.{duty}"]
    answer = rules.assess("duties", {"organization": sectors, "incident": {**facts, "effect": [effect]}})
    (item,) = [item for item in answer["not_due"] if item["id"] == f"kr.pipa.s34.{duty}"]
    assert item["confidence"] == "inferred"
    assert item["open_question"].endswith("판단하여야 합니다.")


USERS_TOLD = "kr.na.s48_3.user_notice.v1"


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"outage_minutes": 119}, "unsettled"),
        ({"effect": ["damage"], "is_user_data": True}, "prompt"),
        ({"effect": ["loss"], "is_user_data": True}, "prompt"),
        ({"leak_known_at": "2026-10-11T10:00+09:00", "is_user_data": True}, "prompt"),
        ({"leak_known_at": "2026-10-11T10:00+09:00", "is_user_data": False}, "unsettled"),
        ({"is_user_data": False, "outage_minutes": 0, "comparable_serious_effect": False}, "not_due"),
        ({"is_user_data": False, "outage_minutes": 0, "comparable_serious_effect": True}, "prompt"),
    ],
    ids=str,
)
def test_users_are_told_of_three_kinds_of_incident(facts: dict[str, Any], expected: str) -> None:
    assert state(USERS_TOLD, **{"outage_minutes": None, **facts}) == expected


def test_the_user_notice_may_run_from_the_leak_by_illegal_access() -> None:
    facts: dict[str, Any] = {
        "occurred_at": "2026-10-10T09:00+09:00",
        "leak_known_at": "2026-10-11T10:00+09:00",
        "is_user_data": True,
    }
    told = answered(USERS_TOLD, ICSP, {**facts, "illegal_external_access": True})
    assert told is not None
    assert (told["state"], told["anchor"]) == ("unsettled", "leak_known_at")
    assert answered(USERS_TOLD, ICSP, {**facts, "illegal_external_access": False}) is None


def test_a_processor_who_knew_alone_opens_the_report_too() -> None:
    facts: dict[str, Any] = {"processor_known_at": "2026-10-10T10:00+09:00", "person_count": 1_000}
    item = answered("kr.pipa.s34.report.v3", {}, facts)
    assert item is not None
    assert (item["state"], item["anchor"]) == ("unsettled", "processor_known_at")


def test_an_answer_names_the_recipients_in_korean_and_who_is_enough() -> None:
    item = answered("kr.pipa.s39_4.notice_report.v1", *OWED["kr.pipa.s39_4.notice_report.v1"])
    assert item is not None
    assert item["recipient_groups"] == [["user"], ["pipc", "kisa"]]
    assert item["recipient_labels"] == ["이용자", "개인정보 보호위원회", "한국인터넷진흥원"]


def test_the_working_ends_in_the_deadline_and_the_ceiling() -> None:
    item = answered("kr.pipa.s34.report.v3", *OWED["kr.pipa.s34.report.v3"])
    assert item is not None
    values = {step["code"]: step["value"] for step in item["steps"]}
    assert values == {"version": "v3", "clock": item["due_at"], "sanction": item["sanction_ceiling"]}
    assert "민법 제156조" in [cite for step in item["steps"] for cite in step["cite"]]
