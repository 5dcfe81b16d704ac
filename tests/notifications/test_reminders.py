"""When reminders go out, to whom, and when they stop."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.accounts.models import Role
from core.audit.models import Event
from incidents import services as incident_services
from incidents.models import Certainty, Deadline, LawState
from incidents.services import FactChange
from notifications import services
from notifications.models import OutgoingEmail, Reminder, ReminderPolicy, Withdrawal
from tests.incidents.factories import KNOWN
from tests.notifications.timers import (
    HOUR,
    MINUTE,
    a_clock,
    a_legal_clock,
    another,
    hours_before,
    instants,
    sweep_until,
)

pytestmark = pytest.mark.django_db


def test_a_clock_of_72_hours_is_recalled_at_every_step_and_at_its_end():
    now = a_clock(due_in=72 * HOUR)
    assert hours_before(now.deadline) == [48, 24, 12, 6, 1, 0]
    assert instants(now.deadline)[0] == KNOWN + 24 * HOUR
    assert instants(now.deadline)[-1] == now.deadline.due_at


def test_a_clock_of_24_hours_leaves_out_the_steps_its_limit_does_not_allow():
    # The step of 24 hours would fall on the very start, which is no reminder.
    assert hours_before(a_clock(due_in=24 * HOUR).deadline) == [12, 6, 1, 0]


@pytest.mark.parametrize(
    ("due_in", "steps"),
    [
        (48 * HOUR, [24, 12, 6, 1, 0]),
        (48 * HOUR + MINUTE, [48, 24, 12, 6, 1, 0]),
        (HOUR, [0]),
        (HOUR + MINUTE, [1, 0]),
        (30 * 24 * HOUR, [48, 24, 12, 6, 1, 0]),
    ],
)
def test_a_step_counts_only_after_the_start_of_the_clock(due_in: timedelta, steps: list[float]):
    assert hours_before(a_clock(due_in=due_in).deadline) == steps


def test_a_case_opened_late_reminds_once_at_once():
    # Given a clock of 72 hours that has been running for 50 when it is written down
    late = KNOWN + 50 * HOUR
    now = a_clock(due_in=72 * HOUR, now=late)
    # Then of the steps that passed only the latest is owed, beside those to come
    assert hours_before(now.deadline) == [24, 12, 6, 1, 0]
    services.sweep(now=late)
    assert len(now.told()) == 1


def test_a_case_opened_after_the_end_says_so_at_once_and_goes_on_hourly():
    late = KNOWN + 75 * HOUR + 20 * MINUTE
    now = a_clock(due_in=72 * HOUR, now=late)
    assert hours_before(now.deadline) == [0]
    services.sweep(now=late)
    assert len(now.told()) == 1
    assert instants(now.deadline) == [KNOWN + 76 * HOUR]


def test_planning_again_changes_nothing():
    now = a_legal_clock()
    before = list(Reminder.objects.order_by("pk").values())
    services.plan_reminders(case_id=now.case.pk, now=KNOWN)
    assert list(Reminder.objects.order_by("pk").values()) == before


def test_a_reminder_goes_out_at_its_instant_and_not_a_second_before():
    now = a_clock()
    instant = KNOWN + 24 * HOUR
    services.sweep(now=instant - timedelta(seconds=1))
    assert now.told() == []
    services.sweep(now=instant)
    assert now.told() == [now.handler]


def test_two_sweeps_at_the_same_instant_tell_once():
    now = a_clock()
    for _ in range(2):
        services.sweep(now=KNOWN + 24 * HOUR)
    assert len(now.told()) == 1


def test_the_timers_that_missed_three_steps_send_the_last_alone():
    now = a_clock()
    services.sweep(now=KNOWN + 67 * HOUR)
    assert len(now.told()) == 1
    overtaken = Reminder.objects.filter(deadline=now.deadline, withdrawn_reason=Withdrawal.OVERTAKEN)
    assert sorted(row.minutes_before / 60 for row in overtaken) == [12, 24, 48]


def test_after_the_end_people_are_told_every_hour():
    now = a_clock()
    due_at = now.deadline.due_at
    assert due_at is not None
    services.sweep(now=due_at)
    services.acknowledge(deadline_id=now.deadline.pk, actor=now.handler, now=due_at)
    sweep_until(due_at + 5 * HOUR, start=due_at + 10 * MINUTE, every=10 * MINUTE)
    raised = Reminder.objects.filter(deadline=now.deadline, raised_at__gte=due_at).order_by("raised_at")
    assert [row.raised_at - due_at for row in raised] == [n * HOUR for n in range(6)]


def test_ten_silent_hours_after_the_end_bring_one_reminder_and_then_one_each_hour():
    now = a_clock()
    due_at = now.deadline.due_at
    assert due_at is not None
    services.sweep(now=due_at)
    told = len(now.told())
    services.sweep(now=due_at + 10 * HOUR + 7 * MINUTE)
    assert len(now.told()) == told + 1
    assert instants(now.deadline) == [due_at + 11 * HOUR]


def test_ten_silent_hours_across_the_end_bring_one_reminder():
    now = a_clock()
    due_at = now.deadline.due_at
    assert due_at is not None
    services.sweep(now=due_at - 5 * HOUR)
    services.acknowledge(deadline_id=now.deadline.pk, actor=now.handler, now=due_at - 5 * HOUR)
    told = len(now.told())
    services.sweep(now=due_at + 5 * HOUR)
    assert len(now.told()) == told + 1


def test_meeting_a_deadline_withdraws_what_was_still_to_come():
    now = a_clock()
    at = KNOWN + 30 * HOUR
    services.sweep(now=at)
    incident_services.fulfil_deadline(deadline_id=now.deadline.pk, at=at, actor=now.handler, now=at)
    assert instants(now.deadline) == []
    rows = Reminder.objects.filter(deadline=now.deadline)
    assert set(rows.filter(raised_at=None).values_list("withdrawn_reason", flat=True)) == {Withdrawal.ENDED}
    assert rows.get(raised_at=at).withdrawn_at is None
    services.sweep(now=now.deadline.due_at + HOUR)
    assert len(now.told()) == 1


def test_dismissing_a_deadline_withdraws_its_reminders():
    now = a_clock(Role.CPO)
    incident_services.dismiss_deadline(
        deadline_id=now.deadline.pk, actor=now.people[Role.CPO], now=KNOWN, reason="대상 아님"
    )
    assert instants(now.deadline) == []


def test_reopening_a_deadline_plans_its_reminders_again():
    now = a_clock()
    at = KNOWN + 30 * HOUR
    incident_services.fulfil_deadline(deadline_id=now.deadline.pk, at=at, actor=now.handler, now=at)
    incident_services.reopen_deadline(
        deadline_id=now.deadline.pk, actor=now.handler, now=at, reason="잘못 눌렀음"
    )
    assert hours_before(now.deadline)[-5:] == [24, 12, 6, 1, 0]


def test_reopening_after_the_end_goes_on_hourly():
    now = a_clock()
    due_at = now.deadline.due_at
    assert due_at is not None
    services.sweep(now=due_at)
    at = due_at + 90 * MINUTE
    incident_services.fulfil_deadline(
        deadline_id=now.deadline.pk, at=at, actor=now.handler, now=at, lateness_reason="늦음"
    )
    incident_services.reopen_deadline(
        deadline_id=now.deadline.pk, actor=now.handler, now=at, reason="잘못 눌렀음"
    )
    assert instants(now.deadline) == [due_at + 2 * HOUR]


def test_a_change_of_facts_moves_the_reminders_with_the_clock():
    now = a_legal_clock()
    incident_services.record_facts(
        case_id=now.case.pk,
        changes=[FactChange("leak_known_at", KNOWN - 6 * HOUR)],
        actor=now.handler,
        now=KNOWN + HOUR,
        reason="기록을 다시 봄",
    )
    old = now.again()
    assert old.superseded_at is not None
    assert instants(old) == []
    assert Reminder.objects.filter(deadline=old, withdrawn_reason=Withdrawal.REPLACED).count() == 6
    new = old.superseded_by
    assert new is not None
    assert instants(new)[-1] == KNOWN + 66 * HOUR


def test_a_duty_without_a_number_is_recalled_by_the_internal_target():
    now = a_legal_clock()
    prompt = Deadline.objects.create(
        case=now.case,
        kind="duty",
        law_state=LawState.PROMPT,
        title="지체 없이 할 일",
        starts_at=KNOWN,
        target_at=KNOWN + 24 * HOUR,
        created_at=KNOWN,
    )
    services.plan_reminders(case_id=now.case.pk, now=KNOWN)
    assert hours_before(prompt) == [12, 6, 1, 0]
    services.sweep(now=KNOWN + 24 * HOUR)
    assert instants(prompt) == [KNOWN + 25 * HOUR]


def test_an_earlier_internal_target_is_recalled_beside_the_legal_end():
    now = a_clock(due_in=72 * HOUR)
    Deadline.objects.filter(pk=now.deadline.pk).update(target_at=KNOWN + 36 * HOUR)
    services.plan_reminders(case_id=now.case.pk, now=KNOWN)
    rows = Reminder.objects.unraised().filter(deadline=now.deadline, of_target=True).order_by("remind_at")
    assert [row.minutes_before / 60 for row in rows] == [24, 12, 6, 1, 0]
    # The target is no legal end: nothing goes on hourly after it.
    services.sweep(now=KNOWN + 36 * HOUR)
    assert not Reminder.objects.filter(deadline=now.deadline, minutes_before__lt=0).exists()


def test_an_unsettled_duty_with_an_end_is_recalled_too():
    now = a_clock()
    Deadline.objects.filter(pk=now.deadline.pk).update(law_state=LawState.UNSETTLED)
    services.sweep(now=KNOWN + 24 * HOUR)
    assert now.told() == [now.handler]


def test_nobody_who_left_the_case_is_told():
    now = a_clock()
    leaving = another(Role.APPROVER, now.organization)
    incident_services.join_case(case_id=now.case.pk, user_id=leaving.pk, actor=now.handler, now=KNOWN)
    Deadline.objects.filter(pk=now.deadline.pk).update(owner=leaving, acknowledged_at=KNOWN)
    incident_services.leave_case(
        case_id=now.case.pk, user_id=leaving.pk, actor=now.handler, now=KNOWN, reason="부서 이동"
    )
    services.sweep(now=KNOWN + 24 * HOUR)
    assert now.told() == [now.handler]


def test_a_person_removed_between_queueing_and_sending_gets_nothing(mailoutbox):
    now = a_clock(Role.CPO)
    at = KNOWN + 24 * HOUR
    services.raise_reminder(deadline_id=now.deadline.pk, now=at)
    incident_services.describe_case(
        case_id=now.case.pk, actor=now.handler, now=at, title="", kinds={}, lead_id=now.people[Role.CPO].pk
    )
    incident_services.leave_case(
        case_id=now.case.pk, user_id=now.handler.pk, actor=now.handler, now=at, reason="부서 이동"
    )
    services.sweep(now=at)
    assert mailoutbox == []
    email = OutgoingEmail.objects.get(deadline=now.deadline)
    assert email.withdrawn_reason == Withdrawal.NO_ACCESS
    assert email.attempts == 0


def test_an_inactive_account_gets_nothing(mailoutbox):
    now = a_clock()
    at = KNOWN + 24 * HOUR
    services.raise_reminder(deadline_id=now.deadline.pk, now=at)
    now.handler.is_active = False
    now.handler.save()
    services.sweep(now=at)
    assert mailoutbox == []
    assert OutgoingEmail.objects.get(deadline=now.deadline).withdrawn_reason == Withdrawal.INACTIVE


def test_an_unanswered_reminder_climbs_in_order():
    now = a_clock(Role.CPO, Role.APPROVER)
    cpo, approver = now.people[Role.CPO], now.people[Role.APPROVER]
    at = KNOWN + 24 * HOUR
    services.sweep(now=at)
    assert now.told() == [now.handler]
    services.sweep(now=at + 14 * MINUTE)
    assert now.told() == [now.handler]
    services.sweep(now=at + 15 * MINUTE)
    assert now.told() == [now.handler, cpo]
    services.sweep(now=at + 30 * MINUTE)
    assert now.told() == [now.handler, cpo, approver]
    services.sweep(now=at + 45 * MINUTE)
    assert len(now.told()) == 3
    actions = Event.objects.filter(chain=now.case.reference, action__startswith="reminder.").order_by(
        "sequence"
    )
    assert list(actions.values_list("action", flat=True)) == [
        "reminder.raised",
        "reminder.escalated",
        "reminder.escalated",
        "reminder.unanswered",
    ]


def test_in_the_last_hour_it_climbs_faster():
    now = a_clock(Role.CPO)
    at = KNOWN + 71 * HOUR
    services.sweep(now=at)
    services.sweep(now=at + 5 * MINUTE)
    assert now.told() == [now.handler, now.people[Role.CPO]]


def test_the_next_reminder_goes_to_everybody_who_left_the_last_unanswered():
    now = a_clock(Role.CPO)
    at = KNOWN + 24 * HOUR
    services.sweep(now=at)
    services.sweep(now=at + 15 * MINUTE)
    services.sweep(now=at + 24 * HOUR)
    assert now.told()[2:] == [now.handler, now.people[Role.CPO]]


def test_acknowledging_stops_the_climb():
    now = a_clock(Role.CPO)
    at = KNOWN + 24 * HOUR
    services.sweep(now=at)
    services.acknowledge(deadline_id=now.deadline.pk, actor=now.handler, now=at + MINUTE)
    services.sweep(now=at + 15 * MINUTE)
    assert now.told() == [now.handler]
    assert Reminder.objects.get(raised_at=at).answered_by == now.handler


def test_acknowledging_the_deadline_itself_stops_the_climb_too():
    now = a_clock(Role.CPO)
    at = KNOWN + 24 * HOUR
    services.sweep(now=at)
    incident_services.acknowledge_deadline(deadline_id=now.deadline.pk, actor=now.handler, now=at + MINUTE)
    services.sweep(now=at + 15 * MINUTE)
    assert now.told() == [now.handler]


def test_whoever_acknowledged_is_recalled_first():
    now = a_clock(Role.CPO)
    cpo = now.people[Role.CPO]
    services.acknowledge(deadline_id=now.deadline.pk, actor=cpo, now=KNOWN)
    services.sweep(now=KNOWN + 24 * HOUR)
    services.sweep(now=KNOWN + 24 * HOUR + 15 * MINUTE)
    assert now.told() == [cpo]


def test_in_the_last_hour_an_early_acknowledgement_is_not_enough():
    now = a_clock(Role.CPO)
    services.acknowledge(deadline_id=now.deadline.pk, actor=now.handler, now=KNOWN)
    at = KNOWN + 71 * HOUR
    services.sweep(now=at)
    services.sweep(now=at + 5 * MINUTE)
    assert now.told() == [now.handler, now.people[Role.CPO]]


def test_acknowledging_a_second_time_answers_the_new_reminder():
    now = a_clock(Role.CPO)
    services.acknowledge(deadline_id=now.deadline.pk, actor=now.handler, now=KNOWN)
    at = KNOWN + 71 * HOUR
    services.sweep(now=at)
    services.acknowledge(deadline_id=now.deadline.pk, actor=now.handler, now=at + MINUTE)
    services.sweep(now=at + 5 * MINUTE)
    assert now.told() == [now.handler]


def test_a_case_nobody_may_see_any_more_reaches_the_administrator():
    now = a_clock()
    admin = another(Role.ADMIN, now.organization)
    now.handler.is_active = False
    now.handler.save()
    services.sweep(now=KNOWN + 24 * HOUR)
    email = OutgoingEmail.objects.get(deadline=now.deadline)
    assert (email.template, email.to_user) == ("nobody_to_call", admin)
    assert email.sent_at is not None


def test_a_broken_reminder_does_not_hold_up_the_others(monkeypatch):
    first, second = a_clock(), a_clock()
    real = services.sweep.__globals__["raise_reminder"]

    def broken(*, deadline_id: int, now: datetime) -> bool:
        if deadline_id == first.deadline.pk:
            raise RuntimeError("broken")
        return real(deadline_id=deadline_id, now=now)

    monkeypatch.setitem(services.sweep.__globals__, "raise_reminder", broken)
    report = services.sweep(now=KNOWN + 24 * HOUR)
    assert (report.raised, report.faults) == (1, 1)
    assert second.told() == [second.handler]


def test_a_sweep_with_nothing_due_asks_a_few_short_questions(settings, tmp_path):
    settings.SIGNING_KEY_FILE = tmp_path / "none.pem"  # closing days asks two more where there is a key
    a_clock()
    services.sweep(now=KNOWN)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        services.sweep(now=KNOWN + MINUTE)
    assert len(asked) == 22


def test_a_new_policy_moves_the_open_reminders_and_is_history():
    now = a_clock()
    admin = another(Role.ADMIN, now.organization)
    services.change_policy(
        organization_id=now.organization.pk,
        offsets=[180, 36 * 60],
        overdue_minutes=30,
        escalation_minutes=10,
        urgent_minutes=5,
        expected_version=0,
        actor=admin,
        now=KNOWN,
    )
    assert hours_before(now.deadline) == [36, 3, 0]
    assert Reminder.objects.filter(withdrawn_reason=Withdrawal.POLICY).count() == 5
    event = Event.objects.get(action="reminder-policy.changed")
    assert event.data["before"]["offsets"] == [2880, 1440, 720, 360, 60]
    services.sweep(now=now.deadline.due_at)
    assert instants(now.deadline) == [now.deadline.due_at + 30 * MINUTE]


def test_a_policy_somebody_else_changed_meanwhile_is_not_overwritten():
    now = a_clock()
    wanted = {"overdue_minutes": 60, "escalation_minutes": 15, "urgent_minutes": 5}
    common = {"organization_id": now.organization.pk, "actor": now.handler, "now": KNOWN, **wanted}
    services.change_policy(offsets=[60], expected_version=0, **common)
    with pytest.raises(services.PolicyChangedMeanwhile):
        services.change_policy(offsets=[120], expected_version=0, **common)
    assert ReminderPolicy.objects.get().offsets == [60]


@pytest.mark.parametrize("offsets", [[], [0], [60, 60], [-5], [90.5], list(range(1, 14)), [60 * 24 * 61]])
def test_a_policy_that_makes_no_sense_is_refused(offsets: list[float]):
    now = a_clock()
    with pytest.raises(ValidationError):
        services.change_policy(
            organization_id=now.organization.pk,
            offsets=offsets,  # type: ignore[arg-type]
            overdue_minutes=60,
            escalation_minutes=15,
            urgent_minutes=5,
            expected_version=0,
            actor=now.handler,
            now=KNOWN,
        )
    assert hours_before(now.deadline) == [48, 24, 12, 6, 1, 0]


def test_an_estimated_awareness_still_runs_a_clock():
    now = a_legal_clock()
    incident_services.record_facts(
        case_id=now.case.pk,
        changes=[FactChange("leak_known_at", KNOWN, Certainty.ESTIMATED)],
        actor=now.handler,
        now=KNOWN,
    )
    assert instants(now.again())[-1] == KNOWN + 72 * HOUR
