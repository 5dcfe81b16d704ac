"""Which time it is: the step by the earlier fines for the same violation within the window."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from rules.engine.history import Entry
from rules.engine.periods import end_of_calendar_days, read_length
from rules.kr.fines.facts import Prior


@dataclass(frozen=True, slots=True)
class Earlier:
    """An earlier fine with its step, the last day it counts, and whether this violation falls within."""

    on: date
    step: int
    last_day: date
    counts: bool


@dataclass(frozen=True, slots=True)
class LookBack:
    """The step of this violation. `is_edge`: the first day of the window decides. `is_assumed`: so do steps nobody gave."""

    step: int
    earlier: tuple[Earlier, ...]
    is_edge: bool
    is_assumed: bool


def look_back(
    priors: Sequence[Prior], *, detected_on: date | None, rule: Entry, first_day_counts: bool
) -> LookBack:
    """The highest step in the window and one more, the top step at most.

    The window runs from the day of the earlier disposition to the day the new violation was detected;
    both are days in Korea and the last is included. Earlier fines without a step are numbered one after
    another, each within the window of the one before. Source: 시행령 별표 2 제1호.
    """
    values = rule.values or {}
    steps = _steps(priors, values["length"], values["steps"], first_day_counts)
    earlier = tuple(
        _earlier(prior, step, detected_on, values["length"], first_day_counts)
        for prior, step in zip(priors, steps, strict=True)
    )
    other = tuple(
        _earlier(prior, step, detected_on, values["length"], not first_day_counts)
        for prior, step in zip(priors, steps, strict=True)
    )
    step = _next(earlier, values["steps"])
    return LookBack(
        step,
        earlier,
        is_edge=step != _next(other, values["steps"]),
        is_assumed=any(
            item.counts and prior.step is None and item.step > 1
            for item, prior in zip(earlier, priors, strict=True)
        ),
    )


def _next(earlier: Sequence[Earlier], most: int) -> int:
    return min(max((item.step for item in earlier if item.counts), default=0) + 1, most)


def _earlier(
    prior: Prior, step: int, detected_on: date | None, length: str, first_day_counts: bool
) -> Earlier:
    last_day = last_day_of_window(prior.on, length, first_day_counts)
    return Earlier(prior.on, step, last_day, bool(detected_on and prior.on <= detected_on <= last_day))


def last_day_of_window(on: date, length: str, first_day_counts: bool) -> date:
    start = on - timedelta(days=1) if first_day_counts else on
    return end_of_calendar_days(start=start, length=read_length(length)).day


def _steps(priors: Sequence[Prior], length: str, most: int, first_day_counts: bool) -> list[int]:
    steps: list[int] = []
    for place, prior in enumerate(priors):
        within = [
            steps[before]
            for before in range(place)
            if prior.on <= last_day_of_window(priors[before].on, length, first_day_counts)
        ]
        steps.append(prior.step or min(max(within, default=0) + 1, most))
    return steps
