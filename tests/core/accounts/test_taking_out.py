"""The right to take things out: a role has it or lacks it, every copy asks for it, and history vouches for it."""

from datetime import date

import pytest
import time_machine
from django.urls import reverse

from config.powers import power_holders
from core.access.copies import MayNotTakeOut
from core.access.copy_models import Copy
from core.access.models import AccessRow, Result
from core.accounts.models import Membership, Role
from core.accounts.services import give_role
from core.accounts.taking_out import may_take_out, set_taking_out
from core.audit import keys
from core.audit.models import HOUSE, Event
from core.audit.services import vouch_for_rows
from core.audit.verification import first_break
from core.audit.witnesses import vouched_columns
from incidents.services import take_out_case
from notifications.models import PaperKind
from notifications.services.copies import copy_paper
from tests.core.accounts.factories import MembershipFactory, OrganizationFactory, UserFactory
from tests.core.accounts.tokens import program_of
from tests.notifications.paper_cases import HOUR, KNOWN, approved, scene, started

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]
LATER = KNOWN + 3 * HOUR


@pytest.fixture
def one(settings, tmp_path):
    settings.SIGNING_KEY_FILE = tmp_path / "signing.pem"
    keys.make_signing_key()
    with time_machine.travel(LATER, tick=False):
        yield scene()


def without(one, *people):
    Membership.objects.filter(user__in=people).update(may_take_out=False)


def roads(one, paper):
    case = one.case.reference
    return {
        "paper": reverse("notifications:paper-pdf", args=[case, paper.number, 1]),
        "bundle": reverse("incidents:export-case", args=[case]),
        "list": reverse("incidents:case-export"),
        "certificate": reverse("incidents:destruction-certificate", args=[case]),
        "evidence": reverse("incidents:copy-evidence", args=[case, 1]),
    }


@pytest.mark.parametrize("role", [Role.HANDLER, Role.CPO, Role.APPROVER, Role.COUNSEL, Role.AUDITOR])
def test_without_it_every_road_out_is_refused_with_whom_to_ask(one, client, role):
    paper = started(one, PaperKind.SUBJECT_NOTICE)
    approved(one, paper, now=KNOWN + HOUR)
    person = one.people[role]
    without(one, person)
    client.force_login(person)
    for name, where in roads(one, paper).items():
        for answer in (
            client.get(where),
            client.post(where, {"use": "review", "reason": "제출", "purpose": "보고"}),
        ):
            page = answer.content.decode()
            assert answer.status_code == 403, name
            assert "내려받을 권한이 없습니다" in page and one.people[Role.ADMIN].name in page, name
    assert not Copy.objects.exists()
    assert AccessRow.objects.filter(account=person, place="incidents:case-export").latest("pk").result == (
        Result.REFUSED
    )


def test_reading_and_working_go_on(one, client):
    without(one, one.handler)
    client.force_login(one.handler)
    for name in ("case-overview", "case-facts", "case-evidence", "case-history", "case-copies", "add-entry"):
        assert client.get(reverse(f"incidents:{name}", args=[one.case.reference])).status_code == 200


def test_the_services_refuse_it_too(one):
    paper = started(one, PaperKind.SUBJECT_NOTICE)
    auditor = one.people[Role.AUDITOR]
    without(one, one.handler, auditor)
    with pytest.raises(MayNotTakeOut):
        copy_paper(version=paper.latest(), purpose="제출", actor=one.handler, now=LATER)
    with pytest.raises(MayNotTakeOut):
        take_out_case(case=one.case, actor=auditor, reason="제출", now=LATER, is_redacted=True)
    assert not Copy.objects.exists()


def test_no_button_leads_to_a_refusal(one, client):
    paper = started(one, PaperKind.SUBJECT_NOTICE)
    approved(one, paper, now=KNOWN + HOUR)
    cpo = one.people[Role.CPO]
    client.force_login(cpo)
    pages = (
        reverse("notifications:paper", args=[one.case.reference, paper.number]),
        reverse("incidents:case-history", args=[one.case.reference]),
        reverse("incidents:case-list"),
    )
    wanted = ("/pdf", roads(one, paper)["bundle"], roads(one, paper)["list"])
    before = [client.get(where).content.decode() for where in pages]
    without(one, cpo)
    after = [client.get(where).content.decode() for where in pages]
    for link, had, has in zip(wanted, before, after, strict=True):
        assert link in had and link not in has


