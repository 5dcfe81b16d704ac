"""What a person holds is asked once while a page is read, and anew for everything that changes something."""

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from core.accounts.models import Membership, Role
from core.accounts.standing import OneLook, holds, one_look, places_held
from tests.core.accounts.factories import MembershipFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def held():
    return MembershipFactory(role=Role.CPO)


def test_within_one_look_the_database_is_asked_once(held, django_assert_num_queries):
    with one_look(), django_assert_num_queries(1):
        assert holds(held.user, Role.CPO) and not holds(held.user, Role.ADMIN)
        assert holds(held.user, Role.CPO, organization=held.organization_id)
        assert not holds(held.user, organization=held.organization_id + 1)
        assert places_held(held.user) == {held.organization_id}


def test_a_look_is_of_each_person_apart(held):
    other = MembershipFactory(role=Role.ADMIN)
    with one_look():
        assert holds(held.user, Role.CPO) and not holds(other.user, Role.CPO)


def test_outside_a_look_and_in_the_next_one_a_role_that_ended_is_gone(held):
    with one_look():
        assert holds(held.user, Role.CPO)
        Membership.objects.filter(pk=held.pk).delete()
    assert not holds(held.user, Role.CPO)
    with one_look():
        assert not holds(held.user, Role.CPO)


@pytest.mark.parametrize(("method", "is_still_seen"), [("get", True), ("head", True), ("post", False)])
def test_only_a_request_that_reads_has_one_look(held, method, is_still_seen):
    def answer(request):
        assert holds(held.user, Role.CPO)
        Membership.objects.filter(pk=held.pk).delete()
        assert holds(held.user, Role.CPO) is is_still_seen
        return HttpResponse()

    OneLook(answer)(getattr(RequestFactory(), method)("/"))
    assert not holds(held.user, Role.CPO)


def test_a_look_that_breaks_off_leaves_nothing_behind(held):
    with pytest.raises(ZeroDivisionError), one_look():
        assert holds(held.user, Role.CPO)
        raise ZeroDivisionError
    Membership.objects.filter(pk=held.pk).delete()
    assert not holds(held.user, Role.CPO)
