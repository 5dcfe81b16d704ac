"""Settings: who may change people and organisations, and what they change."""

from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

import rules
from core.accounts.models import Membership, OrganizationProfile, Role, User
from core.accounts.services import set_profile
from core.audit.models import Event
from incidents.models import Deadline
from tests.core.accounts.factories import MembershipFactory, OrganizationFactory, UserFactory
from tests.incidents.pages import KINDS, office

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]
PAGES = (
    "settings-organization",
    "settings-profile",
    "settings-people",
    "settings-add-person",
    "settings-give-role",
)


@pytest.fixture
def admin(client):
    membership = MembershipFactory(role=Role.ADMIN)
    client.force_login(membership.user)
    return membership


@pytest.mark.parametrize("kind", KINDS)
def test_only_an_administrator_of_the_organisation_changes_it(kind):
    place = office()
    client = place.client(kind)
    wanted = {"anonymous": 302, "admin": 200, "outsider": 404}.get(kind, 403)

    for name in PAGES:
        reads = name == "settings-people" and kind in ("cpo", "auditor")
        answer = client.get(reverse(name, args=[place.case.organization.pk]))
        assert answer.status_code == (200 if reads else wanted), name
    for name in ("settings", "settings-law"):
        assert client.get(reverse(name)).status_code == (302 if kind == "anonymous" else 200)


def test_an_administrator_elsewhere_is_a_stranger_here(client, admin):
    other = OrganizationFactory()

    assert client.get(reverse("settings-people", args=[other.pk])).status_code == 404


def test_a_person_is_added_with_a_role(client, admin):
    typed = {
        "email": "new@example.org",
        "name": "새사람",
        "role": "cpo",
        "password": "long-enough-word-7",
        "asked_words": "인사팀",
    }

    client.post(reverse("settings-add-person", args=[admin.organization.pk]), typed)

    held = Membership.objects.get(user__email="new@example.org")
    assert (held.organization, held.role) == (admin.organization, Role.CPO)


def test_a_weak_password_is_refused_in_words(client, admin):
    typed = {"email": "new@example.org", "name": "새사람", "role": "cpo", "password": "12345"}

    answer = client.post(reverse("settings-add-person", args=[admin.organization.pk]), typed)

    assert answer.status_code == 422
    assert not User.objects.filter(email="new@example.org").exists()


def test_a_role_is_given_and_taken_with_a_reason(client, admin):
    person = UserFactory(email="here@example.org")
    client.post(
        reverse("settings-give-role", args=[admin.organization.pk]),
        {"email": "HERE@example.org", "role": "handler", "asked_by": admin.user.pk},
    )
    held = Membership.objects.get(user=person)
    take = reverse("settings-take-role", args=[admin.organization.pk, held.pk])

    without = client.post(take, {"reason": ""})
    client.post(take, {"reason": "퇴사"})

    assert without.status_code == 422
    assert not Membership.objects.filter(pk=held.pk).exists()
    assert Event.objects.get(action="role.taken").reason == "퇴사"


def test_nobody_ends_their_own_administration(client, admin):
    take = reverse("settings-take-role", args=[admin.organization.pk, admin.pk])

    assert client.post(take, {"reason": "실수"}).status_code == 403


def test_the_profile_of_a_day_is_kept(client, admin):
    typed = {"effective_on": "2026-01-01", "sectors": ["is_icsp", "is_financial"], "telecom_kind": ""}

    client.post(reverse("settings-profile", args=[admin.organization.pk]), typed)

    profile = admin.organization.profile_on(date(2026, 6, 1))
    assert profile.as_facts() == {"is_icsp": True, "is_financial": True}


def test_what_the_law_asks_beside_the_columns_is_kept_shown_and_told(client, admin):
    page = reverse("settings-profile", args=[admin.organization.pk])
    typed = {
        "effective_on": "2026-01-01",
        "sectors": ["is_telecom"],
        "telecom_kind": "value_added",
        "others": ["is_idc_tenant", "is_gdpr_controller"],
        "prior_year_telecom_revenue": "12,000,000,000",
        "fourth_quarter_daily_users": "1,200,000",
    }

    assert client.post(page, typed).status_code == 302

    profile = admin.organization.profile_on(date(2026, 6, 1))
    further = {
        "is_idc_tenant": True,
        "prior_year_telecom_revenue": "12000000000",
        "fourth_quarter_daily_users": 1200000,
        "is_gdpr_controller": True,
    }
    assert profile.further == further
    assert profile.as_facts() == {"is_telecom": True, "telecom_kind": "value_added", **further}
    assert Event.objects.get(action="organization.profile-set").data["after"] == profile.as_facts()
    shown = client.get(reverse("settings-organization", args=[admin.organization.pk])).content.decode()
    assert "GDPR이 적용되는 컨트롤러" in shown
    assert "12,000,000,000원" in shown
    form = client.get(page).context["form"]
    assert form["others"].value() == ["is_idc_tenant", "is_gdpr_controller"]
    assert form["prior_year_telecom_revenue"].value() == "12,000,000,000"


