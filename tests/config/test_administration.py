"""Settings: who may change people and organisations, and what they change."""

from datetime import date

import pytest
from django.urls import reverse

from core.accounts.models import Membership, Role, User
from core.audit.models import Event
from tests.core.accounts.factories import MembershipFactory, OrganizationFactory, UserFactory
from tests.incidents.pages import KINDS, office

pytestmark = pytest.mark.django_db
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
    typed = {"email": "new@example.org", "name": "새사람", "role": "cpo", "password": "long-enough-word-7"}

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
        {"email": "HERE@example.org", "role": "handler"},
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
