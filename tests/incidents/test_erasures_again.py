"""Words erased since a backup was made come back with it, and are erased again by the ledger beside the database."""

import json
from datetime import timedelta

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import transaction

from core.audit.models import Event, EventWords
from core.audit.services import erase_words, record
from core.audit.verification import first_break
from incidents.destroying import ledger_path
from incidents.services.destruction import Reapplied, reapply_destructions
from tests.core.accounts.factories import UserFactory
from tests.incidents.factories import KNOWN, opened_case

pytestmark = pytest.mark.django_db
LATER = KNOWN + timedelta(days=30)
WORDS = "김피해 님이 전화로 알려 옴"


@pytest.fixture(autouse=True)
def _own_folder(tmp_path, monkeypatch):
    monkeypatch.setattr(settings, "DATA_DIR", tmp_path / "data")


@pytest.fixture
def case():
    return opened_case()


def written(case, words=WORDS):
    with transaction.atomic():
        return record(
            "case.described", subject=case, actor=None, at=KNOWN, chain=case.reference, reason=words
        )


def erased(event):
    return erase_words(event_id=event.pk, actor=UserFactory(), at=LATER, reason="삭제 요구")


def erased_after_the_backup(event):
    """The ledger has it, and the database is the one of before."""
    with transaction.atomic():
        erased(event)
        transaction.set_rollback(True)
    assert EventWords.objects.filter(event=event).exists()


def again(now=LATER):
    return reapply_destructions(ledger_path(), now=now)


def test_an_erasure_is_a_line_of_ids_beside_the_database(case):
    event = written(case)
    told = erased(event)
    (line,) = ledger_path().read_text(encoding="utf-8").splitlines()
    assert json.loads(line) == {
        "kind": "words",
        "chain": case.reference,
        "sequence": event.sequence,
        "event": event.hash,
        "erased_by": told.actor_id,
        "erased_at": LATER.isoformat(),
    }


def test_what_came_back_with_a_backup_is_erased_again_and_twice_is_as_once(case):
    event = written(case)
    erased_after_the_backup(event)
    assert again() == Reapplied(erased=1)
    assert not EventWords.objects.filter(event=event).exists() and first_break(case.reference) is None
    told = Event.objects.get(action="history.words-erased")
    assert told.actor is None and told.data["sequence"] == event.sequence
    assert again() == Reapplied() and Event.objects.filter(action="history.words-erased").count() == 1


def test_another_event_under_the_same_number_keeps_its_words(case):
    with transaction.atomic():
        lost = written(case)
        erased(lost)
        transaction.set_rollback(True)  # the backup is older than the event itself
    other = written(case, "복구한 뒤에 적은 말")
    assert other.sequence == lost.sequence
    assert again() == Reapplied(missing=1)
    assert Event.objects.get(pk=other.pk).reason == "복구한 뒤에 적은 말"


def test_where_it_cannot_be_written_down_the_words_stay(case, monkeypatch, tmp_path):
    event = written(case)
    (tmp_path / "file").write_text("")
    monkeypatch.setattr(settings, "DATA_DIR", tmp_path / "file")
    with pytest.raises(OSError, match="file"):
        erased(event)
    assert Event.objects.get(pk=event.pk).reason == WORDS


def test_the_command_says_how_many(case, capsys):
    erased_after_the_backup(written(case))
    call_command("reapply_destructions")
    assert "다시 지운 사유 1건(이 백업에 없는 이력의 것 0건)" in capsys.readouterr().out


@pytest.mark.parametrize("line", ['{"kind": "words", "chain": "2026-001"}', '{"kind": "letters"}'])
def test_a_broken_line_erases_nothing_and_is_named(case, line):
    event = written(case)
    erased_after_the_backup(event)
    with ledger_path().open("a", encoding="utf-8") as ledger:
        ledger.write(line + "\n")
    with pytest.raises(CommandError, match="2번째 줄"):
        call_command("reapply_destructions")
    assert Event.objects.get(pk=event.pk).reason == WORDS
