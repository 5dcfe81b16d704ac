"""What late means, asked of a row and of the database: the same answer for every row and instant."""

from datetime import date, datetime, timedelta
from itertools import product

import pytest

from incidents.lateness import is_late, late_at
from incidents.models import Deadline, DeadlineKind
from tests.clock import KST
from tests.incidents.factories import opened_case

MIDNIGHT = datetime(2026, 11, 24, tzinfo=KST)
TICK = timedelta(microseconds=1)
OFFSETS = [
    timedelta(0),
    TICK,
    -TICK,
    timedelta(seconds=1),
    -timedelta(seconds=1),
    timedelta(minutes=1),
    -timedelta(minutes=1),
    timedelta(hours=9),
    -timedelta(hours=9),
    timedelta(days=1),
    -timedelta(days=1),
]


@pytest.mark.django_db
def test_the_row_and_the_database_agree_on_every_row_at_every_instant():
    case = opened_case()
    rows = [
        Deadline(
            case=case, kind=DeadlineKind.INTERNAL, title="", due_at=due, last_day=day, created_at=MIDNIGHT
        )
        for due, day in product([None, *(MIDNIGHT + by for by in OFFSETS)], [None, date(2026, 11, 23)])
    ]
    made = {row.pk for row in Deadline.objects.bulk_create(rows)}
    instants = [MIDNIGHT + by for by in OFFSETS]

    for at in instants:
        held = {row.pk: row for row in Deadline.objects.filter(pk__in=made)}
        asked = set(Deadline.objects.filter(late_at(at), pk__in=made).values_list("pk", flat=True))
        assert asked == {pk for pk, row in held.items() if is_late(row, at)}, at
        assert asked == set(Deadline.objects.overdue(now=at).filter(pk__in=made).values_list("pk", flat=True))


@pytest.mark.parametrize(
    ("last_day", "after", "late"),
    [
        (None, timedelta(0), False),
        (None, TICK, True),
        (date(2026, 11, 23), -TICK, False),
        (date(2026, 11, 23), timedelta(0), True),
    ],
)
def test_an_hour_counted_end_is_in_time_and_the_midnight_after_a_last_day_is_not(last_day, after, late):
    assert is_late(Deadline(due_at=MIDNIGHT, last_day=last_day), MIDNIGHT + after) is late


def test_what_has_no_end_is_never_late():
    assert not is_late(Deadline(due_at=None), MIDNIGHT + timedelta(days=9999))
