"""Each column that services overwrite, as it was at an instant before the last change of it."""

import io
from datetime import timedelta

import pytest

from core.accounts.models import Membership, Role
from core.accounts.services import give_role, take_role
from core.audit.models import Event
from core.audit.services import erase_words
from incidents import services
from incidents.as_of import (
    access_at,
    case_as_of,
    differences,
    instants_around,
    people_to_ask_about,
    steps_of,
)
from incidents.as_of.instants import MOST_STEPS
from incidents.clocks import State
from incidents.models import Basis, Case, Phase
from incidents.queries import HistoryFilter, evidence_line, history_events, history_pages, stated_groups
from incidents.services import FactChange
from tests.core.accounts.factories import MembershipFactory
from tests.incidents.factories import KNOWN
from tests.incidents.pages import office

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
MOMENT = timedelta(microseconds=1)
NOTICE = "kr.pipa.s34.subject_notice"


def at(place, moment):
    """The case as it was, asked of the row as it is now."""
    past = case_as_of(Case.objects.get(pk=place.case.pk), moment)
    assert past is not None
    return past


def notice(past):
    """The clock of the notice to people that stood then."""
    [row] = [
        row for row in past.deadlines if row.duty and row.duty.family == NOTICE and row.superseded_at is None
    ]
    return row


def corrected(place, *, hours, now):
    services.record_facts(
        case_id=place.case.pk,
        changes=[FactChange("leak_known_at", KNOWN - hours * HOUR, "confirmed", "일지")],
        actor=place.people["cpo"],
        now=now,
        reason="당직 일지 확인",
    )


def met(place, *, when=KNOWN + HOUR, recorded=KNOWN + 2 * HOUR, note="전화로 신고"):
    row = place.case.deadlines.current().get(duty__family=NOTICE)
    return services.fulfil_deadline(
        deadline_id=row.pk, at=when, note=note, actor=place.people["cpo"], now=recorded
    )


def reopened(place, row, *, now):
    services.reopen_deadline(deadline_id=row.pk, actor=place.people["cpo"], now=now, reason="잘못 적음")


def test_before_it_was_opened_there_is_no_case():
    assert case_as_of(office().case, KNOWN - MOMENT) is None


def test_what_was_recorded_at_the_instant_itself_counts():
    place = office()
    corrected(place, hours=3, now=KNOWN + HOUR)

    def known(moment):
        return next(row for row in at(place, moment).facts if row.name == "leak_known_at").number

    assert (known(KNOWN + HOUR - MOMENT), known(KNOWN + HOUR)) == (1, 2)


def test_the_phase_and_the_closing_are_those_of_then():
    place = office()
    by = {"actor": place.people["cpo"]}
    services.advance_phase(case_id=place.case.pk, phase=Phase.SANCTION, now=KNOWN + HOUR, **by)
    for row in place.case.deadlines.running():
        services.dismiss_deadline(deadline_id=row.pk, reason="훈련", now=KNOWN + HOUR, **by)
    services.close_case(case_id=place.case.pk, reason="훈련", now=KNOWN + 2 * HOUR, **by)
    services.reopen_case(case_id=place.case.pk, reason="새 사실", now=KNOWN + 3 * HOUR, **by)

    told = [
        (past.case.phase, past.case.closed_at) for past in (at(place, KNOWN + n * HOUR) for n in range(4))
    ]

    assert told == [
        (Phase.DETECTION, None),
        (Phase.SANCTION, None),
        (Phase.CLOSED, KNOWN + 2 * HOUR),
        (Phase.INVESTIGATION, None),
    ]


def test_the_title_the_kinds_and_the_lead_are_those_of_then():
    place = office(title="첫 이름")
    for hours, title, lead in ((1, "둘째 이름", "cpo"), (2, "", "handler")):
        services.describe_case(
            case_id=place.case.pk,
            title=title,
            kinds={"is_personal_data": hours == 1},
            lead_id=place.people[lead].pk,
            actor=place.people["cpo"],
            now=KNOWN + hours * HOUR,
        )

    pasts = [at(place, KNOWN + hours * HOUR) for hours in range(3)]

    assert [past.case.title for past in pasts] == ["첫 이름", "둘째 이름", ""]
    assert [past.case.is_personal_data for past in pasts] == [False, True, False]
    assert [past.case.lead for past in pasts] == [place.people[who] for who in ("handler", "cpo", "handler")]
    assert all(past.is_title_known for past in pasts)


