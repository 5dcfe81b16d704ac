"""The documents the topic `payment` accepts, and every way it refuses one."""

from __future__ import annotations

from typing import Any

import pytest

import rules
from rules.engine.faults import FactsError
from rules.kr.surcharge.law import articles

GOOD = {"regime": "pipa_64_2_2023", "amount": "100000000", "due_on": "2025-03-31"}
MISTAKES: dict[str, tuple[dict[str, Any], str]] = {
    "no regime": ({"regime": None}, "regime"),
    "an unknown regime": ({"regime": "pipa"}, "regime"),
    "no amount": ({"amount": None}, "amount"),
    "nothing to pay": ({"amount": "0"}, "amount"),
    "negative money": ({"amount": "-5"}, "amount"),
    "no due day": ({"due_on": None}, "due_on"),
    "an unknown key": ({"paid": "2025-04-01"}, "paid"),
    "paid at once and in parts": ({"paid_on": "2025-03-31", "instalments": ["2025-03-31"]}, "paid_on"),
    "deferred to an earlier day": ({"deferred_to": "2025-03-31"}, "deferred_to"),
    "parts that do not follow each other": (
        {"instalments": ["2025-03-31", "2025-03-31"]},
        "instalments[1]",
    ),
    "parts no rule was found for": ({"regime": "net_2014", "instalments": ["2025-03-31"]}, "instalments"),
    "a part on a day that is none": ({"instalments": ["2025-02-30"]}, "instalments[0]"),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_refused_with_its_place(mistake: str) -> None:
    change, path = MISTAKES[mistake]
    with pytest.raises(FactsError) as raised:
        rules.assess("payment", {**GOOD, **change})
    assert [fault.path for fault in raised.value.faults] == [path]


def test_every_regime_has_a_rule_of_payment() -> None:
    for article in articles().values():
        for entry in article.regimes:
            if entry.version:
                answer = rules.assess("payment", {**GOOD, "regime": entry.version})
                assert (answer["total"], answer["cite"] != []) == ("100000000", True)


def test_a_deferred_day_is_the_one_the_charge_counts_from() -> None:
    deferred = {**GOOD, "deferred_to": "2026-03-31", "paid_on": "2026-04-01"}
    plain = {**GOOD, "due_on": "2026-03-31", "paid_on": "2026-04-01"}
    assert rules.assess("payment", deferred)["late_charge"] == rules.assess("payment", plain)["late_charge"]
