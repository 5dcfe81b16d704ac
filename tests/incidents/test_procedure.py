"""What comes after the report: each recorded step starts its deadlines, and withdrawing it ends them."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import translation
from django.utils.html import strip_tags

import rules
from core.audit.models import Event
from core.audit.verification import first_break
from incidents import services
from incidents.clocks import limit_label
from incidents.models import Deadline, DeadlineKind, HolidayChange, ProcedureStep
from incidents.procedure import GROUPS, kind_groups, step_lines
from incidents.services import Obstacle
from notifications.models import Paper, PaperKind, Reminder
from notifications.paper_queries import paper_lines
from notifications.services.papers import start_paper
from tests.incidents.factories import opened_case
from tests.incidents.pages import office

NOW = datetime(2026, 7, 2, 1, 0, tzinfo=UTC)  # 2026-07-02(목) 10:00 KST
OBJECTION = "kr.followup.vra.s20.objection"
pytestmark = [pytest.mark.django_db, pytest.mark.any_database]


def at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 3, 0, tzinfo=UTC)


def a_case(now=NOW):
    return opened_case(now=now)


def step(case, kind="fine_disposition_received", on=date(2026, 7, 1), *, now=None, **more):
    return services.record_step(
        case_id=case.pk, kind=kind, happened_on=on, actor=case.lead, now=now or max(at(on), NOW), **more
    )


def clock(case, family=OBJECTION):
    return Deadline.objects.current().get(case=case, duty__family=family)


def followups(case):
    return Deadline.objects.current().filter(case=case, kind=DeadlineKind.FOLLOW_UP)


@pytest.mark.parametrize(
    ("kind", "on", "family", "last_day"),
    [
        ("fine_disposition_received", date(2026, 7, 1), OBJECTION, date(2026, 8, 31)),
        (
            "surcharge_notice_received",
            date(2026, 10, 9),
            "kr.followup.pipa.d60_3.payment",
            date(2026, 11, 9),
        ),
    ],
)
def test_a_step_starts_its_deadline_on_the_day_the_law_gives(kind, on, family, last_day):
    case = a_case()

    step(case, kind, on)

    deadline = clock(case, family)
    assert (deadline.last_day, deadline.kind) == (last_day, DeadlineKind.FOLLOW_UP)
    assert deadline.due_at == datetime.fromisoformat(f"{last_day + timedelta(days=1)}T00:00:00+09:00")


@pytest.mark.parametrize(
    ("on", "last_day"),
    [
        (date(2026, 6, 29), date(2026, 8, 28)),  # 60 days end on a Friday
        (date(2026, 6, 30), date(2026, 8, 31)),  # on a Saturday
        (date(2026, 7, 2), date(2026, 8, 31)),  # on the Monday itself
        (date(2026, 7, 3), date(2026, 9, 1)),
    ],
)
def test_the_end_moves_past_a_weekend_and_no_further(on, last_day):
    case = a_case()
    step(case, on=on)
    assert clock(case).last_day == last_day


def test_a_day_the_document_does_not_name_leaves_its_period_open_without_a_clock():
    case = a_case()
    step(case)
    assert [row.duty.family for row in followups(case)] == [OBJECTION]
    (line,) = step_lines(case, [], now=NOW)
    open_ones = [item for item in line.ours if not item.last_day]
    assert [item.terms["id"] for item in open_ones] == ["kr.followup.vra.s24.payment"]
    assert "납부기한" in open_ones[0].why


def test_of_limits_that_run_together_only_the_binding_one_has_a_clock():
    case = a_case()
    on = date(2026, 7, 1)
    step(case, "disposition_known", on, given={"disposition_on": date(2026, 2, 1)})

    (line,) = step_lines(case, [], now=NOW)

    appeals = {item.terms["id"]: item for item in line.ours if item.terms["id"].startswith("kr.followup.aaa")}
    known, disposition = appeals["kr.followup.aaa.s27.known"], appeals["kr.followup.aaa.s27.disposition"]
    assert (known.clock is None, disposition.clock is None) == (True, False)
    assert disposition.clock.deadline.last_day < date.fromisoformat(known.terms["last_day"])
    assert "먼저 끝남" in known.binding_word


def test_a_known_limit_has_its_clock_though_the_other_is_not_known_yet():
    case = a_case()
    step(case, "disposition_known")
    assert clock(case, "kr.followup.aaa.s27.known").last_day == date(2026, 9, 29)
    assert not followups(case).filter(duty__family="kr.followup.aaa.s27.disposition").exists()


def test_a_period_counted_back_may_be_kept_before_the_day_it_is_counted_from():
    case = a_case()
    on = date(2026, 10, 9)
    step(case, "surcharge_notice_received", on)
    deadline = clock(case, "kr.followup.gaa.d7.deferral_application")
    assert deadline.starts_at < deadline.due_at
    assert deadline.limit == ""

    services.fulfil_deadline(deadline_id=deadline.pk, at=at(on), actor=case.lead, now=at(on))

    deadline.refresh_from_db()
    assert deadline.met_at == at(on)


def test_periods_of_others_have_no_clock():
    case = a_case()
    step(case, "leak_report_received")
    assert not followups(case).exists()
    (line,) = step_lines(case, [], now=NOW)
    assert [item.who for item in line.others] == ["행정청"]


def test_each_instalment_has_a_clock_of_its_own():
    case = a_case()
    days = [date(2026, 10, 1), date(2027, 1, 4)]
    step(case, "surcharge_instalments_granted", given={"instalments": days, "article": "pipa_64_2"})
    ends = followups(case).values_list("last_day", flat=True).order_by("last_day")
    assert list(ends) == days


def test_a_withdrawn_step_ends_its_deadlines_with_the_reason_and_stays():
    case = a_case()
    row = step(case)
    deadline = clock(case)

    services.withdraw_step(step_id=row.pk, reason="다른 회사의 처분서", actor=case.lead, now=NOW)

    deadline.refresh_from_db()
    row.refresh_from_db()
    assert not followups(case).exists()
    assert (deadline.superseded_at, deadline.duty.superseded_reason) == (NOW, "다른 회사의 처분서")
    assert (row.withdrawn_by, row.withdrawn_reason) == (case.lead, "다른 회사의 처분서")
    assert Event.objects.get(action="deadline.ended", subject=f"incidents.deadline:{deadline.pk}").reason


def test_withdrawing_twice_changes_nothing_and_no_reason_is_refused():
    case = a_case()
    row = step(case)
    with pytest.raises(Obstacle) as obstacle:
        services.withdraw_step(step_id=row.pk, reason=" ", actor=case.lead, now=NOW)
    assert obstacle.value.field == "reason"
    services.withdraw_step(step_id=row.pk, reason="잘못 적음", actor=case.lead, now=NOW)
    count = Event.objects.count()
    services.withdraw_step(step_id=row.pk, reason="또", actor=case.lead, now=NOW)
    assert Event.objects.count() == count


def test_another_step_leaves_the_deadlines_there_are():
    case = a_case()
    step(case)
    before = clock(case).pk
    step(case, "mediation_proposal_received")
    assert clock(case).pk == before


def test_a_met_deadline_stays_met_when_a_holiday_moves_it():
    case = a_case()
    step(case)
    first = clock(case)
    services.fulfil_deadline(deadline_id=first.pk, at=NOW, actor=case.lead, now=NOW, note="제출함")
    HolidayChange.objects.create(
        day=date(2026, 8, 31),
        change="holiday",
        name="임시공휴일",
        source="관보",
        recorded_at=NOW,
        recorded_by=case.lead,
    )

    services.refresh_procedure(case_id=case.pk, actor=case.lead, now=NOW, reason="공휴일이 바뀜")

    moved = clock(case)
    assert (moved.last_day, moved.met_at, moved.met_note) == (date(2026, 9, 1), NOW, "제출함")
    first.refresh_from_db()
    assert first.superseded_by == moved
    (line,) = step_lines(case, HolidayChange.objects.as_facts(), now=NOW)
    assert [day.name for day in line.ours[0].passed_days] == ["일요일", "임시공휴일"]
    assert first_break(case.reference) is None


def test_asking_again_changes_nothing():
    case = a_case()
    step(case)
    count = Event.objects.count()
    services.refresh_procedure(case_id=case.pk, actor=case.lead, now=NOW)
    assert Event.objects.count() == count


def test_a_change_of_facts_leaves_the_procedure_alone():
    case = a_case()
    step(case)
    before = clock(case).pk
    services.recompute_duties(case_id=case.pk, actor=case.lead, now=NOW, reason="시험")
    assert clock(case).pk == before


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"kind": "rumour"}, "kind"),
        ({"happened_on": date(2026, 7, 3)}, "happened_on"),
        ({"happened_on": date(1900, 1, 1)}, "happened_on"),
        ({"document": "가" * 121}, "document"),
        ({"note": "가" * 301}, "note"),
        ({"given": {"pay_by": "2026-02-30"}}, "pay_by"),
        ({"given": {"pay_by": date(2099, 1, 1)}}, "pay_by"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(given, field):
    case = a_case()
    told = {"kind": "fine_disposition_received", "happened_on": date(2026, 7, 1), **given}
    with pytest.raises(Obstacle) as obstacle:
        services.record_step(case_id=case.pk, actor=case.lead, now=NOW, **told)
    assert obstacle.value.field == field
    assert not ProcedureStep.objects.exists()


def test_today_in_korea_is_not_still_to_come():
    case = a_case()
    evening = datetime(2026, 7, 2, 15, 0, tzinfo=UTC)  # 2026-07-03 00:00 KST
    step(case, on=date(2026, 7, 3), now=evening)
    with pytest.raises(Obstacle):
        step(case, on=date(2026, 7, 4), now=evening)


def test_the_same_event_is_recorded_once_unless_another_document_tells_it():
    case = a_case()
    step(case, document="제1호")
    with pytest.raises(Obstacle) as obstacle:
        step(case, document="제1호")
    assert obstacle.value.field == "happened_on"
    step(case, document="제2호")
    assert followups(case).count() == 2


def test_history_tells_of_a_step_without_its_words_and_is_whole():
    case = a_case()
    row = step(case, note="홍길동 사무관과 통화")
    services.withdraw_step(step_id=row.pk, reason="잘못 적음", actor=case.lead, now=NOW)
    event = Event.objects.get(action="procedure.recorded")
    assert "홍길동" not in str(event.data)
    assert first_break(case.reference) is None


@pytest.mark.parametrize(
    "changed", [{"happened_on": date(2026, 6, 30)}, {"note": "고친 말"}, {"withdrawn_at": NOW}]
)
def test_a_step_changed_behind_the_services_is_found(changed):
    case = a_case()
    row = step(case)
    ProcedureStep.objects.filter(pk=row.pk).update(**changed)
    assert first_break(case.reference) is not None


@pytest.mark.parametrize(("period", "words"), [("P6M", "6개월"), ("P1Y", "1년"), ("P60D", "60일")])
def test_periods_in_months_and_years_are_written_in_words(period, words):
    assert limit_label(period) == words


def test_reminders_are_planned_for_the_deadlines_of_the_procedure_and_withdrawn_with_them():
    case = a_case()
    row = step(case)
    deadline = clock(case)
    assert Reminder.objects.open().filter(deadline=deadline).exists()
    services.withdraw_step(step_id=row.pk, reason="잘못 적음", actor=case.lead, now=NOW)
    assert not Reminder.objects.open().filter(deadline=deadline).exists()


def test_no_paper_is_asked_for_a_deadline_of_the_procedure():
    case = a_case()
    step(case)
    duty = clock(case).duty
    lines = [*paper_lines(case, notices=True, now=NOW), *paper_lines(case, notices=False, now=NOW)]
    assert OBJECTION not in [line.family for line in lines]
    with pytest.raises(Obstacle):
        start_paper(
            case_id=case.pk,
            family=duty.family,
            subject_key=duty.subject_key,
            kind=PaperKind.STATUTORY_REPORT,
            actor=case.lead,
            now=NOW,
        )
    assert not Paper.objects.filter(family=OBJECTION).exists()


def test_every_kind_of_event_stands_in_one_group_and_can_be_asked():
    shown = [kind for _words, kinds in kind_groups() for kind, _label in kinds]
    assert sorted(shown) == sorted(rules.event_kinds())
    grouped = {kind for _words, kinds in GROUPS for kind in kinds}
    assert grouped == set(rules.event_kinds())


def page_of(client, name, *args):
    return strip_tags(client.get(reverse(f"incidents:{name}", args=args)).content.decode())


@time_machine.travel(NOW, tick=False)
def test_a_person_records_a_step_and_sees_its_clock_and_why_it_moved():
    place = office(now=NOW)
    client = place.client("handler")
    typed = {"happened_on": "2026-07-01", "document": "과태료-7", "pay_by": "2026-08-20"}
    address = reverse("incidents:record-step", args=[place.case.reference, "fine_disposition_received"])

    answer = client.post(address, typed, follow=True)

    page = strip_tags(answer.content.decode())
    assert "과태료 부과처분에 대한 이의제기" in page
    assert "2026-08-30(일)" in page
    assert "2026-08-31(월)까지" in page
    assert "과태료-7" in page
    assert clock(place.case, "kr.followup.vra.s24.payment").last_day == date(2026, 8, 20)
    wall = page_of(client, "case-clocks", place.case.reference)
    assert "과태료 부과처분에 대한 이의제기" in wall
    assert "절차 기록" in page_of(client, "case-history", place.case.reference)


@time_machine.travel(NOW, tick=False)
@pytest.mark.parametrize(
    ("kind", "typed", "message"),
    [
        ("fine_disposition_received", {"happened_on": "2026-07-03"}, "아직 오지 않은 날입니다"),
        ("fine_disposition_received", {"happened_on": "2026-02-30"}, "없는 날짜이거나"),
        ("fine_disposition_received", {"happened_on": "2026-07-01", "pay_by": "2150-01-01"}, "2040"),
        ("rumour", {"happened_on": "2026-07-01"}, "모르는 종류입니다"),
        (
            "surcharge_instalments_granted",
            {"happened_on": "2026-07-01", "article": "pipa_64_2", "instalments": "2026-10-01\n2026-13-01"},
            "2026-13-01",
        ),
    ],
)
def test_what_was_typed_stays_when_a_step_is_refused(kind, typed, message):
    place = office(now=NOW)
    address = reverse("incidents:record-step", args=[place.case.reference, kind])

    answer = place.client("handler").post(address, {**typed, "document": "공문 제77호"})

    page = answer.content.decode()
    assert answer.status_code == 422
    assert message in page
    assert "공문 제77호" in page
    assert typed["happened_on"] in page
    assert not ProcedureStep.objects.exists()


@time_machine.travel(NOW, tick=False)
def test_a_step_of_a_kind_nobody_knew_is_recorded_once_the_kind_is_chosen():
    place = office(now=NOW)
    address = reverse("incidents:record-step", args=[place.case.reference, "rumour"])
    typed = {"kind": "mediation_proposal_received", "happened_on": "2026-07-01"}
    assert place.client("handler").post(address, typed).status_code == 302
    assert ProcedureStep.objects.get().kind == "mediation_proposal_received"


@time_machine.travel(NOW, tick=False)
def test_every_kind_of_event_has_a_form_and_shows_what_it_starts():
    place = office(now=NOW)
    client = place.client("handler")
    for kind in rules.event_kinds():
        form = reverse("incidents:record-step", args=[place.case.reference, kind])
        assert client.get(form).status_code == 200
        step(place.case, kind)
    assert client.get(reverse("incidents:case-procedure", args=[place.case.reference])).status_code == 200
    for row in followups(place.case):
        assert (
            client.get(reverse("incidents:deadline", args=[place.case.reference, row.pk])).status_code == 200
        )


@time_machine.travel(NOW, tick=False)
def test_the_page_of_a_deadline_of_the_procedure_tells_its_step_its_days_and_what_happens_when_missed():
    place = office(now=NOW)
    step(place.case, document="과태료-7")
    page = page_of(place.client("handler"), "deadline", place.case.reference, clock(place.case).pk)
    for words in ("과태료-7", "2026-08-30(일)", "일요일", "중가산금", "질서위반행위규제법 제20조제1항"):
        assert words in page
    assert "신고서 열기" not in page


@time_machine.travel(NOW, tick=False)
def test_the_page_of_a_deadline_of_the_procedure_reads_in_english():
    place = office(now=NOW)
    step(place.case)
    client = place.client("handler")
    client.cookies["django_language"] = "en"
    with translation.override("ko"):  # so that the language of the request ends with this test
        page = page_of(client, "deadline", place.case.reference, clock(place.case).pk)
        procedure = page_of(client, "case-procedure", place.case.reference)
    for words in ("Objection to the fine", "The fine becomes final", "Notice of the fine disposition"):
        assert words in page
    assert "Objection to the fine" in procedure


@time_machine.travel(NOW, tick=False)
def test_a_withdrawn_step_and_its_reason_stay_on_the_page():
    place = office(now=NOW)
    row = step(place.case)
    client = place.client("handler")
    ended = clock(place.case)
    address = reverse("incidents:withdraw-step", args=[place.case.reference, row.pk])

    assert client.post(address, {"reason": ""}).status_code == 422
    page = strip_tags(client.post(address, {"reason": "다른 회사의 처분서"}, follow=True).content.decode())

    assert "다른 회사의 처분서" in page
    assert "다른 회사의 처분서" in page_of(client, "deadline", place.case.reference, ended.pk)
    assert client.get(address).status_code == 404


@time_machine.travel(NOW, tick=False)
def test_a_step_of_another_case_is_not_found_under_this_one():
    place, other = office(now=NOW), office(now=NOW)
    row = step(other.case)
    address = reverse("incidents:withdraw-step", args=[place.case.reference, row.pk])
    assert place.client("handler").get(address).status_code == 404


PAYMENT = "kr.followup.vra.s24.payment"


def corrected(row, **said):
    said = {"happened_on": row.happened_on, "given": row.given, "document": row.document} | said
    return services.correct_step(
        step_id=row.pk, actor=row.recorded_by, **{"now": NOW, "reason": "빠진 날짜"} | said
    )


def test_a_day_left_out_is_added_and_its_clock_starts():
    case = a_case()
    row = step(case)
    assert not followups(case).filter(duty__family=PAYMENT).exists()

    corrected(row, given={"pay_by": date(2026, 8, 14)})

    assert clock(case, PAYMENT).last_day == date(2026, 8, 14)
    assert clock(case).last_day == date(2026, 8, 31)
    assert first_break(case.reference) is None


def test_a_correction_takes_the_place_of_the_step_and_keeps_what_was_met():
    case = a_case()
    row = step(case)
    services.fulfil_deadline(deadline_id=clock(case).pk, actor=case.lead, now=NOW, at=NOW)

    again = corrected(row, happened_on=date(2026, 7, 2), reason="받은 날을 잘못 적음")

    assert again.key == row.key
    assert clock(case).last_day == date(2026, 8, 31)
    assert clock(case).met_at == NOW
    row.refresh_from_db()
    assert (row.withdrawn_reason, list(case.procedure.standing())) == ("받은 날을 잘못 적음", [again])
    third = corrected(again, happened_on=date(2026, 7, 1), now=NOW)
    assert third.first == row


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"reason": " "}, "reason"),
        ({"happened_on": date(2026, 7, 3)}, "happened_on"),
        ({"given": {"nonsense": True}}, "nonsense"),
    ],
)
def test_a_correction_that_cannot_be_changes_nothing(said, field):
    case = a_case()
    row = step(case)
    with pytest.raises(Obstacle) as obstacle:
        corrected(row, **{"given": {"pay_by": date(2026, 8, 14)}} | said)
    assert obstacle.value.field == field
    assert list(case.procedure.all()) == [row]
    assert clock(case).last_day == date(2026, 8, 31)


def test_the_same_again_is_no_correction_and_a_withdrawn_step_is_not_corrected():
    case = a_case()
    row = step(case)
    assert corrected(row) == row
    services.withdraw_step(step_id=row.pk, reason="다른 회사의 것", actor=case.lead, now=NOW)
    with pytest.raises(Obstacle, match="이미"):
        corrected(row, document="제3호")


@time_machine.travel(NOW, tick=False)
def test_the_page_corrects_a_step_and_keeps_what_was_typed_when_refused():
    place = office()
    row = step(place.case)
    address = reverse("incidents:correct-step", args=[place.case.reference, row.pk])
    typed = {"happened_on": "2026-07-01", "pay_by": "2026-08-14", "document": "제2026-7호"}
    refused = place.client("handler").post(address, typed)
    assert refused.status_code == 422
    assert "제2026-7호" in refused.content.decode()
    place.client("handler").post(address, typed | {"reason": "빠진 날짜"})
    assert clock(place.case, PAYMENT).last_day == date(2026, 8, 14)
    history = place.client("auditor").get(reverse("incidents:case-history", args=[place.case.reference]))
    assert "절차 기록 고침" in strip_tags(history.content.decode())
