"""Which facts matter to an organisation follows from the conditions of its duties, not from a list."""

import pytest

import rules

SECTORS = [
    entry.name
    for entry in rules.vocabulary("duties")
    if entry.scope == "organization" and entry.kind == "flag"
]


def test_the_facts_of_the_general_duties_matter_to_everybody():
    assert {"leak_known_at", "person_count", "has_sensitive", "contact_unknown_count"} <= (
        rules.facts_that_matter({})
    )


@pytest.mark.parametrize(
    ("sector", "fact"),
    [
        ("is_financial", "efinance_disrupted"),
        ("is_telecom", "is_paid_service"),
        ("is_medical", "medical_records_affected"),
        ("is_gdpr_controller", "eu_high_risk"),
        ("is_appi_business", "japan_person_count"),
        ("does_business_in_california", "california_notice_given_at"),
        ("is_icsp", "confirmed_facts"),
        ("is_itp_holder", "technology_breach_known_at"),
    ],
)
def test_the_facts_of_a_sector_matter_to_that_sector_only(sector, fact):
    assert fact in rules.facts_that_matter({sector: True})
    assert fact not in rules.facts_that_matter({sector: False})
    assert fact not in rules.facts_that_matter({})


def test_a_figure_not_stated_leaves_the_duty_possible_and_one_too_small_rules_it_out():
    small = {"is_telecom": True, "telecom_kind": "value_added"}
    assert "is_paid_service" in rules.facts_that_matter(small)
    assert "is_paid_service" not in rules.facts_that_matter({**small, "prior_year_telecom_revenue": "1"})


@pytest.mark.parametrize("sector", SECTORS)
def test_one_sector_more_takes_nothing_away(sector):
    assert rules.facts_that_matter({}) <= rules.facts_that_matter({sector: True})


def test_no_open_answer_names_a_fact_that_would_not_be_asked():
    organization = dict.fromkeys(SECTORS, True)
    incident = {"leak_known_at": "2026-11-21T09:12+09:00", "intrusion_known_at": "2026-11-21T09:12+09:00"}
    for known in (organization, {"is_icsp": True}, {}):
        answer = rules.assess("duties", {"organization": known, "incident": incident})
        stated = {entry.name for entry in rules.vocabulary("duties") if entry.scope == "incident"}
        missing = {name for duty in answer["duties"] for name in duty.get("missing", ())} & stated
        assert missing <= rules.facts_that_matter(known)
