"""Recording that an approved paper was given: the clock stops with its margin, and the timeline tells of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

import rules
from core.audit.chain import digest
from core.audit.services import record
from incidents.clocks import instant_label
from incidents.lateness import is_late
from incidents.models import Deadline, DeadlineKind, TimelineEntry
from incidents.reading import code_word
from incidents.recipients import PEOPLE, recipient_codes
from incidents.services import (
    Obstacle,
    add_deadline,
    add_timeline_entry,
    fulfil_deadline,
    hold_open_case,
    refuse_impossible_instant,
)
from notifications.layouts import PARTIAL_CITE, kinds_of
from notifications.models.papers import Channel, Decision, Filing, Paper, PaperVersion

if TYPE_CHECKING:
    from core.accounts.models import User

LARGEST_COUNT = 100_000_000

# Sentences this module writes into records. They are kept in Korean, whoever acts, and read back by
# `incidents.reading`.
RECORDED = gettext_noop("%(paper)s 기록")
TELL_THE_REST = gettext_noop("나머지 항목을 즉시 알리기: %(paper)s")
TOLD_BY = gettext_noop("%(n)d판으로 알림")
AFTER_THE_TARGET = gettext_noop("내부 목표를 넘겨 알림")
KEEP_POSTED = gettext_noop("홈페이지 게시 %(days)d일 유지하기")
VERSION = gettext_noop("%(paper)s %(n)d판")
TOLD_EACH = gettext_noop("개별 %(n)s명")
TOLD_BY_POSTING = gettext_noop("게시 %(n)s명")
RECEIPT = gettext_noop("접수번호 %(number)s")
REST_FOLLOWS = gettext_noop("나머지 항목은 뒤이어 알림")
SENTENCES = (
    RECORDED,
    TELL_THE_REST,
    TOLD_BY,
    AFTER_THE_TARGET,
    KEEP_POSTED,
    VERSION,
    TOLD_EACH,
    TOLD_BY_POSTING,
    RECEIPT,
    REST_FOLLOWS,
)


def in_korean(sentence: str, **places: object) -> str:
    """`sentence` with its places filled, their words in Korean whatever the reader's language."""
    with translation.override("ko"):
        return sentence % places


class AlreadyGiven(Obstacle):
    """This version was already given to this recipient; `filing` is the record of it."""

    def __init__(self, filing: Filing) -> None:
        super().__init__(
            _("이 판은 이미 %(at)s에 통지하거나 제출한 것으로 기록했습니다. 한 번만 기록합니다.")
            % {"at": instant_label(filing.at)}
        )
        self.filing = filing


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """How and when a version was given. For a notice `at` is when the last message was sent."""

    at: datetime
    recipient: str
    channels: tuple[str, ...] = field(default=())
    receipt_number: str = ""
    told_count: int | None = None
    posted_count: int | None = None
    note: str = ""
    lateness_reason: str = ""


@transaction.atomic
def record_filing(*, version_id: int, given: Given, actor: User, now: datetime) -> Filing:
    """Keep that an approved version was given, stop the clock it answers, tell the timeline.

    AlreadyGiven for a second time; CaseClosed on a closed case; Obstacle when the version is not approved,
    when the instant lies in the future, before the clock began or before the approval, or when it was late
    and no reason is given. Then nothing is kept.
    """
    version = PaperVersion.objects.select_related("paper__case__organization").get(pk=version_id)
    hold_open_case(version.paper.case_id)
    paper = (
        Paper.objects.select_for_update(of=("self",), no_key=True)
        .select_related("case__organization")
        .get(pk=version.paper_id)
    )
    version.paper = paper
    approval = version.decisions.filter(decision=Decision.APPROVED).select_related("document").first()
    if approval is None or approval.document is None:
        raise Obstacle(
            _("승인한 판만 통지하거나 제출할 수 있습니다. %(n)d판의 승인을 먼저 받아 주세요.")
            % {"n": version.number}
        )
    held = version.filings.filter(recipient=given.recipient).first()
    if held is not None:
        raise AlreadyGiven(held)
    refuse_impossible_instant(paper.current_deadline(), given.at, now=now)
    _refuse_unsound(given, paper, approved_at=approval.decided_at)
    deadline = _running_clock(paper)
    late = deadline is not None and is_late(deadline, given.at)
    if late and not given.lateness_reason.strip():
        raise Obstacle(_("기한이 지났습니다. 늦은 사유를 함께 적어 주세요."), field="lateness_reason")
    stopped = _stop_clock(paper, deadline, given, actor=actor, now=now)
    filing = Filing.objects.create(
        version=version,
        approval=approval,
        document=approval.document,
        recipient=given.recipient,
        at=given.at,
        channels=list(given.channels),
        receipt_number=given.receipt_number.strip(),
        told_count=given.told_count,
        posted_count=given.posted_count,
        note=given.note.strip(),
        lateness_reason=given.lateness_reason.strip() if late else "",
        deadline=stopped,
        margin_seconds=_margin(deadline, given.at),
        follow_up=_owe_the_rest(version, given, actor=actor, now=now),
        recorded_at=now,
        recorded_by=actor,
    )
    _settle_the_rest(version, given, actor=actor, now=now)
    _keep_posted(paper, given, actor=actor, now=now)
    _tell(filing, actor=actor, now=now)
    return filing


