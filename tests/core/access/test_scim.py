"""The personnel system switches somebody off: SCIM 2.0 with a token of its own, and nothing else can be done by it."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.access.models import AccessRow, Act, PersonSession, Result
from core.accounts.models import ApiToken, Membership, Organization, Role, Scope, User
from core.audit.models import HOUSE, Event
from core.audit.verification import first_break
from tests.core.access.doors import is_in
from tests.core.accounts.factories import MembershipFactory, OrganizationFactory, UserFactory
from tests.core.accounts.tokens import Program, token_for

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]
PATCHED = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"
CONFIG = "/scim/v2/ServiceProviderConfig"


@pytest.fixture
def place():
    return MembershipFactory(role=Role.ADMIN).organization


@pytest.fixture
def admin(place):
    return place.memberships.get(role=Role.ADMIN).user


@pytest.fixture
def person(place):
    return MembershipFactory(organization=place, role=Role.HANDLER).user


def provider(owner, *scopes):
    secret = token_for(owner, *(scopes or [Scope.PEOPLE]))[1]
    return Client(enforce_csrf_checks=True, headers={"Authorization": f"Bearer {secret}"})


def at(who):
    return reverse("scim:user", args=[who.pk])


def patched(client, who, *operations):
    document = {"schemas": [PATCHED], "Operations": list(operations)}
    return client.patch(at(who), document, content_type="application/scim+json")


OFF = (
    {"op": "Replace", "path": "active", "value": "False"},  # Entra ID, as it is set up by default
    {"op": "replace", "path": "active", "value": False},
    {"op": "replace", "value": {"active": False}},  # Okta
    {"op": "Add", "path": "active", "value": "false"},
    {"op": "Replace", "path": "active", "value": [{"$ref": None, "value": "False"}]},
    {"op": "replace", "path": "urn:ietf:params:scim:schemas:core:2.0:User:active", "value": False},
)


@pytest.mark.parametrize("operation", OFF)
def test_each_way_providers_write_it_closes_the_account(admin, person, operation):
    answer = patched(provider(admin), person, operation)
    assert (answer.status_code, answer.json()["active"]) == (200, False)
    assert answer["Content-Type"] == "application/scim+json"
    person.refresh_from_db()
    assert not person.is_active


def test_a_whole_resource_and_a_removal_close_it_too(admin, place):
    client = provider(admin)
    put, gone = (MembershipFactory(organization=place).user for _two in range(2))
    whole = {"userName": put.email, "displayName": put.name, "active": False}
    assert client.put(at(put), whole, content_type="application/scim+json").json()["active"] is False
    assert client.delete(at(gone)).status_code == 204
    assert not User.objects.filter(pk__in=[put.pk, gone.pk], is_active=True).exists()


def test_it_is_one_act_that_ends_sessions_tokens_and_roles(admin, person, client):
    client.force_login(person)
    program = Program(token_for(person)[1])
    assert is_in(client) and program.get("/topics").status_code == 200
    patched(provider(admin), person, OFF[0])
    assert not is_in(client) and program.get("/topics").status_code == 401
    assert not Membership.objects.of(person).exists()
    assert PersonSession.objects.get(user=person).ended_how == "closed"
    assert ApiToken.objects.get(owner=person).revoked_at
    told = Event.objects.get(action="person.closed")
    assert (told.actor, told.subject) == (admin, f"accounts.user:{person.pk}")
    assert "SCIM" in told.reason and ApiToken.objects.get(owner=admin).prefix in told.reason
    assert first_break(HOUSE) is None


def test_the_same_again_changes_nothing(admin, person):
    client = provider(admin)
    for _time in range(2):
        assert patched(client, person, OFF[0]).status_code == 200
        assert client.delete(at(person)).status_code == 204
    assert client.get(at(person)).json()["active"] is False
    assert Event.objects.filter(action="person.closed").count() == 1


def test_whatever_else_is_sent_is_passed_over(admin, person):
    client, before = provider(admin), User.objects.values().get(pk=person.pk)
    answer = patched(
        client,
        person,
        {"op": "replace", "path": "userName", "value": "other@example.org"},
        {"op": "add", "path": "roles", "value": [{"value": "admin"}]},
        {"op": "replace", "value": {"displayName": "다른 이름", "password": "another-long-word"}},
    )
    assert answer.status_code == 200
    assert client.put(at(person), {"userName": "x@example.org"}, content_type="application/json").json()[
        "active"
    ]
    assert User.objects.values().get(pk=person.pk) == before
    assert list(person.memberships.values_list("role", flat=True)) == ["handler"]


@pytest.mark.parametrize(
    ("operations", "kind"),
    [
        ([{"op": "replace", "path": "active", "value": "off"}], "invalidValue"),
        ([{"op": "replace", "path": "active"}], "invalidValue"),
        ([{"op": "replace", "path": "active", "value": 0}], "invalidValue"),
        ([{"op": "remove", "path": "active"}], "mutability"),
        (["active"], "invalidSyntax"),
    ],
)
def test_what_cannot_be_read_is_refused_and_not_passed_over(admin, person, operations, kind):
    answer = patched(provider(admin), person, *operations)
    assert (answer.status_code, answer.json()["scimType"]) == (400, kind)
    assert answer.json()["schemas"] == [ERROR] and answer.json()["status"] == "400"
    person.refresh_from_db()
    assert person.is_active


@pytest.mark.parametrize("body", ["", "{", "[]", "1", '"a"', "[" * 5000])
def test_a_body_that_is_no_document_is_refused(admin, person, body):
    answer = provider(admin).patch(at(person), body, content_type="application/scim+json")
    assert (answer.status_code, answer.json()["scimType"]) == (400, "invalidSyntax")


def test_it_never_makes_an_account_and_gives_no_role(admin):
    people, roles = User.objects.count(), Membership.objects.count()
    document = {"userName": "new@example.org", "active": True, "roles": [{"value": "admin"}]}
    answer = provider(admin).post(reverse("scim:users"), document, content_type="application/scim+json")
    assert (answer.status_code, answer.json()["schemas"]) == (501, [ERROR])
    assert "관리자가" in answer.json()["detail"]
    assert (User.objects.count(), Membership.objects.count()) == (people, roles)


def test_a_closed_account_is_opened_again_by_an_administrator_alone(admin, person):
    client = provider(admin)
    patched(client, person, OFF[0])
    answer = patched(client, person, {"op": "Replace", "path": "active", "value": "True"})
    assert answer.status_code == 403 and "관리자" in answer.json()["detail"]
    person.refresh_from_db()
    assert not person.is_active


def test_the_last_administrator_is_not_switched_off(admin, place):
    answer = patched(provider(admin), admin, OFF[0])
    assert (answer.status_code, answer.json()["status"]) == (409, "409")
    MembershipFactory(organization=place, role=Role.ADMIN)
    assert patched(provider(admin), admin, OFF[0]).status_code == 200


def test_a_filter_finds_somebody_by_address_whatever_its_case(admin, person):
    client, where = provider(admin), reverse("scim:users")
    found = client.get(where, {"filter": f'userName eq "{person.email.upper()}"'}).json()
    assert found["totalResults"] == 1
    (resource,) = found["Resources"]
    assert (resource["id"], resource["userName"], resource["active"]) == (str(person.pk), person.email, True)
    assert "role" not in str(found)
    none = client.get(where, {"filter": 'username EQ "nobody@example.org"'}).json()
    assert (none["totalResults"], none["Resources"]) == (0, [])


@pytest.mark.parametrize(
    "wanted", ["active eq true", 'userName sw "a"', "userName eq a", 'userName eq "\\x"', '"']
)
def test_another_filter_is_refused(admin, wanted):
    answer = provider(admin).get(reverse("scim:users"), {"filter": wanted})
    assert (answer.status_code, answer.json()["scimType"]) == (400, "invalidFilter")


def test_without_a_filter_it_reads_page_by_page(admin, place):
    for _number in range(3):
        MembershipFactory(organization=place)
    client, where = provider(admin), reverse("scim:users")
    first, second = (client.get(where, {"startIndex": start, "count": 2}).json() for start in (1, 3))
    assert (first["totalResults"], first["itemsPerPage"], second["startIndex"]) == (4, 2, 3)
    assert len({one["id"] for one in first["Resources"] + second["Resources"]}) == 4
    assert client.get(where, {"count": 0}).json()["Resources"] == []
    assert client.get(where, {"count": "many"}).json()["scimType"] == "invalidValue"


def test_people_of_another_house_do_not_exist(admin):
    stranger = MembershipFactory().user
    client = provider(admin)
    for answer in (client.get(at(stranger)), client.delete(at(stranger)), patched(client, stranger, OFF[0])):
        assert answer.status_code == 404 and answer.json()["schemas"] == [ERROR]
    found = client.get(reverse("scim:users"), {"filter": f'userName eq "{stranger.email}"'}).json()
    assert found["totalResults"] == 0
    stranger.refresh_from_db()
    assert stranger.is_active


def test_an_account_without_any_role_can_be_closed(admin):
    left_over = UserFactory()
    assert patched(provider(admin), left_over, OFF[0]).status_code == 200
    left_over.refresh_from_db()
    assert not left_over.is_active


@pytest.mark.parametrize("path", ["x", "0", "9" * 30, "-1", "1/2"])
def test_an_id_that_is_none_is_not_found(admin, path):
    answer = provider(admin).get(f"/scim/v2/Users/{path}")
    assert (answer.status_code, answer.json()["schemas"]) == (404, [ERROR])


def test_no_other_token_opens_it_and_its_token_opens_nothing_else(admin, person):
    for client, status in ((Client(), 401), (provider(admin, Scope.READ, Scope.WRITE, Scope.ASSESS), 403)):
        for answer in (client.get(CONFIG), client.get(reverse("scim:users")), client.delete(at(person))):
            assert (answer.status_code, answer.json()["schemas"]) == (status, [ERROR])
    program = Program(token_for(admin, Scope.PEOPLE)[1])
    assert [program.get(address).status_code for address in ("/topics", "/cases")] == [403, 403]
    person.refresh_from_db()
    assert person.is_active


def test_a_session_opens_none_of_it(admin, person, client):
    client.force_login(admin)
    assert client.get(reverse("scim:users")).status_code == 401
    assert client.delete(at(person)).status_code == 401


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMIN])
def test_only_an_administrator_makes_such_a_token(client, place, role):
    other = MembershipFactory(organization=place, role=role).user
    client.force_login(other)
    where = reverse("accounts:create-token")
    assert "people:close" not in client.get(where).content.decode()
    typed = {"name": "인사 시스템", "scopes": ["people:close"], "days": 365}
    assert client.post(where, typed).status_code == 422
    with pytest.raises(ValueError, match="administrator"):
        token_for(other, Scope.PEOPLE)
    with pytest.raises(CommandError):
        call_command("create_api_token", other.email, "인사 시스템", "--scope", "people:close")
    assert not ApiToken.objects.exists()


def test_an_administrator_makes_it_on_the_page_and_history_tells(client, admin):
    client.force_login(admin)
    typed = {"name": "인사 시스템", "scopes": ["people:close"], "days": 365}
    assert "bd_" in client.post(reverse("accounts:create-token"), typed).content.decode()
    assert Event.objects.get(action="token.created").data["scopes"] == ["people:close"]


def test_it_ends_with_the_administration_of_its_owner(admin, place, person):
    client = provider(admin)
    Membership.objects.filter(user=admin).update(role=Role.HANDLER)
    assert client.delete(at(person)).status_code == 403
    person.refresh_from_db()
    assert person.is_active


def test_an_ended_token_is_told_so(admin):
    _token, secret = token_for(admin, Scope.PEOPLE, now=timezone.now() - timedelta(days=91))
    answer = Client(headers={"Authorization": f"Bearer {secret}"}).get(CONFIG)
    assert answer.status_code == 401 and answer["WWW-Authenticate"].startswith("Bearer")


def test_each_look_and_change_stands_in_the_access_log(admin, person):
    client = provider(admin)
    client.get(reverse("scim:users"), {"filter": f'userName eq "{person.email}"'})
    patched(client, person, OFF[0])
    rows = AccessRow.objects.filter(place__startswith="scim:").order_by("pk")
    token = ApiToken.objects.get(owner=admin)
    subjects = [f"accounts.user:{person.pk}"]
    assert [(row.place, row.act, row.subjects) for row in rows] == [
        ("scim:users", Act.READ, subjects),
        ("scim:user", Act.CHANGE, subjects),
    ]
    assert {(row.account_id, row.session, row.result) for row in rows} == {
        (admin.pk, f"bd_{token.prefix}", Result.DONE)
    }


def test_what_there_is_of_it_is_said(admin):
    said = provider(admin).get(CONFIG).json()
    assert said["patch"] == {"supported": True} and said["bulk"]["supported"] is False
    assert said["authenticationSchemes"][0]["type"] == "oauthbearertoken"


def test_another_method_or_address_is_refused_in_its_shape(admin, person):
    client = provider(admin)
    assert client.post(at(person), {}, content_type="application/json").status_code == 405
    assert client.get("/scim/v2/Groups").json()["schemas"] == [ERROR]


def test_two_houses_of_one_administrator_are_both_reached(admin):
    second = OrganizationFactory()
    MembershipFactory(user=admin, organization=second, role=Role.ADMIN)
    there = MembershipFactory(organization=second).user
    assert patched(provider(admin), there, OFF[1]).status_code == 200
    assert Organization.objects.count() == 2
