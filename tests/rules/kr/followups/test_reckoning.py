"""Periods of months and years, and what holds of every last day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import rules
from rules.engine.calendar import Calendar
from rules.kr.calendar import korean_calendar
from rules.kr.followups.law import current_law
from rules.kr.followups.reckoning import ending, working_day_before
from rules.kr.followups.wording import Words, length_words
from tests.rules.cases import Case, cases_in, same

ONE_DAY = timedelta(days=1)
Said = tuple[tuple[str, str], ...]
COUNTED = sorted(
    (family.id, event, tuple((key, allowed[0]) for key, allowed in family.only_for.items()))
    for family in current_law().families
    for event in family.events
    if family.entries[-1].values
    and family.entries[-1].values["counting"] == "DAYS"
    and not {"starts_from", "after", "length_by"} & set(family.entries[-1].values)
)
FIVE_YEARS = ("kr.followup.vra.s15.collection_lapse", "kr.followup.vra.s19.time_bar")


@pytest.mark.parametrize("case", cases_in("kr/followups/periods.yaml"), ids=str)
def test_months_and_years_go_by_the_calendar(case: Case) -> None:
    answer = rules.assess("period", case.given)
    wrong = {key: answer[key] for key, value in case.expect.items() if not same(key, answer[key], value)}
    assert not wrong


@pytest.mark.parametrize("case", cases_in("kr/followups/periods.yaml"), ids=str)
def test_a_followup_counts_as_the_topic_period(case: Case) -> None:
    if isinstance(case.given["start"], str) and "T" in case.given["start"]:
        return
    start = date.fromisoformat(case.given["start"])
    end = ending(start=start, length=case.given["length"], counting="DAYS", calendar=korean_calendar())
    assert end.day.isoformat() == case.expect["last_day"]


def last_day_of(family: str, event: str, said: Said, day: date) -> tuple[date, str | None, list[str]]:
    document = {"events": [{"id": "e", "kind": event, "on": day, "given": dict(said)}]}
    (item,) = [item for item in rules.assess("followups", document)["followups"] if item["id"] == family]
    return date.fromisoformat(item["last_day"]), item["moved_from"], [part["day"] for part in item["skipped"]]


@pytest.mark.parametrize(("family", "event", "said"), COUNTED)
@settings(max_examples=15, deadline=None)
@given(after=st.integers(0, 500))
def test_a_last_day_is_a_working_day_and_no_earlier_for_a_later_start(
    family: str, event: str, said: Said, after: int
) -> None:
    # five years must end within the calendar; every other rule has begun by 2026-10-02
    first = date(2022, 1, 1) if family in FIVE_YEARS else date(2026, 10, 2)
    day = first + timedelta(days=after)
    last, moved_from, skipped = last_day_of(family, event, said, day)
    calendar = korean_calendar()
    assert calendar.rest_day_name(last) is None
    reckoned = date.fromisoformat(moved_from) if moved_from else last
    assert skipped == [
        (reckoned + timedelta(days=step)).isoformat() for step in range((last - reckoned).days)
    ]
    assert all(calendar.rest_day_name(date.fromisoformat(passed)) for passed in skipped)
    assert last <= last_day_of(family, event, said, day + ONE_DAY)[0]


def test_every_counted_followup_is_swept() -> None:
    assert len(COUNTED) > 20


def test_a_period_counted_back_does_not_move_and_its_safe_day_is_a_working_day() -> None:
    calendar = korean_calendar()
    end = ending(start=date(2026, 10, 5), length="P10D", counting="DAYS_BEFORE", calendar=calendar)
    assert (end.day, end.moved_from) == (date(2026, 9, 25), None)  # 추석
    assert working_day_before(end.day, calendar) == date(2026, 9, 23)


def test_months_are_not_counted_back_in_days() -> None:
    with pytest.raises(ValueError, match="P1M"):
        ending(start=date(2026, 10, 5), length="P1M", counting="DAYS_BEFORE", calendar=korean_calendar())


def test_beyond_the_calendar_no_safe_day_is_guessed() -> None:
    empty = Calendar(date(2026, 1, 1), date(2026, 12, 31), {})
    assert working_day_before(date(2027, 2, 1), empty) is None
    assert ending(start=date(2026, 12, 30), length="P10D", counting="DAYS", calendar=empty).is_beyond


@pytest.mark.parametrize(
    ("length", "ko", "en"),
    [
        ("P10D", "10일", "10 days"),
        ("P1D", "1일", "1 day"),
        ("P6M", "6개월", "6 months"),
        ("P12M", "1년", "1 year"),
        ("P2Y", "2년", "2 years"),
        ("P18M", "18개월", "18 months"),
        ("P2W", "14일", "14 days"),
    ],
)
def test_a_length_is_told_in_words(length: str, ko: str, en: str) -> None:
    assert length_words(length) == Words(ko, en)
