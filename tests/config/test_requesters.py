"""Who asked for a role is named when it is given, and history keeps it beside who gave it."""

import pytest
from django.urls import reverse

from core.accounts.models import Membership, Role, User
from core.audit.models import HOUSE, Event
from core.audit.verification import first_break
from tests.core.accounts.factories import MembershipFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]
NEW = {"email": "new@example.org", "name": "새사람", "role": "handler", "password": "long-enough-word-7"}


@pytest.fixture
def admin(client):
    held = MembershipFactory(role=Role.ADMIN)
    client.force_login(held.user)
    return held


def door(admin, name, *more):
    return reverse(name, args=[admin.organization_id, *more])


def told(action):
    return Event.objects.filter(action=action).latest("pk")


@pytest.mark.parametrize("blank", [{}, {"asked_words": "  "}])
def test_no_role_is_given_and_nobody_added_without_a_named_request(client, admin, blank):
    for name, typed in (
        ("settings-add-person", NEW),
        ("settings-give-role", {"email": UserFactory().email, "role": "cpo"}),
    ):
        answer = client.post(door(admin, name), typed | blank)
        assert answer.status_code == 422 and "누가 요청했는지" in answer.content.decode()
    assert Membership.objects.count() == 1
    assert not User.objects.filter(email=NEW["email"]).exists()


def test_somebody_of_the_house_is_kept_by_their_account(client, admin):
    asker = MembershipFactory(organization=admin.organization, role=Role.CPO).user
    client.post(door(admin, "settings-add-person"), NEW | {"asked_by": asker.pk, "reason": "충원"})
    event = told("role.given")
    assert (event.data["asked_by"], event.reason, event.actor) == (asker.pk, "충원", admin.user)
    assert asker.name not in str(event.data)
    page = client.get(door(admin, "settings-people")).content.decode()
    assert f'data-label="요청한 사람">{asker.name}<' in page


def test_somebody_else_stands_in_the_words_beside_the_event_which_can_be_erased(client, admin):
    client.post(
        door(admin, "settings-add-person"), NEW | {"asked_words": "본사 인사팀 박부장", "reason": "충원"}
    )
    event = told("role.given")
    assert event.reason == "요청한 사람: 본사 인사팀 박부장\n충원"
    assert "박부장" not in str(event.data) and "asked_by" not in event.data
    assert first_break(HOUSE) is None


def test_somebody_of_another_house_cannot_be_chosen(client, admin):
    stranger = MembershipFactory().user
    answer = client.post(door(admin, "settings-add-person"), NEW | {"asked_by": stranger.pk})
    assert answer.status_code == 422
    assert stranger.name not in answer.content.decode()


def test_a_role_is_taken_with_or_without_one(client, admin):
    asker = MembershipFactory(organization=admin.organization, role=Role.CPO).user
    for said, kept in (({}, None), ({"asked_by": asker.pk}, asker.pk)):
        held = MembershipFactory(organization=admin.organization)
        client.post(door(admin, "settings-take-role", held.pk), {"reason": "이동"} | said)
        assert not Membership.objects.filter(pk=held.pk).exists()
        assert told("role.taken").data.get("asked_by") == kept


def test_the_right_to_take_out_is_off_unless_it_is_ticked(client, admin):
    form = client.get(door(admin, "settings-give-role")).content.decode()
    assert 'name="may_take_out"' in form and "checked" not in form
    for said, has in (({}, False), ({"may_take_out": "on"}, True)):
        person = UserFactory()
        typed = {"email": person.email, "role": "handler", "asked_words": "인사팀"}
        client.post(door(admin, "settings-give-role"), typed | said)
        assert person.memberships.get().may_take_out is has
