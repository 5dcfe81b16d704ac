"""What of a case goes when it is destroyed, table by table. Rows stay, with their ids, figures, instants and hashes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.audit.destroying import GONE, register
from core.documents.models import Document
from incidents.facts import CATALOGUE, Kind
from incidents.models import (
    AwarenessClaim,
    Case,
    CounselNote,
    CustodyEntry,
    Deadline,
    Draft,
    Duty,
    Evidence,
    FactRevision,
    OpenPointDecision,
    ProcedureStep,
    Task,
    TimelineEntry,
)

CERTIFICATE = "destruction_certificate"  # the kind of paper that outlives what it tells of
LEDGER = "destructions.jsonl"


def ledger_path() -> Path:
    """The file of destructions beside the database: a restored older backup is put right by it."""
    return Path(settings.DATA_DIR) / LEDGER


def register_all() -> None:
    register("facts", _("사실에 적은 말과 근거"), _facts)
    register("timeline", _("경과"), _timeline)
    register("tasks", _("할 일"), _tasks)
    register("deadlines", _("기한에 적은 말"), _deadlines)
    register("decisions", _("판단과 절차에 적은 말"), _decisions)
    register("evidence", _("증거의 이름과 보관 기록"), _evidence)
    register("counsel", _("법무 메모"), _counsel)
    register("papers_kept", _("발행한 문서의 내용"), _documents)
    register("case", _("사건 이름과 쓰던 내용"), _case)


def _facts(reference: str) -> int:
    rows = list(FactRevision.objects.filter(case__reference=reference))
    for row in rows:
        row.value, row.source, row.reason, row.salt = _bare(row.name, row.value), "", "", None
    FactRevision.objects.bulk_update(rows, ["value", "source", "reason", "salt"], batch_size=200)
    return len(rows)


def _bare(name: str, value: Any) -> Any:
    """A fact without what somebody wrote: figures, instants and choices of the catalogue stay."""
    fact = CATALOGUE.get(name)
    if value is None or isinstance(value, bool | int):
        return value
    if fact is None or fact.kind is Kind.TEXT:
        return GONE
    return {**value, "text": GONE} if fact.kind is Kind.CONFIRMED else value


def _timeline(reference: str) -> int:
    return TimelineEntry.objects.filter(case__reference=reference).update(text=GONE, source="", salt=None)


def _tasks(reference: str) -> int:
    rows = Task.objects.filter(case__reference=reference)
    by_hand = rows.filter(code="").update(title=GONE, guidance="", who="", skipped_reason="")
    return by_hand + rows.exclude(code="").exclude(skipped_reason="").update(skipped_reason="")


def _deadlines(reference: str) -> int:
    rows = Deadline.objects.filter(case__reference=reference)
    count = rows.exclude(met_note="", lateness_reason="", dismissed_reason="").count()
    rows.update(met_note="", lateness_reason="", dismissed_reason="")
    by_hand = rows.filter(duty=None)
    Duty.objects.filter(case__reference=reference).update(superseded_reason="")
    return count + by_hand.update(title=GONE, why="", cite=[])


def _decisions(reference: str) -> int:
    of_case = Q(case__reference=reference)
    return (
        OpenPointDecision.objects.filter(of_case).update(reason=GONE)
        + ProcedureStep.objects.filter(of_case).update(document="", note="", withdrawn_reason="", salt=None)
        + AwarenessClaim.objects.filter(of_case).update(source=GONE, withdrawn_reason="", salt=None)
    )


def _evidence(reference: str) -> int:
    entries = CustodyEntry.objects.filter(evidence__case__reference=reference).update(party="", note="")
    return entries + Evidence.objects.filter(case__reference=reference).update(title=GONE, file_name=GONE)


def _counsel(reference: str) -> int:
    return CounselNote.objects.filter(case__reference=reference).update(text=GONE, salt="")


def _documents(reference: str) -> int:
    rows = Document.objects.filter(case_key=reference).exclude(kind=CERTIFICATE)
    return rows.update(pdf=b"", title=GONE)


def _case(reference: str) -> int:
    of_case = Q(form__endswith=f":{reference}") | Q(form__contains=f":{reference}:")  # and not of 2026-1000
    Draft.objects.filter(of_case).delete()
    return Case.objects.filter(reference=reference).update(title="")
