"""Two circles of people: whose data leaked, and of whom it is only possible. Each keeps a last word that is true."""

from datetime import datetime, timedelta

import pytest
from django.urls import reverse

from core.accounts.models import Role
from incidents import services as incidents
from incidents.models import Certainty
from incidents.services import FactChange
from notifications.models import PaperKind
from notifications.populations import CONFIRMED, POSSIBLE, SUBJECT_NOTICE, populations
from notifications.services import filings
from tests.clock import KST
from tests.incidents.factories import opened_case, organization_with
from tests.incidents.pages import KINDS, office
from tests.notifications.paper_cases import Scene, approved, given, scene, started

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]
HOUR = timedelta(hours=1)
POSSIBLE_AT = datetime(2026, 9, 14, 9, 0, tzinfo=KST)
CONFIRMED_AT = datetime(2026, 9, 16, 20, 0, tzinfo=KST)
TELLING = (
    FactChange("possible_person_count", 50_000, "estimated"),
    FactChange("illegal_external_access", True),
    FactChange("is_user_data", True),
    FactChange("leaked_items", "이름\n휴대전화번호"),
    FactChange("circumstances", "회원 정보에 접근한 흔적을 확인했습니다."),
    FactChange("measures_taken", "접근을 차단했습니다."),
    FactChange("person_actions", "- 비밀번호를 바꿔 주세요."),
    FactChange("relief", "피해를 알려 주시면 구제 절차를 안내합니다."),
)


def suspected(*extra: FactChange, known: datetime = POSSIBLE_AT) -> Scene:
    """A case in which a leak is possible and not yet confirmed."""
    organization, people = organization_with(*Role)
    usual = (
        FactChange("possibility_known_at", known),
        FactChange("possibility_kind", "illegal_access"),
        *TELLING,
    )
    facts = list({fact.name: fact for fact in (*usual, *extra)}.values())
    handler = people[Role.HANDLER]
    handler.department, handler.position, handler.phone = "정보보호팀", "팀장", "02-1234-5678"
    handler.save()
    case = opened_case(organization=organization, actor=handler, now=known, facts=facts)
    return Scene(organization, people, case)


def state(one, now, *changes, reason="확인함"):
    incidents.record_facts(
        case_id=one.case.pk, changes=list(changes), actor=one.handler, now=now, reason=reason
    )


def tell(one, kind, at, **rest):
    paper = started(one, kind, now=at)
    approval = approved(one, paper, now=at)
    return filings.record_filing(
        version_id=approval.version_id, given=given(at, **rest), actor=one.handler, now=at
    )


def seen(one, now):
    return {population.code: population for population in populations(one.case, now=now)}


def test_a_leak_that_was_never_merely_possible_has_no_table():
    one = scene()
    assert populations(one.case, now=one.case.opened_at) == []


def test_the_possibly_affected_are_owed_the_possibility_notice_and_nobody_else_anything():
    one = suspected()
    now = seen(one, POSSIBLE_AT + HOUR)
    assert (now[POSSIBLE].count, now[POSSIBLE].is_estimated) == ("50,000명", True)
    assert (now[POSSIBLE].last, now[POSSIBLE].next.kind) == (None, PaperKind.POSSIBILITY_NOTICE)
    assert now[POSSIBLE].next.clock.due_at == POSSIBLE_AT + 72 * HOUR
    assert (now[CONFIRMED].last, now[CONFIRMED].next.is_owed) == (None, False)


