"""What history restores for any instant is what the database held then, whatever a case has lived through."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from incidents.as_of import access_at, case_as_of, people_to_ask_about
from notifications.as_of import papers_as_of
from tests.notifications.lives import ENTRIES, PAPERS, Life, Snapshot, columns, rows

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]


def restored(life: Life, at: Any) -> Snapshot:
    """The same shape as `lives.snapshot`, from history."""
    past, papers = case_as_of(life.case, at), papers_as_of(life.case, at)
    assert past is not None
    found = {name: rows(getattr(past, name)) for name in ENTRIES}
    found |= {name: rows(getattr(papers, name)) for name in PAPERS}
    found["custody"] = rows(entry for item in past.evidence for entry in item.custody.all())
    people = people_to_ask_about(life.case)
    seeing = {user.pk for user in people if access_at(life.case, user, at).can_see}
    return {"case": columns(past.case), "seeing": seeing} | found


@settings(
    max_examples=6,
    deadline=None,
    phases=(Phase.explicit, Phase.generate),  # a life is long to live again; the first that differs is told
    suppress_health_check=[
        HealthCheck.too_slow,
        HealthCheck.function_scoped_fixture,
        HealthCheck.data_too_large,
    ],
)
@given(data=st.data())
@pytest.mark.long
def test_replaying_history_to_an_instant_gives_the_case_as_it_was_saved_then(data: st.DataObject) -> None:
    life = Life()
    life.live(data.draw, acts=24)
    life.case.refresh_from_db()

    for at, saved in life.saved:
        assert restored(life, at) == saved
