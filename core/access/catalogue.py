"""The safety settings there are: what the law says of each, what the house chose, and between which ends."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Code(StrEnum):
    FAILED_SIGN_INS = "failed_sign_ins"
    LOCK_MINUTES = "lock_minutes"
    IDLE_MINUTES = "idle_minutes"
    SESSION_HOURS = "session_hours"
    STEP_UP_MINUTES = "step_up_minutes"
    PASSWORD_LENGTH = "password_length"
    SESSION_LIMIT = "session_limit"
    UNUSED_WARN_DAYS = "unused_warn_days"
    UNUSED_CLOSE_DAYS = "unused_close_days"
    COPIES_A_DAY = "copies_a_day"
    SECOND_PERSON_FROM = "second_person_from"
    UNMASK_MINUTES = "unmask_minutes"
    RIGHTS_REVIEW_MONTHS = "rights_review_months"
    LOG_REVIEW_MONTHS = "log_review_months"
    YEARLY_CHECK_MONTHS = "yearly_check_months"
    DRILL_MONTHS = "drill_months"
    ACCESS_LOG_MONTHS = "access_log_months"
    SCAN_AGAIN_DAYS = "scan_again_days"
    RIGHTS_RECORD_YEARS = "rights_record_years"
    CASE_FILE_MONTHS = "case_file_months"
    ACKNOWLEDGE_MONTHS = "acknowledge_months"
    SOURCE_FAILURES = "source_failures"
    REVIEW_SAMPLE = "review_sample"
    ALERT_MINUTES = "alert_minutes"
    ALERT_SUBJECTS = "alert_subjects"
    ALERT_FAILURES = "alert_failures"
    ALERT_SMALL_READS = "alert_small_reads"
    ALERT_NIGHT_ROWS = "alert_night_rows"
    ALERT_NIGHT_FROM = "alert_night_from"
    ALERT_NIGHT_UNTIL = "alert_night_until"
    ALERT_NETWORK_DAYS = "alert_network_days"


class Unit(StrEnum):
    TIMES = "times"
    MINUTES = "minutes"
    HOURS = "hours"
    DAYS = "days"
    MONTHS = "months"
    YEARS = "years"
    LETTERS = "letters"
    SESSIONS = "sessions"
    ROWS = "rows"
    SUBJECTS = "subjects"
    O_CLOCK = "o_clock"
    PEOPLE = "people"


UNIT_WORDS: Mapping[Unit, str | Promise] = {
    Unit.TIMES: _("%(n)d번"),
    Unit.MINUTES: _("%(n)d분"),
    Unit.HOURS: _("%(n)d시간"),
    Unit.DAYS: _("%(n)d일"),
    Unit.MONTHS: _("%(n)d개월"),
    Unit.YEARS: _("%(n)d년"),
    Unit.LETTERS: _("%(n)d자"),
    Unit.SESSIONS: _("%(n)d곳"),
    Unit.ROWS: _("%(n)d건"),
    Unit.SUBJECTS: _("대상 %(n)d개"),
    Unit.O_CLOCK: _("%(n)d시"),
    Unit.PEOPLE: _("%(n)d명"),
}


@dataclass(frozen=True, slots=True)
class Setting:
    """One number the house sets. `law` is what the law says of it; `is_law` where the law has a number itself."""

    code: Code
    label: str | Promise
    unit: Unit
    law: str | Promise
    cite: str
    default: int
    lowest: int
    highest: int
    is_law: bool = False

    def said(self, value: int) -> str:
        """`15분`, `1,000명`."""
        return str(UNIT_WORDS[self.unit]).replace("%(n)d", f"{value:,}")


REVIEW = "안전성 확보조치 기준 제8조제2항"
WATCH = "안전성 확보조치 기준 제6조제1항제2호"
NO_NUMBER = _("법에 숫자가 없습니다. 회사가 정한 값입니다.")
SETTINGS: Mapping[Code, Setting] = {
    one.code: one
    for one in (
        Setting(
            Code.FAILED_SIGN_INS,
            _("로그인 실패 허용 횟수"),
            Unit.TIMES,
            _("‘일정 횟수’입니다. 숫자는 회사가 정한 값입니다."),
            "안전성 확보조치 기준 제5조제6항",
            5,
            3,
            10,
        ),
        Setting(
            Code.LOCK_MINUTES,
            _("로그인 잠금 시간"),
            Unit.MINUTES,
            NO_NUMBER,
            "안전성 확보조치 기준 제5조제6항",
            15,
            5,
            60,
        ),
        Setting(
            Code.IDLE_MINUTES,
            _("입력이 없을 때 접속을 끊는 시간"),
            Unit.MINUTES,
            _("‘일정시간’입니다. 숫자는 회사가 정한 값입니다."),
            "안전성 확보조치 기준 제6조제4항",
            15,
            5,
            30,
        ),
        Setting(
            Code.SESSION_HOURS,
            _("한 번 로그인한 접속의 최대 시간"),
            Unit.HOURS,
            NO_NUMBER,
            "안전성 확보조치 기준 제6조제4항",
            12,
            1,
            24,
        ),
        Setting(
            Code.STEP_UP_MINUTES,
            _("중요한 일 앞에서 본인 확인이 유효한 시간"),
            Unit.MINUTES,
            NO_NUMBER,
            "안전성 확보조치 기준 제5조제5항",
            10,
            5,
            30,
        ),
        Setting(
            Code.PASSWORD_LENGTH,
            _("비밀번호의 최소 길이"),
            Unit.LETTERS,
            _("‘안전하게’ 관리해야 합니다. 길이는 회사가 정한 값입니다."),
            "안전성 확보조치 기준 제5조제5항",
            12,
            10,
            64,
        ),
        Setting(
            Code.SESSION_LIMIT,
            _("한 사람이 동시에 쓰는 접속 수"),
            Unit.SESSIONS,
            NO_NUMBER,
            "안전성 확보조치 기준 제5조제4항",
            3,
            1,
            5,
        ),
        Setting(
            Code.UNUSED_WARN_DAYS,
            _("쓰지 않는 계정을 알리는 날"),
            Unit.DAYS,
            NO_NUMBER,
            "안전성 확보조치 기준 제5조제2항",
            60,
            30,
            180,
        ),
        Setting(
            Code.UNUSED_CLOSE_DAYS,
            _("쓰지 않는 계정을 닫는 날"),
            Unit.DAYS,
            NO_NUMBER,
            "안전성 확보조치 기준 제5조제2항",
            90,
            30,
            180,
        ),
        Setting(
            Code.COPIES_A_DAY,
            _("한 사람이 하루에 내보내는 횟수(출력·다운로드)"),
            Unit.TIMES,
            NO_NUMBER,
            "안전성 확보조치 기준 제6조의2, 별표",
            50,
            1,
            500,
        ),
        Setting(
            Code.SECOND_PERSON_FROM,
            _("감사 묶음을 내보낼 때 다른 사람의 승인이 필요한 정보주체 수"),
            Unit.PEOPLE,
            _("법에 숫자가 없습니다. 1,000명은 해설서의 예입니다."),
            "안전성 확보조치 기준 제6조의2, 별표",
            1000,
            1,
            1_000_000,
        ),
        Setting(
            Code.UNMASK_MINUTES,
            _("마스킹을 해제한 화면을 볼 수 있는 시간"),
            Unit.MINUTES,
            NO_NUMBER,
            "안전성 확보조치 기준 제12조제1항",
            10,
            5,
            60,
        ),
        Setting(
            Code.RIGHTS_REVIEW_MONTHS,
            _("접근 권한 점검 주기"),
            Unit.MONTHS,
            _("공공시스템은 반기 1회입니다(제16조). 그 밖에는 회사가 정한 값입니다."),
            "안전성 확보조치 기준 제5조제1항",
            3,
            1,
            6,
        ),
        Setting(
            Code.LOG_REVIEW_MONTHS,
            _("접속기록 점검 주기"),
            Unit.MONTHS,
            _(
                "2026-10-30까지는 월 1회 이상이 법의 숫자였습니다. 2026-10-31부터는 내부 관리계획이 정합니다. "
                "이 값은 회사가 정한 값입니다."
            ),
            "안전성 확보조치 기준 제8조제2항",
            1,
            1,
            3,
        ),
        Setting(
            Code.YEARLY_CHECK_MONTHS,
            _("이행 실태 점검 주기"),
            Unit.MONTHS,
            _("개인정보 보호책임자가 연 1회 이상 점검합니다. 그보다 길게 정할 수 없습니다."),
            "안전성 확보조치 기준 제4조제4항",
            12,
            1,
            12,
            is_law=True,
        ),
        Setting(
            Code.DRILL_MONTHS,
            _("복구 훈련 주기"),
            Unit.MONTHS,
            NO_NUMBER,
            "안전성 확보조치 기준 제11조",
            12,
            1,
            12,
        ),
        Setting(
            Code.ACKNOWLEDGE_MONTHS,
            _("의무를 다시 확인하는 주기"),
            Unit.MONTHS,
            _("교육은 내부 관리계획으로 정합니다. 숫자는 회사가 정한 값입니다."),
            "안전성 확보조치 기준 제4조제2항",
            12,
            1,
            12,
        ),
        Setting(
            Code.ACCESS_LOG_MONTHS,
            _("접속기록 보관 기간"),
            Unit.MONTHS,
            _("1년 또는 2년 이상입니다. 아래의 현황으로 정해지고 그보다 짧게 정할 수 없습니다."),
            "안전성 확보조치 기준 제8조제1항",
            36,
            12,
            120,
            is_law=True,
        ),
        Setting(
            Code.RIGHTS_RECORD_YEARS,
            _("권한 기록 보관 기간"),
            Unit.YEARS,
            _(
                "3년 이상입니다. 권한 기록은 이력이라서 이 시스템에는 지우는 길이 없습니다. 내부 관리계획에 적는 값입니다."
            ),
            "안전성 확보조치 기준 제5조제3항",
            5,
            3,
            10,
            is_law=True,
        ),
        Setting(
            Code.SCAN_AGAIN_DAYS,
            _("증거를 악성코드 검사 프로그램으로 다시 검사하는 주기"),
            Unit.DAYS,
            NO_NUMBER,
            "안전성 확보조치 기준 제9조",
            30,
            1,
            365,
        ),
        Setting(
            Code.CASE_FILE_MONTHS,
            _("종결한 사건 기록의 보관 기간"),
            Unit.MONTHS,
            _(
                "사건 기록 전체의 보관 기간을 정한 법은 없습니다. 회사가 정한 값입니다. 이 기간이 끝나면 5일 안에 "
                "파기합니다(표준 개인정보 보호지침 제10조)."
            ),
            "안전성 확보조치 기준 제13조",
            60,
            1,
            360,
        ),
        Setting(
            Code.SOURCE_FAILURES,
            _("한 접속지의 로그인 실패 허용 횟수"),
            Unit.TIMES,
            _("‘일정 횟수’입니다. 한 사무실이 주소 하나를 같이 쓰므로 계정별 횟수보다 크게 정합니다."),
            "안전성 확보조치 기준 제5조제6항",
            50,
            20,
            500,
        ),
        Setting(
            Code.REVIEW_SAMPLE, _("접속기록 점검에서 뽑아 보는 행"), Unit.ROWS, NO_NUMBER, REVIEW, 20, 10, 100
        ),
        Setting(
            Code.ALERT_MINUTES, _("경보: 짧은 시간으로 보는 길이"), Unit.MINUTES, NO_NUMBER, WATCH, 10, 1, 60
        ),
        Setting(
            Code.ALERT_SUBJECTS,
            _("경보: 짧은 시간에 본 대상"),
            Unit.SUBJECTS,
            NO_NUMBER,
            WATCH,
            200,
            10,
            10_000,
        ),
        Setting(
            Code.ALERT_FAILURES, _("경보: 짧은 시간의 실패와 거부"), Unit.TIMES, NO_NUMBER, WATCH, 10, 3, 100
        ),
        Setting(
            Code.ALERT_SMALL_READS,
            _("경보: 하루에 조금씩 본 대상"),
            Unit.SUBJECTS,
            NO_NUMBER,
            WATCH,
            50,
            10,
            1_000,
        ),
        Setting(Code.ALERT_NIGHT_ROWS, _("경보: 하룻밤에 한 일"), Unit.ROWS, NO_NUMBER, WATCH, 20, 1, 1_000),
        Setting(
            Code.ALERT_NIGHT_FROM, _("경보: 밤이 시작하는 때"), Unit.O_CLOCK, NO_NUMBER, WATCH, 22, 18, 23
        ),
        Setting(Code.ALERT_NIGHT_UNTIL, _("경보: 밤이 끝나는 때"), Unit.O_CLOCK, NO_NUMBER, WATCH, 6, 3, 9),
        Setting(
            Code.ALERT_NETWORK_DAYS,
            _("경보: 이만큼 쓰지 않은 네트워크를 새 네트워크로 봄"),
            Unit.DAYS,
            NO_NUMBER,
            WATCH,
            90,
            30,
            365,
        ),
    )
}
