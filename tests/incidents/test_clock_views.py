"""The clocks of a case on its pages, and what people do about them."""

from datetime import date, timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils.html import strip_tags

from incidents.models import Deadline
from tests.incidents.factories import KNOWN
from tests.incidents.pages import office

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]


def leak_report(case):
    return case.deadlines.running().filter(anchor="leak_known_at", due_at__isnull=False).first()


def address(name, deadline):
    return reverse(f"incidents:{name}", args=[deadline.case.reference, deadline.pk])


@time_machine.travel(KNOWN + timedelta(hours=31), tick=False)
def test_a_clock_is_shown_with_its_end_what_is_left_and_why():
    place = office()
    deadline = leak_report(place.case)

    page = strip_tags(place.client("handler").get(address("deadline", deadline)).content.decode())

    assert "2026-11-24(화) 09:12 KST" in page
    assert "41시간 00분 남음" in page
    assert deadline.why in page
    assert "과태료 30,000,000원 이하" in page
    assert deadline.rules_digest[:12] in page


@time_machine.travel(KNOWN + timedelta(hours=1), tick=False)
def test_every_clock_of_a_new_case_can_be_explained():
    place = office()
    client = place.client("auditor")

    assert {client.get(address("deadline", row)).status_code for row in place.case.deadlines.all()} == {200}


@time_machine.travel(KNOWN + timedelta(hours=31), tick=False)
def test_a_fulfilment_stops_the_clock_with_its_margin():
    place = office()
    deadline = leak_report(place.case)

    place.client("handler").post(
        address("fulfil-deadline", deadline), {"at": "11/22 15:00", "note": "접수 1호"}
    )

    deadline.refresh_from_db()
    page = place.client("handler").get(address("deadline", deadline)).content.decode()
    assert deadline.met_by == place.people["handler"]
    assert "여유 42시간 12분" in page
    assert "접수 1호" in page


@time_machine.travel(KNOWN + timedelta(hours=80), tick=False)
def test_a_late_fulfilment_asks_why_and_keeps_what_was_typed():
    place = office()
    deadline = leak_report(place.case)

    answer = place.client("handler").post(
        address("fulfil-deadline", deadline), {"at": "2026-11-24 12:00", "note": "접수 2호"}
    )

    deadline.refresh_from_db()
    assert (answer.status_code, deadline.met_at) == (422, None)
    assert "늦은 사유를 함께 적어 주세요" in answer.content.decode()
    assert "접수 2호" in answer.content.decode()


@time_machine.travel(KNOWN + timedelta(hours=80), tick=False)
def test_a_missed_clock_counts_up_and_says_what_to_do():
    place = office()

    page = place.client("handler").get(address("deadline", leak_report(place.case))).content.decode()

    assert "8시간 00분 지남" in page
    assert "지금 이행하고 늦은 사유를 함께 적어 주세요" in page


@time_machine.travel(KNOWN + timedelta(hours=1), tick=False)
def test_the_cpo_sets_a_clock_aside_and_lets_it_run_again():
    place = office()
    deadline = leak_report(place.case)
    client = place.client("cpo")

    client.post(address("dismiss-deadline", deadline), {"reason": "유출이 아님을 확인"})
    set_aside = client.get(address("deadline", deadline)).content.decode()
    client.post(address("reopen-deadline", deadline), {"reason": "다시 봄"})

    deadline.refresh_from_db()
    assert "해당 없음" in set_aside
    assert "유출이 아님을 확인" in set_aside
    assert deadline.dismissed_at is None


@time_machine.travel(KNOWN + timedelta(hours=1), tick=False)
def test_what_the_cpo_decided_is_not_undone_by_others():
    place = office()
    deadline = leak_report(place.case)
    place.client("cpo").post(address("dismiss-deadline", deadline), {"reason": "유출이 아님을 확인"})

    answer = place.client("handler").post(address("reopen-deadline", deadline), {"reason": "아니다"})

    assert answer.status_code == 403


