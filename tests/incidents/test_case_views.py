"""Opening a case, answering its first questions, listing, naming, moving and closing."""

import csv
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from core.accounts.models import Role
from incidents import services
from incidents.models import Case, FactRevision, Phase
from tests.core.accounts.factories import MembershipFactory
from tests.incidents.factories import KNOWN, opened_case
from tests.incidents.pages import office

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]
INTAKE = {
    "leak": "unknown",
    "intrusion": "unknown",
    "outage": "unknown",
    "has_sensitive": "unknown",
    "has_unique_id": "unknown",
}


def standing(case, name):
    return FactRevision.objects.filter(case=case, name=name).current().first()


@time_machine.travel(KNOWN, tick=False)
def test_one_press_opens_a_case_at_the_servers_instant(client):
    membership = MembershipFactory(role=Role.HANDLER)
    client.force_login(membership.user)

    answer = client.post(reverse("incidents:open-case"))

    case = Case.objects.get()
    assert answer.url == reverse("incidents:case-intake", args=[case.reference])
    assert (case.opened_at, case.organization) == (KNOWN, membership.organization)
    assert case.deadlines.running().exists()


def test_looking_at_the_opening_page_opens_nothing(client):
    client.force_login(MembershipFactory(role=Role.HANDLER).user)

    answer = client.get(reverse("incidents:open-case"))

    assert (answer.status_code, Case.objects.count()) == (200, 0)


def test_somebody_who_works_for_two_organisations_is_asked_which(client):
    first = MembershipFactory(role=Role.HANDLER)
    second = MembershipFactory(role=Role.CPO, user=first.user)
    client.force_login(first.user)

    asked = client.post(reverse("incidents:open-case"))
    client.post(reverse("incidents:open-case"), {"organization": second.organization.pk})

    assert "지금 알았다" in asked.content.decode()
    assert [case.organization for case in Case.objects.all()] == [second.organization]


def test_a_case_cannot_be_opened_for_an_organisation_one_has_no_part_in(client):
    first = MembershipFactory(role=Role.HANDLER)
    MembershipFactory(role=Role.HANDLER, user=first.user)
    stranger = MembershipFactory(role=Role.HANDLER).organization
    client.force_login(first.user)

    client.post(reverse("incidents:open-case"), {"organization": stranger.pk})

    assert not Case.objects.exists()


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.ADMIN])
def test_those_who_do_not_work_on_cases_cannot_open_one(client, role):
    client.force_login(MembershipFactory(role=role).user)

    assert client.post(reverse("incidents:open-case")).status_code == 403
    assert not Case.objects.exists()


@pytest.mark.parametrize("kind", ["admin", "auditor"])
def test_whoever_may_not_open_a_case_is_told_which_role_may_and_who_has_it(kind):
    place = office()

    answer = place.client(kind).get(reverse("incidents:open-case"))

    page = answer.content.decode()
    assert answer.status_code == 403
    assert "담당자 · 개인정보 보호책임자 · 승인자 · 법무" in page
    for role in ("handler", "cpo", "approver", "counsel"):
        assert place.people[role].name in page
    assert place.people["outsider"].name not in page


def test_where_nobody_has_such_a_role_the_page_says_who_can_give_one(client):
    client.force_login(MembershipFactory(role=Role.ADMIN).user)

    page = client.get(reverse("incidents:open-case")).content.decode()

    assert "아직 이 역할을 가진 사람이 없습니다." in page
    assert reverse("settings") in page


@time_machine.travel(KNOWN + timedelta(hours=1), tick=False)
def test_not_known_yet_leaves_every_clock_running():
    place = office()
    before = list(place.case.deadlines.running().values_list("due_at", flat=True).order_by("pk"))

    place.client("handler").post(reverse("incidents:case-intake", args=[place.case.reference]), INTAKE)

    assert list(place.case.deadlines.running().values_list("due_at", flat=True).order_by("pk")) == before


