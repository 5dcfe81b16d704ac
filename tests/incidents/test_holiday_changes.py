"""A day an administrator counts as a holiday moves every open case's counted ends, and is told in the house."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils.html import strip_tags

from core.audit.models import HOUSE, Event
from core.audit.verification import first_break
from incidents import queries, services
from incidents.models import Deadline, DeadlineKind, HolidayChange, Phase
from incidents.services import FactChange, Obstacle
from tests.incidents.factories import opened_case
from tests.incidents.pages import KINDS, office

NOW = datetime(2026, 7, 2, 1, 0, tzinfo=UTC)  # 2026-07-02(목) 10:00 KST
LAST = date(2026, 8, 31)  # 60 days after the day the decision came, moved past Sunday
DAY = timedelta(days=1)
pytestmark = pytest.mark.django_db


def case_with_objection(**case):
    opened = opened_case(now=NOW, **case)
    services.record_step(
        case_id=opened.pk,
        kind="fine_disposition_received",
        happened_on=date(2026, 7, 2),
        actor=opened.lead,
        now=NOW,
    )
    return opened


def followups(case):
    rows = Deadline.objects.current().filter(case=case, kind=DeadlineKind.FOLLOW_UP)
    return {row.duty.family: row for row in rows.select_related("duty")}


def change(actor, day=LAST, kind="holiday", now=NOW, **more):
    wanted = {"name": "임시공휴일", "source": "관보 제2026-101호", **more}
    return services.add_holiday_change(day=day, change=kind, actor=actor, now=now, **wanted)


def counted(case):
    """A follow-up of the case that ends on LAST."""
    return next(row for row in followups(case).values() if row.last_day == LAST)


def test_an_extra_holiday_moves_the_last_day_and_ending_it_moves_it_back():
    case = case_with_objection()
    before = counted(case)
    family, digest = before.duty.family, before.duty.terms["calendar_digest"]

    row = change(case.lead)
    moved = followups(case)[family]
    services.end_holiday_change(change_id=row.pk, reason="공고가 취소됨", actor=case.lead, now=NOW + DAY)
    back = followups(case)[family]

    assert (moved.last_day, moved.due_at) == (LAST + DAY, before.due_at + DAY)
    assert back.last_day == LAST
    assert moved.duty.terms["calendar_digest"] != digest == back.duty.terms["calendar_digest"]
    before.refresh_from_db()
    assert before.duty.terms["calendar_digest"] == digest
    assert before.superseded_by == moved


def test_hours_never_move_with_the_calendar():
    case = opened_case(now=NOW)
    before = {row.pk: row.due_at for row in case.deadlines.current()}
    assert any(before.values())

    for passed in range(1, 5):
        day = (NOW + passed * DAY).date()
        if day.weekday() < 5:
            change(case.lead, day)

    assert {row.pk: row.due_at for row in case.deadlines.current()} == before


def test_a_day_that_is_no_holiday_any_more_moves_the_end_forward():
    """2026-08-17 stands in for 광복절, a Saturday; without it a period may end on that Monday."""
    case = opened_case(now=NOW)
    services.record_step(
        case_id=case.pk,
        kind="fine_disposition_received",
        happened_on=date(2026, 6, 18),
        actor=case.lead,
        now=NOW,
    )
    ends = {key: row.last_day for key, row in followups(case).items()}
    assert date(2026, 8, 18) in ends.values()

    change(case.lead, date(2026, 8, 17), "no_holiday", name="대체공휴일 없음")

    assert date(2026, 8, 18) not in {row.last_day for row in followups(case).values()}
    assert date(2026, 8, 17) in {row.last_day for row in followups(case).values()}


def test_a_closed_case_keeps_its_ends_and_their_terms():
    case = case_with_objection()
    held = counted(case)
    terms = held.duty.terms
    type(case).objects.filter(pk=case.pk).update(phase=Phase.CLOSED, closed_at=NOW)

    change(case.lead)

    held.refresh_from_db()
    assert (held.superseded_at, held.last_day, held.duty.terms) == (None, LAST, terms)


def test_the_house_tells_of_both_and_its_history_holds():
    case = case_with_objection()
    row = change(case.lead)
    services.end_holiday_change(change_id=row.pk, reason="공고가 취소됨", actor=case.lead, now=NOW + DAY)
    services.end_holiday_change(change_id=row.pk, reason="또", actor=case.lead, now=NOW + 2 * DAY)

    events = Event.objects.of_chain(HOUSE).filter(action__startswith="holiday.")
    assert [event.action for event in events] == ["holiday.changed", "holiday.ended"]
    assert (events[0].data["day"], events[0].data["change"]) == ("2026-08-31", "holiday")
    assert "관보" not in str(events[0].data)
    assert events[1].reason == "공고가 취소됨"
    assert (first_break(HOUSE), first_break(case.reference)) == (None, None)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"day": date(2029, 1, 1)}, "day"),
        ({"day": date(2010, 12, 31)}, "day"),
        ({"day": date(2026, 8, 30)}, "day"),  # a Sunday is a rest day anyway
        ({"day": date(2026, 9, 1), "kind": "no_holiday"}, "day"),  # an ordinary Tuesday
        ({"day": date(2026, 9, 1), "kind": "moved"}, "change"),
        ({"day": date(2026, 9, 1), "name": " "}, "name"),
        ({"day": date(2026, 9, 1), "name": "가" * 61}, "name"),
        ({"day": date(2026, 9, 1), "source": ""}, "source"),
        ({"day": date(2026, 9, 1), "source": "가" * 301}, "source"),
    ],
)
def test_a_change_that_cannot_be_is_refused_at_its_field(given, field):
    case = opened_case(now=NOW)
    with pytest.raises(Obstacle) as refused:
        change(case.lead, **given)
    assert refused.value.field == field
    assert not HolidayChange.objects.exists()


def test_one_day_is_changed_once_until_the_change_is_ended():
    case = opened_case(now=NOW)
    row = change(case.lead)
    with pytest.raises(Obstacle, match="이미 바로잡은 날"):
        change(case.lead)
    services.end_holiday_change(change_id=row.pk, reason="틀림", actor=case.lead, now=NOW)
    assert change(case.lead).pk != row.pk


def test_the_preview_says_what_saving_then_does_and_writes_nothing():
    case = case_with_objection()
    row = HolidayChange(day=LAST, change="holiday", name="임시공휴일")
    events = Event.objects.count()

    [moved] = queries.moved_cases(now=NOW, calendar=queries.calendar_with(row))

    assert moved.case == case
    assert Event.objects.count() == events
    assert {line.title for line in moved.rows} == {
        row.title for row in followups(case).values() if row.last_day == LAST
    }
    assert all("늦춰짐" in line.delta for line in moved.rows)
    change(case.lead)
    assert queries.moved_cases(now=NOW) == []


def test_a_duty_counted_in_working_days_moves_too():
    """The guidance of 2020 read 지체 없이 as five working days; the target of a leak of 2022 moves by one."""
    at = datetime(2022, 6, 7, 1, 0, tzinfo=UTC)
    known = FactChange("leak_known_at", at)
    case = opened_case(now=at, facts=[known, FactChange("person_count", 2000)])
    guided = {
        row.duty.family: row.duty.terms["guidance_last_day"]
        for row in case.deadlines.current().filter(kind=DeadlineKind.DUTY)
        if row.duty.terms.get("guidance_last_day")
    }
    assert guided

    change(case.lead, date(2022, 6, 9), now=at)

    rows = case.deadlines.current().filter(duty__family__in=guided)
    assert all(row.duty.terms["guidance_last_day"] > guided[row.duty.family] for row in rows)


@pytest.mark.parametrize("kind", KINDS)
def test_only_administrators_reach_the_holidays(kind):
    place = office()
    admin = place.people["admin"]
    row = change(admin, date(2026, 12, 31))
    pages = [reverse("settings-holidays"), reverse("settings-add-holiday")]
    pages.append(reverse("settings-end-holiday", args=[row.pk]))
    wanted = {"anonymous": 302, "admin": 200}.get(kind, 403)

    assert {place.client(kind).get(page).status_code for page in pages} == {wanted}
    place.client(kind).post(reverse("settings-end-holiday", args=[row.pk]), {"reason": "틀림"})

    row.refresh_from_db()
    assert bool(row.ended_at) is (kind == "admin")


def test_the_form_shows_the_result_before_it_saves():
    with time_machine.travel(NOW, tick=False):
        place = office(now=NOW)
        services.record_step(
            case_id=place.case.pk,
            kind="fine_disposition_received",
            happened_on=date(2026, 7, 2),
            actor=place.case.lead,
            now=NOW,
        )
        client, page = place.client("admin"), reverse("settings-add-holiday")
        typed = {"day": "2026-08-31", "change": "holiday", "name": "임시공휴일", "source": "관보"}

        preview = client.post(page, typed)
        assert "볼 권한이 없는 사건 1건" in strip_tags(preview.content.decode())
        assert place.case.reference not in preview.content.decode()
        assert not HolidayChange.objects.exists()
        back = client.post(page, {**typed, "step": "edit"})
        assert 'value="관보"' in back.content.decode()
        saved = client.post(page, {**typed, "step": "apply"})

        assert saved.status_code == 302
        assert "임시공휴일" in client.get(reverse("settings-holidays")).content.decode()
        refused = client.post(page, {**typed, "step": "apply"})
        assert refused.status_code == 422
        assert "이미 바로잡은 날" in refused.content.decode()