def test_an_erased_title_is_said_to_be_unknown_and_the_one_that_stands_is_not():
    place = office(title="첫 이름")
    services.describe_case(
        case_id=place.case.pk, title="둘째 이름", kinds={}, actor=place.people["cpo"], now=KNOWN + HOUR
    )
    for event in Event.objects.filter(
        chain=place.case.reference, words__isnull=False, action__startswith="case."
    ):
        erase_words(event_id=event.pk, actor=place.people["cpo"], at=KNOWN + 2 * HOUR, reason="삭제 요구")

    first, second = at(place, KNOWN), at(place, KNOWN + HOUR)

    assert (first.case.title, first.is_title_known) == ("", False)
    assert (second.case.title, second.is_title_known) == ("둘째 이름", True)


def test_the_title_stands_in_the_row_alone_and_never_in_the_data_of_an_event():
    office(title="홍길동 고객 건")

    assert not [event for event in Event.objects.all() if "홍길동" in str(event.data)]


def test_a_met_clock_ran_until_its_meeting_was_recorded():
    place = office()
    met(place, when=KNOWN + HOUR, recorded=KNOWN + 2 * HOUR)

    before, after = at(place, KNOWN + 2 * HOUR - MOMENT), at(place, KNOWN + 2 * HOUR)

    assert notice(before).met_at is None and notice(before).met_by is None
    assert (notice(after).met_at, notice(after).met_by) == (KNOWN + HOUR, place.people["cpo"])
    assert notice(after).met_note == "전화로 신고"


def test_a_meeting_taken_back_stands_again_with_its_words():
    place = office()
    row = services.fulfil_deadline(
        deadline_id=place.case.deadlines.current().get(duty__family=NOTICE).pk,
        at=KNOWN + 80 * HOUR,
        note="팩스로 신고",
        lateness_reason="담당자 부재",
        actor=place.people["cpo"],
        now=KNOWN + 80 * HOUR,
    )
    reopened(place, row, now=KNOWN + 81 * HOUR)

    then, now = notice(at(place, KNOWN + 80 * HOUR)), notice(at(place, KNOWN + 81 * HOUR))

    assert (then.met_at, then.lateness_reason, then.met_note) == (
        KNOWN + 80 * HOUR,
        "담당자 부재",
        "팩스로 신고",
    )
    assert (now.met_at, now.lateness_reason, now.met_note) == (None, "", "")


def test_the_erased_words_of_a_meeting_taken_back_are_said_to_be_erased():
    place = office()
    row = met(place)
    reopened(place, row, now=KNOWN + 3 * HOUR)
    event = Event.objects.get(action="deadline.met", chain=place.case.reference)
    erase_words(event_id=event.pk, actor=place.people["cpo"], at=KNOWN + 4 * HOUR, reason="삭제 요구")

    then = notice(at(place, KNOWN + 2 * HOUR))

    assert (then.lateness_reason, then.met_note) == ("적었던 말을 지웠습니다.", "")


def test_a_clock_that_took_the_place_of_a_met_one_was_met_from_the_beginning():
    place = office()
    met(place)
    corrected(place, hours=3, now=KNOWN + 3 * HOUR)
    new = place.case.deadlines.current().get(duty__family=NOTICE)
    reopened(place, new, now=KNOWN + 4 * HOUR)

    moved, opened = notice(at(place, KNOWN + 3 * HOUR)), notice(at(place, KNOWN + 4 * HOUR))

    assert (moved.pk, moved.met_at, moved.met_note) == (new.pk, KNOWN + HOUR, "전화로 신고")
    assert opened.met_at is None


def test_a_dismissal_taken_back_stands_again_with_who_and_why():
    place = office()
    row = notice(at(place, KNOWN))
    services.dismiss_deadline(
        deadline_id=row.pk, actor=place.people["cpo"], now=KNOWN + HOUR, reason="대상이 아님"
    )
    reopened(place, row, now=KNOWN + 2 * HOUR)

    then, now = notice(at(place, KNOWN + HOUR)), notice(at(place, KNOWN + 2 * HOUR))

    assert (then.dismissed_at, then.dismissed_by) == (KNOWN + HOUR, place.people["cpo"])
    assert then.dismissed_reason == "대상이 아님"
    assert (now.dismissed_at, now.dismissed_by, now.dismissed_reason) == (None, None, "")


