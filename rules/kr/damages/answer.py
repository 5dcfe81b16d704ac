"""The topic `damages` as plain data for JSON: what the law allows at most, and scenarios by the head."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from rules.engine.conditions import Words
from rules.engine.declaration import Field, Record
from rules.engine.faults import FactsError, Fault
from rules.engine.history import Entry
from rules.engine.kinds import Count, Flag, Text
from rules.engine.korean import day_text
from rules.engine.law_files import digest_of, under
from rules.kr.coverage import known_days
from rules.kr.damages.law import LAWS, DamagesLaw, current_law
from rules.kr.won import MoneyOfCase, plain, won
from rules.kr.working import Caution, Line, least_sure, once

SCENARIO = Words(
    "시나리오이며 예측이 아닙니다. 손해와 금액은 법원이나 당사자가 정합니다.",
    "A scenario, not a forecast: harm and amount are for the court or the parties.",
)


def facts_record() -> Record:
    return Record(
        (
            Field("leaked_on", known_days(), "유출등이 있은 날", "day of the leak", required=True),
            Field("claimants", Count(), "청구하는 사람 수", "people who claim", required=True),
            Field("subjects", Count(), "정보주체 수", "data subjects concerned"),
            Field("law", Text(choices=LAWS), "근거 법률", "act the claim rests on", absent_as="pipa"),
            Field("intent_or_gross", Flag(), "고의 또는 중대한 과실", "intent or gross negligence"),
            Field("is_without_fault", Flag(), "고의·과실이 없음을 증명", "absence of fault is proven"),
            Field("actual_damage", MoneyOfCase(), "증명된 손해액의 합계", "proven loss in all, in won"),
            Field("claim_per_head", MoneyOfCase(), "1인당 청구액", "claim a head, in won"),
        )
    )


def schema() -> dict[str, Any]:
    return facts_record().schema()


def law_files() -> tuple[str, ...]:
    return under("kr/damages", "facts/coverage.yaml")


def assess_damages(document: object) -> dict[str, Any]:
    """The caps of the day and the scenarios, in won. Raises FactsError with every fault."""
    law = current_law()
    facts = _read(document, law)
    punitive, statutory = (
        law.on(kind, facts["law"], facts["leaked_on"]) for kind in ("punitive", "statutory")
    )
    scenarios = _scenarios(facts, law, punitive, statutory)
    return {
        "topic": "damages",
        "rules_digest": digest_of(law_files()),
        "kind": "scenario",
        "label": SCENARIO.ko,
        "label_en": SCENARIO.en,
        "leaked_on": facts["leaked_on"].isoformat(),
        "law": facts["law"],
        "punitive": _punitive(facts, punitive, law),
        "statutory": _statutory(facts, statutory, law),
        "scenarios": scenarios,
        "precedents": [_precedent(item, facts["claimants"]) for item in law.precedents],
        "warnings": [Caution("scenario", SCENARIO, (), "inferred").as_dict()],
        "questions": _questions(facts),
        "cite": list(once(cite for entry in (punitive, statutory) if entry for cite in entry.cite)),
        "confidence": least_sure(item["confidence"] for item in scenarios),
        "why": f"{day_text(facts['leaked_on'])}의 유출등에 대하여 {facts['claimants']:,}명이 청구하는 경우의 {SCENARIO.ko}",
        "why_en": f"{facts['claimants']:,} people claim for a leak of {facts['leaked_on']}. {SCENARIO.en}",
    }


def _read(document: object, law: DamagesLaw) -> dict[str, Any]:
    faults: list[Fault] = []
    facts = facts_record().read(document, "", faults) or {}
    claimants, subjects = facts.get("claimants"), facts.get("subjects")
    if claimants is not None and subjects is not None and claimants > subjects:
        message = f"청구하는 사람 {claimants:,}명이 정보주체 {subjects:,}명보다 많습니다."
        faults.append(Fault("claimants", message, f"0명 이상 {subjects:,}명 이하의 수를 적으십시오."))
    if facts.get("intent_or_gross") and facts.get("is_without_fault"):
        hint = "둘 가운데 하나만 참일 수 있습니다(개인정보 보호법 제39조)."
        faults.append(Fault("is_without_fault", "고의 또는 중대한 과실과 함께 적혀 있습니다.", hint))
    if {"law", "leaked_on", "claim_per_head"} <= set(facts):
        faults += _claim_faults(facts, law)
    if faults:
        raise FactsError(faults)
    return facts


def _claim_faults(facts: Mapping[str, Any], law: DamagesLaw) -> list[Fault]:
    entry = law.on("statutory", facts["law"], facts["leaked_on"])
    if entry is None:
        hint = f"{law.rules['statutory', facts['law']][0].start}부터의 유출등에만 법정손해배상이 있습니다."
        return [Fault("claim_per_head", "그날에는 법정손해배상이 없었습니다.", hint)]
    most = Decimal((entry.values or {})["per_head"])
    if Decimal(facts["claim_per_head"]) <= most:
        return []
    return [
        Fault("claim_per_head", f"1인당 {won(Decimal(facts['claim_per_head']))}은 한도를 넘습니다.", f"{entry.cite[0]}: {won(most)} 이하")
    ]  # fmt: skip


def _state(facts: Mapping[str, Any], entry: Entry | None, needs_gross: bool) -> str:
    """`not_in_force`, `excluded` by proven absence of fault, `not_met`, `unsettled`, or `possible`."""
    if entry is None:
        return "not_in_force"
    if facts.get("is_without_fault"):
        return "excluded"
    if not needs_gross:
        return "possible"
    gross = facts.get("intent_or_gross")
    return "unsettled" if gross is None else "possible" if gross else "not_met"


def _punitive(facts: Mapping[str, Any], entry: Entry | None, law: DamagesLaw) -> dict[str, Any]:
    state = _state(facts, entry, needs_gross=True)
    multiple = (entry.values or {})["multiple"] if entry else None
    loss = facts.get("actual_damage")
    cap = Decimal(loss) * multiple if loss is not None and multiple and state != "excluded" else None
    return {
        "state": state,
        "multiple": multiple,
        "cap": plain(cap) if cap is not None else None,
        **_traced(entry or law.rules["punitive", facts["law"]][0]),
    }


def _statutory(facts: Mapping[str, Any], entry: Entry | None, law: DamagesLaw) -> dict[str, Any]:
    state = _state(facts, entry, needs_gross=False)
    per_head = Decimal((entry.values or {})["per_head"]) if entry else None
    cap = per_head * facts["claimants"] if per_head is not None and state != "excluded" else None
    return {
        "state": state,
        "per_head": plain(per_head) if per_head is not None else None,
        "cap": plain(cap) if cap is not None else None,
        **_traced(entry or law.rules["statutory", facts["law"]][0]),
    }


def _traced(entry: Entry) -> dict[str, Any]:
    return {"cite": list(entry.cite), "source": entry.source, "confidence": entry.confidence}


def _scenarios(
    facts: Mapping[str, Any], law: DamagesLaw, punitive: Entry | None, statutory: Entry | None
) -> list[dict[str, Any]]:
    """From the lowest to the highest kind; each for those who claim, and once more for everybody concerned."""
    groups = [("", "", facts["claimants"])]
    if "subjects" in facts:
        groups.append(("_all", ", 정보주체 모두", facts["subjects"]))
    found = []
    for suffix, whose, persons in groups:
        for code, item in law.scenarios.items():
            named = Words(f"{item['title']}{whose}", f"{item['title_en']}{', everybody' if suffix else ''}")
            found.append(
                _by_head(f"{code}{suffix}", named, Decimal(item["values"]["per_head"]), persons, item)
            )
        if statutory and not facts.get("is_without_fault"):
            named = Words(
                f"법정손해배상의 한도{whose}", f"cap of statutory damages{', everybody' if suffix else ''}"
            )
            per_head = Decimal((statutory.values or {})["per_head"])
            found.append(_by_head(f"statutory_cap{suffix}", named, per_head, persons, _traced(statutory)))
    if "claim_per_head" in facts and statutory:
        named = Words("청구액", "claim")
        per_head = Decimal(facts["claim_per_head"])
        found.append(_by_head("claim", named, per_head, facts["claimants"], _traced(statutory)))
    if "actual_damage" in facts and punitive and _state(facts, punitive, True) in ("possible", "unsettled"):
        found.append(_of_loss(facts, punitive))
    return found


def _by_head(
    code: str, named: Words, per_head: Decimal, persons: int, origin: Mapping[str, Any]
) -> dict[str, Any]:
    amount = per_head * persons
    line = Line(code, _labelled(named), f"{won(per_head)} × {persons:,}명", amount, tuple(origin["cite"]))
    return {**_scenario(line, origin), "per_head": plain(per_head), "persons": persons}


def _of_loss(facts: Mapping[str, Any], entry: Entry) -> dict[str, Any]:
    loss, multiple = Decimal(facts["actual_damage"]), (entry.values or {})["multiple"]
    named = _labelled(Words("징벌적 손해배상의 한도", "cap of punitive damages"))
    line = Line("punitive_cap", named, f"{won(loss)} × {multiple}배", loss * multiple, entry.cite)
    return {**_scenario(line, _traced(entry)), "per_head": None, "persons": facts["claimants"]}


def _labelled(named: Words) -> Words:
    return Words(f"{named.ko}(시나리오)", f"{named.en} (scenario)")


def _scenario(line: Line, origin: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "kind": "scenario",
        **line.as_dict(),
        "source": origin["source"],
        "confidence": origin["confidence"],
    }


def _precedent(item: Mapping[str, Any], persons: int) -> dict[str, Any]:
    named = Words(item["title"], item["title_en"])
    told = _by_head(item["code"], named, Decimal(item["values"]["per_head"]), persons, item)
    return {**told, "decided_on": item["from"].isoformat(), "outcome": item["outcome"]}


def _questions(facts: Mapping[str, Any]) -> list[dict[str, str]]:
    """What the law leaves to people and nobody has entered."""
    if "intent_or_gross" in facts or facts.get("is_without_fault"):
        return []
    return [
        {
            "id": "intent_or_gross",
            "fact": "intent_or_gross",
            "why": "고의 또는 중대한 과실이 있는지는 사람이 판단할 일이며, 입력되지 않아 징벌적 손해배상을 정하지 않았습니다.",
            "why_en": "Intent or gross negligence is for a person to find; without it punitive damages stay open.",
        }
    ]
