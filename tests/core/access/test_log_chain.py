"""The access log is one chain that history vouches for: whatever is done to its rows is found, a purge is not."""

from datetime import timedelta
from threading import Thread

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from core.access import chain
from core.access.chain import beginning, end_of_chain, hash_of, linked_after
from core.access.chain_models import AccessLink, PurgedEnd
from core.access.chain_verification import first_broken_row
from core.access.models import AccessPurge, AccessRow
from core.access.purging import purge_access_log
from core.access.sealing import BATCH, seal_access_log
from core.audit.keys import make_signing_key
from core.audit.models import HOUSE, Event
from core.audit.sealing import close_passed_days
from notifications.services.sweeping import sweep
from rules.kr.safety.topic import last_day_kept
from tests.core.access.doors import NIGHT
from tests.core.access.rows import written
from tests.core.accounts.factories import UserFactory
from tests.core.audit.tampering import tampering_as_owner

pytestmark = pytest.mark.django_db
ROWS, LINKS = "access_accessrow", "access_accesslink"
SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)


@pytest.fixture
def person():
    return UserFactory()


def six_rows(person, at=NIGHT):
    return [written(person, at + number * SECOND, subjects=(number,)) for number in range(6)]


@pytest.fixture
def log(person):
    """Six sealed rows of which history was told."""
    rows = six_rows(person)
    seal_access_log(now=NIGHT)
    return rows