def _refuse_unsound(given: Given, paper: Paper, *, approved_at: datetime) -> None:
    if given.recipient not in recipients_of(paper):
        raise Obstacle(_("이 문서를 받는 곳이 아닙니다. 받는 곳을 골라 주세요."), field="recipient")
    if not given.channels or set(given.channels) - set(Channel.values):
        raise Obstacle(_("알리거나 제출한 방법을 골라 주세요."), field="channels")
    if given.at < approved_at.replace(second=0, microsecond=0):
        message = _(
            "승인(%(at)s)보다 이른 시각입니다. 승인 전에 먼저 알렸다면 시계 탭에서 이행을 기록해 주세요."
        )
        raise Obstacle(message % {"at": instant_label(approved_at)}, field="at")
    if paper.is_notice and not given.told_count and not given.posted_count:
        raise Obstacle(_("몇 명에게 알렸는지 적어 주세요."), field="told_count")
    if given.posted_count and Channel.POSTING not in given.channels:
        raise Obstacle(
            _("게시로 갈음한 인원이 있으면 방법에서 ‘홈페이지 게시’를 골라 주세요."), field="channels"
        )
    for name in ("told_count", "posted_count"):
        count = getattr(given, name)
        if count is not None and not 0 <= count <= LARGEST_COUNT:
            raise Obstacle(_("인원을 확인해 주세요."), field=name)


def recipients_of(paper: Paper) -> tuple[str, ...]:
    """The codes of those the duty says the paper is for; those of the other kind of paper left out."""
    duty = paper.current_duty()
    if duty is None:  # the facts no longer ask for it, and yet it may have been given
        return ("data_subject",) if paper.is_notice else ("pipc", "kisa", "msit")
    named = recipient_codes(duty.terms)
    fitting = tuple(code for code in named if (code in PEOPLE) == paper.is_notice)
    return fitting or named


def _running_clock(paper: Paper) -> Deadline | None:
    """The clock this paper answers, unless it was met before."""
    deadline = paper.current_deadline()
    return None if deadline is None or deadline.met_at is not None else deadline


def _siblings_given(paper: Paper, deadline: Deadline) -> list[Filing] | None:
    """The first giving of each other paper of the same duty; None while one of them is still to be given."""
    assert deadline.duty is not None
    found = []
    for kind in kinds_of(paper.family, deadline.duty.terms):
        if kind == paper.kind:
            continue
        first = (
            Filing.objects.filter(
                version__paper__case=paper.case_id,
                version__paper__kind=kind,
                version__paper__family=paper.family,
                version__paper__subject_key=paper.subject_key,
            )
            .order_by("at")
            .first()
        )
        if first is None:
            return None
        found.append(first)
    return found


def _stop_clock(
    paper: Paper, deadline: Deadline | None, given: Given, *, actor: User, now: datetime
) -> Deadline | None:
    """Meet the deadline the paper answers, if one runs and nothing else of its duty is still owed."""
    others = _siblings_given(paper, deadline) if deadline else None
    if deadline is None or others is None:
        return None
    reasons = (given.lateness_reason, *(other.lateness_reason for other in others))
    return fulfil_deadline(
        deadline_id=deadline.pk,
        at=max(given.at, *(other.at for other in others)) if others else given.at,
        actor=actor,
        now=now,
        note=in_korean(RECORDED, paper=paper.paper_kind.label),
        lateness_reason=next((reason for reason in reasons if reason.strip()), ""),
    )


