"""How the events of a case are named on a history page."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.audit import telling
from core.audit.models import Event
from incidents.models import CounselNote, Evidence, EvidenceScan, OpenPointDecision
from incidents.open_points import answer_label, question_label

# In an event's data: the words beside it are the title the case was given, so that it can be shown again.
TITLE_BESIDE = "title_beside"
# How many of the words beside a meeting say why it was late; what was done follows on the next line.
LATENESS_LENGTH = "lateness_length"
KINDS = {
    "case": _("사건"),
    "fact": _("사실"),
    "deadline": _("기한"),
    "task": _("할 일"),
    "playbook": _("절차"),
    "timeline": _("경과"),
    "awareness": _("인지 시각"),
    "procedure": _("신고 뒤 절차"),
    "decision": _("판단"),
    "evidence": _("증거"),
    "counsel": _("법무"),
    "destruction": _("파기"),
}
TABS = {
    "overview": (_("개요"), ("case", "timeline", "copy", "masking", "destruction")),
    "clocks": (_("시계"), ("deadline", "awareness", "procedure", "decision")),
    "facts": (_("사실"), ("fact",)),
    "tasks": (_("할 일"), ("task", "playbook")),
    "evidence": (_("증거"), ("evidence",)),
    "counsel": (_("법무"), ("counsel",)),
}
HOUSE_KINDS = {"law": _("법령판"), "holiday": _("공휴일")}
ACTIONS = {
    "case.opened": _("사건 접수"),
    "case.joined": _("참여"),
    "case.left": _("참여 종료"),
    "case.described": _("사건 정보 변경"),
    "case.phase-moved": _("단계 변경"),
    "case.closed": _("종결"),
    "case.reopened": _("사건 다시 열기"),
    "case.exported": _("감사 묶음 내보냄"),
    "fact.recorded": _("사실 기록"),
    "fact.corrected": _("사실 변경"),
    "deadline.started": _("시계 시작"),
    "deadline.moved": _("기한 변경"),
    "deadline.ended": _("기한 종료"),
    "deadline.met": _("이행"),
    "deadline.missed": _("기한 지남"),
    "deadline.dismissed": _("해당 없음"),
    "deadline.reopened": _("다시 열었음"),
    "deadline.acknowledged": _("확인함"),
    "deadline.added": _("기한 추가"),
    "task.added": _("할 일 추가"),
    "task.taken": _("할 일 맡음"),
    "task.finished": _("할 일 마침"),
    "task.skipped": _("하지 않기로 함"),
    "playbook.started": _("절차 시작"),
    "timeline.added": _("경과"),
    "awareness.claimed": _("다투는 인지 시각 기록"),
    "awareness.withdrawn": _("다투던 인지 시각 거둠"),
    "decision.made": _("정해지지 않은 점의 판단"),
    "decision.withdrawn": _("판단 거둠"),
    "counsel.note-added": _("법무 메모"),
    "destruction.due-told": _("보관 기간이 끝났음을 알림"),
    "destruction.reminded": _("파기할 마지막 날을 알림"),
    "destruction.asked": _("파기 요청"),
    "destruction.approved": _("파기 승인"),
    "destruction.refused": _("파기 거절"),
    "destruction.begun": _("파기 시작"),
    "destruction.finished": _("파기 마침"),
    "destruction.reapplied": _("복구 뒤 다시 파기"),
    "evidence.received": _("증거 받음"),
    "evidence.scanned": _("증거의 악성코드 검사"),
    "evidence.viewed": _("증거 열람"),
    "evidence.copied": _("증거 사본 내려받음"),
    "evidence.handed-over": _("증거 넘겨줌"),
    "evidence.returned": _("증거 돌려받음"),
    "evidence.held": _("증거 보존 조치"),
    "evidence.released": _("증거 보존 조치 해제"),
    "evidence.retention-set": _("증거 보관 기간을 정함"),
    "procedure.recorded": _("절차 기록"),
    "procedure.corrected": _("절차 기록 고침"),
    "procedure.withdrawn": _("절차 기록 거둠"),
    "law.edition-applied": _("규칙판 적용"),
    "holiday.changed": _("공휴일 바로잡기"),
    "holiday.ended": _("공휴일 바로잡기 거둠"),
}


def register() -> None:
    telling.register(
        kinds=KINDS,
        actions=ACTIONS,
        tabs=TABS,
        house_kinds=HOUSE_KINDS,
        tellers={
            "incidents.openpointdecision": _decisions,
            "incidents.evidence": _evidence,
            "incidents.evidencescan": _scans,
            "incidents.counselnote": _counsel_notes,
        },
    )


def _counsel_notes(ids: list[int]) -> dict[int, telling.Told]:
    """That there is one; what it says is told to counsel alone, on a page of its own."""
    return {row.pk: telling.Told(row.label) for row in CounselNote.objects.filter(pk__in=ids).defer("text")}


def _evidence(ids: list[int]) -> dict[int, telling.Told]:
    rows = Evidence.objects.filter(pk__in=ids).select_related("case")
    return {row.pk: telling.Told(row.label, row.get_absolute_url()) for row in rows}


def _scans(ids: list[int]) -> dict[int, telling.Told]:
    rows = EvidenceScan.objects.filter(pk__in=ids).select_related("evidence__case")
    return {
        row.pk: telling.Told(
            f"{row.evidence.label} {row.get_verdict_display()}", row.evidence.get_absolute_url()
        )
        for row in rows
    }


def words_of_meeting(event: Event) -> tuple[str, str]:
    """Why a deadline was met late, and what was done, as it was written beside the event."""
    length = event.data.get(LATENESS_LENGTH)
    if length is None:
        return event.reason, ""  # histories begun before kept the reason alone
    return event.reason[:length], event.reason[length:].removeprefix("\n") if length else event.reason


def _decisions(ids: list[int]) -> dict[int, telling.Told]:
    """The question and the answer a decision gave it; the reason stands beside the event."""
    rows = OpenPointDecision.objects.filter(pk__in=ids).select_related("case")
    return {
        row.pk: telling.Told(
            f"{question_label(row.question)} {answer_label(row.answer)}",
            reverse("incidents:case-clocks", args=[row.case.reference]),
        )
        for row in rows
    }
