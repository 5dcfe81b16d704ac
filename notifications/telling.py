"""How the events of papers, reminders and mail are told on a history page."""

from __future__ import annotations

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.audit import telling
from core.audit.telling import Told
from incidents import reading
from incidents.reading import title_of
from notifications.models import (
    Approval,
    Channel,
    Filing,
    OutgoingEmail,
    Paper,
    PaperKind,
    PaperVersion,
    Reminder,
)
from notifications.services.filings import SENTENCES

ACTIONS = {
    "paper.started": _("초안 시작"),
    "paper.version-saved": _("판 저장"),
    "paper.approved": _("승인"),
    "paper.returned": _("돌려보냄"),
    "notice.given": _("통지함"),
    "report.filed": _("신고함"),
    "reminder.raised": _("알림 보냄"),
    "reminder.escalated": _("다음 사람에게 알림"),
    "reminder.answered": _("알림 확인"),
    "reminder.unanswered": _("아무도 확인하지 않음"),
    "email.sent": _("메일 보냄"),
    "email.withdrawn": _("메일 보내지 않음"),
    "email.retried": _("메일 다시 보냄"),
    "email.given-up": _("메일을 보내지 못함"),
    "email.outcome-unknown": _("메일 결과를 알 수 없음"),
    "email.possibly-repeated": _("메일이 두 번 갔을 수 있음"),
    "email.answered-late": _("메일 서버의 늦은 답"),
    "reminder-policy.changed": _("알림 정책 변경"),
    "timers.resumed": _("알림 점검 재개"),
    "clock.astray": _("서버 시계가 어긋남"),
    "clock.set-right": _("서버 시계가 다시 맞음"),
}
KINDS = {
    "paper": _("통지·신고 문서"),
    "notice": _("통지"),
    "report": _("신고"),
    "reminder": _("알림"),
    "email": _("메일"),
}
TABS = {
    "papers": (_("통지·신고"), ("paper", "notice", "report")),
    "mail": (_("알림·메일"), ("reminder", "email")),
}
HOUSE_KINDS = {"reminder-policy": _("알림 정책"), "timers": _("알림 점검"), "clock": _("서버 시계")}


def _papers(ids: list[int]) -> dict[int, Told]:
    rows = Paper.objects.filter(pk__in=ids).select_related("case")
    return {row.pk: Told(row.get_kind_display(), row.get_absolute_url()) for row in rows}


def _of_version(version: PaperVersion) -> Told:
    words = {"paper": version.paper.get_kind_display(), "n": version.number}
    return Told(gettext("%(paper)s %(n)d판") % words, version.paper.get_absolute_url())


def _versions(ids: list[int]) -> dict[int, Told]:
    rows = PaperVersion.objects.filter(pk__in=ids).select_related("paper__case")
    return {row.pk: _of_version(row) for row in rows}


def _approvals(ids: list[int]) -> dict[int, Told]:
    rows = Approval.objects.filter(pk__in=ids).select_related("version__paper__case")
    return {row.pk: _of_version(row.version) for row in rows}


def _filings(ids: list[int]) -> dict[int, Told]:
    rows = Filing.objects.filter(pk__in=ids).select_related("version__paper__case")
    return {row.pk: Told(_of_version(row.version).text, row.get_absolute_url()) for row in rows}


def _reminders(ids: list[int]) -> dict[int, Told]:
    rows = Reminder.objects.filter(pk__in=ids).select_related("deadline")
    return {row.pk: Told(title_of(row.deadline)) for row in rows}


def _emails(ids: list[int]) -> dict[int, Told]:
    rows = OutgoingEmail.objects.filter(pk__in=ids).select_related("to_user", "deadline")
    return {
        row.pk: Told(
            " → ".join(filter(None, [title_of(row.deadline) if row.deadline else "", str(row.to_user)]))
        )
        for row in rows
    }


def register() -> None:
    reading.remember(*SENTENCES)
    reading.remember_words([label for choices in (PaperKind, Channel) for _code, label in choices.choices])
    telling.register(
        kinds=KINDS,
        house_kinds=HOUSE_KINDS,
        tabs=TABS,
        actions=ACTIONS,
        tellers={
            "notifications.paper": _papers,
            "notifications.paperversion": _versions,
            "notifications.approval": _approvals,
            "notifications.filing": _filings,
            "notifications.reminder": _reminders,
            "notifications.outgoingemail": _emails,
        },
    )
