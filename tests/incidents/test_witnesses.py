"""History keeps words as a digest; a changed word behind it is found."""

import pytest
from django.db import connection

from core.audit.verification import first_break
from incidents import services
from incidents.services import FactChange
from tests.core.audit.tampering import tampering_as_owner
from tests.incidents.factories import KNOWN, opened_case

pytestmark = pytest.mark.django_db
CHANGES = {
    "a changed fact": (
        "incidents_factrevision",
        "UPDATE {} SET value = '\"다른 말\"' WHERE name = 'summary'",
    ),
    "a dropped fact": ("incidents_factrevision", "DELETE FROM {} WHERE name = 'summary'"),
    "a changed word of the timeline": ("incidents_timelineentry", "UPDATE {} SET text = '다른 말'"),
}


@pytest.mark.parametrize("name", sorted(CHANGES))
def test_a_word_changed_behind_history_is_found(name):
    table, statement = CHANGES[name]
    case = opened_case()
    services.record_facts(
        case_id=case.pk, changes=[FactChange("summary", "처음 말")], actor=case.lead, now=KNOWN
    )
    services.add_timeline_entry(
        case_id=case.pk, text="처음 말", happened_at=KNOWN, actor=case.lead, now=KNOWN
    )
    assert first_break(case.reference) is None

    with tampering_as_owner(table), connection.cursor() as cursor:
        cursor.execute(statement.format(table))

    broken = first_break(case.reference)
    assert broken is not None
    assert "내용이 그때와" in broken.what
