"""The certificate of a destruction: what went, how many, how, who asked, who approved, when."""

from __future__ import annotations

from datetime import datetime

from django.utils import translation
from django.utils.translation import gettext as _

import rules
from core.audit.destroying import erasers
from core.documents.renderer import Imprint, RenderedPaper, Sheet, content_hash, render_pdf
from core.documents.tables import Column, DataTable, FormRow, FormTable
from incidents.clocks import day_label, instant_label
from incidents.documents import as_printable
from incidents.models.destruction import Destruction

TEMPLATE = "incidents/pdf/destruction.html"
EDITION = "2026.11"


def certificate_of(row: Destruction, *, now: datetime) -> tuple[RenderedPaper, Imprint]:
    """The paper in Korean, from the counts alone: what was destroyed is not asked any more."""
    with translation.override("ko"):
        content = {
            "case": row.case.reference,
            "counts": row.counts,
            "begun_at": row.begun_at and row.begun_at.isoformat(),
        }
        imprint = Imprint(
            number=f"{row.case.reference}-D{row.pk}",
            title=_("개인정보 파기 확인서"),
            template_edition=EDITION,
            rules_digest=rules.digest(),
            content_hash=content_hash(content),
            status="sealed",
        )
        context: dict[str, object] = {"about": _about(row, now=now), "counts": _counts(row)}
        paper = render_pdf(
            template=TEMPLATE, context=context, sheet=Sheet.REPORT, imprint=imprint, now=now, is_archive=True
        )
    return paper, imprint


def _about(row: Destruction, *, now: datetime) -> FormTable:
    begun, asked, decided = (
        instant_label(moment) if moment else "—" for moment in (row.begun_at, row.asked_at, row.decided_at)
    )
    rows = (
        (_("기관"), row.case.organization.name),
        (_("사건번호"), row.case.reference),
        (_("근거"), str(row.get_ground_display())),
        (_("이유"), row.reason),
        (_("불필요하게 된 날"), day_label(row.needless_on)),
        (_("파기할 마지막 날"), day_label(row.last_day)),
        (_("요청"), f"{row.asked_by} · {asked}"),
        (_("승인"), f"{row.decided_by} · {decided}"),
        (_("파기"), f"{begun} ~ {instant_label(now)}"),
        (
            _("방법"),
            _("데이터베이스의 글을 지우고, 암호화해 보관한 파일을 지우고, 그 사건의 암호 키를 없앴습니다."),
        ),
        (
            _("남은 것"),
            _("기록의 번호, 수, 시각, 해시와 이력의 연결. 백업은 그 보관 기간이 끝날 때까지 남습니다."),
        ),
    )
    return FormTable(tuple(FormRow(label, as_printable(text)) for label, text in rows))


def _counts(row: Destruction) -> DataTable:
    titles = {one.name: str(one.title) for one in erasers()}
    titles |= {"event_words": _("이력에 적은 사유"), "files": _("증거 파일"), "keys": _("암호 키")}
    lines = tuple((titles.get(name, name), f"{count:,}") for name, count in row.counts.items())
    columns = (Column(_("무엇")), Column(_("건수"), is_amount=True))
    return DataTable(caption=_("파기한 것"), columns=columns, rows=lines)
