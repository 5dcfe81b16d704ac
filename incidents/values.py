"""Turning what was typed into the one form a fact is kept in, or saying why it cannot be."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.access.typed_words import resident_number_fault
from core.accounts.days import SEOUL
from incidents.clocks import day_label, instant_label, range_label
from incidents.facts import CATALOGUE, RANGED, Fact, Kind, fact_named

LARGEST_COUNT = 100_000_000
CLOCK_SKEW = timedelta(minutes=1)
LARGEST_AMOUNT = 10**15  # won; a bound on slips of the finger, not on losses
YEARS = range(1970, 2200)  # outside of these it is a slip of the finger, and some calendars end
COUNTS_PEOPLE = ("person_count", "contact_unknown_count", "possible_person_count")
_AMOUNT = re.compile(r"\d{1,3}(,\d{3})+|\d+")


class FactRefused(ValueError):
    """A fact that cannot be kept. `faults` maps the fact's name to what is wrong and what to do."""

    def __init__(self, faults: dict[str, str]) -> None:
        super().__init__("; ".join(f"{name}: {message}" for name, message in faults.items()))
        self.faults = faults


def _instant(value: Any, *, now: datetime) -> str:
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    if not isinstance(moment, datetime):
        raise ValueError(_("날짜와 시각을 적어 주세요. 예: 2026-11-24 09:12"))
    if moment.tzinfo is None:
        raise ValueError(_("시간대가 없는 시각입니다. +09:00처럼 시간대를 적어 주세요."))
    if moment > now + CLOCK_SKEW:
        raise ValueError(
            _("아직 오지 않은 시각입니다(지금 %(now)s). 날짜와 시각을 확인해 주세요.")
            % {"now": instant_label(now)}
        )
    return moment.astimezone(SEOUL).isoformat()


