"""A closed case: read by all who may, changed by nobody until somebody who decides opens it again."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from core.audit.models import Event
from core.audit.verification import first_break
from incidents import services
from incidents.models import FactRevision, Phase, Task, TimelineEntry
from incidents.services import CaseClosed, FactChange, Obstacle
from tests.incidents.factories import KNOWN
from tests.incidents.pages import KINDS, office

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]
HOUR = timedelta(hours=1)
LATER = KNOWN + 2 * HOUR


@pytest.fixture
def place():
    """An office whose case was closed an hour after it was opened."""
    place = office()
    for deadline in place.case.deadlines.running():
        services.dismiss_deadline(
            deadline_id=deadline.pk, actor=place.people["cpo"], now=KNOWN, reason="훈련"
        )
    services.close_case(case_id=place.case.pk, actor=place.people["cpo"], now=KNOWN + HOUR, reason="훈련")
    place.case.refresh_from_db()
    return place


def reopen(place, *, kind="cpo", reason="새 사실", phase=Phase.INVESTIGATION):
    return services.reopen_case(
        case_id=place.case.pk, actor=place.people[kind], now=LATER, reason=reason, phase=phase
    )


CHANGES = {
    "a fact": lambda case, by: services.record_facts(
        case_id=case.pk, changes=[FactChange("person_count", 3)], actor=by, now=LATER
    ),
    "a phase": lambda case, by: services.advance_phase(
        case_id=case.pk, phase=Phase.SANCTION, actor=by, now=LATER
    ),
    "a timeline entry": lambda case, by: services.add_timeline_entry(
        case_id=case.pk, text="전화", happened_at=LATER, actor=by, now=LATER
    ),
    "a task": lambda case, by: services.add_task(case_id=case.pk, title="할 일", actor=by, now=LATER),
    "a task taken": lambda case, by: services.take_task(task_id=case.tasks.first().pk, actor=by, now=LATER),
    "a task finished": lambda case, by: services.finish_task(
        task_id=case.tasks.first().pk, actor=by, now=LATER
    ),
    "a task skipped": lambda case, by: services.skip_task(
        task_id=case.tasks.first().pk, actor=by, now=LATER, reason="이유"
    ),
    "a deadline": lambda case, by: services.add_deadline(
        case_id=case.pk, title="의견", actor=by, now=LATER, due_at=LATER + HOUR
    ),
    "a deadline met": lambda case, by: services.fulfil_deadline(
        deadline_id=case.deadlines.first().pk, at=LATER, actor=by, now=LATER
    ),
    "a deadline dismissed": lambda case, by: services.dismiss_deadline(
        deadline_id=case.deadlines.first().pk, actor=by, now=LATER, reason="이유"
    ),
    "a deadline reopened": lambda case, by: services.reopen_deadline(
        deadline_id=case.deadlines.first().pk, actor=by, now=LATER, reason="이유"
    ),
    "a deadline acknowledged": lambda case, by: services.acknowledge_deadline(
        deadline_id=case.deadlines.first().pk, actor=by, now=LATER
    ),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_closed_case_takes_no_change_and_says_how_to_open_it(place, change):
    before = Event.objects.count()

    with pytest.raises(CaseClosed, match=r"책임자나 승인자.*\[사건 다시 열기\]"):
        CHANGES[change](place.case, place.people["cpo"])

    assert Event.objects.count() == before


def test_a_phase_is_no_way_around_reopening(place):
    address = reverse("incidents:advance-phase", args=[place.case.reference])

    answer = place.client("handler").post(address, {"phase": "investigation"})

    place.case.refresh_from_db()
    assert (answer.status_code, place.case.phase) == (422, Phase.CLOSED)
    assert "사건 다시 열기" in answer.content.decode()


def test_reopening_is_an_event_of_its_own_with_its_reason_and_stands_on_the_timeline(place):
    case = reopen(place, reason="피해자 신고가 더 들어옴", phase=Phase.NOTIFICATION)

    event = Event.objects.get(action="case.reopened")
    assert (event.reason, event.actor, event.data["phase"]) == (
        "피해자 신고가 더 들어옴",
        place.people["cpo"],
        "notification",
    )
    assert (case.phase, case.closed_at) == (Phase.NOTIFICATION, None)
    assert TimelineEntry.objects.get(case=case).text == "종결한 사건을 다시 열었습니다."
    assert first_break(case.reference) is None


def test_an_opened_case_takes_facts_again(place):
    case = reopen(place)

    CHANGES["a fact"](case, place.people["handler"])

    assert FactRevision.objects.filter(case=case, name="person_count").exists()


@pytest.mark.parametrize("kind", ["handler", "counsel", "auditor", "admin", "outsider"])
def test_nobody_else_reopens_a_case(place, kind):
    with pytest.raises(Obstacle, match="책임자나 승인자"):
        reopen(place, kind=kind)

    place.case.refresh_from_db()
    assert place.case.phase == Phase.CLOSED


def test_reopening_needs_a_reason(place):
    with pytest.raises(Obstacle) as obstacle:
        reopen(place, reason="  ")

    assert obstacle.value.field == "reason"


def test_an_open_case_is_not_reopened():
    with pytest.raises(Obstacle, match="종결한 사건이 아닙니다"):
        reopen(office())


def test_closing_twice_tells_it_once(place):
    services.close_case(case_id=place.case.pk, actor=place.people["cpo"], now=LATER, reason="또")

    assert Event.objects.filter(action="case.closed").count() == 1


@pytest.mark.parametrize("kind", KINDS)
def test_the_page_of_reopening_is_for_those_who_decide(place, kind):
    wanted = {"anonymous": 302, "cpo": 200, "approver": 200, "admin": 404, "outsider": 404}.get(kind, 403)

    page = place.client(kind).get(reverse("incidents:reopen-case", args=[place.case.reference]))

    assert page.status_code == wanted


def test_a_case_is_reopened_on_its_page(place):
    address = reverse("incidents:reopen-case", args=[place.case.reference])
    client = place.client("approver")

    without = client.post(address, {"reason": "", "phase": "investigation"})
    client.post(address, {"reason": "추가 조사", "phase": "investigation"})

    place.case.refresh_from_db()
    assert (without.status_code, place.case.phase) == (422, Phase.INVESTIGATION)
    history = client.get(reverse("incidents:case-history", args=[place.case.reference])).content.decode()
    assert "추가 조사" in history
    assert "종결한 사건을 다시 열었습니다." in history


READ = ("case-overview", "case-clocks", "case-facts", "case-tasks", "case-history")
WORK = ("case-intake", "add-deadline", "add-task", "add-entry", "advance-phase")


def test_a_closed_case_is_read_and_its_forms_say_why_they_do_not_open(place):
    client = place.client("handler")

    for name in READ:
        assert client.get(reverse(f"incidents:{name}", args=[place.case.reference])).status_code == 200, name
    for name in WORK:
        page = client.get(reverse(f"incidents:{name}", args=[place.case.reference]))
        assert (page.status_code, "종결한 사건입니다" in page.content.decode()) == (403, True), name


def test_a_closed_case_offers_no_change_but_reopening_to_those_who_decide(place):
    for kind, offered in (("handler", False), ("cpo", True)):
        page = place.client(kind).get(place.case.get_absolute_url()).content.decode()
        assert "종결한 사건입니다" in page
        assert (reverse("incidents:reopen-case", args=[place.case.reference]) in page) is offered
        assert reverse("incidents:advance-phase", args=[place.case.reference]) not in page


def test_words_sent_to_a_case_closed_meanwhile_are_kept_on_the_page(place):
    client = place.client("handler")
    sent = {
        reverse("incidents:add-task", args=[place.case.reference]): {"title": "쓰던 할 일"},
        reverse("incidents:add-entry", args=[place.case.reference]): {
            "text": "쓰던 경과",
            "happened_at": "2026-11-21 10:00",
            "kind": "event",
        },
        reverse("incidents:change-fact", args=[place.case.reference, "summary"]): {
            "summary": "쓰던 요약",
            "summary-certainty": "confirmed",
            "fact_count": place.case.fact_count,
            "step": "apply",
        },
    }

    with time_machine.travel(LATER, tick=False):
        for address, typed in sent.items():
            answer = client.post(address, typed)
            page = answer.content.decode()
            assert answer.status_code == 422
            assert "종결한 사건입니다" in page
            assert next(word for word in typed.values() if "쓰던" in str(word)) in page


def test_a_button_pressed_on_a_closed_case_is_answered_in_words(place):
    client = place.client("handler")
    task = Task.objects.filter(case=place.case).first()

    for name in ("take-task", "finish-task"):
        answer = client.post(reverse(f"incidents:{name}", args=[place.case.reference, task.pk]), follow=True)
        assert "종결한 사건입니다" in answer.content.decode()
    answer = client.post(
        reverse("notifications:acknowledge", args=[place.case.deadlines.first().pk]), follow=True
    )

    task.refresh_from_db()
    assert "종결한 사건입니다" in answer.content.decode()
    assert (task.owner, task.done_at) == (None, None)


def test_a_closed_case_gets_another_lead_and_no_other_name(place):
    address = reverse("incidents:describe-case", args=[place.case.reference])
    typed = {"title": place.case.title, "lead": place.people["counsel"].pk}
    client = place.client("handler")

    named = client.post(address, {**typed, "title": "다른 이름"})
    client.post(address, typed)

    place.case.refresh_from_db()
    assert "종결한 사건입니다" in named.content.decode()
    assert (place.case.title, place.case.lead) == ("고객센터 계정 탈취", place.people["counsel"])
