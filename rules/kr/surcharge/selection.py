"""Which regime applies: by the end of the violation, the day of the decision, and the article."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from rules.engine.faults import Fault
from rules.engine.history import Entry
from rules.engine.korean import day_text, listed
from rules.kr.surcharge.facts import AUTO
from rules.kr.surcharge.law import Article, articles

TRANSITIONS = ("개인정보 보호법 부칙(법률 제16930호) 제8조", "개인정보 보호법 부칙(법률 제19234호) 제8조")


@dataclass(frozen=True)
class Selection:
    """The article and its regime, with the days that chose them."""

    article: Article
    regime: Entry
    began_on: date
    ended_on: date  # of an ongoing violation the day of the decision
    decided_on: date
    is_ongoing: bool

    @property
    def days(self) -> dict[str, date]:
        return {"ended_on": self.ended_on, "decided_on": self.decided_on}

    def rule(self, name: str) -> Entry | None:
        """The rule of the article as it holds for this case; None where it has none."""
        return self.article.rule_on(name, self.days)

    def knows(self, name: str) -> bool:
        """Whether the article has such a rule at any time."""
        return name in self.article.rules


def choose(facts: Mapping[str, Any], faults: list[Fault]) -> Selection | None:
    """The regime of these facts; None, with the fault noted, where none fits."""
    days = _days(facts, faults)
    if days is None:
        return None
    began, ended, decided = days
    key_days = {"ended_on": ended, "decided_on": decided}
    fitting = {
        name: regime for name, article in articles().items() if (regime := article.regime_on(key_days))
    }
    name = _article(facts, fitting, ended, faults)
    if name is None:
        return None
    regime = fitting[name]
    if regime.values and "refused" in regime.values:
        faults.append(_refused(articles()[name], regime, ended))
        return None
    is_ongoing = "to" not in facts["violation"]
    return Selection(articles()[name], regime, began, ended, decided, is_ongoing)


def _days(facts: Mapping[str, Any], faults: list[Fault]) -> tuple[date, date, date] | None:
    violation = facts.get("violation") or {}
    began, decided = violation.get("from"), facts.get("decided_on")
    if began is None or decided is None or any(fault.path == "violation.to" for fault in faults):
        return None
    ended = violation.get("to", decided)
    found = len(faults)
    if "to" in violation and ended < began:
        faults.append(
            Fault(
                "violation.to",
                f"위반행위의 끝({ended})이 시작({began})보다 앞섭니다.",
                f"{began} 이후의 날을 적으십시오.",
            )
        )
    elif decided < ended:
        faults.append(
            Fault(
                "decided_on",
                f"처분일({decided})이 위반행위의 끝({ended})보다 앞섭니다.",
                f"{ended} 이후의 날을 적거나, 끝나지 않은 위반행위이면 violation.to를 비우십시오.",
            )
        )
    elif decided < began:
        faults.append(
            Fault(
                "decided_on",
                f"처분일({decided})이 위반행위의 시작({began})보다 앞섭니다.",
                f"{began} 이후의 날을 적으십시오.",
            )
        )
    return (began, ended, decided) if len(faults) == found else None


def _article(
    facts: Mapping[str, Any], fitting: Mapping[str, Entry], ended: date, faults: list[Fault]
) -> str | None:
    regime, article = facts.get("regime"), facts.get("article")
    if regime is None or article is None:  # named, and already at fault
        return None
    by_regime = {entry.version: name for name, entry in fitting.items()}
    possible = listed([f"{name}({entry.version})" for name, entry in fitting.items()]) or "없음"
    where = f"{day_text(ended)}에 끝난 위반행위에 맞는 것: {possible} ({listed(TRANSITIONS)})"
    if not fitting:
        faults.append(
            Fault(
                "violation.to",
                f"{ended}에 끝난 위반행위에 맞는 과징금 규정이 없습니다.",
                "과징금 규정은 2008-12-14 이후에 끝난 위반행위에 있습니다(정보통신망법 제64조의3).",
            )
        )
    elif regime != AUTO and regime not in by_regime:
        faults.append(Fault("regime", f"{regime}은 이 위반행위와 처분일에 적용되지 않습니다.", where))
    elif article != AUTO and article not in fitting:
        faults.append(Fault("article", f"{article}은 이 위반행위와 처분일에 적용되지 않습니다.", where))
    elif regime != AUTO and article != AUTO and by_regime[regime] != article:
        faults.append(Fault("article", f"{regime}은 {article}의 규정이 아닙니다.", where))
    elif regime != AUTO:
        return by_regime[regime]
    elif article != AUTO:
        return str(article)
    elif len(fitting) > 1:
        faults.append(Fault("article", "날짜만으로는 근거 조문을 고를 수 없습니다.", where))
    else:
        return next(iter(fitting))
    return None


def _refused(article: Article, regime: Entry, ended: date) -> Fault:
    values = dict(regime.values or {})
    cap = article.rule_on("cap", {"ended_on": ended, "decided_on": ended})
    limits = dict((cap and cap.values) or {})
    hint = (
        f"{listed(regime.cite)}. 상한만 알 수 있습니다: 관련 매출액의 {int(limits['percent'])}%, "
        f"유출(제6호) {int(limits['leak_item']):,}원, 매출액이 없으면 {int(limits['no_revenue']):,}원."
    )
    return Fault("regime", f"{regime.version}: {values['refused']}", hint)


def selection_answer(selection: Selection) -> dict[str, Any]:
    """What chose the regime: the day, the entry it begins with, and its reason."""
    regime = selection.regime
    key = regime.selected_by
    ended, decided = selection.ended_on, selection.decided_on
    values = dict(regime.values or {})
    ko = values["why"].format(ended=day_text(ended), decided=day_text(decided))
    en = values["why_en"].format(ended=ended, decided=decided)
    if selection.is_ongoing:
        ko += " 끝나지 않은 위반행위이므로 처분일을 그 끝으로 봅니다."
        en += " It has not ended, so the day of the decision stands for its end."
    return {
        "selected_by": {
            "key": key,
            "on": selection.days[key].isoformat(),
            "from": regime.start.isoformat(),
            "ended_on": selection.ended_on.isoformat(),
            "decided_on": selection.decided_on.isoformat(),
            "is_ongoing": selection.is_ongoing,
            "cite": list(regime.cite),
        },
        "why": ko,
        "why_en": en,
    }
