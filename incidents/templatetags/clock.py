"""How instants, days, spans and values are written on a page: always by `incidents.clocks`, never by hand."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from core.accounts.days import SEOUL
from incidents.clocks import CONFIDENCE, day_label, duration_label, instant_label, limit_label
from incidents.models import TimelineEntry
from incidents.reading import kept as kept_words
from incidents.reading import kept_list
from incidents.values import value_label, won_label

register = template.Library()
# A day with its weekday (as screens and as letters write it), a time with its zone, a span, a telephone number.
_WHOLE = re.compile(
    r"(\d{4}-\d{2}-\d{2}(?:\(\w+\))?|\d{4}\. \d{1,2}\. \d{1,2}\.(?:\(\w+\))?|\d{2}:\d{2}(?: KST)?"
    r"|\d+시간 \d+분|\d+ h \d+ min"
    r"|\b\d{2,3}-\d{3,4}-\d{4}\b|\b1\d{3}-\d{4}\b)"
)


@register.filter
def instant(moment: datetime | str | None) -> str:
    """`2026-11-24(화) 09:12 KST`. Takes an aware instant or its ISO text."""
    return instant_label(
        datetime.fromisoformat(moment) if isinstance(moment, str) and moment else moment or None
    )


@register.filter
def second(moment: datetime) -> str:
    """`03:14:07 KST`: for an instant whose second matters."""
    return f"{moment.astimezone(SEOUL):%H:%M:%S} KST"


@register.filter
def day(value: date | str | None) -> str:
    """`2026-12-06(일)`."""
    return day_label(date.fromisoformat(value) if isinstance(value, str) and value else value or None)


@register.filter
def whole_dates(text: str) -> SafeString:
    """`text` escaped; no line ends inside a day, a time, a span or a telephone number (browsers break at hyphens)."""
    parts = _WHOLE.split(str(text))
    return format_html_join(
        "",
        "{}",
        (
            (format_html('<span class="bd-nowrap">{}</span>', part) if place % 2 else part,)
            for place, part in enumerate(parts)
        ),
    )


@register.filter
def duration(span: timedelta) -> str:
    return duration_label(span)


@register.filter
def limit(period: str) -> str:
    """`PT72H` as `72시간`."""
    return limit_label(period)


@register.filter
def confidence(code: str) -> str:
    return str(CONFIDENCE.get(code, code))


@register.filter
def fact_value(value: Any, name: str) -> str:
    """`value` of fact `name` as people read it."""
    return value_label(name, value)


@register.filter
def plain_number(number: int | None) -> str:
    """Digits for a machine: no separators whatever the language; empty for none."""
    return "" if number is None else str(number)


@register.filter
def won(amount: str | int | None) -> str:
    """`30,000,000원`."""
    return won_label(amount)


@register.filter
def entry_words(entry: TimelineEntry) -> str:
    """What an entry of the timeline says; the parts that this software wrote in the reader's language."""
    return kept_list(entry.text, " · ") if entry.kind == TimelineEntry.Kind.GIVEN else kept_words(entry.text)


@register.filter
def kept(text: str) -> str:
    """A sentence this software wrote into a record, in the reader's language; other words as they stand."""
    return kept_words(text)
