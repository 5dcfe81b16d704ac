"""The words of a paper, its approval and its giving are found out when they change behind history."""

import pytest
from django.db import connection

from core.accounts.models import Role
from core.audit.verification import first_break
from notifications.models import PaperKind
from notifications.services.filings import record_filing
from tests.core.audit.tampering import tampering_as_owner
from tests.notifications.paper_cases import HOUR, KNOWN, approved, given, scene, started

pytestmark = pytest.mark.django_db
SOMEBODY_ELSE = object()
CHANGES = {
    "another title": ("notifications_paperversion", "title", "다른 제목"),
    "another author": ("notifications_paperversion", "author_id", SOMEBODY_ELSE),
    "another file": ("documents_document", "pdf", b"%PDF-another file"),
    "an earlier approval": ("notifications_approval", "decided_at", "2026-11-01 00:00:00+00:00"),
    "another approver": ("notifications_approval", "decided_by_id", SOMEBODY_ELSE),
    "another hash approved": ("notifications_approval", "content_hash", "0" * 64),
    "an earlier filing": ("notifications_filing", "at", "2026-11-01 00:00:00+00:00"),
    "another receipt": ("notifications_filing", "receipt_number", "2026-999999"),
    "another margin": ("notifications_filing", "margin_seconds", 259200),
    "another recipient": ("notifications_filing", "recipient", "msit"),
    "another way": ("notifications_filing", "channels", '["hand"]'),
    "another reason": ("notifications_filing", "lateness_reason", "지어낸 사유"),
    "another note": ("notifications_filing", "note", "지어낸 말"),
}


def filed():
    """A case whose report was approved and handed in."""
    one = scene()
    approval = approved(one, started(one, PaperKind.PIPC_REPORT))
    handed_in = given(
        KNOWN + 5 * HOUR,
        recipient="pipc",
        channels=("web_form",),
        told_count=None,
        receipt_number="2026-000123",
    )
    record_filing(version_id=approval.version_id, given=handed_in, actor=one.handler, now=KNOWN + 6 * HOUR)
    return one


@pytest.mark.parametrize("name", sorted(CHANGES))
def test_a_row_changed_behind_history_is_found(name):
    one = filed()
    assert first_break(one.case.reference) is None
    table, column, value = CHANGES[name]
    value = one.people[Role.AUDITOR].pk if value is SOMEBODY_ELSE else value

    with tampering_as_owner(table), connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table} WHERE {column} <> %s", [value])
        assert cursor.fetchone()[0] > 0
        cursor.execute(f"UPDATE {table} SET {column} = %s", [value])

    broken = first_break(one.case.reference)
    assert broken is not None
    assert "내용이 그때와" in broken.what
