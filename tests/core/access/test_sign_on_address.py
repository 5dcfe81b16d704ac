"""Whose account an address names, letter for letter, whatever the database takes for the same."""

import pytest
from allauth.socialaccount.models import SocialAccount, SocialLogin

from core.access.sign_on.links import NotTheirs, link
from tests.core.access.doors import NIGHT
from tests.core.accounts.factories import UserFactory

pytestmark = pytest.mark.django_db


def linked(address):
    login = SocialLogin(account=SocialAccount(provider="company", uid="subject-1"))
    return link(login, address, now=NIGHT)


@pytest.mark.parametrize(
    "address", ["offıcer@example.org", "officer@ſsh.example", "officer%@example.org", ""]
)
def test_an_address_that_only_looks_like_somebodys_names_nobody(address):
    """PostgreSQL takes ı for i and ſ for s where case does not count."""
    UserFactory(email="officer@example.org"), UserFactory(email="officer@ssh.example")
    with pytest.raises(NotTheirs):
        linked(address)
    assert not SocialAccount.objects.exists()


def test_their_own_address_names_them():
    person = UserFactory(email="officer@example.org")
    assert linked("officer@example.org") == person