def test_an_amount_that_cannot_be_read_is_said_at_its_field(client, admin):
    typed = {"effective_on": "2026-01-01", "prior_year_telecom_revenue": "120억"}

    answer = client.post(reverse("settings-profile", args=[admin.organization.pk]), typed)

    assert answer.status_code == 422
    assert answer.context["form"].errors["prior_year_telecom_revenue"]
    assert admin.organization.profiles.count() == 0


@pytest.mark.parametrize(
    "further",
    [
        {"is_wizard": True},
        {"fourth_quarter_daily_users": 1.5},
        {"prior_year_telecom_revenue": 1.5},
        {"is_broadcaster": "yes"},
        {"is_telecom": True},  # a column
    ],
)
def test_a_profile_holds_only_what_the_law_knows(further):
    with pytest.raises(ValidationError):
        set_profile(
            organization=OrganizationFactory(),
            effective_on=date(2026, 1, 1),
            sectors={"further": further},
            actor=None,
            now=datetime(2026, 11, 21, tzinfo=UTC),
        )
    assert not Event.objects.filter(action="organization.profile-set").exists()


@pytest.mark.parametrize(
    "entry",
    [entry for entry in rules.vocabulary("duties") if entry.scope == "organization"],
    ids=lambda entry: entry.name,
)
def test_every_fact_of_an_organisation_can_be_told_of_it(entry):
    value = {"flag": True, "count": 3, "money": "3", "choice": entry.choices and entry.choices[0].code}
    column = entry.name in OrganizationProfile.COLUMNS
    said = {entry.name: value[entry.kind]}

    profile = set_profile(
        organization=OrganizationFactory(),
        effective_on=date(2026, 1, 1),
        sectors=said if column else {"further": said},
        actor=None,
        now=datetime(2026, 11, 21, tzinfo=UTC),
    )

    assert profile.as_facts() == said
    assert rules.assess("duties", {"organization": profile.as_facts(), "incident": {}})


def test_a_fact_of_the_profile_gives_an_open_case_its_duties():
    place = office()
    families = Deadline.objects.current().filter(case=place.case).values_list("duty__family", flat=True)
    assert "eu.gdpr.a33.report" not in families

    set_profile(
        organization=place.case.organization,
        effective_on=date(2011, 1, 1),
        sectors={"further": {"is_gdpr_controller": True}},
        actor=place.people["admin"],
        now=datetime(2026, 11, 22, tzinfo=UTC),
    )

    assert "eu.gdpr.a33.report" in families.all()


def test_what_letters_say_of_the_organisation_is_changed(client, admin):
    page = reverse("settings-organization", args=[admin.organization.pk])
    typed = {
        "name": "새 이름",
        "prompt_target_hours": 12,
        "immediate_target_hours": 2,
        "representative": "이대표",
    }

    client.post(page, typed)

    admin.organization.refresh_from_db()
    assert (admin.organization.name, admin.organization.prompt_target_hours) == ("새 이름", 12)


def test_every_version_of_the_law_is_listed(client, admin):
    page = client.get(reverse("settings-law")).content.decode()

    assert "제34조" in page
    assert "2026-09-11(금)" in page


@pytest.mark.parametrize("name", ["settings-account", "settings-personnel-key"])
def test_the_account_of_somebody_who_works_elsewhere_too_is_not_one_administrators_to_change(
    client, admin, name
):
    theirs = MembershipFactory(role=Role.CPO)
    client.post(
        reverse("settings-give-role", args=[admin.organization.pk]),
        {"email": theirs.user.email, "role": "handler", "asked_words": "인사팀"},
    )
    address = reverse(name, args=[admin.organization.pk, theirs.user.pk])
    typed = {"reason": "퇴사", "personnel_key": "A-1"}

    assert client.post(address, typed).status_code == 403
    theirs.user.refresh_from_db()
    assert (theirs.user.is_active, theirs.user.personnel_key) == (True, "")

    MembershipFactory(user=admin.user, organization=theirs.organization, role=Role.ADMIN)
    assert client.post(address, typed).status_code == 302
