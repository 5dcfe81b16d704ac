"""What people type for an instant, and how it is read."""

from datetime import datetime

import pytest

from incidents.fields import read_instant
from tests.clock import KST

NOW = datetime(2026, 11, 25, 12, 0, tzinfo=KST)
NINE_TWELVE = datetime(2026, 11, 24, 9, 12, tzinfo=KST)


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-24 09:12",
        "2026-11-24 9:12",
        "20261124 0912",
        "202611240912",
        "11/24 9:12",
        "11-24 09:12",
        "2026.11.24 09:12",
        "2026. 11. 24. 09:12",
        "2026-11-24(화) 09:12 KST",
        " 2026-11-24T09:12 ",
        "2026-11-24T00:12:00+00:00",
    ],
)
def test_the_ways_people_write_an_instant(text):
    assert read_instant(text, now=NOW) == NINE_TWELVE


def test_seconds_are_kept():
    assert read_instant("2026-11-24 09:12:07", now=NOW).second == 7


def test_without_a_year_december_read_in_january_is_last_year():
    january = datetime(2027, 1, 3, 3, 0, tzinfo=KST)

    assert read_instant("12/31 23:50", now=january) == datetime(2026, 12, 31, 23, 50, tzinfo=KST)


@pytest.mark.parametrize(
    "text", ["", "내일", "2026-11-24", "11/24", "2026-02-30 09:12", "2026-11-24 25:00", "2026-11-24 09:60"]
)
def test_what_cannot_be_an_instant_is_refused(text):
    with pytest.raises(ValueError, match=r"2026-11-24|없는"):
        read_instant(text, now=NOW)


@pytest.mark.parametrize(
    "text", ["0026-11-24 09:12", "0001-01-01T00:00+14:00", "9999-12-31T23:59-12:00", "9999-12-31 23:59"]
)
def test_a_year_nobody_means_is_refused(text):
    with pytest.raises(ValueError, match="연도"):
        read_instant(text, now=NOW)