@time_machine.travel(KNOWN + timedelta(hours=1), tick=False)
def test_no_without_a_reason_is_not_accepted():
    place = office()
    address = reverse("incidents:case-intake", args=[place.case.reference])

    answer = place.client("handler").post(address, {**INTAKE, "intrusion": "no", "summary": "직원의 실수"})

    assert answer.status_code == 422
    assert "이유가 필요합니다" in answer.content.decode()
    assert "직원의 실수" in answer.content.decode()
    assert standing(place.case, "intrusion_known_at").value is not None


@time_machine.travel(KNOWN + timedelta(hours=1), tick=False)
def test_no_with_a_reason_ends_the_clock_of_the_intrusion():
    place = office()
    address = reverse("incidents:case-intake", args=[place.case.reference])

    place.client("handler").post(
        address,
        {
            **INTAKE,
            "intrusion": "no",
            "intrusion_reason": "내부 직원의 실수임을 확인",
            "person_count": "1,200명",
        },
    )

    known = standing(place.case, "intrusion_known_at")
    assert (known.value, known.certainty, known.reason) == (None, "unknown", "내부 직원의 실수임을 확인")
    assert standing(place.case, "person_count").value == 1200
    assert not place.case.deadlines.running().filter(anchor="intrusion_known_at").exists()


@time_machine.travel(KNOWN + timedelta(hours=1), tick=False)
def test_yes_confirms_the_second_that_was_recorded_and_names_the_kind():
    place = office(now=KNOWN + timedelta(seconds=7))
    address = reverse("incidents:case-intake", args=[place.case.reference])
    asked = {
        **INTAKE,
        "leak": "yes",
        "leak_known_at": "2026-11-21 09:12",
        "intrusion_known_at": "2026-11-21 09:12",
    }

    place.client("handler").post(address, asked)

    known = standing(place.case, "leak_known_at")
    place.case.refresh_from_db()
    assert (known.value, known.certainty) == ("2026-11-21T09:12:07+09:00", "confirmed")
    assert place.case.is_personal_data
    assert standing(place.case, "intrusion_known_at").number == 1


def _answers(client, address):
    """What the intake page shows, as the browser would send it back."""
    form = client.get(address).context["form"]
    return {name: form[name].value() or "" for name in form.fields}


@time_machine.travel(KNOWN + timedelta(hours=1), tick=False)
def test_the_intake_opened_again_shows_the_answers_and_sending_it_back_states_nothing():
    place = office()
    client = place.client("handler")
    address = reverse("incidents:case-intake", args=[place.case.reference])
    told = {"leak": "yes", "leak_known_at": "2026-11-21 09:12", "intrusion": "yes", "summary": "계정 탈취"}
    client.post(address, {**INTAKE, **told, "person_count": "1200", "has_sensitive": "no"})
    place.case.refresh_from_db()
    before = place.case.fact_count

    shown = _answers(client, address)
    client.post(
        address, {**shown, "leak_known_at": "2026-11-21 09:12", "intrusion_known_at": "2026-11-21 09:12"}
    )

    place.case.refresh_from_db()
    assert (shown["leak"], shown["intrusion"], shown["has_sensitive"], shown["has_unique_id"]) == (
        "yes",
        "yes",
        "no",
        "unknown",
    )
    assert (shown["summary"], shown["person_count"]) == ("계정 탈취", 1200)
    assert place.case.fact_count == before


@time_machine.travel(KNOWN + timedelta(hours=1), tick=False)
def test_an_intake_page_left_open_does_not_undo_what_was_corrected_meanwhile():
    place = office()
    client = place.client("handler")
    address = reverse("incidents:case-intake", args=[place.case.reference])
    client.post(address, {**INTAKE, "person_count": "1200"})
    opened = _answers(client, address)
    now = KNOWN + timedelta(hours=1)
    services.record_facts(
        case_id=place.case.pk,
        changes=[services.FactChange("person_count", 5000, "confirmed", "전수 조사")],
        actor=place.people["handler"],
        now=now,
        reason="전수 조사",
    )

    client.post(address, {**opened, "occurred_at": "2026-11-21 08:00"})

    count = standing(place.case, "person_count")
    assert (count.value, count.certainty) == (5000, "confirmed")
    assert standing(place.case, "occurred_at").value is not None


