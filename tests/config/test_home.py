"""The clock wall, the health of the house, and a request that is too large."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from incidents import services
from notifications.models import TimerPulse
from tests.core.accounts.factories import MembershipFactory
from tests.incidents.factories import KNOWN, opened_case
from tests.incidents.pages import office

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]


def pulse(at):
    TimerPulse.objects.update_or_create(pk=1, defaults={"last_sweep_at": at})


@time_machine.travel(KNOWN + timedelta(hours=30), tick=False)
def test_the_nearest_end_is_large_and_the_missed_stand_on_top():
    place = office()

    answer = place.client("handler").get(reverse("home"))

    wall = answer.context["wall"]
    assert wall.hero.anchor_label.startswith("유출등을 알게 된 때")
    assert wall.clocks[0].state == "missed"
    assert answer.context["waiting"]["overdue"] == 1
    assert "42시간 00분 남음" in answer.content.decode()


@time_machine.travel(KNOWN + timedelta(hours=30), tick=False)
def test_the_wall_is_narrowed_to_what_is_late_or_unacknowledged():
    place = office()
    client = place.client("handler")
    late = client.get(reverse("home"), {"show": "overdue"}).context["wall"].clocks
    services.acknowledge_deadline(
        deadline_id=late[0].deadline.pk, actor=place.people["handler"], now=KNOWN + timedelta(hours=30)
    )

    unacknowledged = client.get(reverse("home"), {"show": "unacknowledged"}).context["wall"].clocks

    assert [clock.state for clock in late] == ["missed"]
    assert late[0].deadline not in [clock.deadline for clock in unacknowledged]
    assert client.get(reverse("home"), {"show": "x", "start": "-1"}).status_code == 200


def test_an_empty_wall_offers_to_open_a_case(client):
    client.force_login(MembershipFactory().user)
    with time_machine.travel(KNOWN, tick=False):
        pulse(KNOWN)
        page = client.get(reverse("home")).content.decode()

    assert "진행 중인 시계가 없습니다." in page
    assert "알림 정상." in page
    assert "사건 접수" in page


@time_machine.travel(KNOWN + timedelta(hours=1), tick=False)
def test_the_wall_asks_the_same_number_of_questions_however_many_cases(django_assert_max_num_queries):
    place = office()
    for _count in range(15):
        opened_case(organization=place.case.organization, actor=place.people["handler"])
    client = place.client("handler")

    with django_assert_max_num_queries(16):
        page = client.get(reverse("home"))

    assert page.context["wall"].has_more


def test_health_is_good_while_the_timers_look(client):
    with time_machine.travel(KNOWN, tick=False):
        pulse(KNOWN - timedelta(seconds=20))
        answer = client.get(reverse("healthz"))

    assert answer.status_code == 200
    assert answer.json() == {
        "status": "ok",
        "database": "ok",
        "broker": answer.json()["broker"],
        "timers": {"last_sweep_at": (KNOWN - timedelta(seconds=20)).isoformat(), "late": False},
    }


@pytest.mark.parametrize("minutes", [4, None])
def test_health_is_bad_when_the_timers_are_silent(client, minutes):
    with time_machine.travel(KNOWN, tick=False):
        if minutes:
            pulse(KNOWN - timedelta(minutes=minutes))
        answer = client.get(reverse("healthz"))

    assert (answer.status_code, answer.json()["timers"]["late"]) == (503, True)


def test_a_file_that_is_too_large_is_answered_in_words(settings, client):
    settings.UPLOAD_LIMIT_BYTES = 1024
    client.force_login(MembershipFactory().user)

    answer = client.post(
        "/cases/open/", b"x" * (1024 * 1024 + 2048), content_type="multipart/form-data; boundary=x"
    )

    assert answer.status_code == 413
    assert "저장된 것은 없습니다" in answer.content.decode()


def test_too_many_words_are_answered_in_words(settings, client):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1024
    client.force_login(MembershipFactory().user)

    answer = client.post(reverse("incidents:draft", args=["intake:x"]), {"summary": "가" * 2000})

    assert answer.status_code == 413
