"""An instant nobody knows exactly is kept as a range; the clocks run from its earliest end."""

from datetime import timedelta

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from django.utils.html import strip_tags

from core.audit.models import Event
from core.audit.verification import first_break
from incidents.models import Deadline, FactRevision
from incidents.services import FactChange, ReasonMissing, record_facts
from incidents.values import FactRefused
from tests.core.audit.tampering import tampering_as_owner
from tests.incidents.factories import KNOWN, opened_case
from tests.incidents.pages import office

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
LATER = KNOWN + 5 * HOUR
EARLIEST, LATEST = KNOWN - 6 * HOUR, KNOWN - 4 * HOUR  # 2026-11-21 03:12 and 05:12 KST


def ranged(
    case,
    *,
    until=LATEST,
    value=EARLIEST,
    name="leak_known_at",
    reason="로그를 다시 봄",
    certainty="estimated",
):
    change = FactChange(name, value, certainty, "보안팀 로그", until=until)
    return record_facts(case_id=case.pk, changes=[change], actor=case.lead, now=LATER, reason=reason)


def known(case):
    return FactRevision.objects.filter(case=case, name="leak_known_at").current().get()


def notice_due(case):
    return Deadline.objects.current().get(case=case, duty__family="kr.pipa.s34.subject_notice").due_at


def test_the_clock_runs_from_the_earliest_end():
    case = opened_case()
    ranged(case)
    assert notice_due(case) == EARLIEST + 72 * HOUR
    assert known(case).until_at == LATEST


def test_history_keeps_both_ends_and_holds():
    case = opened_case()
    ranged(case)
    told = Event.objects.of_chain(case.reference).filter(action="fact.corrected").last().data
    assert (told["new"], told["until"]) == ("2026-11-21T03:12:00+09:00", "2026-11-21T05:12:00+09:00")
    assert first_break(case.reference) is None


def test_the_later_end_changed_behind_the_services_is_found():
    case = opened_case()
    ranged(case)
    row = known(case)
    with tampering_as_owner("incidents_factrevision"), connection.cursor() as cursor:
        cursor.execute(f"UPDATE incidents_factrevision SET until_at = NULL WHERE id = {row.pk}")
    assert first_break(case.reference) is not None


def test_the_table_still_refuses_every_change():
    case = opened_case()
    with pytest.raises(DatabaseError), transaction.atomic():
        FactRevision.objects.filter(case=case).update(until_at=LATER)


def test_narrowing_the_range_is_a_correction_with_a_reason():
    case = opened_case()
    ranged(case)
    with pytest.raises(ReasonMissing):
        ranged(case, until=LATEST - HOUR, reason="")
    ranged(case, until=LATEST - HOUR)
    assert known(case).until_at == LATEST - HOUR
    ranged(case, until=None, certainty="confirmed")
    assert (known(case).number, known(case).until_at) == (4, None)


def test_the_same_range_again_is_no_news():
    case = opened_case()
    ranged(case)
    assert ranged(case) == []
    assert known(case).number == 2


@pytest.mark.parametrize(
    ("stated", "said"),
    [
        ({"until": EARLIEST}, "뒤여야"),
        ({"until": EARLIEST - HOUR}, "뒤여야"),
        ({"until": LATER + HOUR}, "아직 오지 않은"),
        ({"until": LATEST.replace(tzinfo=None)}, "시간대가 없는"),
        ({"value": None, "certainty": "unknown"}, "가장 이른"),
        ({"name": "possibility_outcome_at"}, "일어난 때와 알게 된 때"),
    ],
)
def test_a_range_that_cannot_be_is_refused_at_its_fact(stated, said):
    case = opened_case()
    with pytest.raises(FactRefused) as refusal:
        ranged(case, **stated)
    assert said in refusal.value.faults[stated.get("name", "leak_known_at")]
    assert known(case).number == 1


@time_machine.travel(LATER, tick=False)
def test_the_page_takes_a_range_and_shows_both_ends():
    place = office()
    address = reverse("incidents:change-fact", args=[place.case.reference, "leak_known_at"])
    typed = {
        "fact_count": place.case.fact_count,
        "leak_known_at": "2026-11-21 03:12",
        "leak_known_at-until": "2026-11-21 05:12",
        "leak_known_at-certainty": "estimated",
        "leak_known_at-source": "당직 일지",
        "reason": "당직자가 확인",
    }
    shown = "2026-11-21(토) 03:12 ~ 05:12 KST 사이"
    preview = place.client("handler").post(address, typed | {"step": "preview"})
    assert shown in strip_tags(preview.content.decode())
    place.client("handler").post(address, typed | {"step": "apply"})
    facts = place.client("handler").get(reverse("incidents:case-facts", args=[place.case.reference]))
    assert shown in strip_tags(facts.content.decode())
    form = place.client("handler").get(address).content.decode()
    assert "2026-11-21 05:12" in form


@time_machine.travel(LATER, tick=False)
def test_a_later_end_without_an_earliest_is_said_at_the_field():
    place = office()
    address = reverse("incidents:change-fact", args=[place.case.reference, "occurred_at"])
    typed = {
        "fact_count": place.case.fact_count,
        "occurred_at-until": "2026-11-21 05:12",
        "occurred_at-certainty": "estimated",
        "step": "preview",
    }
    answer = place.client("handler").post(address, typed)
    assert answer.status_code == 422
    assert "가장 이른 시각도 적어 주세요" in strip_tags(answer.content.decode())
    assert "2026-11-21 05:12" in answer.content.decode()
