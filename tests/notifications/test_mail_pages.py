"""The pages of mail and reminders, tried with one user of every kind."""

from __future__ import annotations

from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import strip_tags

from core.accounts.models import Role, User
from core.audit.models import Event
from notifications import queries, services
from notifications.models import OutgoingEmail, Reminder, ReminderPolicy
from tests.core.accounts.factories import UserFactory
from tests.incidents.factories import KNOWN, organization_with
from tests.notifications.mail_server import closed_port, sending_to
from tests.notifications.timers import HOUR, Situation, a_clock, another

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]
OTHERS = [role for role in Role if role not in (Role.HANDLER, Role.ADMIN)]
DUE = KNOWN + 24 * HOUR
POLICY = {
    "offset_hours": "36, 3",
    "overdue_minutes": "60",
    "escalation_minutes": "15",
    "urgent_minutes": "5",
    "version": "0",
}


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def _read(response):
    """The page as it is read: a subject may have a date kept on one line in it."""
    return unescape(strip_tags(response.content.decode()))


def a_sent_email(*roles: Role) -> tuple[Situation, OutgoingEmail]:
    now = a_clock(*roles)
    services.sweep(now=DUE)
    return now, OutgoingEmail.objects.get(deadline=now.deadline)


def test_a_stranger_is_asked_to_sign_in():
    _, email = a_sent_email()
    for url in (reverse("notifications:mail-list"), email.get_absolute_url()):
        assert Client().get(url).status_code == 302


def test_the_person_addressed_reads_the_email():
    now, email = a_sent_email()
    client = signed_in(now.handler)
    assert email.subject in _read(client.get(reverse("notifications:mail-list")))
    page = client.get(email.get_absolute_url()).content.decode()
    assert "확인함 · 내가 처리" in page


@pytest.mark.parametrize("role", OTHERS)
def test_other_roles_do_not_see_mail_addressed_to_somebody_else(role: Role):
    now, email = a_sent_email()
    client = signed_in(another(role, now.organization))
    assert email.subject not in _read(client.get(reverse("notifications:mail-list")))
    assert client.get(email.get_absolute_url()).status_code == 404
    assert client.post(reverse("notifications:retry-mail", args=[email.pk])).status_code == 404


def test_an_administrator_sees_the_mail_of_the_own_organisation_alone():
    now, email = a_sent_email()
    mine = signed_in(another(Role.ADMIN, now.organization))
    assert mine.get(email.get_absolute_url()).status_code == 200
    _, elsewhere = organization_with(Role.ADMIN)
    theirs = signed_in(elsewhere[Role.ADMIN])
    assert theirs.get(email.get_absolute_url()).status_code == 404
    assert "보여 줄 메일이 없습니다" in theirs.get(reverse("notifications:mail-list")).content.decode()


def test_mail_that_keeps_failing_is_shown_and_can_be_tried_again():
    now = a_clock()
    admin = another(Role.ADMIN, now.organization)
    with sending_to(closed_port()):
        for hour in (0, 1, 2):
            services.sweep(now=DUE + hour * HOUR)
    assert queries.failing_mail_count(admin) == 1
    assert queries.failing_mail_count(another(Role.AUDITOR, now.organization)) == 0
    client = signed_in(admin)
    page = client.get(reverse("notifications:mail-list"), {"show": "failing"}).content.decode()
    assert "보내지 못하고 있는 메일이 1통 있습니다" in page
    email = OutgoingEmail.objects.get(deadline=now.deadline)
    assert client.post(reverse("notifications:retry-mail", args=[email.pk])).status_code == 302
    email.refresh_from_db()
    assert email.send_after < DUE + 2 * HOUR or email.attempts == 3
    assert Event.objects.filter(action="email.retried", actor=admin).exists()


def test_only_an_administrator_may_try_again():
    now = a_clock()
    with sending_to(closed_port()):
        services.sweep(now=DUE)
    email = OutgoingEmail.objects.get(deadline=now.deadline)
    assert (
        signed_in(now.handler).post(reverse("notifications:retry-mail", args=[email.pk])).status_code == 403
    )


