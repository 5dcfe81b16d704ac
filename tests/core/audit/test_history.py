"""History is gap-free, chained, and refused changes by the database, by every road."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from core.audit import verification
from core.audit.chain import canonical, hash_of
from core.audit.models import GENESIS, Chain, Event
from core.audit.services import OutsideTransaction, record
from core.audit.verification import first_break
from tests.core.accounts.factories import UserFactory
from tests.core.audit.tampering import tampering_as_owner

NOON = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)


@pytest.fixture
def chain(db):
    """A chain of five events about one person."""
    person = UserFactory()
    for number in range(5):
        with transaction.atomic():
            record(
                "thing.done",
                subject=person,
                actor=person,
                at=NOON + timedelta(minutes=number),
                chain="2026-001",
                data={"n": number, "word": "한글 ‘따옴표’"},
            )
    return "2026-001"


def test_each_event_follows_the_one_before(chain):
    events = list(Event.objects.of_chain(chain))
    assert [event.sequence for event in events] == [1, 2, 3, 4, 5]
    assert events[0].previous_hash == GENESIS
    assert all(later.previous_hash == earlier.hash for earlier, later in pairwise(events))
    assert Chain.objects.get(pk=chain).head == events[-1].hash


def test_a_hash_survives_the_database(chain):
    assert all(event.hash == hash_of(event) for event in Event.objects.of_chain(chain))
    assert first_break(chain) is None


@pytest.mark.django_db(transaction=True)
def test_history_is_written_inside_a_transaction_or_not_at_all():
    person = UserFactory()
    with pytest.raises(OutsideTransaction):
        record("thing.done", subject=person, actor=person, at=NOON)


def test_a_change_that_is_rolled_back_leaves_no_history_and_no_gap(chain):
    person = UserFactory()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        record("thing.done", subject=person, actor=None, at=NOON, chain=chain)
        raise ZeroDivisionError
    with transaction.atomic():
        event = record("thing.done", subject=person, actor=None, at=NOON, chain=chain)
    assert event.sequence == 6
    assert first_break(chain) is None


def test_naive_instants_and_floats_are_refused(db):
    person = UserFactory()
    with pytest.raises(ValueError, match="without a zone"):
        record("thing.done", subject=person, actor=None, at=datetime(2026, 1, 1))
    with pytest.raises(TypeError, match=r"data\.amount is a float"):
        record("thing.done", subject=person, actor=None, at=NOON, data={"amount": 1.5})
    assert not Event.objects.filter(action="thing.done").exists()


def test_canonical_json_has_one_form():
    assert canonical({"b": 1, "a": ["한", None]}) == '{"a":["한",null],"b":1}'


def _roads():
    table = Event._meta.db_table
    return {
        "save": lambda event: _touch(event).save(),
        "queryset update": lambda event: Event.objects.filter(pk=event.pk).update(subject="x"),
        "bulk_update": lambda event: Event.objects.bulk_update([_touch(event)], ["subject"]),
        "delete": lambda event: event.delete(),
        "queryset delete": lambda event: Event.objects.all().delete(),
        "raw delete": lambda event: event.__class__.objects.all()._raw_delete("default"),
        "sql update": lambda event: _sql(f"UPDATE {table} SET subject = 'x' WHERE id = {event.pk}"),
        "sql delete": lambda event: _sql(f"DELETE FROM {table}"),
        "upsert": lambda event: Event.objects.bulk_create(
            [_touch(event)], update_conflicts=True, unique_fields=["id"], update_fields=["subject"]
        ),
    }


def _touch(event):
    event.subject = "changed later"
    return event


def _sql(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize("road", sorted(_roads()))
def test_the_database_refuses_every_road_to_the_past(chain, road):
    event = Event.objects.of_chain(chain)[2]
    with pytest.raises(DatabaseError), transaction.atomic():
        _roads()[road](event)
    assert first_break(chain) is None
    assert Event.objects.of_chain(chain).count() == 5


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="SQLite's own statement")
def test_insert_or_replace_is_refused(chain):
    columns = ", ".join(field.column for field in Event._meta.concrete_fields if field.column != "id")
    swap = (
        f"INSERT OR REPLACE INTO audit_event ({columns}) SELECT {columns} FROM audit_event WHERE sequence = 2"
    )
    with pytest.raises(DatabaseError), transaction.atomic():
        _sql(swap)
    assert first_break(chain) is None


@pytest.mark.postgres_only
def test_truncate_is_refused(chain):
    with pytest.raises(DatabaseError), transaction.atomic():
        _sql("TRUNCATE audit_event CASCADE")
    assert Event.objects.of_chain(chain).count() == 5


def test_an_event_that_does_not_follow_is_refused(chain):
    last = Event.objects.of_chain(chain).last()
    fork = Event(
        chain_id=chain,
        sequence=last.sequence + 2,
        action="thing.slipped-in",
        subject="x:1",
        recorded_at=NOON,
        happened_at=NOON,
        previous_hash=last.hash,
        hash="f" * 64,
    )
    with pytest.raises(DatabaseError), transaction.atomic():
        fork.save(force_insert=True)


TAMPERINGS = {
    "a changed subject": (
        "UPDATE audit_event SET subject = 'x' WHERE chain_id = '2026-001' AND sequence = 3",
        3,
    ),
    "a changed figure": (
        "UPDATE audit_event SET data = '{\"n\": 9}' WHERE chain_id = '2026-001' AND sequence = 2",
        2,
    ),
    "a dropped row": ("DELETE FROM audit_event WHERE chain_id = '2026-001' AND sequence = 4", 4),
    "a cut tail": ("DELETE FROM audit_event WHERE chain_id = '2026-001' AND sequence = 5", 5),
    "a replaced head": (
        "UPDATE audit_chain SET head = '0000000000000000000000000000000000000000000000000000000000000000'"
        " WHERE key = '2026-001'",
        5,
    ),
}


@pytest.mark.parametrize("name", sorted(TAMPERINGS))
def test_verify_history_names_the_first_broken_place(chain, capsys, name):
    statement, place = TAMPERINGS[name]
    with tampering_as_owner():
        _sql(statement)
    with pytest.raises(SystemExit) as ended:
        call_command("verify_history")
    assert ended.value.code == 1
    assert f"2026-001 #{place}:" in capsys.readouterr().err


def test_verify_history_names_swapped_rows(chain):
    with tampering_as_owner():
        for old, new in ((2, 99), (3, 2), (99, 3)):
            _sql(f"UPDATE audit_event SET sequence = {new} WHERE chain_id = '2026-001' AND sequence = {old}")
    assert first_break(chain).sequence == 2


def test_verify_history_is_quiet_about_an_unbroken_chain(chain, capsys):
    call_command("verify_history", "--case", chain)
    assert "이력 5건" in capsys.readouterr().out


def test_somebody_who_works_while_history_is_read_breaks_nothing(chain, monkeypatch):
    person = UserFactory()
    real = verification._broken_head

    def after_a_further_event(key, **read):
        if read["length"] == 5:
            with transaction.atomic():
                record("thing.done", subject=person, actor=person, at=NOON, chain=key)
        return real(key, **read)

    monkeypatch.setattr(verification, "_broken_head", after_a_further_event)
    assert first_break(chain) is None
    assert Event.objects.of_chain(chain).count() == 6
