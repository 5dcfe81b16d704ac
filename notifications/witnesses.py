"""What papers say and the files that were approved, which history keeps as a hash."""

from __future__ import annotations

import hashlib

from core.audit.witnesses import register as bear_witness
from core.documents.renderer import content_hash
from notifications.documents import content_of
from notifications.models.papers import Approval, PaperVersion


def register() -> None:
    bear_witness("notifications.paperversion", key="content_hash", witness=_versions)
    bear_witness("notifications.approval", key="file_hash", witness=_files)


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
