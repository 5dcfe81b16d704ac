"""The pages of notices and reports, through the browser's doors."""

import pytest
import time_machine
from django.urls import reverse

from incidents.models import Draft
from notifications.forms import PREFIX
from notifications.models import Approval, Filing, Paper, PaperKind
from tests.notifications.paper_cases import (
    FAMILY,
    HOUR,
    KNOWN,
    approved,
    clock_of_paper,
    rewritten,
    scene,
    started,
)

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]


@pytest.fixture(autouse=True)
def _the_case_is_an_hour_old():
    with time_machine.travel(KNOWN + HOUR, tick=False):
        yield


def posted(version, **texts: str) -> dict[str, str]:
    boxes = {PREFIX + code: text for code, text in {**version.fields, **texts}.items()}
    return {"title": version.title, "expected": str(version.number), **boxes}


def door(name: str, paper: Paper, *more: int) -> str:
    return reverse(f"notifications:{name}", args=[paper.case.reference, paper.number, *more])


def test_the_tabs_list_what_the_law_asks_for(client):
    one = scene()
    client.force_login(one.handler)
    notices = client.get(reverse("notifications:case-notices", args=[one.case.reference])).content.decode()
    reports = client.get(reverse("notifications:case-reports", args=[one.case.reference])).content.decode()
    assert "정보주체 통지문" in notices
    assert "신고서" not in notices.split("<main", 1)[1].split("bd-paper-line", 1)[1]
    assert "개인정보 유출등 신고서" in reports
    assert "침해사고 신고서" in reports


def test_a_draft_is_started_with_one_press(client):
    one = scene()
    client.force_login(one.handler)
    form = {"kind": "subject_notice", "family": FAMILY[PaperKind.SUBJECT_NOTICE], "subject_key": ""}
    answer = client.post(reverse("notifications:start-paper", args=[one.case.reference]), form)
    paper = Paper.objects.get()
    assert answer["Location"] == door("edit-paper", paper)
    page = client.get(answer["Location"]).content.decode()
    assert page.count("<textarea") >= 7
    assert "개인정보 보호법 제34조제1항제6호" in page
    assert 'data-bd-draft-url="' in page


def test_saving_leads_to_the_new_version(client):
    one = scene()
    paper = started(one, PaperKind.SUBJECT_NOTICE)
    client.force_login(one.handler)
    answer = client.post(door("edit-paper", paper), posted(paper.latest(), items="이름"))
    assert answer["Location"] == paper.get_absolute_url()
    assert paper.latest().text("items") == "이름"


def test_the_check_answers_while_one_types_and_keeps_nothing(client):
    one = scene()
    paper = started(one, PaperKind.SUBJECT_NOTICE)
    client.force_login(one.handler)
    answer = client.post(door("lint-paper", paper), posted(paper.latest(), rights=""))
    assert "통지문에 6개 항목 중 1개가 빠졌습니다: 법적 권리와 그 행사 방법." in answer.content.decode()
    assert paper.versions.count() == 1


def test_two_people_see_both_texts_and_neither_is_lost(client):
    one = scene()
    paper = started(one, PaperKind.SUBJECT_NOTICE)
    read = paper.latest()
    rewritten(one, paper, items="저장된 글")
    client.force_login(one.handler)
    answer = client.post(door("edit-paper", paper), posted(read, items="내가 쓴 내용자"))
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "저장된 글" in page
    assert "내가 쓴 내용자" in page
    assert "어느 쪽도 지워지지 않습니다" in page
    assert Draft.objects.get(user=one.handler).content[f"{PREFIX}items"] == ["내가 쓴 내용자"]
    assert paper.versions.count() == 2


def test_going_on_with_a_draft_of_an_older_version_asks_again(client):
    one = scene()
    paper = started(one, PaperKind.SUBJECT_NOTICE)
    read = paper.latest()
    rewritten(one, paper, items="저장된 글")
    client.force_login(one.handler)
    client.post(door("edit-paper", paper), posted(read, items="내가 쓴 내용자"))
    page = client.get(door("edit-paper", paper) + "?resume=1").content.decode()
    assert "내가 쓴 내용자" in page
    assert 'name="expected" value="1"' in page


def test_on_the_conflict_page_the_saved_text_is_chosen_where_one_changed_nothing(client):
    one = scene()
    paper = started(one, PaperKind.SUBJECT_NOTICE)
    read = paper.latest()
    rewritten(one, paper, items="저장된 글", contact="다른 부서")
    client.force_login(one.handler)
    page = client.post(door("edit-paper", paper), posted(read, items="내 글")).content.decode()
    assert 'id="mine-items" checked' in page
    assert 'id="theirs-contact" checked' in page
    assert 'id="theirs-items" checked' not in page