def sql(statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def rehashed(start):
    """What somebody with the whole database does: every hash from `start` on right again."""
    previous = AccessLink.objects.get(pk=start - 1).hash
    for link in list(linked_after(start - 1)):
        previous = hash_of(link.row, number=link.number, previous=previous)
        sql(f"UPDATE {LINKS} SET hash = %s WHERE id = %s", previous, link.number)


def test_rows_are_numbered_in_order_and_once(log):
    assert list(AccessLink.objects.values_list("pk", "row")) == list(
        enumerate([row.pk for row in log], start=1)
    )
    assert seal_access_log(now=NIGHT) == 0 and first_broken_row() is None


def test_an_empty_log_holds():
    assert seal_access_log(now=NIGHT) == 0
    assert first_broken_row() is None


def test_a_row_that_comes_to_light_late_gets_the_next_number(person):
    first, late, third = (written(person, NIGHT) for _ in range(3))
    AccessLink.objects.create(pk=1, row=first.pk, hash=hash_of(row_of(first), number=1, previous="0" * 64))
    AccessLink.objects.create(
        pk=2, row=third.pk, hash=hash_of(row_of(third), number=2, previous=AccessLink.objects.get(pk=1).hash)
    )
    assert seal_access_log(now=NIGHT) == 1
    assert AccessLink.objects.get(pk=3).row == late.pk and first_broken_row() is None


def row_of(row):
    return AccessRow.objects.values(*chain.COLUMNS).get(pk=row.pk)


def test_a_backlog_is_sealed_over_several_passes(person):
    one = written(person, NIGHT)
    fields = {name: getattr(one, name) for name in chain.COLUMNS if name != "id"}
    AccessRow.objects.bulk_create(AccessRow(**fields) for _ in range(BATCH + 4))
    assert seal_access_log(now=NIGHT, most=1) == BATCH
    assert seal_access_log(now=NIGHT, most=1) == 5 and first_broken_row() is None


def test_a_changed_byte_is_found(log):
    with tampering_as_owner(ROWS):
        sql(f"UPDATE {ROWS} SET address = '192.0.2.9' WHERE id = %s", log[2].pk)
    broken = first_broken_row()
    assert (broken.number, broken.row_id) == (3, log[2].pk)


def test_a_dropped_row_is_found(log):
    with tampering_as_owner(ROWS):
        sql(f"DELETE FROM {ROWS} WHERE id = %s", log[3].pk)
    assert first_broken_row().number == 4


def test_a_row_dropped_with_its_link_is_found(log):
    with tampering_as_owner(ROWS), tampering_as_owner(LINKS):
        sql(f"DELETE FROM {ROWS} WHERE id = %s", log[3].pk)
        sql(f"DELETE FROM {LINKS} WHERE id = 4")
    assert first_broken_row().number == 4


def test_swapped_rows_are_found(log):
    with tampering_as_owner(LINKS):
        sql(f"UPDATE {LINKS} SET row = 0 WHERE id = 2")
        sql(f"UPDATE {LINKS} SET row = %s WHERE id = 5", log[1].pk)
        sql(f"UPDATE {LINKS} SET row = %s WHERE id = 2", log[4].pk)
    assert first_broken_row().number == 2


def test_a_row_put_in_between_is_found(log, person):
    stranger = written(person, NIGHT)
    with tampering_as_owner(LINKS):
        for number in (6, 5, 4):
            sql(f"UPDATE {LINKS} SET id = %s WHERE id = %s", number + 1, number)
        sql(f"INSERT INTO {LINKS} (id, row, hash) VALUES (4, %s, %s)", stranger.pk, "f" * 64)
    assert first_broken_row().number == 4


def test_a_row_written_past_the_chain_is_found(log, person, monkeypatch):
    stranger = written(person, NIGHT)
    monkeypatch.setattr(chain, "LOOK_BACK", -stranger.pk)
    assert first_broken_row().row_id == stranger.pk


def test_a_row_changed_with_every_hash_put_right_is_found_by_history(log):
    with tampering_as_owner(ROWS), tampering_as_owner(LINKS):
        sql(f"UPDATE {ROWS} SET address = '192.0.2.9' WHERE id = %s", log[2].pk)
        rehashed(3)
    assert first_broken_row().number == 6  # where history was told of another hash


def test_a_cut_tail_is_found_by_history(log):
    with tampering_as_owner(ROWS), tampering_as_owner(LINKS):
        sql(f"DELETE FROM {LINKS} WHERE id > 4")
        sql(f"DELETE FROM {ROWS} WHERE id > %s", log[3].pk)
    assert first_broken_row().number == 5


def test_history_is_told_once_an_hour_and_only_of_something_new(log, person):
    written(person, NIGHT)
    seal_access_log(now=NIGHT + HOUR - SECOND)
    told = Event.objects.filter(action="access-log.sealed")
    assert told.count() == 1
    seal_access_log(now=NIGHT + HOUR)
    seal_access_log(now=NIGHT + 3 * HOUR)
    assert [event.data["number"] for event in told.order_by("sequence")] == [6, 7]


def test_what_history_was_told_stands_under_the_signed_head_of_the_day(log, capsys):
    make_signing_key(replace=True)
    close_passed_days(now=NIGHT + timedelta(days=1))
    call_command("verify_access_log")
    assert "6건" in capsys.readouterr().out
    with tampering_as_owner(ROWS), tampering_as_owner(LINKS), tampering_as_owner():
        sql(f"DELETE FROM {LINKS} WHERE id > 4")
        sql(f"DELETE FROM {ROWS} WHERE id > %s", log[3].pk)
        sql("DELETE FROM audit_event WHERE action = 'access-log.sealed'")
    assert first_broken_row() is None  # nothing in the log itself betrays it any more
    with pytest.raises(SystemExit) as end:
        call_command("verify_access_log")
    assert end.value.code == 1 and HOUSE in capsys.readouterr().err


def test_the_command_names_the_first_broken_row(log, capsys):
    with tampering_as_owner(ROWS):
        sql(f"UPDATE {ROWS} SET place = 'home' WHERE id >= %s", log[4].pk)
    with pytest.raises(SystemExit) as end:
        call_command("verify_access_log")
    assert end.value.code == 1 and f"#5 (행 {log[4].pk})" in capsys.readouterr().err


@pytest.mark.parametrize(
    "act", [lambda rows: rows.update(hash="0" * 64), lambda rows: rows.filter(pk=1).delete()]
)
def test_the_database_refuses_to_change_a_link(log, act):
    with pytest.raises(DatabaseError), transaction.atomic():
        act(AccessLink.objects.all())


def purge(before, now):
    return purge_access_log(
        before=before,
        floor="P1Y",
        last_day_kept=lambda day: last_day_kept(recorded_on=day, floor="P1Y"),
        actor=None,
        now=now,
    )


def aged_log(person):
    """Six rows of four years ago, six of now, all sealed."""
    old = NIGHT - timedelta(days=4 * 365)
    six_rows(person, old)
    seal_access_log(now=old)
    six_rows(person)
    seal_access_log(now=NIGHT)
    return NIGHT - timedelta(days=3 * 366)


def test_what_a_purge_leaves_is_verified_as_before(person):
    assert purge(aged_log(person), NIGHT).row_count == 6
    assert beginning().number == 6 and end_of_chain().number == 12
    assert AccessRow.objects.count() == AccessLink.objects.count() == 6 and first_broken_row() is None
    written(person, NIGHT)
    assert seal_access_log(now=NIGHT) == 1 and AccessLink.objects.last().pk == 13
    first = AccessLink.objects.order_by("pk")[0]
    with tampering_as_owner(ROWS):
        sql(f"UPDATE {ROWS} SET place = 'home' WHERE id = %s", first.row)
    assert first_broken_row().number == 7


def test_a_purge_stops_at_the_first_row_that_stays(person):
    old = NIGHT - timedelta(days=4 * 365)
    for at in (old, NIGHT, old + SECOND):
        written(person, at)
    assert purge(NIGHT - timedelta(days=3 * 366), NIGHT).row_count == 1
    assert AccessRow.objects.count() == 2 and first_broken_row() is None


def test_a_purge_that_history_does_not_tell_of_is_found(person):
    aged_log(person)
    false = AccessPurge.objects.create(before=NIGHT, row_count=6, floor="P1Y", purged_at=NIGHT)
    PurgedEnd.objects.create(purge=false, number=6, hash=AccessLink.objects.get(pk=6).hash)
    AccessRow.objects.filter(at__lt=NIGHT).delete()
    AccessLink.objects.filter(pk__lte=6).delete()
    assert first_broken_row().number == 6


def test_the_sweep_seals(person):
    six_rows(person)
    assert sweep(now=NIGHT).faults == 0
    assert AccessLink.objects.count() == 6


@pytest.mark.django_db(transaction=True)
def test_workers_and_writers_at_once_leave_one_chain_without_a_gap(person):
    def writing():
        for number in range(20):
            written(person, NIGHT + number * SECOND)
        connection.close()

    def sealing():
        for _ in range(20):
            seal_access_log(now=NIGHT)
        connection.close()

    threads = [Thread(target=one) for one in (writing, writing, sealing, sealing)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seal_access_log(now=NIGHT)
    assert list(AccessLink.objects.values_list("pk", flat=True)) == list(range(1, 41))
    assert first_broken_row() is None
