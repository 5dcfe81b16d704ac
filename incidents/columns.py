"""The columns the list of cases can be taken out with: their code in the register, their heading, their cell."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.access.masking import masked
from incidents.clocks import instant_label
from incidents.models import Case


@dataclass(frozen=True, slots=True)
class Column:
    code: str
    heading: str | Promise
    cell: Callable[[Case], str]
    is_usual: bool = False


def _instant(moment: datetime | None) -> str:
    return instant_label(moment) if moment else ""


COLUMNS = (
    Column("reference", _("사건번호"), lambda case: case.reference, is_usual=True),
    Column("title", _("제목"), lambda case: masked(case.title)),
    Column("org", _("기관"), lambda case: str(case.organization)),
    Column("kind", _("종류"), lambda case: " · ".join(case.kind_words)),
    Column("phase", _("단계"), lambda case: str(case.get_phase_display()), is_usual=True),
    Column("lead", _("담당"), lambda case: str(case.lead)),
    Column("opened", _("접수 시각"), lambda case: _instant(case.opened_at), is_usual=True),
    Column("closed", _("종결 시각"), lambda case: _instant(case.closed_at), is_usual=True),
    Column(
        "due",
        _("가장 가까운 기한"),
        lambda case: _instant(case.nearest_due_at),  # type: ignore[attr-defined]
        is_usual=True,
    ),
)
USUAL = tuple(one.code for one in COLUMNS if one.is_usual)


def chosen(codes: Collection[str]) -> tuple[Column, ...]:
    """These columns in the order of the list; the usual ones, which are the fewest, where none is named."""
    return tuple(one for one in COLUMNS if one.code in (codes or USUAL))
