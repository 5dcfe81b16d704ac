"""The CPO checks once a year: it is owed by a row, told before and after its day, judged, signed and kept."""

import io
from datetime import datetime, timedelta

import pytest
import time_machine
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from config.yearly import period_to_check
from config.yearly_figures import CHECKLIST, figures_of
from core.access.catalogue import Code
from core.access.models import AccessRow, YearlyCheck, YearlyDuty
from core.access.reviews import months_after
from core.access.yearly import look_after_yearly_checks, owed_checks, steps_passed
from core.accounts.models import Role
from core.audit.models import HOUSE, Event
from core.audit.verification import first_break
from incidents.services import record_custody, take_evidence
from notifications.models import OutgoingEmail
from notifications.services.sweeping import sweep
from tests.clock import KST
from tests.core.access.doors import set_to
from tests.core.accounts.factories import MembershipFactory, UserFactory
from tests.incidents.pages import office

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]
BEGIN = datetime(2026, 11, 21, 12, tzinfo=KST)


@pytest.fixture
def place():
    with time_machine.travel(BEGIN, tick=False):
        one = office()
        sweep(now=BEGIN)
    return one


def told(place, kind):
    return OutgoingEmail.objects.filter(template="yearly_check", to_user=place.people[kind]).count()


def door(place):
    return reverse("settings-yearly-check", args=[place.case.organization_id])


def answers(**changes):
    said = {f"result_{code}": "in_order" for code in CHECKLIST} | {"note": "모두 확인함"}
    return said | changes


def swept_daily(place, days):
    """The timers, looking once a day."""
    for day in range(days + 1):
        look_after_yearly_checks(now=BEGIN + timedelta(days=day))


def test_after_a_year_and_a_day_there_is_a_task_a_reminder_and_an_escalation(place):
    # Given the house begins to count; then nobody hears anything for eleven months
    swept_daily(place, 334)
    assert told(place, "cpo") == 0
    # Thirty and seven days before the end the CPO alone hears of it
    swept_daily(place, 365)
    assert (told(place, "cpo"), told(place, "approver"), told(place, "auditor")) == (2, 0, 0)
    # The day after the last day those above hear of it too, and once
    swept_daily(place, 366)
    swept_daily(place, 366)
    assert (told(place, "cpo"), told(place, "approver"), told(place, "auditor")) == (3, 1, 1)
    assert told(place, "handler") == told(place, "admin") == 0
    organization = place.case.organization_id
    actions = Event.objects.filter(action__startswith="yearly-check.", data__organization=organization)
    assert [one.action for one in actions] == ["yearly-check.reminded"] * 2 + ["yearly-check.overdue"]
    assert first_break(HOUSE) is None


def test_a_long_silence_of_the_timers_is_told_once(place):
    late = BEGIN + timedelta(days=420)
    look_after_yearly_checks(now=late)
    look_after_yearly_checks(now=late)
    assert told(place, "cpo") == told(place, "approver") == 1


def test_the_task_is_said_on_every_page_of_who_has_to_act(place):
    for days, kind, is_said in (
        (334, "cpo", False),
        (336, "cpo", True),
        (336, "auditor", False),
        (366, "auditor", True),
        (366, "handler", False),
    ):
        moment = BEGIN + timedelta(days=days)
        with time_machine.travel(moment, tick=False):
            sweep(now=moment)
            page = place.client(kind).get(reverse("settings")).content.decode()
        assert ("이행 실태" in page) is is_said, (days, kind)


def test_the_mail_names_the_day_and_no_person(place, mailoutbox):
    moment = BEGIN + timedelta(days=366)
    with time_machine.travel(moment, tick=False):
        sweep(now=moment)
    mail = next(one for one in mailoutbox if "이행 실태" in one.subject)
    assert "2027-11-21(일)" in mail.subject and door(place) in mail.body
    assert place.people["cpo"].name not in mail.body


def test_a_check_is_kept_with_the_figures_of_the_product_and_begins_the_next_year(place):
    moment = BEGIN + timedelta(days=360)
    swept_daily(place, 360)
    with time_machine.travel(moment, tick=False):
        client = place.client("cpo")
        client.get(place.case.get_absolute_url())
        rows = AccessRow.objects.filter(organization=place.case.organization).count()
        answer = client.post(door(place), answers())
    assert answer.status_code == 302
    check = YearlyCheck.objects.get()
    figures = {one["code"]: dict(one["figures"]) for one in check.lines}
    assert figures["log"]["접속기록"] == str(rows) and rows > 0
    assert figures["rights"]["지금 역할이 있는 사람"] == "6"
    assert (check.checker, check.verdict, check.checked_at) == (place.people["cpo"], "in_order", moment)
    assert check.document.pdf[:5] == b"%PDF-" and check.document.file_is_whole
    owed = owed_checks(place.people["cpo"])[0]
    assert owed.due_on == months_after(moment.date(), 12) and not owed.is_open(moment.date())
    assert first_break(HOUSE) is None
    # An email that waited is not sent any more
    with time_machine.travel(moment, tick=False):
        sweep(now=moment)
    assert not OutgoingEmail.objects.filter(template="yearly_check", sent_at__isnull=False).exists()


