"""Recording that an approved paper was given: the clock, its margin, the receipt, and never twice."""

from datetime import date, datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from core.audit.models import Event
from incidents.clocks import State, state_of
from incidents.models import Deadline, DeadlineKind, TimelineEntry
from incidents.services import Obstacle
from notifications.layouts import FOLLOWS
from notifications.models import Filing, PaperKind
from notifications.services import filings, papers
from tests.clock import KST
from tests.notifications.paper_cases import (
    FAMILY,
    HOUR,
    KNOWN,
    Scene,
    approved,
    clock_of_paper,
    given,
    rewritten,
    scene,
    started,
)

pytestmark = pytest.mark.django_db
REPORT = {"recipient": "pipc", "channels": ("web_form",), "told_count": None, "receipt_number": "2026-1234"}


def record(one: Scene, paper, *, at: datetime, now: datetime | None = None, **rest: object) -> Filing:
    return filings.record_filing(
        version_id=paper.latest().pk, given=given(at, **rest), actor=one.handler, now=now or at
    )


def ready(kind: PaperKind = PaperKind.SUBJECT_NOTICE):
    one = scene()
    paper = started(one, kind)
    approved(one, paper)
    return one, paper


def test_giving_the_notice_stops_its_clock_and_keeps_the_margin():
    one, paper = ready()
    filing = record(one, paper, at=KNOWN + 67 * HOUR)
    deadline = clock_of_paper(paper)
    assert deadline.met_at == KNOWN + 67 * HOUR
    assert state_of(deadline, KNOWN + 90 * HOUR) is State.MET
    assert (filing.deadline, filing.margin_seconds) == (deadline, 5 * 3600)


def test_the_last_instant_is_still_in_time():
    one, paper = ready()
    assert record(one, paper, at=KNOWN + 72 * HOUR).margin_seconds == 0


def test_a_late_report_asks_why():
    one, paper = ready(PaperKind.PIPC_REPORT)
    with pytest.raises(Obstacle) as obstacle:
        record(one, paper, at=KNOWN + 73 * HOUR, **REPORT)
    assert obstacle.value.field == "lateness_reason"
    assert not Filing.objects.exists()
    assert clock_of_paper(paper).met_at is None


def test_a_late_report_keeps_its_reason_and_how_late_it_was():
    one, paper = ready(PaperKind.PIPC_REPORT)
    filing = record(one, paper, at=KNOWN + 73 * HOUR, lateness_reason="규모 확인이 늦었습니다.", **REPORT)
    assert (filing.is_late, filing.margin_seconds) == (True, -3600)
    assert (filing.lateness_reason, clock_of_paper(paper).lateness_reason) == ("규모 확인이 늦었습니다.",) * 2


def test_the_filing_names_the_approved_file():
    one, paper = ready(PaperKind.PIPC_REPORT)
    filing = record(one, paper, at=KNOWN + HOUR, **REPORT)
    assert filing.document == filing.approval.document
    assert filing.document.content_hash == filing.version.content_hash
    assert filing.receipt_number == "2026-1234"


def test_a_version_is_given_once():
    one, paper = ready()
    first = record(one, paper, at=KNOWN + HOUR)
    with pytest.raises(filings.AlreadyGiven) as already:
        record(one, paper, at=KNOWN + 2 * HOUR)
    assert already.value.filing == first
    assert Filing.objects.count() == 1


def test_a_version_that_is_not_approved_is_not_given():
    one = scene()
    paper = started(one, PaperKind.SUBJECT_NOTICE)
    with pytest.raises(Obstacle, match="승인한 판만"):
        record(one, paper, at=KNOWN + HOUR)


def test_a_new_version_after_an_approval_is_not_given_on_the_old_approval():
    one, paper = ready()
    rewritten(one, paper, items="이름")
    with pytest.raises(Obstacle, match="승인한 판만"):
        record(one, paper, at=KNOWN + HOUR)


