"""How the events of safety settings, networks and reviews are told."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.audit import telling

KINDS = {
    "safety": _("안전조치 설정"),
    "network": _("허용 네트워크"),
    "review": _("점검"),
    "access-log": _("접속기록"),
    "backup": _("백업"),
    "drill": _("복구 훈련"),
    "yearly-check": _("이행 실태 점검"),
    "application-key": _("애플리케이션 키"),
    "alert": _("경보"),
    "explanation": _("소명"),
}
CASE_KINDS = {"copy": _("출력·복사"), "masking": _("마스킹")}
ACTIONS = {
    "copy.made": _("사본 내보냄"),
    "copy.asked": _("반출 승인 요청"),
    "copy.approved": _("반출 승인"),
    "copy.refused": _("반출 거절"),
    "masking.lifted": _("마스킹 해제"),
    "safety.setting-changed": _("안전조치 설정 변경"),
    "safety.evidence-exported": _("안전조치 증빙을 내보냄"),
    "backup.made": _("백업함"),
    "backup.restored": _("백업에서 복구함"),
    "drill.recorded": _("복구 훈련 기록"),
    "yearly-check.reminded": _("이행 실태 점검을 알림"),
    "yearly-check.overdue": _("이행 실태 점검이 늦었음을 알림"),
    "yearly-check.recorded": _("이행 실태 점검 기록"),
    "network.allowed": _("네트워크 허용"),
    "network.ended": _("네트워크 허용 거둠"),
    "review.recorded": _("점검 결과 기록"),
    "review.printed": _("점검 결과를 문서로 만듦"),
    "review.overdue-told": _("밀린 점검을 알림"),
    "access-log.sealed": _("접속기록의 해시를 이력에 적음"),
    "access-log.purged": _("보관 기간이 지난 접속기록 파기"),
    "application-key.rotated": _("비밀을 새 키로 다시 잠금"),
    "application-key.dropped": _("앞의 애플리케이션 키를 지움"),
    "alert.raised": _("경보 알림"),
    "alert.closed": _("경보 닫음"),
    "explanation.asked": _("소명 요청"),
    "explanation.answered": _("소명함"),
    "person.closed": _("계정 닫음"),
    "person.duties-acknowledged": _("의무 확인"),
    "person.sign-on-linked": _("회사 계정과 이음"),
    "person.sign-on-unlinked": _("회사 계정과 이은 것을 풂"),
    "person.reopened": _("계정 다시 엶"),
    "person.session-ended": _("접속을 끊음"),
    "person.second-network": _("다른 네트워크에서 동시에 로그인함"),
    "person.unused-warned": _("쓰지 않는 계정을 알림"),
}


def register() -> None:
    telling.register(kinds=CASE_KINDS, house_kinds=KINDS, actions=ACTIONS)
