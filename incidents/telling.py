"""How the events of a case are named on a history page."""

from django.utils.translation import gettext_lazy as _

from core.audit import telling

KINDS = {
    "case": _("사건"),
    "fact": _("사실"),
    "deadline": _("기한"),
    "task": _("할 일"),
    "playbook": _("절차"),
    "timeline": _("경과"),
}
ACTIONS = {
    "case.opened": _("사건 접수"),
    "case.joined": _("참여"),
    "case.left": _("참여 종료"),
    "case.described": _("사건 정보 변경"),
    "case.phase-moved": _("단계 변경"),
    "case.closed": _("종결"),
    "case.reopened": _("사건 다시 열기"),
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
}


def register() -> None:
    telling.register(kinds=KINDS, actions=ACTIONS)
