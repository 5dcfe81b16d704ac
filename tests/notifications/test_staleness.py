"""A met duty stays met; the paper that met it says which of its facts have changed since."""

import pytest
from django.urls import reverse

from incidents import services as incidents
from incidents.clocks import State, state_of
from incidents.services import FactChange
from notifications.models import Filing, PaperKind
from notifications.services import filings
from notifications.staleness import changed_since_given
from tests.notifications.paper_cases import HOUR, KNOWN, approved, clock_of_paper, given, scene, started

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]
REPORT = {"recipient": "pipc", "channels": ("web_form",), "told_count": None, "receipt_number": "2026-1"}


def filed():
    one = scene()
    paper = started(one, PaperKind.PIPC_REPORT)
    approved(one, paper)
    at = KNOWN + 5 * HOUR
    filings.record_filing(version_id=paper.latest().pk, given=given(at, **REPORT), actor=one.handler, now=at)
    return one, paper


def state(one, name, value, *, certainty="confirmed", hours=6):
    incidents.record_facts(
        case_id=one.case.pk,
        changes=[FactChange(name, value, certainty)],
        actor=one.handler,
        now=KNOWN + hours * HOUR,
        reason="다시 셈",
    )


def changed(paper):
    return [(fact.label, fact.before, fact.after) for fact in changed_since_given(list(Filing.objects.all()))]


def test_what_was_filed_is_fresh_until_a_fact_changes():
    one, paper = filed()
    assert changed(paper) == []
    state(one, "person_count", 5000)
    assert changed(paper) == [("정보주체 수", "1,200명 (추정)", "5,000명 (확인)")]


def test_the_met_clock_stays_met():
    one, paper = filed()
    state(one, "person_count", 5000)
    assert state_of(clock_of_paper(paper), KNOWN + 80 * HOUR) is State.MET


def test_a_fact_the_paper_does_not_tell_leaves_it_fresh():
    one, paper = filed()
    state(one, "ceo_informed_at", KNOWN + HOUR)
    assert changed(paper) == []


def test_a_correction_that_comes_back_to_the_same_value_leaves_it_fresh():
    one, paper = filed()
    state(one, "person_count", 5000)
    state(one, "person_count", 1200, certainty="estimated", hours=7)
    assert changed(paper) == []


def test_a_paper_that_was_not_given_is_not_called_stale():
    one = scene()
    paper = started(one, PaperKind.PIPC_REPORT)
    state(one, "person_count", 5000)
    assert changed(paper) == []


def test_the_reports_tab_names_what_changed(client):
    one, _paper = filed()
    state(one, "person_count", 5000)
    client.force_login(one.handler)
    page = client.get(reverse("notifications:case-reports", args=[one.case.reference])).content.decode()
    assert "그 뒤 사실이 바뀜" in page
    assert "1,200명 (추정) → 5,000명 (확인)" in page
