"""What is typed survives a session that ends between the last key and the button."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from incidents.models import FactRevision
from tests.core.accounts.factories import PASSWORD
from tests.incidents.pages import office

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.any_database]


@pytest.fixture
def place(transactional_db):
    return office()


@pytest.fixture
def intake(live_server, sign_in, place, desktop_page):
    """The page of the first questions, signed in."""
    sign_in(desktop_page, email=place.people["handler"].email, password=PASSWORD)
    desktop_page.goto(live_server.url + reverse("incidents:case-intake", args=[place.case.reference]))
    return desktop_page


def send(page, words):
    page.locator("[name=summary]").fill(words)
    page.locator("main form button[type=submit].btn-primary").click()


def test_words_sent_after_the_session_ended_are_back_after_signing_in(intake, place):
    intake.context.clear_cookies(name="sessionid")
    send(intake, "방금 적은 문장")
    expect(intake.locator("input[name=password]")).to_be_visible()
    intake.locator("input[name=login]").fill(place.people["handler"].email)
    intake.locator("input[name=password]").fill(PASSWORD)
    intake.locator("form:has(input[name=password]) [type=submit]").first.click()

    expect(intake.locator("[name=summary]")).to_have_value("방금 적은 문장")


def test_words_that_arrived_are_not_put_back(intake, place, live_server):
    send(intake, "저장한 문장")
    intake.wait_for_url(live_server.url + place.case.get_absolute_url())
    intake.goto(live_server.url + reverse("incidents:case-intake", args=[place.case.reference]))

    expect(intake.locator("[name=summary]")).to_have_value("저장한 문장")
    assert intake.evaluate("Object.keys(sessionStorage).filter((key) => key.startsWith('bd-draft'))") == []
    assert FactRevision.objects.filter(name="summary").count() == 1
