"""The log of who looked: written for what is shown, with ids alone, guarded by the database, seen by those who watch."""

import json
from datetime import datetime, timedelta

import pytest
import time_machine
from django.db import DatabaseError, transaction
from django.urls import reverse

from core.access import log
from core.access.catalogue import Code
from core.access.models import AccessPurge, AccessRow, Act, Result
from core.access.purging import purge_access_log
from core.audit.models import Event
from rules.kr.safety.topic import last_day_kept
from tests.clock import KST
from tests.core.access.doors import NIGHT, set_to
from tests.core.accounts.factories import MembershipFactory
from tests.core.accounts.tokens import program_of
from tests.incidents.factories import opened_case
from tests.incidents.pages import office

pytestmark = pytest.mark.django_db


@pytest.fixture
def place():
    return office()


def rows_of(person, place=None):
    rows = AccessRow.objects.filter(account=person).exclude(act__in=(Act.SIGN_IN, Act.SIGN_OUT))
    return list(rows.filter(place=place) if place else rows)


def case_id(place):
    return f"incidents.case:{place.case.pk}"


def test_a_page_of_a_case_leaves_one_whole_row(place):
    handler = place.people["handler"]
    with time_machine.travel(NIGHT, tick=False):
        place.client("handler").get(place.case.get_absolute_url())
    (row,) = rows_of(handler)
    assert (row.at, row.act, row.result) == (NIGHT, Act.READ, Result.DONE)
    assert (row.subjects, row.subject_count) == ([case_id(place)], 1)
    assert (row.roles, row.organization_id) == ("handler", place.case.organization_id)
    assert (row.address, row.place) == ("127.0.0.1", "incidents:case-overview")
    assert row.session == handler.sessions.get().mark


@pytest.mark.parametrize(
    ("name", "act", "purpose"),
    [
        ("home", Act.READ, ""),
        ("incidents:case-list", Act.READ, ""),
        ("incidents:case-export", Act.DOWNLOAD, "월간 보고"),
    ],
)
def test_a_list_names_each_case_it_shows(place, name, act, purpose):
    second = opened_case(organization=place.case.organization, actor=place.people["handler"])
    client = place.client("handler")
    answer = client.post(reverse(name), {"purpose": purpose}) if purpose else client.get(reverse(name))
    assert answer.status_code == 200
    (row,) = rows_of(place.people["handler"])
    assert (row.act, row.purpose) == (act, purpose)
    assert set(row.subjects) == {case_id(place), f"incidents.case:{second.pk}"}


def test_a_list_of_two_organisations_leaves_a_row_for_each(place):
    other = opened_case()
    handler = place.people["handler"]
    MembershipFactory(user=handler, organization=other.organization, role="cpo")
    place.client("handler").get(reverse("incidents:case-list"))
    shown = {row.organization_id: (row.subjects, row.roles) for row in rows_of(handler)}
    assert shown == {
        place.case.organization_id: ([case_id(place)], "handler"),
        other.organization_id: ([f"incidents.case:{other.pk}"], "cpo"),
    }


def test_a_search_keeps_no_word_of_it(place):
    place.client("handler").get(reverse("incidents:case-list"), {"q": "홍길동"})
    (row,) = rows_of(place.people["handler"])
    assert row.act == Act.SEARCH and row.words == log.keyed("홍길동 ")
    assert "홍길동" not in json.dumps(list(AccessRow.objects.values()), default=str, ensure_ascii=False)


def test_a_refusal_is_a_row_too(place):
    place.client("outsider").get(place.case.get_absolute_url())
    (row,) = rows_of(place.people["outsider"])
    assert (row.result, row.subjects) == (Result.REFUSED, [case_id(place)])


def test_a_program_leaves_rows_by_its_token(place):
    auditor = place.people["auditor"]
    program = program_of(auditor)
    program.get(f"/cases/{place.case.reference}")
    program.get("/cases")
    rows = rows_of(auditor)
    assert {row.place for row in rows} == {"api:read_case", "api:case_list"}
    assert all(row.session.startswith("bd_") and row.subjects == [case_id(place)] for row in rows)


def test_typing_and_the_law_leave_none(place):
    client = place.client("handler")
    client.post(reverse("incidents:draft", args=["x"]), {"a": "1"})
    client.get(reverse("settings-law"))
    client.get(reverse("access:session-state"))
    assert rows_of(place.people["handler"]) == []


def test_what_cannot_be_written_down_is_not_shown(place, monkeypatch):
    def no_room(*args, **rest):
        raise DatabaseError("no room")

    client = place.client("handler")
    monkeypatch.setattr(AccessRow.objects, "bulk_create", no_room)
    monkeypatch.setattr(AccessRow._default_manager.__class__, "bulk_create", no_room)
    answer = client.get(place.case.get_absolute_url())
    assert answer.status_code == 503
    assert place.case.title not in answer.content.decode()


