"""What stays open although a sector's duty is not owed: the answer says what to enter or to decide."""

from __future__ import annotations

from typing import Any

import pytest

import rules

AT = "2026-11-02T10:00+09:00"
DISCLOSED = {"leak_known_at": AT, "person_count": 10_000}
STOPPED = {"occurred_at": AT}
INTRUDED = {"occurred_at": AT, "intrusion_known_at": AT, "outage_minutes": 60}
VALUE_ADDED = {"is_telecom": True, "telecom_kind": "value_added"}


def open_question(family: str, organization: dict[str, Any], incident: dict[str, Any]) -> str | None:
    """The open question of a duty that is not owed; an error if it is owed."""
    answer = rules.assess("duties", {"organization": organization, "incident": incident})
    (item,) = [item for item in answer["not_due"] if item["family"] == family]
    question: str | None = item["open_question"]
    return question


@pytest.mark.parametrize(
    ("family", "organization", "incident"),
    [
        ("kr.cia.s39_4.subject_notice", {"is_credit_entity": True}, {**DISCLOSED, "effect": ["damage"]}),
        ("kr.cia.s39_4.subject_notice", {"is_credit_entity": True}, {**DISCLOSED, "effect": ["forgery"]}),
        ("kr.cia.s39_4.report", {"is_credit_entity": True}, {**DISCLOSED, "effect": ["alteration"]}),
        (
            "kr.cia.s39_4.report_pipc",
            {"is_commercial_credit_user": True},
            {**DISCLOSED, "effect": ["damage"]},
        ),
        (
            "kr.cia.s39_4.public_notice",
            {"is_commercial_credit_user": True},
            {**DISCLOSED, "effect": ["damage"]},
        ),
        (
            "kr.cia.s39_4.report_pipc",
            {"is_commercial_credit_user": True},
            {**DISCLOSED, "person_count": 9_999},
        ),
        ("kr.cia.s39_4.report_pipc", {"is_commercial_credit_user": True}, {**DISCLOSED, "person_count": 1}),
        ("kr.efsr.s37_5.accident", {"is_financial": True}, {"outage_known_at": AT, "outage_minutes": 9}),
        ("kr.na.s46_6.idc_outage", {"is_idc_operator": True}, {**STOPPED, "outage_minutes": 29}),
        ("kr.cloud.s25.user_notice", {"is_cloud_provider": True}, {**STOPPED, "outage_minutes": 9}),
        ("kr.tba.s33_2.outage_a", {"is_telecom": True, "telecom_kind": "common"}, INTRUDED),
        ("kr.tba.s33_2.outage_a", VALUE_ADDED, INTRUDED),
        ("kr.tba.s33_2.outage_b", VALUE_ADDED, {**INTRUDED, "restored_at": AT}),
        ("kr.tba.s33_2.outage_a", VALUE_ADDED, {**INTRUDED, "occurred_at": "2025-03-27T10:00+09:00"}),
    ],
)
def test_a_duty_not_owed_says_what_is_open(
    family: str, organization: dict[str, Any], incident: dict[str, Any]
) -> None:
    question = open_question(family, organization, incident)
    assert question is not None
    assert question.endswith("야 합니다.")


@pytest.mark.parametrize(
    ("family", "organization", "incident"),
    [
        ("kr.cia.s39_4.subject_notice", {}, {**DISCLOSED, "effect": ["damage"]}),
        ("kr.cia.s39_4.report", {}, {**DISCLOSED, "effect": ["damage"]}),
        ("kr.cia.s39_4.report_pipc", {}, {**DISCLOSED, "person_count": 9_999}),
        ("kr.cia.s39_4.report_pipc", {"is_commercial_credit_user": True}, {**DISCLOSED, "person_count": 0}),
        ("kr.efsr.s37_5.accident", {}, {"outage_known_at": AT, "outage_minutes": 9}),
        (
            "kr.efsr.s37_5.accident",
            {"is_financial": True},
            {"outage_known_at": AT, "outage_minutes": 9, "other_efinance_accident": False},
        ),
        ("kr.na.s46_6.idc_outage", {}, {**STOPPED, "outage_minutes": 29}),
        (
            "kr.na.s46_6.idc_outage",
            {"is_idc_operator": True},
            {**STOPPED, "outage_minutes": 24, "outage_count_24h": 2, "outage_minutes_24h": 44},
        ),
        ("kr.cloud.s25.user_notice", {}, {**STOPPED, "outage_minutes": 9}),
        (
            "kr.cloud.s25.user_notice",
            {"is_cloud_provider": True},
            {**STOPPED, "outage_minutes": 7, "outage_count_24h": 2, "outage_minutes_24h": 14},
        ),
        ("kr.tba.s33_2.outage_a", {}, INTRUDED),
        ("kr.tba.s33_2.outage_a", VALUE_ADDED, {**STOPPED, "outage_minutes": 60}),
        (
            "kr.tba.s33_2.outage_a",
            {**VALUE_ADDED, "prior_year_telecom_revenue": "9999999999"},
            INTRUDED,
        ),
        ("kr.tba.s33_2.outage_a", {**VALUE_ADDED, "fourth_quarter_daily_users": 999_999}, INTRUDED),
    ],
)
def test_a_duty_that_cannot_be_owed_asks_nothing(
    family: str, organization: dict[str, Any], incident: dict[str, Any]
) -> None:
    assert open_question(family, organization, incident) is None


@pytest.mark.parametrize("family", ["kr.pipa.s34.subject_notice", "kr.pipa.s34.report"])
@pytest.mark.parametrize(
    ("organization", "facts", "expected"),
    [
        ({"is_credit_entity": True}, {}, "unsettled"),
        ({"is_credit_entity": True}, {"is_credit_data": True}, "unsettled"),
        ({"is_credit_entity": True}, {"is_credit_data": False}, "due"),
        ({"is_credit_entity": True, "is_commercial_credit_user": True}, {}, "due"),
        ({}, {"is_credit_data": True}, "due"),
    ],
)
@pytest.mark.parametrize("known", ["2024-05-10T10:00+09:00", AT])
def test_article_34_beside_the_credit_act_is_open_for_credit_data_only(
    family: str, organization: dict[str, Any], facts: dict[str, Any], expected: str, known: str
) -> None:
    incident = {**DISCLOSED, "leak_known_at": known, "effect": ["leak"], **facts}
    answer = rules.assess("duties", {"organization": organization, "incident": incident})
    (item,) = [item for item in answer["duties"] if item["family"] == family]
    assert item["state"] == expected