def test_a_program_of_somebody_without_it_reads_nothing_away(one):
    program = program_of(one.handler)
    where = f"/cases/{one.case.reference}"
    assert (program.get("/cases").json()["count"], program.get(where).status_code) == (1, 200)
    without(one, one.handler)
    assert program.get("/cases").json()["count"] == 0
    for door in (where, f"{where}/deadlines"):
        answer = program.get(door)
        assert answer.status_code == 403 and "권한이 없습니다" in answer.json()["error"]["message"]
    one.case.refresh_from_db()
    stated = {"person_count": {"value": 30, "certainty": "estimated"}}
    document = {"expected_count": one.case.fact_count, "facts": stated, "reason": "집계"}
    assert program.post(f"{where}/facts", document).status_code == 200


def test_a_list_over_two_houses_leaves_only_with_the_right_in_both(one, client):
    other = scene()
    MembershipFactory(
        user=one.handler, organization=other.organization, role=Role.AUDITOR, may_take_out=False
    )
    client.force_login(one.handler)
    answer = client.post(reverse("incidents:case-export"), {"purpose": "보고"})
    assert answer.status_code == 422 and other.organization.name in answer.content.decode()
    assert not Copy.objects.exists()


def test_a_role_given_has_none_unless_it_is_said():
    place, usual = OrganizationFactory(), {"actor": None, "now": KNOWN, "role": Role.CPO}
    held = give_role(user=UserFactory(), organization=place, **usual)
    assert not held.may_take_out and not may_take_out(held.user, place.pk)
    said = give_role(user=UserFactory(), organization=place, may_take_out=True, **usual)
    assert may_take_out(said.user, place.pk)
    told = (
        Event.objects.filter(action="role.given").order_by("pk").values_list("data__may_take_out", flat=True)
    )
    assert list(told) == [False, True]


def test_one_that_is_over_gives_no_right():
    held = MembershipFactory(ends_on=date(2026, 11, 20))
    with time_machine.travel(KNOWN, tick=False):
        assert not may_take_out(held.user, held.organization_id)


def test_it_is_given_and_taken_back_with_a_reason_and_a_request(one, client):
    admin, held = one.people[Role.ADMIN], one.handler.memberships.get()
    door = reverse("settings-taking-out", args=[one.organization.pk, held.pk])
    client.force_login(admin)
    assert client.post(door, {"reason": ""}).status_code == 422
    assert client.post(door, {"reason": "부서 이동"}).status_code == 302
    held.refresh_from_db()
    assert not held.may_take_out
    assert client.post(door, {"reason": "복귀"}).status_code == 422  # who asked is not named
    cpo = one.people[Role.CPO]
    assert client.post(door, {"reason": "복귀", "asked_by": cpo.pk}).status_code == 302
    back, given = Event.objects.filter(action="role.taking-out-set").order_by("pk")
    assert (back.data["after"], back.reason, back.actor) == ({"may_take_out": False}, "부서 이동", admin)
    assert (given.data["after"], given.data["asked_by"]) == ({"may_take_out": True}, cpo.pk)
    page = client.get(reverse("settings-people", args=[one.organization.pk])).content.decode()
    assert "복귀" in page and "출력·다운로드를 바꿈" in page
    client.force_login(cpo)
    assert client.post(door, {"reason": "나"}).status_code == 403


def test_the_same_again_is_no_event(one):
    held, usual = (
        one.handler.memberships.get(),
        {"actor": one.people[Role.ADMIN], "now": LATER, "reason": "또"},
    )
    set_taking_out(membership_id=held.pk, may_take_out=True, **usual)
    assert not Event.objects.filter(action="role.taking-out-set").exists()


@pytest.mark.parametrize("to", [True, False])
def test_a_right_changed_past_its_service_is_found(to):
    place = OrganizationFactory()
    usual = {"organization": place, "actor": None, "now": KNOWN, "role": Role.HANDLER}
    held = give_role(user=UserFactory(), may_take_out=not to, **usual)
    assert first_break(HOUSE) is None
    Membership.objects.filter(pk=held.pk).update(may_take_out=to)
    assert first_break(HOUSE) is not None


def test_what_history_said_of_older_roles_still_holds():
    """A role vouched for before there was the right has it, and its digest is made of the same columns as then."""
    held = MembershipFactory()
    vouch_for_rows(actor=None, at=KNOWN, reason="판을 올림")
    assert "may_take_out" not in vouched_columns(held)
    assert first_break(HOUSE) is None
    set_taking_out(membership_id=held.pk, may_take_out=False, actor=held.user, now=LATER, reason="정리")
    assert first_break(HOUSE) is None


def test_the_list_of_powers_leaves_out_who_may_not(one):
    cpo = one.people[Role.CPO]
    listed = {row.person.pk: row.downloads for row in power_holders([one.organization.pk])}
    assert listed[cpo.pk]
    without(one, cpo, one.handler)
    listed = {row.person.pk: row.downloads for row in power_holders([one.organization.pk])}
    assert not listed[cpo.pk] and one.handler.pk not in listed
