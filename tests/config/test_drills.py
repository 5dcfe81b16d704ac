"""Restoring is tried once a year, and the trial is kept with its time."""

from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction
from django.urls import reverse

from core.access.catalogue import Code
from core.access.models import RecoveryDrill
from core.access.recovery import drill_due_on, note_backup, record_drill
from core.audit.models import HOUSE, Event
from core.audit.verification import first_break
from notifications.services.sweeping import sweep
from tests.clock import KST
from tests.core.access.doors import set_to
from tests.incidents.pages import office

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]
DAY = datetime(2026, 11, 21, 12, tzinfo=KST)
SAID = {"drilled_on": "2026-11-20", "minutes": "42", "result": "whole", "note": "어제 백업, 시계 6개 같음"}
BANNER = "복구 훈련을"


@pytest.fixture
def place():
    with time_machine.travel(DAY, tick=False):
        one = office()
        Event.objects.of_chain(HOUSE).exists()
    return one


def recorded(place, day, now=DAY):
    return record_drill(
        drilled_on=day, took_seconds=60, result="whole", note="확인", actor=place.people["admin"], now=now
    )


@pytest.mark.parametrize("kind", ["admin", "cpo"])
def test_a_drill_is_recorded_on_the_page_and_is_history(place, kind):
    with time_machine.travel(DAY, tick=False):
        client = place.client(kind)
        answer = client.post(reverse("settings-drills"), SAID, follow=True)
    row = RecoveryDrill.objects.get()
    assert (row.drilled_on, row.took_seconds, row.recorded_by) == (
        date(2026, 11, 20),
        2520,
        place.people[kind],
    )
    assert "42분 00초" in answer.content.decode() and "2027-11-20(토)" in answer.content.decode()
    assert Event.objects.get(action="drill.recorded").data["seconds"] == 2520
    assert first_break(HOUSE) is None


def test_an_auditor_reads_and_records_none(place):
    client = place.client("auditor")
    assert client.get(reverse("settings-drills")).context["form"] is None
    assert client.post(reverse("settings-drills"), SAID).status_code == 403
    assert not RecoveryDrill.objects.exists()


@pytest.mark.parametrize(
    "wrong", [{"drilled_on": "2026-11-22"}, {"minutes": "0"}, {"note": " "}, {"result": "maybe"}]
)
def test_what_cannot_be_is_refused(place, wrong):
    with time_machine.travel(DAY, tick=False):
        answer = place.client("admin").post(reverse("settings-drills"), SAID | wrong)
    assert answer.status_code == 422 and not RecoveryDrill.objects.exists()


def test_it_is_owed_a_year_after_the_last_or_after_the_beginning(place):
    with transaction.atomic():
        note_backup(size=1, file_count=1, key="aa", now=DAY)
    assert drill_due_on() == date(2027, 11, 21)
    recorded(place, date(2026, 3, 31))
    assert drill_due_on() == date(2027, 3, 31)
    set_to(Code.DRILL_MONTHS, 11, now=DAY)
    assert drill_due_on() == date(2027, 2, 28)


def test_an_overdue_drill_is_said_to_those_who_answer_for_it(place):
    recorded(place, date(2025, 11, 21))
    for moment, kind, is_said in (
        (DAY, "admin", False),
        (DAY + timedelta(days=1), "admin", True),
        (DAY + timedelta(days=1), "cpo", True),
        (DAY + timedelta(days=1), "handler", False),
    ):
        with time_machine.travel(moment, tick=False):
            sweep(now=moment)
            page = place.client(kind).get(reverse("settings")).content.decode()
        assert (BANNER in page) is is_said, (moment, kind)


def test_the_command_records_one_too(place, capsys):
    said = ["--day", "2026-11-20", "--minutes", "5", "--result", "flawed", "--note", "메일 폴더 없음"]
    with time_machine.travel(DAY, tick=False):
        call_command("record_drill", *said, "--by", place.people["admin"].email.upper())
        with pytest.raises(CommandError, match="없는 사람"):
            call_command("record_drill", *said, "--by", "nobody@example.org")
    assert RecoveryDrill.objects.get().result == "flawed" and "2027-11-20" in capsys.readouterr().out


def test_the_database_refuses_to_change_a_drill(place):
    recorded(place, date(2026, 11, 20))
    with pytest.raises(DatabaseError), transaction.atomic():
        RecoveryDrill.objects.update(took_seconds=1)
