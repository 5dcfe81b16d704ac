"""Whether the party may be ordered to publish, and what such an order weighs."""

from __future__ import annotations

from typing import Any

from rules.engine.conditions import Words
from rules.engine.history import Entry
from rules.kr.publication.facts import Case
from rules.kr.publication.law import PublicationLaw

NOT_YET = Words(
    "공표명령은 2023-09-15 이후의 위반행위에만 할 수 있습니다.",
    "Only acts on or after 2023-09-15 may lead to an order.",
)
ALWAYS = Words(
    "공공시스템운영기관에는 공표명령을 하고, 가장 긴 기간 동안 게시하게 합니다.",
    "The operator of a public system is always ordered to publish, for the longest time of the guideline.",
)
OPEN = Words(
    "확인된 요건에 해당하지 않거나 사실이 부족합니다. 나머지 요건은 확인하지 못하였습니다(미확인).",
    "None of the known criteria is met, or facts are missing; the other criteria were not found (unconfirmed).",
)


def order_of(case: Case, law: PublicationLaw) -> dict[str, Any]:
    """`not_available`, `expected` (always made), `possible`, or `unsettled`; whether to order is for the Commission."""
    entries = [entry for act in case.acts if (entry := law.on("order", act.law_on))]
    weighing = law.on("weighing", case.decided_on)
    if not entries or weighing is None:
        first = law.rules["order"][0]
        return {
            **_answer("not_available", NOT_YET, first),
            "factors": [],
            "least_days": None,
            "most_days": None,
        }
    entry = max(entries, key=lambda found: found.start)
    state, words = _state(case, entry)
    values = entry.values or {}
    is_always = state == "expected"
    return {
        **_answer(state, words, entry),
        "factors": [dict(factor) for factor in (weighing.values or {})["factors"]],
        "least_days": values.get("least_days") if is_always else None,
        "most_days": values.get("most_days") if is_always else None,
        "cite": [*entry.cite, *weighing.cite],
    }


def _answer(state: str, words: Words, entry: Entry) -> dict[str, Any]:
    told = {"cite": list(entry.cite), "source": entry.source, "confidence": entry.confidence}
    return {"state": state, **told, "why": words.ko, "why_en": words.en}


def _state(case: Case, entry: Entry) -> tuple[str, Words]:
    values = entry.values or {}
    if values["public_system_always"] and case.said("party", "is_public_system_operator"):
        return "expected", ALWAYS
    kinds = {sanction["kind"] for act in case.acts for sanction in act.facts["sanctions"]}
    has_data = case.said("leak", "has_unique_id") or case.said("leak", "has_sensitive")
    count = case.said("leak", "person_count")
    if (
        has_data
        and count is not None
        and count >= values["persons_from"]
        and kinds & set(values["sanctions"])
    ):
        return "possible", _met(values["persons_from"])
    return "unsettled", OPEN


def _met(persons_from: int) -> Words:
    return Words(
        f"고유식별정보나 민감정보가 {persons_from:,}명 이상 유출되어 과징금이나 과태료를 부과하는 경우에 해당합니다.",
        f"A surcharge or fine for a leak of unique identifiers or sensitive data of {persons_from:,} persons or more.",
    )
