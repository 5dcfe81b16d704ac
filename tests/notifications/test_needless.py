"""A closed case has a day; when it comes, those who decide are told, and again on the fifth day while nobody asks."""

import io
from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.core import mail
from django.db import DatabaseError, transaction
from django.urls import reverse

from core.access.catalogue import Code
from core.accounts.models import Membership, Role
from core.audit.models import Event
from core.audit.verification import first_break
from incidents import services
from incidents.models import Destruction, NeedlessNotice
from incidents.queries.retention import kept_cases, retention_of
from incidents.services.destruction import answer_destruction, ask_destruction
from incidents.services.needless import tell_needless_cases
from notifications.models import OutgoingEmail, Withdrawal
from notifications.services.sweeping import sweep
from tests.clock import KST
from tests.core.access.doors import set_to
from tests.notifications.paper_cases import KNOWN, scene

pytestmark = pytest.mark.django_db
CLOSED = datetime(2026, 11, 30, 23, 30, tzinfo=KST)
ENDS_ON = date(2031, 11, 30)
DAY = timedelta(days=1)


def noon(day):
    return datetime(day.year, day.month, day.day, 12, tzinfo=KST)


@pytest.fixture
def one():
    with time_machine.travel(CLOSED, tick=False):
        made = scene()
        cpo = {"actor": made.people[Role.CPO], "now": CLOSED}
        services.take_evidence(
            case_id=made.case.pk,
            upload=io.BytesIO(b"log"),
            file_name="a.log",
            title="로그",
            actor=made.handler,
            now=KNOWN,
        )
        for deadline in made.case.deadlines.running():
            services.dismiss_deadline(deadline_id=deadline.pk, reason="끝남", **cpo)
        services.close_case(case_id=made.case.pk, reason="끝남", **cpo)
        made.case.refresh_from_db()
    return made


def told(now):
    with time_machine.travel(now, tick=False):
        return tell_needless_cases(now=now)


def asked(one, now):
    return ask_destruction(
        case_id=one.case.pk,
        ground="retention",
        reason="보관 기간",
        needless_on=ENDS_ON,
        actor=one.people[Role.CPO],
        now=now,
    )


def to_whom():
    return {one.to_user.pk for one in OutgoingEmail.objects.filter(template="case_needless")}


def test_the_day_follows_from_the_closing_in_seoul_and_from_the_setting(one):
    kept = retention_of(one.case)
    assert (kept.ends_on, kept.needless_on, kept.last_day) == (ENDS_ON, ENDS_ON, date(2031, 12, 5))
    set_to(Code.CASE_FILE_MONTHS, 3)  # a shorter month
    assert retention_of(one.case).needless_on == date(2027, 2, 28)
    with time_machine.travel(CLOSED, tick=False):
        services.reopen_case(case_id=one.case.pk, reason="다시", actor=one.people[Role.CPO], now=CLOSED)
    one.case.refresh_from_db()
    assert retention_of(one.case) is None


def test_nobody_is_told_before_the_day_is_over_and_each_once_after(one):
    assert told(noon(ENDS_ON)) == 0 and to_whom() == set()
    assert told(noon(ENDS_ON + DAY)) == 1
    assert to_whom() == {one.people[Role.CPO].pk, one.approver.pk}
    assert told(noon(ENDS_ON + DAY)) == 0 and told(noon(ENDS_ON + 4 * DAY)) == 0
    event = Event.objects.get(action="destruction.due-told")
    assert event.data["last_day"] == "2031-12-05" and first_break(one.case.reference) is None
    assert Destruction.objects.count() == 0  # nothing is destroyed by the day alone


def test_on_the_fifth_day_they_are_told_again_while_nobody_asked(one):
    told(noon(ENDS_ON + DAY))
    assert told(noon(ENDS_ON + 5 * DAY)) == 1 and told(noon(ENDS_ON + 9 * DAY)) == 0
    assert list(NeedlessNotice.objects.values_list("step", flat=True)) == ["due", "last_day"]


def test_on_the_fifth_day_nobody_is_told_of_what_was_asked_for(one):
    told(noon(ENDS_ON + DAY))
    with time_machine.travel(noon(ENDS_ON + 2 * DAY), tick=False):
        row = asked(one, noon(ENDS_ON + 2 * DAY))
    assert told(noon(ENDS_ON + 5 * DAY)) == 0
    # Refused, it is owed as before
    with time_machine.travel(noon(ENDS_ON + 5 * DAY), tick=False):
        answer_destruction(
            destruction_id=row.pk,
            is_approved=False,
            note="더 봄",
            actor=one.approver,
            now=noon(ENDS_ON + 5 * DAY),
        )
    assert told(noon(ENDS_ON + 5 * DAY)) == 1


