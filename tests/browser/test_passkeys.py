"""A passkey, with an authenticator that the browser plays: registered, used as second factor, used alone, taken away."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from core.audit.models import Event
from tests.browser.looking import looked_at
from tests.core.accounts.factories import PASSWORD

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.any_database]


def with_authenticator(page: Page) -> None:
    speaking = page.context.new_cdp_session(page)
    speaking.send("WebAuthn.enable")
    speaking.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )


def sign_out(page: Page, server: Any) -> None:
    page.context.clear_cookies()
    page.goto(server.url + reverse("account_login"))


def test_a_passkey_from_beginning_to_end(live_server, visit, house):
    page, person = visit("admin"), house.people["admin"]
    with_authenticator(page)
    page.goto(live_server.url + reverse("mfa_add_webauthn"))
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("main form [type=submit]").first.click()
    page.locator("input[name=passwordless]").check()
    wrong = looked_at(page, "registering a passkey")
    page.locator("#mfa_webauthn_add").click()
    page.wait_for_url(re.compile("recovery-codes|2fa/$"))
    assert Event.objects.filter(action="person.second-factor-added", actor=person).exists()
    page.goto(live_server.url + reverse("mfa_list_webauthn"))
    wrong += looked_at(page, "passkeys")

    sign_out(page, live_server)
    page.locator("input[name=login]").fill(person.email)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("form:has(input[name=password]) [type=submit]").first.click()
    expect(page.locator("#mfa_webauthn_authenticate")).to_be_visible()
    wrong += looked_at(page, "asked for the passkey")
    page.locator("#mfa_webauthn_authenticate").click()
    page.wait_for_url(lambda url: "/accounts/" not in url)

    sign_out(page, live_server)
    page.locator("#passkey_login").click()
    page.wait_for_url(lambda url: "/accounts/" not in url)

    page.goto(live_server.url + reverse("mfa_reauthenticate_webauthn"))
    wrong += looked_at(page, "asked again for the passkey")
    page.locator("#mfa_webauthn_reauthenticate").click()
    page.wait_for_url(lambda url: "reauthenticate" not in url)
    for link, heading in (("이름 바꾸기", "패스키 이름"), ("패스키 지우기", "패스키 지우기")):
        page.goto(live_server.url + reverse("mfa_list_webauthn"))
        page.get_by_role("link", name=re.compile(link)).click()
        expect(page.locator("h1")).to_contain_text(heading)
        wrong += looked_at(page, heading)
    page.get_by_role("button", name="패스키 지우기").click()
    expect(page.locator("main")).to_contain_text("등록한 패스키가 없습니다")
    assert wrong == []
