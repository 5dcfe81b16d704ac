"""Each day that has passed is closed once, under a signature; whatever is changed afterwards is found."""

import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256

import pytest
import time_machine
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from core.audit import keys
from core.audit.chain import hash_of
from core.audit.heads import first_broken_day, head_hash, signed_bytes
from core.audit.merkle import leaf_hash, path_of, root_by, root_of
from core.audit.models import GENESIS, HOUSE, Chain, DayHead, DayLeaf, Event
from core.audit.sealing import close_days_if_possible, close_passed_days
from core.audit.verification import first_break
from tests.core.audit.sealed import CASE, DAY, FIRST, OTHER, rehash, sql, tell, two_closed_days
from tests.core.audit.tampering import tampering_as_owner

pytestmark = pytest.mark.django_db


@pytest.fixture
def key(tmp_path, settings):
    settings.SIGNING_KEY_FILE = tmp_path / "keys" / "signing.pem"
    return keys.make_signing_key()


@pytest.fixture
def closed(key):
    return two_closed_days()


# closing


def test_every_passed_day_is_closed_and_linked_to_the_day_before(closed):
    first, second = closed
    assert [first.day, second.day] == [date(2026, 11, 20), date(2026, 11, 21)]
    assert (first.previous_hash, second.previous_hash) == (GENESIS, first.hash)
    assert [(row.chain_key, row.length) for row in DayLeaf.objects.filter(head=first)] == [
        (CASE, 3),
        (OTHER, 2),
    ]
    assert [(row.chain_key, row.length) for row in DayLeaf.objects.filter(head=second)] == [(CASE, 5)]
    assert (second.leaf_count, second.event_count) == (2, 7)


def test_closing_again_makes_nothing_more(closed):
    assert close_passed_days(now=FIRST + 2 * DAY + timedelta(hours=2)) == []
    assert DayHead.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_two_workers_close_a_day_once(key):
    tell(1, at=FIRST)

    def work(_worker):
        try:
            return len(close_passed_days(now=FIRST + DAY))
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as workers:
        closed = list(workers.map(work, range(4)))

    assert sorted(closed) == [0, 0, 0, 1]
    assert DayHead.objects.count() == 1
    assert first_break(HOUSE) is None and first_broken_day() is None


def test_a_day_ends_at_midnight_in_seoul(key):
    midnight = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
    tell(1, at=FIRST)
    assert close_passed_days(now=midnight - timedelta(microseconds=1)) == []
    assert [head.day for head in close_passed_days(now=midnight)] == [date(2026, 11, 20)]


def test_a_day_on_which_nothing_happened_has_a_head_too(closed):
    (house, empty) = close_passed_days(now=FIRST + 4 * DAY)
    assert empty.previous_hash == house.hash
    assert not empty.leaves.exists()
    assert first_broken_day() is None


def test_what_is_recorded_late_for_a_closed_day_belongs_to_the_next(closed):
    tell(1, at=FIRST + DAY)
    (head,) = close_passed_days(now=FIRST + 3 * DAY)
    assert head.leaves.get(chain_key=CASE).length == 7
    assert first_break(CASE) is None


def test_a_long_pause_is_made_up_for_over_several_passes(key):
    tell(1, at=FIRST)
    later = FIRST + 10 * DAY
    assert [len(close_passed_days(now=later)) for _ in range(3)] == [7, 3, 0]
    assert first_broken_day() is None


def test_the_closing_is_history_itself(closed):
    told = Event.objects.filter(chain=HOUSE, action="history.day-closed")
    assert [event.data["head"] for event in told.order_by("sequence")] == [head.hash for head in closed]


def test_a_head_is_signed_by_the_key_that_is_not_in_the_database(closed, key):
    public = keys.public_keys()[key]
    assert all(keys.is_signed(signed_bytes(head), signature=head.signature, public=public) for head in closed)


def test_without_a_key_the_sweep_goes_on_and_no_day_is_closed(tmp_path, settings):
    settings.SIGNING_KEY_FILE = tmp_path / "none.pem"
    tell(1, at=FIRST)
    assert close_days_if_possible(now=FIRST + DAY) == 0
    with pytest.raises(keys.NoSigningKey, match=r"none\.pem"):
        close_passed_days(now=FIRST + DAY)


@pytest.mark.parametrize("table", ["audit_dayhead", "audit_dayleaf"])
@pytest.mark.parametrize("change", ["UPDATE {} SET id = id + 100", "DELETE FROM {}"])
def test_the_database_refuses_every_change(closed, table, change):
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        sql(change.format(table))
    assert first_broken_day() is None


# keys


def test_a_key_is_for_its_owner_alone(key, settings):
    assert stat.S_IMODE(settings.SIGNING_KEY_FILE.stat().st_mode) == 0o600
    settings.SIGNING_KEY_FILE.chmod(0o644)
    with pytest.raises(keys.UnsafeSigningKey):
        keys.load_signer()


