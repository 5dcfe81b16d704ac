"""What the law leaves open is a question of the case; the person who decides it is named and can take it back."""

from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import translation
from django.utils.html import strip_tags

from core.audit.models import Event
from core.audit.verification import first_break
from incidents import services
from incidents.law import current_facts, law_document
from incidents.models import Deadline, Duty, LawState, OpenPointDecision
from incidents.open_points import open_points
from incidents.services import CaseClosed, EditedMeanwhile, Obstacle
from tests.core.audit.tampering import tampering_as_owner
from tests.incidents.factories import KNOWN
from tests.incidents.open_cases import PSEUDONYMISED, pseudonymised_case, stated
from tests.incidents.pages import KINDS, office

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]
HOUR = timedelta(hours=1)
LATER = KNOWN + HOUR
REPORT = "kr.pipa.s34.report"
FACTS = {
    "leak_known_at": KNOWN,
    "person_count": 2,
    "is_pseudonymised_only": True,
    "illegal_external_access": True,
}
SEEING = ("handler", "cpo", "approver", "counsel", "auditor")


def pseudonymised_office():
    place = office()
    stated(place.case, now=LATER, **FACTS)
    return place


def decide(case, answer, *, reason="법무 검토 7호", now=LATER, **more):
    given = {"question": PSEUDONYMISED, "actor": case.lead, **more}
    return services.decide_open_point(case_id=case.pk, answer=answer, reason=reason, now=now, **given)


def withdraw(case, *, reason="새 해설서", now=LATER):
    return services.withdraw_decision(
        case_id=case.pk, question=PSEUDONYMISED, reason=reason, actor=case.lead, now=now
    )


def clock(case):
    return Deadline.objects.current().filter(case=case, duty__family=REPORT).first()


def address(name, case):
    return reverse(f"incidents:{name}", args=[case.reference, PSEUDONYMISED])


def test_undecided_it_is_asked_with_its_default_and_the_clock_is_unsettled():
    case = pseudonymised_case()
    found = open_points(case)
    point = found.of(PSEUDONYMISED)
    assert (clock(case).law_state, found.open_count) == (LawState.UNSETTLED, 1)
    assert [(answer.code, answer.is_default) for answer in point.answers] == [
        ("owed", True),
        ("not_owed", False),
    ]
    assert point.decision is None


def test_a_clock_unsettled_for_another_reason_says_the_new_one():
    case = pseudonymised_case()
    assert "제28조의7" in clock(case).why  # not any more that the number of people is not entered


def test_decided_owed_the_clock_runs_to_its_end():
    case = pseudonymised_case()
    moved = decide(case, "owed")
    assert (clock(case).law_state, clock(case).due_at) == (LawState.DUE, KNOWN + 72 * HOUR)
    assert [movement.change for movement in moved if movement.change != "unchanged"] == ["moved"]


def test_decided_not_owed_the_clock_ends_and_the_question_stays_to_be_seen():
    case = pseudonymised_case()
    decide(case, "not_owed")
    assert clock(case) is None
    ended = Duty.objects.filter(case=case, family=REPORT).latest("pk")
    assert "판단하였으므로" in ended.superseded_reason
    point = open_points(case).of(PSEUDONYMISED)
    assert (point.decision.answer, point.is_given) == ("not_owed", True)


def test_a_later_answer_replaces_the_earlier_one_which_stays():
    case = pseudonymised_case()
    decide(case, "not_owed")
    decide(case, "owed", reason="위원회 답변", now=LATER + HOUR)
    rows = OpenPointDecision.objects.filter(case=case).order_by("pk")
    assert [(row.answer, row.replaced_at) for row in rows] == [("not_owed", LATER + HOUR), ("owed", None)]
    assert clock(case).law_state == LawState.DUE


def test_only_one_answer_to_a_question_can_stand():
    case = pseudonymised_case()
    decide(case, "owed")
    twin = OpenPointDecision.objects.get()
    twin.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        twin.save()


