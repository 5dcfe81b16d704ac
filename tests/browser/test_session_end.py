"""The end of a session as a person meets it: warned two minutes before, one key goes on, what was typed is kept."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from core.access.models import PersonSession
from tests.browser.looking import looked_at
from tests.core.accounts.factories import PASSWORD

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.any_database]
MINUTE = 60_000


def silent_for(house, **span: int) -> None:
    """As if the handler had done nothing for so long."""
    PersonSession.objects.filter(user=house.people["handler"]).update(
        active_at=timezone.now() - timedelta(**span)
    )


def opened(visit, server, house) -> Page:
    page = visit("handler")
    page.clock.install()
    page.goto(server.url + reverse("incidents:case-intake", args=[house.case.reference]))
    return page


def test_two_minutes_before_the_end_one_key_goes_on(live_server, visit, house):
    page = opened(visit, live_server, house)
    silent_for(house, minutes=13, seconds=30)
    page.clock.fast_forward(13 * MINUTE + 1000)
    dialog = page.locator("[data-bd-session]")
    expect(dialog).to_contain_text("곧 접속이 끊깁니다")
    expect(dialog.get_by_role("button", name="계속 쓰기")).to_be_focused()
    wrong = looked_at(page, "session ends soon")
    page.keyboard.press("Enter")
    expect(dialog).to_be_hidden()
    assert timezone.now() - PersonSession.objects.open().get().active_at < timedelta(minutes=1)
    assert wrong == []


def test_a_tab_used_meanwhile_keeps_this_one_quiet(live_server, visit, house):
    page = opened(visit, live_server, house)
    silent_for(house, minutes=1)  # the other tab was used a minute ago
    with page.expect_response("**/accounts/sessions/state/"):
        page.clock.fast_forward(13 * MINUTE + 1000)
    expect(page.locator("[data-bd-session]")).to_be_hidden()


def test_after_the_end_the_page_is_covered_and_the_words_come_back(live_server, visit, house):
    page = opened(visit, live_server, house)
    page.locator("[name=summary]").fill("방금 적은 문장")
    silent_for(house, minutes=16)
    page.clock.fast_forward(14 * MINUTE)
    dialog = page.locator("[data-bd-session]")
    expect(dialog).to_contain_text("접속이 끝나 화면을 가렸습니다")
    page.keyboard.press("Escape")
    expect(dialog).to_be_visible()
    wrong = looked_at(page, "session is over")
    dialog.get_by_role("link").click()
    page.locator("input[name=login]").fill(house.people["handler"].email)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("form:has(input[name=password]) [type=submit]").first.click()
    expect(page.locator("[name=summary]")).to_have_value("방금 적은 문장")
    assert wrong == []