@pytest.mark.parametrize(("pick", "kept"), [("mine", "내 글"), ("theirs", "저장된 글")])
def test_the_text_chosen_on_the_conflict_page_is_saved(client, pick, kept):
    one = scene()
    paper = started(one, PaperKind.SUBJECT_NOTICE)
    newest = rewritten(one, paper, items="저장된 글", contact="다른 부서")
    client.force_login(one.handler)
    form = posted(newest, items="내 글") | {"pick-items": pick}
    client.post(door("edit-paper", paper), form)
    assert paper.latest().text("items") == kept


@pytest.mark.parametrize(
    ("text", "said"), [("가" * 10_001, "10,001자입니다"), ("이름 \U0001f600", "U+1F600")]
)
def test_what_cannot_be_kept_stays_on_the_screen_with_the_reason(client, text, said):
    one = scene()
    paper = started(one, PaperKind.SUBJECT_NOTICE)
    client.force_login(one.handler)
    answer = client.post(door("edit-paper", paper), posted(paper.latest(), items=text))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert said in page
    assert text in page
    assert paper.versions.count() == 1


def test_markup_in_a_field_is_shown_as_text(client):
    one = scene()
    paper = started(one, PaperKind.SUBJECT_NOTICE)
    rewritten(one, paper, items="<script>alert(1)</script>", title="개인정보 유출 통지 <b>")
    client.force_login(one.handler)
    for name in ("paper", "edit-paper", "compare-versions"):
        page = client.get(door(name, paper)).content.decode()
        assert "<script>alert(1)" not in page
        assert "&lt;script&gt;alert(1)" in page


def test_the_pdf_is_asked_for_with_a_purpose_and_the_original_is_the_very_file(client):
    one = scene()
    paper = started(one, PaperKind.SUBJECT_NOTICE)
    client.force_login(one.handler)
    where = door("paper-pdf", paper, 1)
    assert client.get(where)["Content-Type"].startswith("text/html")
    draft = client.post(where, {"use": "review"})
    assert draft.content.startswith(b"%PDF-")
    assert draft["Content-Disposition"].startswith("inline")
    assert client.post(where, {"use": "giving", "is_original": "on"}).content != draft.content
    approval = approved(one, paper, now=KNOWN + HOUR)
    assert approval.document is not None
    given = client.post(where, {"use": "giving", "is_original": "on"})
    assert given.content == bytes(approval.document.pdf)
    assert client.post(where, {"use": "review", "is_original": "on"}).status_code == 422


def decide(client, paper, version, decision: str = "approved", note: str = ""):
    form = {
        "version": version.number,
        "content_hash": version.content_hash,
        "decision": decision,
        "note": note,
    }
    return client.post(door("decide-version", paper), form)


def test_an_approver_approves_what_is_on_the_screen(client):
    one = scene()
    paper = started(one, PaperKind.SUBJECT_NOTICE)
    client.force_login(one.approver)
    assert decide(client, paper, paper.latest()).status_code == 302
    assert Approval.objects.get().version == paper.latest()


def test_an_approval_of_an_older_version_shows_what_changed(client):
    one = scene()
    paper = started(one, PaperKind.SUBJECT_NOTICE)
    read = paper.latest()
    rewritten(one, paper, items="이름")
    client.force_login(one.approver)
    answer = decide(client, paper, read)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "승인하지 못했습니다. 보는 사이 2판이 저장됐습니다." in page
    assert f"{door('compare-versions', paper)}?a=1&amp;b=2" in page
    assert not Approval.objects.exists()


def test_returning_needs_a_note(client):
    one = scene()
    paper = started(one, PaperKind.SUBJECT_NOTICE)
    client.force_login(one.approver)
    answer = decide(client, paper, paper.latest(), "returned")
    assert answer.status_code == 422
    assert "무엇을 고쳐야 하는지 적어 주세요." in answer.content.decode()


def test_recording_a_notice_shows_its_receipt_and_margin(client):
    one = scene()
    paper = started(one, PaperKind.SUBJECT_NOTICE)
    approved(one, paper, now=KNOWN)
    client.force_login(one.handler)
    form = {
        "at": "2026-11-21 10:00",
        "recipient": "data_subject",
        "channels": ["email", "text_message"],
        "told_count": "1,200",
    }
    answer = client.post(door("record-filing", paper, 1), form)
    filing = Filing.objects.get()
    assert answer["Location"] == filing.get_absolute_url()
    page = client.get(answer["Location"]).content.decode()
    assert "여유 71시간 12분" in page
    assert filing.document.file_hash in page
    assert clock_of_paper(paper).met_at is not None


