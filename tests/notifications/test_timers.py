"""Silence is the alarm: how the house knows that its timers are alive."""

from __future__ import annotations

import pytest
from django.test.utils import override_settings

from core.accounts.models import Role
from core.audit.models import HOUSE, Event
from notifications import queries, services
from notifications.models import OutgoingEmail, TimerPulse
from tests.clock import NOON
from tests.incidents.factories import organization_with
from tests.notifications.mail_server import closed_port
from tests.notifications.timers import HOUR, MINUTE

pytestmark = pytest.mark.django_db


def test_timers_that_never_ran_are_late():
    health = queries.timer_health(NOON)
    assert (health.ok, health.late, health.last_sweep_at) == (False, True, None)


@pytest.mark.parametrize(("minutes", "late"), [(0, False), (3, False), (4, True), (-4, True)])
def test_timers_are_late_after_three_silent_minutes(minutes: int, late: bool):
    services.sweep(now=NOON)
    health = queries.timer_health(NOON + minutes * MINUTE)
    assert health.late is late
    assert health.minutes == max(0, minutes)


def test_waking_after_a_silence_is_history_and_reaches_the_administrators_once():
    _, people = organization_with(Role.HANDLER, Role.ADMIN)
    services.sweep(now=NOON)
    for moment in (NOON + 10 * HOUR, NOON + 10 * HOUR + MINUTE):
        services.sweep(now=moment)
    event = Event.objects.get(chain=HOUSE, action="timers.resumed")
    assert event.data["seconds"] == 36000
    email = OutgoingEmail.objects.get(template="timers_resumed")
    assert email.to_user == people[Role.ADMIN]
    assert (
        email.subject
        == "[breachdesk] 알림 점검이 10시간 00분 멈췄다가 다시 돕니다 · 2026-10-02(금) 22:00 KST"
    )


def test_a_steady_pulse_writes_no_history():
    services.sweep(now=NOON)
    before = Event.objects.count()
    for minute in range(1, 5):
        services.sweep(now=NOON + minute * MINUTE)
    assert Event.objects.count() == before


def test_a_sweep_that_began_earlier_does_not_set_the_pulse_back():
    services.sweep(now=NOON + MINUTE)
    services.sweep(now=NOON)
    assert TimerPulse.objects.get().last_sweep_at == NOON + MINUTE
    assert not Event.objects.filter(action="timers.resumed").exists()


def test_a_replayed_case_leaves_the_pulse_alone():
    services.sweep(now=NOON, keeps_pulse=False)
    assert not TimerPulse.objects.exists()


def test_errands_that_fail_show_in_the_health(monkeypatch):
    def broken(**rest: object) -> int:
        raise RuntimeError("broken")

    monkeypatch.setattr("incidents.services.note_missed_deadlines", broken)
    services.sweep(now=NOON)
    health = queries.timer_health(NOON)
    assert (health.ok, health.late, health.faults) == (False, False, 1)


def test_without_a_broker_the_timers_run_beside_the_web_process():
    with override_settings(CELERY_BROKER_URL="memory://"):
        assert queries.broker_state() == "memory"


def test_a_broker_that_does_not_answer_is_down():
    with override_settings(CELERY_BROKER_URL=f"redis://127.0.0.1:{closed_port()}/0"):
        assert queries.broker_state() == "down"


@pytest.mark.redis
def test_a_broker_that_answers_is_ok(settings):
    assert settings.CELERY_BROKER_URL.startswith("redis:")
    assert queries.broker_state() == "ok"
