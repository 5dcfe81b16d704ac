"""A role given or taken is told to those who watch over the organisation, and stands on a page they may read."""

import pytest
import time_machine
from django.urls import reverse

from core.accounts.models import Membership, Role
from core.accounts.services import give_role, take_role
from notifications import services
from notifications.models import OutgoingEmail
from tests.core.accounts.factories import MembershipFactory, UserFactory
from tests.incidents.factories import KNOWN, organization_with

pytestmark = pytest.mark.django_db


@pytest.fixture
def house():
    """An organisation with one person in every role."""
    return organization_with(*Role)


def give(house, user, role, *, actor=None):
    organization, people = house
    return give_role(
        user=user, organization=organization, role=role, actor=actor or people[Role.ADMIN], now=KNOWN
    )


def told():
    return set(OutgoingEmail.objects.filter(template="role_changed").values_list("to_user", flat=True))


def test_an_administrator_who_makes_himself_cpo_is_announced_to_the_cpo_and_the_auditor(house):
    _organization, people = house

    give(house, people[Role.ADMIN], Role.CPO)

    assert told() == {people[Role.CPO].pk, people[Role.AUDITOR].pk}


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMIN])
def test_every_role_is_announced_when_given_and_when_taken(house, role):
    _organization, people = house
    person = UserFactory()

    held = give(house, person, role)
    given = OutgoingEmail.objects.count()
    take_role(membership_id=held.pk, actor=people[Role.ADMIN], now=KNOWN, reason="퇴사")

    assert given >= 2
    assert OutgoingEmail.objects.count() >= given + 2


def test_a_role_already_held_is_no_news(house):
    _organization, people = house

    give(house, people[Role.CPO], Role.CPO)

    assert told() == set()


def test_where_nobody_watches_the_other_administrators_are_told():
    organization, people = house = organization_with(Role.ADMIN)
    other = MembershipFactory(organization=organization, role=Role.ADMIN).user

    give(house, people[Role.ADMIN], Role.HANDLER)

    assert told() == {other.pk}


def test_what_sets_up_a_house_without_a_person_tells_nobody(house):
    organization, people = house

    give_role(user=people[Role.ADMIN], organization=organization, role=Role.CPO, actor=None, now=KNOWN)

    assert told() == set()


def test_the_mail_names_the_role_and_nobody(house, mailoutbox):
    organization, people = house
    give(house, people[Role.ADMIN], Role.CPO)
    email = OutgoingEmail.objects.get(to_user=people[Role.AUDITOR])

    services.deliver_email(email_id=email.pk, clock=lambda: KNOWN)

    (message,) = mailoutbox
    assert organization.name in message.subject
    assert "자기 자신에게 역할을 주었습니다: 개인정보 보호책임자" in message.body
    assert "2026-11-21(토) 09:12 KST" in message.body
    assert reverse("settings-people", args=[organization.pk]) in message.body
    assert not any(person.name in message.body + message.subject for person in people.values())


def test_one_who_watches_no_longer_gets_no_mail(house, mailoutbox):
    _organization, people = house
    give(house, people[Role.ADMIN], Role.CPO)
    email = OutgoingEmail.objects.get(to_user=people[Role.AUDITOR])
    Membership.objects.filter(user=people[Role.AUDITOR]).delete()

    services.deliver_email(email_id=email.pk, clock=lambda: KNOWN)

    email.refresh_from_db()
    assert (mailoutbox, email.withdrawn_reason) == ([], "no_access")


def test_through_the_settings_page_too(client, house):
    organization, people = house
    admin = people[Role.ADMIN]
    client.force_login(admin)

    with time_machine.travel(KNOWN, tick=False):
        client.post(
            reverse("settings-give-role", args=[organization.pk]),
            {"email": admin.email, "role": "cpo", "asked_words": "대표이사"},
        )

    assert people[Role.CPO].pk in told()


def test_those_who_watch_read_who_changed_what_and_change_nothing(client, house):
    organization, people = house
    admin = people[Role.ADMIN]
    held = give(house, admin, Role.CPO)
    take_role(membership_id=held.pk, actor=admin, now=KNOWN, reason="잘못 줌")
    page = reverse("settings-people", args=[organization.pk])

    for role in (Role.CPO, Role.AUDITOR):
        client.force_login(people[role])
        text = client.get(page).content.decode()
        assert "자기 역할" in text
        assert "잘못 줌" in text
        assert reverse("settings-give-role", args=[organization.pk]) not in text
        assert "역할 끝내기" not in text
        assert client.get(reverse("settings")).content.decode().count(page) == 1