def test_suspected_then_confirmed_in_time_is_told_once_by_the_subject_notice():
    """T33: the possibility notice is replaced."""
    one = suspected()
    state(
        one,
        CONFIRMED_AT,
        FactChange("leak_known_at", CONFIRMED_AT),
        FactChange("possibility_outcome", "confirmed"),
        FactChange("possibility_outcome_at", CONFIRMED_AT),
        FactChange("person_count", 50_000),
    )

    now = seen(one, CONFIRMED_AT)
    for code in (CONFIRMED, POSSIBLE):
        assert now[code].next.kind == PaperKind.SUBJECT_NOTICE
        assert now[code].next.clock.due_at == datetime(2026, 9, 19, 20, 0, tzinfo=KST)
        assert now[code].last is None

    at = CONFIRMED_AT + 3 * HOUR
    tell(one, PaperKind.SUBJECT_NOTICE, at)
    now = seen(one, at)
    for code in (CONFIRMED, POSSIBLE):
        assert (now[code].last.kind, now[code].last.at) == (PaperKind.SUBJECT_NOTICE, at)
        assert not now[code].next.is_owed


def test_those_told_of_a_possibility_are_owed_the_subject_notice_once_confirmed():
    one = suspected()
    tell(one, PaperKind.POSSIBILITY_NOTICE, POSSIBLE_AT + 24 * HOUR, recipient="possibly_affected")
    assert not seen(one, POSSIBLE_AT + 25 * HOUR)[POSSIBLE].next.is_owed
    state(
        one,
        CONFIRMED_AT,
        FactChange("leak_known_at", CONFIRMED_AT),
        FactChange("possibility_outcome", "confirmed"),
        FactChange("possibility_outcome_at", CONFIRMED_AT),
    )

    now = seen(one, CONFIRMED_AT)
    for code in (CONFIRMED, POSSIBLE):
        assert now[code].last.kind == PaperKind.POSSIBILITY_NOTICE
        assert (now[code].next.kind, now[code].next.is_owed) == (PaperKind.SUBJECT_NOTICE, True)


def test_suspected_then_ruled_out_after_the_notice_is_told_so_at_once():
    """T34."""
    one = suspected()
    tell(one, PaperKind.POSSIBILITY_NOTICE, POSSIBLE_AT + 48 * HOUR, recipient="possibly_affected")
    out = datetime(2026, 9, 20, 11, 0, tzinfo=KST)
    state(
        one,
        out,
        FactChange("possibility_outcome", "ruled_out"),
        FactChange("possibility_outcome_at", out),
    )

    now = seen(one, out)
    assert now[POSSIBLE].last.kind == PaperKind.POSSIBILITY_NOTICE
    assert (now[POSSIBLE].next.kind, now[POSSIBLE].next.is_owed) == (PaperKind.NOT_LEAKED_NOTICE, True)
    assert now[POSSIBLE].next.clock is not None
    assert not now[CONFIRMED].next.is_owed

    tell(one, PaperKind.NOT_LEAKED_NOTICE, out + HOUR, recipient="possibly_affected")
    now = seen(one, out + HOUR)
    assert now[POSSIBLE].last.kind == PaperKind.NOT_LEAKED_NOTICE
    assert not now[POSSIBLE].next.is_owed


def test_ruled_out_before_anybody_was_told_asks_whether_somebody_was():
    one = suspected()
    out = POSSIBLE_AT + 10 * HOUR
    state(one, out, FactChange("possibility_outcome", "ruled_out"), FactChange("possibility_outcome_at", out))
    now = seen(one, out)[POSSIBLE]
    assert (now.last, now.next.is_owed) == (None, False)
    assert now.next.fact_url.endswith("possibility_notice_given/")

    state(one, out, FactChange("possibility_notice_given", False))
    now = seen(one, out)[POSSIBLE]
    assert (now.next.is_owed, now.next.clock, now.next.fact_url) == (False, None, "")


