"""The words of a case that history keeps as a digest."""

from __future__ import annotations

from core.audit.chain import digest
from core.audit.witnesses import register as bear_witness
from incidents.models import FactRevision, TimelineEntry


def register() -> None:
    bear_witness("incidents.factrevision", key="digest", witness=_facts)
    bear_witness("incidents.timelineentry", key="digest", witness=_entries)


def _facts(ids: list[int]) -> dict[int, str]:
    return {row.pk: digest([row.value, row.source]) for row in FactRevision.objects.filter(pk__in=ids)}


def _entries(ids: list[int]) -> dict[int, str]:
    return {row.pk: digest([row.text, row.source]) for row in TimelineEntry.objects.filter(pk__in=ids)}