def test_a_key_is_replaced_only_on_purpose_and_the_old_signatures_still_hold(closed, key, capsys):
    with pytest.raises(CommandError, match="--replace"):
        call_command("make_signing_key")
    call_command("make_signing_key", "--replace")
    fresh = keys.load_signer().key_id
    assert fresh != key and fresh in capsys.readouterr().out

    tell(1, at=FIRST + 2 * DAY)
    (head,) = close_passed_days(now=FIRST + 3 * DAY)

    assert head.key_id == fresh
    assert set(keys.public_keys()) == {key, fresh}
    assert first_broken_day() is None


def test_a_machine_with_the_private_file_alone_knows_its_own_public_key(closed, key, settings):
    (settings.SIGNING_KEY_FILE.parent / f"{key}.pub.pem").unlink()
    assert set(keys.public_keys()) == {key}
    assert first_broken_day() is None


def test_the_key_of_the_first_start_stays(tmp_path, settings):
    settings.SIGNING_KEY_FILE = tmp_path / "keys" / "signing.pem"
    assert keys.ensure_signing_key() == keys.ensure_signing_key() == keys.load_signer().key_id


# the tree


@pytest.mark.parametrize("count", [1, 2, 3, 4, 5, 7, 8, 13])
def test_every_leaf_is_proven_by_its_path_and_by_no_other(count):
    leaves = [leaf_hash(bytes([number])) for number in range(count)]
    root = root_of(leaves)
    for index, leaf in enumerate(leaves):
        assert root_by(path_of(leaves, index), leaf) == root
        assert root_by(path_of(leaves, index), leaf_hash(b"another")) != root


def test_the_tree_is_that_of_rfc_6962():
    def tree(leaves):
        if len(leaves) == 1:
            return leaf_hash(leaves[0])
        left = 1 << (len(leaves) - 1).bit_length() - 1
        return sha256(b"\x01" + tree(leaves[:left]) + tree(leaves[left:])).digest()

    for count in range(1, 20):
        leaves = [bytes([number]) for number in range(count)]
        assert root_of([leaf_hash(leaf) for leaf in leaves]) == tree(leaves)


# tampering, by somebody who owns the whole database


def change_a_byte():
    with tampering_as_owner():
        sql("UPDATE audit_event SET data = '{\"n\": 9}' WHERE chain_id = %s AND sequence = 2", CASE)


def put_what_has_no_hash():
    with tampering_as_owner():
        sql("UPDATE audit_event SET data = '{\"n\": 1.5}' WHERE chain_id = %s AND sequence = 2", CASE)


def drop_a_row():
    with tampering_as_owner("audit_eventwords"), tampering_as_owner():
        drop(4)


def drop(sequence):
    where = "chain_id = %s AND sequence = %s"
    sql(
        f"DELETE FROM audit_eventwords WHERE event_id IN (SELECT id FROM audit_event WHERE {where})",
        CASE,
        sequence,
    )
    sql(f"DELETE FROM audit_event WHERE {where}", CASE, sequence)


def slip_in(*, after, at):
    """An event made from #`after`, with a hash of its own that is right."""
    event = Event.objects.get(chain=CASE, sequence=after)
    event.pk, event.sequence, event.previous_hash, event.words_digest = None, at, event.hash, ""
    event.hash = hash_of(event)
    event.save(force_insert=True)


def insert_a_row():
    with tampering_as_owner():
        for number in (6, 5, 4):
            sql(
                "UPDATE audit_event SET sequence = %s WHERE chain_id = %s AND sequence = %s",
                number + 1,
                CASE,
                number,
            )
        slip_in(after=3, at=4)


def swap_rows():
    with tampering_as_owner():
        for old, new in ((2, 99), (3, 2), (99, 3)):
            sql("UPDATE audit_event SET sequence = %s WHERE chain_id = %s AND sequence = %s", new, CASE, old)


def cut_the_tail():
    """And let the row of the chain agree, so that nothing in the chain itself betrays it."""
    with tampering_as_owner("audit_eventwords"), tampering_as_owner():
        for number in (6, 5):
            drop(number)
    last = Event.objects.get(chain=CASE, sequence=4)
    Chain.objects.filter(pk=CASE).update(length=4, head=last.hash)


def fork_the_chain():
    """A second event that follows #4, beside the one that did."""
    with tampering_as_owner():
        sql("UPDATE audit_event SET sequence = 7 WHERE chain_id = %s AND sequence = 6", CASE)
        slip_in(after=4, at=6)


def replace_the_head():
    """Rewrite the chain from #2 on, every hash right again, its row too."""
    with tampering_as_owner():
        sql("UPDATE audit_event SET subject = 'accounts.user:0' WHERE chain_id = %s AND sequence = 2", CASE)
    rehash(CASE, start=2)


