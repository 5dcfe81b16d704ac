"""Reading history back and naming the first place where it does not hold."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from core.audit.chain import digest_of_words, hash_of
from core.audit.destroying import destroyed_from
from core.audit.heads import sealed_places
from core.audit.models import GENESIS, Chain, DayLeaf, Event
from core.audit.services import ERASED, subject_of
from core.audit.witnesses import changed_rows

READINGS = 5  # how often a case is read again because somebody worked in it meanwhile


@dataclass(frozen=True, slots=True)
class Break:
    """The first broken place of a chain."""

    chain: str
    sequence: int
    what: str

    def __str__(self) -> str:
        return f"{self.chain} #{self.sequence}: {self.what}"


def first_break(key: str) -> Break | None:
    """The first event of chain `key` that was changed, dropped, inserted or reordered; else the first whose
    words or rows were; else None. Words that were lawfully erased are no break.

    The chain is held against what was sealed at the end of each day. Whether the seals themselves hold is
    asked of `core.audit.heads.first_broken_day`.
    """
    for _reading in range(READINGS):
        length = _length(key)
        found = _first_break(key)
        if found is None or _length(key) == length:
            return found
    return found


def _length(key: str) -> int | None:
    """A service that commits between two of our reads looks like tampering, and shows itself here."""
    return Chain.objects.filter(pk=key).values_list("length", flat=True).first()


def _first_break(key: str) -> Break | None:
    expected, previous, words = 1, GENESIS, None
    destroyed = destroyed_from(key)
    sealed, held = sealed_places(key), 0  # the events up to the last seal that was found to hold
    for event in _events(key):
        what = _fault(event, expected=expected, previous=previous)
        if what:
            return Break(key, expected, what)
        if expected in sealed:
            if event.hash != sealed[expected][0]:
                return _rewritten(key, held + 1, expected, sealed[expected][1])
            held = expected
        words = words or _broken_words(event, destroyed=destroyed)
        expected, previous = expected + 1, event.hash
    length = expected - 1
    return (
        _cut(key, length, sealed)
        or _broken_head(key, length=length, head=previous)
        or words
        or _changed_row(key)
    )


def _rewritten(key: str, first: int, last: int, day: date) -> Break:
    """Where every hash agrees with its neighbours and yet not with the head that was signed."""
    told = {"first": first, "last": last, "day": day.isoformat()}
    what = (
        _("%(first)d번에서 %(last)d번까지의 이력이 %(day)s에 서명한 머리와 다릅니다. 다시 쓰였습니다.") % told
    )
    return Break(key, first, what)


def _cut(key: str, length: int, sealed: dict[int, tuple[str, date]]) -> Break | None:
    longer = [place for place in sealed if place > length]
    if not longer:
        return None
    told = {"found": length, "sealed": max(longer), "day": sealed[max(longer)][1].isoformat()}
    what = _("이력은 %(found)d건인데 %(day)s에 서명한 머리에는 %(sealed)d건입니다. 뒤가 잘렸습니다.") % told
    return Break(key, length + 1, what)


def _events(key: str) -> Iterator[Event]:
    return Event.objects.of_chain(key).select_related("words").iterator(chunk_size=2000)


def _fault(event: Event, *, expected: int, previous: str) -> str:
    if event.sequence != expected:
        told = {"missing": expected, "next": event.sequence}
        return _("%(missing)d번 이력이 없습니다. 그다음 이력은 %(next)d번입니다.") % told
    if event.previous_hash != previous:
        return _forked(event) or _("앞 이력의 해시와 이어지지 않습니다.")
    if not _has_its_hash(event):
        return _("이력의 내용이 기록된 해시와 다릅니다.")
    return ""


def _has_its_hash(event: Event) -> bool:
    """What the services never write, a float among the data, has no hash at all."""
    try:
        return event.hash == hash_of(event)
    except TypeError:
        return False


def _forked(event: Event) -> str:
    """Where an event follows one that another follows already."""
    earlier = Event.objects.filter(
        chain=event.chain_id, hash=event.previous_hash, sequence__lt=event.sequence
    )
    place = earlier.values_list("sequence", flat=True).first()
    return _("%(place)d번 뒤에서 이력이 둘로 갈라졌습니다.") % {"place": place} if place else ""


def _broken_words(event: Event, *, destroyed: int) -> Break | None:
    words = getattr(event, "words", None)
    what = ""
    if words is not None and event.words_digest != digest_of_words(words.text, salt=words.salt):
        what = _("사유가 적을 때와 다릅니다.")
    elif words is None and event.words_digest and event.sequence >= destroyed and not _erasure_of(event):
        what = _("사유가 없어졌는데 지웠다는 이력이 없습니다.")
    return Break(event.chain_id, event.sequence, what) if what else None


def _erasure_of(event: Event) -> Event | None:
    later = Event.objects.filter(chain=event.chain_id, sequence__gt=event.sequence, action=ERASED)
    return later.filter(subject=subject_of(event)).first()


def erased_words(key: str) -> list[tuple[int, int]]:
    """Each event of chain `key` whose words were lawfully erased, and the event that tells of the erasure."""
    bare = Event.objects.of_chain(key).filter(words=None).exclude(words_digest="")
    return [(event.sequence, told.sequence) for event in bare if (told := _erasure_of(event))]


def _broken_head(key: str, *, length: int, head: str) -> Break | None:
    chain = Chain.objects.filter(pk=key).first()
    if chain is None:
        return Break(key, 0, _("이력이 어디까지인지 적은 기록(사슬의 머리)이 없습니다.")) if length else None
    if chain.length != length:
        told = {"found": length, "told": chain.length}
        what = _("이력은 %(found)d건인데 사슬의 머리에는 %(told)d건으로 적혀 있습니다.") % told
        return Break(key, length + 1, what)
    if chain.head != head:
        return Break(key, length, _("사슬의 머리가 마지막 이력의 해시와 다릅니다."))
    return None


def _changed_row(key: str) -> Break | None:
    """Where the chain holds and yet the rows it vouches for are no longer the same."""
    sequence = next(changed_rows(key), None)
    return (
        None
        if sequence is None
        else Break(key, sequence, _("이 이력이 가리키는 기록의 내용이 그때와 다릅니다."))
    )


def known_chains() -> list[str]:
    """Every chain named by its row, by an event or by a seal, so that what is deleted hides nothing."""
    rows = Chain.objects.values_list("key", flat=True)
    told = Event.objects.order_by().values_list("chain_id", flat=True).distinct()
    sealed = DayLeaf.objects.order_by().values_list("chain_key", flat=True).distinct()
    return sorted({*rows, *told, *sealed})
