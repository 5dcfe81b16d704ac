"""How an email leaves the building, what it says, and what is kept of it."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.test.utils import override_settings

from core.accounts.models import Role
from core.audit.models import Event
from incidents import services as incident_services
from notifications import services
from notifications.models import (
    DeliveryAttempt,
    DeliveryOutcome,
    OutgoingEmail,
    Standing,
    TimerPulse,
    Withdrawal,
)
from notifications.models.mail import LEASE
from tests.incidents.factories import KNOWN
from tests.notifications.mail_server import HangUpServer, closed_port, mail_server, sending_to
from tests.notifications.timers import HOUR, MINUTE, TITLE, Situation, a_clock, a_legal_clock, another

pytestmark = pytest.mark.django_db
Kind = DeliveryOutcome.Kind
DUE = KNOWN + 66 * HOUR  # six hours before the end of a clock of 72 hours


def an_owed_email(*roles: Role) -> tuple[Situation, OutgoingEmail]:
    now = a_clock(*roles)
    services.raise_reminder(deadline_id=now.deadline.pk, now=DUE)
    return now, OutgoingEmail.objects.get(deadline=now.deadline)


def deliver(email: OutgoingEmail, at: datetime = DUE) -> OutgoingEmail:
    services.deliver_email(email_id=email.pk, clock=lambda: at)
    email.refresh_from_db()
    return email


def outcomes(email: OutgoingEmail) -> list[str]:
    rows = DeliveryOutcome.objects.filter(attempt__email=email).order_by("attempt__number")
    return list(rows.values_list("kind", flat=True))


def test_a_real_server_receives_the_clock_in_its_three_parts():
    now = a_legal_clock(Role.CPO)
    services.raise_reminder(deadline_id=now.deadline.pk, now=DUE)
    email = OutgoingEmail.objects.get(deadline=now.deadline)
    with mail_server() as (mailbox, port), sending_to(port):
        deliver(email)
    (message,) = mailbox.received
    assert message["Subject"] == (
        f"[breachdesk] {now.case.reference} {now.deadline.title} · 6시간 00분 남음 · 2026-11-24(화) 09:12 KST"
    )
    assert message["To"] == now.handler.email
    assert message["Message-ID"] == email.message_id
    assert message["Auto-Submitted"] == "auto-generated"
    for kind in ("plain", "html"):
        body = message.get_body((kind,)).get_content()
        for part in ("2026-11-24(화) 09:12 KST", "6시간 00분 남음", "+ 72시간", "제34조", "임박"):
            assert part in body, (kind, part)
        assert "확인함 · 내가 처리" in body
        assert f"/cases/{now.case.reference}/" in body
        assert "개인정보 보호책임자" in body  # who is told next
        assert "기한을 맡고" not in body
        assert "사건의 담당" in body  # why this person


def test_no_mail_carries_the_title_of_a_case_or_what_a_person_typed():
    now, email = an_owed_email()
    with mail_server() as (mailbox, port), sending_to(port):
        deliver(email)
    whole = mailbox.received[0].as_string() + "".join(
        part.get_content() for part in mailbox.received[0].walk() if part.get_content_maintype() == "text"
    )
    for word in (TITLE, "홍길동", now.deadline.title, now.handler.name):
        assert word not in whole
    assert now.case.reference in whole


def test_what_the_server_answered_is_kept():
    _, email = an_owed_email()
    with mail_server() as (_mailbox, port), sending_to(port):
        deliver(email)
    assert email.sent_at == DUE
    assert email.answer == "250 2.0.0 taken as 1"
    attempt = DeliveryAttempt.objects.get(email=email)
    assert attempt.outcome.kind == Kind.ACCEPTED
    assert attempt.subject == email.subject
    assert Event.objects.filter(action="email.sent", chain=email.deadline.case.reference).count() == 1


def test_the_embedded_default_keeps_the_name_of_the_file(tmp_path: Path):
    _, email = an_owed_email()
    backend = "django.core.mail.backends.filebased.EmailBackend"
    with override_settings(
        MAILERS={"default": {"BACKEND": backend, "OPTIONS": {"file_path": str(tmp_path)}}}
    ):
        deliver(email)
    assert email.sent_at == DUE
    assert (tmp_path / email.answer).read_bytes().count(email.message_id.encode()) == 1


def test_a_sent_email_is_not_sent_again(mailoutbox):
    _, email = an_owed_email()
    deliver(email)
    deliver(email, DUE + HOUR)
    assert len(mailoutbox) == 1


def test_a_second_worker_does_not_send_what_the_first_has_claimed(mailoutbox):
    _, email = an_owed_email()
    assert OutgoingEmail.objects.claim(email.pk, now=DUE) is not None
    assert services.deliver_email(email_id=email.pk, clock=lambda: DUE) is None
    assert mailoutbox == []


def test_an_unreachable_server_loses_nothing_and_pauses_grow():
    _, email = an_owed_email()
    at, pauses = DUE, []
    with sending_to(closed_port()):
        for _ in range(7):
            deliver(email, at)
            pauses.append(int((email.send_after - at) / MINUTE))
            at = email.send_after
    assert pauses == [1, 2, 5, 10, 15, 15, 15]
    assert outcomes(email) == [Kind.UNREACHABLE] * 7
    assert email.standing(at) == Standing.RETRYING
    assert email.answer == "Connection refused"
    with mail_server() as (mailbox, port), sending_to(port):
        deliver(email, at)
    assert len(mailbox.received) == 1
    assert not email.may_be_repeated


def test_a_later_attempt_tells_the_time_as_it_is_then():
    _, email = an_owed_email()
    with sending_to(closed_port()):
        deliver(email)
    with mail_server() as (mailbox, port), sending_to(port):
        deliver(email, DUE + HOUR)
    assert "5시간 00분 남음" in mailbox.received[0]["Subject"]


def test_an_unreachable_server_is_not_asked_for_every_email():
    for _ in range(4):
        an_owed_email()
    with sending_to(closed_port()):
        report = services.sweep(now=DUE)
    assert report.unsent == 2
    assert OutgoingEmail.objects.owed().count() == 4


def test_a_line_that_breaks_after_the_words_left_is_an_unknown_outcome():
    now, email = an_owed_email()
    with HangUpServer() as server, sending_to(server.port):
        deliver(email)
    assert outcomes(email) == [Kind.UNKNOWN]
    assert len(server.taken) == 1
    with mail_server() as (mailbox, port), sending_to(port):
        deliver(email, email.send_after)
    assert len(mailbox.received) == 1
    assert email.may_be_repeated
    event = Event.objects.get(action="email.possibly-repeated", chain=now.case.reference)
    assert event.data["earlier"] == [1]


def test_a_refusal_is_tried_again_and_then_given_up_before_a_person():
    now, email = an_owed_email()
    admin = another(Role.ADMIN, now.organization)
    with mail_server(refusal="550 no such person <{address}>") as (_mailbox, port), sending_to(port):
        for _ in range(3):
            deliver(email, email.send_after)
    assert email.given_up_at is not None
    assert outcomes(email) == [Kind.REFUSED] * 3
    assert now.handler.email not in email.answer
    assert OutgoingEmail.objects.visible_to(admin).failing().get() == email
    services.retry_email(email_id=email.pk, actor=admin, now=email.send_after)
    email.refresh_from_db()
    with mail_server() as (mailbox, port), sending_to(port):
        deliver(email, email.send_after)
    assert len(mailbox.received) == 1


def test_a_temporary_refusal_is_never_given_up():
    _, email = an_owed_email()
    with mail_server(refusal="450 later") as (_mailbox, port), sending_to(port):
        for _ in range(8):
            deliver(email, email.send_after)
    assert email.given_up_at is None


def test_a_worker_that_died_after_claiming_is_noticed_and_the_email_goes_out():
    now, email = an_owed_email()
    # Given a worker that committed its attempt and was never heard of again
    OutgoingEmail.objects.claim(email.pk, now=DUE)
    DeliveryAttempt.objects.create(email=email, number=1, started_at=DUE, subject="x", text="x", html="x")
    with mail_server() as (mailbox, port), sending_to(port):
        assert services.deliver_email(email_id=email.pk, clock=lambda: DUE + LEASE - MINUTE) is None
        deliver(email, DUE + LEASE)
    assert len(mailbox.received) == 1
    assert outcomes(email) == [Kind.UNKNOWN, Kind.ACCEPTED]
    assert email.may_be_repeated
    actions = Event.objects.filter(chain=now.case.reference, action__startswith="email.").order_by("sequence")
    assert list(actions.values_list("action", flat=True)) == [
        "email.outcome-unknown",
        "email.sent",
        "email.possibly-repeated",
    ]


def test_a_newer_reminder_takes_the_place_of_one_that_could_not_be_sent():
    now, email = an_owed_email()
    with sending_to(closed_port()):
        services.sweep(now=DUE)
        services.sweep(now=KNOWN + 71 * HOUR)
    email.refresh_from_db()
    assert email.withdrawn_reason == Withdrawal.OVERTAKEN
    assert OutgoingEmail.objects.owed().filter(deadline=now.deadline).count() == 1


def test_what_was_met_before_the_email_left_is_not_sent(mailoutbox):
    now, email = an_owed_email()
    incident_services.fulfil_deadline(deadline_id=now.deadline.pk, at=DUE, actor=now.handler, now=DUE)
    services.sweep(now=DUE)
    email.refresh_from_db()
    assert mailoutbox == []
    assert email.withdrawn_reason == Withdrawal.ENDED


@pytest.mark.django_db(transaction=True)
def test_nothing_is_sent_while_a_transaction_is_open(mailoutbox):
    _, email = an_owed_email()
    with pytest.raises(RuntimeError), transaction.atomic():
        services.deliver_email(email_id=email.pk, clock=lambda: DUE)
    assert mailoutbox == []


def test_an_email_that_cannot_be_written_waits_and_is_seen(monkeypatch, mailoutbox):
    _, email = an_owed_email()
    monkeypatch.setitem(services.deliver_email.__globals__, "words_of", lambda *a, **k: 1 / 0)
    report = services.sweep(now=DUE)
    email.refresh_from_db()
    assert report.faults == 1
    assert "ZeroDivisionError" in email.answer
    assert (email.attempts, email.send_after) == (1, DUE + MINUTE)


@pytest.mark.parametrize("model", [DeliveryAttempt, DeliveryOutcome])
def test_the_record_of_an_attempt_cannot_be_changed_or_removed(model):
    _, email = an_owed_email()
    with mail_server() as (_mailbox, port), sending_to(port):
        deliver(email)
    table = model._meta.db_table
    for statement in (f"UPDATE {table} SET id = id + 100", f"DELETE FROM {table}"):
        with pytest.raises(DatabaseError), transaction.atomic():
            _run(statement)


def _run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def test_the_command_makes_one_pass(capsys):
    call_command("sweep")
    assert "missed 0" in capsys.readouterr().out


def test_a_slow_server_does_not_take_the_whole_minute(monkeypatch):
    for _ in range(3):
        an_owed_email()
    ticks = iter(range(0, 1000, 7))
    monkeypatch.setattr("notifications.services.sweeping.time.monotonic", lambda: next(ticks))
    report = services.sweep(now=DUE)
    assert 0 < report.sent < 3
    assert OutgoingEmail.objects.owed().exists()


def test_the_pulse_uses_the_end_of_the_pass():
    services.sweep(now=DUE)
    assert TimerPulse.objects.get().last_sweep_at - DUE < timedelta(seconds=5)
