"""What an audit bundle tells of a case: its facts, duties, clocks, tasks and timeline."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

from core.audit.exhibits import HIDDEN, Curtain, Row, laid_out
from core.audit.exhibits import register as lay_out
from core.documents.models import Document
from incidents.facts import CATALOGUE, Kind
from incidents.models import (
    AwarenessClaim,
    Case,
    CaseMember,
    CounselNote,
    Deadline,
    Duty,
    Evidence,
    FactRevision,
    OpenPointDecision,
    ProcedureStep,
    Task,
    TimelineEntry,
)


def register() -> None:
    lay_out("case", _("사건과 참여자"), _case)
    lay_out("facts", _("사실과 그 변경"), _facts)
    lay_out("awareness", _("다투는 인지 시각"), _claims)
    lay_out("duties", _("의무"), _duties)
    lay_out("deadlines", _("기한"), _deadlines)
    lay_out("decisions", _("판단"), _decisions)
    lay_out("procedure", _("신고 뒤 절차"), _steps)
    lay_out("tasks", _("할 일"), _tasks)
    lay_out("timeline", _("경과"), _timeline)
    lay_out("evidence", _("증거와 보관 기록"), _evidence)
    lay_out("withheld", _("빠진 것(법무 메모)"), _withheld)
    lay_out("documents", _("나간 문서"), _documents)


def _case(reference: str, curtain: Curtain) -> Iterable[Row]:
    for case in Case.objects.filter(reference=reference):
        yield laid_out(case, curtain, words=["title"])
    for member in CaseMember.objects.filter(case__reference=reference).order_by("pk"):
        yield laid_out(member, curtain)


def _facts(reference: str, curtain: Curtain) -> Iterable[Row]:
    for row in FactRevision.objects.filter(case__reference=reference).order_by("name", "key", "number"):
        value = _veiled(row.name, row.value) if curtain.is_drawn else row.value
        yield laid_out(
            row,
            curtain,
            words=["source", "reason"],
            instead={"value": value},
            leave_out=["salt"],
            kept={"digest": row.said()},
        )


def _veiled(name: str, value: Any) -> Any:
    """A fact without what somebody wrote. Of a fact this edition does not know, only numbers and yes or no stay."""
    fact = CATALOGUE.get(name)
    if value is None or isinstance(value, bool | int):
        return value
    if fact is None or fact.kind is Kind.TEXT:
        return HIDDEN
    return {**value, "text": HIDDEN} if fact.kind is Kind.CONFIRMED else value


def _claims(reference: str, curtain: Curtain) -> Iterable[Row]:
    for row in AwarenessClaim.objects.filter(case__reference=reference).order_by("pk"):
        yield laid_out(row, curtain, words=["source", "withdrawn_reason"], leave_out=["salt"])


def _duties(reference: str, curtain: Curtain) -> Iterable[Row]:
    for row in Duty.objects.filter(case__reference=reference).order_by("pk"):
        yield laid_out(row, curtain, words=["superseded_reason"])


def _deadlines(reference: str, curtain: Curtain) -> Iterable[Row]:
    written = ["met_note", "lateness_reason", "dismissed_reason"]
    for row in Deadline.objects.filter(case__reference=reference).order_by("pk"):
        by_a_person = [] if row.duty_id else ["title", "why", "cite"]
        yield laid_out(row, curtain, words=[*written, *by_a_person])


def _decisions(reference: str, curtain: Curtain) -> Iterable[Row]:
    for row in OpenPointDecision.objects.filter(case__reference=reference).order_by("pk"):
        yield laid_out(row, curtain, words=["reason"])


def _steps(reference: str, curtain: Curtain) -> Iterable[Row]:
    for row in ProcedureStep.objects.filter(case__reference=reference).order_by("pk"):
        words = ["document", "note", "withdrawn_reason"]
        yield laid_out(row, curtain, words=words, leave_out=["salt"], kept={"digest": row.said()})


def _tasks(reference: str, curtain: Curtain) -> Iterable[Row]:
    for row in Task.objects.filter(case__reference=reference).order_by("pk"):
        by_a_person = [] if row.code else ["title", "guidance", "who"]
        yield laid_out(row, curtain, words=["skipped_reason", *by_a_person])


def _timeline(reference: str, curtain: Curtain) -> Iterable[Row]:
    for row in TimelineEntry.objects.filter(case__reference=reference).order_by("pk"):
        kept = {"digest": row.said()}
        yield laid_out(row, curtain, words=["text", "source"], leave_out=["salt"], kept=kept)


def _evidence(reference: str, curtain: Curtain) -> Iterable[Row]:
    """Each item and its ledger; the files themselves lie in `evidence/`."""
    for item in Evidence.objects.filter(case__reference=reference).order_by("number"):
        yield laid_out(item, curtain, words=["title", "file_name"])
        for entry in item.custody.order_by("number"):
            yield laid_out(entry, curtain, words=["party", "note"])


def _withheld(reference: str, curtain: Curtain) -> Iterable[Row]:
    """That counsel wrote a note, when and who: what it says stays with counsel, whoever exports."""
    for note in CounselNote.objects.filter(case__reference=reference).order_by("number"):
        yield laid_out(note, curtain, leave_out=["text", "salt"])


def _documents(reference: str, curtain: Curtain) -> Iterable[Row]:
    """What is known of each sealed paper; the file itself lies in `papers/`."""
    for row in Document.objects.of_case(reference).order_by("issued_at", "pk"):
        yield laid_out(row, curtain, words=["title"], leave_out=["pdf"], instead={"key": str(row.key)})