def test_the_same_answer_for_the_same_reason_changes_nothing():
    case = pseudonymised_case()
    decide(case, "owed")
    before = Event.objects.of_chain(case.reference).count()
    assert decide(case, "owed", now=LATER + HOUR) == []
    assert Event.objects.of_chain(case.reference).count() == before


def test_withdrawn_it_is_open_again():
    case = pseudonymised_case()
    decide(case, "not_owed")
    withdraw(case)
    assert clock(case).law_state == LawState.UNSETTLED
    assert open_points(case).of(PSEUDONYMISED).decision is None
    assert withdraw(case) == []


def test_a_decision_that_no_longer_fits_moves_nothing_and_is_shown_as_idle():
    case = pseudonymised_case()
    decide(case, "not_owed")
    stated(case, now=LATER, is_pseudonymised_only=False)
    assert clock(case).law_state == LawState.DUE
    found = open_points(case)
    assert found.points == []
    assert [(idle.decision.answer, idle.is_known) for idle in found.idle] == [("not_owed", True)]
    with pytest.raises(Obstacle):
        decide(case, "owed")
    withdraw(case)
    assert open_points(case).idle == []


def test_a_decision_this_edition_does_not_know_is_left_out_and_said():
    case = pseudonymised_case()
    row = OpenPointDecision(
        case=case,
        question="kr.gone.question",
        answer="owed",
        reason="-",
        decided_at=LATER,
        decided_by=case.lead,
    )
    row.save()
    assert "decisions" not in law_document(case, current_facts(case))
    assert [idle.is_known for idle in open_points(case).idle] == [False]


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"answer": "at_expiry"}, "answer"),
        ({"answer": "owed", "reason": "  "}, "reason"),
        ({"answer": "owed", "reason": "가" * 501}, "reason"),
        ({"answer": "owed", "question": "kr.no.such"}, ""),
    ],
)
def test_what_cannot_be_decided_is_refused_at_its_field(changed, field):
    case = pseudonymised_case()
    with pytest.raises(Obstacle) as obstacle:
        decide(case, **changed)
    assert obstacle.value.field == field
    assert not OpenPointDecision.objects.exists()


def test_somebody_who_saw_another_decision_does_not_overrule_it_unseen():
    case = pseudonymised_case()
    decide(case, "owed", seen=0)
    with pytest.raises(EditedMeanwhile):
        decide(case, "not_owed", seen=0)
    decide(case, "not_owed", seen=OpenPointDecision.objects.get().pk)
    assert clock(case) is None


def test_nothing_is_decided_on_a_closed_case():
    case = pseudonymised_case()
    decide(case, "owed")
    for row in case.deadlines.running():
        services.dismiss_deadline(deadline_id=row.pk, reason="훈련", actor=case.lead, now=LATER)
    services.close_case(case_id=case.pk, actor=case.lead, now=LATER, reason="훈련 종료")
    for attempt in (lambda: decide(case, "not_owed"), lambda: withdraw(case)):
        with pytest.raises(CaseClosed):
            attempt()


def test_the_reason_is_in_its_row_and_beside_the_event_alone():
    case = pseudonymised_case()
    decide(case, "not_owed", reason="홍길동 변호사의 의견")
    decide(case, "owed", reason="홍길동 변호사의 새 의견")
    assert "홍길동" not in str([event.data for event in Event.objects.of_chain(case.reference)])
    assert "홍길동" not in str(list(Duty.objects.filter(case=case).values_list("terms", flat=True)))
    assert Event.objects.filter(action="decision.made").latest("sequence").reason == "홍길동 변호사의 새 의견"


CHANGES = {
    "another answer": "SET answer = 'owed' WHERE replaced_at IS NULL",
    "an earlier decision": "SET decided_at = '2026-11-01 00:00:00+00:00'",
    "a replaced decision standing again": "SET question = 'x.y' WHERE replaced_at IS NOT NULL",
}


@pytest.mark.parametrize("name", sorted(CHANGES))
def test_a_decision_changed_behind_history_is_found(name):
    case = pseudonymised_case()
    decide(case, "owed")
    decide(case, "not_owed", reason="다시 봄")
    assert first_break(case.reference) is None
    with tampering_as_owner("incidents_openpointdecision"), connection.cursor() as cursor:
        cursor.execute(f"UPDATE incidents_openpointdecision {CHANGES[name]}")
    assert first_break(case.reference) is not None


