"""The evidence of a case as it was: what had been taken in, and the ledger up to then."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Prefetch

from core.audit.telling import action_word
from incidents.as_of.telling import Difference
from incidents.clocks import day_label
from incidents.models import Case, CustodyEntry, Evidence
from incidents.reading import kept
from incidents.services.evidence import ACTIONS


def evidence_as_of(case: Case, at: datetime) -> list[Evidence]:
    """The items recorded by `at`; the ledger fetched with each ends there too."""
    ledger = CustodyEntry.objects.filter(recorded_at__lte=at).select_related("recorded_by")
    rows = case.evidence.filter(recorded_at__lte=at).select_related("case", "recorded_by")
    return list(rows.prefetch_related(Prefetch("custody", queryset=ledger)))


def evidence_differences(earlier: Iterable[Evidence], later: Iterable[Evidence]) -> list[Difference]:
    """Every line of a ledger that was written in between, the receiving of the item itself included."""
    held = {entry.pk for item in earlier for entry in item.custody.all()}
    return [_line(item, entry) for item in later for entry in item.custody.all() if entry.pk not in held]


def _line(item: Evidence, entry: CustodyEntry) -> Difference:
    kind = CustodyEntry.Kind(entry.kind)
    action = "evidence.received" if kind is CustodyEntry.Kind.RECEIVED else ACTIONS[kind]
    said = filter(None, [kept(entry.party), day_label(entry.until) if entry.until else ""])
    return Difference(
        f"{item.label} {kept(item.title)}",
        action_word(action),
        "",
        " · ".join(said) or str(kind.label),
        kept(entry.note),
        item.get_absolute_url(),
    )
