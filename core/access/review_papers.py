"""A review of the access log with what it rests on: figures, sample, a finding for each alert, and its paper."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from core.access.alert_models import Alert, Finding
from core.access.catalogue import Code
from core.access.models import AccessRow, Review, ReviewKind, Verdict
from core.access.queries import value_of
from core.access.review_figures import Figures, figures_of, sample_of, seed_of
from core.access.review_models import HitVerdict, ReviewSheet
from core.access.reviews import Period
from core.access.services import can_review, record_review
from core.accounts.days import SEOUL
from core.accounts.models import Membership, Organization, User
from core.audit.services import record
from core.documents.papers import Imprint, RenderedPaper, Sheet
from core.documents.renderer import content_hash, render_pdf
from core.documents.services import keep_document
from core.documents.tables import Column, DataTable, FormRow, FormTable

TEMPLATE = "access/pdf/review.html"
EDITION = "2026.11"  # of the template; a change of what it prints is a new edition
SUBJECTS_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Findings:
    """What a period showed: the figures, the alerts in it, and the rows drawn."""

    place: Organization
    period: Period
    figures: Figures
    alerts: tuple[Alert, ...]
    seed: str
    sample: tuple[AccessRow, ...]


def findings_of(place: Organization, period: Period) -> Findings:
    figures, seed = figures_of(place, period), seed_of(place, period)
    size = value_of(Code.REVIEW_SAMPLE)
    sample = sample_of(place, period, seed=seed, size=size, total=figures.rows) if figures.rows else []
    return Findings(place, period, figures, tuple(alerts_in(place, period)), seed, tuple(sample))


def alerts_in(place: Organization, period: Period) -> QuerySet[Alert]:
    """The alerts of the period about the organisation, and about its people wherever they were."""
    people = Membership.objects.filter(organization=place).values("user")
    near: QuerySet[Alert] = Alert.objects.filter(last_at__gte=period.first, last_at__lt=period.end)
    mine = near.filter(organization=place) | near.filter(organization=None, account__in=people)
    return mine.select_related("account").order_by("last_at", "pk")


def record_log_review(
    *,
    found: Findings,
    verdict: Verdict,
    note: str,
    hits: Mapping[int, Finding],
    rules_digest: str,
    reviewer: User,
    now: datetime,
) -> Review:
    """Keep the verdict on a period of the log with all it rests on, and print it.

    `hits` holds a finding for every alert of the period; ValidationError names one that has none.
    PermissionError for whoever administers the system. The paper is made before anything is locked.
    """
    if not can_review(reviewer, found.place):
        raise PermissionError("an administrator does not review")
    hits = {**_judged_by_others(found, reviewer), **hits}
    missing = [alert for alert in found.alerts if alert.pk not in hits]
    if missing:
        raise ValidationError(_("판정하지 않은 경보가 있습니다: %(alert)s") % {"alert": missing[0]})
    said = _content(found, verdict, note, hits, reviewer, now)
    imprint = Imprint(
        number=_number(found),
        title=_("접속기록 점검 결과"),
        template_edition=EDITION,
        rules_digest=rules_digest,
        content_hash=content_hash(said),
        status="approved",
    )
    context = _tables(found, verdict, note, hits, reviewer, now)
    paper = render_pdf(template=TEMPLATE, context=context, sheet=Sheet.REPORT, imprint=imprint, now=now)
    return _keep(found, verdict, note, hits, paper, imprint, reviewer, now)


def _judged_by_others(found: Findings, reviewer: User) -> dict[int, Finding]:
    """What others found about the alerts that are about the reviewer. ValidationError until somebody has closed them."""
    mine = [alert for alert in found.alerts if alert.account_id == reviewer.pk]
    waiting = [alert for alert in mine if alert.closed_at is None]
    if waiting:
        told = {"alert": waiting[0]}
        raise ValidationError(_("점검자에 관한 경보는 다른 사람이 먼저 닫아야 합니다: %(alert)s") % told)
    return {alert.pk: Finding(alert.finding) for alert in mine}


@transaction.atomic
def _keep(
    found: Findings,
    verdict: Verdict,
    note: str,
    hits: Mapping[int, Finding],
    paper: RenderedPaper,
    imprint: Imprint,
    reviewer: User,
    now: datetime,
) -> Review:
    review = record_review(
        kind=ReviewKind.LOG,
        organization=found.place,
        first_day=found.period.first_day,
        last_day=found.period.last_day,
        verdict=verdict,
        note=note,
        row_count=found.figures.rows,
        reviewer=reviewer,
        now=now,
    )
    document = keep_document(
        paper=paper,
        kind="access_review",
        template=TEMPLATE,
        imprint=imprint,
        case_key="",
        actor=reviewer,
        now=now,
    )
    sheet = ReviewSheet.objects.create(
        review=review,
        seed=found.seed,
        sample=[row.pk for row in found.sample],
        figures=found.figures.as_data(),
        document=document,
    )
    HitVerdict.objects.bulk_create(
        HitVerdict(review=review, alert=alert, finding=hits[alert.pk]) for alert in found.alerts
    )
    data = {"file": document.file_hash, "content": document.content_hash, "review": review.pk}
    record("review.printed", subject=sheet, actor=reviewer, at=now, data=data)
    return review


def _number(found: Findings) -> str:
    """`AR-3-202611-2`: the organisation, the last month, and how often it was looked over."""
    again = Review.objects.filter(
        kind=ReviewKind.LOG, organization=found.place, last_day=found.period.last_day
    ).count()
    return f"AR-{found.place.pk}-{found.period.last_day:%Y%m}-{again + 1}"


def _content(
    found: Findings,
    verdict: Verdict,
    note: str,
    hits: Mapping[int, Finding],
    reviewer: User,
    now: datetime,
) -> dict[str, Any]:
    """Everything the paper says: what its hash is over."""
    return {
        "edition": EDITION,
        "organization": found.place.pk,
        "first_day": found.period.first_day.isoformat(),
        "last_day": found.period.last_day.isoformat(),
        "verdict": str(verdict),
        "note": note,
        "figures": found.figures.as_data(),
        "hits": {str(alert): str(finding) for alert, finding in hits.items()},
        "seed": found.seed,
        "sample": [row.pk for row in found.sample],
        "reviewer": reviewer.pk,
        "reviewed_at": now.isoformat(),
    }


def _tables(
    found: Findings,
    verdict: Verdict,
    note: str,
    hits: Mapping[int, Finding],
    reviewer: User,
    now: datetime,
) -> dict[str, Any]:
    days = f"{found.period.first_day} ~ {found.period.last_day}"
    about = (
        FormRow(_("기관"), str(found.place)),
        FormRow(_("기간"), days),
        FormRow(_("판정"), str(verdict.label)),
        FormRow(_("확인한 내용과 조치"), note),
        FormRow(_("점검자"), str(reviewer)),
        FormRow(_("점검한 때"), _instant(now)),
    )
    return {
        "about": FormTable(about),
        "figures": DataTable(
            _("기간의 기록"),
            (Column(_("무엇")), Column(_("수"), is_amount=True)),
            tuple((label, f"{count:,}") for label, count in found.figures.lines()),
        ),
        "hits": DataTable(
            _("경보와 판정"),
            (Column(_("경보")), Column(_("누구")), Column(_("마지막 기록")), Column(_("판정"))),
            tuple(_hit_line(alert, hits[alert.pk]) for alert in found.alerts),
        ),
        "sample": DataTable(
            _("뽑아 본 기록"),
            tuple(
                map(
                    Column,
                    (_("행"), _("접속일시"), _("식별자"), _("접속지"), _("수행업무"), _("대상"), _("결과")),
                )
            ),
            tuple(map(_row_line, found.sample)),
        ),
        "seed": found.seed,
    }


def _hit_line(alert: Alert, finding: Finding) -> tuple[str, ...]:
    who = f"#{alert.account_id}" if alert.account_id else str(alert.address or "—")
    return str(alert), who, _instant(alert.last_at), str(Finding(finding).label)


def _row_line(row: AccessRow) -> tuple[str, ...]:
    subjects = ", ".join(one.rpartition(":")[2] for one in row.subjects[:SUBJECTS_SHOWN])
    more = " …" if row.subject_count > SUBJECTS_SHOWN else ""
    return (
        str(row.pk),
        _instant(row.at),
        f"#{row.account_id}" if row.account_id else "—",
        str(row.address or "—"),
        f"{row.get_act_display()} {row.place}",
        (subjects + more) or "—",
        str(row.get_result_display()),
    )


def _instant(moment: datetime) -> str:
    return f"{moment.astimezone(SEOUL):%Y-%m-%d %H:%M:%S} KST"
