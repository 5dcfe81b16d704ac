"""What stands above a page about the past: the case's frame, as it was."""

from __future__ import annotations

from typing import Any

from incidents.as_of.state import CaseAsOf
from incidents.queries import TIGHTEST, phase_steps


def frame_as_of(past: CaseAsOf) -> dict[str, Any]:
    """The context of `incidents/case_base.html` for `past`. Nothing can be changed there."""
    return {
        "case": past.case,
        "now": past.at,
        "active_tab": "history",
        "is_past": True,
        "tightest": past.tightest[:TIGHTEST],
        "steps": phase_steps(past.case, *past.duties_met),
        "can_work": False,
        "can_decide": False,
        "can_reopen": False,
        "retention": None,
    }
