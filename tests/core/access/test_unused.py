"""An account nobody uses: its owner is told, later it is closed, and nobody is closed untold."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from core.access.unused import look_after_unused
from core.accounts.models import Role, User
from core.audit.models import Event
from notifications.models import OutgoingEmail
from notifications.services.mail import deliver_email
from notifications.services.sweeping import sweep
from tests.core.access.doors import NIGHT
from tests.core.accounts.factories import MembershipFactory, OrganizationFactory

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def person():
    with time_machine.travel(NIGHT, tick=False):
        someone = MembershipFactory().user
        Client().force_login(someone)
    return someone


def is_open(person):
    return User.objects.get(pk=person.pk).is_active


def told(person):
    return Event.objects.filter(action="person.unused-warned", subject=f"accounts.user:{person.pk}").count()


def test_the_owner_is_told_once_on_the_sixtieth_day(person):
    look_after_unused(now=NIGHT + 60 * DAY - timedelta(seconds=1))
    assert told(person) == 0
    for _number in range(2):
        look_after_unused(now=NIGHT + 60 * DAY + timedelta(seconds=1))
    assert told(person) == 1 and is_open(person)


def test_thirty_days_after_being_told_it_is_closed(person):
    warned_at = NIGHT + 61 * DAY
    look_after_unused(now=warned_at)
    look_after_unused(now=warned_at + 30 * DAY - timedelta(seconds=1))
    assert is_open(person)
    look_after_unused(now=warned_at + 30 * DAY)
    assert not is_open(person)
    assert Event.objects.filter(
        action="person.closed", subject=f"accounts.user:{person.pk}", actor=None
    ).exists()


def test_nobody_is_closed_untold_however_long_the_timers_slept(person):
    look_after_unused(now=NIGHT + 400 * DAY)
    assert is_open(person) and told(person) == 1


def test_using_it_begins_anew(person):
    look_after_unused(now=NIGHT + 61 * DAY)
    with time_machine.travel(NIGHT + 70 * DAY, tick=False):
        Client().force_login(person)
    look_after_unused(now=NIGHT + 95 * DAY)
    assert is_open(person)
    look_after_unused(now=NIGHT + 131 * DAY)
    assert told(person) == 2 and is_open(person)


def test_the_last_administrator_is_never_closed():
    place = OrganizationFactory()
    with time_machine.travel(NIGHT, tick=False):
        only = MembershipFactory(role=Role.ADMIN, organization=place).user
    for days in (61, 100):
        look_after_unused(now=NIGHT + days * DAY)
    assert is_open(only)
    with time_machine.travel(NIGHT + 100 * DAY, tick=False):
        MembershipFactory(role=Role.ADMIN, organization=place)
    look_after_unused(now=NIGHT + 101 * DAY)
    assert not is_open(only)


def test_the_sweep_does_it_and_the_mail_says_the_day_and_no_name(person, mailoutbox):
    now = NIGHT + 61 * DAY
    sweep(now=now)
    email = OutgoingEmail.objects.get(template="account_unused")
    if email.sent_at is None:
        deliver_email(email_id=email.pk, clock=lambda: now)
    (mail,) = [one for one in mailoutbox if one.to == [person.email]]
    assert "2027-02-20" in mail.subject and person.name not in mail.body
