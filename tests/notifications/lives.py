"""A case that lives at random through the services, and everything it held after each act."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Model
from hypothesis import strategies as st

from core.accounts.models import Membership, Role, User
from core.accounts.services import give_role, take_role
from incidents import services
from incidents.models import Basis, Case, CustodyEntry, Phase
from incidents.open_points import open_points
from incidents.services import FactChange, Obstacle
from notifications.models import Approval, Filing, Paper, PaperKind, PaperVersion
from notifications.services import filings, papers
from tests.notifications.paper_cases import FAMILY, HOUR, KNOWN, Scene, rewritten, scene

ENTRIES = (
    "facts",
    "duties",
    "deadlines",
    "tasks",
    "members",
    "steps",
    "decisions",
    "claims",
    "timeline",
    "evidence",
)
PAPERS = ("papers", "versions", "approvals", "filings")

type Snapshot = dict[str, Any]
type Draw = Callable[..., Any]


def columns(row: Model) -> dict[str, Any]:
    return {column.attname: getattr(row, column.attname) for column in row._meta.concrete_fields}


def rows(found: Iterable[Model]) -> dict[Any, dict[str, Any]]:
    return {row.pk: columns(row) for row in found}


def snapshot(case: Case) -> Snapshot:
    """Every column of every row of the case as the database has it now, and who can see it."""
    case = Case.objects.get(pk=case.pk)
    of_paper = {"version__paper__case": case}
    held = {
        "facts": case.fact_revisions.current(),
        "duties": case.duties.all(),
        "deadlines": case.deadlines.all(),
        "tasks": case.tasks.all(),
        "members": case.members.all(),
        "steps": case.procedure.all(),
        "decisions": case.decisions.all(),
        "claims": case.awareness_claims.all(),
        "timeline": case.timeline.all(),
        "evidence": case.evidence.all(),
        "custody": CustodyEntry.objects.filter(evidence__case=case),
        "papers": Paper.objects.filter(case=case),
        "versions": PaperVersion.objects.filter(paper__case=case),
        "approvals": Approval.objects.filter(**of_paper),
        "filings": Filing.objects.filter(**of_paper),
    }
    seeing = {
        user.pk for user in User.objects.all() if Case.objects.visible_to(user).filter(pk=case.pk).exists()
    }
    return {"case": columns(case), "seeing": seeing} | {name: rows(found) for name, found in held.items()}


@dataclass
class Life:
    """One case, the people around it, and what it held at each instant something was tried."""

    one: Scene = field(default_factory=scene)
    now: datetime = KNOWN
    saved: list[tuple[datetime, Snapshot]] = field(default_factory=list)

    @property
    def case(self) -> Case:
        return self.one.case

    def live(self, draw: Draw, *, acts: int) -> None:
        """Try `acts` things one after the other; what the case refuses changes nothing."""
        self.saved.append((self.now, snapshot(self.case)))
        for _number in range(acts):
            self.now += draw(
                st.sampled_from([timedelta(microseconds=1), timedelta(minutes=7), 9 * HOUR, 40 * HOUR])
            )
            act = draw(st.sampled_from(ACTS))
            with contextlib.suppress(Obstacle):
                act(
                    self,
                    draw,
                    **{"actor": draw(st.sampled_from(list(self.one.people.values()))), "now": self.now},
                )
            self.saved.append((self.now, snapshot(self.case)))


def _some(draw: Draw, found: Iterable[Any]) -> Any:
    choices = list(found)
    if not choices:
        raise Obstacle("nothing there")
    return draw(st.sampled_from(choices))


def open_deadline(life: Life, draw: Draw) -> int:
    return _some(draw, life.case.deadlines.current().order_by("pk")).pk


def state_facts(life: Life, draw: Draw, **by: Any) -> None:
    stated = draw(
        st.sampled_from(
            [
                FactChange("person_count", draw(st.integers(0, 2000))),
                FactChange("leak_known_at", KNOWN - draw(st.integers(0, 9)) * HOUR),
                FactChange("illegal_external_access", draw(st.booleans())),
                FactChange("is_pseudonymised_only", draw(st.booleans())),
                FactChange("has_sensitive", None, "unknown"),
                FactChange("cpo_informed_at", life.now),
                FactChange(
                    "confirmed_fact", {"text": "새 사실", "confirmed_at": life.now.isoformat()}, key="f1"
                ),
                FactChange("occurred_at", KNOWN - 12 * HOUR, "estimated", until=KNOWN - 11 * HOUR),
            ]
        )
    )
    services.record_facts(case_id=life.case.pk, changes=[stated], reason="확인함", **by)


def claim(life: Life, draw: Draw, **by: Any) -> None:
    at = KNOWN - draw(st.integers(1, 5)) * HOUR
    services.claim_awareness(
        case_id=life.case.pk, anchor="leak_known_at", at=at, basis=Basis.ALERT, source="경보", **by
    )


def settle_claim(life: Life, draw: Draw, **by: Any) -> None:
    held = _some(draw, life.case.awareness_claims.standing())
    end = draw(st.sampled_from([services.withdraw_awareness_claim, services.adopt_awareness_claim]))
    end(claim_id=held.pk, reason="확인함", **by)


def work_on_task(life: Life, draw: Draw, **by: Any) -> None:
    task = _some(draw, life.case.tasks.all()[:3])
    act = draw(st.sampled_from([services.take_task, services.finish_task, services.skip_task]))
    act(task_id=task.pk, **by, **({"reason": f"이유 {life.now}"} if act is services.skip_task else {}))


def add_task(life: Life, draw: Draw, **by: Any) -> None:
    services.add_task(case_id=life.case.pk, title="전화하기", **by)


def take_deadline(life: Life, draw: Draw, **by: Any) -> None:
    services.acknowledge_deadline(deadline_id=open_deadline(life, draw), **by)


def meet_deadline(life: Life, draw: Draw, **by: Any) -> None:
    services.fulfil_deadline(
        deadline_id=open_deadline(life, draw),
        at=life.now - draw(st.integers(0, 2)) * HOUR,
        lateness_reason="늦은 사유",
        **by,
    )


def dismiss_deadline(life: Life, draw: Draw, **by: Any) -> None:
    services.dismiss_deadline(deadline_id=open_deadline(life, draw), reason=f"해당 없음 {life.now}", **by)


def reopen_deadline(life: Life, draw: Draw, **by: Any) -> None:
    services.reopen_deadline(deadline_id=open_deadline(life, draw), reason="잘못 적음", **by)


def add_deadline(life: Life, draw: Draw, **by: Any) -> None:
    services.add_deadline(case_id=life.case.pk, title="의견 제출", due_at=life.now + HOUR, **by)


def miss_deadlines(life: Life, draw: Draw, **by: Any) -> None:
    services.note_missed_deadlines(now=by["now"])


def describe(life: Life, draw: Draw, **by: Any) -> None:
    services.describe_case(
        case_id=life.case.pk,
        title=draw(st.sampled_from(["", "고객센터", "물류센터"])),
        kinds={"is_personal_data": draw(st.booleans()), "is_service_outage": draw(st.booleans())},
        lead_id=draw(st.sampled_from([None, life.one.approver.pk, life.one.handler.pk])),
        **by,
    )


def move_phase(life: Life, draw: Draw, **by: Any) -> None:
    services.advance_phase(case_id=life.case.pk, phase=draw(st.sampled_from(list(Phase))), **by)


def close_case(life: Life, draw: Draw, **by: Any) -> None:
    if draw(st.booleans()):
        raise Obstacle("not yet")  # a closed case refuses nearly everything; that may not be all of its life
    for deadline in life.case.deadlines.running():
        services.dismiss_deadline(deadline_id=deadline.pk, reason="훈련", **by)
    services.close_case(case_id=life.case.pk, reason="훈련", **by)


def reopen_case(life: Life, draw: Draw, *, now: datetime, **_by: Any) -> None:
    services.reopen_case(case_id=life.case.pk, reason="새 사실", actor=life.one.approver, now=now)


def staff(life: Life, draw: Draw, **by: Any) -> None:
    person = draw(st.sampled_from(list(life.one.people.values())))
    if draw(st.booleans()):
        services.join_case(case_id=life.case.pk, user_id=person.pk, **by)
    else:
        services.leave_case(case_id=life.case.pk, user_id=person.pk, reason="부서 이동", **by)


def change_roles(life: Life, draw: Draw, **by: Any) -> None:
    held = Membership.objects.filter(organization=life.one.organization).order_by("pk")
    if draw(st.booleans()) and held.count() > 3:
        take_role(membership_id=_some(draw, held).pk, reason="부서 이동", **by)
    else:
        person = draw(st.sampled_from(list(life.one.people.values())))
        role = draw(st.sampled_from([Role.HANDLER, Role.CPO, Role.AUDITOR, Role.COUNSEL]))
        give_role(user=person, organization=life.one.organization, role=role, **by)


def record_step(life: Life, draw: Draw, **by: Any) -> None:
    kind = draw(st.sampled_from(["fine_disposition_received", "materials_requested", "disposition_served"]))
    services.record_step(case_id=life.case.pk, kind=kind, happened_on=KNOWN.date(), **by)


def withdraw_step(life: Life, draw: Draw, **by: Any) -> None:
    step = _some(draw, life.case.procedure.standing())
    services.withdraw_step(step_id=step.pk, reason="다른 사건의 문서", **by)


def decide(life: Life, draw: Draw, **by: Any) -> None:
    point = _some(draw, open_points(Case.objects.get(pk=life.case.pk)).points)
    answer = draw(st.sampled_from(list(point.codes)))
    services.decide_open_point(
        case_id=life.case.pk, question=point.question, answer=answer, reason=f"검토 {life.now}", **by
    )


def withdraw_decision(life: Life, draw: Draw, **by: Any) -> None:
    held = _some(draw, life.case.decisions.standing())
    services.withdraw_decision(case_id=life.case.pk, question=held.question, reason="다시 봄", **by)


def tell(life: Life, draw: Draw, **by: Any) -> None:
    services.add_timeline_entry(case_id=life.case.pk, text="전화함", happened_at=KNOWN, **by)


def take_evidence(life: Life, draw: Draw, **by: Any) -> None:
    services.take_evidence(
        case_id=life.case.pk,
        upload=io.BytesIO(b"203.0.113.9"),
        file_name="firewall.log",
        title="방화벽 로그",
        party="보안팀",
        **by,
    )


def write_ledger(life: Life, draw: Draw, **by: Any) -> None:
    item = _some(draw, life.case.evidence.all())
    kind = draw(st.sampled_from(["viewed", "handed_over", "returned"]))
    services.record_custody(evidence_id=item.pk, kind=kind, party="한국인터넷진흥원", note="분석", **by)


def hold_evidence(life: Life, draw: Draw, **by: Any) -> None:
    item = _some(draw, life.case.evidence.all())
    services.hold_evidence(evidence_id=item.pk, is_held=draw(st.booleans()), reason="소송", **by)


def start_paper(life: Life, draw: Draw, **by: Any) -> None:
    kind = draw(st.sampled_from([PaperKind.KISA_REPORT, PaperKind.SUBJECT_NOTICE]))
    papers.start_paper(case_id=life.case.pk, family=FAMILY[kind], kind=kind, **by)


def write_version(life: Life, draw: Draw, **by: Any) -> None:
    newest = _some(draw, Paper.objects.filter(case=life.case)).latest()
    title = f"제목 {draw(st.integers(1, 3))}"
    texts = {
        **newest.fields,
        **({"incident_type": "시스템 해킹"} if "incident_type" in newest.fields else {}),
    }
    words = papers.Words(title=title, texts=texts)
    papers.save_version(paper_id=newest.paper_id, expected_number=newest.number, words=words, **by)


def return_version(life: Life, draw: Draw, **by: Any) -> None:
    newest = _some(draw, Paper.objects.filter(case=life.case)).latest()
    papers.return_version(version_id=newest.pk, content_hash=newest.content_hash, note="다시", **by)


def file_report(life: Life, draw: Draw, *, now: datetime, **_by: Any) -> None:
    """Written by one, approved by another and given at once, all in the same instant."""
    kind, handler = PaperKind.KISA_REPORT, life.one.handler
    started = papers.start_paper(case_id=life.case.pk, family=FAMILY[kind], kind=kind, actor=handler, now=now)
    newest = rewritten(life.one, started, now=now, incident_type="시스템 해킹", title=f"{now}")
    papers.approve_version(
        version_id=newest.pk, content_hash=newest.content_hash, actor=life.one.approver, now=now
    )
    act = filings.Given(at=now, recipient="kisa", channels=("email",), lateness_reason="늦은 사유")
    filings.record_filing(version_id=newest.pk, given=act, actor=handler, now=now)


ACTS: tuple[Callable[..., None], ...] = (
    state_facts,
    state_facts,
    claim,
    settle_claim,
    work_on_task,
    add_task,
    take_deadline,
    meet_deadline,
    meet_deadline,
    dismiss_deadline,
    reopen_deadline,
    reopen_deadline,
    add_deadline,
    miss_deadlines,
    describe,
    move_phase,
    close_case,
    reopen_case,
    reopen_case,
    staff,
    change_roles,
    record_step,
    withdraw_step,
    decide,
    withdraw_decision,
    tell,
    take_evidence,
    write_ledger,
    hold_evidence,
    start_paper,
    write_version,
    return_version,
    file_report,
)
