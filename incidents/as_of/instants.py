"""The instants at which a case changed: the steps of the slider, and what came before and after one of them."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from core.audit.models import Chain, Event
from incidents.models import Case

MOST_STEPS = 240  # a slider with more cannot be hit by a finger, and its page grows with every event


@dataclass(frozen=True, slots=True)
class Instants:
    """Where `at` stands in the history: the slider's steps, and the neighbours, which skip nothing."""

    at: datetime
    steps: list[datetime]
    earlier: datetime | None
    later: datetime | None
    sequence: int  # of the last event recorded by `at`; 0 before the first

    @property
    def place(self) -> int:
        """The number of the last step that is not after `at`, from 0."""
        return max(bisect_right(self.steps, self.at) - 1, 0)


def instants_around(case: Case, at: datetime) -> Instants:
    """The history of `case` around `at`. What was recorded in one transaction is one instant."""
    events = Event.objects.filter(chain=case.reference)
    earlier = events.filter(recorded_at__lte=at).order_by("-recorded_at", "-sequence")
    here = earlier.values_list("recorded_at", "sequence").first()
    before = (
        earlier.filter(recorded_at__lt=here[0]).values_list("recorded_at", flat=True).first()
        if here
        else None
    )
    after = events.filter(recorded_at__gt=at).order_by("recorded_at").values_list("recorded_at", flat=True)
    return Instants(at, steps_of(case), before, after.first(), here[1] if here else 0)


def steps_of(case: Case) -> list[datetime]:
    """Every instant something was recorded; of a long history evenly chosen ones, the first and the last among them."""
    length = Chain.objects.filter(pk=case.reference).values_list("length", flat=True).first() or 0
    events = Event.objects.filter(chain=case.reference).order_by("recorded_at")
    stride = -(-length // MOST_STEPS)
    if stride > 1:
        chosen = Q(sequence__in=[*range(1, length, stride), length])
        events = events.filter(chosen)
    return list(events.values_list("recorded_at", flat=True).distinct())
