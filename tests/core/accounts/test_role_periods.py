"""A role that ends on a day: it counts until that day is over in Korea, and nowhere afterwards."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from core.access.models import PersonSession
from core.accounts.models import ApiToken, Membership, Organization, Role
from core.accounts.role_periods import end_roles_over, set_role_period
from core.accounts.services import give_role, take_role
from core.audit.models import Event
from notifications.models import OutgoingEmail
from tests.core.access.doors import is_in
from tests.core.accounts.factories import MembershipFactory, UserFactory
from tests.core.accounts.tokens import token_for

pytestmark = pytest.mark.django_db
LAST_DAY = date(2026, 11, 30)
LAST_SECOND = datetime(2026, 11, 30, 14, 59, 59, tzinfo=UTC)  # 23:59:59 in Seoul
OVER = LAST_SECOND + timedelta(seconds=1)
BEFORE = datetime(2026, 11, 20, 3, tzinfo=UTC)


@pytest.fixture
def place():
    return MembershipFactory(role=Role.ADMIN).organization


@pytest.fixture
def admin(place):
    return place.memberships.get(role=Role.ADMIN).user


def given(place, role=Role.HANDLER, *, ends_on=LAST_DAY, is_external=False, now=BEFORE, user=None):
    return give_role(
        user=user or UserFactory(),
        organization=place,
        role=role,
        actor=None,
        now=now,
        ends_on=ends_on,
        is_external=is_external,
    )


def events(action):
    return list(Event.objects.filter(action=action).order_by("pk"))


@pytest.mark.parametrize(("at", "counts"), [(BEFORE, True), (LAST_SECOND, True), (OVER, False)])
def test_a_role_counts_until_its_last_day_is_over_in_seoul(place, at, counts):
    held = given(place)
    with time_machine.travel(at, tick=False):
        assert Membership.objects.of(held.user).exists() is counts
        assert Organization.objects.visible_to(held.user).exists() is counts
        assert (held in Membership.objects.on_call()) is counts
        assert held.is_over is not counts


def test_the_sweep_ends_it_with_its_sessions_and_tokens(place):
    person = given(place).user
    token_for(person)
    PersonSession.objects.create(user=person, mark="a", began_at=BEFORE, active_at=BEFORE)
    assert end_roles_over(now=LAST_SECOND) == 0
    assert end_roles_over(now=OVER) == 1
    assert not Membership.objects.filter(user=person).exists()
    assert PersonSession.objects.get(user=person).ended_how == "role"
    assert ApiToken.objects.get(owner=person).revoked_at == OVER
    (taken,) = events("role.taken")
    assert (taken.actor, taken.data["ends_on"], taken.reason) == (None, "2026-11-30", "마지막 날이 지남")
    assert end_roles_over(now=OVER) == 0


def test_those_who_watch_hear_that_it_ended(place):
    watcher = MembershipFactory(organization=place, role=Role.CPO).user
    given(place)
    end_roles_over(now=OVER)
    mail = OutgoingEmail.objects.get(to_user=watcher)
    assert (mail.template, mail.facts["is_given"]) == ("role_changed", False)


def test_it_may_be_given_anew_before_the_sweep_came(place):
    old = given(place)
    new = given(place, user=old.user, ends_on=None, now=OVER)
    with time_machine.travel(OVER, tick=False):
        assert Membership.objects.of(old.user).get() == new
    assert [event.action for event in Event.objects.filter(action__startswith="role.").order_by("pk")] == [
        "role.given",
        "role.taken",
        "role.given",
    ]


def test_a_past_day_is_refused(place):
    with pytest.raises(ValidationError, match="오늘이나"):
        given(place, ends_on=date(2026, 11, 19))
    assert given(place, ends_on=date(2026, 11, 20)).pk


def test_somebody_from_outside_needs_a_last_day(place):
    with pytest.raises(ValidationError, match="외부 사람"):
        given(place, ends_on=None, is_external=True)
    assert given(place, is_external=True).is_external


def test_the_database_refuses_an_endless_role_of_an_outsider_too(place):
    held = given(place, is_external=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.filter(pk=held.pk).update(ends_on=None)


def test_one_administrator_always_stays(place, admin):
    only = place.memberships.get(role=Role.ADMIN)
    by = {"is_external": False, "actor": admin, "now": BEFORE, "reason": "교대"}
    with pytest.raises(ValidationError, match="관리자"):
        set_role_period(membership_id=only.pk, ends_on=LAST_DAY, **by)
    MembershipFactory(organization=place, role=Role.ADMIN)
    assert set_role_period(membership_id=only.pk, ends_on=LAST_DAY, **by).ends_on == LAST_DAY


def test_a_changed_period_is_history_from_and_to(place, admin):
    held = given(place)
    by = {"is_external": True, "actor": admin, "now": BEFORE, "reason": "계약 연장"}
    set_role_period(membership_id=held.pk, ends_on=date(2026, 12, 31), **by)
    set_role_period(membership_id=held.pk, ends_on=date(2026, 12, 31), **by)  # the same again
    (told,) = events("role.period-set")
    assert (told.data["before"]["ends_on"], told.data["after"]["ends_on"]) == ("2026-11-30", "2026-12-31")
    assert (told.actor, told.reason, told.data["user"]) == (admin, "계약 연장", held.user_id)


def test_a_page_closes_at_midnight_without_any_sweep(client, place):
    held = given(place, role=Role.ADMIN)
    with time_machine.travel(LAST_SECOND, tick=False) as clock:
        client.force_login(held.user)
        door = reverse("settings-people", args=[place.pk])
        assert client.get(door).status_code == 200
        clock.move_to(OVER)
        assert client.get(door).status_code == 404


def test_the_page_of_people_says_and_changes_the_last_day(client, place, admin):
    with time_machine.travel(BEFORE, tick=False):
        client.force_login(admin)
        typed = {
            "email": UserFactory().email,
            "role": "auditor",
            "is_external": "on",
            "asked_words": "법무팀",
        }
        give = reverse("settings-give-role", args=[place.pk])
        refused = client.post(give, typed)
        assert refused.status_code == 422 and "마지막 날이 있어야" in refused.content.decode()
        client.post(give, typed | {"ends_on": "2026-11-30"})
        held = Membership.objects.get(user__email=typed["email"])
        door = reverse("settings-role-period", args=[place.pk, held.pk])
        assert client.post(door, {"ends_on": "2026-12-15", "reason": ""}).status_code == 422
        client.post(door, {"ends_on": "2026-12-15", "is_external": "on", "reason": "감사 연장"})
        page = client.get(reverse("settings-people", args=[place.pk])).content.decode()
        assert "2026-12-15" in page and "감사 연장" in page and "외부" in page


def test_a_person_whose_role_is_refused_is_not_added_either(client, place, admin):
    with time_machine.travel(BEFORE, tick=False):
        client.force_login(admin)
        typed = {
            "email": "late@example.org",
            "name": "늦음",
            "role": "handler",
            "password": "a-long-enough-word",
            "ends_on": "2026-11-01",
            "asked_words": "인사팀",
        }
        answer = client.post(reverse("settings-add-person", args=[place.pk]), typed)
        assert answer.status_code == 422 and "오늘이나" in answer.content.decode()
        client.post(reverse("settings-add-person", args=[place.pk]), typed | {"ends_on": "2026-12-01"})
        assert Membership.objects.get(user__email="late@example.org").ends_on == date(2026, 12, 1)


def test_nobody_sets_the_end_of_their_own_administration(client, place, admin):
    MembershipFactory(organization=place, role=Role.ADMIN)
    client.force_login(admin)
    own = place.memberships.get(user=admin)
    assert client.get(reverse("settings-role-period", args=[place.pk, own.pk])).status_code == 403


def test_somebody_without_any_role_may_still_sign_in_and_sees_nothing(client, place):
    held = given(place)
    with time_machine.travel(OVER, tick=False):
        client.force_login(held.user)
        assert is_in(client)
        assert client.get(reverse("settings-people", args=[place.pk])).status_code == 404


def test_ending_a_role_twice_ends_it_once():
    admin, held = MembershipFactory(role=Role.ADMIN).user, MembershipFactory(role=Role.HANDLER)
    for _press in range(2):
        take_role(membership_id=held.pk, actor=admin, now=BEFORE, reason="자리를 옮김")
    assert Event.objects.filter(action="role.taken").count() == 1
