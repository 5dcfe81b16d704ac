"""What cannot be in the facts of a fine: each said with its place, the article and what is allowed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from rules.engine.declaration import inside
from rules.engine.faults import FactsError, Fault
from rules.engine.history import Entry
from rules.engine.kinds import nearest
from rules.engine.korean import day_text, listed, with_particle
from rules.engine.percent import percent_text
from rules.engine.periods import end_of_calendar_days, read_length
from rules.kr.articles import formal
from rules.kr.fines.coercive import COERCIVE, coercive_faults
from rules.kr.fines.facts import DAY_LABELS, LISTED_PERSON, NOTICE_ITEM, Act, Case, facts_record
from rules.kr.fines.law import FineLaw, Item
from rules.kr.followups.wording import length_words

SIDES = {"aggravate": ("aggravation", "가중"), "mitigate": ("mitigation", "감경")}
TRIGGERS = ("service_stop_minutes", "user_data", "is_like_weight")


def read_case(document: object, law: FineLaw) -> Case:
    """The case of a document. Raises FactsError with every fault, of form and of fact."""
    faults: list[Fault] = []
    facts = facts_record(law).read(document, "", faults) or {}
    settings = facts.setdefault(
        "settings", {"look_back_first_day": "counted", "apply_lighter_later_law": False}
    )
    decided_on = facts.get("decided_on")
    if "acts" in facts and not facts["acts"] and COERCIVE not in facts:
        faults.append(Fault("acts", "위반행위가 없습니다.", "하나 이상 적으십시오."))
    acts = acts_of(facts, law, faults)
    for act in acts:
        faults += _prior_faults(act, decided_on)
        faults += _weighing_faults(act, facts, settings, law)
        faults += _other_faults(act, law)
    faults += _payment_faults(facts)
    if COERCIVE in facts:
        faults += coercive_faults(facts[COERCIVE], decided_on, law)
    if faults:
        raise FactsError(faults)
    return Case(tuple(acts), facts["decided_on"], facts)


def acts_of(facts: Mapping[str, Any], law: FineLaw, faults: list[Fault]) -> list[Act]:
    """The acts that could be read; what runs backwards is noted of the others as well."""
    decided_on, found = facts.get("decided_on"), []
    for place, given in enumerate(facts.get("acts", ())):
        if given:
            path = f"acts[{place}]"
            found.append(_act(path, given, decided_on, law, faults))
            faults += _order_faults(path, given, decided_on)
    return [act for act in found if act is not None]


def _act(
    path: str, given: Mapping[str, Any], decided_on: date | None, law: FineLaw, faults: list[Fault]
) -> Act | None:
    """The act with the row of the annex on its day; None, with the faults noted, where there is no such row or day."""
    ended_on = decided_on if given.get("is_ongoing") else given.get("ended_on")
    where = inside(path, "ended_on")
    is_read = all(fault.path != where for fault in faults)
    if is_read and bool(given.get("is_ongoing")) == ("ended_on" in given):
        hint = "끝났으면 ended_on에 날을, 끝나지 않았으면 is_ongoing: true를 적으십시오."
        faults.append(
            Fault(
                where,
                "위반이 끝난 날과 끝나지 않았다는 것 가운데 하나만 적어야 합니다.",
                hint,
            )
        )
    if ended_on is None or "item" not in given:
        if "item" in given:
            _item(path, given["item"], given.get("completed_on"), law, faults)
        return None
    stated: date = given.get("completed_on") or ended_on
    item = _item(path, given["item"], stated, law, faults)
    if item is None:
        return None
    law_on, is_carried = _law_on(item, stated, given)
    if law_on < item.known_from:
        message = (
            f"{item.title}에 대하여 {day_text(law_on)}에 적용되던 과태료 금액은 이 규칙집이 알지 못합니다."
        )
        hint = f"{item.known_from}부터의 위반행위만 계산할 수 있습니다(질서위반행위규제법 제3조제1항)."
        faults.append(Fault(inside(path, "ended_on"), message, hint))
        return None
    return Act(path, item, item.on(law_on), law_on, is_carried, given)


def _law_on(item: Item, stated: date, given: Mapping[str, Any]) -> tuple[date, bool]:
    """The day whose law applies; for a time limit of a repealed row, that row's last day at the latest."""
    entry = item.on(stated)
    if entry is None or entry.values is not None or not item.completes_by_deadline:
        return stated, False
    last = entry.start - timedelta(days=1)
    started_on = given.get("started_on")
    return (stated, False) if started_on and started_on > last else (last, True)


