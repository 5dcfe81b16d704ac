"""Korean as it is written: particles after any word, days and instants for the reader."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta, timezone
from functools import lru_cache

SEOUL = timezone(timedelta(hours=9))  # no daylight saving time in the period covered
WEEKDAYS = "월화수목금토일"
FINAL_RIEUL = 8  # ㄹ takes 로, as a vowel does


@lru_cache(maxsize=4096)
def with_particle(word: str, pair: str) -> str:
    """`word` followed by the right one of `pair`, written after a final consonant first: "은/는"."""
    after_final, after_vowel = pair.split("/")
    if pair == "으로/로" and _last_sound(word) == FINAL_RIEUL:
        return word + after_vowel
    return word + (after_final if _last_sound(word) else after_vowel)


def _last_sound(word: str) -> int:
    """The final consonant of the last syllable, as Unicode numbers it; 0 for a vowel."""
    spoken = word.rstrip(")]”’'\" ")
    last = spoken[-1:] or "가"
    if "가" <= last <= "힣":
        return (ord(last) - ord("가")) % 28
    if last in "178Ll":
        return FINAL_RIEUL
    return 1 if last in "036MNRmnr" else 0


def listed(words: Sequence[str]) -> str:
    return ", ".join(words)


def day_text(day: date) -> str:
    """2026-10-04(일)."""
    return f"{day.isoformat()}({WEEKDAYS[day.weekday()]})"


def instant_text(instant: datetime) -> str:
    """2026-10-04(일) 20:00, in Korean time; seconds only where there are any."""
    return local_text(instant.astimezone(SEOUL))


def local_text(local: datetime) -> str:
    """2026-10-04(일) 20:00, in the zone the instant is given in."""
    clock = local.isoformat()[11 : 19 if local.second or local.microsecond else 16]
    return f"{day_text(local.date())} {clock}"


def seoul_day(instant: datetime) -> date:
    return instant.astimezone(SEOUL).date()


@lru_cache(maxsize=4096)
def iso_day(day: date) -> str:
    """2026-10-04."""
    return day.isoformat()


def iso(instant: datetime) -> str:
    """ISO 8601 in +09:00."""
    return (instant if instant.tzinfo is SEOUL else instant.astimezone(SEOUL)).isoformat()
