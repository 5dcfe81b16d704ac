"""What the tests in a browser share: the house they look at, and a phone for each person in it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.house import House, house
from tests.browser.looking import PHONE
from tests.core.accounts.factories import PASSWORD

__all__ = ["house", "visit"]


@pytest.fixture
def visit(live_server: Any, new_context: Callable[..., Any], sign_in: Callable[..., None], house: House):
    """`visit(person)`: a phone for each person, signed in once; the empty person has not signed in."""
    phones: dict[str, Page] = {}

    def page_of(person: str) -> Page:
        if person not in phones:
            phones[person] = new_context(viewport=PHONE, reduced_motion="reduce").new_page()
            if person:
                sign_in(phones[person], email=house.people[person].email, password=PASSWORD)
        return phones[person]

    return page_of
