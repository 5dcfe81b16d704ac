"""One function decides how a clock stands; the second before, the instant, the second after."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.conf import settings
from django.utils import translation

from incidents import clocks
from incidents.clocks import State, clock_of, duration_label, instant_label, is_late
from incidents.models import Case, Deadline, LawState
from incidents.values import people_label, won_label

START = datetime(2026, 11, 21, 0, 12, tzinfo=UTC)
DUE = START + timedelta(hours=72)
SECOND = timedelta(seconds=1)


def deadline(**fields):
    return Deadline(
        case=Case(reference="2026-001"),
        title="개인정보보호위원회 신고",
        starts_at=START,
        due_at=DUE,
        limit="PT72H",
        anchor="leak_known_at",
        cite=["개인정보 보호법 제34조④"],
        confidence="statute",
        created_at=START,
        **fields,
    )


@pytest.mark.parametrize(
    ("now", "state"),
    [
        (START - SECOND, State.NOT_STARTED),
        (START, State.RUNNING),
        (DUE - timedelta(hours=18) - SECOND, State.RUNNING),
        (DUE - timedelta(hours=18), State.NEAR),
        (DUE - timedelta(hours=1) - SECOND, State.NEAR),
        (DUE - timedelta(hours=1), State.LAST_HOUR),
        (DUE, State.LAST_HOUR),
        (DUE + SECOND, State.MISSED),
    ],
)
def test_a_72_hour_clock_at_each_edge(now, state):
    assert clock_of(deadline(), now).state is state


def test_a_short_clock_is_near_for_its_last_six_hours():
    day = deadline()
    day.due_at = START + timedelta(hours=24)
    assert clock_of(day, day.due_at - timedelta(hours=6)).state is State.NEAR
    assert clock_of(day, day.due_at - timedelta(hours=6) - SECOND).state is State.RUNNING


def test_the_very_end_of_an_hour_count_is_in_time():
    assert not is_late(deadline(), DUE)
    assert is_late(deadline(), DUE + timedelta(microseconds=1))


def test_a_day_count_ends_with_the_end_of_its_last_day():
    by_day = deadline(last_day=date(2026, 11, 23))
    by_day.due_at = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)  # 2026-11-24 00:00 KST
    assert not is_late(by_day, by_day.due_at - SECOND)
    assert is_late(by_day, by_day.due_at)
    assert clock_of(by_day, by_day.due_at - timedelta(hours=30)).time_label == "1일 남음"
    assert clock_of(by_day, by_day.due_at - SECOND).due_label == "2026-11-23(월)까지"


def test_the_three_things_are_always_together():
    clock = clock_of(deadline(), DUE - timedelta(hours=41, minutes=12))
    assert clock.due_label == "2026-11-24(화) 09:12 KST"
    assert clock.time_label == "41시간 12분 남음"
    assert clock.anchor_label == "유출등을 알게 된 때 2026-11-21(토) 09:12 KST + 72시간"
    assert clock.cite == "개인정보 보호법 제34조④"
    assert clock.confidence_word == "법령"


def test_a_margin_is_kept_for_ever():
    met = deadline(met_at=DUE - timedelta(hours=5, minutes=3))
    later = DUE + timedelta(days=900)
    assert clock_of(met, later).state is State.MET
    assert clock_of(met, later).time_label == "여유 5시간 03분"


def test_late_is_said_of_what_was_done_late():
    met = deadline(met_at=DUE + timedelta(hours=17, minutes=26))
    assert clock_of(met, DUE + timedelta(days=9)).time_label == "17시간 26분 늦음"


def test_a_missed_clock_counts_up():
    assert clock_of(deadline(), DUE + timedelta(hours=3, minutes=5)).time_label == "3시간 05분 지남"


def test_no_number_is_shown_where_the_law_has_none():
    prompt = deadline(law_state=LawState.PROMPT, target_at=START + timedelta(hours=24))
    prompt.due_at = None
    clock = clock_of(prompt, START)
    assert clock.state is State.PROMPT
    assert clock.time_label == ""
    assert clock.detail == "내부 목표 2026-11-22(일) 09:12 KST"


def test_an_internal_target_that_is_over_says_so_and_misses_no_deadline():
    prompt = deadline(law_state=LawState.PROMPT, target_at=START + timedelta(hours=24))
    prompt.due_at = None
    assert clock_of(prompt, START + timedelta(hours=24)).detail == "내부 목표 2026-11-22(일) 09:12 KST"
    late = clock_of(prompt, START + timedelta(hours=24, minutes=1))
    assert late.detail == "내부 목표 2026-11-22(일) 09:12 KST · 지남" and late.state is State.PROMPT


def test_an_open_question_stays_one_whatever_the_hour():
    open_question = deadline(law_state=LawState.UNSETTLED)
    assert clock_of(open_question, START).state is State.UNSETTLED
    after = clock_of(open_question, DUE + timedelta(hours=1))
    assert after.state is State.UNSETTLED
    assert after.time_label == "1시간 00분 지남"


def test_durations_never_turn_into_days():
    assert duration_label(timedelta(hours=100, minutes=1, seconds=59)) == "100시간 01분"
    assert duration_label(timedelta(minutes=10)) == "0시간 10분"
    assert duration_label(timedelta(minutes=9, seconds=59)) == "9분 59초"


def test_instants_carry_the_weekday_and_the_zone():
    assert instant_label(datetime(2026, 12, 31, 15, 0, tzinfo=UTC)) == "2027-01-01(금) 00:00 KST"
    assert instant_label(None) == "—"
    with translation.override("en"):
        assert clocks.instant_label(DUE).startswith("2026-11-24(Tue)")


def by_day(**fields):
    """A clock whose last day is 2026-11-23."""
    row = deadline(last_day=date(2026, 11, 23), **fields)
    row.due_at = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)  # 2026-11-24 00:00 KST
    return row


@pytest.mark.parametrize(
    ("met_at", "state", "korean", "english"),
    [
        (datetime(2026, 11, 21, 3, 0, tzinfo=UTC), State.MET, "여유 2일", "2 days to spare"),
        (datetime(2026, 11, 22, 14, 59, tzinfo=UTC), State.MET, "여유 1일", "1 day to spare"),
        (datetime(2026, 11, 23, 14, 59, tzinfo=UTC), State.MET, "마지막 날에 이행", "Met on the last day"),
        (datetime(2026, 11, 23, 15, 0, tzinfo=UTC), State.MET_LATE, "1일 늦음", "1 day late"),
        (datetime(2026, 11, 25, 3, 0, tzinfo=UTC), State.MET_LATE, "2일 늦음", "2 days late"),
    ],
)
def test_the_margin_of_a_last_day_is_counted_in_days(met_at, state, korean, english):
    clock = clock_of(by_day(met_at=met_at), DUE + timedelta(days=9))
    assert (clock.state, clock.time_label) == (state, korean)
    with translation.override("en"):
        assert clock_of(by_day(met_at=met_at), DUE + timedelta(days=9)).time_label == english


def test_a_last_day_that_has_passed_counts_up_in_days():
    assert clock_of(by_day(), datetime(2026, 11, 23, 15, 0, tzinfo=UTC)).time_label == "1일 지남"
    assert clock_of(by_day(), datetime(2026, 11, 26, 3, 0, tzinfo=UTC)).time_label == "3일 지남"


def test_what_was_done_late_has_a_word_and_a_sign_of_its_own():
    late, in_time = (clock_of(deadline(met_at=DUE + over), DUE) for over in (SECOND, timedelta(0)))
    assert (late.state, late.word) == (State.MET_LATE, "지연 이행")
    assert (in_time.state, in_time.word) == (State.MET, "이행")
    assert not late.is_running
    icons = (settings.BASE_DIR / "templates/components/icons.html").read_text(encoding="utf-8")
    assert all(f'id="bd-i-{state}"' in icons for state in State)


@pytest.mark.parametrize(
    ("law_state", "word"), [(LawState.PROMPT, "지체 없이"), (LawState.IMMEDIATE, "즉시")]
)
def test_a_duty_without_a_number_is_called_by_the_word_of_the_law(law_state, word):
    row = deadline(law_state=law_state)
    row.due_at = None
    assert clock_of(row, START).word == word


def test_periods_and_money_are_written_in_the_language_of_the_reader():
    assert [clocks.limit_label(limit) for limit in ("PT24H", "PT1H", "P30D", "P1D")] == [
        "24시간",
        "1시간",
        "30일",
        "1일",
    ]
    assert (won_label("30000000"), people_label(1)) == ("30,000,000원", "1명")
    with translation.override("en"):
        said = [clocks.limit_label(limit) for limit in ("PT24H", "PT1H", "P30D", "P1D")]
        assert said == ["24 hours", "1 hour", "30 days", "1 day"]
        assert (won_label("30000000"), people_label(1), people_label(1200)) == (
            "KRW 30,000,000",
            "1 person",
            "1,200 people",
        )
