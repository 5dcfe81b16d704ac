"""One function decides how a clock stands; the second before, the instant, the second after."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import translation

from incidents import clocks
from incidents.clocks import State, clock_of, duration_label, instant_label, is_late
from incidents.models import Case, Deadline, LawState

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
    assert clock.anchor_label == "유출등을 안 때 2026-11-21(토) 09:12 KST + 72시간"
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
