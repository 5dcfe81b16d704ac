"""‘왜?’: the working behind one deadline, from the terms its duty was computed with."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

import rules
from incidents.clocks import CONFIDENCE, day_label, instant_label, limit_label
from incidents.facts import CATALOGUE, label_of
from incidents.models import Deadline
from incidents.procedure import WEEKEND, PassedDay, Warned, given_label, passed_days, warnings_of
from incidents.reading import code_word, contents_of, is_english, recipients_of, said
from incidents.values import won_label

MET, NOT_MET, OPEN = "met", "not_met", "open"
_PERIOD = re.compile(r"PT\d+H|P\d+[DMY]")
_UNIT = re.compile(r" \((HOURS|DAYS)\)")  # said by the period itself
_NAME = re.compile(r"^\D+(?=\d)")  # the fact a formula begins with


@dataclass(frozen=True, slots=True)
class Requirement:
    """One thing the duty hangs on: what it is, what the case says, whether it is fulfilled."""

    what: str
    fact: str
    state: str

    @property
    def word(self) -> str:
        return {MET: _("충족"), NOT_MET: _("아님"), OPEN: _("판단 필요")}[self.state]


@dataclass(frozen=True, slots=True)
class Step:
    label: str
    formula: str
    value: str
    cite: str


@dataclass(frozen=True, slots=True)
class DutyPanel:
    """Everything ‘왜?’ shows. Lists are empty where the law says nothing."""

    conclusion: str
    open_question: str
    requirements: list[Requirement]
    steps: list[Step]
    recipients: list[str]
    contents: list[str]
    stops: list[str]
    exceptions: list[str]
    delay_grounds: list[str]
    exemption: str
    posting: str
    guidance: str
    safe_target: str
    sanction: str
    sanction_cite: str
    cite: list[str]
    confidence: str
    confidence_word: str
    version: str
    selected_by: str
    rules_digest: str
    source: str
    if_missed: str = ""
    passed_days: Sequence[PassedDay] = ()  # of a period of the procedure that holidays moved
    warnings: Sequence[Warned] = ()


def duty_panel(deadline: Deadline) -> DutyPanel | None:
    """The working of a statutory deadline; None for one that a person set."""
    if deadline.duty is None:
        return None
    terms: dict[str, Any] = deadline.duty.terms
    return DutyPanel(
        conclusion=said(terms, "why"),
        open_question=said(terms, "open_question"),
        requirements=_requirements(terms),
        steps=[_step(step, terms) for step in terms.get("steps", ())],
        recipients=recipients_of(terms),
        contents=contents_of(terms),
        stops=_stops(terms),
        exceptions=_labels("exceptions", terms.get("exceptions", ())),
        delay_grounds=_labels("delay_grounds", terms.get("delay_grounds", ())),
        exemption=said(terms.get("exemption") or {}, "why"),
        posting=_posting(terms.get("posting")),
        guidance=_guidance(terms),
        safe_target=_safe_target(terms.get("safe_target")),
        sanction=_sanction(terms),
        sanction_cite=", ".join(terms.get("sanction_cite", ())),
        cite=list(terms["cite"]),
        confidence=terms["confidence"],
        confidence_word=str(CONFIDENCE.get(terms["confidence"], terms["confidence"])),
        version=str(terms.get("version") or ""),
        selected_by=_selected_by(terms.get("selected_by")),
        rules_digest=deadline.duty.rules_digest,
        source=terms.get("source") or "",
        if_missed=said(terms, "if_missed"),
        passed_days=passed_days(terms),
        warnings=warnings_of(terms),
    )


def _requirements(terms: dict[str, Any]) -> list[Requirement]:
    rows = []
    if terms.get("anchor") and terms.get("starts_at"):
        rows.append(Requirement(_fact_label(terms["anchor"]), _written(terms["starts_at"]), MET))
    rows += [Requirement(_fact_label(name), _("아직 적지 않음"), OPEN) for name in terms.get("missing", ())]
    for name, held in ((terms.get("exemption") or {}).get("needs") or {}).items():
        what = _("면제 요건: %(fact)s") % {"fact": _fact_label(name)}
        stated = {True: _("예"), False: _("아니요")}.get(held, _("아직 적지 않음"))
        rows.append(Requirement(what, stated, {True: MET, False: NOT_MET}.get(held, OPEN)))
    return rows


def _fact_label(name: str) -> str:
    """Our word for a fact people state, else the word of the rules."""
    entry = next((entry for entry in rules.vocabulary("duties") if entry.name == name), None)
    if name in CATALOGUE or entry is None:
        return label_of(name)
    return entry.label_en if is_english() else entry.label


def _step(step: dict[str, Any], terms: dict[str, Any]) -> Step:
    value = won_label(step["value"]) if step["code"] == "sanction" else _written(step.get("value"))
    formula = " ".join(
        str(WEEKEND[word]) if word in WEEKEND else _written(word) for word in _formula(step, terms).split(" ")
    )
    label = said(step, "label")
    return Step(label[:1].upper() + label[1:], formula, value, ", ".join(step.get("cite", ())))


def _formula(step: dict[str, Any], terms: dict[str, Any]) -> str:
    """The formula with the fact it begins with under the name people know it by."""
    if step["code"] == "named":  # the day the document itself names, told by its code
        return given_label(terms["kind"], str(step["formula"]))
    formula = _UNIT.sub("", str(step["formula"]))
    name = {"version": (terms.get("selected_by") or {}).get("key"), "clock": terms.get("anchor")}.get(
        step["code"]
    )
    return _NAME.sub(lambda _old: f"{_fact_label(name)} ", formula) if name else formula


def _written(value: str | None) -> str:
    """An instant, a day or a period as people read it; anything else unchanged."""
    if not value:
        return "—"
    if _PERIOD.fullmatch(value):
        return limit_label(value)
    try:
        if "T" in value and len(value) >= 16:
            return instant_label(datetime.fromisoformat(value))
        return day_label(date.fromisoformat(value)) if len(value) == 10 else value
    except ValueError:
        return value


def _stops(terms: dict[str, Any]) -> list[str]:
    stops = [_("이행을 기록하면 시계가 멈추고 여유 시간이 남습니다.")]
    if terms.get("anchor"):
        stops.append(_("‘%(fact)s’ 사실이 바뀌면 다시 계산합니다.") % {"fact": _fact_label(terms["anchor"])})
    if "who" in terms:
        stops.append(_("이 기한을 시작한 절차의 기록을 거두면 끝납니다."))
    if terms.get("exemption"):
        stops.append(_("면제 요건을 모두 갖추면 생략할 수 있습니다."))
    return stops


def _labels(kind: str, codes: Iterable[str]) -> list[str]:
    return [code_word(kind, code) for code in codes]


def _posting(posting: dict[str, Any] | None) -> str:
    if not posting:
        return ""
    days = {"days": posting["days"]}
    if posting.get("applies"):
        return _("연락처를 모르는 사람이 있으므로 홈페이지에 %(days)d일 이상 게시해야 합니다.") % days
    return _("연락처를 모르는 사람이 있으면 홈페이지에 %(days)d일 이상 게시해야 합니다.") % days


def _guidance(terms: dict[str, Any]) -> str:
    if not terms.get("guidance_last_day"):
        return ""
    return _("해설서의 기준일은 %(day)s입니다.") % {"day": _written(terms["guidance_last_day"])}


def _safe_target(target: dict[str, Any] | None) -> str:
    if not target:
        return ""
    if target.get("due_at") is None:
        return _("%(day)s까지 마치는 것이 안전합니다.") % {"day": _written(target["last_day"])}
    return _("%(why)s 안전한 시각: %(instant)s") % {
        "why": said(target, "why"),
        "instant": _written(target["due_at"]),
    }


def _sanction(terms: dict[str, Any]) -> str:
    if not terms.get("sanction_ceiling"):
        return ""
    return _("과태료 %(amount)s 이하") % {"amount": won_label(terms["sanction_ceiling"])}


def _selected_by(selected: dict[str, Any] | None) -> str:
    if not selected:
        return ""
    words = {"fact": _fact_label(selected["key"]), "day": _written(selected["on"])}
    if selected.get("presumed"):
        return _("‘%(fact)s’를 아직 적지 않아 %(day)s 기준으로 고른 규정입니다.") % words
    return _("‘%(fact)s’ %(day)s 기준으로 고른 규정입니다.") % words
