"""Who knew what when: the links of the chain the case itself holds, from the first alert on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from incidents.as_of.state import CaseAsOf
from incidents.facts import label_of
from incidents.models import AwarenessClaim, Certainty, Deadline, FactRevision
from incidents.reading import kept, recipients_of, title_of
from incidents.values import value_label

WHO: dict[str, str | Promise] = {
    "anomaly_detected_at": gettext_lazy("우리 회사"),
    "intrusion_known_at": gettext_lazy("우리 회사"),
    "possibility_known_at": gettext_lazy("우리 회사"),
    "leak_known_at": gettext_lazy("우리 회사"),
    "processor_known_at": gettext_lazy("수탁자"),
    "cpo_informed_at": gettext_lazy("개인정보 보호책임자"),
    "ceo_informed_at": gettext_lazy("대표자"),
}


@dataclass(frozen=True, slots=True)
class Document:
    """What stands behind a link of the chain, and where to read it."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Knowing:
    """Somebody came to know, at an instant that lies before the record of it."""

    at: datetime
    who: str
    what: str
    instant: str = ""  # in words where it is a range
    certainty: str = Certainty.CONFIRMED
    source: str = ""
    is_contested: bool = False  # a rival time, beside the one the case goes by
    documents: tuple[Document, ...] = ()


@dataclass(frozen=True, slots=True)
class Link:
    """One knowing in the chain, with the time since the one before and since the first; None at the first
    and at a rival time.
    """

    knowing: Knowing
    since_last: timedelta | None
    since_first: timedelta | None


def chain_of(knowings: Iterable[Knowing]) -> list[Link]:
    """In the order in which people came to know. No time is counted to or from a rival time."""
    links: list[Link] = []
    first = last = None
    for knowing in sorted(knowings, key=lambda one: one.at):
        if knowing.is_contested:
            links.append(Link(knowing, None, None))
            continue
        since_last, since_first = (knowing.at - last, knowing.at - first) if first and last else (None, None)
        links.append(Link(knowing, since_last, since_first))
        first, last = first or knowing.at, knowing.at
    return links


def knowings_of(past: CaseAsOf) -> list[Knowing]:
    """What the facts and the rival times of the case say of who knew."""
    stated = [_fact(past, row) for row in past.facts if row.name in WHO and row.value is not None]
    return stated + [_claim(past, row) for row in past.claims if row.withdrawn_at is None]


def _fact(past: CaseAsOf, row: FactRevision) -> Knowing:
    page = reverse("incidents:fact-history", args=[past.case.reference, row.name])
    return Knowing(
        at=datetime.fromisoformat(str(row.value)),
        who=str(WHO[row.name]),
        what=label_of(row.name),
        instant=value_label(row.name, row.value, row.until_at) if row.until_at else "",
        certainty=row.certainty,
        source=kept(row.source),
        documents=(Document(_("판 %(number)s") % {"number": row.number}, page),),
    )


def _claim(past: CaseAsOf, row: AwarenessClaim) -> Knowing:
    page = reverse("incidents:contested-awareness", args=[past.case.reference])
    return Knowing(
        at=row.at,
        who=str(WHO[row.anchor]),
        what=label_of(row.anchor),
        certainty=Certainty.UNKNOWN,
        source=f"{row.get_basis_display()} · {row.source}",
        is_contested=True,
        documents=(Document(_("다투는 인지 시각"), page),),
    )


def knowings_of_meetings(past: CaseAsOf, *, told_by_paper: Iterable[int]) -> list[Knowing]:
    """Who was told though no paper of the case says so: duties recorded as met.

    `told_by_paper` are the deadlines that a paper met; what took their place is met by it too.
    """
    papers, later = set(told_by_paper), {row.pk: row for row in past.deadlines}
    for row in sorted(past.deadlines, key=lambda row: row.created_at):
        heir = later.get(row.superseded_by_id or 0)
        if row.pk in papers and heir and heir.met_at == row.met_at:
            papers.add(heir.pk)
    rows = [row for row in past.deadlines if row.met_at and not row.superseded_at and row.pk not in papers]
    return [_meeting(past, row) for row in rows if _who_was_told(row)]


def _who_was_told(row: Deadline) -> str:
    """Those the duty names; empty for a duty that tells nobody."""
    return " · ".join(recipients_of(row.duty.terms)) if row.duty else ""


def _meeting(past: CaseAsOf, row: Deadline) -> Knowing:
    assert row.met_at is not None
    page = reverse("incidents:deadline", args=[past.case.reference, row.pk])
    return Knowing(
        at=row.met_at,
        who=_who_was_told(row),
        what=title_of(row),
        source=kept(row.met_note),
        documents=(Document(_("이행 기록"), page),),
    )
