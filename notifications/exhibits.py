"""What an audit bundle tells of notices, reports and mail."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from core.audit.exhibits import Curtain, Row, laid_out
from core.audit.exhibits import register as lay_out
from notifications.models import (
    Approval,
    DeliveryAttempt,
    DeliveryOutcome,
    Filing,
    OutgoingEmail,
    Paper,
    Reminder,
)


def register() -> None:
    lay_out("papers", _("통지·신고 문서와 그 판"), _papers)
    lay_out("approvals", _("승인"), _approvals)
    lay_out("filings", _("통지·신고 기록"), _filings)
    lay_out("reminders", _("알림"), _reminders)
    lay_out("mail", _("보내는 메일"), _mail)


def _papers(reference: str, curtain: Curtain) -> Iterable[Row]:
    for paper in Paper.objects.filter(case__reference=reference).order_by("number"):
        yield laid_out(paper, curtain)
        for version in paper.versions.order_by("number"):
            yield laid_out(version, curtain, words=["title", "fields", "letterhead"])


def _approvals(reference: str, curtain: Curtain) -> Iterable[Row]:
    for row in Approval.objects.filter(version__paper__case__reference=reference).order_by("pk"):
        yield laid_out(row, curtain, words=["note"])


def _filings(reference: str, curtain: Curtain) -> Iterable[Row]:
    for row in Filing.objects.filter(version__paper__case__reference=reference).order_by("pk"):
        said = {"words": row.said()}
        yield laid_out(row, curtain, words=["note", "lateness_reason"], leave_out=["salt"], kept=said)


def _reminders(reference: str, curtain: Curtain) -> Iterable[Row]:
    for row in Reminder.objects.filter(deadline__case__reference=reference).order_by("pk"):
        yield laid_out(row, curtain)


def _mail(reference: str, curtain: Curtain) -> Iterable[Row]:
    """Each mail about the case, every attempt with the very words, and what became of it."""
    for email in OutgoingEmail.objects.filter(deadline__case__reference=reference).order_by("pk"):
        yield laid_out(email, curtain, words=["subject", "answer"])
    for attempt in DeliveryAttempt.objects.filter(email__deadline__case__reference=reference).order_by("pk"):
        yield laid_out(attempt, curtain, words=["subject", "text", "html"])
    outcomes = DeliveryOutcome.objects.filter(attempt__email__deadline__case__reference=reference)
    for outcome in outcomes.order_by("pk"):
        yield laid_out(outcome, curtain, words=["answer"])
