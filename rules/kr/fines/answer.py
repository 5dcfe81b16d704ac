"""The topic `fine` as plain data for JSON."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from rules.engine.conditions import Words
from rules.engine.korean import day_text, with_particle
from rules.engine.law_files import digest_of, under
from rules.engine.percent import percent_text
from rules.kr.articles import formal
from rules.kr.fines.checks import read_case
from rules.kr.fines.coercive import COERCIVE, coercive_answer
from rules.kr.fines.dropping import Result, notice_grounds, results_of
from rules.kr.fines.facts import NOTICE_ITEM, Case, facts_record
from rules.kr.fines.law import FineLaw, current_law
from rules.kr.fines.payment import Payment, early_line, payment_of
from rules.kr.fines.reckoning import ZERO, answered_priors, fine_of
from rules.kr.fines.wording import ARREARS_OPEN, CONDUCT_OPEN, FAULT_OPEN
from rules.kr.won import plain, won
from rules.kr.working import Caution, Line, least_sure, once

# What a person entered is a fact of the case; that no table could check it does not weaken the law applied.
WEIGHED = ("percentages_unconfirmed", "mitigation_limit_unconfirmed")


def assess_fine(document: object) -> dict[str, Any]:
    """The fine of each act, the total, and what is dropped. Raises FactsError with every fault."""
    law = current_law()
    case = read_case(document, law)
    results = results_of([fine_of(act, case, law) for act in case.acts], case, law)
    total = sum((_counted(result) for result in results), ZERO)
    early_rule = law.rule("early_payment", case.decided_on)
    early = early_line(total, early_rule)
    payment = _payment(total, case, law)
    told = _whole(results, total, early.amount)
    return {
        "topic": "fine",
        "rules_digest": digest_of(law_files()),
        "decided_on": case.decided_on.isoformat(),
        "acts": [_act(result, law) for result in results],
        "total": plain(total),
        "total_if_paid_early": plain(early.amount),
        "payable": plain(payment.payable),
        "payment": _payment_answer(payment),
        "coercive_penalty": _coercive(case, law),
        "dropped": [_dropped(place, result) for place, result in enumerate(results) if result.drop],
        "steps": [_total_line(results, total).as_dict(), early.as_dict()],
        "warnings": _warnings(results, payment),
        "questions": _questions(results, case, law),
        "cite": [*once([*(cite for result in results for cite in _cites(result)), *early_rule.cite])],
        "confidence": least_sure([early_rule.confidence, *(_confidence(result) for result in results)]),
        "why": told.ko,
        "why_en": told.en,
    }


def schema() -> dict[str, Any]:
    return facts_record(current_law()).schema()


def law_files() -> tuple[str, ...]:
    return under("kr/fines", "kr/calendar", "facts/coverage.yaml")


def _counted(result: Result) -> Decimal:
    return ZERO if result.drop else result.fine.amount


def _payment(total: Decimal, case: Case, law: FineLaw) -> Payment:
    rules = (law.rule("early_payment", case.decided_on), law.rule("default_additions", case.decided_on))
    if "payment" in case.facts:
        return payment_of(total, case.facts["payment"], *rules)
    if case.facts.get("paid_early"):
        line = early_line(total, rules[0])
        return Payment("early", line.amount, 0, (line,))
    return Payment("open", total, 0)


def _coercive(case: Case, law: FineLaw) -> dict[str, Any] | None:
    """Beside the fines and not in their total: it presses for what an order asks."""
    if COERCIVE not in case.facts:
        return None
    return coercive_answer(case.facts[COERCIVE], law.rule(COERCIVE, case.decided_on))


def _payment_answer(payment: Payment) -> dict[str, Any]:
    steps = [line.as_dict() for line in payment.lines]
    return {"state": payment.state, "months_in_default": payment.months, "steps": steps}


def _warnings(results: Sequence[Result], payment: Payment) -> list[dict[str, Any]]:
    """Every warning of the acts once, then those of the payment."""
    of_acts = [caution for result in results for caution in _cautions(result)]
    return [caution.as_dict() for caution in dict.fromkeys([*of_acts, *payment.cautions])]


def _cautions(result: Result) -> tuple[Caution, ...]:
    return (*result.fine.cautions, *result.cautions)


def _act(result: Result, law: FineLaw) -> dict[str, Any]:
    fine, act = result.fine, result.fine.act
    entry = fine.entry
    values = (entry.values if entry else None) or {}
    annex = entry or law.find(f"annex_{act.item.law}", act.law_on)
    told = _why(result)
    return {
        "item": act.item.code,
        "title": act.item.title,
        "title_en": act.item.title_en,
        "detail": act.facts.get("detail"),
        "law": act.item.law,
        "provision": act.provision or None,
        "articles": [formal(article) for article in values.get("articles", ())],
        "law_on": act.law_on.isoformat(),
        "regime": annex.version if annex else None,
        "state": "dropped" if result.drop else "fined",
        "paragraph": values.get("paragraph"),
        "ceiling": plain(fine.ceiling) if entry else None,
        "ceiling_reached": fine.is_at_ceiling,
        **_weighing(result),
        "amount": plain(_counted(result)),
        "amount_if_not_dropped": plain(fine.amount),
        "prior_dispositions": answered_priors(fine.looked_back),
        "notice_grounds": notice_grounds(act, law) if act.item.code == NOTICE_ITEM else None,
        "steps": [line.as_dict() for line in fine.steps],
        "warnings": [caution.as_dict() for caution in _cautions(result)],
        "cite": list(_cites(result)),
        "source": (entry or (result.drop.rule if result.drop else law.rules["annex_pipa"][0])).source,
        "confidence": _confidence(result),
        "why": told.ko,
        "why_en": told.en,
    }


def _weighing(result: Result) -> dict[str, Any]:
    fine = result.fine
    if fine.aggravation is None or fine.mitigation is None or fine.looked_back is None:
        names = ("step", "base", "aggravation_pct", "aggravation", "mitigation_pct", "mitigation")
        return dict.fromkeys(names)
    return {
        "step": fine.looked_back.step,
        "base": plain(fine.base),
        "aggravation_pct": percent_text(fine.aggravation.used),
        "aggravation": plain(fine.aggravation.amount),
        "mitigation_pct": percent_text(fine.mitigation.used),
        "mitigation": plain(fine.mitigation.amount),
    }


def _cites(result: Result) -> tuple[str, ...]:
    lines = [cite for line in result.fine.steps for cite in line.cite]
    return once([*lines, *(result.drop.rule.cite if result.drop else ())])


def _confidence(result: Result) -> str:
    """The weakest of what the amount rests on; where it is dropped, of what drops it."""
    if result.drop:
        return result.drop.rule.confidence
    entries = [entry.confidence for entry in result.fine.used]
    cautions = [caution.confidence for caution in _cautions(result) if caution.code not in WEIGHED]
    return least_sure([*entries, *cautions])


def _why(result: Result) -> Words:
    fine, act = result.fine, result.fine.act
    if result.drop:
        return result.drop.words
    assert fine.looked_back and fine.aggravation and fine.mitigation
    plus, minus = percent_text(fine.aggravation.used), percent_text(fine.mitigation.used)
    cut = f" 법정 상한액 {won(fine.ceiling)}을 넘지 못합니다." if fine.is_at_ceiling else ""
    cut_en = f" The ceiling of {fine.ceiling:,f} won binds." if fine.is_at_ceiling else ""
    return Words(
        f"{with_particle(act.item.title, '은/는')} {day_text(act.law_on)}의 기준으로 {fine.looked_back.step}회 위반이어서 "
        f"기준금액 {won(fine.base)}에 {plus}%를 더하고 {minus}%를 빼면 {won(fine.amount)}입니다.{cut}",
        f"By the annex of {act.law_on}, time {fine.looked_back.step}: {fine.base:,f} won plus {plus}% less {minus}% "
        f"comes to {fine.amount:,f} won.{cut_en}",
    )


def _dropped(place: int, result: Result) -> dict[str, Any]:
    assert result.drop
    return {
        "act": place,
        "item": result.fine.act.item.code,
        "reason": result.drop.code,
        "amount": plain(result.fine.amount),
        "cite": list(result.drop.rule.cite),
        "confidence": result.drop.rule.confidence,
        "why": result.drop.words.ko,
        "why_en": result.drop.words.en,
    }


def _total_line(results: Sequence[Result], total: Decimal) -> Line:
    parts = [won(_counted(result)) for result in results]
    cite = once(cite for result in results for cite in _cites(result))
    return Line(
        "total", Words("과태료의 합계", "total of the fines"), " + ".join(parts) or won(total), total, cite
    )


def _whole(results: Sequence[Result], total: Decimal, early: Decimal) -> Words:
    fined = sum(result.drop is None for result in results)
    return Words(
        f"위반행위 {len(results)}건 가운데 {fined}건의 과태료를 더하면 {won(total)}이고, 의견제출기한까지 자진하여 내면 "
        f"{won(early)}까지 줄어들 수 있습니다. 부과 여부와 가중·감경의 정도는 처분청이 정합니다.",
        f"{fined} of {len(results)} violations are fined, {total:,f} won in all; paid within the time for comments it "
        f"may fall to {early:,f} won. Whether and how much is imposed is for the authority.",
    )


def _questions(results: Sequence[Result], case: Case, law: FineLaw) -> list[dict[str, Any]]:
    """What the law leaves to people and nobody has entered."""
    asked = []
    standing = [result for result in results if result.drop is None]
    if len(standing) > 1 and any("conduct" not in result.fine.act.facts for result in standing):
        asked.append(
            ("conduct", "acts[].conduct", CONDUCT_OPEN, law.rule("concurrence", case.decided_on).cite)
        )
    if "in_arrears" not in case.facts and any(act.facts.get("mitigate") for act in case.acts):
        rule = law.rule(f"adjusting_{case.acts[0].item.law}", case.acts[0].law_on)
        asked.append(("arrears", "in_arrears", ARREARS_OPEN, rule.cite[:1]))
    if any("is_without_fault" not in result.fine.act.facts for result in standing):
        rule = law.rule("intent_or_negligence", case.decided_on)
        asked.append(("fault", "acts[].is_without_fault", FAULT_OPEN, rule.cite))
    return [
        {"id": code, "fact": fact, "why": words.ko, "why_en": words.en, "cite": list(cite)}
        for code, fact, words, cite in asked
    ]
