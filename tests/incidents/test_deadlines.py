"""Meeting, missing and deciding about deadlines; each keeps who, when and why."""

from datetime import date, timedelta

import pytest

from core.audit.models import Event
from core.audit.verification import first_break
from incidents import services
from incidents.models import Deadline, Phase
from incidents.services import Obstacle
from tests.core.accounts.factories import UserFactory
from tests.incidents.factories import KNOWN, opened_case

HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)
pytestmark = pytest.mark.django_db


@pytest.fixture
def notice():
    return Deadline.objects.current().get(case=opened_case(), duty__family="kr.pipa.s34.subject_notice")


def actions(case):
    return list(Event.objects.of_chain(case.reference).values_list("action", flat=True))


def test_meeting_a_deadline_keeps_its_margin_in_history(notice):
    at = notice.due_at - 5 * HOUR
    services.fulfil_deadline(deadline_id=notice.pk, at=at, actor=notice.case.lead, now=at + HOUR)
    event = Event.objects.of_chain(notice.case.reference).get(action="deadline.met")
    assert event.happened_at == at
    assert event.data["margin_seconds"] == 5 * 3600
    assert event.data["late"] is False


def test_meeting_it_again_changes_nothing(notice):
    at = KNOWN + HOUR
    for _time in range(2):
        services.fulfil_deadline(deadline_id=notice.pk, at=at, actor=notice.case.lead, now=at)
    assert actions(notice.case).count("deadline.met") == 1


@pytest.mark.parametrize(("after", "is_late"), [(-SECOND, False), (0 * SECOND, False), (SECOND, True)])
def test_late_begins_just_after_the_end_and_asks_for_the_reason(notice, after, is_late):
    at = notice.due_at + after
    given = {"deadline_id": notice.pk, "at": at, "actor": notice.case.lead, "now": at + HOUR}
    if is_late:
        with pytest.raises(Obstacle) as obstacle:
            services.fulfil_deadline(**given)
        assert obstacle.value.field == "lateness_reason"
        services.fulfil_deadline(**given, lateness_reason="담당자 부재")
    else:
        services.fulfil_deadline(**given)
    notice.refresh_from_db()
    assert notice.met_at == at
    assert notice.lateness_reason == ("담당자 부재" if is_late else "")


def test_nothing_is_met_in_the_future(notice):
    with pytest.raises(Obstacle, match="아직 오지 않은"):
        services.fulfil_deadline(
            deadline_id=notice.pk, at=KNOWN + 2 * HOUR, actor=notice.case.lead, now=KNOWN + HOUR
        )


def test_a_deadline_is_missed_once(notice):
    just_after = notice.due_at + SECOND
    assert services.note_missed_deadlines(now=notice.due_at) < services.note_missed_deadlines(now=just_after)
    services.note_missed_deadlines(now=just_after + HOUR)
    missed = Event.objects.of_chain(notice.case.reference).filter(
        action="deadline.missed", subject=f"incidents.deadline:{notice.pk}"
    )
    assert missed.count() == 1
    assert missed.get().happened_at == notice.due_at


def test_who_decided_that_it_does_not_apply_and_why_is_kept(notice):
    with pytest.raises(Obstacle) as obstacle:
        services.dismiss_deadline(deadline_id=notice.pk, actor=notice.case.lead, now=KNOWN, reason=" ")
    assert obstacle.value.field == "reason"
    services.dismiss_deadline(deadline_id=notice.pk, actor=notice.case.lead, now=KNOWN, reason="유출 아님")
    event = Event.objects.of_chain(notice.case.reference).get(action="deadline.dismissed")
    assert (event.actor, event.reason) == (notice.case.lead, "유출 아님")


def test_a_clock_stopped_by_mistake_runs_again_and_history_keeps_both(notice):
    services.fulfil_deadline(deadline_id=notice.pk, at=KNOWN, actor=notice.case.lead, now=KNOWN + HOUR)
    services.reopen_deadline(
        deadline_id=notice.pk, actor=notice.case.lead, now=KNOWN + 2 * HOUR, reason="다른 사건의 통지였음"
    )
    notice.refresh_from_db()
    assert notice.met_at is None
    assert {"deadline.met", "deadline.reopened"} <= set(actions(notice.case))


def test_a_replaced_clock_cannot_be_met(notice):
    services.record_facts(
        case_id=notice.case_id,
        changes=[services.FactChange("leak_known_at", KNOWN - HOUR)],
        actor=notice.case.lead,
        now=KNOWN + HOUR,
        reason="로그",
    )
    with pytest.raises(Obstacle, match="바뀌었습니다"):
        services.fulfil_deadline(deadline_id=notice.pk, at=KNOWN, actor=notice.case.lead, now=KNOWN + HOUR)


