"""Every page a person can open, on a phone and at a desk, in both themes: axe finds nothing, nothing scrolls sideways.

A new door of config.urls that stands neither in `doors.pages` nor in `doors.NOT_PAGES` fails the first test.
"""

from __future__ import annotations

import pytest
from django.urls import get_resolver

from tests.browser.doors import NOT_PAGES, named_doors, pages
from tests.browser.house import House
from tests.browser.looking import looked_at

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.any_database]
SHARES = 3  # so that the workers of a run divide the pages among them


def test_every_door_is_looked_at_or_says_why_not(house: House) -> None:
    named = {name for name in named_doors(get_resolver()) if not name.startswith("api")}
    seen = {name for _person, name, _address in pages(house)}
    assert named - seen - set(NOT_PAGES) == set(), (
        "say in PAGES who opens it, or in NOT_PAGES why nobody does"
    )
    assert set(NOT_PAGES) & seen == set()
    assert set(NOT_PAGES) - named <= {"api-reference"}


@pytest.mark.long
@pytest.mark.parametrize("share", range(SHARES))
def test_no_page_has_a_finding_on_a_phone_or_at_a_desk_in_either_theme(
    live_server, visit, house, share
) -> None:
    wrong = []
    for person, name, address in list(pages(house))[share::SHARES]:
        page = visit(person)
        answer = page.goto(live_server.url + address)
        expected = {"403": 403, "404": 404}.get(
            name, 403 if (person, name) == ("auditor", "incidents:open-case") else 200
        )
        if answer.status != expected:
            wrong.append((f"{name} for {person}", answer.status))
        wrong += looked_at(page, f"{name} for {person}")
    assert wrong == []