def _margin(deadline: Deadline | None, at: datetime) -> int | None:
    if deadline is None or deadline.due_at is None:
        return None
    return int((deadline.due_at - at).total_seconds())


def _owe_the_rest(version: PaperVersion, given: Given, *, actor: User, now: datetime) -> Deadline | None:
    """After a partial notice the rest is due 즉시, which has no number: the company's own target stands for it."""
    if not version.is_partial:
        return None
    case = version.paper.case
    return add_deadline(
        case_id=case.pk,
        title=in_korean(TELL_THE_REST, paper=version.paper.paper_kind.label),
        actor=actor,
        now=now,
        starts_at=given.at,
        due_at=given.at + timedelta(hours=case.organization.immediate_target_hours),
        source=PARTIAL_CITE.get(version.paper.paper_kind, ""),
        kind=DeadlineKind.INTERNAL,
    )


def _settle_the_rest(version: PaperVersion, given: Given, *, actor: User, now: datetime) -> None:
    """A whole notice after a partial one meets what the partial one still owed."""
    if version.is_partial:
        return
    owed = Deadline.objects.running().filter(
        pk__in=Filing.objects.filter(version__paper=version.paper, follow_up__isnull=False).values(
            "follow_up"
        )
    )
    for deadline in owed:
        note = in_korean(TOLD_BY, n=version.number)
        reason = given.lateness_reason or AFTER_THE_TARGET
        fulfil_deadline(
            deadline_id=deadline.pk, at=given.at, actor=actor, now=now, note=note, lateness_reason=reason
        )


def _keep_posted(paper: Paper, given: Given, *, actor: User, now: datetime) -> None:
    """A posting stays up for the days the law says; its last day is a deadline of its own."""
    duty = paper.current_duty()
    days = ((duty.terms.get("posting") or {}).get("days")) if duty else None
    if Channel.POSTING not in given.channels or not days:
        return
    ends: dict[str, Any] = rules.period(start=given.at, length=f"P{days}D", counting="DAYS")
    add_deadline(
        case_id=paper.case_id,
        title=in_korean(KEEP_POSTED, days=days),
        actor=actor,
        now=now,
        starts_at=given.at,
        last_day=date.fromisoformat(ends["last_day"]),
        source=", ".join((duty.terms.get("posting") or {}).get("cite") or ()) if duty else "",
        kind=DeadlineKind.POSTING,
    )


def _tell(filing: Filing, *, actor: User, now: datetime) -> None:
    paper = filing.version.paper
    reference = paper.case.reference
    add_timeline_entry(
        case_id=paper.case_id,
        kind=TimelineEntry.Kind.GIVEN,
        text=_sentence(filing),
        happened_at=filing.at,
        actor=actor,
        now=now,
        source=filing.version.document_number,
    )
    data = {
        "version": filing.version.number,
        "recipient": filing.recipient,
        "channels": filing.channels,
        "content_hash": filing.version.content_hash,
        "file_hash": filing.document.file_hash,
        "document": filing.document_id,
        "told": filing.told_count,
        "posted": filing.posted_count,
        "margin_seconds": filing.margin_seconds,
        "words": digest(filing.said()),
    }
    action = "notice.given" if paper.is_notice else "report.filed"
    record(action, subject=filing, actor=actor, at=now, happened_at=filing.at, chain=reference, data=data)


def _sentence(filing: Filing) -> str:
    """What the timeline says: the paper, to whom, how, how many, the receipt; nobody's name. In Korean."""
    paper = filing.version.paper
    with translation.override("ko"):
        parts = [recipient_label(filing.recipient), *filing.channel_words]
    parts.insert(0, in_korean(VERSION, paper=paper.paper_kind.label, n=filing.version.number))
    if filing.told_count:
        parts.append(in_korean(TOLD_EACH, n=f"{filing.told_count:,}"))
    if filing.posted_count:
        parts.append(in_korean(TOLD_BY_POSTING, n=f"{filing.posted_count:,}"))
    if filing.receipt_number:
        parts.append(in_korean(RECEIPT, number=filing.receipt_number))
    if filing.version.is_partial:
        parts.append(REST_FOLLOWS)
    return " · ".join(parts)


def recipient_label(code: str) -> str:
    """The recipient as the law's code list names it, in the reader's language; the code itself if unknown."""
    return code_word("recipients", code)
