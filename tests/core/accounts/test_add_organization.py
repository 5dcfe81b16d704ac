"""The first organisation and its administrator come from the command line; everything later from the pages."""

import io

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from core.accounts.models import Membership, Organization, Role, User
from core.audit.models import HOUSE, Event
from tests.core.accounts.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def typed(monkeypatch):
    """What stands on standard input."""

    def lines(text):
        monkeypatch.setattr("sys.stdin", io.StringIO(text))

    return lines


def add(name="주식회사 보기", admin="Boss@example.org", admin_name="나관리"):
    out = io.StringIO()
    call_command("add_organization", name, admin=admin, admin_name=admin_name, stdout=out)
    return out.getvalue()


def test_the_administrator_signs_in_and_it_is_history(typed, client):
    typed(f"{PASSWORD}\n")
    assert "boss@example.org" in add()
    held = Membership.objects.get()
    assert (held.organization.name, held.user.email, held.role) == (
        "주식회사 보기",
        "boss@example.org",
        Role.ADMIN,
    )
    client.post(reverse("account_login"), {"login": "boss@example.org", "password": PASSWORD})
    assert client.session["_auth_user_id"] == str(held.user.pk)
    told = Event.objects.of_chain(HOUSE).values_list("action", flat=True)
    assert list(told)[:3] == ["organization.added", "person.added", "role.given"]


def test_an_account_there_is_gets_the_role_and_keeps_its_password(typed):
    person = UserFactory(email="boss@example.org")
    typed("")
    add(admin_name="")
    assert Membership.objects.get().user == person
    assert User.objects.count() == 1


@pytest.mark.parametrize(
    ("given", "password", "said"),
    [
        ({"name": " "}, PASSWORD, "기관명"),
        ({"admin": "boss"}, PASSWORD, "--admin"),
        ({"admin_name": " "}, PASSWORD, "--admin-name"),
        ({}, "1234", "비밀번호"),
        ({}, "", "비밀번호"),
    ],
)
def test_a_mistake_is_named_and_nothing_is_made(typed, given, password, said):
    typed(f"{password}\n")
    with pytest.raises(CommandError, match=said):
        add(**given)
    assert not Organization.objects.exists()
    assert not User.objects.exists()


def test_the_same_organisation_is_not_made_twice(typed):
    typed(f"{PASSWORD}\n")
    add()
    with pytest.raises(CommandError, match="이미"):
        add(admin_name="")
    assert Organization.objects.count() == 1
