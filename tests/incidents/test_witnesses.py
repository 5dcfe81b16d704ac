"""History keeps a digest of what it tells of; a row changed behind the services is found."""

from datetime import timedelta

import pytest
from django.db import connection

from core.audit.models import Event
from core.audit.verification import first_break
from core.audit.witnesses import STATES
from incidents import services
from incidents.models import Deadline, Duty, FactRevision, Phase, Task, TimelineEntry
from incidents.services import FactChange
from tests.core.audit.tampering import tampering_as_owner
from tests.incidents.factories import KNOWN, opened_case

pytestmark = pytest.mark.django_db
LATER = KNOWN + timedelta(hours=1)
MUCH_LATER = KNOWN + timedelta(days=9)


def busy_case():
    """A case in which everything has been done that a service can do to a row."""
    case = opened_case()
    who = {"actor": case.lead, "now": LATER}
    services.record_facts(case_id=case.pk, changes=[FactChange("summary", "처음 말")], **who)
    services.record_facts(
        case_id=case.pk,
        changes=[FactChange("leak_known_at", KNOWN - timedelta(hours=5), "confirmed")],
        reason="당직 일지",
        **who,
    )
    services.add_timeline_entry(case_id=case.pk, text="처음 말", happened_at=KNOWN, **who)
    met, dismissed, taken, *_rest = case.deadlines.running().order_by("pk")
    services.fulfil_deadline(deadline_id=met.pk, at=KNOWN, **who)
    services.dismiss_deadline(deadline_id=dismissed.pk, reason="해당 없음", **who)
    services.acknowledge_deadline(deadline_id=taken.pk, **who)
    services.add_deadline(case_id=case.pk, title="자료 제출", due_at=KNOWN + timedelta(days=3), **who)
    first, second, *_more = Task.objects.filter(case=case)
    services.finish_task(task_id=first.pk, **who)
    services.skip_task(task_id=second.pk, reason="필요 없음", **who)
    services.advance_phase(case_id=case.pk, phase=Phase.CONTAINMENT, **who)
    services.note_missed_deadlines(now=MUCH_LATER)
    return case


CHANGES = {
    "a changed fact": ("factrevision", "SET value = '\"다른 말\"' WHERE name = 'summary'"),
    "a fact now confirmed": ("factrevision", "SET certainty = 'confirmed' WHERE certainty = 'estimated'"),
    "a fact recorded earlier": ("factrevision", "SET recorded_at = '2026-11-01 00:00:00+00:00'"),
    "a changed word of the timeline": ("timelineentry", "SET text = '다른 말'"),
    "a moved happening": ("timelineentry", "SET happened_at = '2026-11-01 00:00:00+00:00'"),
    "a duty's terms": ("duty", "SET terms = '{}' WHERE superseded_at IS NULL"),
    "the terms of a replaced duty": ("duty", "SET terms = '{}' WHERE superseded_at IS NOT NULL"),
    "a duty that ended": (
        "duty",
        "SET superseded_at = '2026-11-22 00:00:00+00:00' WHERE superseded_at IS NULL",
    ),
    "a later end": ("deadline", "SET due_at = '2027-01-01 00:00:00+00:00' WHERE met_at IS NULL"),
    "a later last day": ("deadline", "SET last_day = '2027-01-01'"),
    "an earlier fulfilment": (
        "deadline",
        "SET met_at = '2026-11-01 00:00:00+00:00' WHERE met_at IS NOT NULL",
    ),
    "an invented fulfilment": ("deadline", "SET met_at = due_at WHERE missed_at IS NOT NULL"),
    "a fulfilment taken back": ("deadline", "SET met_at = NULL WHERE met_at IS NOT NULL"),
    "a miss that never was": ("deadline", "SET missed_at = NULL WHERE missed_at IS NOT NULL"),
    "an invented dismissal": ("deadline", "SET dismissed_at = due_at WHERE missed_at IS NOT NULL"),
    "another owner": ("deadline", "SET owner_id = NULL WHERE owner_id IS NOT NULL"),
    "another article": ("deadline", "SET cite = '[]' WHERE duty_id IS NOT NULL"),
    "a replaced clock running again": (
        "deadline",
        "SET superseded_by_id = NULL WHERE superseded_at IS NOT NULL",
    ),
    "a task done": ("task", "SET done_at = '2026-11-21 01:00:00+00:00' WHERE done_at IS NULL"),
    "a task not skipped": ("task", "SET skipped_at = NULL WHERE skipped_at IS NOT NULL"),
    "a closed case": ("case", "SET phase = 'closed', closed_at = opened_at"),
    "an earlier opening": ("case", "SET opened_at = '2026-11-01 00:00:00+00:00'"),
}
ROWS = (FactRevision, TimelineEntry, Duty, Deadline, Task)


def tampered(table, statement):
    with tampering_as_owner(table), connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.rowcount


@pytest.mark.parametrize("name", sorted(CHANGES))
def test_a_row_changed_behind_history_is_found(name):
    case = busy_case()
    assert first_break(case.reference) is None
    table, change = f"incidents_{CHANGES[name][0]}", CHANGES[name][1]

    assert tampered(table, f"UPDATE {table} {change}") > 0

    broken = first_break(case.reference)
    assert broken is not None
    assert "내용이 그때와" in broken.what


def test_a_dropped_row_behind_history_is_found():
    case = busy_case()
    assert tampered("incidents_factrevision", "DELETE FROM incidents_factrevision WHERE name = 'summary'")
    assert first_break(case.reference) is not None


def test_the_place_named_is_the_last_event_that_told_of_the_row():
    case = busy_case()
    met = case.deadlines.get(met_at__isnull=False, superseded_at=None)
    tampered("incidents_deadline", f"UPDATE incidents_deadline SET met_at = NULL WHERE id = {met.pk}")
    told = Event.objects.of_chain(case.reference).get(action="deadline.met")
    assert first_break(case.reference).sequence == told.sequence


@pytest.mark.parametrize("model", ROWS)
def test_history_vouches_for_every_row_of_a_case(model):
    case = busy_case()
    vouched = set()
    for event in Event.objects.of_chain(case.reference):
        vouched |= set(event.data.get(STATES, {}))
    rows = {f"{model._meta.label_lower}:{pk}" for pk in model.objects.values_list("pk", flat=True)}
    assert rows
    assert rows - vouched == set()


def test_reopening_and_dismissing_leave_history_whole():
    case = opened_case()
    who = {"actor": case.lead, "now": LATER}
    one = case.deadlines.running().first()
    services.fulfil_deadline(deadline_id=one.pk, at=KNOWN, **who)
    services.reopen_deadline(deadline_id=one.pk, reason="잘못 눌렀음", **who)
    for deadline in case.deadlines.running():
        services.dismiss_deadline(deadline_id=deadline.pk, reason="훈련", **who)
    assert first_break(case.reference) is None