def test_a_clock_had_the_owner_of_then():
    place = office()
    row = notice(at(place, KNOWN))
    for hours, who in ((1, "handler"), (2, "cpo")):
        services.acknowledge_deadline(deadline_id=row.pk, actor=place.people[who], now=KNOWN + hours * HOUR)

    owners = [
        (notice(at(place, KNOWN + n * HOUR)).owner, notice(at(place, KNOWN + n * HOUR)).acknowledged_at)
        for n in range(3)
    ]

    assert owners == [
        (None, None),
        (place.people["handler"], KNOWN + HOUR),
        (place.people["cpo"], KNOWN + 2 * HOUR),
    ]


def test_a_replaced_clock_still_ran_before_and_reads_as_it_did():
    place = office()
    corrected(place, hours=3, now=KNOWN + HOUR)

    past = at(place, KNOWN + HOUR - MOMENT)

    [clock] = [clock for clock in past.clocks if clock.deadline.pk == notice(past).pk]
    assert (notice(past).superseded_by, notice(past).duty.superseded_reason) == (None, "")
    assert clock.state is State.RUNNING
    assert clock.time_label == "71시간 00분 남음"


def test_a_clock_was_noted_as_missed_only_after_the_sweep():
    place = office()
    swept = KNOWN + 73 * HOUR
    services.note_missed_deadlines(now=swept)

    assert notice(at(place, swept - MOMENT)).missed_at is None
    assert notice(at(place, swept)).missed_at == swept


def test_a_task_skipped_and_then_done_was_skipped_in_between():
    place = office()
    task, by = place.case.tasks.first(), {"actor": place.people["cpo"]}
    services.take_task(task_id=task.pk, now=KNOWN + HOUR, **by)
    services.skip_task(task_id=task.pk, now=KNOWN + 2 * HOUR, reason="필요 없음", **by)
    services.finish_task(task_id=task.pk, now=KNOWN + 3 * HOUR, **by)

    rows = [next(row for row in at(place, KNOWN + n * HOUR).tasks if row.pk == task.pk) for n in range(4)]

    assert [row.owner for row in rows] == [None, *[place.people["cpo"]] * 3]
    assert [(row.skipped_at, row.skipped_reason) for row in rows] == [
        (None, ""),
        (None, ""),
        (KNOWN + 2 * HOUR, "필요 없음"),
        (None, ""),
    ]
    assert [row.done_at for row in rows] == [None, None, None, KNOWN + 3 * HOUR]


def test_a_task_somebody_added_later_was_not_there():
    place = office()
    added = services.add_task(
        case_id=place.case.pk, title="전화", actor=place.people["cpo"], now=KNOWN + HOUR
    )

    before, after = at(place, KNOWN), at(place, KNOWN + HOUR)

    assert added not in before.tasks and added in after.tasks
    assert len(before.tasks) == len(after.tasks) - 1 > 0


def test_a_member_who_left_took_part_until_then():
    place = office()
    counsel = place.people["counsel"]
    services.leave_case(
        case_id=place.case.pk,
        user_id=counsel.pk,
        actor=place.people["cpo"],
        now=KNOWN + HOUR,
        reason="부서 이동",
    )

    here = [counsel in {member.user for member in at(place, KNOWN + n * HOUR).present} for n in range(2)]

    assert here == [True, False]


def test_what_was_withdrawn_or_replaced_later_stood_then():
    place = office()
    by = {"actor": place.people["cpo"]}
    claim = services.claim_awareness(
        case_id=place.case.pk,
        anchor="leak_known_at",
        at=KNOWN - HOUR,
        basis=Basis.ALERT,
        source="경보",
        now=KNOWN + HOUR,
        **by,
    )
    step = services.record_step(
        case_id=place.case.pk,
        kind="fine_disposition_received",
        happened_on=KNOWN.date(),
        now=KNOWN + HOUR,
        **by,
    )
    services.withdraw_awareness_claim(claim_id=claim.pk, reason="오기", now=KNOWN + 2 * HOUR, **by)
    services.withdraw_step(step_id=step.pk, reason="다른 사건", now=KNOWN + 2 * HOUR, **by)

    before, then, now = (at(place, KNOWN + n * HOUR) for n in range(3))

    assert (before.claims, before.steps) == ([], [])
    assert [
        (row.withdrawn_at, row.withdrawn_by, row.withdrawn_reason) for row in (*then.claims, *then.steps)
    ] == [(None, None, "")] * 2
    assert [row.withdrawn_reason for row in (*now.claims, *now.steps)] == ["오기", "다른 사건"]


