"""Whether a duty owes a notice or a report is read from whom it names, never from what it is called."""

from datetime import datetime

import pytest
from django.urls import reverse

from incidents.clocks import clock_of
from incidents.models import Deadline, Duty
from incidents.recipients import PEOPLE, tells_authority, tells_people
from incidents.services import FactChange
from notifications.layouts import kinds_of
from notifications.models import PaperKind
from rules.kr.codes import codes
from tests.clock import KST
from tests.incidents.factories import KNOWN
from tests.incidents.pages import office

NOTICE, REPORT = "통지문 열기", "신고서 열기"


@pytest.mark.parametrize(
    ("recipient", "people", "authority"),
    [
        (["data_subject"], True, False),
        (["affected_user"], True, False),
        (["pipc", "kisa"], False, True),
        (["user", "pipc", "kisa"], True, True),
        ([], False, False),
    ],
)
def test_whom_a_duty_names_decides(recipient, people, authority):
    terms = {"recipient": recipient}

    assert (tells_people(terms), tells_authority(terms)) == (people, authority)


def test_the_codes_of_people_are_codes_of_the_law():
    assert set(codes()["recipients"]) >= PEOPLE


def test_an_unknown_family_gets_the_papers_its_recipients_ask_for():
    terms = {"recipient": ["user", "kcc"]}

    assert kinds_of("kr.x.notice_of_nothing", {"recipient": ["kcc"]}) == (PaperKind.STATUTORY_REPORT,)
    assert kinds_of("kr.x", terms) == (PaperKind.STATUTORY_NOTICE, PaperKind.STATUTORY_REPORT)


@pytest.mark.django_db
def test_a_report_whose_family_has_the_word_notice_in_it_leads_to_the_reports():
    place = office()
    deadline = place.case.deadlines.get(duty__family="kr.pipa.s34.report")
    Duty.objects.filter(pk=deadline.duty_id).update(family="kr.x.report_without_notice")
    client = place.client("handler")

    page = client.get(
        reverse("incidents:deadline", args=[place.case.reference, deadline.pk])
    ).content.decode()

    assert (NOTICE in page, REPORT in page) == (False, True)


@pytest.mark.django_db
def test_a_duty_of_both_leads_to_both():
    known = datetime(2021, 3, 2, 10, 0, tzinfo=KST)
    place = office(
        now=known,
        facts=[
            FactChange("leak_known_at", known),
            FactChange("effect", ["leak"]),
            FactChange("is_user_data", True),
        ],
    )
    deadline = Deadline.objects.get(case=place.case, duty__family="kr.pipa.s39_4.notice_report")
    client = place.client("handler")

    page = client.get(
        reverse("incidents:deadline", args=[place.case.reference, deadline.pk])
    ).content.decode()

    assert (NOTICE in page, REPORT in page) == (True, True)


@pytest.mark.django_db
def test_each_clock_of_a_case_owes_what_its_recipients_say():
    place = office()

    owed = {
        deadline.duty.family: (clock.owes_notice, clock.owes_report)
        for deadline in place.case.deadlines.select_related("duty", "case")
        if (clock := clock_of(deadline, KNOWN))
    }

    assert owed["kr.pipa.s34.subject_notice"] == (True, False)
    assert owed["kr.pipa.s34.report"] == (False, True)
