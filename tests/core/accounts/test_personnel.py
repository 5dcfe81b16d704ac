"""Public systems: every account is somebody of the personnel records, or an emergency with its reason."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from core.access.catalogue import SETTINGS, Code
from core.access.duties import acknowledge_duties
from core.accounts.models import Membership, Role, User
from core.accounts.personnel import set_personnel_key
from core.accounts.services import give_role, update_organization
from core.audit.models import Event
from tests.core.access.doors import NIGHT
from tests.core.accounts.factories import MembershipFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def place():
    return MembershipFactory(role=Role.ADMIN, user=UserFactory(personnel_key="A-1")).organization


@pytest.fixture
def admin(place):
    return place.memberships.get().user


@pytest.fixture
def public(place, admin):
    update_organization(organization_id=place.pk, changes={"is_public_system": True}, actor=admin, now=NIGHT)
    acknowledge_duties(user=admin, now=NIGHT)
    place.refresh_from_db()
    return place


def given(place, user, **more):
    return give_role(user=user, organization=place, role=Role.HANDLER, actor=None, now=NIGHT, **more)


def test_it_is_set_only_once_everybody_is_tied_to_the_records(place, admin):
    someone = given(place, UserFactory()).user
    change = {"organization_id": place.pk, "changes": {"is_public_system": True}, "actor": admin}
    with pytest.raises(ValidationError, match="1명"):
        update_organization(now=NIGHT, **change)
    set_personnel_key(user_id=someone.pk, key="A-2", actor=admin, now=NIGHT, reason="인사 자료")
    assert update_organization(now=NIGHT, **change).is_public_system


def test_nobody_outside_the_records_gets_a_role(public):
    with pytest.raises(ValidationError, match="인사정보 키"):
        given(public, UserFactory())
    assert given(public, UserFactory(personnel_key="A-2")).pk


def test_but_in_an_emergency_with_a_reason_that_history_keeps(public):
    given(public, UserFactory(), reason="야간 사고 대응")
    assert Event.objects.filter(action="role.given").latest("pk").reason == "야간 사고 대응"


def test_elsewhere_no_key_is_asked_for(place):
    assert given(place, UserFactory()).pk


def test_a_key_is_one_persons(place, admin):
    other = UserFactory()
    with pytest.raises(ValidationError, match="한 사람에"):
        set_personnel_key(user_id=other.pk, key="A-1", actor=admin, now=NIGHT, reason="잘못 적음")
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.filter(pk=other.pk).update(personnel_key="A-1")


def test_a_key_is_not_taken_from_somebody_in_a_public_system(public, admin):
    with pytest.raises(ValidationError):
        set_personnel_key(user_id=admin.pk, key="", actor=admin, now=NIGHT, reason="지움")


def test_history_tells_of_it_without_the_key(place, admin):
    set_personnel_key(user_id=admin.pk, key="A-77", actor=admin, now=NIGHT, reason="사번 변경")
    told = Event.objects.get(action="person.personnel-key-set")
    assert (told.data["is_set"], told.reason) == (True, "사번 변경")
    assert "A-77" not in str(told.data)


def test_the_pages_ask_for_it(client, public, admin):
    acknowledge_duties(user=admin, now=NIGHT)
    client.force_login(admin)
    client.post(reverse("access:acknowledge-duties"), {"is_read": "on"})
    typed = {
        "email": "new@example.org",
        "name": "새사람",
        "role": "handler",
        "password": "a-long-enough-word",
        "asked_words": "인사팀",
    }
    door = reverse("settings-add-person", args=[public.pk])
    assert client.post(door, typed).status_code == 422
    assert client.post(door, typed | {"personnel_key": "A-1"}).status_code == 422
    assert client.post(door, typed | {"personnel_key": "A-9"}).status_code == 302
    held = Membership.objects.get(user__email="new@example.org")
    assert held.user.personnel_key == "A-9"
    change = reverse("settings-personnel-key", args=[public.pk, held.user_id])
    assert client.post(change, {"personnel_key": "A-1", "reason": "바꿈"}).status_code == 422
    assert client.post(change, {"personnel_key": "A-10", "reason": "바꿈"}).status_code == 302
    held.user.refresh_from_db()
    assert held.user.personnel_key == "A-10"


def test_the_safety_page_knows_of_it(client, public, admin):
    client.force_login(admin)
    client.post(reverse("access:acknowledge-duties"), {"is_read": "on"})
    page = client.get(reverse("settings-safety")).content.decode()
    assert "공공시스템</dt><dd>해당</dd>" in page


def test_rights_are_reviewed_at_least_every_half_year_whatever_is_set():
    assert SETTINGS[Code.RIGHTS_REVIEW_MONTHS].highest <= 6
