"""A case with papers in every state and one person of every kind, for the tests that look at pages."""

from __future__ import annotations

import io
from dataclasses import dataclass

import pytest
from django.utils import timezone

from core.access.alert_models import Alert, Finding, Rule
from core.access.alerts import ask_explanation
from core.access.copies import ask_for_copy
from core.access.copy_models import CopyKind
from core.access.models import Verdict
from core.access.review_papers import findings_of, record_log_review
from core.access.reviews import month_of
from core.access.sealing import seal_access_log
from core.accounts.models import Role, User
from incidents.models import Basis, Case
from incidents.services import claim_awareness, decide_open_point, record_custody, record_step, take_evidence
from notifications.models import Paper, PaperKind
from notifications.services import filings
from notifications.services.copies import copy_paper
from notifications.services.sweeping import sweep
from tests.core.access.rows import written
from tests.core.accounts.factories import MembershipFactory
from tests.incidents.open_cases import PSEUDONYMISED, pseudonymised_case
from tests.notifications.paper_cases import HOUR, KNOWN, Scene, approved, given, rewritten, scene, started


@dataclass
class House:
    """A case with papers in every state, and one person of every kind."""

    one: Scene
    drafted: Paper
    ready: Paper
    filed: Paper
    filing: int
    step: int
    claim: int
    evidence: int
    people: dict[str, User]
    pondered: Case
    asked: int  # what the auditor asks to take out

    @property
    def case(self) -> Case:
        return self.one.case


@pytest.fixture
def house(transactional_db: None) -> House:
    return built_house()


def built_house() -> House:
    one = scene()
    drafted = started(one, PaperKind.SUBJECT_NOTICE)
    rewritten(one, drafted, rights="")
    ready = started(one, PaperKind.PIPC_REPORT)
    rewritten(one, ready, institution="주식회사 보기")
    filed = started(one, PaperKind.KISA_REPORT)
    rewritten(one, filed, incident_type="시스템 해킹")
    approval = approved(one, filed, now=KNOWN + HOUR)
    act = given(KNOWN + 2 * HOUR, recipient="kisa", channels=("email",), told_count=None)
    filing = filings.record_filing(
        version_id=approval.version_id, given=act, actor=one.handler, now=KNOWN + 2 * HOUR
    )
    step = record_step(
        case_id=one.case.pk,
        kind="fine_disposition_received",
        happened_on=KNOWN.date(),
        document="과태료 부과통지서",
        actor=one.handler,
        now=KNOWN + 2 * HOUR,
    )
    claim = claim_awareness(
        case_id=one.case.pk,
        anchor="leak_known_at",
        at=KNOWN - HOUR,
        basis=Basis.ALERT,
        source="경보 #481",
        actor=one.handler,
        now=KNOWN + 2 * HOUR,
    )
    item = take_evidence(
        case_id=one.case.pk,
        upload=io.BytesIO(b"03:12 203.0.113.9" * 9000),
        file_name="firewall-2026-11-21.log",
        title="방화벽 로그",
        party="보안관제팀",
        actor=one.handler,
        now=KNOWN + HOUR,
    )
    record_custody(
        evidence_id=item.pk,
        kind="handed_over",
        party="한국인터넷진흥원",
        note="원인 분석",
        actor=one.handler,
        now=KNOWN + 2 * HOUR,
    )
    ask_about_a_night(one)
    asked = ask_for_copy(
        organization_id=one.organization.pk,
        case_key=one.case.reference,
        kind=CopyKind.CASE,
        person_count=1200,
        purpose="보호위원회 자료 제출",
        actor=one.people[Role.AUDITOR],
        now=timezone.now(),
    )
    copy_paper(
        version=approval.version,
        purpose="통지·제출",
        actor=one.handler,
        now=KNOWN + 2 * HOUR,
        is_original=True,
    )
    sweep(now=timezone.now())
    people = {role.value: person for role, person in one.people.items()}
    people["outsider"] = MembershipFactory().user
    return House(
        one,
        drafted,
        ready,
        filed,
        filing.pk,
        step.pk,
        claim.pk,
        item.number,
        people,
        pondered_case(one),
        asked.pk,
    )


def ask_about_a_night(one: Scene) -> None:
    """An alert about the handler that still waits, the question the auditor asked about it, and a review."""
    row = written(one.handler, KNOWN, organization=one.organization.pk, subjects=(one.case.pk,))
    alert = Alert.objects.create(
        rule=Rule.NIGHT,
        key=f"night of {one.organization.pk}",
        account=one.handler,
        organization=one.organization,
        first_at=KNOWN,
        last_at=KNOWN,
        rows=[row.pk],
        row_count=1,
        measured=1,
        raised_at=KNOWN + HOUR,
    )
    auditor = one.people[Role.AUDITOR]
    ask_explanation(alert_id=alert.pk, question="밤에 본 까닭", actor=auditor, now=KNOWN + HOUR)
    seal_access_log(now=KNOWN + HOUR)
    record_log_review(
        found=findings_of(one.organization, month_of(KNOWN.date())),
        verdict=Verdict.IN_ORDER,
        note="이상 없음",
        hits={alert.pk: Finding.IN_ORDER},
        rules_digest="0" * 64,
        reviewer=auditor,
        now=KNOWN + HOUR,
    )


def pondered_case(one: Scene) -> Case:
    """A case with a question the law leaves open, which somebody has decided."""
    case = pseudonymised_case(organization=one.organization, actor=one.handler, now=KNOWN)
    decide_open_point(
        case_id=case.pk,
        question=PSEUDONYMISED,
        answer="owed",
        reason="법무 검토",
        actor=one.handler,
        now=KNOWN,
    )
    return case
