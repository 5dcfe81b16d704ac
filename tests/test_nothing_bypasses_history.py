"""Whatever road a row is changed by, the database refuses it or history finds it."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from core.accounts.models import Membership, Role, User
from core.accounts.services import give_role, take_role
from core.audit.models import Event
from core.audit.operations import guarded_tables
from core.audit.services import vouch_for_rows
from core.audit.verification import first_break, known_chains
from core.audit.witnesses import is_vouched_for, untold_rows
from incidents import services
from incidents.models import Basis, CaseMember, Deadline, FactRevision, Task, TimelineEntry
from incidents.services import FactChange
from notifications import services as timers
from tests.core.accounts.factories import UserFactory
from tests.incidents.factories import KNOWN
from tests.incidents.pages import office

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)

# What no case, right or paper depends on, or what another guard holds; each with its reason.
OTHERWISE = {
    "auth.permission": "made by migrations; no right of this product is read from it",
    "auth.group": "no right of this product is read from it",
    "contenttypes.contenttype": "made by migrations",
    "sessions.session": "passing: who is signed in now",
    "account.emailaddress": "the library's copy of the address of a person",
    "account.emailconfirmation": "passing: a link in a mail",
    "mfa.authenticator": "a secret of one person; adding and removing it are events",
    "axes.accessfailurelog": "passing: counts towards a lock-out; each failure is an event",
    "axes.accessattempt": "passing: counts towards a lock-out; each failure is an event",
    "axes.accessattemptexpiration": "passing: counts towards a lock-out",
    "axes.accesslog": "not written",
    "accounts.organization": "what letters say of the organisation: papers keep their own copy, changes are events",
    "access.yearlyduty": "a timer: when the next yearly check is owed; the check itself is never changed",
    "access.alertmark": "a marker: how far the rules have read the log",
    "access.copymark": "a marker: how far the log was copied; the copy itself is compared",
    "access.overduenotice": "a marker: that a late review was told once; the telling is an event",
    "access.seennetwork": "what the rules have learnt of networks; made anew from the log",
    "access.copyyear": "a counter: the numbers of copies have no gap",
    "documents.casekey": "wrapped by the vault's key; a kept file names its key and is compared with its hash",
    "access.personsession": "passing: who is signed in now; signing in and out are events",
    "access.usedpassword": "one-way, and only ever refuses a password",
    "audit.chain": "the head of a chain: verification compares it with the events",
    "audit.stamperrand": "passing: when an authority is asked again",
    "incidents.scanerrand": "passing: when the scanner is asked again; a verdict that differs is a row and an event",
    "socialaccount.socialapp": "empty: the provider stands in the settings",
    "socialaccount.socialtoken": "empty: tokens of the provider are not kept",
    "incidents.caseyear": "a counter: the numbers of cases have no gap",
    "incidents.draft": "words on the way, of one person",
    "notifications.reminder": "planned anew from the deadlines; what was sent is an event and an attempt",
    "notifications.clockreading": "passing: the last comparison of this machine's clock",
    "notifications.timerpulse": "passing: when the timers ran last",
    "notifications.outgoingemail": "its attempts and outcomes are append-only",
}


def busy_office():
    """A case of which every vouched kind of row has one, everything told."""
    place = office()
    case, cpo = place.case, place.people["cpo"]
    vouch_for_rows(actor=None, at=KNOWN, reason="시험에 쓰는 사람과 기관")
    by = {"actor": cpo, "now": KNOWN + HOUR}
    services.claim_awareness(
        case_id=case.pk,
        anchor="leak_known_at",
        at=KNOWN - HOUR,
        basis=Basis.ALERT,
        source="경보",
        **by,
    )
    services.record_facts(case_id=case.pk, changes=[FactChange("summary", "처음 말")], **by)
    services.add_timeline_entry(case_id=case.pk, text="전화함", happened_at=KNOWN, **by)
    services.record_step(
        case_id=case.pk, kind="materials_requested", happened_on=KNOWN.date(), given={}, **by
    )
    person = UserFactory()
    vouch_for_rows(actor=None, at=KNOWN, reason="시험에 쓰는 사람")
    give_role(user=person, organization=case.organization, role=Role.AUDITOR, **by)
    services.join_case(case_id=case.pk, user_id=person.pk, **by)
    return place


def broken_places():
    return [found for chain in known_chains() if (found := first_break(chain))]


def test_every_table_is_guarded_vouched_for_or_left_out_with_a_reason():
    guarded = guarded_tables(connection)
    models = {model._meta.label_lower: model._meta.db_table for model in apps.get_models()}
    held = {label for label, table in models.items() if table in guarded or is_vouched_for(label)}
    assert set(models) - held == set(OTHERWISE)
    assert all(OTHERWISE.values())


def test_what_services_do_is_told_to_the_last_row():
    busy_office()
    assert untold_rows() == []
    assert broken_places() == []


def by_update(model, row, column, value):
    model.objects.filter(pk=row.pk).update(**{column: value})


def by_bulk_update(model, row, column, value):
    setattr(row, column, value)
    model.objects.bulk_update([row], [column])


def by_raw_sql(model, row, column, value):
    attname = model._meta.get_field(column).column
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {model._meta.db_table} SET {attname} = %s WHERE id = %s", [value, row.pk])


def by_save(model, row, column, value):
    setattr(row, column, value)
    row.save()


CHANGES = [
    (Deadline, {"superseded_at": None, "due_at__isnull": False}, "due_at", KNOWN + 900 * HOUR),
    (Task, {}, "due_at", KNOWN + 900 * HOUR),
    (Membership, {"role": Role.AUDITOR}, "role", Role.ADMIN),
    (CaseMember, {}, "left_at", KNOWN + 2 * HOUR),
    (User, {}, "is_superuser", True),
]


@pytest.mark.parametrize("road", [by_update, by_bulk_update, by_raw_sql, by_save])
@pytest.mark.parametrize(
    ("model", "wanted", "column", "value"), CHANGES, ids=[change[0].__name__ for change in CHANGES]
)
def test_a_changed_row_is_found_whatever_the_road(road, model, wanted, column, value):
    busy_office()
    row = model.objects.filter(**wanted).order_by("pk").last()
    road(model, row, column, value)
    assert broken_places() != []


@pytest.mark.parametrize("model", [FactRevision, TimelineEntry])
@pytest.mark.parametrize("road", [by_update, by_bulk_update, by_raw_sql, by_save])
def test_a_row_that_is_only_ever_added_is_refused_whatever_the_road(road, model):
    busy_office()
    row = model.objects.order_by("pk").last()
    with pytest.raises(DatabaseError), transaction.atomic():
        road(model, row, "recorded_at", KNOWN - 900 * HOUR)
    assert broken_places() == []


def test_a_right_put_in_past_its_service_is_found(capsys):
    place = busy_office()
    Membership.objects.bulk_create(
        [Membership(user=UserFactory(), organization=place.case.organization, role=Role.ADMIN)]
    )
    member = Membership.objects.order_by("pk").last()
    assert untold_rows() == [f"accounts.membership:{member.pk}", f"accounts.user:{member.user_id}"]
    with pytest.raises(SystemExit):
        call_command("verify_history")
    assert f"이력이 모르는 기록: accounts.membership:{member.pk}" in capsys.readouterr().err


def test_a_right_taken_and_put_back_past_its_service_is_found():
    place = busy_office()
    member = Membership.objects.filter(role=Role.AUDITOR).order_by("pk").last()
    kept = {field.attname: getattr(member, field.attname) for field in Membership._meta.concrete_fields}
    take_role(membership_id=member.pk, actor=place.people["cpo"], now=KNOWN + 2 * HOUR, reason="퇴사")
    assert broken_places() == []
    Membership.objects.bulk_create([Membership(**kept)])
    assert broken_places() != []


def test_a_file_of_rows_loaded_past_the_services_is_found(tmp_path):
    busy_office()
    rows = tmp_path / "rows.json"
    row = TimelineEntry.objects.order_by("pk").last()
    call_command("dumpdata", "incidents.timelineentry", "--pks", str(row.pk), "-o", str(rows))
    changed = rows.read_text().replace(f'"pk": {row.pk},', '"pk": 99999,')
    rows.write_text(changed)
    call_command("loaddata", str(rows))
    assert untold_rows() == ["incidents.timelineentry:99999"]


def test_the_timers_tell_what_they_do():
    busy_office()
    timers.sweep(now=KNOWN + 900 * HOUR)
    assert Event.objects.filter(action="deadline.missed", actor=None).exists()
    assert untold_rows() == []
    assert broken_places() == []


def test_there_is_no_admin_site():
    assert "django.contrib.admin" not in settings.INSTALLED_APPS


def test_older_rows_are_taken_into_history_once_and_with_a_reason(capsys):
    UserFactory()
    with pytest.raises(CommandError):
        call_command("vouch_rows", reason=" ")
    call_command("vouch_rows", reason="0.2로 올림")
    call_command("vouch_rows", reason="0.2로 올림")
    assert Event.objects.filter(action="history.rows-vouched").count() == 1
    assert untold_rows() == []
    assert "이력이 모르는 기록이 없습니다." in capsys.readouterr().out


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL has no INSERT OR REPLACE")
def test_every_unique_key_of_a_guarded_table_stands_in_the_guard_against_replacing():
    """SQLite deletes for INSERT OR REPLACE without asking the trigger of deletions."""
    open_to_it = {}
    with connection.cursor() as cursor:
        for table in sorted(guarded_tables(connection)):
            cursor.execute("SELECT sql FROM sqlite_master WHERE name = %s", [f"{table}_no_replace"])
            (guard,) = cursor.fetchone() or ("",)
            keys = [
                one["columns"]
                for one in connection.introspection.get_constraints(cursor, table).values()
                if one["unique"] or one["primary_key"]
            ]
            missing = [key for key in keys if not all(f"{column} = NEW.{column}" in guard for column in key)]
            if missing:
                open_to_it[table] = missing
    assert open_to_it == {}