def test_a_line_that_is_not_in_order_wants_words(place):
    client = place.client("cpo")
    answer = client.post(door(place), answers(result_log="open"))
    assert answer.status_code == 422 and not YearlyCheck.objects.exists()
    client.post(door(place), answers(result_log="open", note_log="9월 점검을 다시 함"))
    assert YearlyCheck.objects.get().verdict == "open"


@pytest.mark.parametrize("kind", ["auditor", "admin", "approver"])
def test_others_may_look_and_not_sign(place, kind):
    client = place.client(kind)
    assert client.get(door(place)).context["form"] is None
    assert client.post(door(place), answers()).status_code == 403
    assert not YearlyCheck.objects.exists()


def test_signing_asks_again_who_it_is(place):
    client = Client()
    client.force_login(place.people["cpo"])
    with time_machine.travel(datetime.now(KST) + timedelta(minutes=11), tick=False):
        answer = client.post(door(place), answers())
    assert answer.status_code == 302 and "reauthenticate" in answer["Location"]
    assert not YearlyCheck.objects.exists()


def test_the_paper_is_opened_by_those_who_may_see_the_check(place):
    place.client("cpo").post(door(place), answers())
    check = YearlyCheck.objects.get()
    where = reverse("settings-yearly-paper", args=[place.case.organization_id, check.pk])
    assert place.client("auditor").get(where).content.startswith(b"%PDF-")
    assert place.client("handler").get(where).status_code == 403
    stranger = MembershipFactory(role=Role.CPO)
    client = Client()
    client.force_login(stranger.user)
    assert client.get(where).status_code == 404
    own = reverse("settings-yearly-paper", args=[stranger.organization_id, check.pk])
    assert client.get(own).status_code == 404


def test_the_database_refuses_to_change_a_check(place):
    place.client("cpo").post(door(place), answers())
    with pytest.raises(DatabaseError), transaction.atomic():
        YearlyCheck.objects.update(verdict="followed_up")


def test_the_administrators_hear_of_it_where_there_is_no_cpo():
    one = MembershipFactory(role=Role.ADMIN)
    look_after_yearly_checks(now=BEGIN)
    look_after_yearly_checks(now=BEGIN + timedelta(days=340))
    assert OutgoingEmail.objects.get(template="yearly_check").to_user == one.user


def test_a_shorter_cycle_moves_the_last_day(place):
    assert owed_checks(place.people["cpo"])[0].due_on == datetime(2027, 11, 21).date()
    set_to(Code.YEARLY_CHECK_MONTHS, 6)
    assert owed_checks(place.people["cpo"])[0].due_on == datetime(2027, 5, 21).date()
    assert YearlyDuty.objects.filter(organization=place.case.organization).count() == 1


@pytest.mark.parametrize(
    ("days", "steps"), [(-31, 0), (-30, 1), (-8, 1), (-7, 2), (0, 2), (1, 3), (14, 3), (15, 4), (29, 5)]
)
def test_the_steps_around_the_last_day(days, steps):
    due_on = BEGIN.date()
    assert steps_passed(due_on, due_on + timedelta(days=days)) == steps


def test_what_left_the_house_and_has_not_come_back_is_counted(place):
    item = take_evidence(
        case_id=place.case.pk,
        upload=io.BytesIO(b"x"),
        file_name="disk.img",
        title="디스크",
        actor=place.people["handler"],
        now=BEGIN,
    )
    period = period_to_check(place.case.organization, now=BEGIN)
    counted = []
    for kind in ("handed_over", "returned", "handed_over"):
        record_custody(
            evidence_id=item.pk,
            kind=kind,
            party="포렌식 업체",
            note="분석",
            actor=place.people["handler"],
            now=BEGIN,
        )
        counted.append(dict(figures_of(place.case.organization, period)["media"]).popitem()[1])
    assert counted == ["1", "0", "1"]


def test_the_figures_are_those_of_one_organisation(place):
    other = office()
    other.client("cpo").get(other.case.get_absolute_url())
    MembershipFactory(organization=place.case.organization, user=UserFactory(), role=Role.HANDLER)
    period = period_to_check(place.case.organization, now=BEGIN)
    figures = {code: dict(pairs) for code, pairs in figures_of(place.case.organization, period).items()}
    assert figures["log"]["접속기록"] == "0"
    assert figures["rights"]["지금 역할이 있는 사람"] == "7"
