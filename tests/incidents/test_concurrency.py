"""Several people at one case at once. SQLite lets one write at a time; PostgreSQL has to be taught the order."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from core.accounts.models import Role
from core.audit.verification import first_break
from incidents import services
from incidents.services import EditedMeanwhile, FactChange
from tests.incidents.factories import opened_case, organization_with

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres_only]


def at_once(*errands):
    """Run them in threads that start together; what they returned, and what they raised."""
    returned, raised, start = [], [], threading.Barrier(len(errands))

    def run(errand):
        start.wait()
        try:
            returned.append(errand())
        except Exception as fault:
            raised.append(fault)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(errand,)) for errand in errands]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return returned, raised


def test_recording_beside_adding_does_not_lock_each_other_out():
    organization, people = organization_with(*Role)
    handler, now = people[Role.HANDLER], timezone.now()
    case = opened_case(organization=organization, actor=handler, now=now - timedelta(hours=1))

    def record(minutes):
        known = [FactChange("leak_known_at", now - timedelta(minutes=minutes))]
        return lambda: services.record_facts(
            case_id=case.pk, changes=known, actor=handler, now=now, reason="고침", expected_count=count
        )

    def add(title):
        due = now + timedelta(hours=1)
        return lambda: services.add_deadline(case_id=case.pk, title=title, actor=handler, now=now, due_at=due)

    def tell(text):
        return lambda: services.add_timeline_entry(
            case_id=case.pk, text=text, happened_at=now, actor=handler, now=now
        )

    faults = []
    for number in range(6):
        case.refresh_from_db()
        count = case.fact_count
        errands = (
            record(2 * number + 1),
            record(2 * number + 2),
            add("기한"),
            add("둘째"),
            tell("가"),
            tell("나"),
        )
        faults += at_once(*errands)[1]

    assert {type(fault) for fault in faults} == {EditedMeanwhile}
    assert len(faults) == 6
    assert first_break(case.reference) is None


def test_cases_opened_at_once_are_numbered_without_a_gap():
    organization, people = organization_with(Role.HANDLER)
    now = timezone.now()

    def open_one():
        return services.open_case(organization_id=organization.pk, actor=people[Role.HANDLER], now=now)

    opened, faults = at_once(*[open_one] * 6)

    assert faults == []
    assert sorted(case.reference[-3:] for case in opened) == [f"{number:03d}" for number in range(1, 7)]


def test_two_presses_at_the_same_moment_open_one_case():
    organization, people = organization_with(Role.HANDLER)

    def press():
        return services.open_case_at_a_press(
            organization_id=organization.pk, actor=people[Role.HANDLER], now=timezone.now()
        )

    opened, faults = at_once(*[press] * 4)

    assert (len({case.pk for case in opened}), faults) == (1, [])
