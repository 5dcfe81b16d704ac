"""The head of each day leaves the house with the auditors' mail."""

from datetime import timedelta

import pytest

from core.accounts.models import Membership, Role
from core.audit import keys
from core.audit.models import DayHead
from notifications import services
from notifications.models import OutgoingEmail
from tests.core.accounts.factories import MembershipFactory
from tests.incidents.factories import KNOWN, opened_case, organization_with

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def people(tmp_path, settings):
    settings.SIGNING_KEY_FILE = tmp_path / "keys" / "signing.pem"
    keys.make_signing_key()
    organization, people = organization_with(*Role)
    opened_case(organization=organization, actor=people[Role.HANDLER])
    return people


def told():
    return OutgoingEmail.objects.filter(template="day_closed")


def test_the_sweep_closes_a_passed_day_and_owes_each_auditor_one_mail(people):
    second = MembershipFactory(role=Role.AUDITOR).user
    MembershipFactory(role=Role.AUDITOR, user=second)  # of two organisations

    assert services.sweep(now=KNOWN + timedelta(hours=1)).closed == 0
    assert services.sweep(now=KNOWN + DAY).closed == 1
    assert services.sweep(now=KNOWN + DAY).closed == 0

    assert {email.to_user for email in told()} == {people[Role.AUDITOR], second}
    assert told().count() == 2


def test_the_mail_says_what_an_auditor_has_to_keep(people, mailoutbox):
    services.sweep(now=KNOWN + DAY)
    head = DayHead.objects.get()

    services.deliver_email(email_id=told().get().pk, clock=lambda: KNOWN + DAY)

    message = next(message for message in mailoutbox if head.hash[:16] in message.subject)
    assert message.to == [people[Role.AUDITOR].email]
    for part in (message.body, message.alternatives[0].content):
        assert all(words in part for words in (head.hash, head.key_id, head.signature, "2026-11-21(토)"))
        assert not any(person.name in part for person in people.values())


def test_days_that_were_made_up_for_are_told_of_by_the_last_alone(people):
    services.sweep(now=KNOWN + 3 * DAY)
    assert DayHead.objects.count() == 3
    assert [email.facts["day"] for email in told()] == ["2026-11-23"]


def test_one_who_audits_no_longer_gets_no_mail(people, mailoutbox):
    services.sweep(now=KNOWN + DAY)
    Membership.objects.filter(role=Role.AUDITOR).delete()
    email = told().get()

    services.deliver_email(email_id=email.pk, clock=lambda: KNOWN + DAY)

    email.refresh_from_db()
    assert email.withdrawn_reason == "no_access"


def test_a_recorded_case_on_its_own_clock_closes_no_day(people):
    services.sweep(now=KNOWN + DAY, keeps_pulse=False)
    assert not DayHead.objects.exists()
