"""The main job on a phone: from ‘지금 알았다’ to an approved notice in the hand, through nothing but the pages."""

import re
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from core.accounts.models import Role
from core.audit.verification import first_break
from incidents.models import Case
from notifications.models import Approval
from tests.core.accounts.factories import PASSWORD
from tests.incidents.factories import organization_with

pytestmark = [pytest.mark.django_db(transaction=True)]

ITEMS = {
    "items": "이름\n휴대전화번호",
    "when_and_how": "2026년 11월 21일 상담원 계정이 탈취돼 조회됐습니다.",
    "self_help": "비밀번호를 바꿔 주세요.\n모르는 연락에 응하지 마세요.",
    "response": "대응조치:\n계정을 잠갔습니다.\n\n피해 구제절차:\n담당부서에서 피해를 접수합니다.",
}


@pytest.fixture
def people(transactional_db):
    _organization, people = organization_with(Role.HANDLER, Role.APPROVER)
    return people


def test_from_knowing_to_an_approved_notice(live_server, sign_in, people, new_context):
    phone = {"viewport": {"width": 360, "height": 780}, "has_touch": True, "is_mobile": True}
    officer = new_context(**phone).new_page()
    sign_in(officer, email=people[Role.HANDLER].email, password=PASSWORD)

    # Pressing the button starts the clocks, each with its article and zone.
    officer.goto(live_server.url)
    officer.locator(".bd-bottom").get_by_role("button", name="지금 알았다").tap()
    officer.locator("#bd-knew").get_by_role("button", name="지금 알았다").tap()
    officer.wait_for_url(re.compile("/intake/$"))
    case = Case.objects.get()
    officer.goto(live_server.url + case.get_absolute_url())
    cards = officer.locator("article.bd-clock")
    kisa = cards.filter(has_text="침해사고 신고")
    expect(kisa).to_contain_text("+ 24시간")
    expect(kisa).to_contain_text("KST")
    expect(kisa).to_contain_text("정보통신망법 제48조의3")
    notice = cards.filter(has_text="정보주체 통지")
    expect(notice).to_contain_text("+ 72시간")
    expect(notice).to_contain_text("개인정보 보호법 제34조제1항")

    # A fact is added, and what it moves is shown before it is done.
    officer.goto(live_server.url + reverse("incidents:change-fact", args=[case.reference, "person_count"]))
    officer.locator("input[name=person_count]").fill("1200")
    officer.get_by_role("button", name="결과 먼저 보기").tap()
    expect(officer.get_by_role("table", name="바뀌는 기한")).to_contain_text("개인정보 유출등 신고")
    officer.get_by_role("button", name="변경 적용").tap()
    officer.wait_for_url(re.compile("/facts/"))
    expect(officer.locator("main")).to_contain_text("1,200명")

    # The notice is drafted from the facts and its statutory items are filled in.
    officer.goto(live_server.url + reverse("notifications:notice-tab", args=[case.reference]))
    officer.get_by_role("button", name=re.compile("초안")).first.tap()
    officer.wait_for_url(re.compile(r"/papers/1/"))
    officer.goto(live_server.url + reverse("notifications:edit-paper", args=[case.reference, 1]))
    for code, words in ITEMS.items():
        officer.locator(f"textarea[name$='{code}']").fill(words)
    officer.get_by_role("button", name="새 판 저장하기").tap()
    officer.wait_for_url(re.compile(r"/papers/1/$"))

    # A second person approves exactly this version and holds its PDF.
    approver = new_context(**phone).new_page()
    sign_in(approver, email=people[Role.APPROVER].email, password=PASSWORD)
    approver.goto(live_server.url + reverse("notifications:paper", args=[case.reference, 1]))
    approver.get_by_role("button", name="승인하고 잠그기").tap()
    expect(approver.locator("main")).to_contain_text("승인")
    approval = Approval.objects.get()
    assert approval.decided_by == people[Role.APPROVER]
    address = reverse("notifications:paper-pdf", args=[case.reference, 1, approval.version.number])
    approver.goto(live_server.url + address)
    approver.get_by_label("통지·제출").check()
    approver.get_by_label("제출·통지용 원본으로 받습니다").check()
    with approver.expect_download() as coming:
        approver.get_by_role("button", name="PDF 내려받기").tap()
    assert Path(coming.value.path()).read_bytes() == bytes(approval.document.pdf)
    assert first_break(case.reference) is None