def _item(path: str, named: str, day: date | None, law: FineLaw, faults: list[Fault]) -> Item | None:
    where = inside(path, "item")
    if named in law.items:
        return law.items[named]
    found = law.named_by(named, day) if day else []
    if len(found) == 1:
        return found[0]
    if found:
        codes = listed([item.code for item in found])
        faults.append(
            Fault(where, f"‘{named}’에는 항목이 여럿입니다.", f"이 가운데 하나를 적으십시오: {codes}")
        )
        return None
    elsewhere = _elsewhere(named, law)
    hint = elsewhere or nearest(named, tuple(law.items))
    faults.append(Fault(where, f"과태료 부과기준(별표)에 없는 항목입니다: {named[:40]}", hint))
    return None


def _elsewhere(named: str, law: FineLaw) -> str:
    """When an article was named, and the code of its row, which holds on every day."""
    for item in law.items.values():
        for entry in item.entries:
            if entry.values and named in entry.values["articles"]:
                span = f"{entry.start}부터 {entry.end or '지금'}까지 {formal(named)}의 항목입니다."
                return f"{with_particle(item.code, '은/는')} {span} 그 부호를 적으십시오."
    return ""


def _order_faults(path: str, given: Mapping[str, Any], decided_on: date | None) -> Iterator[Fault]:
    """Days that run backwards."""
    ended_on = given.get("ended_on")
    before = (
        ("ended_on", "started_on", ended_on, given.get("started_on")),
        ("completed_on", "started_on", given.get("completed_on"), given.get("started_on")),
        ("detected_on", "ended_on", given.get("detected_on"), given.get("completed_on") or ended_on),
    )
    for late, early, day, limit in before:
        if day and limit and day < limit:
            named = "completed_on" if late == "detected_on" and "completed_on" in given else early
            yield _backwards(path, late, day, DAY_LABELS[named][0], limit)
    completed_on = given.get("completed_on")
    if completed_on and ended_on and completed_on > ended_on:
        yield _too_late(path, "completed_on", completed_on, "위반이 끝난 날", ended_on)
    for name, (label, _) in DAY_LABELS.items():
        day = given.get(name)
        if day and decided_on and day > decided_on:
            hint = f"{label}은 {decided_on}까지의 날이어야 합니다(질서위반행위규제법 제17조)."
            yield Fault(inside(path, name), f"{day}은 처분일 {decided_on}보다 뒤입니다.", hint)


def _backwards(path: str, name: str, day: date, label: str, limit: date) -> Fault:
    hint = f"{limit} 이후의 날을 적으십시오."
    if name == "detected_on":
        hint += " 적발된 뒤에도 이어진 위반이면 is_ongoing이나 completed_on을 쓰십시오(시행령 별표 제1호)."
    return Fault(inside(path, name), f"{day}은 {label} {limit}보다 앞섭니다.", hint)


def _too_late(path: str, name: str, day: date, label: str, limit: date) -> Fault:
    return Fault(
        inside(path, name), f"{day}은 {label} {limit}보다 뒤입니다.", f"{limit}까지의 날을 적으십시오."
    )


def _prior_faults(act: Act, decided_on: date | None) -> Iterator[Fault]:
    where = inside(act.path, "prior_dispositions")
    if act.priors and "detected_on" not in act.facts:
        hint = "앞선 과태료는 처분일부터 이번 위반이 적발된 날까지의 기간을 봅니다(시행령 별표 제1호)."
        yield Fault(inside(act.path, "detected_on"), "적발된 날이 없습니다.", hint)
    for place, prior in enumerate(act.facts.get("prior_dispositions", ())):
        if prior and decided_on and prior.on > decided_on:
            yield _too_late(act.path, f"prior_dispositions[{place}]", prior.on, "처분일", decided_on)
    steps = [prior.step for prior in act.priors]
    if any(steps) and not all(steps):
        yield Fault(
            where, "차수를 적은 처분과 적지 않은 처분이 섞여 있습니다.", "모두 적거나 모두 비우십시오."
        )


def _weighing_faults(
    act: Act, facts: Mapping[str, Any], settings: Mapping[str, Any], law: FineLaw
) -> Iterator[Fault]:
    if not act.is_listed:
        return
    rule = law.rule(f"adjusting_{act.item.law}", act.law_on)
    cite = rule.cite[0]
    mitigation = act.facts.get("mitigate", {})
    for name, (side, word) in SIDES.items():
        limit = limit_of(rule, side, settings)
        for code, percent in act.facts.get(name, {}).items():
            where = inside(inside(act.path, name), code)
            if code == LISTED_PERSON:
                yield from _listed_faults(where, percent, mitigation, law, act.law_on)
                continue
            factor = (rule.values or {})[side].get(code)
            if factor is None:
                known = listed(tuple((rule.values or {})[side])) or "없음"
                yield Fault(
                    where,
                    f"{day_text(act.law_on)}의 기준에 없는 {word} 사유입니다: {code}",
                    f"{cite}: {known}",
                )
            elif percent > limit:
                given, most = percent_text(percent), percent_text(limit)
                yield Fault(
                    where, f"{given}%는 {word} 한도 {most}%를 넘습니다.", f"{cite}: 0% 이상 {most}% 이하"
                )
            elif not _has_lasted(act, factor.get("at_least")):
                least = length_words(factor["at_least"]).ko
                hint = f"{cite}: {with_particle(factor['label'], '은/는')} 위반상태가 {least} 이상일 때의 사유입니다."
                yield Fault(where, f"위반이 시작된 날과 끝난 날로 보면 {least}에 미치지 못합니다.", hint)
    if facts.get("in_arrears") and any(code != LISTED_PERSON and pct for code, pct in mitigation.items()):
        hint = f"{cite}: 과태료를 체납하고 있는 자는 감경하지 않습니다."
        yield Fault(inside(act.path, "mitigate"), "과태료를 체납하고 있어 감경할 수 없습니다.", hint)


