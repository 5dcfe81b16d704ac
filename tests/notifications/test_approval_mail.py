"""What waits for an approval is mailed to who may give it, and the answer to who asked; without a name or a word of it."""

from datetime import date, timedelta

import pytest
import time_machine

from core.access.copies import answer_request, ask_for_copy
from core.access.copy_models import CopyKind
from core.accounts.models import Membership, Role
from incidents.models import Case, Phase
from incidents.services import FactChange
from incidents.services.destruction import answer_destruction, ask_destruction
from notifications.letters import obstacle_to, words_of
from notifications.models import OutgoingEmail, PaperKind, Withdrawal
from notifications.services import papers
from tests.notifications.paper_cases import HOUR, KNOWN, approved, rewritten, scene, started

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _the_same_morning():
    with time_machine.travel(KNOWN + HOUR, tick=False):
        yield


@pytest.fixture
def one():
    return scene()


def mails(template):
    return OutgoingEmail.objects.filter(template=template).select_related(
        "to_user", "organization", "deadline"
    )


def told(template):
    return sorted(mails(template).values_list("to_user", flat=True))


def deciders(one, *, without=None):
    pks = {one.people[Role.CPO].pk, one.approver.pk}
    return sorted(pks - ({without.pk} if without else set()))


def test_a_paper_that_is_ready_is_mailed_once_to_who_may_approve_it(one):
    paper = started(one, PaperKind.SUBJECT_NOTICE)
    assert paper.latest().awaits_approval()
    assert told("approval_waits") == deciders(one)
    # When its author saves further words before anybody has decided
    rewritten(one, paper, title="개인정보 유출 통지 (고침)")
    # Then nobody is told twice
    assert told("approval_waits") == deciders(one)


def test_a_paper_with_errors_waits_for_nobody_until_it_has_none():
    one = scene(extra=(FactChange("person_actions", None, "unknown"),))
    paper = started(one, PaperKind.SUBJECT_NOTICE)
    assert paper.latest().error_count and told("approval_waits") == []
    # When what was missing is written, then it waits
    missing = [finding["field"] for finding in paper.latest().lint if finding["level"] == "error"]
    rewritten(one, paper, **dict.fromkeys(missing, "비밀번호를 바꿔 주세요."))
    assert told("approval_waits") == deciders(one)


def test_who_wrote_it_is_not_asked_to_approve_it(one):
    paper = started(one, PaperKind.SUBJECT_NOTICE)
    returned(paper.latest(), by=one.people[Role.CPO])
    before = mails("approval_waits").count()
    newest = paper.latest()
    papers.save_version(
        paper_id=paper.pk,
        expected_number=newest.number,
        words=papers.Words(title="고친 제목", texts=newest.fields),
        actor=one.approver,
        now=KNOWN + HOUR,
    )
    assert before == 2 and told("approval_waits").count(one.approver.pk) == 1
    assert told("approval_waits").count(one.people[Role.CPO].pk) == 2


def returned(version, *, by):
    return papers.return_version(
        version_id=version.pk, content_hash=version.content_hash, actor=by, now=KNOWN + HOUR, note="다시"
    )


def test_the_answer_goes_to_the_author_and_the_waiting_mail_is_withdrawn(one):
    paper = started(one, PaperKind.SUBJECT_NOTICE)
    version = paper.latest()
    waiting = mails("approval_waits").first()
    assert obstacle_to(waiting) is None
    # When returned
    returned(version, by=one.approver)
    # Then
    assert obstacle_to(waiting) == Withdrawal.ENDED
    answer = mails("approval_answered").get()
    assert answer.to_user == one.handler and "승인되지 않았습니다" in words_of(answer, now=KNOWN).subject
    # When written again it waits again, and approved it is told
    rewritten(one, paper, title="고친 제목")
    assert mails("approval_waits").count() == 4
    approved(one, paper)
    assert (
        "승인되었습니다"
        in words_of(mails("approval_answered").get(facts__is_approved=True), now=KNOWN).subject
    )


def test_the_mail_names_case_paper_and_deadline_and_no_word_of_anybody(one):
    paper = started(one, PaperKind.SUBJECT_NOTICE)
    mail = mails("approval_waits").first()
    words = words_of(mail, now=KNOWN + HOUR)
    assert one.case.reference in words.subject and "남음" in words.subject
    for part in (words.text, words.html):
        assert "개인정보 보호법 제34조" in part and "2026-11-24" in part
        assert f"/papers/{paper.number}/" in part
        assert one.handler.name not in part and one.people[Role.CPO].name not in part
        assert "상담원의 계정" not in part


def test_whoever_lost_the_role_meanwhile_gets_nothing(one):
    started(one, PaperKind.SUBJECT_NOTICE)
    mail = mails("approval_waits").filter(to_user=one.approver).get()
    Membership.objects.filter(user=one.approver).update(ends_on=date(2026, 11, 20))
    assert obstacle_to(mail) == Withdrawal.NO_ACCESS


def test_a_copy_that_waits_and_its_answer(one):
    asked = ask_for_copy(
        organization_id=one.organization.pk,
        case_key=one.case.reference,
        kind=CopyKind.CASE,
        person_count=1200,
        purpose="비밀 목적",
        actor=one.people[Role.CPO],
        now=KNOWN + HOUR,
    )
    mail = mails("approval_waits").get()
    assert mail.to_user == one.approver
    words = words_of(mail, now=KNOWN + HOUR)
    assert f"/{asked.pk}/" in words.text and "감사 묶음 반출" in words.subject
    assert "비밀 목적" not in words.text + words.html
    with time_machine.travel(KNOWN + HOUR + timedelta(days=1, minutes=1)):
        assert obstacle_to(mail) == Withdrawal.ENDED  # lapsed
    answer_request(request_id=asked.pk, is_approved=True, note="", actor=one.approver, now=KNOWN + HOUR)
    assert obstacle_to(mail) == Withdrawal.ENDED
    assert mails("approval_answered").get().to_user == one.people[Role.CPO]


def test_a_destruction_that_waits_and_its_answer(one):
    Case.objects.filter(pk=one.case.pk).update(phase=Phase.CLOSED, closed_at=KNOWN)
    row = ask_destruction(
        case_id=one.case.pk,
        ground="retention",
        reason="비밀 이유",
        needless_on=KNOWN.date(),
        actor=one.people[Role.CPO],
        now=KNOWN + HOUR,
    )
    mail = mails("approval_waits").get()
    words = words_of(mail, now=KNOWN + HOUR)
    assert mail.to_user == one.approver and "사건 파기" in words.subject and "비밀 이유" not in words.text
    answer_destruction(
        destruction_id=row.pk, is_approved=False, note="아직", actor=one.approver, now=KNOWN + HOUR
    )
    assert obstacle_to(mail) == Withdrawal.ENDED
    assert mails("approval_answered").get().to_user == one.people[Role.CPO]


def test_a_second_request_for_the_same_copy_is_no_news(one):
    for _again in range(2):
        ask_for_copy(
            organization_id=one.organization.pk,
            case_key=one.case.reference,
            kind=CopyKind.CASE,
            person_count=1200,
            purpose="감사",
            actor=one.people[Role.CPO],
            now=KNOWN + HOUR,
        )
    assert mails("approval_waits").count() == 1
