"""Cases in which the law leaves something open."""

from datetime import datetime
from typing import Any

from incidents import services
from incidents.models import Case, Certainty
from incidents.services import FactChange
from tests.incidents.factories import KNOWN, opened_case

PSEUDONYMISED = "kr.pipa.s28_7.report"  # whether the leak of pseudonymised records alone is reported


def stated(case: Case, *, now: datetime, **facts: Any) -> None:
    changes = [FactChange(name, value, Certainty.CONFIRMED) for name, value in facts.items()]
    services.record_facts(case_id=case.pk, changes=changes, actor=case.lead, now=now, reason="확인함")


def pseudonymised_case(*, now: datetime = KNOWN, **opening: Any) -> Case:
    """The records of two people leaked, pseudonymised only, known at `now`."""
    case = opened_case(now=now, **opening)
    stated(
        case,
        now=now,
        leak_known_at=now,
        person_count=2,
        is_pseudonymised_only=True,
        illegal_external_access=True,
    )
    return case