def test_the_list_asks_the_same_questions_however_long_it_is():
    now, _ = a_sent_email()
    client = signed_in(now.handler)
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as asked:
            client.get(reverse("notifications:mail-list"))
        counts.append(len(asked))
        for _ in range(10):
            services.queue_email(
                template="reminder", to_user=now.handler, organization_id=now.organization.pk, now=DUE
            )
    assert counts[0] == counts[1]


def test_acknowledging_names_the_owner_and_returns_to_the_deadline():
    now = a_clock()
    services.raise_reminder(deadline_id=now.deadline.pk, now=DUE)
    answer = signed_in(now.handler).post(reverse("notifications:acknowledge", args=[now.deadline.pk]))
    assert answer.url == reverse("incidents:deadline", args=[now.case.reference, now.deadline.pk])
    assert now.again().owner == now.handler
    assert Reminder.objects.get(deadline=now.deadline, raised_at=DUE).answered_by == now.handler


def test_looking_acknowledges_nothing():
    now = a_clock()
    url = reverse("notifications:acknowledge", args=[now.deadline.pk])
    assert signed_in(now.handler).get(url).status_code == 405
    assert now.again().acknowledged_at is None


def test_an_auditor_reads_and_acknowledges_nothing():
    now = a_clock(Role.AUDITOR)
    url = reverse("notifications:acknowledge", args=[now.deadline.pk])
    assert signed_in(now.people[Role.AUDITOR]).post(url).status_code == 403


@pytest.mark.parametrize("role", list(Role))
def test_a_deadline_of_another_organisation_cannot_be_acknowledged(role: Role):
    now = a_clock()
    _, people = organization_with(role)
    url = reverse("notifications:acknowledge", args=[now.deadline.pk])
    assert signed_in(people[role]).post(url).status_code == 404


def test_an_administrator_changes_the_policy():
    now = a_clock()
    client = signed_in(another(Role.ADMIN, now.organization))
    url = reverse("notifications:reminder-policy")
    assert "48, 24, 12, 6, 1" in client.get(url).content.decode()
    answer = client.post(reverse("notifications:reminder-policy", args=[now.organization.pk]), POLICY)
    assert answer.status_code == 302
    assert ReminderPolicy.objects.get(organization=now.organization).offsets == [2160, 180]


def test_a_stale_policy_page_says_so_and_keeps_what_was_typed():
    now = a_clock()
    client = signed_in(another(Role.ADMIN, now.organization))
    url = reverse("notifications:reminder-policy", args=[now.organization.pk])
    client.post(url, POLICY)
    page = client.post(url, POLICY | {"offset_hours": "5"}).content.decode()
    assert "다른 사람이 알림 정책을 바꿨습니다" in page
    assert 'value="5"' in page


@pytest.mark.parametrize("hours", ["", "abc", "48,,24", "0", "inf", "nan", "1e400", "-3", "2, 2"])
def test_a_policy_that_cannot_be_read_is_refused_at_its_field(hours: str):
    now = a_clock()
    client = signed_in(another(Role.ADMIN, now.organization))
    url = reverse("notifications:reminder-policy", args=[now.organization.pk])
    answer = client.post(url, POLICY | {"offset_hours": hours})
    assert answer.status_code == 200
    assert answer.context["form"].errors["offset_hours"]
    assert not ReminderPolicy.objects.exists()


@pytest.mark.parametrize("role", [role for role in Role if role != Role.ADMIN])
def test_other_roles_do_not_reach_the_policy(role: Role):
    organization, people = organization_with(role)
    client = signed_in(people[role])
    assert client.get(reverse("notifications:reminder-policy")).status_code == 403
    assert (
        client.post(reverse("notifications:reminder-policy", args=[organization.pk]), POLICY).status_code
        == 403
    )


def test_the_policy_of_another_organisation_is_not_there():
    _, people = organization_with(Role.ADMIN)
    other, _ = organization_with(Role.ADMIN)
    url = reverse("notifications:reminder-policy", args=[other.pk])
    assert signed_in(people[Role.ADMIN]).get(url).status_code == 404


def test_a_person_without_any_role_sees_no_mail():
    a_sent_email()
    page = signed_in(UserFactory()).get(reverse("notifications:mail-list"))
    assert "보여 줄 메일이 없습니다" in page.content.decode()
