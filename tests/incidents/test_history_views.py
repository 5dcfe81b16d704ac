"""The history page: who, when, why, old → new; narrowed; checked; told further by people."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils.html import strip_tags

from core.audit import telling
from core.audit.models import Chain, Event
from core.audit.services import erase_words
from incidents import services
from incidents.services import FactChange
from tests.incidents.factories import KNOWN
from tests.incidents.pages import office

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]
LATER = KNOWN + timedelta(hours=2)


@pytest.fixture(autouse=True)
def two_hours_later():
    with time_machine.travel(LATER, tick=False):
        yield


def address(case):
    return reverse("incidents:case-history", args=[case.reference])


def corrected(place):
    services.record_facts(
        case_id=place.case.pk,
        changes=[FactChange("leak_known_at", KNOWN - timedelta(hours=3), "confirmed", "일지")],
        actor=place.people["cpo"],
        now=LATER,
        reason="당직 일지 확인",
    )


def test_a_correction_is_shown_with_old_new_who_and_why():
    place = office()
    corrected(place)

    page = strip_tags(place.client("auditor").get(address(place.case)).content.decode())

    assert "2026-11-21(토) 09:12 KST (추정)" in page
    assert "2026-11-21(토) 06:12 KST (확인)" in page
    assert "당직 일지 확인" in page
    assert "박보호" in page or str(place.people["cpo"]) in page


def test_an_erased_reason_is_said_to_be_erased():
    place = office()
    corrected(place)
    for event in Event.objects.filter(chain=place.case.reference, words__text="당직 일지 확인"):
        erase_words(event_id=event.pk, actor=place.people["cpo"], at=LATER, reason="삭제 요구")

    page = place.client("auditor").get(address(place.case), {"check": "1"}).content.decode()

    assert "당직 일지 확인" not in page
    assert "적었던 말을 지웠습니다." in page
    assert "삭제 요구" in page
    assert "바뀌거나 빠진 이력이 없습니다" in page


def test_history_is_narrowed_by_person_and_kind():
    place = office()
    corrected(place)
    client = place.client("auditor")

    def actions(**query):
        return {event.action_word for event in client.get(address(place.case), query).context["events"]}

    assert actions(who=place.people["cpo"].pk, kind="fact") == {"사실 변경"}
    assert actions(who="system") == set()
    assert "시계 시작" in actions(kind="deadline")
    assert actions(tab="facts") == {"사실 기록", "사실 변경"}
    assert actions(tab="facts", kind="task") == set()
    assert {"시계 시작", "기한 변경"} <= actions(tab="clocks") and "사실 기록" not in actions(tab="clocks")
    assert "사실 기록" in actions(who="nonsense", kind="nonsense", page="-1")


def test_every_kind_of_the_history_of_a_case_is_at_home_under_one_tab():
    homes = [action for tab in telling.tabs() for action in telling.actions_of_tab(tab)]
    told = {action for kind in telling.kinds() for action in telling.actions_of(kind)}

    assert sorted(homes) == sorted(set(homes))
    assert told - set(homes) == set(telling.actions_of("history"))


def test_the_title_given_is_told_in_history_and_not_as_a_reason():
    place = office(title="첫 이름")
    services.describe_case(
        case_id=place.case.pk, title="둘째 이름", kinds={}, actor=place.people["cpo"], now=LATER
    )

    events = place.client("auditor").get(address(place.case), {"kind": "case"}).context["events"]

    told = {event.action_word: (event.after, event.reason) for event in events}
    assert told["사건 접수"] == ("첫 이름", "")
    assert told["사건 정보 변경"] == ("둘째 이름", "")


def test_what_was_done_to_meet_a_clock_is_told_apart_from_why_it_was_late():
    place = office()
    deadline = place.case.deadlines.get(duty__family="kr.pipa.s34.subject_notice")
    late = KNOWN + timedelta(hours=80)
    services.fulfil_deadline(
        deadline_id=deadline.pk,
        at=late,
        note="팩스로 통지",
        lateness_reason="담당자 부재",
        actor=place.people["cpo"],
        now=late,
    )

    events = place.client("auditor").get(address(place.case), {"kind": "deadline"}).context["events"]

    [met] = [event for event in events if event.action_word == "이행"]
    assert (met.after, met.reason) == ("팩스로 통지", "담당자 부재")


def test_the_chain_is_checked_on_request():
    place = office()

    page = place.client("auditor").get(address(place.case), {"check": "1"}).content.decode()

    assert "바뀌거나 빠진 이력이 없습니다" in page
    assert "연결 확인" in page


def test_a_chain_that_does_not_hold_is_named():
    place = office()
    Chain.objects.filter(pk=place.case.reference).update(length=99)

    page = place.client("auditor").get(address(place.case), {"check": "1"}).content.decode()

    assert "이력이 이어지지 않습니다" in page


def test_what_happened_is_told_at_its_own_time():
    place = office()
    client = place.client("handler")

    client.post(
        reverse("incidents:add-entry", args=[place.case.reference]),
        {"text": "KISA 118 상담", "happened_at": "2026-11-21 10:00", "kind": "event", "source": "통화"},
    )

    page = client.get(address(place.case)).content.decode()
    assert "KISA 118 상담 (통화)" in page
    assert "2026-11-21(토)" in page
    assert "10:00:00 KST" in page


def test_what_has_not_happened_yet_is_refused():
    place = office()

    answer = place.client("handler").post(
        reverse("incidents:add-entry", args=[place.case.reference]),
        {"text": "내일 회의", "happened_at": "2026-11-22 10:00", "kind": "event"},
    )

    assert answer.status_code == 422
    assert "아직 오지 않은 시각입니다" in answer.content.decode()


def test_a_long_history_asks_the_same_number_of_questions(django_assert_max_num_queries):
    place = office()
    for number in range(30):
        services.record_facts(
            case_id=place.case.pk,
            changes=[FactChange("person_count", number + 1)],
            actor=place.people["cpo"],
            now=LATER,
            reason="다시 셈",
        )
    client = place.client("auditor")

    with django_assert_max_num_queries(31):  # the last one asks what the reminders were of
        client.get(address(place.case))
