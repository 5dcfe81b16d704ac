"""The pages of a case in a real browser: the first minutes by touch, a change and its result."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from incidents.models import Case, FactRevision
from tests.core.accounts.factories import PASSWORD
from tests.incidents.pages import office

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.any_database]


@pytest.fixture
def place(transactional_db):
    return office()


def test_the_first_minutes_by_touch(live_server, sign_in, place, phone_page):
    sign_in(phone_page, email=place.people["handler"].email, password=PASSWORD)
    phone_page.goto(live_server.url)

    phone_page.locator(".bd-bottom").get_by_role("button", name="지금 알았다").tap()
    phone_page.locator("#bd-knew").get_by_role("button", name="지금 알았다").tap()
    phone_page.wait_for_url(re.compile("/intake/$"))
    phone_page.get_by_label("무슨 일입니까?").fill("직원이 파일을 잘못 보냈습니다")
    expect(phone_page.locator("[data-bd-draft-status]")).to_contain_text("저장됨")
    phone_page.get_by_role("button", name="답 저장").tap()

    expect(phone_page.locator(".bd-message")).to_contain_text("저장했습니다")
    case = Case.objects.latest("pk")
    assert FactRevision.objects.get(case=case, name="summary").value == "직원이 파일을 잘못 보냈습니다"


def test_the_result_of_a_change_opens_as_a_dialog_and_gives_the_focus_back(
    live_server, sign_in, place, desktop_page
):
    page = desktop_page
    sign_in(page, email=place.people["handler"].email, password=PASSWORD)
    page.goto(live_server.url + reverse("incidents:change-fact", args=[place.case.reference, "person_count"]))
    page.get_by_label("정보주체 수").first.fill("1,200")
    opener = page.get_by_role("button", name="결과 먼저 보기")

    opener.click()
    dialog = page.get_by_role("dialog", name="변경의 결과")
    expect(dialog).to_be_visible()
    page.keyboard.press("Escape")

    expect(opener).to_be_focused()
    opener.click()
    dialog.get_by_role("button", name="변경 적용").click()
    expect(page.locator(".bd-message")).to_contain_text("저장했습니다")
    assert FactRevision.objects.get(case=place.case, name="person_count").value == 1200
