"""What the paper of a yearly check says."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils import translation
from django.utils.translation import gettext as _

import rules
from config.yearly_figures import CHECKLIST
from core.access.reviews import Period
from core.access.yearly import TEMPLATE, Finding, verdict_of
from core.accounts.days import SEOUL
from core.accounts.models import Organization, User
from core.documents.papers import Imprint, RenderedPaper, Sheet
from core.documents.renderer import content_hash, render_pdf
from core.documents.tables import Column, DataTable, FormRow, FormTable
from incidents.clocks import day_label, instant_label
from incidents.documents import as_printable

EDITION = "2026.11"


def rendered_check(
    place: Organization,
    *,
    period: Period,
    findings: Sequence[Finding],
    note: str,
    checker: User,
    now: datetime,
) -> tuple[RenderedPaper, Imprint]:
    """The PDF of a check and what is printed on its foot; nothing is kept yet."""
    with translation.override("ko"):
        imprint = Imprint(
            number=f"점검-{place.pk}-{now.astimezone(SEOUL):%Y%m%d%H%M}",
            title=_("내부 관리계획 이행 실태 점검 결과"),
            template_edition=EDITION,
            rules_digest=rules.digest(),
            content_hash=content_hash([one.as_json() for one in findings] + [note]),
            status="signed",
        )
        context: dict[str, object] = {
            "about": _about(place, period, findings, checker, now),
            "lines": _lines(findings),
            "note": as_printable(note),
        }
        paper = render_pdf(template=TEMPLATE, context=context, sheet=Sheet.REPORT, imprint=imprint, now=now)
    return paper, imprint


def _about(
    place: Organization, period: Period, findings: Sequence[Finding], checker: User, now: datetime
) -> FormTable:
    rows = (
        (_("기관"), place.name),
        (_("기간"), f"{day_label(period.first_day)} ~ {day_label(period.last_day)}"),
        (_("점검자"), f"{checker.name} ({_('개인정보 보호책임자')})"),
        (_("서명한 때"), _("%(at)s, 본인 확인을 다시 거침") % {"at": instant_label(now)}),
        (_("판정"), str(verdict_of(findings).label)),
        (_("근거"), "개인정보의 안전성 확보조치 기준 제4조제4항"),
    )
    return FormTable(tuple(FormRow(label, as_printable(text)) for label, text in rows))


def _lines(findings: Sequence[Finding]) -> DataTable:
    columns = (
        Column(_("항목")),
        Column(_("이 시스템이 센 것")),
        Column(_("판정")),
        Column(_("확인한 내용과 조치")),
    )
    rows = tuple(
        (
            f"{CHECKLIST[one.code].label} ({CHECKLIST[one.code].cite})",
            " · ".join(f"{label} {value}" for label, value in one.figures),
            str(one.result.label),
            as_printable(one.note) or "—",
        )
        for one in findings
    )
    return DataTable(caption=_("점검표"), columns=columns, rows=rows)
