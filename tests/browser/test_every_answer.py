"""The pages that only an act leads to: refusals, results, two people's texts, the second factor, a closed case."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.contrib.auth.models import AnonymousUser
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, Route, expect

from incidents.services import close_case, dismiss_deadline
from tests.browser.looking import looked_at
from tests.core.accounts.factories import PASSWORD
from tests.notifications.paper_cases import rewritten

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.any_database]


def answering(body: str) -> Callable[[Route], None]:
    return lambda route: route.fulfill(body=body, content_type="text/html")


def enter(page: Page, server: Any, email: str, password: str) -> None:
    page.goto(f"{server.url}/accounts/login/")
    page.locator("input[name=login]").fill(email)
    page.locator("input[name=password]").fill(password)
    page.locator("form:has(input[name=password]) [type=submit]").first.click()


def six_digits(secret: str) -> str:
    """What an authenticator shows now."""
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


def test_refused_and_locked_out(live_server, visit, house):
    visitor = visit("")
    enter(visitor, live_server, "nobody@example.org", "wrong")
    expect(visitor.get_by_role("alert").first).to_be_visible()
    wrong = looked_at(visitor, "refused sign-in")

    for _number in range(4):
        enter(visitor, live_server, "nobody@example.org", "wrong")
    expect(visitor.locator("main")).to_contain_text("15분")
    wrong += looked_at(visitor, "locked out")
    assert wrong == []


def test_a_change_of_a_fact_and_a_fact_two_people_change(live_server, visit, house):
    case = house.case.reference
    handler = visit("handler")
    handler.goto(live_server.url + reverse("incidents:change-fact", args=[case, "leak_known_at"]))
    handler.locator("input[name=leak_known_at]").fill(f"{datetime.now(UTC):%Y-%m-%d} 00:01")
    handler.get_by_role("button", name="결과 먼저 보기").click()
    handler.wait_for_load_state("networkidle")
    wrong = looked_at(handler, "change of a fact")

    address = live_server.url + reverse("incidents:change-fact", args=[case, "person_count"])
    handler.goto(address)
    second = handler.context.new_page()
    second.goto(address)
    for page, count in ((second, "1500"), (handler, "1600")):
        page.locator("input[name=person_count]").fill(count)
        page.get_by_role("button", name="결과 먼저 보기").click()
        page.get_by_role("textbox", name="고치는 사유").fill("명단 대조")
        page.get_by_role("button", name="변경 적용").click()
        if page is second:
            page.wait_for_url(re.compile("/facts/$"))
    expect(handler.locator("main")).to_contain_text("어느 쪽도 지워지지 않습니다")
    wrong += looked_at(handler, "a fact two people changed")
    assert wrong == []


def test_two_texts_and_a_stale_decision(live_server, visit, house):
    case = house.case.reference
    handler = visit("handler")
    handler.goto(live_server.url + reverse("notifications:edit-paper", args=[case, house.drafted.number]))
    rewritten(house.one, house.drafted, rights="저장된 글")
    handler.locator("textarea[name$=rights]").fill("내가 쓴 글")
    handler.get_by_role("button", name="새 판 저장하기").click()
    expect(handler.locator("main")).to_contain_text("어느 쪽도 지워지지 않습니다")
    wrong = looked_at(handler, "two texts")

    approver = visit("approver")
    approver.goto(live_server.url + reverse("notifications:paper", args=[case, house.ready.number]))
    rewritten(house.one, house.ready, institution="다른 이름")
    approver.get_by_role("button", name="돌려보내기").click()
    wrong += looked_at(approver, "stale decision")
    assert wrong == []


def test_a_session_that_ended_while_typing(live_server, visit, house):
    handler = visit("handler")
    handler.goto(live_server.url + reverse("incidents:case-intake", args=[house.case.reference]))
    handler.context.clear_cookies(name="sessionid")
    handler.locator("[name=summary]").fill("방금 적은 문장")
    expect(handler.locator("[data-bd-draft-status], .bd-draft").first).to_contain_text(
        "로그인", timeout=10_000
    )
    wrong = looked_at(handler, "session ended while typing")
    handler.locator("main form button[type=submit].btn-primary").click()
    expect(handler.locator("input[name=password]")).to_be_visible()
    wrong += looked_at(handler, "session ended when sent")
    assert wrong == []


def test_a_token_made_and_taken_back(live_server, visit, house):
    handler = visit("handler")
    handler.goto(live_server.url + reverse("accounts:create-token"))
    handler.locator("input[name=name]").fill("감시")
    handler.get_by_label("사건 읽기").check()
    handler.locator("main form [type=submit]").click()
    expect(handler.locator("main")).to_contain_text("한 번만")
    wrong = looked_at(handler, "a token made")
    handler.goto(live_server.url + reverse("accounts:token-list"))
    wrong += looked_at(handler, "tokens")
    handler.locator("main a[href$='/revoke/']").click()
    wrong += looked_at(handler, "taking a token back")
    assert wrong == []


def test_the_second_factor(live_server, visit, house):
    admin, email = visit("admin"), house.people["admin"].email
    admin.goto(live_server.url + reverse("mfa_activate_totp"))
    admin.locator("input[name=password]").fill(PASSWORD)  # asked once more before an account is changed
    admin.locator("main form [type=submit]").click()
    wrong = looked_at(admin, "turning the second factor on")
    secret = admin.locator(".bd-code").inner_text().strip()
    admin.locator("input[name=code]").fill(six_digits(secret))
    admin.locator("main form [type=submit]").click()
    admin.wait_for_url(lambda url: "activate" not in url)
    wrong += looked_at(admin, "after the second factor is on")
    codes = admin.locator("textarea").input_value().split()  # shown this once
    assert codes
    for name in (
        "mfa_index",
        "mfa_view_recovery_codes",
        "mfa_generate_recovery_codes",
        "mfa_deactivate_totp",
    ):
        answer = admin.goto(live_server.url + reverse(name))
        assert answer.status == 200
        wrong += looked_at(admin, f"{name} with one")
    admin.goto(live_server.url + reverse("mfa_view_recovery_codes"))
    expect(admin.locator("textarea")).to_have_count(0)

    visitor = visit("")
    enter(visitor, live_server, email, PASSWORD)
    expect(visitor.locator("input[name=code]")).to_be_visible()
    wrong += looked_at(visitor, "asked for the second factor")
    visitor.locator("input[name=code]").fill("000000")
    visitor.locator("form:has(input[name=code]) [type=submit]").first.click()
    expect(visitor.get_by_role("alert").first).to_be_visible()
    wrong += looked_at(visitor, "a wrong second factor")
    visitor.locator("input[name=code]").fill(codes[0])
    visitor.locator("form:has(input[name=code]) [type=submit]").first.click()
    visitor.wait_for_url(lambda url: "/accounts/" not in url)

    admin.goto(live_server.url + reverse("mfa_reauthenticate"))
    wrong += looked_at(admin, "asked again for the second factor")
    assert wrong == []


def test_a_closed_case(live_server, visit, house):
    case, cpo = house.case, house.people["cpo"]
    now = timezone.now()
    for deadline in case.deadlines.running():
        dismiss_deadline(deadline_id=deadline.pk, reason="법무 검토", actor=cpo, now=now)
    close_case(case_id=case.pk, actor=cpo, now=now, reason="모든 기한이 끝났습니다.")
    page = visit("cpo")
    wrong = []
    for name in ("case-overview", "case-clocks", "case-facts", "reopen-case"):
        answer = page.goto(live_server.url + reverse(f"incidents:{name}", args=[case.reference]))
        assert answer.status == 200
        wrong += looked_at(page, f"{name} of a closed case")
    assert wrong == []


def test_what_nobody_wants_to_see(live_server, visit, house):
    visitor, wrong = visit(""), []
    request = RequestFactory().get("/")
    request.user = AnonymousUser()
    for template, context in (("500.html", {}), ("413.html", {"limit": 10})):
        shown = render_to_string(template, context, request=request)
        visitor.route("**/shown/", answering(shown))
        visitor.goto(f"{live_server.url}/shown/")
        wrong += looked_at(visitor, template)
        visitor.unroute("**/shown/")
    assert wrong == []
