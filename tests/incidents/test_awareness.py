"""Rival times of knowing stand beside the official one, and the clock wall shows the earliest end."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.html import strip_tags

from core.audit.models import Event
from core.audit.verification import first_break
from incidents import services
from incidents.clocks import clock_of
from incidents.law import current_facts, law_document
from incidents.models import AwarenessClaim, Basis, Deadline, FactRevision
from incidents.rivals import contested_duties
from incidents.services import FactChange, Obstacle
from tests.incidents.factories import KNOWN, opened_case
from tests.incidents.pages import office

HOUR = timedelta(hours=1)
LATER = KNOWN + 5 * HOUR
REPORT = "kr.pipa.s34.report"
pytestmark = pytest.mark.django_db


def claim(case, *, hours_earlier=10, anchor="leak_known_at", now=LATER, source="경보 #481"):
    return services.claim_awareness(
        case_id=case.pk,
        anchor=anchor,
        at=KNOWN - hours_earlier * HOUR,
        basis=Basis.ALERT,
        source=source,
        actor=case.lead,
        now=now,
    )


def clock(case, family=REPORT):
    return Deadline.objects.current().get(case=case, duty__family=family)


def contested(case, *, now=LATER):
    rivals, duties = contested_duties(case, law_document(case, current_facts(case)), now=now)
    return rivals, {duty.title: duty.clocks for duty in duties}


def test_an_earlier_claim_leaves_the_official_end_and_adds_the_safe_one():
    case = opened_case()
    official = clock(case).due_at

    claim(case)

    assert clock(case).due_at == official
    assert clock(case).target_at == official - 10 * HOUR
    assert clock_of(clock(case), LATER).safe_label == "안전한 시각 2026-11-23(월) 23:12 KST"


@pytest.mark.parametrize(("hours_earlier", "is_safe_end"), [(-1, False), (0, False), (1, True)])
def test_only_a_time_before_the_official_one_gives_a_safe_end(hours_earlier, is_safe_end):
    case = opened_case()
    claim(case, hours_earlier=hours_earlier)
    assert bool(clock_of(clock(case), LATER).safe_label) is is_safe_end


def test_the_earliest_of_several_claims_is_the_safe_end():
    case = opened_case()
    for hours in (3, 20, 10):
        claim(case, hours_earlier=hours)
    assert clock(case).target_at == clock(case).due_at - 20 * HOUR


def test_a_claim_of_the_intrusion_does_not_move_the_clock_of_the_leak():
    case = opened_case()
    claim(case, anchor="intrusion_known_at")
    assert clock(case).target_at is None
    assert clock(case, "kr.na.s48_3.report").target_at == KNOWN + 14 * HOUR


def test_the_fact_itself_is_never_touched():
    case = opened_case()
    before = FactRevision.objects.count()
    claim(case)
    assert FactRevision.objects.count() == before


def test_a_withdrawn_claim_stays_with_its_reason_and_its_safe_end_goes():
    case = opened_case()
    row = claim(case)

    services.withdraw_awareness_claim(claim_id=row.pk, reason="오탐이었음", actor=case.lead, now=LATER)

    row.refresh_from_db()
    assert (row.withdrawn_at, row.withdrawn_reason) == (LATER, "오탐이었음")
    assert clock(case).target_at is None


def test_an_adopted_claim_becomes_the_fact_and_the_old_time_becomes_a_claim():
    case = opened_case()
    row = claim(case)

    services.adopt_awareness_claim(claim_id=row.pk, reason="경보를 그때 읽음", actor=case.lead, now=LATER)

    assert clock(case).due_at == KNOWN + 62 * HOUR
    stands = AwarenessClaim.objects.standing().filter(case=case)
    assert KNOWN in [other.at for other in stands]


def test_each_clock_is_shown_under_each_time_with_what_an_authority_counts():
    case = opened_case()
    claim(case)
    services.fulfil_deadline(
        deadline_id=clock(case).pk, at=KNOWN + 65 * HOUR, actor=case.lead, now=KNOWN + 65 * HOUR
    )

    _rivals, duties = contested(case, now=KNOWN + 66 * HOUR)

    earlier, official = duties["개인정보 유출등 신고"]
    assert (earlier.elapsed_label, earlier.margin_label) == ("75시간 00분", "3시간 00분 늦음")
    assert (official.elapsed_label, official.margin_label) == ("65시간 00분", "여유 7시간 00분")
    assert (earlier.is_safest, official.is_safest) == (True, False)


def test_the_very_end_of_a_rival_clock_is_in_time():
    case = opened_case()
    claim(case)
    end = KNOWN + 62 * HOUR
    assert not contested(case, now=end)[1]["개인정보 유출등 신고"][0].is_late
    assert contested(case, now=end + timedelta(seconds=1))[1]["개인정보 유출등 신고"][0].is_late


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"anchor": "occurred_at"}, "anchor"),
        ({"at": LATER + HOUR}, "at"),
        ({"at": datetime(2026, 11, 20, 9, 0)}, "at"),
        ({"basis": "rumour"}, "basis"),
        ({"source": "  "}, "source"),
        ({"source": "가" * 301}, "source"),
    ],
)
def test_a_claim_that_cannot_be_is_refused_at_its_field(changed, field):
    case = opened_case()
    given = {"anchor": "leak_known_at", "at": KNOWN, "basis": Basis.MEETING, "source": "회의록", **changed}
    with pytest.raises(Obstacle) as obstacle:
        services.claim_awareness(case_id=case.pk, actor=case.lead, now=LATER, **given)
    assert obstacle.value.field == field
    assert not AwarenessClaim.objects.exists()


def test_knowing_before_it_happened_is_refused():
    case = opened_case()
    services.record_facts(
        case_id=case.pk, changes=[FactChange("occurred_at", KNOWN - HOUR)], actor=case.lead, now=LATER
    )
    with pytest.raises(Obstacle) as obstacle:
        claim(case)
    assert obstacle.value.field == "at"


def test_a_claim_that_later_facts_contradict_says_so_and_moves_nothing():
    case = opened_case()
    claim(case)
    services.record_facts(
        case_id=case.pk, changes=[FactChange("occurred_at", KNOWN - HOUR)], actor=case.lead, now=LATER
    )
    rivals, _duties = contested(case)
    assert [bool(rival.fault) for rival in rivals if not rival.is_official] == [True]
    assert clock(case).target_at is None


def test_the_same_instant_is_claimed_once():
    case = opened_case()
    claim(case)
    with pytest.raises(Obstacle):
        claim(case)
    twin = AwarenessClaim.objects.get()
    twin.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        twin.save()


def test_history_tells_of_a_claim_without_its_words():
    case = opened_case()
    claim(case, source="홍길동 대리의 메일")
    event = Event.objects.get(action="awareness.claimed")
    assert "홍길동" not in str(event.data)
    assert first_break(case.reference) is None


@time_machine.travel(LATER, tick=False)
def test_a_person_states_a_rival_time_and_sees_both_ends():
    place = office()
    client = place.client("handler")
    address = reverse("incidents:claim-awareness", args=[place.case.reference])
    typed = {
        "anchor": "leak_known_at",
        "at": "2026-11-20 23:12",
        "basis": "outsider",
        "source": "거래처 메일",
    }

    answer = client.post(address, typed, follow=True)

    page = strip_tags(answer.content.decode())
    assert "2026-11-23(월) 23:12 KST" in page
    assert "2026-11-24(화) 09:12 KST" in page
    assert "거래처 메일" in page
    wall = strip_tags(client.get("/").content.decode())
    assert "안전한 시각 2026-11-23(월) 23:12 KST" in wall


@time_machine.travel(LATER, tick=False)
def test_what_was_typed_stays_when_a_claim_is_refused():
    place = office()
    address = reverse("incidents:claim-awareness", args=[place.case.reference])
    typed = {"anchor": "leak_known_at", "at": "2030-01-01 00:00", "basis": "alert", "source": "경보 #77"}

    answer = place.client("handler").post(address, typed)

    assert answer.status_code == 422
    assert "경보 #77" in answer.content.decode()


@time_machine.travel(datetime(2026, 11, 21, 6, 0, tzinfo=UTC), tick=False)
def test_adopting_shows_what_would_move_first():
    place = office()
    row = claim(place.case)
    address = reverse("incidents:adopt-awareness-claim", args=[place.case.reference, row.pk])
    assert "10시간 00분 당겨짐" in place.client("cpo").get(address).content.decode()
