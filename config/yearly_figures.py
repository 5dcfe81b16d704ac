"""The checklist of the yearly check: each line with what the product itself counted in the period."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from allauth.mfa.models import Authenticator
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.access.middleware import SECOND_FACTORS
from core.access.models import (
    AccessPurge,
    AccessRow,
    BackupNote,
    NetworkRule,
    RecoveryDrill,
    Review,
    ReviewKind,
    SafetySetting,
)
from core.access.reviews import Period
from core.accounts.models import Organization, User
from core.audit.models import HOUSE, DayHead, Event
from core.documents.vault import key_ids
from incidents.clocks import instant_label
from incidents.models import CustodyEntry, Evidence, EvidenceScan

type Figures = list[tuple[str, str]]
type Count = Callable[[Organization, Period], Figures]


@dataclass(frozen=True, slots=True)
class Line:
    """One thing the CPO looks at."""

    code: str
    label: str | Promise
    cite: str
    count: Count


def _told(number: int) -> str:
    return f"{number:,}"


def _of_the_house(period: Period, *actions: str) -> int:
    return (
        Event.objects.of_chain(HOUSE)
        .filter(action__in=actions, recorded_at__gte=period.first, recorded_at__lt=period.end)
        .count()
    )


def _changes_of_rights(place: Organization, period: Period, action: str) -> int:
    told = Event.objects.of_chain(HOUSE).filter(action=action, data__organization=place.pk)
    return told.filter(recorded_at__gte=period.first, recorded_at__lt=period.end).count()


def _plan(place: Organization, period: Period) -> Figures:
    changed = SafetySetting.objects.filter(set_at__gte=period.first, set_at__lt=period.end)
    return [(_("바꾼 안전조치 설정"), _told(changed.count()))]


def _rights(place: Organization, period: Period) -> Figures:
    return [
        (_("준 역할"), _told(_changes_of_rights(place, period, "role.given"))),
        (_("끝낸 역할"), _told(_changes_of_rights(place, period, "role.taken"))),
        (_("지금 역할이 있는 사람"), _told(place.memberships.values("user").distinct().count())),
        (_("접근 권한 점검"), _told(_reviews(place, period, ReviewKind.RIGHTS))),
        (_("닫은 계정(설치 전체)"), _told(_of_the_house(period, "person.closed"))),
    ]


def _reviews(place: Organization, period: Period, kind: ReviewKind) -> int:
    done = Review.objects.filter(organization=place, kind=kind)
    return done.filter(reviewed_at__gte=period.first, reviewed_at__lt=period.end).count()


def _entrance(place: Organization, period: Period) -> Figures:
    people = User.objects.filter(is_active=True, memberships__organization=place).distinct()
    held = Authenticator.objects.filter(type__in=SECOND_FACTORS).values("user")
    failed = AccessRow.objects.filter(act="sign_in_failed", account__memberships__organization=place)
    return [
        (_("2단계 인증이 없는 계정"), _told(people.exclude(pk__in=held).count())),
        (
            _("로그인 실패"),
            _told(failed.filter(at__gte=period.first, at__lt=period.end).values("pk").distinct().count()),
        ),
        (_("허용 네트워크"), _told(NetworkRule.objects.standing().filter(organization=place).count())),
    ]


def _encryption(place: Organization, period: Period) -> Figures:
    kept = Evidence.objects.filter(case__organization=place)
    return [
        (_("암호화해 보관하는 증거"), _told(kept.count())),
        (_("보관 키"), _told(len(key_ids()))),
    ]


def _log(place: Organization, period: Period) -> Figures:
    rows = AccessRow.objects.filter(organization=place, at__gte=period.first, at__lt=period.end)
    return [
        (_("접속기록"), _told(rows.count())),
        (_("거부된 것"), _told(rows.filter(result="refused").count())),
        (_("다운로드와 출력"), _told(rows.filter(act__in=("download", "print")).count())),
        (_("접속기록 점검"), _told(_reviews(place, period, ReviewKind.LOG))),
    ]


def _history(place: Organization, period: Period) -> Figures:
    days = DayHead.objects.filter(closed_at__gte=period.first, closed_at__lt=period.end)
    return [(_("서명한 날(설치 전체)"), _told(days.count()))]


def _malware(place: Organization, period: Period) -> Figures:
    kept = Evidence.objects.filter(case__organization=place)
    done = EvidenceScan.objects.exclude(verdict=EvidenceScan.Verdict.ERROR).values("evidence")
    flagged = kept.filter(scans__verdict=EvidenceScan.Verdict.FLAGGED).distinct()
    return [
        (_("악성코드로 보이는 증거"), _told(flagged.count())),
        (_("검사하지 않은 증거"), _told(kept.exclude(pk__in=done).count())),
    ]


def _media(place: Organization, period: Period) -> Figures:
    """What left the house and has not come back is an open item."""
    moves = CustodyEntry.objects.filter(
        evidence__case__organization=place,
        kind__in=(CustodyEntry.Kind.HANDED_OVER, CustodyEntry.Kind.RETURNED),
    )
    last = dict(moves.order_by("evidence", "number").values_list("evidence", "kind"))
    out = sum(kind == CustodyEntry.Kind.HANDED_OVER for kind in last.values())
    return [(_("넘겨주고 돌려받지 않은 증거"), _told(out))]


def _recovery(place: Organization, period: Period) -> Figures:
    made = BackupNote.objects.filter(kind=BackupNote.Kind.MADE)
    drills = RecoveryDrill.objects.filter(drilled_on__range=(period.first_day, period.last_day))
    last = made.first()
    return [
        (_("백업"), _told(made.filter(made_at__gte=period.first, made_at__lt=period.end).count())),
        (_("마지막 백업"), instant_label(last.made_at) if last else _("없음")),
        (_("복구 훈련"), _told(drills.count())),
    ]


def _destruction(place: Organization, period: Period) -> Figures:
    purged = AccessPurge.objects.filter(purged_at__gte=period.first, purged_at__lt=period.end)
    return [(_("접속기록 파기(설치 전체)"), _told(purged.count()))]


CHECKLIST: Mapping[str, Line] = {
    line.code: line
    for line in (
        Line("plan", gettext_lazy("내부 관리계획과 설정"), "제4조", _plan),
        Line("rights", gettext_lazy("접근 권한"), "제5조", _rights),
        Line("entrance", gettext_lazy("인증과 접근 통제"), "제5조, 제6조", _entrance),
        Line("encryption", gettext_lazy("암호화"), "제7조", _encryption),
        Line("log", gettext_lazy("접속기록"), "제8조", _log),
        Line("history", gettext_lazy("기록의 위조·변조 방지"), "제8조제3항", _history),
        Line("malware", gettext_lazy("악성프로그램 방지"), "제9조", _malware),
        Line("media", gettext_lazy("물리적 안전조치와 매체"), "제10조", _media),
        Line("recovery", gettext_lazy("백업과 복구"), "제11조", _recovery),
        Line("destruction", gettext_lazy("파기"), "제13조", _destruction),
    )
}


def figures_of(place: Organization, period: Period) -> dict[str, Figures]:
    """Every line of the checklist, in its order, with its figures for `place`."""
    return {code: line.count(place, period) for code, line in CHECKLIST.items()}
