"""The words of a paper and the file that was approved are found out when they change behind history."""

import pytest
from django.db import connection

from core.audit.verification import first_break
from notifications.models import PaperKind
from tests.core.audit.tampering import tampering_as_owner
from tests.notifications.paper_cases import approved, scene, started

pytestmark = pytest.mark.django_db
CHANGES = {
    "notifications_paperversion": ("UPDATE notifications_paperversion SET title = %s", "다른 제목"),
    "documents_document": ("UPDATE documents_document SET pdf = %s", b"%PDF-another file"),
}


@pytest.mark.parametrize("table", sorted(CHANGES))
def test_a_paper_changed_behind_history_is_found(table):
    one = scene()
    approved(one, started(one, PaperKind.SUBJECT_NOTICE))
    assert first_break(one.case.reference) is None

    statement, new = CHANGES[table]
    with tampering_as_owner(table), connection.cursor() as cursor:
        cursor.execute(statement, [new])

    assert first_break(one.case.reference) is not None
