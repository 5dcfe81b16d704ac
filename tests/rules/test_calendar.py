"""The Korean holiday calendar: what it holds, and that it is what the generator and the overrides make."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from rules.engine.calendar import OutsideCalendarError
from rules.kr.calendar import FOLDER, korean_calendar
from tests.rules.regenerate_holidays import generated

# Days the law or an announcement made holidays, beside the yearly ones.
SINGLE_DAYS = {
    "temporary": [
        "2015-08-14",
        "2016-05-06",
        "2017-10-02",
        "2020-08-17",
        "2023-10-02",
        "2024-10-01",
        "2025-01-27",
    ],
    "election": [
        "2012-04-11",
        "2012-12-19",
        "2014-06-04",
        "2016-04-13",
        "2017-05-09",
        "2018-06-13",
        "2020-04-15",
        "2022-03-09",
        "2022-06-01",
        "2024-04-10",
        "2025-06-03",
        "2026-06-03",
    ],
    "substitute": [
        "2014-09-10",
        "2015-09-29",
        "2016-02-10",
        "2018-05-07",
        "2021-08-16",
        "2021-10-04",
        "2021-10-11",
        "2023-05-29",
        "2025-03-03",
        "2025-05-06",
        "2025-10-08",
        "2026-03-02",
        "2026-05-25",
        "2026-08-17",
        "2026-10-05",
    ],
    "new in 2026": ["2026-05-01", "2026-07-17"],
    "Hangul Day since 2013": ["2013-10-09", "2026-10-09"],
}
WORKING_DAYS = [
    "2012-10-09",
    "2025-05-01",
    "2025-07-17",
    "2026-06-08",
    "2026-09-28",
    "2019-09-16",
    "2013-05-06",
]


def test_the_committed_list_is_what_the_generator_writes() -> None:
    assert (FOLDER / "holidays.yaml").read_text(encoding="utf-8") == generated()


@pytest.mark.parametrize("day", [day for days in SINGLE_DAYS.values() for day in days])
def test_a_day_made_a_holiday_is_one(day: str) -> None:
    assert korean_calendar().rest_day_name(date.fromisoformat(day)) not in (None, "토요일", "일요일")


@pytest.mark.parametrize("day", WORKING_DAYS)
def test_a_working_day_is_one(day: str) -> None:
    assert korean_calendar().rest_day_name(date.fromisoformat(day)) is None


def test_the_long_chuseok_of_2017() -> None:
    first = date(2017, 9, 30)
    names = [korean_calendar().rest_day_name(first + timedelta(days=passed)) for passed in range(11)]
    assert None not in names[:10]
    assert names[10] is None


def test_saturdays_and_sundays_are_named() -> None:
    assert korean_calendar().rest_day_name(date(2026, 11, 21)) == "토요일"
    assert korean_calendar().rest_day_name(date(2026, 11, 22)) == "일요일"


@pytest.mark.parametrize("day", [date(2010, 12, 31), date(2029, 1, 1)])
def test_a_day_outside_the_calendar_is_an_error(day: date) -> None:
    with pytest.raises(OutsideCalendarError):
        korean_calendar().rest_day_name(day)


@pytest.mark.parametrize("year", range(2011, 2029))
def test_every_year_has_its_yearly_holidays(year: int) -> None:
    calendar = korean_calendar()
    for month, day in ((1, 1), (3, 1), (5, 5), (6, 6), (8, 15), (10, 3), (12, 25)):
        assert date(year, month, day) in calendar.holidays
    chuseok = [day for day, name in calendar.holidays.items() if day.year == year and "추석" in name]
    assert len(chuseok) in (3, 4)
