"""What one act costs: base, aggravation and mitigation on the base, and the ceiling of its paragraph."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from rules.engine.conditions import Words
from rules.engine.history import Entry
from rules.engine.korean import day_text
from rules.engine.percent import percent_text, share
from rules.kr.fines.checks import limit_of
from rules.kr.fines.facts import LISTED_PERSON, Act, Case
from rules.kr.fines.law import FineLaw
from rules.kr.fines.looking_back import LookBack, look_back
from rules.kr.fines.wording import (
    ASSUMED_STEPS,
    EDGE,
    FACTORS_UNCONFIRMED,
    ONGOING,
    carried,
    completed,
    lighter_law,
    limited,
    mitigation_unconfirmed,
    older_amount_kept,
)
from rules.kr.won import won
from rules.kr.working import Caution, Line

ZERO = Decimal(0)
UNCERTAIN = "uncertain"
SEED = "개인정보보호위원회 결정(2024-06-26)"


@dataclass(frozen=True)
class Weighed:
    """One side: what was entered, what of it the law lets count, and what that comes to in won."""

    given: Decimal
    used: Decimal
    amount: Decimal
    limit: Decimal


@dataclass(frozen=True)
class Fine:
    """The fine for one act before acts are compared. Without `entry` there is no row of the annex for it."""

    act: Act
    entry: Entry | None
    steps: tuple[Line, ...] = ()
    cautions: tuple[Caution, ...] = ()
    used: tuple[Entry, ...] = ()
    base: Decimal = ZERO
    ceiling: Decimal = ZERO
    aggravation: Weighed | None = None
    mitigation: Weighed | None = None
    amount: Decimal = ZERO
    looked_back: LookBack | None = None
    given_way_to: Entry | None = None

    @property
    def is_at_ceiling(self) -> bool:
        return any(line.code == "ceiling" for line in self.steps)


def fine_of(act: Act, case: Case, law: FineLaw) -> Fine:
    """The fine for an act, in won, with every step. Source: 시행령 별표 2·별표 9, 질서위반행위규제법 제3조."""
    if not act.is_listed:
        return Fine(act, None, cautions=tuple(_day_cautions(act, law)))
    own = act.entry
    assert own is not None
    look = _looked_back(act, case, law)
    lighter = _lighter(act, own, look.step, case)
    if lighter is None:
        return _reckoned(act, own, act.law_on, look, case, law, [])
    if kept := _kept(act, case, law):
        return _reckoned(act, own, act.law_on, look, case, law, [older_amount_kept(kept)])
    is_applied = bool(case.settings["apply_lighter_later_law"])
    told = [lighter_law(lighter, law.rule("law_of_the_act", case.decided_on), is_applied=is_applied)]
    if not is_applied:
        return _reckoned(act, own, act.law_on, look, case, law, told)
    if lighter.values is None:
        return Fine(act, None, given_way_to=lighter, cautions=tuple(told))
    return _reckoned(act, lighter, lighter.start, look, case, law, told)


def _looked_back(act: Act, case: Case, law: FineLaw) -> LookBack:
    return look_back(
        act.priors,
        detected_on=act.day("detected_on"),
        rule=law.rule(f"look_back_{act.item.law}", act.law_on),
        first_day_counts=case.settings["look_back_first_day"] == "counted",
    )


def _kept(act: Act, case: Case, law: FineLaw) -> Entry | None:
    """The transitional provision that keeps the amounts of the day of the act, if there is one."""
    for entry in law.rules["old_acts_kept"]:
        if act.law_on < entry.start <= case.decided_on and act.item.code in (entry.values or {})["rows"]:
            return entry
    return None


def _lighter(act: Act, own: Entry, step: int, case: Case) -> Entry | None:
    """The lightest later row up to the decision, if lighter than the row of the act."""
    later = [
        entry
        for entry in act.item.entries
        if own.start < entry.start <= case.decided_on and not (entry.values is None and act.item.continued_by)
    ]
    lightest = min(later, key=lambda entry: _base(entry, step), default=None)
    return lightest if lightest and _base(lightest, step) < _base(own, step) else None


def _base(entry: Entry, step: int) -> Decimal:
    """The amount of the row for this time; a row with one amount has it for every time."""
    if entry.values is None:
        return ZERO
    amounts = entry.values["amounts"]
    return Decimal(amounts[min(step, len(amounts)) - 1])


def _reckoned(
    act: Act, entry: Entry, on: date, look: LookBack, case: Case, law: FineLaw, told: list[Caution]
) -> Fine:
    values = entry.values or {}
    rule = law.rule(f"adjusting_{act.item.law}", act.law_on)
    ceilings = law.rule(f"ceilings_{act.item.law}", on)
    counting = law.rule(f"look_back_{act.item.law}", act.law_on)
    base = _base(entry, look.step)
    ceiling = Decimal((ceilings.values or {})["by_paragraph"][str(values["paragraph"])])
    plus = _weighed(act, "aggravate", base, rule, case, law)
    minus = _weighed(act, "mitigate", base, rule, case, law)
    net = base + plus.amount - minus.amount
    amount = min(net, ceiling)
    lines = [
        _base_line(act, entry, look, base, counting),
        _share_line("aggravation", Words("가중액", "aggravation"), base, plus, rule),
        _share_line("mitigation", Words("감경액", "mitigation"), base, minus, rule),
        Line(
            "net",
            Words("가중·감경을 거친 금액", "after aggravation and mitigation"),
            f"{won(base)} + {won(plus.amount)} − {won(minus.amount)}",
            net,
            rule.cite,
        ),
    ]
    if net > ceiling:
        text = f"{won(net)} > 상한액 {won(ceiling)}"
        lines.append(Line("ceiling", Words("법정 상한액", "statutory ceiling"), text, ceiling, ceilings.cite))
    lines.append(Line("final", Words("과태료", "fine"), won(amount), amount, entry.cite))
    cautions = [
        *_day_cautions(act, law),
        *_entry_cautions(entry),
        *told,
        *_step_cautions(look, counting),
        *_factor_cautions(act, rule, plus, minus),
    ]
    return Fine(
        act,
        entry,
        tuple(lines),
        tuple(cautions),
        (entry, ceilings, *((rule,) if plus.given or minus.given else ())),
        base,
        ceiling,
        plus,
        minus,
        amount,
        look,
    )


def _weighed(act: Act, name: str, base: Decimal, rule: Entry, case: Case, law: FineLaw) -> Weighed:
    """The sum of one side's percentages, no more than the law lets count, taken on the base."""
    side = "aggravation" if name == "aggravate" else "mitigation"
    factors: Mapping[str, Decimal] = act.facts.get(name, {})
    limit = limit_of(rule, side, case.settings)
    if LISTED_PERSON in factors:
        limit = Decimal((law.rule(LISTED_PERSON, case.decided_on).values or {})["limit"])
    given = sum(factors.values(), ZERO)
    used = min(given, limit)
    return Weighed(given, used, share(base, used), limit)


