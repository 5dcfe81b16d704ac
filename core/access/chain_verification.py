"""Going over the chain of the access log from its beginning: the first place that does not hold."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from core.access.chain import Linked, beginning, end_of_chain, hash_of, horizon, linked_after, without_number
from core.access.chain_models import PurgedEnd
from core.access.purging import PURGED
from core.access.sealing import SEALED
from core.audit.models import HOUSE, Event
from core.audit.services import subject_of


@dataclass(frozen=True, slots=True)
class BrokenRow:
    """The first place of the log that does not hold: its number, and its id where there is one."""

    number: int
    what: str
    row_id: int | None = None

    def __str__(self) -> str:
        place = {"n": self.number, "row": self.row_id or "—", "what": self.what}
        return _("접속기록 #%(n)s (행 %(row)s): %(what)s") % place


def first_broken_row() -> BrokenRow | None:
    """The first row that was changed, dropped, put in, swapped or cut off; None while everything holds."""
    return _untold_purge() or _broken_link() or _stranger()


def _broken_link() -> BrokenRow | None:
    begin, told = beginning(), _told_to_history()
    if told.get(begin.number, begin.hash) != begin.hash:
        return BrokenRow(begin.number, _("파기한 끝의 해시가 이력에 적힌 것과 다릅니다."))
    expected, previous = begin.number + 1, begin.hash
    for link in linked_after(begin.number):
        what = _fault(link, expected, previous, told)
        if what:
            return BrokenRow(min(expected, link.number), what, link.row_id)
        expected, previous = link.number + 1, link.hash
    if any(number >= expected for number in told):
        words = {"n": max(told)}
        return BrokenRow(expected, _("이력은 #%(n)s까지 있었다고 하는데 여기서 끝납니다.") % words)
    return None


def _fault(link: Linked, expected: int, previous: str, told: dict[int, str]) -> str:
    if link.number != expected:
        return _("이 순번의 기록이 없습니다.")
    if link.row is None:
        return _("행이 지워졌습니다.")
    if link.hash != hash_of(link.row, number=link.number, previous=previous):
        return _("행의 내용이나 순서가 기록된 해시와 다릅니다.")
    if told.get(link.number, link.hash) != link.hash:
        return _("해시가 이력에 적힌 것과 다릅니다. 그 앞의 행이 바뀌고 다시 계산됐습니다.")
    return ""


def _told_to_history() -> dict[int, str]:
    """How far history was told the log went: number → hash."""
    told = Event.objects.of_chain(HOUSE).filter(action=SEALED).values_list("data", flat=True)
    begin = beginning().number
    return {data["number"]: data["hash"] for data in told.iterator() if data["number"] >= begin}


def _untold_purge() -> BrokenRow | None:
    """A purge that history does not tell of, or tells of otherwise."""
    for end in PurgedEnd.objects.select_related("purge"):
        told = Event.objects.of_chain(HOUSE).filter(action=PURGED, subject=subject_of(end.purge)).last()
        if told is None or (told.data.get("number"), told.data.get("hash")) != (end.number, end.hash):
            return BrokenRow(end.number, _("이력에 없는 파기입니다."))
    return None


def _stranger() -> BrokenRow | None:
    """A row too old to be still on its way, and without a number."""
    row = without_number().filter(pk__lte=horizon()).values_list("pk", flat=True).first()
    if row is None:
        return None
    return BrokenRow(end_of_chain().number, _("사슬에 없는 행이 끼어 있습니다."), row)