def test_the_list_is_narrowed_by_words_phase_and_kind():
    place = office(title="고객센터 계정 탈취")
    other = opened_case(
        organization=place.case.organization, actor=place.people["handler"], title="퇴사자 파일 반출"
    )
    services.advance_phase(
        case_id=other.pk, phase=Phase.INVESTIGATION, actor=place.people["handler"], now=KNOWN
    )
    client = place.client("handler")

    def found(**query):
        return {
            case.reference for case in client.get(reverse("incidents:case-list"), query).context["page_obj"]
        }

    assert found(q="계정") == {place.case.reference}
    assert found(q=other.reference) == {other.reference}
    assert found(phase="investigation") == {other.reference}
    assert found(kind="is_personal_data") == set()
    assert found(phase="nonsense", page="x") == {place.case.reference, other.reference}


def test_the_export_opens_in_a_spreadsheet_and_runs_no_formula():
    place = office(title="=HYPERLINK(1)")

    wanted = {"purpose": "보고", "columns": ["title", "reference"]}
    answer = place.client("handler").post(reverse("incidents:case-export"), wanted)

    text = answer.getvalue().decode("utf-8-sig")
    assert list(csv.reader(text.splitlines()))[1][:2] == [place.case.reference, "'=HYPERLINK(1)"]


def test_the_list_asks_the_same_number_of_questions_however_long(django_assert_max_num_queries):
    place = office()
    for _count in range(12):
        opened_case(organization=place.case.organization, actor=place.people["handler"])
    client = place.client("handler")

    with django_assert_max_num_queries(15):
        client.get(reverse("incidents:case-list"))


def test_words_people_type_are_shown_as_text():
    place = office(title="<script>alert(1)</script>")
    client = place.client("cpo")

    for name in ("case-overview", "case-clocks", "case-facts", "case-history", "describe-case"):
        page = client.get(reverse(f"incidents:{name}", args=[place.case.reference])).content.decode()
        assert "<script>alert" not in page, name
    assert "<script>alert" not in client.get(reverse("home")).content.decode()


def test_a_case_is_named_and_handed_over():
    place = office()
    address = reverse("incidents:describe-case", args=[place.case.reference])
    lead = place.people["counsel"]

    place.client("handler").post(
        address, {"title": "새 이름", "kinds": ["is_cyber_incident"], "lead": lead.pk}
    )

    place.case.refresh_from_db()
    assert (place.case.title, place.case.is_cyber_incident, place.case.lead) == ("새 이름", True, lead)


def test_a_stranger_cannot_be_made_the_lead():
    place = office()
    address = reverse("incidents:describe-case", args=[place.case.reference])

    answer = place.client("handler").post(address, {"title": "", "lead": place.people["outsider"].pk})

    assert answer.status_code == 422


def test_a_case_with_a_running_clock_is_not_closed():
    place = office()
    address = reverse("incidents:close-case", args=[place.case.reference])

    answer = place.client("cpo").post(address, {"reason": "모두 끝남"})

    place.case.refresh_from_db()
    assert (answer.status_code, place.case.phase) == (422, Phase.DETECTION)
    assert "끝나지 않은 기한" in answer.content.decode()


def test_the_phase_is_moved():
    place = office()

    place.client("handler").post(
        reverse("incidents:advance-phase", args=[place.case.reference]), {"phase": "containment"}
    )

    place.case.refresh_from_db()
    assert place.case.phase == Phase.CONTAINMENT


def test_pressing_twice_by_impatience_opens_one_case():
    place = office()
    client = place.client("handler")
    before = Case.objects.count()

    with time_machine.travel(KNOWN, tick=False) as clock:
        first = client.post(reverse("incidents:open-case"))
        second = client.post(reverse("incidents:open-case"))
        clock.shift(timedelta(seconds=31))
        third = client.post(reverse("incidents:open-case"))

    assert first["Location"] == second["Location"] != third["Location"]
    assert Case.objects.count() == before + 2
