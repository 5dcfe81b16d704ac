"""Taking part in one case until a day."""

from datetime import timedelta

import pytest
import time_machine

from core.accounts.days import day_in_seoul, end_of
from core.accounts.models import Role
from core.audit.models import Event
from incidents.as_of.access import access_at, roles_at
from incidents.models import Case
from incidents.services import Obstacle, end_parts_over, join_case
from tests.core.accounts.factories import MembershipFactory
from tests.incidents.factories import opened_case
from tests.notifications.paper_cases import KNOWN

pytestmark = pytest.mark.django_db
LAST_DAY = day_in_seoul(KNOWN) + timedelta(days=3)
OVER = end_of(LAST_DAY)


@pytest.fixture
def case():
    return opened_case()


@pytest.fixture
def guest(case):
    person = MembershipFactory(organization=case.organization, role=Role.COUNSEL).user
    join_case(case_id=case.pk, user_id=person.pk, actor=case.lead, now=KNOWN, ends_on=LAST_DAY)
    return person


def sees(person, case, at):
    with time_machine.travel(at, tick=False):
        return Case.objects.visible_to(person).filter(pk=case.pk).exists()


def test_the_case_is_seen_until_the_day_is_over_and_the_role_goes_on(case, guest):
    assert sees(guest, case, OVER - timedelta(seconds=1))
    assert not sees(guest, case, OVER)
    assert guest.memberships.exists()


def test_the_sweep_notes_that_they_left_when_the_day_was_over(case, guest):
    assert end_parts_over(now=OVER - timedelta(seconds=1)) == 0
    assert end_parts_over(now=OVER + timedelta(hours=2)) == 1
    assert case.members.get(user=guest).left_at == OVER
    event = Event.objects.get(chain=case.reference, action="case.left")
    assert (event.actor, event.happened_at) == (None, OVER)
    assert end_parts_over(now=OVER + timedelta(hours=2)) == 0


def test_they_may_join_again_before_the_sweep_came(case, guest):
    later = OVER + timedelta(minutes=1)
    with time_machine.travel(later, tick=False):
        join_case(case_id=case.pk, user_id=guest.pk, actor=case.lead, now=later)
    assert sees(guest, case, later)
    assert case.members.filter(user=guest).count() == 2


def test_a_past_day_is_refused(case):
    person = MembershipFactory(organization=case.organization, role=Role.COUNSEL).user
    with pytest.raises(Obstacle, match="오늘이나"):
        join_case(
            case_id=case.pk,
            user_id=person.pk,
            actor=case.lead,
            now=KNOWN,
            ends_on=day_in_seoul(KNOWN) - timedelta(days=1),
        )


def test_the_past_knows_it_too(case, guest):
    assert access_at(case, guest, OVER - timedelta(seconds=1)).took_part
    assert not access_at(case, guest, OVER).took_part


def test_the_past_knows_when_a_role_was_over(case):
    from core.accounts.role_periods import end_roles_over, set_role_period
    from core.accounts.services import give_role

    person = MembershipFactory().user
    by = {"actor": None, "now": KNOWN}
    held = give_role(user=person, organization=case.organization, role=Role.AUDITOR, ends_on=LAST_DAY, **by)
    place, changed = case.organization_id, KNOWN + timedelta(hours=1)
    assert roles_at(person, place, OVER - timedelta(seconds=1)) == [Role.AUDITOR]
    assert roles_at(person, place, OVER) == []
    set_role_period(
        membership_id=held.pk,
        ends_on=day_in_seoul(KNOWN),
        is_external=False,
        actor=case.lead,
        now=changed,
        reason="일찍 끝남",
    )
    assert roles_at(person, place, end_of(day_in_seoul(KNOWN))) == []
    assert roles_at(person, place, changed - timedelta(seconds=1)) == [Role.AUDITOR]
    end_roles_over(now=OVER)
    assert roles_at(person, place, changed) == [Role.AUDITOR]
    assert roles_at(person, place, OVER + timedelta(days=1)) == []
