"""The explanation opens in place, and as a page where there are no scripts; supposing works on a phone."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from tests.core.accounts.factories import PASSWORD
from tests.incidents.open_cases import PSEUDONYMISED, stated
from tests.incidents.pages import office

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.any_database]


@pytest.fixture
def place(transactional_db):
    now = timezone.now()
    place = office(now=now - timedelta(hours=2))
    stated(
        place.case,
        now=now - timedelta(hours=1),
        leak_known_at=now - timedelta(hours=2),
        person_count=2,
        is_pseudonymised_only=True,
        illegal_external_access=True,
    )
    return place


def address(live_server, name, place, *more):
    return live_server.url + reverse(f"incidents:{name}", args=[place.case.reference, *more])


def test_reasons_open_in_place(live_server, sign_in, place, desktop_page):
    page = desktop_page
    sign_in(page, email=place.people["cpo"].email, password=PASSWORD)
    page.goto(address(live_server, "case-clocks", place))
    expect(page.locator("#open-points")).to_contain_text("판단 필요")

    page.locator("summary", has_text="해당하지 않는 의무와 이유").click()
    expect(page.locator("#not-due")).to_contain_text("해당하게 되는 경우")

    report = place.case.deadlines.current().get(duty__family="kr.pipa.s34.report")
    page.goto(address(live_server, "deadline", place, report.pk))
    page.locator("summary", has_text="자세한 설명").click()
    expect(page.locator("#explanation")).to_contain_text("무엇이 달랐다면")


def test_without_scripts_the_reasons_are_pages(live_server, sign_in, place, new_context):
    page = new_context(java_script_enabled=False).new_page()
    sign_in(page, email=place.people["auditor"].email, password=PASSWORD)
    page.goto(address(live_server, "case-clocks", place))
    page.locator("summary", has_text="해당하지 않는 의무와 이유").click()
    page.get_by_role("link", name="해당하지 않는 의무와 이유 보기").click()
    expect(page.get_by_role("heading", name="해당하지 않는 의무와 이유")).to_be_visible()
    expect(page.locator("main")).to_contain_text("해당하게 되는 경우")


def test_supposing_by_touch(live_server, sign_in, place, phone_page):
    page = phone_page
    sign_in(page, email=place.people["handler"].email, password=PASSWORD)
    page.goto(address(live_server, "what-if", place))
    page.get_by_label("정보주체 수").fill("1,200")
    page.get_by_role("button", name="결과 보기").tap()
    expect(page.get_by_role("heading", name="가정한 결과")).to_be_visible()
    expect(page.locator("main")).to_contain_text("1,200명")


def test_a_person_decides_an_open_point_at_a_desk(live_server, sign_in, place, desktop_page):
    page = desktop_page
    sign_in(page, email=place.people["cpo"].email, password=PASSWORD)
    page.goto(address(live_server, "decide-open-point", place, PSEUDONYMISED))
    page.get_by_role("radio", name="의무가 없음").check()
    page.get_by_label("판단한 이유").fill("제28조의7의 취지")
    page.get_by_role("button", name="판단 기록").click()
    expect(page.locator(".bd-message")).to_contain_text("판단을 기록했습니다")
    expect(page.locator("#open-points")).to_contain_text("의무가 없음")
