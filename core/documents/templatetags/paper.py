"""How papers write dates, money and people, and how they keep Korean words whole."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from io import BytesIO

import qrcode  # type: ignore[import-untyped]
import qrcode.image.svg  # type: ignore[import-untyped]
from django import template
from django.utils import timezone
from django.utils.html import escape, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext, ngettext

from core.documents.words import parts_of, pieces_of, stays_whole

register = template.Library()

WEEKDAYS = "월화수목금토일"
DIGITS = "영일이삼사오육칠팔구"
SMALL_UNITS = ("", "십", "백", "천")
LARGE_UNITS = ("", "만", "억", "조", "경")


@register.filter
def keep_words(text: object) -> SafeString:
    """Text as typed, escaped: Hangul words whole, line breaks kept, empty lines between paragraphs.

    Always escapes, so text already marked safe is shown as its characters.
    """
    paragraphs = [p for p in re.split(r"\n[ \t]*\n\s*", _newlines(str(text)).strip("\n")) if p]
    if len(paragraphs) < 2:
        return _lines("".join(paragraphs))
    return format_html_join("", '<span class="para">{}</span>', ((_lines(p),) for p in paragraphs))


def _newlines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _lines(text: str) -> SafeString:
    return mark_safe("<br>".join("".join(_whole_words(line)) for line in text.split("\n")))  # noqa: S308  # each piece is escaped


def _whole_words(line: str) -> Iterator[str]:
    for piece in pieces_of(line):
        for part in parts_of(piece):
            yield f'<span class="w">{escape(part)}</span>' if stays_whole(part) else escape(part)


@register.filter
def paper_instant(moment: datetime) -> str:
    """`2026. 11. 24.(화) 09:12`, in the legal zone. TypeError or ValueError unless an aware instant."""
    if not isinstance(moment, datetime):
        raise TypeError(f"paper_instant takes an instant, got {type(moment).__name__}")
    if timezone.is_naive(moment):
        raise ValueError(f"an instant without a zone: {moment}")
    local = timezone.localtime(moment, timezone.get_default_timezone())
    return f"{_day(local.date())} {local:%H:%M}"


@register.filter
def paper_day(day: date) -> str:
    """`2026. 11. 24.(화)`. An aware instant gives its day in the legal zone."""
    if isinstance(day, datetime):
        if timezone.is_naive(day):
            raise ValueError(f"an instant without a zone: {day}")
        day = timezone.localtime(day, timezone.get_default_timezone()).date()
    if not isinstance(day, date):
        raise TypeError(f"paper_day takes a day, got {type(day).__name__}")
    return _day(day)


def _day(day: date) -> str:
    if (get_language() or "ko").startswith("en"):
        return f"{day:%Y-%m-%d} ({day:%a})"
    return f"{day.year}. {day.month}. {day.day}.({WEEKDAYS[day.weekday()]})"


@register.filter
def won(amount: Decimal | int) -> str:
    """`67,788,000원`. ValueError unless whole won."""
    return gettext("%(amount)s원") % {"amount": f"{_whole_won(amount):,}"}


@register.filter
def formal_won(amount: Decimal | int) -> str:
    """`금67,788,000원(금육천칠백칠십팔만팔천원)`, as 행정업무규정 시행규칙 제2조 writes money."""
    whole = _whole_won(amount)
    if whole < 0:
        raise ValueError(f"a formal amount is not negative: {whole}")
    return f"금{whole:,}원(금{in_hangul(whole)}원)"


def in_hangul(number: int) -> str:
    """`육천칠백칠십팔만팔천`: 0 or more, below 10^20; the one before a unit is written out (일천, 일만)."""
    if not 0 <= number < 10**20:
        raise ValueError(f"cannot be written out: {number}")
    if number == 0:
        return DIGITS[0]
    words = ""
    for unit in LARGE_UNITS:
        number, group = divmod(number, 10_000)
        if group:
            words = _four_digits(group) + unit + words
    return words


def _four_digits(group: int) -> str:
    digits = zip(reversed(f"{group:04}"), SMALL_UNITS, strict=True)
    return "".join(reversed([DIGITS[int(digit)] + unit for digit, unit in digits if digit != "0"]))


def _whole_won(amount: Decimal | int) -> int:
    if isinstance(amount, bool) or not isinstance(amount, Decimal | int):
        raise TypeError(f"money is Decimal or int, got {type(amount).__name__}")
    if amount != int(amount):
        raise ValueError(f"not whole won: {amount}")
    return int(amount)


@register.filter
def people(count: int) -> str:
    """`1,234,567명`."""
    if isinstance(count, bool) or not isinstance(count, int):
        raise TypeError(f"people are counted in whole numbers, got {type(count).__name__}")
    return ngettext("%(count)s명", "%(count)s명", count) % {"count": f"{count:,}"}


@register.filter
@lru_cache(maxsize=32)  # every letter of a mailing names the same page
def qr_code(text: str) -> str:
    """A `data:` picture of `text` as a QR code, for `<img src>`; give the image the text as alt, too."""
    drawn = qrcode.make(text, image_factory=qrcode.image.svg.SvgPathImage, border=0)
    file = BytesIO()
    drawn.save(file)
    return f"data:image/svg+xml;base64,{b64encode(file.getvalue()).decode()}"
