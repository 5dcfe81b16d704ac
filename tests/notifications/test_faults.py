"""Processes that are killed, doubled or cut off from the broker: nothing owed is lost, nothing doubled in silence."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
import redis
from django.db import connection
from django.utils import timezone

from core.accounts.models import Role
from core.audit.models import Event
from incidents import services as incident_services
from notifications import services
from notifications.models import DeliveryAttempt, DeliveryOutcome, OutgoingEmail, Reminder
from notifications.models.mail import LEASE
from tests.incidents.factories import KNOWN
from tests.notifications.mail_server import StubbornServer, mail_server, sending_to
from tests.notifications.timers import HOUR, Situation, a_clock, a_legal_clock

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]
ROOT = Path(__file__).resolve().parents[2]
PATIENCE_SECONDS = 60.0
Kind = DeliveryOutcome.Kind


def wait_until(is_true: Callable[[], bool], what: str) -> None:
    give_up_at = time.monotonic() + PATIENCE_SECONDS
    while not is_true():
        assert time.monotonic() < give_up_at, what
        time.sleep(0.05)


@contextmanager
def process(*arguments: str, port: int, **environment: str) -> Iterator[subprocess.Popen[bytes]]:
    """`python …` on the database of this test; killed at the end if it still runs."""
    child = subprocess.Popen(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=os.environ
        | {
            "DJANGO_SETTINGS_MODULE": "tests.notifications.process_settings",
            "TEST_DATABASE_NAME": str(connection.settings_dict["NAME"]),
            "TEST_MAIL_PORT": str(port),
        }
        | environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    try:
        yield child
    finally:
        child.kill()
        child.communicate()


def a_reminder_due_now() -> tuple[Situation, OutgoingEmail]:
    """An email owed at this real moment: the processes read the real clock."""
    now = timezone.now()
    here = a_clock(starts_at=now - 66 * HOUR)
    services.raise_reminder(deadline_id=here.deadline.pk, now=now)
    return here, OutgoingEmail.objects.get(deadline=here.deadline)


def sweep_and_kill_at(stops_at: str) -> int:
    """Start a sweep, kill it with SIGKILL when the server stops speaking; how many messages the server took."""
    with StubbornServer(stops_at) as server, process("manage.py", "sweep", port=server.port) as child:
        wait_until(lambda: server.reached.is_set() or child.poll() is not None, "the server was not reached")
        assert child.poll() is None, child.stderr and child.stderr.read().decode()
        child.kill()
        child.wait(10)
        return len(server.taken)


def outcomes(email: OutgoingEmail) -> list[str]:
    rows = DeliveryOutcome.objects.filter(attempt__email=email).order_by("attempt__number")
    return list(rows.values_list("kind", flat=True))


@pytest.mark.parametrize(("stops_at", "taken"), [("greeting", 0), ("answer", 1)])
def test_a_process_killed_around_sending_loses_nothing_and_hides_no_repetition(stops_at: str, taken: int):
    here, email = a_reminder_due_now()
    # Given a sweep killed after its claim (0 messages taken), or after the message and before the record (1)
    assert sweep_and_kill_at(stops_at) == taken
    email.refresh_from_db()
    attempt = DeliveryAttempt.objects.get(email=email)
    assert email.sent_at is None
    assert not DeliveryOutcome.objects.exists()
    # When the timers run again, nothing happens before the lease ends, and then it is sent
    with mail_server() as (mailbox, port), sending_to(port):
        services.sweep(now=attempt.started_at + timedelta(seconds=1), keeps_pulse=False)
        assert mailbox.received == []
        services.sweep(now=attempt.started_at + LEASE + timedelta(seconds=1), keeps_pulse=False)
    # Then it went out, under the same number, and history says that it may have gone twice
    (message,) = mailbox.received
    email.refresh_from_db()
    assert message["Message-ID"] == email.message_id
    assert email.sent_at is not None
    assert email.may_be_repeated
    assert outcomes(email) == [Kind.UNKNOWN, Kind.ACCEPTED]
    actions = Counter(Event.objects.filter(chain=here.case.reference).values_list("action", flat=True))
    assert (
        actions["email.outcome-unknown"] == actions["email.possibly-repeated"] == actions["email.sent"] == 1
    )


def test_an_answer_that_comes_after_the_lease_is_kept_and_not_overwritten():
    here, email = a_reminder_due_now()
    began = email.send_after
    real = services.deliver_email.__globals__["hand_over"]

    def slow(message: object) -> object:
        services.deliver_email.__globals__["hand_over"] = real
        services.deliver_email(email_id=email.pk, clock=lambda: began + LEASE)  # the other worker
        return real(message)

    services.deliver_email.__globals__["hand_over"] = slow
    try:
        with mail_server() as (mailbox, port), sending_to(port):
            services.deliver_email(email_id=email.pk, clock=lambda: began)
    finally:
        services.deliver_email.__globals__["hand_over"] = real
    email.refresh_from_db()
    assert len(mailbox.received) == 2
    assert email.may_be_repeated
    assert outcomes(email) == [Kind.UNKNOWN, Kind.ACCEPTED]
    assert Event.objects.filter(chain=here.case.reference, action="email.answered-late").count() == 1


def in_threads(*errands: Callable[[], object]) -> list[object]:
    """Run `errands` at the same moment, each on a connection of its own; their answers or their exceptions."""
    start = threading.Barrier(len(errands))

    def run(errand: Callable[[], object]) -> object:
        try:
            start.wait(10)
            return errand()
        except Exception as fault:
            return fault
        finally:
            connection.close()

    with ThreadPoolExecutor(len(errands)) as pool:
        return list(pool.map(run, errands))


def test_eight_workers_raise_a_reminder_once():
    here = a_clock(Role.CPO)
    at = KNOWN + 24 * HOUR
    answers = in_threads(*[lambda: services.raise_reminder(deadline_id=here.deadline.pk, now=at)] * 8)
    assert sorted(map(str, answers)) == ["False"] * 7 + ["True"]
    assert OutgoingEmail.objects.filter(deadline=here.deadline).count() == 1


def test_eight_workers_claim_an_email_once():
    here = a_clock()
    at = KNOWN + 24 * HOUR
    services.raise_reminder(deadline_id=here.deadline.pk, now=at)
    email = OutgoingEmail.objects.get(deadline=here.deadline)
    with mail_server() as (mailbox, port), sending_to(port):
        answers = in_threads(*[lambda: services.deliver_email(email_id=email.pk, clock=lambda: at)] * 8)
    assert len([answer for answer in answers if answer is not None]) == 1
    assert len(mailbox.received) == 1


@pytest.mark.postgres_only
def test_sweeps_and_people_working_on_the_same_case_do_not_block_each_other():
    here = a_legal_clock(Role.CPO)
    deadlines = list(here.case.deadlines.running().filter(due_at__isnull=False))

    def sweeping() -> int:
        return sum(services.sweep(now=KNOWN + hour * HOUR).faults for hour in range(24, 80, 2))

    def working() -> None:
        for deadline in deadlines * 3:
            at = KNOWN + HOUR
            common = {"deadline_id": deadline.pk, "actor": here.handler, "now": at}
            services.acknowledge(**common)
            incident_services.fulfil_deadline(at=at, **common)
            incident_services.reopen_deadline(reason="시험", **common)

    answers = in_threads(sweeping, sweeping, working)
    assert answers == [0, 0, None]


@pytest.mark.redis
def test_two_workers_and_two_beats_with_a_broker_that_forgets_lose_nothing():
    """Every reminder goes out exactly once while the broker is emptied again and again under the workers."""
    now = timezone.now()
    # Eight hours leave no earlier reminder that a quick worker could find due before the one of six hours.
    here = [a_clock(starts_at=now - HOUR, due_in=8 * HOUR) for _ in range(12)]
    for number, each in enumerate(here):
        instant = now + timedelta(seconds=3 + number)
        Reminder.objects.unraised().filter(deadline=each.deadline, minutes_before=360).update(
            remind_at=instant, act_at=instant
        )
    broker = os.environ["REDIS_URL"].rsplit("/", 1)[0] + "/9"
    celery = ["-m", "celery", "-A", "config.celery"]
    environment = {"REDIS_URL": broker, "BREACHDESK_SWEEP_SECONDS": "1"}
    with mail_server() as (mailbox, port), ExitStack() as stack, redis.Redis.from_url(broker) as forgetful:
        for number in (1, 2):
            worker = [
                *celery,
                "worker",
                "--pool",
                "solo",
                "--hostname",
                f"w{number}@test",
                "--loglevel",
                "ERROR",
            ]
            stack.enter_context(process(*worker, port=port, **environment))
            stack.enter_context(process(*celery, "beat", "--loglevel", "ERROR", port=port, **environment))
        for count in range(1, len(here) + 1):
            wait_until(lambda count=count: len(mailbox.received) >= count, f"email {count} did not come")
            forgetful.flushdb()
        sent = OutgoingEmail.objects.filter(sent_at__isnull=False)
        wait_until(lambda: sent.count() == len(here), "not every email was recorded as sent")
    ids = Counter(message["Message-ID"] for message in mailbox.received)
    assert set(ids.values()) == {1}
    assert len(ids) == len(here)
    assert not OutgoingEmail.objects.filter(may_be_repeated=True).exists()
    assert Reminder.objects.filter(raised_at__isnull=False).count() == len(here)