def test_the_facts_are_grouped_as_on_their_page():
    place = office()

    groups = stated_groups(place.case, at(place, KNOWN).facts)

    assert [[line.name for line in group.lines] for group in groups] == [
        ["intrusion_known_at", "leak_known_at"]
    ]


def test_an_overseer_sees_a_case_without_taking_part_and_others_need_both_a_role_and_a_seat():
    place = office()
    people = place.people

    def seen(kind, moment=KNOWN):
        return access_at(place.case, people[kind], moment).can_see

    assert [
        kind
        for kind in ("handler", "cpo", "approver", "counsel", "auditor", "admin", "outsider")
        if seen(kind)
    ] == [
        "handler",
        "cpo",
        "approver",
        "counsel",
        "auditor",
    ]
    assert not seen("handler", KNOWN - MOMENT)


def test_a_role_counts_for_the_time_it_was_held_however_often_it_came_and_went():
    place = office()
    admin, by = place.people["admin"], {"actor": place.people["cpo"]}
    organization = place.case.organization
    for hours in (1, 5):
        given = give_role(
            user=admin, organization=organization, role=Role.AUDITOR, now=KNOWN + hours * HOUR, **by
        )
        take_role(membership_id=given.pk, now=KNOWN + (hours + 2) * HOUR, reason="교대", **by)

    seen = [access_at(place.case, admin, KNOWN + n * HOUR).can_see for n in range(9)]

    assert seen == [False, True, True, False, False, True, True, False, False]


def test_a_role_at_another_organisation_shows_nothing():
    place = office()
    stranger = MembershipFactory(role=Role.AUDITOR)
    take_role(membership_id=stranger.pk, actor=place.people["cpo"], now=KNOWN + HOUR, reason="퇴사")

    assert not access_at(place.case, stranger.user, KNOWN).can_see
    assert stranger.user not in people_to_ask_about(place.case)


def test_somebody_who_has_lost_every_role_can_still_be_asked_about():
    place = office()
    auditor = place.people["auditor"]
    held = Membership.objects.get(user=auditor)
    take_role(membership_id=held.pk, actor=place.people["cpo"], now=KNOWN + HOUR, reason="퇴사")

    assert auditor in people_to_ask_about(place.case)


def test_the_steps_of_the_slider_are_the_instants_of_the_history():
    place = office()
    corrected(place, hours=3, now=KNOWN + HOUR)

    around = instants_around(place.case, KNOWN + HOUR / 2)

    assert around.steps == [KNOWN, KNOWN + HOUR]
    assert (around.place, around.earlier, around.later) == (0, None, KNOWN + HOUR)
    assert around.sequence == Event.objects.filter(chain=place.case.reference, recorded_at=KNOWN).count()


def test_a_long_history_has_steps_from_its_first_instant_to_its_last():
    place = office()
    for number in range(2 * MOST_STEPS):
        services.add_timeline_entry(
            case_id=place.case.pk,
            text="전화",
            happened_at=KNOWN,
            actor=place.people["cpo"],
            now=KNOWN + number * timedelta(seconds=1),
        )

    steps = steps_of(place.case)

    assert len(steps) <= MOST_STEPS + 1
    assert (steps[0], steps[-1]) == (KNOWN, KNOWN + (2 * MOST_STEPS - 1) * timedelta(seconds=1))


def words(place, start, end):
    """What is told of the time between: (part, what, what happened)."""
    return [
        (section.title, row.what, row.word)
        for section in differences(at(place, start), at(place, end))
        for row in section.rows
    ]


def test_a_clock_that_moved_twice_is_told_once_with_its_first_and_its_last_end():
    place = office()
    corrected(place, hours=3, now=KNOWN + HOUR)
    corrected(place, hours=5, now=KNOWN + 2 * HOUR)

    [clocks] = [
        section
        for section in differences(at(place, KNOWN), at(place, KNOWN + 2 * HOUR))
        if section.title == "시계"
    ]

    [row] = [row for row in clocks.rows if row.what == "정보주체 통지"]
    assert row.word == "기한 변경"
    assert row.before == "2026-11-24(화) 09:12 KST (진행 중)"
    assert row.after == "2026-11-24(화) 04:12 KST (진행 중)"


