"""The facts a case can hold: their names, kinds and words. What follows from them stands in `rules`.

The facts of the general duties are written here, with hints for the night; every other fact of an
incident that the vocabulary of the law names joins by itself, with the words of the law file.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from django.utils.functional import Promise, lazy
from django.utils.translation import gettext_lazy as _

import rules
from incidents.reading import is_english


class Kind(StrEnum):
    INSTANT = "instant"
    COUNT = "count"
    YES_NO = "yes_no"
    CHOICE = "choice"
    SET = "set"
    TEXT = "text"
    MONEY = "money"  # whole won, in a string
    DAY = "day"
    CONFIRMED = "confirmed"  # one of a list: its words, and the instant from which it has a clock of its own


class Group(StrEnum):
    ANCHOR = "anchor"
    NATURE = "nature"
    SCALE = "scale"
    OUTAGE = "outage"
    SECTOR = "sector"  # what only some organisations are asked
    NARRATIVE = "narrative"
    CONFIRMED = "confirmed"


@dataclass(frozen=True, slots=True)
class Fact:
    """One kind of fact. `to_rules` tells whether the law engine reads it.

    A count has the `most` it can be and its `unit`. One of a list (`many`) is kept as its text and an
    instant named `moment`; the law knows the list as `listed_as`.
    """

    name: str
    kind: Kind
    group: Group
    label: str | Promise
    hint: str | Promise = ""
    choices: tuple[tuple[str, str | Promise], ...] = ()
    to_rules: bool = True
    by_person: bool = False  # the law leaves it to a named person who must give reasons
    many: bool = False
    unit: str | Promise = ""
    most: int | None = None
    listed_as: str = ""
    moment: str = ""
    moment_label: str | Promise = ""


def _anchor(name: str, label: str | Promise, hint: str | Promise, *, to_rules: bool = True) -> Fact:
    return Fact(name, Kind.INSTANT, Group.ANCHOR, label, hint, to_rules=to_rules)


def _nature(name: str, label: str | Promise, hint: str | Promise = "", *, by_person: bool = False) -> Fact:
    return Fact(name, Kind.YES_NO, Group.NATURE, label, hint, by_person=by_person)


def _text(name: str, label: str | Promise, hint: str | Promise) -> Fact:
    return Fact(name, Kind.TEXT, Group.NARRATIVE, label, hint, to_rules=False)


EFFECTS = (
    ("loss", _("분실")),
    ("theft", _("도난")),
    ("leak", _("유출")),
    ("forgery", _("위조")),
    ("alteration", _("변조")),
    ("damage", _("훼손")),
)
POSSIBILITY_KINDS = (
    ("illegal_access", _("불법적인 접근이 있었고 정보주체를 특정하기 어려움")),
    ("partial_confirmed", _("일부의 유출등이 확인됐고 다른 사람도 가능성이 있음")),
)
POSSIBILITY_OUTCOMES = (
    ("open", _("아직 모름")),
    ("confirmed", _("유출등으로 확정")),
    ("ruled_out", _("유출등이 아님을 확인")),
)

_ALL = (
    _anchor("occurred_at", _("일어난 때"), _("유출등이나 사고가 일어난 가장 이른 시각입니다.")),
    _anchor(
        "anomaly_detected_at",
        _("이상 징후를 본 때"),
        _("기한은 시작하지 않지만 기록해 둡니다."),
        to_rules=False,
    ),
    _anchor("intrusion_known_at", _("침해사고를 알게 된 때"), _("침해사고 신고 24시간이 여기서 시작합니다.")),
    _anchor(
        "possibility_known_at",
        _("유출등의 가능성을 알게 된 때"),
        _("가능성 통지 72시간이 여기서 시작합니다."),
    ),
    _anchor(
        "leak_known_at",
        _("유출등을 알게 된 때"),
        _("정보주체 통지와 위원회 신고 72시간이 여기서 시작합니다."),
    ),
    _anchor(
        "cpo_informed_at",
        _("개인정보 보호책임자가 알게 된 때"),
        _("내부 보고는 기한을 다시 시작하지 않습니다."),
        to_rules=False,
    ),
    _anchor(
        "ceo_informed_at",
        _("대표자가 알게 된 때"),
        _("내부 보고는 기한을 다시 시작하지 않습니다."),
        to_rules=False,
    ),
    _anchor("processor_known_at", _("수탁자가 알게 된 때"), _("수탁자와 위탁자의 시계는 따로 봅니다.")),
    _nature("illegal_external_access", _("외부의 불법적인 접근"), _("인원수와 관계없이 신고 대상이 됩니다.")),
    Fact("effect", Kind.SET, Group.NATURE, _("무슨 일이 생겼나"), _("해당하는 것을 모두 고르세요."), EFFECTS),
    _nature(
        "has_sensitive",
        _("민감정보가 들어 있음"),
        _("건강, 유전, 범죄경력, 사상·신념, 생체인식 정보 등입니다."),
    ),
    _nature(
        "has_unique_id",
        _("고유식별정보가 들어 있음"),
        _("주민등록번호, 여권번호, 운전면허번호, 외국인등록번호입니다."),
    ),
    _nature(
        "is_user_data", _("온라인 서비스 이용자의 정보"), _("임직원이나 오프라인 고객의 정보면 아니요입니다.")
    ),
    _nature("path_identified", _("유출 경로를 확인함")),
    _nature("recovered_or_deleted", _("회수하거나 삭제함")),
    _nature(
        "risk_markedly_lower",
        _("권익 침해 가능성이 현저히 낮아짐"),
        _("법이 사람에게 맡긴 판단입니다. 판단한 사람과 이유를 적어야 합니다."),
        by_person=True,
    ),
    _nature("is_pseudonymised_only", _("가명정보만 해당")),
    _nature("is_public_fixed_cctv", _("공개된 장소의 고정형 영상정보처리기기")),
    _nature("is_58_1_purpose", _("법 제58조제1항의 목적")),
    _nature(
        "comparable_serious_effect",
        _("이용자 정보 보호에 중대한 영향"),
        _("2시간 이상의 중단이나 이용자 정보 침해에 준하는지 법이 사람에게 맡긴 판단입니다."),
        by_person=True,
    ),
    Fact("possibility_kind", Kind.CHOICE, Group.NATURE, _("가능성의 종류"), "", POSSIBILITY_KINDS),
    Fact("possibility_outcome", Kind.CHOICE, Group.NATURE, _("가능성 확인 결과"), "", POSSIBILITY_OUTCOMES),
    Fact("possibility_outcome_at", Kind.INSTANT, Group.NATURE, _("결과를 확인한 때"), ""),
    Fact(
        "person_count",
        Kind.COUNT,
        Group.SCALE,
        _("정보주체 수"),
        _("지금까지 아는 인원입니다. 바뀌면 고치면 됩니다."),
    ),
    Fact(
        "contact_known",
        Kind.YES_NO,
        Group.SCALE,
        _("모든 사람의 연락처를 알고 있음"),
        _("아니요이면 홈페이지 게시로 갈음할 수 있는지 함께 봅니다."),
    ),
    Fact("contact_unknown_count", Kind.COUNT, Group.SCALE, _("연락처를 모르는 인원"), ""),
    Fact(
        "possible_person_count",
        Kind.COUNT,
        Group.SCALE,
        _("유출등의 가능성이 있는 정보주체 수"),
        _("확인된 인원은 빼고, 가능성만 있는 사람을 적습니다. 통지 화면에서 두 인원을 따로 봅니다."),
        to_rules=False,
    ),
    Fact("restored_at", Kind.INSTANT, Group.OUTAGE, _("복구한 때"), ""),
    Fact("outage_minutes", Kind.COUNT, Group.OUTAGE, _("연속으로 멈춘 시간(분)"), ""),
    Fact("outage_minutes_24h", Kind.COUNT, Group.OUTAGE, _("24시간 안에 멈춘 시간의 합(분)"), ""),
    Fact("outage_count_24h", Kind.COUNT, Group.OUTAGE, _("24시간 안에 멈춘 횟수"), ""),
    _text("summary", _("무슨 일인가"), _("한두 문장이면 됩니다.")),
    _text(
        "leaked_items",
        _("유출등이 된 개인정보의 항목"),
        _("한 줄에 하나씩, ‘등’으로 줄이지 말고 모두 적어 주세요."),
    ),
    _text("circumstances", _("시점과 경위"), _("언제, 어떻게 일어났고 어떻게 알았는지 적어 주세요.")),
    _text("cause_and_damage", _("원인 및 피해내용"), _("침해사고의 원인과 피해를 적어 주세요.")),
    _text("measures_taken", _("대응조치"), _("차단, 격리, 삭제 등 한 일을 적어 주세요.")),
    _text(
        "person_actions",
        _("정보주체가 할 수 있는 방법"),
        _("피해를 줄이려면 무엇을 해야 하는지 구체적으로 적어 주세요."),
    ),
    _text("relief", _("피해 구제절차"), _("상담, 보상, 분쟁조정으로 가는 길을 적어 주세요.")),
    Fact(
        "confirmed_fact",
        Kind.CONFIRMED,
        Group.CONFIRMED,
        _("새로 확인한 사실"),
        _("사실마다 보완 신고 24시간이 시작합니다."),
        many=True,
        listed_as="confirmed_facts",
        moment="confirmed_at",
        moment_label=_("확인한 때"),
    ),
)

KINDS_OF_THE_LAW = {
    "flag": Kind.YES_NO,
    "instant": Kind.INSTANT,
    "day": Kind.DAY,
    "count": Kind.COUNT,
    "money": Kind.MONEY,
    "choice": Kind.CHOICE,
    "choices": Kind.SET,
    "events": Kind.CONFIRMED,
}


def _unit(korean: str, english: str) -> str:
    return english if is_english() else korean


def _chosen(korean: str, english: str) -> str:
    return english[:1].upper() + english[1:] if is_english() and english else korean


_in_language = lazy(_chosen, str)
_measured = lazy(_unit, str)


def fact_of_the_law(entry: rules.FactEntry, clock: rules.FactEntry | None = None) -> Fact:
    """A fact in the words of the vocabulary of the law, in the reader's language when it is shown.

    `clock` is the instant that each of a list gives.
    """
    return Fact(
        name=entry.name,
        kind=KINDS_OF_THE_LAW[entry.kind],
        group=Group.SECTOR,
        label=_in_language(entry.label, entry.label_en),
        hint=_in_language(entry.help, entry.help_en),
        choices=tuple((choice.code, _in_language(choice.label, choice.label_en)) for choice in entry.choices),
        by_person=entry.by_person,
        many=entry.kind == "events",
        unit=_measured(entry.unit, entry.unit_en),
        most=entry.most,
        listed_as=entry.name if entry.kind == "events" else "",
        moment=entry.item_key or "",
        moment_label=_in_language(clock.label, clock.label_en) if clock else "",
    )


def catalogue_of(vocabulary: Iterable[rules.FactEntry]) -> dict[str, Fact]:
    """The facts written here, then the further ones of an incident that `vocabulary` has, by name."""
    written = {fact.name: fact for fact in _ALL}
    lists = {fact.listed_as for fact in _ALL if fact.listed_as}
    entries = {entry.name: entry for entry in vocabulary}
    of_incident = {name: entry for name, entry in entries.items() if entry.scope == "incident"}
    known = {
        name: replace(fact, most=entry.most, to_rules=True) if (entry := of_incident.get(name)) else fact
        for name, fact in written.items()
    }
    further = {
        name: fact_of_the_law(entry, entries.get(entry.clock or ""))
        for name, entry in of_incident.items()
        if name not in written and name not in lists
    }
    return known | further


_VOCABULARY = {entry.name: entry for entry in rules.vocabulary("duties")}
CATALOGUE: dict[str, Fact] = catalogue_of(_VOCABULARY.values())
OF_ORGANIZATION: dict[str, Fact] = {
    name: fact_of_the_law(entry) for name, entry in _VOCABULARY.items() if entry.scope == "organization"
}
ANCHORS: tuple[Fact, ...] = tuple(fact for fact in _ALL if fact.group is Group.ANCHOR)
RANGED = frozenset(fact.name for fact in ANCHORS)  # may be known as from-until only; clocks take the earliest
KNOWING = frozenset(
    {fact.name for fact in ANCHORS if fact.name != "occurred_at"}
    | {entry.name for entry in _VOCABULARY.values() if entry.bounds_occurrence}
)  # whose earliest day is the day the organisation came to know
NARRATIVE: tuple[Fact, ...] = tuple(fact for fact in _ALL if fact.group is Group.NARRATIVE)


_NOT_STATED: dict[str, str | Promise] = {  # what `rules` names beside the facts a person states
    "fact_confirmed_at": _("새로운 사실을 확인한 때"),
}


def fact_named(name: str) -> Fact:
    """The fact `name`. One that the law has ceased to know keeps its rows: shown as it is, asked of nobody."""
    return CATALOGUE.get(name) or Fact(name, Kind.TEXT, Group.SECTOR, name, to_rules=False)


def label_of(name: str) -> str:
    """The Korean (or translated) word for fact `name`; the name itself for one that nobody knows."""
    fact = CATALOGUE.get(name)
    if fact is not None:
        return str(fact.label)
    entry = _VOCABULARY.get(name)
    word = _NOT_STATED.get(name)
    return str(word or (_chosen(entry.label, entry.label_en) if entry else name))


def facts_asked(organization: Mapping[str, object], stated: Collection[str]) -> list[Fact]:
    """The facts of a sector to ask of such an organisation, and those stated whatever it is."""
    wanted = rules.facts_that_matter(organization) | set(stated)
    return [
        fact
        for fact in CATALOGUE.values()
        if fact.group is Group.SECTOR and (fact.name in wanted or fact.listed_as in wanted)
    ]
