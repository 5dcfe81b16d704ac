"""The table of settings that goes with the internal plan, as it stood at the end of a day: PDF and CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import translation
from django.utils.translation import gettext as _

import rules
from config.safety import log_floor_months
from core.access.queries import SettingLine, setting_lines
from core.accounts.days import SEOUL
from core.documents.papers import Imprint, Sheet
from core.documents.renderer import content_hash, render_pdf
from core.documents.tables import Column, DataTable, FormRow, FormTable
from incidents.clocks import day_after, day_label, instant_label
from incidents.documents import as_printable
from incidents.spreadsheet import harmless

TEMPLATE = "settings/pdf/safety_tables.html"
EDITION = "2026.11"


@dataclass(frozen=True, slots=True)
class AnnexLine:
    """A setting in force, in the words of the plan."""

    code: str
    label: str
    value: int
    said: str
    since: str
    by: str
    reason: str
    floor: str
    is_law: bool
    cite: str

    @classmethod
    def of(cls, line: SettingLine) -> AnnexLine:
        row = line.row
        return cls(
            code=str(line.setting.code),
            label=str(line.setting.label),
            value=line.value,
            said=line.value_said,
            since=instant_label(row.set_at) if row else _("기본값"),
            by=str(row.set_by or "—") if row else "—",
            reason=row.reason if row else "—",
            floor=f"{line.lowest_said} ~ {line.highest_said}",
            is_law=line.setting.is_law,
            cite=line.setting.cite,
        )

    @property
    def cells(self) -> tuple[str, ...]:
        law = _("법의 숫자") if self.is_law else _("회사가 정함")
        return (self.label, self.said, self.since, self.by, self.floor, law, self.cite, self.reason)


def annex_lines(day: date) -> list[AnnexLine]:
    """Every setting once, as it held when `day` ended in Korea. The range is what the law and the house allow now."""
    lines = setting_lines(
        at=day_after(day) - timedelta(microseconds=1), log_floor_months=log_floor_months(day)
    )
    return [AnnexLine.of(line) for line in lines]


def heads() -> tuple[str, ...]:
    return (
        _("설정"),
        _("값"),
        _("언제부터"),
        _("정한 사람"),
        _("정할 수 있는 범위"),
        _("법"),
        _("조문"),
        _("이유"),
    )


def annex_csv(day: date) -> str:
    """For a spreadsheet: UTF-8 with its mark, and no cell that runs as a formula."""
    with translation.override("ko"):
        out = io.StringIO()
        writer = csv.writer(out)
        writer.writerow((*heads(), _("기준일")))
        for line in annex_lines(day):
            writer.writerow([harmless(cell) for cell in (*line.cells, day.isoformat())])
    return "\ufeff" + out.getvalue()


def annex_table(lines: Sequence[AnnexLine]) -> DataTable:
    rows = tuple(tuple(as_printable(cell) for cell in line.cells[:7]) for line in lines)
    columns = tuple(Column(head) for head in heads()[:7])
    return DataTable(caption=_("안전조치 설정"), columns=columns, rows=rows)


def stood_at(day: date, *, now: datetime) -> str:
    """The instant a paper about `day` is true for: its end, or the present one while the day is not over."""
    if day < now.astimezone(SEOUL).date():
        return _("%(day)s 24시") % {"day": day_label(day)}
    return instant_label(now)


def annex_pdf(place: str, day: date, *, exporter: str, now: datetime) -> bytes:
    """The same as a paper."""
    with translation.override("ko"):
        lines = annex_lines(day)
        rows = (
            (_("기관"), place),
            (_("기준"), stood_at(day, now=now)),
            (_("만든 때"), instant_label(now)),
            (_("만든 사람"), exporter),
        )
        about = FormTable(tuple(FormRow(label, as_printable(text)) for label, text in rows))
        imprint = Imprint(
            number=f"설정표-{day:%Y%m%d}-{now.astimezone(SEOUL):%H%M}",
            title=_("내부 관리계획 첨부 설정표"),
            template_edition=EDITION,
            rules_digest=rules.digest(),
            content_hash=content_hash([list(line.cells) for line in lines]),
            status="sealed",
        )
        context: dict[str, object] = {"about": about, "tables": [annex_table(lines)]}
        paper = render_pdf(template=TEMPLATE, context=context, sheet=Sheet.REPORT, imprint=imprint, now=now)
    return paper.pdf
