"""How papers write days, money and people."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.utils import translation

from core.documents.templatetags.paper import (
    formal_won,
    in_hangul,
    paper_day,
    paper_instant,
    people,
    qr_code,
    won,
)


def test_an_instant_is_written_in_seoul_with_dots_and_24_hours() -> None:
    assert paper_instant(datetime(2026, 11, 24, 0, 12, tzinfo=UTC)) == "2026. 11. 24.(화) 09:12"


def test_a_day_has_no_leading_zeros() -> None:
    assert paper_day(date(2027, 1, 3)) == "2027. 1. 3.(일)"


def test_the_day_of_an_instant_is_the_day_in_seoul() -> None:
    assert paper_day(datetime(2026, 11, 23, 15, 0, tzinfo=UTC)) == "2026. 11. 24.(화)"


def test_an_english_paper_writes_days_so_that_nobody_can_misread_them() -> None:
    with translation.override("en"):
        assert paper_day(date(2026, 11, 24)) == "2026-11-24 (Tue)"


@pytest.mark.parametrize("moment", [datetime(2026, 11, 24, 9, 12), date(2026, 11, 24), "2026-11-24", None])
def test_only_an_aware_instant_is_an_instant(moment: object) -> None:
    with pytest.raises((TypeError, ValueError)):
        paper_instant(moment)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (67_788_000, "금67,788,000원(금육천칠백칠십팔만팔천원)"),
        (113_560, "금113,560원(금일십일만삼천오백육십원)"),  # the example of the rule itself
        (0, "금0원(금영원)"),
        (10_000, "금10,000원(금일만원)"),
        (100_000_000, "금100,000,000원(금일억원)"),
        (Decimal("1000000010001"), "금1,000,000,010,001원(금일조일만일원)"),
    ],
)
def test_a_formal_amount_is_written_twice(amount: Decimal | int, words: str) -> None:
    assert formal_won(amount) == words


def test_money_and_people_are_grouped_by_thousands() -> None:
    assert won(Decimal("67788000")) == "67,788,000원"
    assert won(-1200) == "-1,200원"
    assert people(1_234_567) == "1,234,567명"


@pytest.mark.parametrize("amount", [1.5, "100", True, None])
def test_money_is_never_a_float_or_a_text(amount: object) -> None:
    with pytest.raises(TypeError):
        won(amount)  # type: ignore[arg-type]


@pytest.mark.parametrize("amount", [Decimal("0.5"), Decimal("NaN")])
def test_papers_print_whole_won(amount: Decimal) -> None:
    with pytest.raises(ValueError):
        won(amount)


@pytest.mark.parametrize("number", [-1, 10**20])
def test_what_has_no_words_is_refused(number: int) -> None:
    with pytest.raises(ValueError):
        in_hangul(number)


def test_a_qr_code_travels_inside_the_paper() -> None:
    assert qr_code("https://example.com/").startswith("data:image/svg+xml;base64,")
