"""The property behind end dates: no door, list, mail or paper still honours a role whose last day is over."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from core.accounts.models import Membership, Organization, Role
from incidents import permissions
from incidents.models import Case
from notifications.ladder import administrators_of, ladder_of
from tests.browser.house import built_house
from tests.core.accounts.tokens import token_for
from tests.matrix import OPEN_TO, Estate, address, named_doors
from tests.test_access_matrix import LISTS, OF_ONES_OWN, OF_THE_HOUSE, POSTED_BY_ALL, ask, is_refused

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]
ROLES = ("handler", "cpo", "approver", "counsel", "auditor", "admin")
OWN_THINGS = (
    "access:answer-explanation",
    "access:end-session",
    "accounts:revoke-token",
)  # of oneself, role or no role
TODAY = datetime(2026, 11, 30, 3, tzinfo=UTC)
LAST_DAY = date(2026, 11, 29)


@pytest.fixture
def estate() -> Estate:
    """A house whose people all signed in and made tokens; then the last day of every role was over."""
    house = built_house()
    token_for(house.people["handler"])
    Client().force_login(house.people["handler"])  # a device left signed in elsewhere
    return Estate(house, house, dict(house.people))


@pytest.fixture
def ended(estate):
    with time_machine.travel(TODAY, tick=False):
        visitors = {}
        for kind in (*ROLES, "outsider"):
            client, person = Client(), estate.people[kind]
            client.force_login(person)
            client.token = token_for(person)[1]
            visitors[kind] = client
        Membership.objects.filter(organization=estate.own.one.organization).update(ends_on=LAST_DAY)
        yield visitors


def of_the_house(groups: tuple[str, ...], name: str) -> bool:
    return bool(set(groups) & set(OF_ONES_OWN)) and name not in OF_THE_HOUSE and "webauthn" not in name


@pytest.mark.long
def test_every_door_of_the_house_is_shut_to_all_of_them(estate, ended):
    opened = []
    for name, groups in sorted(set(named_doors())):
        if not of_the_house(groups, name) or name in (*OWN_THINGS, *POSTED_BY_ALL):
            continue
        where = address(name, groups, estate.own)
        for kind in ROLES:
            for method in ("get", "post"):
                answer = ask(ended[kind], name, where, method)
                if not is_refused(answer) and answer.status_code != 405:
                    opened.append((name, kind, method, answer.status_code))
    assert opened == []


def test_the_doors_without_a_house_are_those_of_a_stranger(estate, ended):
    """An administrator's settings, the export, the safety page: open to a role, shut without one."""
    wrong = []
    for name, groups in sorted(set(named_doors())):
        if groups or name in POSTED_BY_ALL:
            continue
        for kind in ROLES:
            if kind in OPEN_TO[name] and "outsider" not in OPEN_TO[name]:
                answer = ask(ended[kind], name, reverse(name))
                if not is_refused(answer):
                    wrong.append((name, kind, answer.status_code))
    assert wrong == []


def test_no_list_count_or_search_tells_them_of_the_house(estate, ended):
    told = []
    for name in LISTS:
        for kind in ROLES:
            answer = ask(ended[kind], name, reverse(name))
            body = b"".join(answer) if answer.streaming else answer.content
            house = estate.own
            words = {house.case.reference, house.pondered.reference, house.one.organization.name}
            told += [(name, kind, word) for word in words if word in body.decode()]
    assert told == []


def test_no_question_a_service_asks_of_rights_is_answered_yes(estate, ended):
    case = estate.own.case
    asked = (
        permissions.can_see_case,
        permissions.can_work_on_case,
        permissions.can_decide_case,
        permissions.can_copy_evidence,
        permissions.is_counsel_of,
        permissions.can_manage_members,
        permissions.can_ask_who_saw,
        permissions.can_export_case,
    )
    for kind in ROLES:
        person = estate.people[kind]
        assert [question.__name__ for question in asked if question(person, case)] == [], kind
        assert not permissions.can_administer(person)
        assert permissions.organizations_to_open_for(person) == []
        assert not Case.objects.visible_to(person).exists()
        assert not Organization.objects.visible_to(person).exists()
    assert permissions.people_who_open(estate.people["cpo"]) == []


def test_nobody_is_called_or_told_any_more(estate, ended):
    deadline = estate.own.case.deadlines.order_by("pk").first()
    assert ladder_of(deadline) == []
    assert administrators_of(estate.own.one.organization.pk) == []
    for role in Role:
        assert not Membership.objects.held(role).filter(organization=estate.own.one.organization).exists()


def test_an_hour_earlier_they_all_still_opened(estate, ended):
    """The fixture has doors to shut: on the last day itself they are open."""
    with time_machine.travel(TODAY - timedelta(hours=13), tick=False):  # 23:00 in Seoul on the 29th
        assert permissions.can_decide_case(estate.people["cpo"], estate.own.case)
        assert ladder_of(estate.own.case.deadlines.order_by("pk").first()) != []
