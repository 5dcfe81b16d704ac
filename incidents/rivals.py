"""The same duties under each time at which the organisation can be said to have known."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

import rules
from core.accounts.days import SEOUL
from incidents.clocks import duration_label, instant_label
from incidents.facts import label_of
from incidents.models import AwarenessClaim, Case, Deadline

ANCHORS = ("intrusion_known_at", "possibility_known_at", "leak_known_at")

Key = tuple[str, str]


def duties_under(document: Mapping[str, Any], claim: AwarenessClaim) -> dict[Key, dict[str, Any]]:
    """What would be owed had the organisation known at `claim.at`: the duties that run from that anchor.

    rules.FactsError where the claim contradicts another fact, such as one that lies before the occurrence.
    """
    incident = {**document["incident"], claim.anchor: claim.at.isoformat()}
    answer = rules.assess("duties", {**document, "incident": incident})
    return {key_of(terms): terms for terms in answer["duties"] if terms["anchor"] == claim.anchor}


def key_of(terms: Mapping[str, Any]) -> Key:
    return terms["family"], terms.get("for") or ""


def put_safe_targets(
    duties: Iterable[dict[str, Any]], document: Mapping[str, Any], claims: Sequence[AwarenessClaim]
) -> None:
    """Give each duty the earliest end any standing claim leads to, where that is earlier than its own.

    A claim that today's facts contradict says nothing and is passed over; its page tells so.
    """
    under: list[tuple[AwarenessClaim, dict[Key, dict[str, Any]]]] = []
    for claim in claims:
        try:
            under.append((claim, duties_under(document, claim)))
        except rules.FactsError:
            continue
    for terms in duties:
        ends = [
            (rival["due_at"], claim)
            for claim, rivals in under
            if (rival := rivals.get(key_of(terms))) and rival.get("due_at")
        ]
        if ends:
            _put_earliest(terms, *min(ends, key=lambda end: datetime.fromisoformat(end[0])))


def _put_earliest(terms: dict[str, Any], due_at: str, claim: AwarenessClaim) -> None:
    own = terms.get("due_at")
    earlier = [own, (terms.get("safe_target") or {}).get("due_at")]
    if own is None or any(
        end and datetime.fromisoformat(end) <= datetime.fromisoformat(due_at) for end in earlier
    ):
        return
    told = claim.at.astimezone(SEOUL)
    terms["safe_target"] = {
        "due_at": due_at,
        "anchor": claim.anchor,
        "claim": claim.pk,
        "why": (
            f"인지 시각을 다투고 있고 {told:%Y-%m-%d %H:%M}에 알았다고 볼 여지가 있으므로 "
            "그 시각을 기준으로 한 기한까지 마치는 것이 안전합니다."
        ),
        "why_en": (
            f"The time of knowing is contested and may be {told:%Y-%m-%d %H:%M} KST; "
            "to be done by the end counted from then is safe."
        ),
        "cite": list(terms["cite"]),
        "confidence": "uncertain",
    }


@dataclass(frozen=True, slots=True)
class Rival:
    """One time of knowing: the official one (`claim` None) or a claim. `fault` says why it leads to no clocks."""

    anchor: str
    at: datetime
    words: str
    claim: AwarenessClaim | None
    fault: str = ""

    @property
    def is_official(self) -> bool:
        return self.claim is None

    @property
    def anchor_label(self) -> str:
        return label_of(self.anchor)

    @property
    def at_label(self) -> str:
        return instant_label(self.at)


@dataclass(frozen=True, slots=True)
class RivalClock:
    """One duty under one time of knowing."""

    rival: Rival
    title: str
    starts_at: datetime
    due_at: datetime
    met_at: datetime | None
    is_late: bool
    is_safest: bool

    @property
    def due_label(self) -> str:
        return instant_label(self.due_at)

    @property
    def elapsed_label(self) -> str:
        """From that knowing to the performance: the figure an authority counts."""
        return duration_label(self.met_at - self.starts_at) if self.met_at else ""

    @property
    def margin_label(self) -> str:
        if self.met_at is None:
            return ""
        span = {"span": duration_label(self.due_at - self.met_at)}
        return _("%(span)s 늦음") % span if self.is_late else _("여유 %(span)s") % span


@dataclass(frozen=True, slots=True)
class ContestedDuty:
    """A duty and its clock under every time of knowing it can be counted from, earliest first."""

    title: str
    clocks: list[RivalClock]


def contested_duties(
    case: Case, document: Mapping[str, Any], *, now: datetime
) -> tuple[list[Rival], list[ContestedDuty]]:
    """Every rival time of knowing of `case`, and each hour-counted duty that two or more of them lead to.

    `now` decides what is late and not yet done. Reads the law for each claim; writes nothing.
    """
    claims = list(case.awareness_claims.standing().select_related("recorded_by"))
    contested = {claim.anchor for claim in claims}
    rivals: list[Rival] = []
    found: dict[Key, list[tuple[Rival, dict[str, Any]]]] = {}
    official = rules.assess("duties", document)["duties"]
    for anchor in ANCHORS:
        said = document["incident"].get(anchor)
        if anchor not in contested or said is None:
            continue
        rival = Rival(anchor, datetime.fromisoformat(said), _("이 사건의 공식 시각"), None)
        rivals.append(rival)
        for terms in official:
            if terms["anchor"] == anchor:
                found.setdefault(key_of(terms), []).append((rival, terms))
    for claim in claims:
        rival, duties = _under_claim(document, claim)
        rivals.append(rival)
        for key, terms in duties.items():
            found.setdefault(key, []).append((rival, terms))
    rivals.sort(key=lambda rival: (rival.at, not rival.is_official))
    met = _met_instants(case)
    rows = [_contested(pairs, met.get(key), now=now) for key, pairs in found.items()]
    return rivals, [row for row in rows if row.clocks]


def _under_claim(
    document: Mapping[str, Any], claim: AwarenessClaim
) -> tuple[Rival, dict[Key, dict[str, Any]]]:
    words = f"{claim.get_basis_display()} · {claim.source}"
    try:
        return Rival(claim.anchor, claim.at, words, claim), duties_under(document, claim)
    except rules.FactsError as refusal:
        fault = " ".join(fault.message for fault in refusal.faults)
        return Rival(claim.anchor, claim.at, words, claim, fault), {}


def _met_instants(case: Case) -> dict[Key, datetime]:
    rows = Deadline.objects.current().filter(case=case, duty__isnull=False, met_at__isnull=False)
    return {(row.duty.family, row.duty.subject_key): row.met_at for row in rows.select_related("duty")}  # type: ignore[union-attr,misc]


def _contested(
    pairs: list[tuple[Rival, dict[str, Any]]], met_at: datetime | None, *, now: datetime
) -> ContestedDuty:
    timed = [(rival, terms) for rival, terms in pairs if terms.get("due_at")]
    ends = [datetime.fromisoformat(terms["due_at"]) for _rival, terms in timed]
    clocks = [
        RivalClock(
            rival=rival,
            title=terms["title"],
            starts_at=datetime.fromisoformat(terms["starts_at"]),
            due_at=end,
            met_at=met_at,
            is_late=(met_at or now) > end,
            is_safest=end == min(ends) and len(set(ends)) > 1,
        )
        for (rival, terms), end in zip(timed, ends, strict=True)
    ]
    return ContestedDuty(pairs[0][1]["title"], sorted(clocks, key=lambda clock: clock.due_at))