def test_a_late_report_is_asked_for_its_reason_on_the_form(client):
    one = scene()
    paper = started(one, PaperKind.PIPC_REPORT)
    approved(one, paper, now=KNOWN)
    form = {"at": "2026-11-24 10:00", "recipient": "pipc", "channels": ["web_form"], "receipt_number": "1"}
    with time_machine.travel(KNOWN + 80 * HOUR, tick=False):
        client.force_login(one.handler)
        assert (
            "지금 신고하고 늦은 사유를 함께 적어 주세요"
            in client.get(door("record-filing", paper, 1)).content.decode()
        )
        answer = client.post(door("record-filing", paper, 1), form)
        assert answer.status_code == 422
        assert "늦은 사유를 함께 적어 주세요" in answer.content.decode()
        client.post(door("record-filing", paper, 1), form | {"lateness_reason": "확인이 늦었습니다."})
    assert Filing.objects.get().is_late


def test_recording_twice_leads_to_the_one_record(client):
    one = scene()
    paper = started(one, PaperKind.PIPC_REPORT)
    approved(one, paper, now=KNOWN)
    client.force_login(one.handler)
    form = {"at": "2026-11-21 10:00", "recipient": "pipc", "channels": ["web_form"], "receipt_number": "1"}
    first = client.post(door("record-filing", paper, 1), form)
    second = client.post(door("record-filing", paper, 1), form)
    assert first["Location"] == second["Location"]
    assert Filing.objects.count() == 1


def test_reading_writes_nothing_but_that_it_was_read(client, django_assert_max_num_queries):
    one = scene()
    paper = started(one, PaperKind.SUBJECT_NOTICE)
    client.force_login(one.handler)
    with django_assert_max_num_queries(60) as done:
        client.get(door("edit-paper", paper))
    written = [q["sql"] for q in done.captured_queries if q["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
    assert len(written) == 1 and "access_accessrow" in written[0]


def test_the_comparison_takes_any_two_versions_and_no_nonsense(client):
    one = scene()
    paper = started(one, PaperKind.SUBJECT_NOTICE)
    rewritten(one, paper, items="이름")
    client.force_login(one.handler)
    url = door("compare-versions", paper)
    assert "<del>" in client.get(f"{url}?a=1&b=2").content.decode()
    assert client.get(f"{url}?a=x&b=²").status_code == 200
    assert client.get(f"{url}?a=99").status_code == 404


def test_what_waits_for_my_approval_is_listed_and_the_home_page_leads_there(client):
    one = scene()
    paper = started(one, PaperKind.SUBJECT_NOTICE)
    waiting = reverse("notifications:awaiting-approval")
    for person, listed in ((one.approver, True), (one.handler, False)):
        client.force_login(person)
        home = client.get(reverse("home")).content.decode()
        page = client.get(waiting).content.decode()
        assert f'href="{waiting}"' in home
        assert (paper.get_absolute_url() in page) is listed
    client.force_login(one.approver)
    approved(one, paper)
    assert "승인을 기다리는 문서가 없습니다." in client.get(waiting).content.decode()


def test_words_for_a_paper_of_a_case_closed_meanwhile_stay_on_the_page(client):
    from tests.notifications.test_filings import closed

    one = scene()
    paper = started(one, PaperKind.SUBJECT_NOTICE)
    closed(one, at=KNOWN + HOUR)
    client.force_login(one.handler)
    answer = client.post(door("edit-paper", paper), posted(paper.latest(), opening="쓰던 첫 문단"))
    page = answer.content.decode()
    assert (answer.status_code, paper.versions.count()) == (422, 1)
    assert "종결한 사건입니다" in page
    assert "쓰던 첫 문단" in page


@pytest.mark.parametrize("page", ["paper", "edit-paper"])
def test_a_paper_of_a_closed_case_is_read_and_not_edited(client, page):
    from tests.notifications.test_filings import closed

    one = scene()
    paper = started(one, PaperKind.SUBJECT_NOTICE)
    closed(one, at=KNOWN + HOUR)
    client.force_login(one.approver)
    answer = client.get(door(page, paper))
    text = answer.content.decode()
    assert answer.status_code == (200 if page == "paper" else 403)
    assert "종결한 사건입니다" in text
    assert door("decide-version", paper) not in text