def test_acknowledging_names_the_owner_once(notice):
    other = UserFactory()
    for person in (notice.case.lead, notice.case.lead, other):
        services.acknowledge_deadline(deadline_id=notice.pk, actor=person, now=KNOWN)
    notice.refresh_from_db()
    assert notice.owner == other
    assert actions(notice.case).count("deadline.acknowledged") == 2


def test_a_day_an_authority_set_ends_with_that_day():
    case = opened_case()
    plan = services.add_deadline(
        case_id=case.pk,
        title="재발방지 이행계획 제출",
        actor=case.lead,
        now=KNOWN,
        last_day=date(2027, 1, 31),
        source="과학기술정보통신부 요구",
    )
    assert plan.due_at.isoformat() == "2027-02-01T00:00:00+09:00"
    with pytest.raises(Obstacle):
        services.add_deadline(case_id=case.pk, title="둘 다 없음", actor=case.lead, now=KNOWN)


def test_a_case_closes_only_when_no_clock_runs():
    case = opened_case()
    with pytest.raises(Obstacle, match="끝나지 않은 기한"):
        services.close_case(case_id=case.pk, actor=case.lead, now=KNOWN, reason="끝")
    for deadline in Deadline.objects.running().filter(case=case):
        services.dismiss_deadline(deadline_id=deadline.pk, actor=case.lead, now=KNOWN, reason="훈련")
    closed = services.close_case(case_id=case.pk, actor=case.lead, now=KNOWN + HOUR, reason="훈련이었음")
    assert (closed.phase, closed.closed_at) == (Phase.CLOSED, KNOWN + HOUR)
    assert first_break(case.reference) is None


@pytest.mark.parametrize("early", [timedelta(minutes=1), timedelta(days=400)])
def test_what_was_done_before_the_clock_began_is_refused_with_its_start(notice, early):
    with pytest.raises(Obstacle, match=r"2026-11-21\(토\) 09:12 KST.*‘유출등을 알게 된 때’") as obstacle:
        services.fulfil_deadline(
            deadline_id=notice.pk, at=KNOWN - early, actor=notice.case.lead, now=KNOWN + HOUR
        )
    notice.refresh_from_db()
    assert (obstacle.value.field, notice.met_at) == ("at", None)


def test_the_minute_in_which_the_clock_began_is_not_too_early():
    case = opened_case(now=KNOWN + 40 * SECOND)
    deadline = Deadline.objects.current().get(case=case, duty__family="kr.pipa.s34.report")
    services.fulfil_deadline(deadline_id=deadline.pk, at=KNOWN, actor=case.lead, now=KNOWN + HOUR)
    deadline.refresh_from_db()
    assert deadline.met_at == KNOWN


def test_once_the_fact_is_corrected_the_earlier_fulfilment_is_taken(notice):
    early = KNOWN - 2 * HOUR
    services.record_facts(
        case_id=notice.case_id,
        changes=[services.FactChange("leak_known_at", KNOWN - 3 * HOUR)],
        actor=notice.case.lead,
        now=KNOWN,
        reason="로그 확인",
    )
    moved = Deadline.objects.current().get(case=notice.case_id, duty__family="kr.pipa.s34.subject_notice")
    services.fulfil_deadline(deadline_id=moved.pk, at=early, actor=notice.case.lead, now=KNOWN)
    moved.refresh_from_db()
    assert moved.met_at == early


def test_a_deadline_written_down_afterwards_may_have_been_met_before_that(notice):
    owed = services.add_deadline(
        case_id=notice.case_id, title="의견 제출", actor=notice.case.lead, now=KNOWN, due_at=KNOWN + HOUR
    )
    services.fulfil_deadline(deadline_id=owed.pk, at=KNOWN - HOUR, actor=notice.case.lead, now=KNOWN)
    owed.refresh_from_db()
    assert owed.met_at == KNOWN - HOUR


def test_a_deadline_with_a_stated_start_is_not_met_before_it(notice):
    owed = services.add_deadline(
        case_id=notice.case_id,
        title="게시 유지",
        actor=notice.case.lead,
        now=KNOWN,
        starts_at=KNOWN - HOUR,
        due_at=KNOWN + HOUR,
    )
    with pytest.raises(Obstacle, match="08:12 KST") as obstacle:
        services.fulfil_deadline(deadline_id=owed.pk, at=KNOWN - 2 * HOUR, actor=notice.case.lead, now=KNOWN)
    assert obstacle.value.field == "at"


def test_a_reason_not_to_do_a_task_is_refused_when_too_long_and_never_cut(notice):
    task = notice.case.tasks.first()
    given = {"task_id": task.pk, "actor": notice.case.lead, "now": KNOWN}
    with pytest.raises(Obstacle, match=r"301자.*300자까지") as obstacle:
        services.skip_task(**given, reason="가" * 301)
    assert obstacle.value.field == "reason"
    services.skip_task(**given, reason="가" * 300)
    task.refresh_from_db()
    assert task.skipped_reason == "가" * 300
