"""A history of three days, two of them closed, and what an attacker with the whole database could make of it."""

from datetime import UTC, datetime, timedelta

from django.db import connection, transaction

from core.audit.chain import hash_of
from core.audit.models import Chain, Event
from core.audit.sealing import close_passed_days
from core.audit.services import record
from tests.core.accounts.factories import UserFactory
from tests.core.audit.tampering import tampering_as_owner

FIRST = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)  # 12:00 in Seoul
DAY = timedelta(days=1)
CASE, OTHER = "2026-001", "2026-002"


def tell(count, *, at, chain=CASE):
    """`count` events of `chain`, a minute apart from `at` on."""
    person = UserFactory()
    for number in range(count):
        with transaction.atomic():
            record(
                "thing.done",
                subject=person,
                actor=person,
                at=at + timedelta(minutes=number),
                chain=chain,
                reason=f"{number}번째 말",
                data={"n": number},
            )


def two_closed_days():
    """CASE: #1-#3 on the first day, #4-#5 on the second, #6 today. OTHER: #1-#2 on the first day."""
    tell(3, at=FIRST)
    tell(2, at=FIRST, chain=OTHER)
    tell(2, at=FIRST + DAY)
    tell(1, at=FIRST + 2 * DAY)
    return close_passed_days(now=FIRST + 2 * DAY + timedelta(hours=1))


def sql(statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def rehash(chain, *, start):
    """Hash the events of `chain` from `start` on anew, so that every one agrees with its neighbours, and the head."""
    previous = Event.objects.get(chain=chain, sequence=start - 1).hash if start > 1 else "0" * 64
    with tampering_as_owner():
        for event in Event.objects.of_chain(chain).filter(sequence__gte=start):
            event.previous_hash = previous
            event.hash = previous = hash_of(event)
            event.save()
    Chain.objects.filter(pk=chain).update(head=previous, length=Event.objects.filter(chain=chain).count())
