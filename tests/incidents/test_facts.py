"""Facts are revisions; duties are recomputed with them, and what moved is told."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import DatabaseError, transaction

from core.accounts.models import Role
from core.accounts.services import set_profile
from core.audit.models import Event
from core.audit.verification import first_break
from incidents import services
from incidents.duties import Change
from incidents.models import Certainty, Deadline, FactRevision
from incidents.services import EditedMeanwhile, FactChange, ReasonMissing
from incidents.values import FactRefused
from tests.incidents.factories import KNOWN, opened_case, organization_with

HOUR = timedelta(hours=1)
LATER = KNOWN + 5 * HOUR
pytestmark = pytest.mark.django_db


def due(case, family):
    return Deadline.objects.current().get(case=case, duty__family=family).due_at


def test_knowing_now_starts_the_24_and_72_hour_clocks():
    case = opened_case()
    assert due(case, "kr.na.s48_3.report") == KNOWN + 24 * HOUR
    assert due(case, "kr.pipa.s34.subject_notice") == KNOWN + 72 * HOUR
    assert due(case, "kr.pipa.s34.report") == KNOWN + 72 * HOUR


def test_without_an_online_service_there_is_no_24_hour_clock():
    organization, people = organization_with(Role.HANDLER, is_icsp=False)
    case = opened_case(organization=organization, actor=people[Role.HANDLER])
    families = set(Deadline.objects.filter(case=case).values_list("duty__family", flat=True))
    assert "kr.pipa.s34.subject_notice" in families
    assert not any(family.startswith("kr.na.") for family in families)


def test_an_earlier_awareness_pulls_the_clocks_in_and_keeps_the_old_rows():
    case = opened_case()
    moved = services.record_facts(
        case_id=case.pk,
        changes=[FactChange("leak_known_at", KNOWN - 6 * HOUR, source="보안팀 로그")],
        actor=case.lead,
        now=LATER,
        reason="로그를 다시 봄",
    )
    notice = next(m for m in moved if m.after and m.after.duty.family == "kr.pipa.s34.subject_notice")
    assert notice.change is Change.MOVED
    assert notice.difference == "6시간 00분 당겨짐"
    assert due(case, "kr.pipa.s34.subject_notice") == KNOWN + 66 * HOUR
    old = Deadline.objects.get(pk=notice.before.pk)
    assert old.superseded_at == LATER
    assert old.superseded_by_id == notice.after.pk
    assert old.due_at == KNOWN + 72 * HOUR


def test_a_preview_writes_nothing():
    case = opened_case()
    before = (FactRevision.objects.count(), Deadline.objects.count(), Event.objects.count())
    moved = services.preview_facts(
        case=case, changes=[FactChange("leak_known_at", KNOWN - 6 * HOUR)], now=LATER
    )
    assert any(movement.change is Change.MOVED for movement in moved)
    assert (FactRevision.objects.count(), Deadline.objects.count(), Event.objects.count()) == before


def test_a_duty_that_ends_says_why_and_stays():
    case = opened_case()
    services.record_facts(
        case_id=case.pk,
        changes=[FactChange("intrusion_known_at", None, Certainty.UNKNOWN)],
        actor=case.lead,
        now=LATER,
        reason="침입이 아니라 오발송",
    )
    ended = Deadline.objects.get(case=case, duty__family="kr.na.s48_3.report")
    assert ended.superseded_at == LATER
    assert ended.duty.superseded_reason
    assert not Deadline.objects.current().filter(case=case, duty__family="kr.na.s48_3.report").exists()


def test_a_met_duty_stays_met_under_new_terms():
    case = opened_case()
    clock = Deadline.objects.current().get(case=case, duty__family="kr.pipa.s34.subject_notice")
    services.fulfil_deadline(deadline_id=clock.pk, at=LATER, actor=case.lead, now=LATER)
    services.record_facts(
        case_id=case.pk,
        changes=[FactChange("leak_known_at", KNOWN - HOUR)],
        actor=case.lead,
        now=LATER + HOUR,
        reason="회의록",
    )
    now_standing = Deadline.objects.current().get(case=case, duty__family="kr.pipa.s34.subject_notice")
    assert now_standing.pk != clock.pk
    assert now_standing.met_at == LATER


def test_each_confirmed_fact_opens_its_own_supplement():
    case = opened_case()
    for key, hours in (("f1", 2), ("f2", 3)):
        at = KNOWN + hours * HOUR
        change = FactChange("confirmed_fact", {"text": "새 사실", "confirmed_at": at}, key=key)
        services.record_facts(case_id=case.pk, changes=[change], actor=case.lead, now=LATER)
    dues = Deadline.objects.current().filter(case=case, duty__family="kr.na.s48_3.supplement")
    assert {d.duty.subject_key: d.due_at for d in dues} == {
        "f1": KNOWN + 26 * HOUR,
        "f2": KNOWN + 27 * HOUR,
    }


def test_a_correction_needs_a_reason_and_keeps_both():
    case = opened_case()
    change = [FactChange("person_count", 1000, Certainty.ESTIMATED)]
    services.record_facts(case_id=case.pk, changes=change, actor=case.lead, now=LATER)
    better = [FactChange("person_count", 1200)]
    with pytest.raises(ReasonMissing):
        services.record_facts(case_id=case.pk, changes=better, actor=case.lead, now=LATER)
    services.record_facts(case_id=case.pk, changes=better, actor=case.lead, now=LATER, reason="다시 셈")
    revisions = FactRevision.objects.filter(case=case, name="person_count").order_by("number")
    assert [(row.number, row.value) for row in revisions] == [(1, 1000), (2, 1200)]


def test_the_same_statement_again_changes_nothing():
    case = opened_case()
    change = [FactChange("person_count", 1000)]
    services.record_facts(case_id=case.pk, changes=change, actor=case.lead, now=LATER)
    events = Event.objects.count()
    assert services.record_facts(case_id=case.pk, changes=change, actor=case.lead, now=LATER + HOUR) == []
    assert Event.objects.count() == events


def test_saving_over_a_newer_revision_is_refused():
    case = opened_case()
    seen = case.fact_count
    services.record_facts(
        case_id=case.pk,
        changes=[FactChange("person_count", 5)],
        actor=case.lead,
        now=LATER,
        expected_count=seen,
    )
    with pytest.raises(EditedMeanwhile):
        services.record_facts(
            case_id=case.pk,
            changes=[FactChange("person_count", 6)],
            actor=case.lead,
            now=LATER,
            reason="다시 셈",
            expected_count=seen,
        )
    assert FactRevision.objects.filter(case=case, name="person_count").count() == 1


REFUSED = {
    "a naive instant": ("leak_known_at", datetime(2026, 11, 20, 9, 0), "시간대"),
    "an anchor in the future": ("leak_known_at", LATER + HOUR, "아직 오지 않은"),
    "a negative count": ("person_count", -1, "0보다"),
    "an absurd count": ("person_count", 10**12, "자릿수"),
    "a count that is a truth": ("person_count", True, "정수"),
    "an impossible instant": ("occurred_at", "2026-02-30T09:00+09:00", ""),
    "an unknown choice": ("effect", ["explosion"], "고를 수 있는"),
    "an unknown fact": ("colour", "red", "모르는 사실"),
    "an empty text": ("measures_taken", "   ", "적어"),
    "a leak known before it happened": ("occurred_at", KNOWN + HOUR, ""),
}


@pytest.mark.parametrize("name", sorted(REFUSED))
def test_bad_facts_are_refused_at_their_field_and_leave_all_as_it_was(name):
    case = opened_case()
    fact, value, words = REFUSED[name]
    before = (FactRevision.objects.count(), Deadline.objects.count(), Event.objects.count())
    with pytest.raises(FactRefused) as refusal:
        services.record_facts(
            case_id=case.pk, changes=[FactChange(fact, value)], actor=case.lead, now=LATER, reason="시험"
        )
    assert any(words in message for message in refusal.value.faults.values())
    assert fact in refusal.value.faults or "leak_known_at" in refusal.value.faults
    assert (FactRevision.objects.count(), Deadline.objects.count(), Event.objects.count()) == before


def test_words_people_write_are_not_in_history_but_their_hash_is():
    case = opened_case()
    secret = "홍길동의 전화번호가 나갔습니다"
    services.record_facts(
        case_id=case.pk, changes=[FactChange("circumstances", secret)], actor=case.lead, now=LATER
    )
    event = Event.objects.of_chain(case.reference).filter(action="fact.recorded").last()
    assert len(event.data["digest"]) == 64
    assert secret not in str(event.data)


@pytest.mark.parametrize("model", [FactRevision])
def test_the_database_refuses_to_change_a_revision(model):
    opened_case()
    with pytest.raises(DatabaseError), transaction.atomic():
        model.objects.update(reason="x")
    with pytest.raises(DatabaseError), transaction.atomic():
        model.objects.all()._raw_delete("default")


def test_cases_are_numbered_without_a_gap_in_their_year():
    organization, people = organization_with(Role.HANDLER)
    new_year = datetime(2026, 12, 31, 15, 0, tzinfo=UTC)  # 2027-01-01 00:00 KST
    references = [
        opened_case(organization=organization, actor=people[Role.HANDLER], now=now).reference
        for now in (KNOWN, KNOWN + HOUR, new_year - timedelta(seconds=1), new_year)
    ]
    assert references == ["2026-001", "2026-002", "2026-003", "2027-001"]
    assert all(first_break(reference) is None for reference in references)


def test_another_profile_of_the_organisation_moves_its_open_cases():
    organization, people = organization_with(Role.HANDLER, is_icsp=False)
    case = opened_case(organization=organization, actor=people[Role.HANDLER])
    set_profile(
        organization=organization,
        effective_on=date(2026, 1, 1),
        sectors={"is_icsp": True},
        actor=people[Role.HANDLER],
        now=LATER,
    )
    assert due(case, "kr.na.s48_3.report") == KNOWN + 24 * HOUR
    event = Event.objects.of_chain(case.reference).filter(action="deadline.started").last()
    assert event.reason == "기관 현황이 바뀜"


def test_a_contradiction_is_told_in_the_words_of_the_page():
    case = opened_case()
    with pytest.raises(FactRefused) as refusal:
        services.record_facts(
            case_id=case.pk,
            changes=[FactChange("occurred_at", KNOWN + HOUR)],
            actor=case.lead,
            now=LATER,
        )
    told = " ".join(refusal.value.faults.values())
    assert "일어난 때" in told
    assert "_at" not in told
