"""What stands above every page of a case: its name, the tightest clocks, the phases, the tabs."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Q

from incidents import permissions
from incidents.clocks import Clock, clock_of
from incidents.models import Case, DeadlineKind, Phase
from incidents.queries.retention import retention_of

if TYPE_CHECKING:
    from core.accounts.models import User

TIGHTEST = 3


def case_frame(case: Case, user: User, now: datetime, *, active_tab: str = "") -> dict[str, Any]:
    """The context `incidents/case_base.html` needs. `active_tab` is one of the keys in that template.

    `can_work` and `can_decide` say what the page may offer: nothing on a closed case but, to those who
    decide, `can_reopen`.
    """
    decides = permissions.can_decide_case(user, case)
    return {
        "case": case,
        "now": now,
        "active_tab": active_tab,
        "tightest": tightest_clocks(case, now),
        "steps": phase_steps(case, *_duties_met(case)),
        "can_work": not case.is_closed and permissions.can_work_on_case(user, case),
        "can_decide": not case.is_closed and decides,
        "can_reopen": case.is_closed and decides,
        "retention": retention_of(case),
        "is_counsel": permissions.is_counsel_of(user, case),
    }


def tightest_clocks(case: Case, now: datetime, *, limit: int = TIGHTEST) -> list[Clock]:
    """The running clocks that end first, those already missed before all others."""
    rows = case.deadlines.running().tightest_first().select_related("case", "owner", "dismissed_by", "duty")
    return [clock_of(row, now) for row in rows[:limit]]


def phase_steps(case: Case, met: int, owed: int) -> list[dict[str, str]]:
    """The phases as `components/stepper.html` takes them, with how many of the duties `owed` have been met."""
    phases = list(Phase)
    here = phases.index(Phase(case.phase))
    steps = [
        {"label": str(phase.label), "state": _step_state(place, here), "detail": ""}
        for place, phase in enumerate(phases)
    ]
    if owed:
        steps[phases.index(Phase.NOTIFICATION)]["detail"] = f"{met}/{owed}"
    return steps


def _duties_met(case: Case) -> tuple[int, int]:
    duties = case.deadlines.current().filter(kind=DeadlineKind.DUTY, dismissed_at=None)
    told = duties.aggregate(all=Count("pk"), met=Count("pk", filter=Q(met_at__isnull=False)))
    return told["met"], told["all"]


def _step_state(place: int, here: int) -> str:
    if place == here:
        return "current"
    return "done" if place < here else "todo"
