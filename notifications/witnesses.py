"""What papers say, the files that were approved, and when and to whom they were given."""

from __future__ import annotations

import hashlib

from core.audit.chain import digest
from core.audit.witnesses import columns_of, register_state
from core.audit.witnesses import register as bear_witness
from core.documents.renderer import content_hash
from notifications.documents import content_of
from notifications.models.papers import Approval, Filing, Paper, PaperVersion
from notifications.models.reminders import ReminderPolicy

# Notes are left out: they may have to be erased one day. A name added here disagrees with every
# history written before.
PAPER = ("case_id", "number", "kind", "family", "subject_key", "created_at", "created_by_id")
POLICY = ("organization_id", "offsets", "overdue_minutes", "escalation_minutes", "urgent_minutes", "version")
VERSION = ("paper_id", "number", "content_hash", "facts_seen", "rules_digest", "created_at", "author_id")
APPROVAL = ("version_id", "content_hash", "decision", "document_id", "decided_at", "decided_by_id")
FILING = (
    "version_id",
    "approval_id",
    "document_id",
    "recipient",
    "at",
    "channels",
    "receipt_number",
    "told_count",
    "posted_count",
    "deadline_id",
    "margin_seconds",
    "follow_up_id",
    "recorded_at",
    "recorded_by_id",
)


def register() -> None:
    bear_witness("notifications.paperversion", key="content_hash", witness=_versions)
    bear_witness("notifications.approval", key="file_hash", witness=_files)
    bear_witness("notifications.filing", key="words", witness=_words)
    register_state("notifications.paper", columns_of(Paper, PAPER))
    register_state("notifications.reminderpolicy", columns_of(ReminderPolicy, POLICY), told_at_birth=False)
    register_state("notifications.paperversion", columns_of(PaperVersion, VERSION))
    register_state("notifications.approval", columns_of(Approval, APPROVAL))
    register_state("notifications.filing", columns_of(Filing, FILING))


def _versions(ids: list[int]) -> dict[int, str]:
    rows = PaperVersion.objects.filter(pk__in=ids).select_related("paper")
    return {row.pk: _hash_of(row) for row in rows}


def _hash_of(version: PaperVersion) -> str:
    content = content_of(
        kind=version.paper.kind,
        title=version.title,
        texts=version.fields,
        letterhead=version.letterhead,
        rule_id=version.rule_id,
        contents_code=version.contents_code,
        key_on=version.key_on,
        is_partial=version.is_partial,
    )
    return content_hash({**content, "edition": version.template_edition})


def _files(ids: list[int]) -> dict[int, str]:
    rows = Approval.objects.filter(pk__in=ids, document__isnull=False)
    files = rows.values_list("pk", "document__pdf").iterator(chunk_size=20)
    return {pk: hashlib.sha256(bytes(pdf)).hexdigest() for pk, pdf in files}


def _words(ids: list[int]) -> dict[int, str]:
    rows = Filing.objects.filter(pk__in=ids)
    return {row.pk: digest(row.said()) for row in rows}
