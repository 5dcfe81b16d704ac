"""The slider of the past in a real browser: by pointer, by keyboard, and without JavaScript."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from incidents import services
from incidents.clocks import in_address
from incidents.services import FactChange
from tests.core.accounts.factories import PASSWORD
from tests.incidents.pages import office

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.any_database]
HOUR = timedelta(hours=1)


@pytest.fixture
def place(transactional_db):
    """A case that began five hours ago and changed every hour."""
    opened = (timezone.now() - 5 * HOUR).replace(microsecond=0)
    place = office(now=opened)
    for hours in (1, 2, 3):
        services.record_facts(
            case_id=place.case.pk,
            changes=[FactChange("person_count", hours * 1000)],
            actor=place.case.lead,
            now=opened + hours * HOUR,
            reason="다시 셈",
        )
    return place


def past(live_server, place):
    return live_server.url + reverse("notifications:case-past", args=[place.case.reference])


def test_letting_go_of_the_thumb_opens_the_instant_under_it(live_server, sign_in, place, desktop_page):
    page = desktop_page
    sign_in(page, email=place.people["handler"].email, password=PASSWORD)
    page.goto(past(live_server, place))
    expect(page.locator(".bd-facts").get_by_text("3,000명")).to_be_visible()

    box = page.get_by_role("slider").bounding_box()
    page.mouse.move(box["x"] + box["width"] - 10, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 3, box["y"] + box["height"] / 2)
    page.mouse.up()

    page.wait_for_url(re.compile(r"\?at="))
    expect(page.locator(".bd-facts").get_by_text("1,000명")).to_be_visible()
    expect(page.locator(".bd-banner-past")).to_contain_text("과거 화면입니다")


def test_arrows_move_the_thumb_and_enter_opens(live_server, sign_in, place, desktop_page):
    page = desktop_page
    sign_in(page, email=place.people["handler"].email, password=PASSWORD)
    page.goto(past(live_server, place))
    thumb, address = page.get_by_role("slider"), page.url

    thumb.focus()
    page.keyboard.press("ArrowLeft")

    assert page.url == address
    expect(page.locator("[data-bd-past-at]")).to_contain_text("KST")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"\?at="))
    expect(page.locator(".bd-facts").get_by_text("2,000명")).to_be_visible()


def test_without_javascript_buttons_and_the_typed_time_lead_through_the_history(
    live_server, client, new_context, place
):
    client.force_login(place.people["handler"])
    context = new_context(java_script_enabled=False)
    context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
    )
    page = context.new_page()
    page.goto(past(live_server, place))

    page.get_by_role("link", name="앞 이력").click()
    expect(page.locator(".bd-facts").get_by_text("2,000명")).to_be_visible()

    page.get_by_label("언제의 사건을 봅니까?").fill(in_address(place.case.opened_at + HOUR))
    page.get_by_role("button", name="그때 보기").click()
    expect(page.locator(".bd-facts").get_by_text("1,000명")).to_be_visible()

    page.get_by_role("link", name="지금으로").click()
    page.wait_for_url(re.compile(rf"/cases/{place.case.reference}/$"))
