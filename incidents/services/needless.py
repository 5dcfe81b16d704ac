"""Telling that the retention of closed cases is over. Nothing is destroyed by it: that takes two people."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from core.accounts.days import SEOUL
from core.audit.services import record
from incidents.models import Case, NeedlessNotice, NeedlessStep
from incidents.permissions import people_who_decide
from incidents.queries.retention import Retention, needless_cases, retention_of
from incidents.services.holding import hold_case
from incidents.signals import case_needless

ACTIONS = {NeedlessStep.DUE: "destruction.due-told", NeedlessStep.LAST_DAY: "destruction.reminded"}


def tell_needless_cases(*, now: datetime) -> int:
    """Announce each case whose day has come, and again on the fifth day after it; how many were announced.

    Not one whose destruction was asked for, nor one under a hold or with evidence to be kept. Where nobody
    decides, nobody is told, and it is tried again.
    """
    found = needless_cases(now=now)
    if not found:
        return 0
    told = set(
        NeedlessNotice.objects.filter(case__in=[case for case, _kept in found]).values_list(
            "case", "needless_on", "step"
        )
    )
    waiting = [case for case, kept in found if (case.pk, kept.needless_on, _step(kept, now)) not in told]
    return sum(_tell(case, now=now) for case in waiting)


def _step(kept: Retention, now: datetime) -> NeedlessStep:
    is_last = now.astimezone(SEOUL).date() >= kept.last_day
    return NeedlessStep.LAST_DAY if is_last else NeedlessStep.DUE


@transaction.atomic
def _tell(case: Case, *, now: datetime) -> bool:
    case = hold_case(case.pk)
    kept = retention_of(case)
    is_over = kept is not None and kept.is_over(now.astimezone(SEOUL).date())
    if kept is None or not is_over or case.destructions.standing().exists() or not people_who_decide(case):
        return False
    step = _step(kept, now)
    row, is_new = NeedlessNotice.objects.get_or_create(
        case=case, needless_on=kept.needless_on, step=step, defaults={"told_at": now}
    )
    if not is_new:
        return False
    data = {"needless_on": kept.needless_on.isoformat(), "last_day": kept.last_day.isoformat()}
    record(ACTIONS[step], subject=row, actor=None, at=now, chain=case.reference, data=data)
    case_needless.send(sender=NeedlessNotice, case=case, needless_on=kept.needless_on, step=step, now=now)
    return True