def test_a_part_confirmed_and_a_part_possible_are_told_apart():
    """T35, and then the rest is confirmed after the first were told."""
    known = datetime(2026, 9, 19, 11, 0, tzinfo=KST)
    one = suspected(
        FactChange("leak_known_at", known),
        FactChange("possibility_kind", "partial_confirmed"),
        FactChange("person_count", 300),
        known=known,
    )
    now = seen(one, known)
    for code, kind in ((CONFIRMED, PaperKind.SUBJECT_NOTICE), (POSSIBLE, PaperKind.POSSIBILITY_NOTICE)):
        assert now[code].next.kind == kind
        assert now[code].next.clock.due_at == datetime(2026, 9, 22, 11, 0, tzinfo=KST)

    tell(one, PaperKind.SUBJECT_NOTICE, known + HOUR, told_count=300)
    tell(
        one,
        PaperKind.POSSIBILITY_NOTICE,
        known + 2 * HOUR,
        recipient="possibly_affected",
        told_count=50_000,
    )
    now = seen(one, known + 3 * HOUR)
    assert now[CONFIRMED].last.kind == PaperKind.SUBJECT_NOTICE
    assert now[POSSIBLE].last.kind == PaperKind.POSSIBILITY_NOTICE
    assert not (now[CONFIRMED].next.is_owed or now[POSSIBLE].next.is_owed)

    later = known + 100 * HOUR
    state(
        one,
        later,
        FactChange("possibility_outcome", "confirmed"),
        FactChange("possibility_outcome_at", later),
    )
    now = seen(one, later)
    assert now[POSSIBLE].last.kind == PaperKind.POSSIBILITY_NOTICE
    assert (now[POSSIBLE].next.kind, now[POSSIBLE].next.is_owed) == (PaperKind.SUBJECT_NOTICE, True)


def test_a_possibility_told_by_hand_counts_as_told():
    one = suspected()
    clock = one.case.deadlines.current().get(duty__family="kr.pipa.s34_2.possibility_notice")
    at = POSSIBLE_AT + 5 * HOUR
    incidents.fulfil_deadline(deadline_id=clock.pk, at=at, actor=one.handler, now=at)
    told = seen(one, at)[POSSIBLE].last
    assert (told.kind, told.at, told.url) == (PaperKind.POSSIBILITY_NOTICE, at, "")


def test_a_possibility_ruled_out_and_confirmed_after_all_needs_the_subject_notice():
    one = suspected()
    tell(one, PaperKind.POSSIBILITY_NOTICE, POSSIBLE_AT + 2 * HOUR, recipient="possibly_affected")
    out = POSSIBLE_AT + 10 * HOUR
    state(one, out, FactChange("possibility_outcome", "ruled_out"), FactChange("possibility_outcome_at", out))
    tell(one, PaperKind.NOT_LEAKED_NOTICE, out, recipient="possibly_affected")
    state(
        one,
        out + HOUR,
        FactChange("possibility_outcome", "confirmed"),
        FactChange("possibility_outcome_at", out + HOUR),
        FactChange("leak_known_at", out + HOUR),
    )
    now = seen(one, out + HOUR)
    assert now[POSSIBLE].last.kind == PaperKind.NOT_LEAKED_NOTICE
    assert (now[POSSIBLE].next.kind, now[POSSIBLE].next.is_owed) == (PaperKind.SUBJECT_NOTICE, True)
    assert now[POSSIBLE].next.clock.deadline.duty.family == SUBJECT_NOTICE


@pytest.mark.parametrize("kind", KINDS)
def test_the_notice_tab_shows_both_to_those_who_may_see_the_case(kind):
    place = office()
    incidents.record_facts(
        case_id=place.case.pk,
        changes=[FactChange("possible_person_count", 50_000, Certainty.ESTIMATED)],
        actor=place.people["handler"],
        now=place.case.opened_at,
    )
    answer = place.client(kind).get(reverse("notifications:case-notices", args=[place.case.reference]))
    wanted = {"anonymous": 302, "outsider": 404, "admin": 404}.get(kind, 200)
    assert answer.status_code == wanted
    page = answer.content.decode()
    assert ("누가 무엇을 들었나" in page, "약 50,000명" in page) == (wanted == 200, wanted == 200)
