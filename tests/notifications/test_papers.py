"""Writing a paper from a case's facts, its PDF, and the approval of exactly one version."""

import io
from datetime import datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import translation
from pypdf import PdfReader

from core.accounts.models import Role
from core.audit.models import Event
from core.documents.models import Document
from incidents import services as incidents
from incidents.clocks import weekday
from incidents.services import FactChange, Obstacle
from notifications import paper_queries
from notifications.documents import fields_of_version, render_version
from notifications.layouts import FOLLOWS, kinds_of
from notifications.models import Approval, Paper, PaperKind, PaperVersion
from notifications.services import papers
from tests.clock import KST
from tests.incidents.factories import opened_case
from tests.notifications.paper_cases import FAMILY, HOUR, KNOWN, approved, rewritten, scene, started

pytestmark = pytest.mark.django_db

POSSIBLE = (
    FactChange("possibility_known_at", KNOWN - HOUR),
    FactChange("possibility_kind", "illegal_access"),
    FactChange("possibility_outcome", "open"),
)
RULED_OUT = (
    FactChange("possibility_known_at", KNOWN - HOUR),
    FactChange("possibility_kind", "illegal_access"),
    FactChange("possibility_outcome", "ruled_out"),
    FactChange("possibility_outcome_at", KNOWN),
)
CONFIRMED = (
    FactChange("confirmed_fact", {"text": "공격에 쓰인 주소 2개", "confirmed_at": KNOWN - HOUR}, key="f1"),
)
EXTRA = {
    PaperKind.POSSIBILITY_NOTICE: POSSIBLE,
    PaperKind.NOT_LEAKED_NOTICE: RULED_OUT,
    PaperKind.KISA_SUPPLEMENT: CONFIRMED,
}


def text_of(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split())


