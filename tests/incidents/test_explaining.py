"""Why a duty is owed or not, live from the facts, and what would be under others; nothing of it writes."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import translation
from django.utils.html import strip_tags

import rules
from core.audit.models import Event
from incidents import services
from incidents.explaining import _touched, duty_explanation, not_due_list
from incidents.law import current_facts, law_document
from incidents.models import Certainty, Deadline, FactRevision
from incidents.services import FactChange
from tests.incidents.factories import KNOWN, opened_case
from tests.incidents.pages import KINDS, office

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]
HOUR = timedelta(hours=1)
LATER = KNOWN + HOUR
REPORT = "kr.pipa.s34.report"
SEEING = ("handler", "cpo", "approver", "counsel", "auditor")


def stated(case, certainty=Certainty.CONFIRMED, **facts):
    changes = [FactChange(name, value, certainty) for name, value in facts.items()]
    services.record_facts(case_id=case.pk, changes=changes, actor=case.lead, now=LATER, reason="확인함")


def leak_of(people, **facts):
    case = opened_case()
    stated(case, leak_known_at=KNOWN, person_count=people, effect=["leak"], **facts)
    return case


def clock(case, family=REPORT):
    return Deadline.objects.current().select_related("case", "duty").get(case=case, duty__family=family)


def page_of(client, name, *args, **query):
    return client.get(reverse(f"incidents:{name}", args=args), query)


def test_the_explanation_says_what_was_used_counted_met_and_near():
    told = duty_explanation(clock(leak_of(1000)))
    used = {fact.label: fact for fact in told.facts}
    assert (used["정보주체 수"].value, used["정보주체 수"].certainty) == ("1,000명", "confirmed")
    assert any(
        line.endswith("2026-11-24(화) 09:12에 끝나고 그 시각까지 이행하면 됩니다.")
        for line in told.arithmetic
    )
    assert any("1,000명 이상" in line.words and line.state == "met" for line in told.conditions)
    assert any("999명이었다면" in line for line in told.neighbours)
    assert (told.is_owed, told.differences) == (True, [])


@pytest.mark.parametrize(("people", "state"), [(999, "not_met"), (1000, "met"), (1001, "met")])
def test_the_threshold_of_people_is_told_on_both_sides(people, state):
    case = leak_of(people)
    told = duty_explanation(clock(case))
    (line,) = [line for line in told.conditions if "1,000명 이상" in line.words]
    assert line.state == state


def test_an_estimate_is_told_as_an_estimate():
    case = opened_case()
    stated(case, certainty=Certainty.ESTIMATED, leak_known_at=KNOWN, person_count=5000)
    used = {fact.label: fact.certainty for fact in duty_explanation(clock(case)).facts}
    assert used["정보주체 수"] == "estimated"


def test_what_is_not_stated_is_told_as_such():
    used = {fact.label: fact for fact in duty_explanation(clock(leak_of(1000))).facts}
    assert (used["고유식별정보가 들어 있음"].value, used["고유식별정보가 들어 있음"].certainty) == ("—", "")
    assert used["고유식별정보가 들어 있음"].standing == "아직 적지 않음"


def test_another_edition_and_another_result_are_said_and_the_clock_stays_the_authority():
    case = leak_of(1000)
    row = clock(case)
    row.rules_digest, row.due_at = "0" * 64, row.due_at + HOUR
    told = duty_explanation(row)
    assert "다른 규칙판(000000000000)" in told.differences[0]
    assert "지금 계산: 2026-11-24(화) 09:12" in told.differences[1]


def test_facts_that_no_longer_give_the_duty_are_said():
    case = leak_of(1000)
    row = clock(case)
    stated(case, is_public_fixed_cctv=True)
    row.refresh_from_db()
    told = duty_explanation(row)
    assert not told.is_owed
    assert any("지금 사실로는 이 의무가 없습니다" in words for words in told.differences)
    assert told.would_be_due


def test_a_family_this_edition_does_not_have_is_said():
    row = clock(leak_of(1000))
    row.duty.family = "kr.gone.report"
    assert "지금 규칙판에는 이 의무가 없습니다." in duty_explanation(row).differences


def test_every_duty_not_owed_is_listed_with_its_reason_and_abroad_in_one_line_each():
    case = leak_of(1000)
    found = not_due_list(case)
    assert all(row.why and row.title for row in found.rows)
    assert {place.code for place in found.abroad} == {"eu", "jp", "us.ca"}
    assert [place.rows for place in found.abroad] == [[], [], []]
    asked = rules.assess("duties", law_document(case, current_facts(case)))["not_due"]
    assert len(found.rows) + sum(place.count for place in found.abroad) == len(asked)


def test_abroad_is_told_in_full_where_the_organisation_is_there():
    case = leak_of(1000)
    profile = case.organization.profile_on(KNOWN.date())
    document = law_document(case, current_facts(case))
    assert "is_gdpr_controller" not in document["organization"]
    assert touched_by(
        rules.explain("duties", document), {"is_gdpr_controller": True, **profile.as_facts()}
    ) == {"eu"}
    assert touched_by(rules.explain("duties", document), profile.as_facts()) == set()


def touched_by(answer, stated_facts):
    return _touched([*answer["duties"], *answer["not_due"]], stated_facts)


def test_a_condition_that_failed_and_what_would_change_it_are_told():
    rows = {row.title: row for row in not_due_list(leak_of(1000, is_public_fixed_cctv=True)).rows}
    row = rows["개인정보 유출등 신고"]
    assert "고정형 영상정보처리기기" in row.failed
    assert "해당하지 않았다면" in row.would_be_due


def test_both_languages_are_spoken():
    case = leak_of(1000)
    with translation.override("en"):
        told, found = duty_explanation(clock(case)), not_due_list(case)
    assert any(line.endswith("performance at that instant is in time.") for line in told.arithmetic)
    assert any("If the number of data subjects were 999" in line for line in told.neighbours)
    assert all(row.why.startswith(("No ", "The clock")) for row in found.rows)


@time_machine.travel(LATER, tick=False)
@pytest.mark.parametrize("kind", KINDS)
def test_each_page_opens_for_those_who_see_the_case(kind):
    place = office()
    client, case = place.client(kind), place.case
    expected = 302 if kind == "anonymous" else 200 if kind in SEEING else 404
    row = case.deadlines.filter(duty__isnull=False).first()
    assert page_of(client, "explain-deadline", case.reference, row.pk).status_code == expected
    for name in ("not-due", "what-if"):
        assert page_of(client, name, case.reference).status_code == expected, name
    assert page_of(client, "what-if", case.reference, ask="1", person_count="7").status_code == expected


@time_machine.travel(LATER, tick=False)
def test_the_part_is_answered_to_htmx_and_the_page_to_everybody_else():
    place = office()
    client, where = place.client("handler"), reverse("incidents:not-due", args=[place.case.reference])
    whole, part = (
        client.get(where).content.decode(),
        client.get(where, headers={"HX-Request": "true"}).content.decode(),
    )
    assert "<html" in whole
    assert "<html" not in part
    assert "해당하게 되는 경우" in part


@time_machine.travel(LATER, tick=False)
def test_a_deadline_that_a_person_set_is_not_explained_by_the_law():
    place = office()
    row = services.add_deadline(
        case_id=place.case.pk, title="자료 제출", due_at=KNOWN + 90 * HOUR, actor=place.case.lead, now=LATER
    )
    assert (
        page_of(place.client("handler"), "explain-deadline", place.case.reference, row.pk).status_code == 404
    )


@time_machine.travel(LATER, tick=False)
def test_the_tab_itself_explains_nothing(monkeypatch):
    place = office()
    monkeypatch.setattr(rules, "explain", lambda *_: pytest.fail("the tab asked for an explanation"))
    assert page_of(place.client("handler"), "case-clocks", place.case.reference).status_code == 200


@time_machine.travel(LATER, tick=False)
def test_supposing_shows_every_duty_and_writes_nothing():
    place = office()
    stated(place.case, leak_known_at=KNOWN, person_count=10, effect=["leak"])
    client = place.client("auditor")
    before = (FactRevision.objects.count(), Event.objects.count(), Deadline.objects.count())

    answer = page_of(
        client, "what-if", place.case.reference, ask="1",
        leak_known_at="2026-11-20 09:12", person_count="1,000", effect="leak",
    )  # fmt: skip

    page = strip_tags(answer.content.decode())
    assert "10명" in page and "1,000명" in page
    assert "2026-11-23(월) 09:12 KST" in page
    assert (FactRevision.objects.count(), Event.objects.count(), Deadline.objects.count()) == before


@time_machine.travel(LATER, tick=False)
def test_the_form_is_filled_in_with_the_facts_of_the_case_and_asks_nothing_new_with_them():
    place = office()
    stated(place.case, leak_known_at=KNOWN, person_count=10, effect=["leak"], has_sensitive=True)
    page = page_of(place.client("handler"), "what-if", place.case.reference)
    form = page.context["form"]
    asked = {name: form[name].value() for name in form.fields}
    typed = {name: value for name, value in asked.items() if value not in (None, "")}
    again = page_of(place.client("handler"), "what-if", place.case.reference, ask="1", **typed)
    assert asked["person_count"] == 10
    assert "지금 사실과 다르게 가정한 것이 없습니다." in again.content.decode()


@time_machine.travel(LATER, tick=False)
@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"person_count": "백"}, "person_count"),
        ({"person_count": "-1"}, "person_count"),
        ({"leak_known_at": "2026-13-40 09:00"}, "leak_known_at"),
        ({"leak_known_at": "2026-11-25 09:00"}, "leak_known_at"),
        ({"occurred_at": "2026-11-21 09:30", "leak_known_at": "2026-11-21 09:12"}, "leak_known_at"),
        ({"effect": "melted"}, "effect"),
        ({"has_sensitive": "perhaps"}, "has_sensitive"),
    ],
)
def test_bad_values_are_told_at_their_field(typed, field):
    place = office()
    answer = page_of(place.client("handler"), "what-if", place.case.reference, ask="1", **typed)
    assert answer.status_code == 422
    assert field in answer.context["form"].errors


@time_machine.travel(LATER, tick=False)
def test_supposing_takes_no_post():
    place = office()
    where = reverse("incidents:what-if", args=[place.case.reference])
    assert place.client("cpo").post(where, {"ask": "1"}).status_code == 405
