"""Who has been told what: the people whose data leaked, and those of whom it is only possible.

A notice is one paper, but these are two circles of people, and somebody passes from the second to the
first when a leak is confirmed, or out of it when it is ruled out. Each has the word they heard last,
and what they are owed next; so that nobody is told twice, and nobody keeps a word that is no longer true.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from incidents.clocks import Clock, clock_of, instant_label
from incidents.facts import label_of
from incidents.law import POSSIBILITY_NOTICE, current_facts
from incidents.models import Case, Certainty, Deadline, DeadlineKind
from incidents.values import people_label
from notifications.models.papers import Filing, PaperKind

CONFIRMED = "confirmed"
POSSIBLE = "possible"
SUBJECT_NOTICE = "kr.pipa.s34.subject_notice"
NOT_LEAKED_NOTICE = "kr.pipa.d39_3.not_leaked_notice"
FAMILIES = {
    PaperKind.SUBJECT_NOTICE: SUBJECT_NOTICE,
    PaperKind.POSSIBILITY_NOTICE: POSSIBILITY_NOTICE,
    PaperKind.NOT_LEAKED_NOTICE: NOT_LEAKED_NOTICE,
}


@dataclass(frozen=True, slots=True)
class Told:
    """A notice that was given, by its paper or as it was noted on the clock."""

    kind: PaperKind
    at: datetime
    url: str = ""
    is_partial: bool = False

    @property
    def label(self) -> str:
        return str(self.kind.label)


@dataclass(frozen=True, slots=True)
class Next:
    """What follows for one population. `is_owed`: something is to be told now; `clock` is its deadline, if it has one."""

    words: str
    kind: PaperKind | None = None
    clock: Clock | None = None
    is_owed: bool = False
    fact_url: str = ""
    fact_word: str = ""


@dataclass(frozen=True, slots=True)
class Population:
    code: str
    title: str
    count: str
    is_estimated: bool
    last: Told | None
    next: Next
    count_url: str


@dataclass(frozen=True, slots=True)
class _Reading:
    """The case as these questions need it."""

    case: Case
    facts: Mapping[str, Any]
    estimated: frozenset[str]
    told: Mapping[PaperKind, Told]
    open: Mapping[PaperKind, Clock]

    @property
    def outcome(self) -> str:
        return str(self.facts.get("possibility_outcome") or "open")

    @property
    def outcome_at(self) -> datetime | None:
        at = self.facts.get("possibility_outcome_at")
        return datetime.fromisoformat(at) if at else None

    def last_of(self, *kinds: PaperKind) -> Told | None:
        return max(
            (self.told[kind] for kind in kinds if kind in self.told), key=lambda one: one.at, default=None
        )


def populations(case: Case, *, now: datetime) -> list[Population]:
    """The people who must be told and what each circle heard last; empty where no possibility was ever spoken of.

    With a confirmed leak alone there is one circle, which the notices themselves tell.
    """
    read = _read(case, now)
    spoken_of = {"possibility_known_at", "possibility_outcome", "possible_person_count"} & set(read.facts)
    if not spoken_of and not {PaperKind.POSSIBILITY_NOTICE, PaperKind.NOT_LEAKED_NOTICE} & (
        set(read.told) | set(read.open)
    ):
        return []
    return [_confirmed(read), _possible(read)]


def _read(case: Case, now: datetime) -> _Reading:
    stated = {fact.name: fact for fact in current_facts(case) if fact.value is not None and not fact.key}
    rows = case.deadlines.filter(kind=DeadlineKind.DUTY, duty__family__in=FAMILIES.values())
    deadlines = list(rows.select_related("case", "duty", "owner", "dismissed_by"))
    return _Reading(
        case,
        {name: fact.value for name, fact in stated.items()},
        frozenset(name for name, fact in stated.items() if fact.certainty == Certainty.ESTIMATED),
        _told(case, deadlines),
        _open(deadlines, now),
    )


def _told(case: Case, deadlines: list[Deadline]) -> dict[PaperKind, Told]:
    """The last giving of each kind: filed papers, and clocks somebody met without one."""
    filings = Filing.objects.filter(version__paper__case=case, version__paper__kind__in=FAMILIES)
    found = [
        Told(
            PaperKind(filing.version.paper.kind),
            filing.at,
            filing.get_absolute_url(),
            filing.version.is_partial,
        )
        for filing in filings.select_related("version__paper__case").defer("document")
    ]
    kinds = {family: kind for kind, family in FAMILIES.items()}
    found += [
        Told(kinds[deadline.duty.family], deadline.met_at)
        for deadline in deadlines
        if deadline.duty is not None and deadline.met_at is not None
    ]
    last: dict[PaperKind, Told] = {}
    for told in sorted(found, key=lambda one: (one.at, bool(one.url))):
        last[told.kind] = told
    return last


def _open(deadlines: list[Deadline], now: datetime) -> dict[PaperKind, Clock]:
    """The clocks that stand and wait for somebody to be told."""
    kinds = {family: kind for kind, family in FAMILIES.items()}
    return {
        kinds[deadline.duty.family]: clock_of(deadline, now)
        for deadline in deadlines
        if deadline.duty is not None
        and deadline.superseded_at is None
        and deadline.met_at is None
        and deadline.dismissed_at is None
    }


def _population(read: _Reading, code: str, title: str, last: Told | None, then: Next) -> Population:
    name = {CONFIRMED: "person_count", POSSIBLE: "possible_person_count"}[code]
    held = read.facts.get(name)
    return Population(
        code=code,
        title=title,
        count="" if held is None else people_label(held),
        is_estimated=name in read.estimated,
        last=last,
        next=then,
        count_url=reverse("incidents:change-fact", args=[read.case.reference, name]),
    )


def _confirmed(read: _Reading) -> Population:
    """Those whose data leaked. Where the whole possibility was confirmed, what was said of it was said to them."""
    kinds = [PaperKind.SUBJECT_NOTICE]
    if read.outcome == "confirmed":
        kinds += [PaperKind.POSSIBILITY_NOTICE, PaperKind.NOT_LEAKED_NOTICE]
    last = read.last_of(*kinds)
    return _population(read, CONFIRMED, _("유출등이 확인된 사람"), last, _next_confirmed(read))


def _next_confirmed(read: _Reading) -> Next:
    kind = PaperKind.SUBJECT_NOTICE
    if kind in read.open:
        return _owed(read, kind, _("정보주체 통지를 해야 합니다."))
    told = read.told.get(kind)
    if told is None:
        return Next(_("지금 사실로는 알릴 것이 없습니다."))
    if told.is_partial:
        return Next(_("일부만 먼저 알렸습니다. 나머지가 확인되면 바로 알려야 합니다."), kind, is_owed=True)
    return Next(_("정보주체 통지를 했습니다. 같은 내용을 다시 알리지 않습니다."))


def _possible(read: _Reading) -> Population:
    kinds = [PaperKind.POSSIBILITY_NOTICE, PaperKind.NOT_LEAKED_NOTICE]
    if read.outcome == "confirmed" and _told_since_confirmed(read):
        kinds.append(PaperKind.SUBJECT_NOTICE)
    answer = {"confirmed": _next_turned_out, "ruled_out": _next_ruled_out}.get(read.outcome, _next_open)
    title = _("유출등의 가능성이 있는 사람")
    return _population(read, POSSIBLE, title, read.last_of(*kinds), answer(read))


def _next_open(read: _Reading) -> Next:
    kind = PaperKind.POSSIBILITY_NOTICE
    if kind in read.open:
        return _owed(read, kind, _("가능성 통지를 해야 합니다."))
    if kind not in read.told:
        return Next(_("지금 사실로는 알릴 것이 없습니다."))
    words = _(
        "유출등으로 확정되면 정보주체 통지로, 아니면 유출등이 아님을 알리는 통지로 끝맺어야 합니다. 결과를 아직 적지 않았습니다."
    )
    return _with_fact(read, words, "possibility_outcome")


def _next_turned_out(read: _Reading) -> Next:
    """Confirmed: the subject notice is theirs too, whether or not it went to others before."""
    kind = PaperKind.SUBJECT_NOTICE
    if kind in read.open:
        words = _("유출등으로 확정됐습니다. 가능성 통지 대신 정보주체 통지를 해야 합니다.")
        if PaperKind.POSSIBILITY_NOTICE in read.told:
            words = _("유출등으로 확정됐습니다. 가능성만 알린 사람에게도 정보주체 통지를 해야 합니다.")
        elif PaperKind.POSSIBILITY_NOTICE in read.open:
            words = _("유출등으로 확정됐습니다. 정보주체 통지를 하면 가능성 통지는 따로 하지 않습니다.")
        return _owed(read, kind, words)
    if _told_since_confirmed(read):
        return Next(_("유출등으로 확정된 뒤 정보주체 통지를 했습니다. 더 알릴 것이 없습니다."))
    if kind in read.told:
        words = _(
            "정보주체 통지는 확정되기 전(%(at)s)에 했습니다. 그 뒤에 확정된 사람에게는 정보주체 통지를 아직 하지 않았습니다."
        )
        return Next(words % {"at": instant_label(read.told[kind].at)}, kind, is_owed=True)
    return _with_fact(
        read, _("유출등으로 확정됐지만 유출등을 알게 된 때가 없어 기한을 계산하지 못합니다."), "leak_known_at"
    )


def _told_since_confirmed(read: _Reading) -> bool:
    """Whether the subject notice was given after what the possibly affected heard last, and after the outcome."""
    subject = read.told.get(PaperKind.SUBJECT_NOTICE)
    if subject is None:
        return False
    earlier = read.last_of(PaperKind.POSSIBILITY_NOTICE, PaperKind.NOT_LEAKED_NOTICE)
    before = [at for at in (earlier.at if earlier else None, read.outcome_at) if at is not None]
    return all(subject.at >= at for at in before)


def _next_ruled_out(read: _Reading) -> Next:
    kind = PaperKind.NOT_LEAKED_NOTICE
    possibility, ended = read.told.get(PaperKind.POSSIBILITY_NOTICE), read.told.get(kind)
    if ended is not None and (possibility is None or ended.at >= possibility.at):
        return Next(_("유출등이 아님을 알렸습니다. 더 알릴 것이 없습니다."))
    if possibility is not None:
        return _owed(read, kind, _("가능성을 알린 사람에게 유출등이 아님을 즉시 알려야 합니다."))
    if kind in read.open:
        words = _(
            "가능성 통지를 한 기록이 없습니다. 알린 적이 있으면 유출등이 아님을 알려야 하고, 없으면 ‘가능성 통지를 함’에 아니요라고 적어 주세요."
        )
        return _with_fact(read, words, "possibility_notice_given", clock=read.open[kind])
    return Next(_("가능성 통지를 하지 않았으므로 유출등이 아님을 알릴 사람이 없습니다."))


def _owed(read: _Reading, kind: PaperKind, words: str) -> Next:
    return Next(words, kind, read.open.get(kind), is_owed=True)


def _with_fact(read: _Reading, words: str, name: str, *, clock: Clock | None = None) -> Next:
    url = reverse("incidents:change-fact", args=[read.case.reference, name])
    return Next(words, None, clock, fact_url=url, fact_word=label_of(name))