def _count(fact: Fact, value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError(_("정수로 적어 주세요. 예: 1200"))
    return _bounded(value, LARGEST_COUNT if fact.most is None else min(fact.most, LARGEST_COUNT))


def _bounded(number: int, most: int) -> int:
    if number < 0:
        raise ValueError(_("0보다 작을 수 없습니다."))
    if number > most:
        raise ValueError(_("%(limit)s보다 큰 수입니다. 자릿수를 확인해 주세요.") % {"limit": f"{most:,}"})
    return number


def read_money(value: Any) -> str:
    """Whole won as text, however it came: `30,000,000`, `30000000` or the number; never a float.

    ValueError says what to type.
    """
    text = str(value).strip() if isinstance(value, int | str) and not isinstance(value, bool) else ""
    text = re.sub(r"\s*원$", "", text)
    if not _AMOUNT.fullmatch(text.removeprefix("-")) or not text.isascii():
        raise ValueError(_("원 단위의 정수로 적어 주세요. 예: 30,000,000"))
    if len(text) > 2 * len(str(LARGEST_AMOUNT)):
        raise ValueError(_("자릿수를 확인해 주세요."))
    return str(_bounded(int(text.replace(",", "")), LARGEST_AMOUNT))


def _day(value: Any) -> str:
    if isinstance(value, datetime) or not isinstance(value, date | str):
        raise ValueError(_("날짜를 적어 주세요. 예: 2026-11-24"))
    try:
        day = date.fromisoformat(value) if isinstance(value, str) else value
    except ValueError as fault:
        raise ValueError(_("읽지 못했습니다. 2026-11-24처럼 적어 주세요.")) from fault
    if day.year not in YEARS:
        raise ValueError(_("%(year)d년은 받을 수 없습니다. 연도를 확인해 주세요.") % {"year": day.year})
    return day.isoformat()


def _chosen(fact: Fact, value: Any) -> str:
    codes = [code for code, _label in fact.choices]
    if value not in codes:
        raise ValueError(_("고를 수 있는 값: %(codes)s") % {"codes": ", ".join(codes)})
    return str(value)


def _confirmed(fact: Fact, value: Any, *, now: datetime) -> dict[str, str]:
    if not isinstance(value, dict) or set(value) != {"text", fact.moment}:
        raise ValueError(_("확인한 내용과 확인한 시각을 함께 적어 주세요."))
    if not str(value["text"]).strip():
        raise ValueError(_("확인한 내용을 적어 주세요."))
    return {"text": _text(value["text"]), fact.moment: _instant(value[fact.moment], now=now)}


def clean_value(name: str, value: Any, *, now: datetime) -> Any:
    """`value` of fact `name` as JSON keeps it: instants as ISO in +09:00, sets sorted. FactRefused otherwise."""
    fact = CATALOGUE.get(name)
    if fact is None:
        raise FactRefused({name: _("모르는 사실입니다. 이름을 확인해 주세요.")})
    try:
        return cleaned(fact, value, now=now)
    except ValueError as fault:
        raise FactRefused({name: str(fault)}) from fault


def cleaned(fact: Fact, value: Any, *, now: datetime) -> Any:
    """`value` as JSON keeps it; ValueError says what is wrong."""
    match fact.kind:
        case Kind.INSTANT:
            return _instant(value, now=now)
        case Kind.COUNT:
            return _count(fact, value)
        case Kind.MONEY:
            return read_money(value)
        case Kind.DAY:
            return _day(value)
        case Kind.YES_NO:
            if not isinstance(value, bool):
                raise ValueError(_("예 또는 아니요로 적어 주세요."))
            return value
        case Kind.CHOICE:
            return _chosen(fact, value)
        case Kind.SET:
            if not isinstance(value, list | tuple | set) or not value:
                raise ValueError(_("하나 이상 골라 주세요."))
            return sorted({_chosen(fact, item) for item in value})
        case Kind.CONFIRMED:
            return _confirmed(fact, value, now=now)
        case Kind.TEXT:
            return _text(value)


def _text(value: Any) -> str:
    text = str(value).replace("\x00", "").strip()
    if not text:
        raise ValueError(_("내용을 적어 주세요."))
    if fault := resident_number_fault(text):
        raise ValueError(fault)
    if len(text) > 20_000:
        raise ValueError(_("20,000자까지 적을 수 있습니다. 나머지는 증거로 올려 주세요."))
    return text


def people_label(count: int) -> str:
    """`1,200명`."""
    return ngettext("%(n)s명", "%(n)s명", count) % {"n": f"{count:,}"}


def won_label(amount: int | str | None) -> str:
    """`30,000,000원`; an em dash for none."""
    return "—" if amount in (None, "") else _("%(amount)s원") % {"amount": f"{int(amount):,}"}


def clean_until(name: str, value: Any, until: Any, *, now: datetime) -> datetime | None:
    """The latest that an instant known as a range only can be; `value`, cleaned, is its earliest. FactRefused otherwise."""
    if until is None:
        return None
    if name not in RANGED:
        raise FactRefused({name: _("범위로 적을 수 있는 것은 일어난 때와 알게 된 때입니다.")})
    if value is None:
        raise FactRefused({name: _("범위의 가장 이른 시각도 적어 주세요. 기한은 이른 시각부터 셉니다.")})
    try:
        latest = datetime.fromisoformat(_instant(until, now=now))
    except ValueError as fault:
        raise FactRefused({name: str(fault)}) from fault
    if latest <= datetime.fromisoformat(value):
        raise FactRefused(
            {name: _("늦어도 이때는 가장 이른 시각보다 뒤여야 합니다. 두 시각을 확인해 주세요.")}
        )
    return latest


def value_label(name: str, value: Any, until: datetime | None = None) -> str:
    """`value` of fact `name` as people read it; an instant known as a range with both ends."""
    if value is None:
        return "—"
    if until is not None:
        return range_label(datetime.fromisoformat(value), until)
    return label_of_value(fact_named(name), value)


def label_of_value(fact: Fact, value: Any) -> str:
    """`value`, as it is kept for `fact`, as people read it."""
    words = {code: str(label) for code, label in fact.choices}
    match fact.kind:
        case Kind.INSTANT:
            return instant_label(datetime.fromisoformat(value))
        case Kind.DAY:
            return day_label(date.fromisoformat(value))
        case Kind.COUNT:
            return people_label(value) if fact.name in COUNTS_PEOPLE else f"{value:,}{fact.unit}"
        case Kind.MONEY:
            return won_label(value)
        case Kind.YES_NO:
            return _("예") if value else _("아니요")
        case Kind.CONFIRMED:
            return f"{value['text']} ({instant_label(datetime.fromisoformat(value[fact.moment]))})"
        case Kind.SET:
            return ", ".join(words.get(code, code) for code in value)
        case Kind.CHOICE:
            return words.get(value, str(value))
        case Kind.TEXT:
            return str(value)