@pytest.mark.parametrize(
    ("field", "rest"),
    [
        ("at", {"at": KNOWN - HOUR}),
        ("recipient", {"recipient": "pipc"}),
        ("channels", {"channels": ()}),
        ("channels", {"channels": ("pigeon",)}),
        ("told_count", {"told_count": None}),
        ("told_count", {"told_count": -1}),
        ("channels", {"posted_count": 3}),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(field, rest):
    one, paper = ready()
    wanted = {"at": KNOWN + HOUR, **rest}
    with pytest.raises(Obstacle) as obstacle:
        record(one, paper, now=KNOWN + 2 * HOUR, **wanted)
    assert obstacle.value.field == field
    assert not Filing.objects.exists()


def test_an_instant_still_to_come_is_refused():
    one, paper = ready()
    with pytest.raises(Obstacle, match="아직 오지 않은"):
        record(one, paper, at=KNOWN + 2 * HOUR, now=KNOWN + HOUR)


def test_the_minute_of_the_approval_is_not_too_early():
    one = scene()
    paper = started(one, PaperKind.SUBJECT_NOTICE)
    approved(one, paper, now=KNOWN + timedelta(seconds=40))
    assert record(one, paper, at=KNOWN, now=KNOWN + HOUR).at == KNOWN


def test_the_timeline_tells_what_was_given():
    one, paper = ready(PaperKind.PIPC_REPORT)
    record(one, paper, at=KNOWN + HOUR, **REPORT)
    entry = TimelineEntry.objects.get(case=one.case)
    assert entry.kind == TimelineEntry.Kind.GIVEN
    assert (
        entry.text
        == "개인정보 유출등 신고서 1판 · 개인정보 보호위원회 · 인터넷 홈페이지 입력 · 접수번호 2026-1234"
    )
    assert entry.happened_at == KNOWN + HOUR


def test_history_keeps_figures_and_hashes_of_a_filing():
    one, paper = ready(PaperKind.PIPC_REPORT)
    record(one, paper, at=KNOWN + HOUR, note="담당자 통화", **REPORT)
    event = Event.objects.get(action="report.filed")
    assert event.happened_at == KNOWN + HOUR
    assert event.data["margin_seconds"] == 71 * 3600
    assert "담당자 통화" not in str(event.data)


def test_a_partial_notice_stops_the_clock_and_owes_the_rest_at_once():
    one = scene()
    paper = started(one, PaperKind.SUBJECT_NOTICE)
    newest = paper.latest()
    texts = {**newest.fields, "items": "", FOLLOWS: "유출 항목"}
    words = papers.Words(title=newest.title, texts=texts, is_partial=True)
    papers.save_version(paper_id=paper.pk, expected_number=1, words=words, actor=one.handler, now=KNOWN)
    approved(one, paper)
    first = record(one, paper, at=KNOWN + HOUR)
    assert clock_of_paper(paper).met_at == KNOWN + HOUR
    assert first.follow_up is not None
    assert first.follow_up.kind == DeadlineKind.INTERNAL
    assert first.follow_up.due_at == KNOWN + HOUR + timedelta(hours=one.organization.immediate_target_hours)

    whole = papers.Words(title=newest.title, texts=newest.fields)
    papers.save_version(
        paper_id=paper.pk, expected_number=2, words=whole, actor=one.handler, now=KNOWN + 2 * HOUR
    )
    approved(one, paper, now=KNOWN + 2 * HOUR)
    record(one, paper, at=KNOWN + 3 * HOUR)
    assert Deadline.objects.get(pk=first.follow_up.pk).met_at == KNOWN + 3 * HOUR


def test_a_posting_must_stay_up_for_thirty_days():
    one, paper = ready()
    record(one, paper, at=KNOWN + HOUR, channels=("email", "posting"), posted_count=200)
    posting = Deadline.objects.get(case=one.case, kind=DeadlineKind.POSTING)
    assert posting.last_day == date(2026, 12, 21)


def test_a_duty_of_notice_and_report_is_met_when_both_are_given():
    known = datetime(2021, 3, 2, 10, 0, tzinfo=KST)
    one = scene(known=known)
    made = []
    for kind in (PaperKind.SUBJECT_NOTICE, PaperKind.PIPC_REPORT):
        paper = papers.start_paper(
            case_id=one.case.pk, family="kr.pipa.s39_4.notice_report", kind=kind, actor=one.handler, now=known
        )
        approved(one, paper, now=known)
        made.append(paper)
    notice, report = made
    record(one, notice, at=known + HOUR, recipient=filings.recipients_of(notice)[0])
    assert clock_of_paper(notice).met_at is None
    record(one, report, at=known + 3 * HOUR, **REPORT)
    assert clock_of_paper(notice).met_at == known + 3 * HOUR


def test_a_duty_without_a_number_is_met_without_a_margin():
    one, paper = ready(PaperKind.USER_NOTICE)
    filing = record(one, paper, at=KNOWN + HOUR, recipient="affected_user")
    assert (filing.margin_seconds, clock_of_paper(paper).met_at) == (None, KNOWN + HOUR)


def test_the_first_incident_report_is_named_in_its_supplement():
    from incidents import services as incidents
    from incidents.services import FactChange

    one = scene()
    paper = started(one, PaperKind.KISA_REPORT)
    rewritten(one, paper, incident_type="시스템 해킹")
    approved(one, paper)
    record(one, paper, at=KNOWN + HOUR, **{**REPORT, "recipient": "kisa"})
    fact = FactChange("confirmed_fact", {"text": "주소 2개", "confirmed_at": KNOWN + HOUR}, key="f1")
    incidents.record_facts(case_id=one.case.pk, changes=[fact], actor=one.handler, now=KNOWN + 2 * HOUR)
    supplement = papers.start_paper(
        case_id=one.case.pk,
        family=FAMILY[PaperKind.KISA_SUPPLEMENT],
        kind=PaperKind.KISA_SUPPLEMENT,
        subject_key="f1",
        actor=one.handler,
        now=KNOWN + 2 * HOUR,
    )
    assert supplement.latest().text("first_report") == "2026. 11. 21.(토) 10:12\n접수번호 2026-1234"
    assert supplement.latest().error_count == 0


@pytest.mark.parametrize(
    "change", ["UPDATE notifications_filing SET id = id", "DELETE FROM notifications_filing"]
)
def test_the_database_refuses_to_change_a_filing(change):
    one, paper = ready()
    record(one, paper, at=KNOWN + HOUR)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)
    assert Filing.objects.count() == 1


def test_a_notice_given_after_the_report_was_drafted_makes_the_report_stale():
    one, notice = ready()
    report = started(one, PaperKind.PIPC_REPORT)
    assert report.latest().text("told") == "아직 통지하지 않음"
    record(one, notice, at=KNOWN + HOUR)
    with pytest.raises(papers.PaperNotReady, match="정보주체 통지문 통지 여부"):
        approved(one, report, now=KNOWN + HOUR)


def test_a_second_version_given_later_has_no_margin_of_its_own():
    one, paper = ready()
    record(one, paper, at=KNOWN + HOUR)
    rewritten(one, paper, items="이름\n생년월일", now=KNOWN + 80 * HOUR)
    approved(one, paper, now=KNOWN + 80 * HOUR)
    second = record(one, paper, at=KNOWN + 80 * HOUR)
    assert (second.margin_seconds, second.deadline) == (None, None)


def test_a_late_notice_of_a_double_duty_says_why_before_the_report_is_given():
    known = datetime(2021, 3, 2, 10, 0, tzinfo=KST)
    one = scene(known=known)
    paper = papers.start_paper(
        case_id=one.case.pk,
        family="kr.pipa.s39_4.notice_report",
        kind=PaperKind.SUBJECT_NOTICE,
        actor=one.handler,
        now=known,
    )
    approved(one, paper, now=known)
    to = filings.recipients_of(paper)[0]
    with pytest.raises(Obstacle) as obstacle:
        record(one, paper, at=known + 25 * HOUR, recipient=to)
    assert obstacle.value.field == "lateness_reason"


@pytest.mark.parametrize("is_met", [False, True])
def test_an_instant_before_the_clock_began_is_refused_with_its_start(is_met):
    from incidents import services as incidents
    from incidents.services import FactChange

    one, paper = ready()
    if is_met:
        record(one, paper, at=KNOWN + 4 * HOUR)
        rewritten(one, paper, items="이름")
        approved(one, paper)
    incidents.record_facts(
        case_id=one.case.pk,
        changes=[FactChange("leak_known_at", KNOWN + 3 * HOUR)],
        actor=one.handler,
        now=KNOWN + 4 * HOUR,
        reason="로그 확인",
    )
    with pytest.raises(Obstacle, match=r"12:12 KST.*‘유출등을 알게 된 때’") as obstacle:
        record(one, paper, at=KNOWN + HOUR, now=KNOWN + 5 * HOUR)
    assert obstacle.value.field == "at"
    assert Filing.objects.count() == int(is_met)


def test_an_instant_still_to_come_is_refused_at_its_field_even_when_the_clock_has_stopped():
    one, paper = ready()
    record(one, paper, at=KNOWN + HOUR)
    rewritten(one, paper, items="이름", now=KNOWN + HOUR)
    approved(one, paper, now=KNOWN + HOUR)
    with pytest.raises(Obstacle, match="아직 오지 않은") as obstacle:
        record(one, paper, at=KNOWN + 9 * HOUR, now=KNOWN + 2 * HOUR)
    assert obstacle.value.field == "at"


def closed(one: Scene, *, at: datetime) -> None:
    from incidents import services as incidents

    for deadline in one.case.deadlines.running():
        incidents.dismiss_deadline(deadline_id=deadline.pk, actor=one.approver, now=at, reason="훈련")
    incidents.close_case(case_id=one.case.pk, actor=one.approver, now=at, reason="훈련")


def test_papers_of_a_closed_case_are_neither_started_nor_written_nor_approved_nor_given():
    from incidents.services import CaseClosed

    one, notice = ready()
    report = started(one, PaperKind.PIPC_REPORT)
    closed(one, at=KNOWN + HOUR)
    refused = (
        lambda: started(one, PaperKind.USER_NOTICE),
        lambda: rewritten(one, report, contact="새 연락처"),
        lambda: approved(one, report),
        lambda: record(one, notice, at=KNOWN + 2 * HOUR),
    )
    for attempt in refused:
        with pytest.raises(CaseClosed, match="사건 다시 열기"):
            attempt()
    assert not Filing.objects.exists()
    assert report.versions.count() == 1