TAMPERINGS = {
    "a changed byte": (change_a_byte, 2, "내용이 기록된 해시와 다릅니다"),
    "a figure that has no hash": (put_what_has_no_hash, 2, "내용이 기록된 해시와 다릅니다"),
    "a dropped row": (drop_a_row, 4, "4번 이력이 없습니다"),
    "an inserted row": (insert_a_row, 5, "3번 뒤에서 이력이 둘로 갈라졌습니다"),
    "swapped rows": (swap_rows, 2, "이어지지 않습니다"),
    "a cut tail": (cut_the_tail, 5, "뒤가 잘렸습니다"),
    "a forked chain": (fork_the_chain, 6, "4번 뒤에서 이력이 둘로 갈라졌습니다"),
    "a replaced head": (replace_the_head, 1, "다시 쓰였습니다"),
}


@pytest.mark.parametrize("name", sorted(TAMPERINGS))
def test_verify_history_names_the_first_broken_place(closed, capsys, name):
    tamper, place, words = TAMPERINGS[name]
    tamper()

    broken = first_break(CASE)
    with pytest.raises(SystemExit) as ended:
        call_command("verify_history")

    assert broken is not None
    assert (broken.sequence, ended.value.code) == (place, 1)
    assert words in broken.what
    assert f"{CASE} #{place}:" in capsys.readouterr().err


def test_a_case_that_vanished_whole_is_missed(closed, capsys):
    with tampering_as_owner("audit_eventwords"), tampering_as_owner():
        sql(
            "DELETE FROM audit_eventwords WHERE event_id IN (SELECT id FROM audit_event WHERE chain_id = %s)",
            OTHER,
        )
        sql("DELETE FROM audit_event WHERE chain_id = %s", OTHER)
    Chain.objects.filter(pk=OTHER).delete()
    with pytest.raises(SystemExit):
        call_command("verify_history")
    assert f"{OTHER} #1:" in capsys.readouterr().err


def forge_root():
    with tampering_as_owner("audit_dayhead"):
        sql("UPDATE audit_dayhead SET root = %s WHERE day = '2026-11-21'", "0" * 64)


def forge_root_and_hash():
    with tampering_as_owner("audit_dayhead"):
        sql("UPDATE audit_dayhead SET root = %s WHERE day = '2026-11-21'", "0" * 64)
        head = DayHead.objects.get(day=date(2026, 11, 21))
        sql("UPDATE audit_dayhead SET hash = %s WHERE id = %s", head_hash(head), head.pk)


def sign_with_another_key():
    """The whole day made anew by somebody with a key of their own."""
    private = Ed25519PrivateKey.generate()
    head = DayHead.objects.get(day=date(2026, 11, 21))
    head.key_id = keys.key_id_of(private.public_key().public_bytes_raw())
    head.hash, head.signature = head_hash(head), private.sign(signed_bytes(head)).hex()
    with tampering_as_owner("audit_dayhead"):
        head.save()


def move_a_leaf():
    with tampering_as_owner("audit_dayleaf"):
        sql("UPDATE audit_dayleaf SET length = 4 WHERE chain_key = %s AND length = 5", CASE)


FORGERIES = {
    "a changed root": (forge_root, "기록된 해시와 다릅니다"),
    "a changed root with its hash": (forge_root_and_hash, "서명이 맞지 않습니다"),
    "another key": (sign_with_another_key, "이 서버는 모릅니다"),
    "a moved leaf": (move_a_leaf, "서명한 뿌리와 맞지 않습니다"),
}


@pytest.mark.parametrize("name", sorted(FORGERIES))
def test_verify_history_names_a_forged_day(closed, capsys, name):
    forge, words = FORGERIES[name]
    forge()
    with pytest.raises(SystemExit) as ended:
        call_command("verify_history")
    error = capsys.readouterr().err
    assert ended.value.code == 1
    assert "하루의 머리 2026-11-21" in error and words in error


def test_a_dropped_day_is_missed(closed, capsys):
    with tampering_as_owner("audit_dayleaf"), tampering_as_owner("audit_dayhead"):
        sql("DELETE FROM audit_dayleaf WHERE head_id = %s", closed[0].pk)
        sql("DELETE FROM audit_dayhead WHERE id = %s", closed[0].pk)
    assert first_broken_day().day == date(2026, 11, 21)


def test_the_last_days_dropped_are_missed(closed):
    with tampering_as_owner("audit_dayleaf"), tampering_as_owner("audit_dayhead"):
        sql("DELETE FROM audit_dayleaf")
        sql("DELETE FROM audit_dayhead")
    assert first_broken_day().day == date(2026, 11, 20)


@time_machine.travel(FIRST + 5 * DAY, tick=False)
def test_days_that_nobody_closed_are_told_of(closed, capsys):
    call_command("verify_history")
    assert "지난 3일의 이력에 아직 서명하지 않았습니다" in capsys.readouterr().out


def test_a_head_that_was_kept_elsewhere_is_asked_for(closed, capsys):
    call_command("verify_history", "--head", closed[1].hash)
    assert "하루의 머리 2개가 모두 맞습니다" in capsys.readouterr().out
    with pytest.raises(SystemExit):
        call_command("verify_history", "--head", "0" * 64)
    assert "받아 둔 머리가 없습니다" in capsys.readouterr().err
