"""Terms of a duty that have to be worked out: the guidance's last day, the fine for not performing it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from rules.duties.clock import NO_DEADLINE, Deadline, KeyDays, deadline
from rules.duties.jurisdiction import Jurisdiction
from rules.duties.questions import Asked, Decisions, ask
from rules.duties.rows import Family, Terms
from rules.engine.conditions import Words
from rules.engine.history import in_force
from rules.engine.korean import day_text
from rules.engine.periods import read_length


@dataclass(slots=True)
class Sanction:
    """The ceiling of the fine in won, by the law of the day `on`, and why that day.

    `other` is the ceiling a straddled change would give instead; `asked` the question between them.
    """

    ceiling: str
    cite: tuple[str, ...]
    confidence: str
    rule: str
    on: date
    why: Words
    other: str | None = None
    asked: Asked | None = None

    @property
    def straddles(self) -> bool:
        return self.asked is not None

    def as_dict(self) -> dict[str, Any]:
        return {
            "ceiling": self.ceiling,
            "cite": list(self.cite),
            "confidence": self.confidence,
            "rule": self.rule,
            "on": self.on.isoformat(),
            "straddles": self.straddles,
            "otherwise": self.other,
            "why": self.why.ko,
            "why_en": self.why.en,
        }


def guidance_deadline(values: Mapping[str, Any], start: datetime, home: Jurisdiction) -> Deadline:
    guidance = values.get("guidance")
    if guidance is None:
        return NO_DEADLINE
    return deadline(
        start=start, length=read_length(guidance["limit"]), counting=guidance["counting"], home=home
    )


def sanction_of(
    family: Family, terms: Terms, keys: KeyDays, ends: Deadline, decisions: Decisions
) -> Sanction | None:
    """The fine for a period that runs out unperformed.

    An omission is complete when the period ends, so where the rule goes by the act the law of that
    day gives the ceiling. Where it changed while the period ran, which of the two applies is open
    and the law at expiry is the default. Source: 질서위반행위규제법 제3조; 법률 제21500호 부칙 제9조.
    """
    own: Mapping[str, Any] | None = terms.values.get("sanction")
    expiry = ends.expiry_day(family.home)
    key = terms.entry.selected_by
    if family.sanction_by != "expiry" or expiry is None:
        return _by_version(own, terms, keys.days[key], family)
    then = _sanction_on(family, expiry)
    if then is None or then == own:
        return _by_expiry(own, terms.entry.confidence, expiry)
    asked = ask(family.straddling, decisions)
    chosen, other = (own, then) if asked.answer == "at_start" else (then, own)
    confidence = terms.entry.confidence if asked.decision else "uncertain"
    if asked.answer == "at_start":
        return _by_version(chosen, terms, keys.days[key], family, other, asked, confidence)
    return _by_expiry(chosen, confidence, expiry, other, asked)


def _sanction_on(family: Family, day: date) -> Mapping[str, Any] | None:
    """The fine of the version in force when everything that selects one falls on `day`."""
    days = dict.fromkeys(family.keys, day)
    entry = in_force(family.entries, days)
    if entry is None or entry.values is None:
        return None
    found: Mapping[str, Any] | None = family.terms_on(entry, days).values.get("sanction")
    return found


def _by_expiry(
    sanction: Mapping[str, Any] | None,
    confidence: str,
    expiry: date,
    other: Mapping[str, Any] | None = None,
    asked: Asked | None = None,
) -> Sanction | None:
    if sanction is None:
        return None
    return Sanction(
        sanction["ceiling"],
        sanction["cite"],
        confidence,
        "expiry",
        expiry,
        _expiry_words(expiry),
        other["ceiling"] if other else None,
        asked,
    )


@lru_cache(maxsize=256)
def _expiry_words(expiry: date) -> Words:
    ko = f"이행하지 않은 채 기간이 끝나는 {day_text(expiry)}에 위반이 완성되므로 그날의 벌칙을 적용합니다."
    en = f"The omission is complete when the period ends unperformed on {expiry}; that day's penalty applies."
    return Words(ko, en)


@lru_cache(maxsize=256)
def _version_words(key: Words, version: str | None, on: date) -> Words:
    ko = f"{key.ko} {day_text(on)}로 고른 규정({version})과 같은 때의 벌칙입니다."
    return Words(ko, f"The penalty of the version ({version}) selected by the {key.en}, {on}.")


def _by_version(
    sanction: Mapping[str, Any] | None,
    terms: Terms,
    on: date,
    family: Family,
    other: Mapping[str, Any] | None = None,
    asked: Asked | None = None,
    confidence: str | None = None,
) -> Sanction | None:
    if sanction is None:
        return None
    key = family.lexicon.vocabulary.fact(terms.entry.selected_by)
    return Sanction(
        sanction["ceiling"],
        sanction["cite"],
        confidence or terms.entry.confidence,
        "version",
        on,
        _version_words(key, terms.entry.version, on),
        other["ceiling"] if other else None,
        asked,
    )
