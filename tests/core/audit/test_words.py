"""What people write stands beside history; the chain has its salted hash, so it can be erased and still proven."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from core.audit.chain import digest, hash_of
from core.audit.models import Event, EventWords
from core.audit.services import NothingToErase, erase_words, record
from core.audit.verification import erased_words, first_break
from tests.core.accounts.factories import UserFactory
from tests.core.audit.tampering import tampering_as_owner

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
LATER = NOON + timedelta(days=900)
CASE = "2026-001"
WORDS = "김피해 님이 전화로 알려 옴"


@pytest.fixture
def person():
    return UserFactory()


@pytest.fixture
def event(person):
    with transaction.atomic():
        record("thing.done", subject=person, actor=person, at=NOON, chain=CASE)
        return record("thing.done", subject=person, actor=person, at=NOON, chain=CASE, reason=WORDS)


def erased(event, person):
    return erase_words(event_id=event.pk, actor=person, at=LATER, reason="정보주체의 삭제 요구")


def _sql(statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def test_the_words_are_read_beside_the_event_and_are_not_in_it(event):
    row = Event.objects.values().get(pk=event.pk)
    assert WORDS not in json.dumps(row, default=str, ensure_ascii=False)
    assert Event.objects.get(pk=event.pk).reason == WORDS


def test_the_hash_cannot_be_guessed_from_the_words(event):
    assert event.words_digest not in {digest(WORDS), digest([WORDS]), digest(["", WORDS])}
    with transaction.atomic():
        again = record("thing.done", subject=event.actor, actor=None, at=NOON, chain=CASE, reason=WORDS)
    assert again.words_digest != event.words_digest


def test_the_chain_covers_the_hash_of_the_words(event):
    before = hash_of(event)
    event.words_digest = "0" * 64
    assert hash_of(event) != before


def test_an_event_without_words_has_none(person, event):
    first = Event.objects.of_chain(CASE).first()
    assert (first.reason, first.words_digest, first.is_erased) == ("", "", False)


def test_changed_words_are_found(event):
    with tampering_as_owner("audit_eventwords"):
        _sql("UPDATE audit_eventwords SET text = %s", "아무 일도 없었음")
    broken = first_break(CASE)
    assert broken.sequence == event.sequence
    assert "사유가 적을 때와 다릅니다" in broken.what


def test_words_put_beside_an_event_that_had_none_are_found(event):
    first = Event.objects.of_chain(CASE).first()
    EventWords.objects.create(event=first, text="나중에 지어낸 말", salt="0" * 32)
    assert first_break(CASE).sequence == first.sequence


def test_words_that_vanished_untold_are_found(event):
    with tampering_as_owner("audit_eventwords"):
        _sql("DELETE FROM audit_eventwords")
    broken = first_break(CASE)
    assert broken.sequence == event.sequence
    assert "지웠다는 이력이 없습니다" in broken.what


def test_lawfully_erased_words_leave_the_proof_whole(event, person):
    told = erased(event, person)

    after = Event.objects.get(pk=event.pk)
    assert (after.reason, after.is_erased, after.hash) == ("", True, event.hash)
    assert (told.actor, told.reason, told.data["sequence"]) == (person, "정보주체의 삭제 요구", 2)
    assert first_break(CASE) is None
    assert erased_words(CASE) == [(event.sequence, told.sequence)]


def test_verify_history_says_what_was_erased(event, person, capsys):
    erased(event, person)
    call_command("verify_history", "--case", CASE)
    assert f"지움: {CASE} #2의 사유" in capsys.readouterr().out


def test_an_erasure_hides_no_other_words(event, person):
    with transaction.atomic():
        other = record("thing.done", subject=person, actor=None, at=NOON, chain=CASE, reason="다른 말")
    erased(event, person)
    with tampering_as_owner("audit_eventwords"):
        _sql("DELETE FROM audit_eventwords WHERE event_id = %s", other.pk)
    assert first_break(CASE).sequence == other.sequence


def test_words_are_erased_once_and_with_a_reason(event, person):
    with pytest.raises(ValueError, match="reason"):
        erase_words(event_id=event.pk, actor=person, at=LATER, reason=" ")
    erased(event, person)
    with pytest.raises(NothingToErase):
        erased(event, person)
    assert Event.objects.filter(action="history.words-erased").count() == 1


ROADS = {
    "save": lambda words: words.save(),
    "queryset update": lambda words: EventWords.objects.update(text="x"),
    "delete": lambda words: words.delete(),
    "queryset delete": lambda words: EventWords.objects.all().delete(),
    "sql update": lambda words: _sql("UPDATE audit_eventwords SET text = 'x'"),
    "sql delete": lambda words: _sql("DELETE FROM audit_eventwords"),
}


@pytest.mark.parametrize("road", sorted(ROADS))
def test_the_database_refuses_every_untold_change(event, road):
    with pytest.raises(DatabaseError), transaction.atomic():
        ROADS[road](EventWords.objects.get())
    assert EventWords.objects.get().text == WORDS


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="SQLite's own statement")
def test_insert_or_replace_is_refused(event):
    swap = "INSERT OR REPLACE INTO audit_eventwords (event_id, text, salt) VALUES (%s, 'x', 'y')"
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        _sql(swap, event.pk)
    assert EventWords.objects.get().text == WORDS


@pytest.mark.postgres_only
def test_truncate_is_refused(event):
    with pytest.raises(DatabaseError), transaction.atomic():
        _sql("TRUNCATE audit_eventwords")


def test_the_command_erases_and_tells(event, person, capsys):
    call_command("erase_words", CASE, "2", "--by", person.email, "--reason", "정보주체의 삭제 요구")
    assert "#3" in capsys.readouterr().out
    assert Event.objects.get(pk=event.pk).is_erased
    with pytest.raises(CommandError, match="지울 사유가 없습니다"):
        call_command("erase_words", CASE, "2", "--by", person.email, "--reason", "다시")
    with pytest.raises(CommandError, match="없는 이력"):
        call_command("erase_words", CASE, "9", "--by", person.email, "--reason", "없음")