@time_machine.travel(KNOWN + timedelta(hours=1), tick=False)
def test_a_deadline_an_authority_set_is_added():
    place = office()

    place.client("handler").post(
        reverse("incidents:add-deadline", args=[place.case.reference]),
        {"title": "의견 제출", "last_day": "2026-12-06", "source": "조사1과-1", "kind": "follow_up"},
    )

    row = Deadline.objects.get(title="의견 제출")
    page = place.client("handler").get(address("deadline", row)).content.decode()
    assert row.last_day == date(2026, 12, 6)
    assert "2026-12-06(일)까지" in page
    assert "사람이 정한 기한입니다" in page


@time_machine.travel(KNOWN + timedelta(hours=1), tick=False)
def test_a_deadline_needs_one_end_and_not_two():
    place = office()
    both = {"title": "의견", "last_day": "2026-12-06", "due_at": "2026-12-06 18:00", "kind": "internal"}

    answer = place.client("handler").post(
        reverse("incidents:add-deadline", args=[place.case.reference]), both
    )

    assert answer.status_code == 422
    assert "하나만 적어 주세요" in answer.content.decode()


@time_machine.travel(KNOWN + timedelta(hours=1), tick=False)
def test_the_pages_of_a_case_ask_few_questions(django_assert_max_num_queries):
    place = office()
    client = place.client("handler")

    for name in ("case-overview", "case-clocks", "case-facts", "case-tasks", "case-history"):
        with django_assert_max_num_queries(31):
            client.get(reverse(f"incidents:{name}", args=[place.case.reference]))


@time_machine.travel(KNOWN + timedelta(hours=1), tick=False)
def test_tasks_are_taken_finished_skipped_and_added():
    place = office()
    first, second = place.case.tasks.all()[:2]
    client, reference = place.client("handler"), place.case.reference

    client.post(reverse("incidents:take-task", args=[reference, first.pk]))
    client.post(reverse("incidents:finish-task", args=[reference, first.pk]))
    refused = client.post(reverse("incidents:skip-task", args=[reference, second.pk]), {"reason": " "})
    client.post(reverse("incidents:skip-task", args=[reference, second.pk]), {"reason": "해당 없음"})
    client.post(reverse("incidents:add-task", args=[reference]), {"title": "포렌식 업체 부르기"})

    first.refresh_from_db()
    second.refresh_from_db()
    page = client.get(reverse("incidents:case-tasks", args=[reference])).content.decode()
    assert (first.owner, first.done_by) == (place.people["handler"], place.people["handler"])
    assert refused.status_code == 422
    assert second.skipped_reason == "해당 없음"
    assert "포렌식 업체 부르기" in page


@time_machine.travel(KNOWN + timedelta(hours=1), tick=False)
@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("2026-11-20 09:12", "시계가 시작한 때(2026-11-21(토) 09:12 KST)보다"),
        ("2026-11-21 11:12", "아직 오지 않은"),
    ],
)
def test_an_impossible_instant_is_refused_at_its_field_and_what_was_typed_stays(typed, told):
    place = office()
    deadline = leak_report(place.case)

    answer = place.client("handler").post(
        address("fulfil-deadline", deadline), {"at": typed, "note": "접수 3호"}
    )

    deadline.refresh_from_db()
    page = answer.content.decode()
    assert (answer.status_code, deadline.met_at) == (422, None)
    assert told in answer.context["form"].errors["at"][0]
    assert f'value="{typed}"' in page
    assert "접수 3호" in page


@time_machine.travel(KNOWN + timedelta(hours=1), tick=False)
def test_a_reason_that_is_too_long_stays_on_the_page_whole():
    place = office()
    task = place.case.tasks.first()
    reason = "가" * 299 + "끝말"

    answer = place.client("handler").post(
        reverse("incidents:skip-task", args=[place.case.reference, task.pk]), {"reason": reason}
    )

    task.refresh_from_db()
    assert (answer.status_code, task.skipped_at) == (422, None)
    assert "300자까지" in answer.context["form"].errors["reason"][0]
    assert reason in answer.content.decode()
