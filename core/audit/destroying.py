"""Destroying what people wrote of a case. Each app destroys its own rows; history keeps ids, counts and its chain.

The database lets words of a case go only between the event that a destruction has begun and the one that it is
finished (`core.audit.operations.Destroyable`). What history kept a digest of before then is not compared any more.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise

from core.audit.models import Event, EventWords

BEGUN, FINISHED = "destruction.begun", "destruction.finished"
GONE = "[파기]"  # in place of words that a column cannot be without

type Destroy = Callable[[str], int]  # case reference → how many rows lost their words


@dataclass(frozen=True, slots=True)
class Eraser:
    """One step of a destruction: what it destroys, in the words of the certificate."""

    name: str
    title: str | Promise
    destroy: Destroy


_erasers: dict[str, Eraser] = {}


def register(name: str, title: str | Promise, destroy: Destroy) -> None:
    """Take part in every destruction. `destroy` may be called again after it was cut short."""
    _erasers[name] = Eraser(name, title, destroy)


def erasers() -> list[Eraser]:
    """All of them, in the order the apps stand in."""
    return list(_erasers.values())


def destroyed_from(chain: str) -> int:
    """The number of the last event that says a destruction of `chain` has begun; 0 for none."""
    rows = Event.objects.of_chain(chain).filter(action=BEGUN)
    return rows.order_by("-sequence").values_list("sequence", flat=True).first() or 0


def destroy_event_words(chain: str) -> int:
    """Take away every word beside the events of `chain`, with its salt."""
    count, _each = EventWords.objects.filter(event__chain=chain).delete()
    return count