def limit_of(rule: Entry, side: str, settings: Mapping[str, Any]) -> Decimal:
    """The most one side may come to; a setting only where the law's own figure is not confirmed."""
    values = rule.values or {}
    if side == "mitigation" and values["mitigation_limit_is_unconfirmed"]:
        return Decimal(settings.get("mitigation_limit_pct", values["mitigation_limit"]))
    return Decimal(values[f"{side}_limit"])


def _listed_faults(
    where: str, percent: Decimal, mitigation: Mapping[str, Decimal], law: FineLaw, day: date
) -> Iterator[Fault]:
    rule = law.rule(LISTED_PERSON, day)
    most = (rule.values or {})["limit"]
    if percent > most:
        yield Fault(
            where,
            f"{percent_text(percent)}%는 한도를 넘습니다.",
            f"{rule.cite[0]}: {percent_text(most)}% 이하",
        )
    if len(mitigation) > 1:
        hint = f"{rule.cite[0]}: 제18조의 자진납부 감경 말고는 다른 감경과 함께 하지 않습니다."
        yield Fault(where, "다른 감경과 겹칩니다.", hint)


def _has_lasted(act: Act, at_least: str | None) -> bool:
    """Whether the state lasted so long, its first day counted; true where its days are not known."""
    started_on, ended_on = act.day("started_on"), act.day("ended_on")
    if at_least is None or started_on is None or ended_on is None:
        return True
    return lasts(started_on, ended_on, at_least)


def lasts(started_on: date, ended_on: date, length: str) -> bool:
    """Whether the days from `started_on` to `ended_on`, both counted, come to `length` or more."""
    day_before = started_on - timedelta(days=1)
    return ended_on >= end_of_calendar_days(start=day_before, length=read_length(length)).day


def _other_faults(act: Act, law: FineLaw) -> Iterator[Fault]:
    under = act.facts.get("surcharged_under")
    if under and act.item.law == "pipa":
        rule = law.rule("double_sanction", act.law_on)
        known = (rule.values or {})["known"]
        if under not in known:
            message = f"{day_text(act.law_on)}의 위반행위에는 이 과징금을 부과할 수 없습니다: {under}"
            yield Fault(inside(act.path, "surcharged_under"), message, f"{rule.cite[0]}: {listed(known)}")
    elif under:
        hint = "개인정보 보호법 제76조는 그 법의 과징금과 과태료 사이의 규정입니다."
        yield Fault(inside(act.path, "surcharged_under"), "정보통신망법의 과태료에는 쓰지 않습니다.", hint)
    if act.item.code != NOTICE_ITEM:
        for name in TRIGGERS:
            if name in act.facts:
                yield Fault(
                    inside(act.path, name), f"{NOTICE_ITEM}에만 쓰는 사실입니다.", "이 줄을 지우십시오."
                )
    yield from completion_faults(act)


def completion_faults(act: Act) -> Iterator[Fault]:
    """Only a duty with a time limit is broken on the day the limit runs out."""
    if "completed_on" in act.facts and not act.item.completes_by_deadline:
        hint = "통지·신고·보고처럼 기한이 지나면 완성되는 위반에만 적습니다."
        yield Fault(inside(act.path, "completed_on"), "이 항목에는 쓰지 않는 날입니다.", hint)


def _payment_faults(facts: Mapping[str, Any]) -> Iterator[Fault]:
    payment = facts.get("payment") or {}
    until, pay_by, paid_on = (payment.get(name) for name in ("opinion_until", "pay_by", "paid_on"))
    if until and pay_by and pay_by < until:
        yield Fault(
            "payment.pay_by",
            f"{pay_by}은 의견제출기한 {until}보다 앞섭니다.",
            f"{until} 이후의 날을 적으십시오.",
        )
    if facts.get("paid_early") is not None and payment:
        is_early = bool(until and paid_on and paid_on <= until)
        if is_early != facts["paid_early"]:
            hint = "질서위반행위규제법 제18조: 의견제출기한까지 낸 경우에만 줄어듭니다. 하나만 적으십시오."
            yield Fault("paid_early", "낸 날과 맞지 않습니다.", hint)
