"""A real case opened through the services, with enough facts that every paper can be written."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from core.accounts.models import Organization, Role, User
from incidents import services as incidents
from incidents.models import Case, Deadline
from incidents.services import FactChange
from notifications.models import Approval, Paper, PaperKind, PaperVersion
from notifications.services import filings, papers
from tests.clock import KST
from tests.incidents.factories import opened_case, organization_with

KNOWN = datetime(2026, 11, 21, 9, 12, tzinfo=KST)
HOUR = timedelta(hours=1)
FAMILY = {
    PaperKind.SUBJECT_NOTICE: "kr.pipa.s34.subject_notice",
    PaperKind.PIPC_REPORT: "kr.pipa.s34.report",
    PaperKind.POSSIBILITY_NOTICE: "kr.pipa.s34_2.possibility_notice",
    PaperKind.NOT_LEAKED_NOTICE: "kr.pipa.d39_3.not_leaked_notice",
    PaperKind.KISA_REPORT: "kr.na.s48_3.report",
    PaperKind.KISA_SUPPLEMENT: "kr.na.s48_3.supplement",
    PaperKind.USER_NOTICE: "kr.na.s48_3.user_notice",
}


@dataclass
class Scene:
    organization: Organization
    people: dict[Role, User]
    case: Case

    @property
    def handler(self) -> User:
        return self.people[Role.HANDLER]

    @property
    def approver(self) -> User:
        return self.people[Role.APPROVER]


def told_facts(known: datetime = KNOWN) -> list[FactChange]:
    """Everything a case can say about a leak by a hacked account, known at `known`."""
    return [
        FactChange("leak_known_at", known),
        FactChange("intrusion_known_at", known - 2 * HOUR),
        FactChange("occurred_at", known - 10 * HOUR, "estimated"),
        FactChange("effect", ["leak"]),
        FactChange("illegal_external_access", True),
        FactChange("is_user_data", True),
        FactChange("person_count", 1200, "estimated"),
        FactChange("leaked_items", "이름\n휴대전화번호\n집 주소"),
        FactChange("circumstances", "상담원의 계정이 탈취돼 고객 정보를 내려받은 기록을 확인했습니다."),
        FactChange("cause_and_damage", "피싱으로 계정이 탈취됐고 고객 정보를 내려받았습니다."),
        FactChange("measures_taken", "탈취된 계정을 차단했습니다."),
        FactChange("person_actions", "- 비밀번호를 바꿔 주세요.\n- 모르는 링크를 누르지 말아 주세요."),
        FactChange("relief", "피해를 알려 주시면 구제 절차를 안내합니다."),
    ]


def scene(*, known: datetime = KNOWN, extra: tuple[FactChange, ...] = ()) -> Scene:
    """An organisation with a person of every role, and one case known at `known`."""
    organization, people = organization_with(*Role)
    handler = people[Role.HANDLER]
    handler.department, handler.position, handler.phone = "정보보호팀", "팀장", "02-1234-5678"
    handler.save()
    facts = {(fact.name, fact.key): fact for fact in (*told_facts(known), *extra)}
    case = opened_case(organization=organization, actor=handler, now=known, facts=list(facts.values()))
    return Scene(organization, people, case)


def started(one: Scene, kind: PaperKind, *, now: datetime = KNOWN, subject_key: str = "") -> Paper:
    return papers.start_paper(
        case_id=one.case.pk,
        family=FAMILY[kind],
        kind=kind,
        subject_key=subject_key,
        actor=one.handler,
        now=now,
    )


def rewritten(
    one: Scene, paper: Paper, *, now: datetime = KNOWN, title: str | None = None, **texts: str
) -> PaperVersion:
    """A further version by the 담당자, with `texts` in place of what the fields said."""
    newest = paper.latest()
    return papers.save_version(
        paper_id=paper.pk,
        expected_number=newest.number,
        words=papers.Words(
            title=newest.title if title is None else title,
            texts={**newest.fields, **texts},
            is_partial=newest.is_partial,
        ),
        actor=one.handler,
        now=now,
    )


def approved(one: Scene, paper: Paper, *, now: datetime = KNOWN) -> Approval:
    version = paper.latest()
    return papers.approve_version(
        version_id=version.pk, content_hash=version.content_hash, actor=one.approver, now=now
    )


def given(at: datetime, **rest: object) -> filings.Given:
    usual: dict[str, object] = {"recipient": "data_subject", "channels": ("email",), "told_count": 1200}
    return filings.Given(at=at, **{**usual, **rest})  # type: ignore[arg-type]


def clock_of_paper(paper: Paper) -> Deadline:
    deadline = paper.current_deadline()
    assert deadline is not None
    return deadline


__all__ = [
    "FAMILY",
    "HOUR",
    "KNOWN",
    "Scene",
    "approved",
    "clock_of_paper",
    "given",
    "incidents",
    "rewritten",
    "scene",
    "started",
    "told_facts",
]