def test_deciding_replacing_and_withdrawing_leave_history_whole():
    case = pseudonymised_case()
    decide(case, "owed")
    decide(case, "not_owed")
    withdraw(case)
    decide(case, "owed", reason="끝")
    assert first_break(case.reference) is None
    told = [
        event.action for event in Event.objects.of_chain(case.reference) if event.action[:8] == "decision"
    ]
    assert told == ["decision.made", "decision.made", "decision.withdrawn", "decision.made"]


@time_machine.travel(LATER, tick=False)
@pytest.mark.parametrize("kind", KINDS)
def test_only_those_who_decide_open_and_send_the_forms(kind):
    place = pseudonymised_office()
    decide(place.case, "owed")
    client = place.client(kind)
    expected = (
        302 if kind == "anonymous" else 200 if kind in ("cpo", "approver") else 403 if kind in SEEING else 404
    )
    for name in ("decide-open-point", "withdraw-decision"):
        assert client.get(address(name, place.case)).status_code == expected, name
        sent = client.post(address(name, place.case), {"reason": ""}).status_code
        assert sent == (422 if expected == 200 else expected), name
    assert OpenPointDecision.objects.filter(replaced_at=None).count() == 1


@time_machine.travel(LATER, tick=False)
def test_a_person_sees_what_each_answer_would_do_and_decides():
    place = pseudonymised_office()
    client = place.client("cpo")
    page = strip_tags(client.get(address("decide-open-point", place.case)).content.decode())
    assert "‘의무가 있음’이라고 판단하면" in page
    assert "‘의무가 없음’이라고 판단하면" in page
    assert "(판단하기 전의 기본)" in page

    sent = {"seen": "0", "answer": "not_owed", "reason": "제28조의7의 취지"}
    answer = client.post(address("decide-open-point", place.case), sent, follow=True)

    page = strip_tags(answer.content.decode())
    assert "판단을 기록했습니다. 기한 1개가 바뀌었습니다." in page
    assert "제28조의7의 취지" in page
    assert OpenPointDecision.objects.get().decided_by == place.people["cpo"]
    history = client.get(reverse("incidents:case-history", args=[place.case.reference])).content.decode()
    assert "정해지지 않은 점의 판단" in history


@time_machine.travel(LATER, tick=False)
def test_what_was_typed_stays_when_somebody_else_decided_first():
    place = pseudonymised_office()
    decide(place.case, "owed")
    sent = {"seen": "0", "answer": "not_owed", "reason": "내가 쓴 이유"}
    client = place.client("cpo")

    refused = client.post(address("decide-open-point", place.case), sent)

    assert refused.status_code == 422
    page = refused.content.decode()
    assert "내가 쓴 이유" in page
    assert f'name="seen" value="{OpenPointDecision.objects.get().pk}"' in page


@time_machine.travel(LATER, tick=False)
def test_a_question_no_longer_asked_is_said_and_nothing_is_saved():
    place = pseudonymised_office()
    stated(place.case, now=LATER, is_pseudonymised_only=False)
    client = place.client("cpo")
    sent = {"seen": "0", "answer": "owed", "reason": "이유"}
    assert client.get(address("decide-open-point", place.case)).status_code == 404
    answer = client.post(address("decide-open-point", place.case), sent, follow=True)
    assert "지금 사실에서는 묻지 않는 물음이 되어 저장하지 않았습니다." in answer.content.decode()
    assert not OpenPointDecision.objects.exists()


@time_machine.travel(LATER, tick=False)
def test_the_question_is_read_in_english_too():
    place = pseudonymised_office()
    client = place.client("auditor")
    client.cookies["django_language"] = "en"
    page = client.get(reverse("incidents:case-clocks", args=[place.case.reference])).content.decode()
    with translation.override("en"):
        assert open_points(place.case).of(PSEUDONYMISED).words in strip_tags(page)
    assert "a person must decide" in page
