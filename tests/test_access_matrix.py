"""One user of every kind at every door: each address, API operation and export, in one's own house and in another's."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from config import reading
from core.access.services import add_network
from core.accounts.models import Role, User
from tests.browser.house import built_house
from tests.core.accounts.factories import MembershipFactory
from tests.core.accounts.tokens import token_for
from tests.matrix import KINDS, OPEN_TO, Estate, address, named_doors
from tests.notifications.paper_cases import KNOWN

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]
REFUSED = (401, 403, 404)
DOORS = sorted(set(named_doors()))
OF_ONES_OWN = ("reference", "pk", "organization_id", "deadline_id", "email_id")
OF_THE_HOUSE = ("settings-end-holiday",)  # the holidays are everybody's
POSTED_BY_ALL = ("mfa_login_webauthn",)


@pytest.fixture
def estate() -> Estate:
    """Two houses; networks and tokens in each, so that every address has something behind it."""
    own, other = built_house(), built_house()
    for house in (own, other):
        token_for(house.people["handler"])
        Client().force_login(house.people["handler"])  # a device left signed in elsewhere
        add_network(
            organization=house.one.organization,
            role="",
            network="127.0.0.0/8",
            actor=house.people["admin"],
            now=KNOWN,
            reason="시험",
        )
    dead = MembershipFactory(organization=own.one.organization, role=Role.CPO).user
    return Estate(own, other, {**own.people, "dead": dead, "anonymous": None})


def visitors(estate: Estate) -> dict[str, Client]:
    """A browser and a token for each kind; the dead account was open when both were made."""
    every = {}
    for kind in KINDS:
        client, person = Client(), estate.people[kind]
        if person is not None:
            client.force_login(person)
            client.token = token_for(person)[1]  # type: ignore[attr-defined]
        every[kind] = client
    User.objects.filter(pk=estate.people["dead"].pk).update(is_active=False)
    return every


def ask(client: Client, name: str, where: str, method: str = "get") -> Any:
    headers = {}
    if name.startswith("api:"):
        headers = {"Authorization": f"Bearer {getattr(client, 'token', 'none')}"}
        client = Client()
    if method == "get":
        answer = client.get(where, headers=headers)
        if answer.status_code != 405:
            return answer
    return ask_by_post(client, where, headers)


def ask_by_post(client: Client, where: str, headers: dict[str, str]) -> Any:
    return client.post(where, "{}" if headers else {}, headers=headers, **_kind_of_body(headers))


def _kind_of_body(headers: dict[str, str]) -> dict[str, str]:
    return {"content_type": "application/json"} if headers else {}


def is_refused(answer: Any) -> bool:
    to_the_door = answer.status_code == 302 and answer["Location"].startswith(reverse("account_login"))
    of_no_shape = answer.status_code == 422 and answer.request["PATH_INFO"].startswith("/api/")
    return answer.status_code in REFUSED or to_the_door or of_no_shape


def test_every_door_says_whom_it_opens_to() -> None:
    named = {name for name, _groups in DOORS}
    assert named - set(OPEN_TO) == set(), "say in tests/matrix.py whom these doors open to"
    assert set(OPEN_TO) - named == set()


def test_every_door_is_in_the_access_log_or_says_why_not() -> None:
    named = {name for name, _groups in DOORS}
    assert named - set(reading.DOORS) == set(), "say in config/reading.py what these doors show"
    assert set(reading.DOORS) - named == set()
    assert all(door.act or door.why for door in reading.DOORS.values())


@pytest.mark.long
def test_everybody_opens_what_is_declared_in_their_own_house_and_nothing_else(estate: Estate) -> None:
    wrong = []
    every = visitors(estate)
    for name, groups in DOORS:
        where = address(name, groups, estate.own)
        opened = {kind for kind, client in every.items() if not is_refused(ask(client, name, where))}
        if opened != OPEN_TO[name]:
            wrong.append((name, sorted(opened ^ OPEN_TO[name])))
    assert wrong == []


@pytest.mark.long
def test_nobody_opens_anything_of_another_house(estate: Estate) -> None:
    """By GET and by POST. The people of the first house; a stranger to both is among them."""
    opened = []
    every = visitors(estate)
    for name, groups in DOORS:
        if not set(groups) & set(OF_ONES_OWN) or name in OF_THE_HOUSE or "webauthn" in name:
            continue
        where = address(name, groups, estate.other)
        for kind, client in every.items():
            for method in ("get", "post"):
                answer = ask(client, name, where, method)
                if not is_refused(answer) and answer.status_code != 405:
                    opened.append((name, kind, method, answer.status_code))
    assert opened == []


def test_whoever_may_not_open_a_door_may_not_post_to_it(estate: Estate) -> None:
    opened = []
    every = visitors(estate)
    for name, groups in DOORS:
        where = address(name, groups, estate.own)
        for kind in set(KINDS) - OPEN_TO[name] - {"outsider"}:
            answer = ask(every[kind], name, where, "post")
            if not is_refused(answer) and answer.status_code != 405 and name not in POSTED_BY_ALL:
                opened.append((name, kind, answer.status_code))
    assert opened == []


LISTS = (
    "home",
    "incidents:case-list",
    "incidents:case-export",
    "incidents:kept-list",
    "incidents:task-list",
    "notifications:awaiting-approval",
    "notifications:mail-list",
    "access-log",
    "alert-list",
    "access:explanation-list",
    "accounts:token-list",
    "settings",
    "settings-safety",
    "api:case_list",
)


@pytest.mark.parametrize("query", ["", "?q=2026", "?page=2"])
def test_no_list_count_or_search_tells_of_another_house(estate: Estate, query: str) -> None:
    """Not its case numbers, not its name, not its people; to the dead and the stranger nothing of this one either."""
    told = []
    every = visitors(estate)
    for name in LISTS:
        for kind, client in every.items():
            answer = ask(client, name, reverse(name) + query)
            body = b"".join(answer) if answer.streaming else answer.content
            text = body.decode()
            houses = [estate.other] + ([estate.own] if kind in ("outsider", "dead", "anonymous") else [])
            for house in houses:
                secret = {house.case.reference, house.pondered.reference, house.one.organization.name}
                told += [(name, kind, word) for word in secret if word in text]
    assert told == []


def test_the_counts_are_those_of_ones_own_cases(estate: Estate) -> None:
    every = visitors(estate)
    counts = {}
    for kind, client in every.items():
        answer = ask(client, "api:case_list", reverse("api:case_list"))
        counts[kind] = answer.json().get("count") if answer.status_code == 200 else None
    assert counts == {
        **dict.fromkeys(("handler", "cpo", "approver", "counsel", "auditor"), 2),
        "admin": 0,
        "outsider": 0,
        "anonymous": None,
        "dead": None,
    }
