"""Recording what happens after the report. Each step starts its deadlines in the same transaction."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

import rules
from core.accounts.days import SEOUL
from core.audit.chain import digest
from core.audit.services import record
from incidents.clocks import day_label
from incidents.models import Case, Deadline, HolidayChange, ProcedureStep
from incidents.procedure import document_of, standing_deadlines, wanted_deadlines
from incidents.reading import STEP_RECORDED
from incidents.services.holding import hold_case, hold_open_case
from incidents.services.obstacles import Obstacle
from incidents.services.replacing import replace_deadline
from incidents.signals import deadlines_changed

if TYPE_CHECKING:
    from core.accounts.models import User

LONGEST = {"document": 120, "note": 300, "reason": 500}


@transaction.atomic
def record_step(
    *,
    case_id: int,
    kind: str,
    happened_on: date,
    actor: User,
    now: datetime,
    given: Mapping[str, Any] | None = None,
    document: str = "",
    note: str = "",
) -> ProcedureStep:
    """One event of the procedure on its own day (Asia/Seoul), with the deadlines it starts.

    `given` holds what the document itself names: days, lists of days, choices, flags. Obstacle at the
    field: an unknown kind, a day still to come, a day that cannot be, an event already recorded.
    """
    document, note = _clean(document, "document"), _clean(note, "note")
    _refuse_future(happened_on, now=now)
    case = hold_open_case(case_id)
    step = ProcedureStep(
        case=case,
        kind=kind,
        happened_on=happened_on,
        given=_as_facts(given or {}),
        document=document,
        note=note,
        recorded_at=now,
        recorded_by=actor,
    )
    _refuse_unsound(step)
    _refuse_twin(step)
    step.save()
    _tell_step("procedure.recorded", step, actor=actor, now=now)
    refresh_procedure(case_id=case.pk, actor=actor, now=now, reason=STEP_RECORDED)
    return step


@transaction.atomic
def correct_step(
    *,
    step_id: int,
    happened_on: date,
    reason: str,
    actor: User,
    now: datetime,
    given: Mapping[str, Any] | None = None,
    document: str = "",
    note: str = "",
) -> ProcedureStep:
    """The event as it should have been recorded, in a further row that takes the place of `step_id`.

    Its deadlines move with it, and a met one stays met. The same again changes nothing. Obstacle at the
    field as for `record_step`, without a reason, and for a step already withdrawn.
    """
    document, note, reason = _clean(document, "document"), _clean(note, "note"), _clean(reason, "reason")
    _refuse_future(happened_on, now=now)
    case = hold_open_case(ProcedureStep.objects.values_list("case_id", flat=True).get(pk=step_id))
    old = ProcedureStep.objects.select_for_update(of=("self",), no_key=True).get(pk=step_id)
    if old.withdrawn_at is not None:
        raise Obstacle(_("이미 거두거나 고친 기록입니다. 지금 있는 기록을 고쳐 주세요."))
    new = ProcedureStep(
        case=case,
        first=old.first or old,
        kind=old.kind,
        happened_on=happened_on,
        given=_as_facts(given or {}),
        document=document,
        note=note,
        recorded_at=now,
        recorded_by=actor,
    )
    if _said(new) == _said(old):
        return old
    if not reason:
        raise Obstacle(_("고치는 이유를 적어 주세요."), field="reason")
    _refuse_unsound(new)
    old.withdrawn_at, old.withdrawn_by, old.withdrawn_reason = now, actor, reason
    old.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_reason"])
    _refuse_twin(new)
    new.save()
    _tell_step("procedure.corrected", new, actor=actor, now=now, reason=reason, before=old)
    refresh_procedure(case_id=case.pk, actor=actor, now=now, reason=reason)
    return new


def _said(step: ProcedureStep) -> tuple[Any, ...]:
    return step.happened_on, step.given, step.document, step.note


def _tell_step(
    action: str,
    step: ProcedureStep,
    *,
    actor: User,
    now: datetime,
    reason: str = "",
    before: ProcedureStep | None = None,
) -> None:
    data: dict[str, Any] = {
        "kind": step.kind,
        "on": step.happened_on.isoformat(),
        "given": step.given,
        "digest": digest(step.said()),
    }
    if before is not None:
        data |= {
            "first": step.first_id,
            "before": {"on": before.happened_on.isoformat(), "given": before.given},
        }
    record(
        action,
        subject=step,
        actor=actor,
        at=now,
        happened_at=datetime.combine(step.happened_on, time(0), tzinfo=SEOUL),
        chain=step.case.reference,
        reason=reason,
        data=data,
        also=[before] if before is not None else (),
    )


@transaction.atomic
def withdraw_step(*, step_id: int, reason: str, actor: User, now: datetime) -> ProcedureStep:
    """It was recorded wrongly: it stays with the reason, and the deadlines it started end with it.

    A second time changes nothing.
    """
    reason = _clean(reason, "reason")
    if not reason:
        raise Obstacle(_("거두는 이유를 적어 주세요."), field="reason")
    case = hold_open_case(ProcedureStep.objects.values_list("case_id", flat=True).get(pk=step_id))
    step = ProcedureStep.objects.select_for_update(of=("self",), no_key=True).get(pk=step_id)
    if step.withdrawn_at is not None:
        return step
    step.withdrawn_at, step.withdrawn_by, step.withdrawn_reason = now, actor, reason
    step.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_reason"])
    record(
        "procedure.withdrawn",
        subject=step,
        actor=actor,
        at=now,
        chain=case.reference,
        reason=reason,
        data={"kind": step.kind, "on": step.happened_on.isoformat()},
    )
    refresh_procedure(case_id=case.pk, actor=actor, now=now, reason=reason)
    return step


@transaction.atomic
def refresh_procedure(*, case_id: int, actor: User | None, now: datetime, reason: str = "") -> None:
    """Bring the follow-up deadlines in line with the steps, the law and the calendar as they are.

    A met deadline stays met under its new terms; one that is no longer started ends with `reason` and stays.
    """
    case = hold_case(case_id)
    steps = list(case.procedure.standing())
    held = standing_deadlines(case)
    wanted: dict[tuple[str, str], Deadline] = {}
    if steps:
        answer = rules.assess("followups", document_of(steps, HolidayChange.objects.as_facts()))
        wanted = wanted_deadlines(case, steps, answer, now=now)
    changed = False
    for key in {**held, **wanted}:
        changed |= _bring_in_line(case, held.get(key), wanted.get(key), actor=actor, now=now, reason=reason)
    if changed:
        deadlines_changed.send(sender=Case, case=case, now=now)


def _bring_in_line(
    case: Case, old: Deadline | None, new: Deadline | None, *, actor: User | None, now: datetime, reason: str
) -> bool:
    """Whether anything had to be written: the old row, and the edition it names, stays where nothing changed."""
    if old is not None and new is not None and _relied_on(old) == _relied_on(new):
        return False
    replace_deadline(case, old, new, actor=actor, now=now, reason=reason)
    return True


def _relied_on(deadline: Deadline) -> tuple[Any, ...]:
    """What a person goes by: another of these is another deadline."""
    assert deadline.duty is not None
    names = ("title", "starts_at", "due_at", "limit", "target_at", "confidence")
    terms = deadline.duty.terms
    return (
        deadline.duty.rule_id,
        *(getattr(deadline, name) for name in names),
        terms.get("skipped"),
        [item["code"] for item in terms.get("warnings") or ()],
    )


def _clean(text: str, field: str) -> str:
    text = text.replace("\x00", "").strip()
    if len(text) > LONGEST[field]:
        told = {"n": len(text), "limit": LONGEST[field]}
        raise Obstacle(_("%(n)d자입니다. %(limit)d자까지 적을 수 있습니다.") % told, field=field)
    return text


def _as_facts(given: Mapping[str, Any]) -> dict[str, Any]:
    """What was told, as JSON; what was left empty is not told."""
    return {name: _plain(value) for name, value in given.items() if value not in (None, "", [], False)}


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value


def _refuse_future(day: date, *, now: datetime) -> None:
    today = now.astimezone(SEOUL).date()
    if day > today:
        told = {"day": day_label(today)}
        raise Obstacle(_("아직 오지 않은 날입니다(오늘 %(day)s).") % told, field="happened_on")


def _refuse_unsound(step: ProcedureStep) -> None:
    """Obstacle at the field whose value the law cannot read."""
    if step.kind not in rules.event_kinds():
        raise Obstacle(_("모르는 종류입니다. 목록에서 골라 주세요."), field="kind")
    try:
        rules.assess("followups", {"events": [{**step.as_event(), "id": "new"}]})
    except rules.FactsError as refusal:
        fault = refusal.faults[0]
        name = fault.path.removeprefix("events[0].").removeprefix("given.").split("[")[0]
        message = " ".join(part for part in (fault.message, fault.hint) if part)
        raise Obstacle(message, field="happened_on" if name == "on" else name) from refusal


def _refuse_twin(step: ProcedureStep) -> None:
    twins = step.case.procedure.standing().filter(
        kind=step.kind, happened_on=step.happened_on, document=step.document
    )
    if twins.exists():
        message = _(
            "같은 날의 같은 일을 이미 적었습니다. 다른 문서이면 문서번호를 적고, "
            "고치려면 앞의 기록에서 [고치기]를 눌러 주세요."
        )
        raise Obstacle(message, field="happened_on")
