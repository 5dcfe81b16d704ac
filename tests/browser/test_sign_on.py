"""Single sign-on in a real browser: the page's own policy lets it go to the provider and come back."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.looking import PHONE, looked_at
from tests.core.access.openid_provider import believe, running_provider, say_next
from tests.core.accounts.factories import MembershipFactory

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.any_database]


def test_one_button_leads_to_the_provider_and_back_into_the_house(
    live_server, new_context: Callable[..., BrowserContext], settings
) -> None:
    # Given somebody with an account, whom the provider knows
    person = MembershipFactory().user
    page = new_context(viewport=PHONE, reduced_motion="reduce").new_page()
    with running_provider() as issuer:
        believe(settings, issuer)
        say_next(issuer, sub="subject-1", email=person.email, email_verified=True)
        # When they press the button
        page.goto(f"{live_server.url}/accounts/login/")
        found = looked_at(page, "account_login with sign-on")
        page.get_by_role("button", name="회사 계정으로 로그인(그룹 SSO)").click()
        # Then they are in
        expect(page).to_have_url(re.compile(rf"{live_server.url}/$"))
        assert found == []


def test_the_page_on_the_way_is_one_to_look_at(live_server, phone_page: Page, settings) -> None:
    with running_provider() as issuer:
        believe(settings, issuer)
        phone_page.route(f"{issuer}/**", lambda route: route.abort())  # stay on the way
        phone_page.goto(f"{live_server.url}/accounts/login/")
        phone_page.get_by_role("button", name="회사 계정으로 로그인(그룹 SSO)").click()
        expect(phone_page.get_by_role("link", name="바로 옮겨 가기")).to_be_visible()