def _base_line(act: Act, entry: Entry, look: LookBack, base: Decimal, counting: Entry) -> Line:
    values = entry.values or {}
    which = (
        "횟수와 관계없이"
        if len(values["amounts"]) == 1
        else f"{look.step}회{' 이상' if look.step == len(values['amounts']) else ''} 위반"
    )
    return Line(
        "base",
        Words("기준금액", "base amount"),
        f"{act.provision}, {which}: {won(base)}",
        base,
        (*entry.cite, *counting.cite),
    )


def _share_line(code: str, label: Words, base: Decimal, side: Weighed, rule: Entry) -> Line:
    formula = f"{won(base)} × {percent_text(side.used)}%"
    if side.given != side.used:
        formula += f" (입력한 비율의 합 {percent_text(side.given)}%, 한도 {percent_text(side.limit)}%)"
    return Line(code, label, formula, side.amount, rule.cite)


def _day_cautions(act: Act, law: FineLaw) -> list[Caution]:
    """Where the day whose law applies is not simply the day the violation ended."""
    told = []
    if act.is_carried:
        told.append(Caution("law_of_repealed_duty", carried(act.item.title, act.law_on), (SEED,), "inferred"))
    elif "completed_on" in act.facts:
        told.append(Caution("law_of_completion", completed(act.law_on), (SEED,), "inferred"))
    if act.facts.get("is_ongoing"):
        cite = law.rule("law_of_the_act", act.law_on).cite
        told.append(Caution("ongoing", ONGOING, cite, "inferred"))
    return told


def _entry_cautions(entry: Entry) -> list[Caution]:
    values = entry.values or {}
    if "note" not in values:
        return []
    words = Words(values["note"], values.get("note_en", ""))
    return [Caution("note", words, entry.cite, entry.confidence)]


def _step_cautions(look: LookBack, counting: Entry) -> list[Caution]:
    told = []
    if look.is_edge:
        told.append(Caution("first_day_unconfirmed", EDGE, counting.cite, UNCERTAIN))
    if look.is_assumed:
        told.append(Caution("steps_assumed", ASSUMED_STEPS, counting.cite, "inferred"))
    return told


def _factor_cautions(act: Act, rule: Entry, plus: Weighed, minus: Weighed) -> list[Caution]:
    told = []
    if plus.given or minus.given:
        told.append(Caution("percentages_unconfirmed", FACTORS_UNCONFIRMED, rule.cite, UNCERTAIN))
    for side, word in ((plus, Words("가중", "aggravation")), (minus, Words("감경", "mitigation"))):
        if side.given != side.used:
            words = limited(word, percent_text(side.given), percent_text(side.limit))
            told.append(Caution("sum_limited", words, rule.cite, rule.confidence))
    if (
        minus.given
        and (rule.values or {})["mitigation_limit_is_unconfirmed"]
        and LISTED_PERSON not in act.facts["mitigate"]
    ):
        words = mitigation_unconfirmed(percent_text(minus.limit))
        told.append(Caution("mitigation_limit_unconfirmed", words, rule.cite, UNCERTAIN))
    return told


def answered_priors(look: LookBack | None) -> list[dict[str, Any]]:
    """The earlier fines as the answer lists them."""
    return [
        {
            "on": item.on.isoformat(),
            "step": item.step,
            "counts": item.counts,
            "last_day": item.last_day.isoformat(),
            "why": f"{day_text(item.on)}의 처분은 {day_text(item.last_day)}까지 적발된 위반에 넣습니다.",
        }
        for item in (look.earlier if look else ())
    ]
