"""Every door once on PostgreSQL, by somebody it opens to: whether the database can answer what the page asks.

Who may open what is the same on every database and is asked on SQLite (`test_access_matrix`).
"""

from __future__ import annotations

import pytest

from tests.matrix import OPEN_TO, Estate, address
from tests.test_access_matrix import DOORS, ask, estate, is_refused, visitors

pytestmark = [pytest.mark.django_db, pytest.mark.postgres_only]
__all__ = ["estate"]


@pytest.mark.long
def test_every_door_opens_to_one_it_is_declared_for(estate: Estate) -> None:
    every, wrong = visitors(estate), []
    for name, groups in DOORS:
        kind = min(OPEN_TO[name], default="")
        if not kind:
            continue
        answer = ask(every[kind], name, address(name, groups, estate.own))
        if answer.status_code >= 500 or is_refused(answer):
            wrong.append((name, kind, answer.status_code))
    assert wrong == []
