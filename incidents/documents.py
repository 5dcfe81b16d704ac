"""What the first sheet of an audit bundle says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

import rules
from core.audit.exhibits import HIDDEN, exhibits
from core.documents.fonts import INVISIBLE, composed, printable
from core.documents.renderer import Imprint, Sheet, content_hash, render_pdf
from core.documents.tables import Column, DataTable, FormRow, FormTable
from incidents.clocks import instant_label
from incidents.models import Case

INDEX = "incidents/pdf/case_index.html"
EDITION = "2026.11"


def index_of(
    case: Case,
    *,
    data: Mapping[str, int],
    listing: Sequence[Mapping[str, Any]],
    exporter: str,
    reason: str,
    is_redacted: bool,
    key_id: str,
    now: datetime,
) -> bytes:
    """A PDF/A with the number of rows of each kind (`data`) and path, size and SHA-256 of each file (`listing`)."""
    with translation.override("ko"):
        context: dict[str, object] = {
            "about": _about(case, exporter=exporter, reason=reason, is_redacted=is_redacted, now=now),
            "contents": _contents(data),
            "files": _files(listing),
            "key_id": " ".join(key_id[at : at + 8] for at in range(0, len(key_id), 8)),
        }
        imprint = Imprint(
            number=f"{case.reference}-{now:%Y%m%d%H%M}",
            title=_("감사 묶음 차례"),
            template_edition=EDITION,
            rules_digest=rules.digest(),
            content_hash=content_hash(list(listing)),
            status="sealed",
        )
        paper = render_pdf(
            template=INDEX, context=context, sheet=Sheet.REPORT, imprint=imprint, now=now, is_archive=True
        )
    return paper.pdf


def _about(case: Case, *, exporter: str, reason: str, is_redacted: bool, now: datetime) -> FormTable:
    title = HIDDEN if is_redacted and case.title else case.title
    rows = (
        (_("사건번호"), case.reference),
        (_("제목"), title or "—"),
        (_("기관"), case.organization.name),
        (_("단계"), str(case.get_phase_display())),
        (_("접수 시각"), instant_label(case.opened_at)),
        (_("내보낸 때"), instant_label(now)),
        (_("내보낸 사람"), exporter),
        (_("내보낸 이유"), reason),
        (_("가림"), _("사람의 말과 이름을 가림") if is_redacted else _("가리지 않음")),
    )
    return FormTable(tuple(FormRow(label, as_printable(text)) for label, text in rows))


def _contents(data: Mapping[str, int]) -> DataTable:
    titles = {one.name: str(one.title) for one in exhibits()}
    titles |= {"people": _("사람"), "further": _("그 밖에 이력이 보증하는 기록")}
    rows = tuple((titles[name], f"data/{name}.json", f"{count:,}") for name, count in data.items())
    columns = (Column(_("기록")), Column(_("파일")), Column(_("건수"), is_amount=True))
    return DataTable(caption=_("기록"), columns=columns, rows=rows)


def _files(listing: Sequence[Mapping[str, Any]]) -> DataTable:
    rows = tuple((one["path"], f"{one['size']:,}", _in_groups(one["sha256"])) for one in listing)
    columns = (Column(_("파일")), Column(_("크기(바이트)"), is_amount=True), Column("SHA-256"))
    return DataTable(caption=_("파일과 그 해시"), columns=columns, rows=rows)


def _in_groups(digits: str) -> str:
    """Sixteen digits at a time, so that people can compare them."""
    return " ".join(digits[at : at + 16] for at in range(0, len(digits), 16))


def as_printable(text: str) -> str:
    """`text`, with a mark in place of what the fonts of papers cannot print; the data has it as it was typed."""
    known = printable() | INVISIBLE
    return "".join(letter if letter in known else "〓" for letter in composed(text))