@pytest.mark.parametrize(
    ("act", "word"),
    [
        (
            lambda place, row, by: services.dismiss_deadline(deadline_id=row.pk, reason="훈련", **by),
            "해당 없음",
        ),
        (lambda place, row, by: services.fulfil_deadline(deadline_id=row.pk, at=KNOWN + HOUR, **by), "이행"),
        (lambda place, row, by: services.acknowledge_deadline(deadline_id=row.pk, **by), "확인함"),
    ],
)
def test_what_was_done_with_a_clock_is_told_in_the_words_of_history(act, word):
    place = office()
    row = notice(at(place, KNOWN))

    act(place, row, {"actor": place.people["cpo"], "now": KNOWN + HOUR})

    assert words(place, KNOWN, KNOWN + HOUR) == [("시계", "정보주체 통지", word)]


def test_a_clock_that_ran_out_is_told_as_missed_though_nobody_did_anything():
    place = office()

    told = words(place, KNOWN, KNOWN + 73 * HOUR)

    assert ("시계", "정보주체 통지", "기한 지남") in told


def test_what_is_taken_back_before_the_second_instant_is_no_difference():
    place = office()
    row = met(place)
    reopened(place, row, now=KNOWN + 3 * HOUR)

    assert words(place, KNOWN, KNOWN + 3 * HOUR) == []


def test_tasks_people_and_the_case_itself_are_compared():
    place = office(title="첫 이름")
    by = {"actor": place.people["cpo"], "now": KNOWN + HOUR}
    services.finish_task(task_id=place.case.tasks.first().pk, **by)
    services.join_case(case_id=place.case.pk, user_id=place.people["auditor"].pk, **by)
    services.leave_case(case_id=place.case.pk, user_id=place.people["counsel"].pk, reason="이동", **by)
    services.describe_case(case_id=place.case.pk, title="둘째 이름", kinds={}, **by)
    services.advance_phase(case_id=place.case.pk, phase=Phase.NOTIFICATION, **by)
    services.add_timeline_entry(case_id=place.case.pk, text="전화함", happened_at=KNOWN, **by)

    told = words(place, KNOWN, KNOWN + HOUR)

    assert {(part, word) for part, _what, word in told} == {
        ("사건", "사건 정보 변경"),
        ("사건", "단계 변경"),
        ("할 일", "할 일 마침"),
        ("참여자", "참여"),
        ("참여자", "참여 종료"),
        ("경과", "경과"),
    }


def test_the_pages_of_a_whole_history_hold_what_its_events_in_order_hold():
    place = office()
    for number in range(60):
        services.add_timeline_entry(
            case_id=place.case.pk, text=f"{number}", happened_at=KNOWN, actor=place.people["cpo"], now=KNOWN
        )
    pages = history_pages(place.case, HistoryFilter())

    paged = [event.sequence for page in pages for event in page]

    assert paged == [event.sequence for event in history_events(place.case, HistoryFilter())]
    assert [pages.page_of(paged[0]), pages.page_of(1)] == [1, pages.num_pages]


def test_evidence_stands_as_its_ledger_told_by_then():
    place = office()
    case, cpo = place.case, place.people["cpo"]
    said = {"file_name": "firewall.log", "title": "방화벽 로그", "actor": cpo}
    item = services.take_evidence(
        case_id=case.pk, upload=io.BytesIO(b"203.0.113.9"), now=KNOWN + HOUR, **said
    )
    services.record_custody(
        evidence_id=item.pk,
        kind="handed_over",
        party="한국인터넷진흥원",
        note="분석",
        actor=cpo,
        now=KNOWN + 2 * HOUR,
    )
    services.hold_evidence(evidence_id=item.pk, is_held=True, reason="소송", actor=cpo, now=KNOWN + 3 * HOUR)

    def stood(moment):
        return [
            (line.item.label, line.with_whom, line.is_held)
            for line in map(evidence_line, at(place, moment).evidence)
        ]

    assert stood(KNOWN + HOUR - MOMENT) == []
    assert stood(KNOWN + HOUR) == [("E-01", "", False)]
    assert stood(KNOWN + 3 * HOUR - MOMENT) == [("E-01", "한국인터넷진흥원", False)]
    assert stood(KNOWN + 3 * HOUR) == [("E-01", "한국인터넷진흥원", True)]

    [section] = differences(at(place, KNOWN + HOUR), at(place, KNOWN + 3 * HOUR))
    assert section.title == "증거"
    assert [(row.word, row.after, row.reason) for row in section.rows] == [
        ("증거 넘겨줌", "한국인터넷진흥원", "분석"),
        ("증거 보존 조치", "보존 조치", "소송"),
    ]
