"""Changing a fact: first what would follow, then the change; two editors; drafts."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils.html import strip_tags

from incidents import services
from incidents.models import Draft, FactRevision
from incidents.services import FactChange
from tests.incidents.factories import KNOWN
from tests.incidents.pages import office

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]
LATER = KNOWN + timedelta(hours=5)


@pytest.fixture(autouse=True)
def five_hours_later():
    with time_machine.travel(LATER, tick=False):
        yield


def address(case, which="leak_known_at"):
    return reverse("incidents:change-fact", args=[case.reference, which])


def typed(case, at="2026-11-21 06:12", **more):
    return {
        "fact_count": case.fact_count,
        "leak_known_at": at,
        "leak_known_at-certainty": "confirmed",
        "leak_known_at-source": "당직 일지",
        **more,
    }


def known(case):
    return FactRevision.objects.filter(case=case, name="leak_known_at").current().get()


def test_the_result_is_shown_before_anything_is_recorded():
    place = office()

    answer = place.client("handler").post(address(place.case), typed(place.case, step="preview"))
    page = strip_tags(answer.content.decode())

    assert "3시간 00분 당겨짐" in page
    assert "2026-11-24(화) 06:12 KST" in page
    assert known(place.case).number == 1


def test_htmx_gets_the_result_as_a_dialog():
    place = office()

    answer = place.client("handler").post(
        address(place.case), typed(place.case, step="preview"), headers={"HX-Request": "true"}
    )

    assert answer.content.decode().strip().startswith("<dialog")


def test_a_correction_without_a_reason_comes_back_with_what_was_typed():
    place = office()

    answer = place.client("handler").post(address(place.case), typed(place.case, step="apply"))

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "고치는 이유를 적어 주세요" in page
    assert 'value="2026-11-21 06:12"' in page
    assert known(place.case).number == 1


def test_the_change_is_applied_with_its_reason():
    place = office()

    answer = place.client("handler").post(
        address(place.case), typed(place.case, step="apply", reason="당직 일지에서 더 이른 시각을 찾음")
    )

    row = known(place.case)
    assert answer.url == reverse("incidents:case-facts", args=[place.case.reference])
    assert (row.value, row.certainty) == ("2026-11-21T06:12:00+09:00", "confirmed")
    assert row.reason == "당직 일지에서 더 이른 시각을 찾음"


def test_two_editors_see_both_values_and_nothing_is_lost():
    place = office()
    mine = typed(place.case, step="apply", reason="내가 본 것")
    services.record_facts(
        case_id=place.case.pk,
        changes=[FactChange("leak_known_at", KNOWN - timedelta(hours=1), "confirmed", "보안팀 로그")],
        actor=place.people["cpo"],
        now=LATER,
        reason="로그 확인",
    )

    answer = place.client("handler").post(address(place.case), mine)

    page = answer.content.decode()
    assert answer.status_code == 409
    assert "2026-11-21(토) 08:12 KST" in page
    assert "2026-11-21(토) 06:12 KST" in page
    assert 'name="leak_known_at" value="2026-11-21 06:12"' in page
    assert known(place.case).value == "2026-11-21T08:12:00+09:00"


def test_after_the_conflict_the_person_may_still_apply_their_own():
    place = office()
    services.record_facts(
        case_id=place.case.pk,
        changes=[FactChange("person_count", 10)],
        actor=place.people["cpo"],
        now=LATER,
    )
    place.case.refresh_from_db()

    place.client("handler").post(address(place.case), typed(place.case, step="apply", reason="다시 봄"))

    assert known(place.case).value == "2026-11-21T06:12:00+09:00"


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("2026-12-24 09:12", "아직 오지 않은 시각입니다"),
        ("2026-02-30 09:12", "없는 날짜나 시각입니다"),
        ("2026-11-20", "시각이 빠졌습니다"),
        ("어제 밤", "읽지 못했습니다"),
        ("", "적어 둔 값을 지우려면"),
    ],
)
def test_an_instant_that_cannot_be_is_refused_at_its_field_and_kept(wrong, said):
    place = office()

    answer = place.client("handler").post(address(place.case), typed(place.case, at=wrong, step="preview"))

    page = answer.content.decode()
    assert answer.status_code == 422
    assert said in page
    assert f'value="{wrong}"' in page or not wrong


def test_knowing_before_it_happened_is_said_at_the_field():
    place = office()
    happened = {
        "fact_count": place.case.fact_count,
        "occurred_at": "2026-11-21 12:00",
        "occurred_at-certainty": "confirmed",
    }

    answer = place.client("handler").post(address(place.case, "occurred_at"), {**happened, "step": "preview"})

    assert answer.status_code == 422
    assert "앞섭니다" in answer.content.decode()


def test_saying_unknown_takes_the_value_away_and_keeps_the_old_one():
    place = office()
    asked = typed(place.case, step="apply", reason="유출이 아닌 것으로 보임") | {
        "leak_known_at-certainty": "unknown"
    }

    place.client("handler").post(address(place.case), asked)

    rows = FactRevision.objects.filter(case=place.case, name="leak_known_at").order_by("number")
    assert [row.value is None for row in rows] == [False, True]


def test_the_same_again_is_not_a_change():
    place = office()
    same = typed(place.case, at="2026-11-21 09:12", step="preview") | {
        "leak_known_at-certainty": "estimated",
        "leak_known_at-source": "‘지금 알았다’를 누른 시각",
    }

    answer = place.client("handler").post(address(place.case), same)

    assert "바뀐 값이 없습니다" in answer.content.decode()


@pytest.mark.parametrize(
    "which",
    ["anchor", "nature", "scale", "outage", "sector", "narrative", "confirmed", "effect", "loss_amount"],
)
def test_each_group_and_each_kind_of_fact_has_a_form(which):
    place = office()

    assert place.client("cpo").get(address(place.case, which)).status_code == 200


def test_several_facts_are_recorded_together():
    place = office()
    several = {
        "fact_count": place.case.fact_count,
        "person_count": "1,200",
        "person_count-certainty": "estimated",
        "contact_known": "",
        "contact_known-certainty": "confirmed",
        "contact_unknown_count": "",
        "contact_unknown_count-certainty": "estimated",
        "possible_person_count": "",
        "possible_person_count-certainty": "estimated",
        "step": "apply",
    }

    place.client("handler").post(address(place.case, "scale"), several)

    row = FactRevision.objects.get(case=place.case, name="person_count")
    assert (row.value, row.certainty) == (1200, "estimated")
    assert not FactRevision.objects.filter(case=place.case, name="contact_unknown_count").exists()


def test_a_newly_confirmed_fact_starts_its_own_clock():
    place = office()
    found = {
        "fact_count": place.case.fact_count,
        "confirmed_fact-text": "파일 2개를 더 찾음",
        "confirmed_fact-at": "2026-11-21 13:00",
        "confirmed_fact-certainty": "confirmed",
        "step": "apply",
    }

    place.client("handler").post(address(place.case, "confirmed"), found)

    assert FactRevision.objects.get(case=place.case, name="confirmed_fact").key == "f1"
    assert place.case.deadlines.running().filter(duty__subject_key="f1").exists()


def test_what_the_law_leaves_to_a_deciding_person_is_asked_of_nobody_else():
    place = office()
    judgement = address(place.case, "risk_markedly_lower")

    assert place.client("handler").get(judgement).status_code == 403
    assert (
        "risk_markedly_lower"
        not in place.client("handler").get(address(place.case, "nature")).content.decode()
    )
    assert place.client("cpo").get(judgement).status_code == 200


def test_a_judgement_needs_the_name_and_the_reason_of_who_judged():
    place = office()
    asked = {
        "fact_count": place.case.fact_count,
        "risk_markedly_lower": "yes",
        "risk_markedly_lower-certainty": "confirmed",
        "step": "preview",
    }

    answer = place.client("cpo").post(address(place.case, "risk_markedly_lower"), asked)

    assert answer.status_code == 422
    assert "판단한 사람과 이유를 적어 주세요" in answer.content.decode()


def test_an_unknown_fact_is_not_found():
    place = office()

    assert place.client("handler").get(address(place.case, "no_such_fact")).status_code == 404


def test_every_revision_of_a_fact_is_shown():
    place = office()
    place.client("handler").post(address(place.case), typed(place.case, step="apply", reason="더 이른 시각"))

    page = (
        place.client("auditor")
        .get(reverse("incidents:fact-history", args=[place.case.reference, "leak_known_at"]))
        .content.decode()
    )

    assert "2026-11-21(토) 09:12 KST" in page
    assert "2026-11-21(토) 06:12 KST" in page
    assert "더 이른 시각" in page


def test_what_was_being_typed_is_offered_after_signing_in_again():
    place = office()
    client = place.client("handler")
    key = f"fact:{place.case.reference}:leak_known_at:"
    kept = client.post(reverse("incidents:draft", args=[key]), typed(place.case, at="2026-11-21 07:00"))
    again = place.client("handler")

    offer = again.get(address(place.case)).content.decode()
    resumed = again.get(address(place.case), {"resume": "1"}).content.decode()

    assert kept.json()["saved_at"]
    assert "쓰던 내용이 있습니다" in offer
    assert 'value="2026-11-21 07:00"' in resumed


def test_a_draft_is_ones_own():
    place = office()
    key = f"fact:{place.case.reference}:leak_known_at:"
    place.client("handler").post(reverse("incidents:draft", args=[key]), {"leak_known_at": "비밀"})

    other = place.client("cpo")

    assert other.get(reverse("incidents:draft", args=[key])).json() == {}
    assert "쓰던 내용이 있습니다" not in other.get(address(place.case)).content.decode()


def test_a_draft_goes_when_its_words_are_recorded_or_thrown_away():
    place = office()
    client = place.client("handler")
    key = f"fact:{place.case.reference}:leak_known_at:"
    client.post(reverse("incidents:draft", args=[key]), typed(place.case))
    client.post(address(place.case), typed(place.case, step="apply", reason="일지"))
    after_saving = Draft.objects.count()
    client.post(reverse("incidents:draft", args=[key]), {"leak_known_at": "x"})
    back = client.post(reverse("incidents:discard-draft", args=[key]), {"next": "https://evil.example/"})

    assert (after_saving, Draft.objects.count(), back.url) == (0, 0, "/")


def test_a_draft_keeps_no_token():
    place = office()
    place.client("handler").post(
        reverse("incidents:draft", args=["intake:x"]), {"csrfmiddlewaretoken": "t", "summary": "글"}
    )

    assert Draft.objects.get().content == {"summary": ["글"]}


def test_a_made_up_key_is_no_second_answer():
    place = office()

    answer = place.client("handler").post(
        address(place.case) + "?key=f1", typed(place.case, step="apply", reason="다른 답")
    )

    assert answer.status_code == 404
    assert FactRevision.objects.filter(case=place.case, name="leak_known_at").count() == 1


@pytest.mark.parametrize("reason", ["가" * 501, "가\x00나" * 251])
def test_a_reason_too_long_is_said_and_nothing_is_cut(reason):
    place = office()

    answer = place.client("handler").post(address(place.case), typed(place.case, step="apply", reason=reason))

    said = "500자까지" in answer.content.decode()
    assert (answer.status_code, said) == (422, True)
    assert FactRevision.objects.filter(case=place.case, name="leak_known_at").count() == 1


def test_a_lock_nobody_could_have_been_given_is_refused():
    place = office()

    answer = place.client("handler").post(
        address(place.case), {**typed(place.case, step="apply", reason="고침"), "fact_count": "9" * 40}
    )

    assert answer.status_code == 422


def test_a_draft_with_a_nul_is_kept_without_it():
    place = office()
    client = place.client("handler")
    where = reverse("incidents:draft", args=["fact:x"])

    assert client.post(where, {"summary": "가\x00나"}).status_code == 200

    assert client.get(where).json()["content"] == {"summary": ["가나"]}


@pytest.mark.parametrize("back", ["no-such-page", "가\x00", "https://elsewhere.example/"])
def test_throwing_a_draft_away_leads_to_a_page_of_the_house(back):
    answer = (
        office().client("handler").post(reverse("incidents:discard-draft", args=["fact:x"]), {"next": back})
    )

    assert answer.status_code == 302
    assert "elsewhere" not in answer["Location"]