def test_a_house_whose_timers_stood_still_is_told_of_the_last_day_alone(one):
    assert told(noon(ENDS_ON + 40 * DAY)) == 1
    assert NeedlessNotice.objects.get().step == "last_day"


def test_evidence_that_has_to_be_kept_postpones_and_is_said(one):
    until = ENDS_ON + 90 * DAY
    services.keep_evidence_until(
        evidence_id=one.case.evidence.get().pk,
        until=until,
        reason="소송",
        actor=one.people[Role.CPO],
        now=CLOSED,
    )
    kept = retention_of(one.case)
    assert (kept.needless_on, kept.postponed_by, kept.ends_on) == (until, "E-01", ENDS_ON)
    assert told(noon(ENDS_ON + DAY)) == 0 and told(noon(until)) == 0 and told(noon(until + DAY)) == 1


def test_a_hold_stops_the_day_until_it_is_released(one):
    hold = {"evidence_id": one.case.evidence.get().pk, "reason": "소송", "actor": one.people[Role.CPO]}
    services.hold_evidence(is_held=True, now=CLOSED, **hold)
    assert retention_of(one.case).held == ("E-01",)
    assert told(noon(ENDS_ON + 30 * DAY)) == 0
    released = noon(ENDS_ON + 30 * DAY)
    with time_machine.travel(released, tick=False):
        services.hold_evidence(is_held=False, now=released, **hold)
    assert retention_of(one.case).needless_on == released.date()
    assert told(released) == 0 and told(released + DAY) == 1


def test_where_nobody_decides_it_waits_for_somebody_who_does(one):
    Membership.objects.filter(role__in=(Role.CPO, Role.APPROVER)).update(ends_on=CLOSED.date())
    assert told(noon(ENDS_ON + DAY)) == 0 and not NeedlessNotice.objects.exists()
    Membership.objects.update(ends_on=None)
    assert told(noon(ENDS_ON + 2 * DAY)) == 1


def test_the_sweep_sends_it_without_the_title_of_the_case(one):
    now = noon(ENDS_ON + DAY)
    with time_machine.travel(now, tick=False):
        sweep(now=now)
    (letter,) = [said for said in mail.outbox if "보관 기간" in said.subject][:1]
    assert one.case.reference in letter.subject and "2031-12-05" in letter.body
    assert one.case.title not in letter.body
    assert reverse("incidents:case-destruction", args=[one.case.reference]) in letter.body


def test_a_letter_that_waits_is_withdrawn_once_somebody_asked(one):
    now = noon(ENDS_ON + DAY)
    told(now)
    with time_machine.travel(now, tick=False):
        asked(one, now)
        sweep(now=now)
    reasons = OutgoingEmail.objects.filter(template="case_needless").values_list(
        "withdrawn_reason", flat=True
    )
    assert set(reasons) == {Withdrawal.ENDED}
    assert not [said for said in mail.outbox if "보관 기간" in said.subject or "파기해야" in said.subject]


def test_the_form_begins_with_the_day_and_the_pages_say_it(one, client):
    now = noon(ENDS_ON + 6 * DAY)
    with time_machine.travel(now, tick=False):
        client.force_login(one.people[Role.CPO])
        form = client.get(reverse("incidents:case-destruction", args=[one.case.reference])).context["form"]
        assert form.initial == {"needless_on": ENDS_ON, "ground": "retention"}
        overview = client.get(one.case.get_absolute_url()).content.decode()
        listed = client.get(reverse("incidents:kept-list")).content.decode()
    assert "2031-11-30(일)" in overview and "2031-12-05(금)" in overview
    assert "파기할 날이 지남" in listed and one.case.reference in listed and "60개월" in listed


def test_before_the_day_the_form_gives_no_day(one, client):
    with time_machine.travel(CLOSED, tick=False):
        client.force_login(one.people[Role.CPO])
        form = client.get(reverse("incidents:case-destruction", args=[one.case.reference])).context["form"]
    assert form.initial == {}


def test_the_list_has_what_the_person_may_see_and_puts_holds_last(one):
    with time_machine.travel(CLOSED, tick=False):
        assert [line.case for line in kept_cases(one.people[Role.CPO], today=ENDS_ON)] == [one.case]
        assert kept_cases(scene().people[Role.CPO], today=ENDS_ON) == []
        (line,) = kept_cases(one.handler, today=ENDS_ON + DAY)
    assert line.is_over and not line.is_late and not line.may_decide


def test_the_database_refuses_to_change_that_somebody_was_told(one):
    told(noon(ENDS_ON + DAY))
    with pytest.raises(DatabaseError), transaction.atomic():
        NeedlessNotice.objects.update(step="last_day")
    with pytest.raises(DatabaseError), transaction.atomic():
        NeedlessNotice.objects.all().delete()
