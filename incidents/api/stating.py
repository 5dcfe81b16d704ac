"""From a program's document to the changes a service takes, with what is wrong named by its place."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from core.accounts.models import User
from incidents import permissions, queries
from incidents.api.refusals import Refused, refused
from incidents.api.shapes import ConfirmedIn, FactIn, FactsIn
from incidents.facts import CATALOGUE, Fact, Kind
from incidents.fields import refuse_strange_year
from incidents.models import Case, Certainty
from incidents.services import FactChange
from incidents.values import FactRefused
from rules import Fault

CONFIRMED = "confirmed_fact"
INSTANT_EXAMPLE = "2026-11-24T09:12+09:00"


def changes_in(document: FactsIn, *, case: Case, user: User) -> list[FactChange]:
    """What the document states. Refused: 422 with every fault, 403 for a fact `user` may not decide."""
    _refuse_deciding(document, case=case, user=user)
    faults: list[Fault] = []
    changes = [
        FactChange(name, stated.value, stated.certainty, stated.source, until=stated.until_at)
        for name, stated in document.facts.items()
        if _is_sound(name, stated, faults)
    ]
    changes += _confirmed(document.confirmed_facts, case, faults)
    if not document.facts and not document.confirmed_facts:
        faults.append(Fault("facts", _("기록할 사실이 없습니다."), _("사실을 하나 이상 적어 주세요.")))
    if faults:
        raise Refused(422, faults)
    return changes


def faults_of(refusal: FactRefused) -> Refused:
    """What the service refused, at the names the program used."""
    places = {CONFIRMED: "confirmed_facts"}
    faults = [
        Fault(places.get(name, f"facts.{name}"), message, "") for name, message in refusal.faults.items()
    ]
    return Refused(422, faults)


def _refuse_deciding(document: FactsIn, *, case: Case, user: User) -> None:
    named = [name for name in document.facts if name in CATALOGUE and CATALOGUE[name].by_person]
    if named and not permissions.can_decide_case(user, case):
        raise refused(
            403,
            _("법이 사람에게 맡긴 판단입니다."),
            path=f"facts.{named[0]}",
            hint=_("개인정보 보호책임자나 승인자가 정합니다."),
        )


def _is_sound(name: str, stated: FactIn, faults: list[Fault]) -> bool:
    """Whether the value is of a kind the service can read; notes the fault when not."""
    where = f"facts.{name}"
    fact = CATALOGUE.get(name)
    if fact is None or fact.many:
        known = ", ".join(one.name for one in CATALOGUE.values() if not one.many)
        faults.append(
            Fault(where, _("모르는 사실입니다."), _("쓸 수 있는 이름: %(names)s") % {"names": known})
        )
        return False
    fault = _fault_of_value(fact, stated)
    if fault:
        faults.append(Fault(f"{where}.{fault[0]}", fault[1], fault[2]))
    return fault is None


def _fault_of_value(fact: Fact, stated: FactIn) -> tuple[str, str, str] | None:
    """The part at fault, what is wrong and what to do; None when there is nothing."""
    if (stated.certainty == Certainty.UNKNOWN) != (stated.value is None):
        hint = _("모르면 value는 null, certainty는 unknown입니다. 앞의 값은 이력에 남습니다.")
        return "value", _("값과 확실성이 서로 맞지 않습니다."), hint
    if stated.value is None:
        return None
    if fact.by_person and not stated.source.strip():
        return "source", _("사람이 정하는 일입니다."), _("판단한 사람과 이유를 적어 주세요.")
    if fact.kind is Kind.INSTANT:
        for part, value in (("value", stated.value), ("until_at", stated.until_at)):
            message = _fault_of_instant(value) if value is not None else ""
            if message:
                return part, message, INSTANT_EXAMPLE
        return None
    if fact.kind is Kind.TEXT and not isinstance(stated.value, str):
        return "value", _("글로 적어 주세요."), ""
    return None


def _fault_of_instant(value: Any) -> str:
    """What is wrong with it as ISO 8601; empty for nothing. What it means is the service's to judge."""
    if not isinstance(value, str):
        return _("시각은 글로 적어 주세요.")
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return _("읽지 못했습니다. 날짜, 시각, 시간대를 모두 적어 주세요.")
    try:
        refuse_strange_year(moment)
    except ValueError as fault:
        return str(fault)
    return "" if moment.tzinfo else _("시간대가 없는 시각입니다.")


def _confirmed(stated: list[ConfirmedIn], case: Case, faults: list[Fault]) -> list[FactChange]:
    """Each under its key; those that are new take the next ones in order."""
    held = queries.confirmed_keys(case)
    taken = len(held)
    changes: list[FactChange] = []
    for place, one in enumerate(stated):
        where = f"confirmed_facts[{place}]"
        if one.key and one.key not in held:
            hint = _("있는 key: %(keys)s. 새 사실이면 비워 두세요.") % {"keys": ", ".join(held) or "—"}
            faults.append(Fault(f"{where}.key", _("모르는 key입니다."), hint))
        elif one.key in [change.key for change in changes]:
            faults.append(
                Fault(f"{where}.key", _("같은 key가 두 번 적혀 있습니다."), _("하나만 남겨 주세요."))
            )
        if one.certainty == Certainty.UNKNOWN:
            hint = "confirmed | estimated"
            faults.append(Fault(f"{where}.certainty", _("확인한 사실은 미확인일 수 없습니다."), hint))
        message = _fault_of_instant(one.confirmed_at)
        if message:
            faults.append(Fault(f"{where}.confirmed_at", message, INSTANT_EXAMPLE))
        taken += 0 if one.key else 1
        value = {"text": one.text, "confirmed_at": one.confirmed_at}
        changes.append(FactChange(CONFIRMED, value, one.certainty, one.source, one.key or f"f{taken}"))
    return changes