@pytest.mark.parametrize("act", [lambda rows: rows.update(act=Act.PRINT), lambda rows: rows.delete()])
def test_the_database_refuses_to_change_a_row(place, act):
    place.client("handler").get(place.case.get_absolute_url())
    with pytest.raises(DatabaseError), transaction.atomic():
        act(AccessRow.objects.all())


def old_row(place, at):
    visit = log.Visit(place.people["handler"], "192.0.2.1")
    shown = {place.case.organization_id: [case_id(place)]}
    log.note_access(
        visit, act=Act.READ, place="incidents:case-overview", result=Result.DONE, at=at, shown=shown
    )


def purge(before, *, now, floor="P1Y"):
    return purge_access_log(
        before=before,
        floor=floor,
        last_day_kept=lambda day: last_day_kept(recorded_on=day, floor=floor),
        actor=None,
        now=now,
    )


def test_rows_older_than_the_house_keeps_them_go_and_history_tells(place):
    old_row(place, NIGHT - timedelta(days=4 * 365))
    old_row(place, NIGHT)
    done = purge(NIGHT - timedelta(days=3 * 366), now=NIGHT, floor="P2Y")
    assert done is not None and done.row_count == 1
    assert AccessRow.objects.filter(place="incidents:case-overview").count() == 1
    assert Event.objects.filter(action="access-log.purged", data__rows=1).exists()


def test_a_row_younger_than_the_setting_stays(place):
    old_row(place, NIGHT - timedelta(days=2 * 365))
    with pytest.raises(Exception, match="보관 기간"):
        purge(NIGHT - timedelta(days=1 * 365), now=NIGHT)
    assert not AccessPurge.objects.exists()


@pytest.mark.parametrize(("day", "goes"), [("2025-02-28", False), ("2025-03-01", True)])
def test_a_row_of_a_leap_day_stays_through_the_last_of_february(place, day, goes):
    set_to(Code.ACCESS_LOG_MONTHS, 12)
    written = datetime(2024, 2, 29, 10, tzinfo=KST)
    old_row(place, written)
    now = datetime.fromisoformat(f"{day}T12:00+09:00")
    if goes:
        assert purge(written + timedelta(seconds=1), now=now) is not None
    else:
        with pytest.raises(Exception, match="2025-02-28"):
            purge(written + timedelta(seconds=1), now=now)


def test_health_data_today_keeps_every_row_twice_as_long(place):
    set_to(Code.ACCESS_LOG_MONTHS, 12)
    written = NIGHT - timedelta(days=400)
    old_row(place, written)
    with pytest.raises(Exception, match="P2Y"):
        purge(written + timedelta(seconds=1), now=NIGHT, floor="P2Y")
    assert purge(written + timedelta(seconds=1), now=NIGHT, floor="P1Y") is not None


@pytest.mark.parametrize("kind", ["handler", "approver", "counsel", "admin", "outsider"])
def test_only_those_who_watch_read_it(place, kind):
    assert place.client(kind).get(reverse("access-log")).status_code == 403


def test_an_auditor_sees_their_organisation_and_no_other(place):
    stranger = office(title="남의 사건")
    stranger.client("handler").get(stranger.case.get_absolute_url())
    place.client("handler").get(place.case.get_absolute_url())
    page = place.client("auditor").get(reverse("access-log"))
    text = page.content.decode()
    assert place.case.reference in text and stranger.case.reference not in text
    assert {row.account_id for row, _roles, _subjects in page.context["rows"]} <= {
        person.pk for kind, person in place.people.items() if person and kind != "outsider"
    }


@pytest.mark.parametrize("kind", ["auditor", "cpo", "handler", "outsider"])
def test_read_page_by_page_the_rows_are_the_same(place, kind):
    stranger = office(title="남의 사건")
    for one in (place, stranger):
        one.client("handler").get(one.case.get_absolute_url())
    person = place.people[kind]
    newest = list(AccessRow.objects.newest_visible_to(person))
    assert newest == list(AccessRow.objects.visible_to(person))
    assert bool(newest) is (kind in ("auditor", "cpo"))


def test_the_log_is_narrowed(place):
    with time_machine.travel(NIGHT, tick=False):
        place.client("handler").get(place.case.get_absolute_url())
    with time_machine.travel(NIGHT + timedelta(days=40), tick=False):
        client = place.client("auditor")
        for asked, found in (
            ({"account": place.people["handler"].pk, "act": "read"}, 1),
            ({"act": "download"}, 0),
            ({"month": "2026-11", "act": "read"}, 1),
            ({"month": "2026-12", "act": "search"}, 0),
            ({"result": "refused"}, 0),
        ):
            assert len(client.get(reverse("access-log"), asked).context["rows"]) == found, asked


def test_asking_for_the_log_is_in_the_log(place):
    place.client("auditor").get(reverse("access-log"))
    assert rows_of(place.people["auditor"], "access-log")


def test_nobody_purges_what_nobody_wrote():
    assert purge(NIGHT - timedelta(days=5000), now=NIGHT) is None