def squeezed(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize("kind", list(FAMILY))
def test_every_kind_of_paper_prints_its_fields_in_order(kind):
    one = scene(extra=EXTRA.get(kind, ()))
    paper = started(one, kind, subject_key="f1" if kind is PaperKind.KISA_SUPPLEMENT else "")
    version = paper.latest()
    rendered = render_version(version, status="draft", now=KNOWN)
    assert rendered.pdf.startswith(b"%PDF-")
    said = squeezed(text_of(rendered.pdf))
    labels = [squeezed(field.label) for field in fields_of_version(version) if field.code != "opening"]
    places = []
    for label in labels:
        places.append(said.index(label, places[-1] if places else 0))
    assert places == sorted(places)
    assert "초안" in said
    assert version.content_hash[:12] in said
    assert version.rules_digest[:8] in said


def test_the_items_of_a_notice_come_from_the_duty_that_asks_for_it():
    after = started(scene(), PaperKind.SUBJECT_NOTICE)
    long_ago = datetime(2026, 9, 10, 9, 0, tzinfo=KST)
    before = started(scene(known=long_ago), PaperKind.SUBJECT_NOTICE, now=long_ago)
    assert [item["code"] for item in after.latest().items] == [
        "items",
        "when_and_how",
        "self_help",
        "response",
        "contact",
        "rights",
    ]
    assert len(before.latest().items) == 5
    assert (before.latest().contents_code, after.latest().contents_code) == ("K1", "K2")


def test_a_draft_writes_both_ends_of_a_range():
    one = scene()
    incidents.record_facts(
        case_id=one.case.pk,
        changes=[FactChange("occurred_at", KNOWN - 3 * HOUR, "estimated", until=KNOWN - 2 * HOUR)],
        actor=one.handler,
        now=KNOWN,
        reason="로그가 그 사이에 끊김",
    )
    report = started(one, PaperKind.PIPC_REPORT).latest()
    assert "2026. 11. 21.(토) 06:12 ~ 2026. 11. 21.(토) 07:12 사이(추정)" in report.text("circumstances")


def test_a_draft_says_what_is_estimated_and_leaves_out_what_nobody_said():
    one = scene()
    report = started(one, PaperKind.PIPC_REPORT).latest()
    assert "약 1,200명(추정)" in report.text("items_and_scale")
    assert "경(추정)" in report.text("circumstances")
    assert "유출등을 알게 된 때: 2026. 11. 21.(토) 09:12" in report.text("circumstances")
    kisa = started(one, PaperKind.KISA_REPORT).latest()
    assert kisa.text("systems") == ""
    assert "missing_boxes" in [finding["code"] for finding in kisa.lint]


def test_a_fact_said_to_be_unknown_is_said_to_be_looked_into():
    one = scene(extra=(FactChange("leaked_items", None, "unknown"),))
    notice = started(one, PaperKind.SUBJECT_NOTICE).latest()
    assert notice.text("items") == "확인 중이며 확인되는 대로 알려 드리겠습니다."
    assert notice.error_count == 1


def test_a_supplement_tells_the_confirmed_fact_it_is_for():
    one = scene(extra=CONFIRMED)
    paper = started(one, PaperKind.KISA_SUPPLEMENT, subject_key="f1")
    assert paper.latest().text("new_fact") == "공격에 쓰인 주소 2개"
    assert paper.latest().text("confirmed_at") == "2026. 11. 21.(토) 08:12"


def test_starting_a_paper_again_opens_the_one_there_is():
    one = scene()
    assert started(one, PaperKind.SUBJECT_NOTICE) == started(one, PaperKind.SUBJECT_NOTICE)
    assert Paper.objects.count() == 1


def test_a_paper_no_duty_asks_for_is_not_started():
    one = scene()
    with pytest.raises(Obstacle, match="의무가 없습니다"):
        started(one, PaperKind.POSSIBILITY_NOTICE)


def test_an_old_duty_of_both_asks_for_a_notice_and_a_report():
    known = datetime(2021, 3, 2, 10, 0, tzinfo=KST)
    one = scene(known=known)
    terms = one.case.duties.get(family="kr.pipa.s39_4.notice_report").terms
    assert kinds_of("kr.pipa.s39_4.notice_report", terms) == (PaperKind.SUBJECT_NOTICE, PaperKind.PIPC_REPORT)


def test_saving_makes_a_version_and_keeps_the_one_before():
    one = scene()
    paper = started(one, PaperKind.SUBJECT_NOTICE)
    second = rewritten(one, paper, items="이름\n생년월일")
    assert (second.number, paper.versions.get(number=1).text("items")) == (2, "이름\n휴대전화번호\n집 주소")
    assert second.content_hash != paper.versions.get(number=1).content_hash


def test_saving_the_same_words_changes_nothing():
    one = scene()
    paper = started(one, PaperKind.SUBJECT_NOTICE)
    assert rewritten(one, paper).number == 1


def test_two_people_never_overwrite_each_other():
    one = scene()
    paper = started(one, PaperKind.SUBJECT_NOTICE)
    first = paper.latest()
    rewritten(one, paper, items="이름")
    with pytest.raises(papers.VersionConflict) as conflict:
        papers.save_version(
            paper_id=paper.pk,
            expected_number=first.number,
            words=papers.Words(title=first.title, texts={**first.fields, "items": "생년월일"}),
            actor=one.people[Role.COUNSEL],
            now=KNOWN,
        )
    assert conflict.value.theirs.text("items") == "이름"
    assert paper.versions.count() == 2


@pytest.mark.parametrize(
    ("text", "said"), [("가" * 10_001, "10,001자입니다"), ("이름 \U0001f600", "U+1F600")]
)
def test_words_that_cannot_be_kept_are_refused_at_their_field(text, said):
    one = scene()
    paper = started(one, PaperKind.SUBJECT_NOTICE)
    with pytest.raises(papers.WordsRefused) as refusal:
        rewritten(one, paper, items=text)
    assert said in refusal.value.faults["items"]
    assert paper.versions.count() == 1


def test_markup_is_printed_as_it_was_typed():
    one = scene()
    paper = started(one, PaperKind.SUBJECT_NOTICE)
    version = rewritten(one, paper, items="<b>이름</b> <script>alert(1)</script>")
    assert "<script>alert(1)</script>" in text_of(render_version(version, status="draft", now=KNOWN).pdf)


def test_a_fact_that_changes_makes_the_version_stale_until_it_is_saved_again():
    one = scene()
    paper = started(one, PaperKind.PIPC_REPORT)
    change = [FactChange("person_count", 3000)]
    incidents.record_facts(
        case_id=one.case.pk, changes=change, actor=one.handler, now=KNOWN + HOUR, reason="다시 세었습니다."
    )
    with pytest.raises(papers.PaperNotReady, match="정보주체 수"):
        approved(one, paper, now=KNOWN + HOUR)
    assert rewritten(one, paper, now=KNOWN + HOUR).number == 2
    assert approved(one, paper, now=KNOWN + HOUR).version.number == 2


def test_an_approval_keeps_the_very_pdf_of_the_version():
    one = scene()
    paper = started(one, PaperKind.SUBJECT_NOTICE)
    approval = approved(one, paper)
    document = approval.document
    assert document is not None
    assert (document.content_hash, document.status) == (paper.latest().content_hash, "approved")
    assert document.file_is_whole
    assert "초안" not in text_of(bytes(document.pdf))


def test_approving_again_changes_nothing():
    one = scene()
    paper = started(one, PaperKind.SUBJECT_NOTICE)
    assert approved(one, paper) == approved(one, paper)
    assert Document.objects.count() == 1


def test_nobody_approves_their_own_version():
    one = scene()
    paper = papers.start_paper(
        case_id=one.case.pk,
        family=FAMILY[PaperKind.SUBJECT_NOTICE],
        kind=PaperKind.SUBJECT_NOTICE,
        actor=one.approver,
        now=KNOWN,
    )
    with pytest.raises(Obstacle, match="내가 쓴 판"):
        approved(one, paper)
    assert not Approval.objects.exists()


@pytest.mark.parametrize("role", [Role.HANDLER, Role.COUNSEL, Role.AUDITOR, Role.ADMIN])
def test_only_an_approver_or_the_cpo_approves(role):
    one = scene()
    paper = papers.start_paper(
        case_id=one.case.pk,
        family=FAMILY[PaperKind.SUBJECT_NOTICE],
        kind=PaperKind.SUBJECT_NOTICE,
        actor=one.people[Role.CPO],
        now=KNOWN,
    )
    version = paper.latest()
    with pytest.raises(Obstacle, match="승인자나 개인정보 보호책임자"):
        papers.approve_version(
            version_id=version.pk, content_hash=version.content_hash, actor=one.people[role], now=KNOWN
        )


def test_the_approval_of_a_version_that_is_no_longer_the_newest_is_refused():
    one = scene()
    paper = started(one, PaperKind.SUBJECT_NOTICE)
    read = paper.latest()
    rewritten(one, paper, items="이름")
    with pytest.raises(papers.StaleApproval, match=r"승인하지 못했습니다\. 보는 사이 2판이 저장됐습니다\."):
        papers.approve_version(
            version_id=read.pk, content_hash=read.content_hash, actor=one.approver, now=KNOWN
        )
    assert not Approval.objects.exists()


def test_an_approval_of_another_hash_is_refused():
    one = scene()
    version = started(one, PaperKind.SUBJECT_NOTICE).latest()
    with pytest.raises(papers.StaleApproval):
        papers.approve_version(version_id=version.pk, content_hash="0" * 64, actor=one.approver, now=KNOWN)


def test_a_new_version_after_an_approval_needs_its_own():
    one = scene()
    paper = started(one, PaperKind.SUBJECT_NOTICE)
    approved(one, paper)
    assert rewritten(one, paper, items="이름").approval() is None


def test_a_paper_with_errors_is_not_approved():
    one = scene()
    paper = started(one, PaperKind.SUBJECT_NOTICE)
    rewritten(one, paper, rights="")
    with pytest.raises(papers.PaperNotReady, match="6개 항목 중 1개가 빠졌습니다"):
        approved(one, paper)


def test_a_permitted_partial_notice_is_approved_without_its_first_items():
    one = scene()
    paper = started(one, PaperKind.SUBJECT_NOTICE)
    newest = paper.latest()
    words = papers.Words(
        title=newest.title,
        texts={**newest.fields, "items": "", FOLLOWS: "유출 항목을 알려 드리겠습니다."},
        is_partial=True,
    )
    version = papers.save_version(
        paper_id=paper.pk, expected_number=1, words=words, actor=one.handler, now=KNOWN
    )
    approval = approved(one, paper)
    assert version.is_partial
    assert approval.document is not None
    assert squeezed("뒤이어 알려 드릴 내용") in squeezed(text_of(bytes(approval.document.pdf)))


def test_a_returned_version_is_written_again():
    one = scene()
    paper = started(one, PaperKind.SUBJECT_NOTICE)
    version = paper.latest()
    wanted = {
        "version_id": version.pk,
        "content_hash": version.content_hash,
        "actor": one.approver,
        "now": KNOWN,
    }
    with pytest.raises(Obstacle, match="무엇을 고쳐야"):
        papers.return_version(**wanted, note=" ")
    papers.return_version(**wanted, note="경위를 더 자세히 적어 주세요.")
    assert rewritten(one, paper).number == 2


def test_what_waits_for_an_approval_is_listed_for_those_who_may_give_it():
    one = scene()
    paper = started(one, PaperKind.SUBJECT_NOTICE)
    assert [v.paper for v in paper_queries.papers_awaiting_approval(one.approver)] == [paper]
    assert paper_queries.papers_awaiting_approval(one.handler) == []
    approved(one, paper)
    assert paper_queries.papers_awaiting_approval(one.approver) == []


def test_differences_show_what_was_taken_out_and_put_in():
    one = scene()
    paper = started(one, PaperKind.SUBJECT_NOTICE)
    after = rewritten(one, paper, items="이름\n생년월일\n집 주소")
    changed = [
        row for row in paper_queries.differences(paper.versions.get(number=1), after) if row.is_changed
    ]
    assert [row.code for row in changed] == ["items"]
    assert [(piece.kind, piece.text) for piece in changed[0].pieces if piece.kind != "same"] == [
        ("out", "휴대전화번호"),
        ("in", "생년월일"),
    ]


def test_history_tells_of_every_step_without_a_word_of_the_paper():
    one = scene()
    paper = started(one, PaperKind.SUBJECT_NOTICE)
    approved(one, paper)
    events = Event.objects.filter(chain=one.case.reference, action__startswith="paper.")
    assert list(events.values_list("action", flat=True)) == [
        "paper.started",
        "paper.version-saved",
        "paper.approved",
    ]
    told = " ".join(str(event.data) for event in events)
    assert "휴대전화번호" not in told
    assert paper.latest().content_hash in told


@pytest.mark.parametrize("table", ["notifications_paperversion", "notifications_approval"])
@pytest.mark.parametrize("change", ["UPDATE {} SET id = id", "DELETE FROM {}"])
def test_the_database_refuses_to_change_what_was_written(table, change):
    one = scene()
    approved(one, started(one, PaperKind.SUBJECT_NOTICE))
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change.format(table))
    assert PaperVersion.objects.count() == 1


def test_a_paper_that_cannot_be_printed_is_not_approved(monkeypatch):
    one = scene()
    paper = started(one, PaperKind.SUBJECT_NOTICE)

    def broken(*_args: object, **_rest: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(papers, "render_version", broken)
    with pytest.raises(RuntimeError):
        approved(one, paper, now=KNOWN + timedelta(hours=1))
    assert not Approval.objects.exists()


def test_a_statutory_paper_is_korean_whoever_drafts_it():
    facts = [
        FactChange("leak_known_at", KNOWN),
        FactChange("occurred_at", KNOWN),
        FactChange("circumstances", "계정이 탈취됐습니다."),
    ]
    case = opened_case(now=KNOWN, facts=facts)
    with translation.override("en"):
        paper = papers.start_paper(
            case_id=case.pk,
            family="kr.pipa.s34.subject_notice",
            kind=PaperKind.SUBJECT_NOTICE,
            actor=case.lead,
            now=case.opened_at,
        )
    assert f"({weekday(KNOWN.astimezone(KST))})" in paper.latest().fields["when_and_how"]
