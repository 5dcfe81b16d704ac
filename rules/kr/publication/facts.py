"""The facts of the topic `publication`: the acts with their sanctions, the party, and what was before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from rules.engine.declaration import Field, ListOf, Record, inside
from rules.engine.faults import FactsError, Fault
from rules.engine.kinds import Count, Flag, Text
from rules.kr.coverage import known_days
from rules.kr.fines.checks import acts_of, completion_faults
from rules.kr.fines.facts import DAY_LABELS, Act, ItemKind
from rules.kr.fines.law import FineLaw
from rules.kr.publication.law import PublicationLaw
from rules.kr.won import MoneyOfCase

WITH_AMOUNT = ("surcharge", "fine")
COUNTED = ("order", "surcharge", "fine")


@dataclass(frozen=True)
class Case:
    """One decision, looked at for publication."""

    acts: tuple[Act, ...]
    decided_on: date
    facts: Mapping[str, Any]

    def said(self, group: str, name: str) -> Any:
        """A fact of a group; None where it is not known."""
        return self.facts.get(group, {}).get(name)


def facts_record(fines: FineLaw, law: PublicationLaw) -> Record:
    day = known_days()
    kinds = Text(choices=(law.rules["publication"][-1].values or {})["sanctions"])
    sanction = Record(
        (
            Field("kind", kinds, "처분의 종류", "kind of sanction", required=True),
            Field("amount", MoneyOfCase(), "금액", "amount in won"),
        )
    )
    act = Record(
        (
            Field("item", ItemKind(tuple(fines.items)), "위반행위의 항목", "row of the annex", required=True),
            Field("content", Text(), "위반내용", "content of the violation"),
            *(Field(name, day, *DAY_LABELS[name]) for name in ("started_on", "ended_on", "completed_on")),
            Field("is_ongoing", Flag(), "아직 끝나지 않음", "not ended"),
            Field(
                "sanctions", ListOf(sanction), "이 행위에 대한 처분", "sanctions for this act", required=True
            ),
        )
    )
    party = Record(
        (
            Field("name", Text(), "명칭", "name"),
            Field("is_public_body", Flag(), "공공기관", "public body"),
            Field(
                "is_public_system_operator",
                Flag(),
                "공공시스템운영기관",
                "operator of a designated public system",
            ),
        )
    )
    leak = Record(
        (
            Field("person_count", Count(), "유출된 정보주체의 수", "data subjects concerned"),
            Field("has_unique_id", Flag(), "고유식별정보 포함", "unique identifiers included"),
            Field("has_sensitive", Flag(), "민감정보 포함", "sensitive data included"),
        )
    )
    earlier = Record(
        (
            Field("on", day, "처분일", "day of the decision", required=True),
            Field("kind", kinds, "처분의 종류", "kind of sanction", required=True),
        )
    )
    settings = Record(
        (
            Field(
                "count_this_decision",
                Flag(),
                "되풀이된 처분의 횟수에 이번 처분을 넣는지(미확인)",
                "whether this decision counts among the repeated sanctions (unconfirmed)",
                absent_as=False,
            ),
        )
    )
    return Record(
        (
            Field("decided_on", day, "처분일", "day of the decision", required=True),
            Field("acts", ListOf(act), "위반행위", "violations", required=True),
            Field("party", party, "위반행위를 한 자", "the party"),
            Field("leak", leak, "유출등", "the leak"),
            Field("prior_sanctions", ListOf(earlier), "앞서 받은 처분", "earlier sanctions"),
            Field("posted_on", day, "공표가 시작된 날", "first day of the posting"),
            Field("settings", settings, "확인하지 못한 점에 대한 설정", "settings for unconfirmed points"),
        )
    )  # fmt: skip


def read_case(document: object, fines: FineLaw, law: PublicationLaw) -> Case:
    """The case of a document. Raises FactsError with every fault, of form and of fact."""
    faults: list[Fault] = []
    facts = facts_record(fines, law).read(document, "", faults) or {}
    facts.setdefault("settings", {"count_this_decision": False})
    if "acts" in facts and not facts["acts"]:
        faults.append(Fault("acts", "위반행위가 없습니다.", "하나 이상 적으십시오."))
    acts = acts_of(facts, fines, faults)
    for act in acts:
        known = {fault.path for fault in faults}
        faults += [fault for fault in _act_faults(act) if fault.path not in known]
    faults += _day_faults(facts, law)
    if faults:
        raise FactsError(faults)
    return Case(tuple(acts), facts["decided_on"], facts)


def _act_faults(act: Act) -> Iterator[Fault]:
    yield from completion_faults(act)
    if act.item.law != "pipa":
        hint = "개인정보 보호법 제66조의 공표는 그 법의 위반행위에 대한 것입니다."
        yield Fault(inside(act.path, "item"), "정보통신망법의 항목은 쓸 수 없습니다.", hint)
    if not act.facts.get("sanctions"):
        hint = "개인정보 보호법 제66조제1항: 개선권고, 시정조치 명령, 과징금, 고발, 징계권고, 과태료를 공표할 수 있습니다."
        yield Fault(inside(act.path, "sanctions"), "처분이 없습니다.", hint)
    for place, sanction in enumerate(act.facts.get("sanctions", ())):
        if not sanction or "kind" not in sanction:
            continue
        path = f"{act.path}.sanctions[{place}].amount"
        if "amount" in sanction and sanction["kind"] not in WITH_AMOUNT:
            yield Fault(path, "금액이 없는 처분입니다.", "과징금과 과태료에만 적으십시오.")
        if "amount" not in sanction and sanction["kind"] == "fine":
            yield Fault(path, "과태료의 금액이 없습니다.", '"4200000"처럼 적으십시오.')


def _day_faults(facts: Mapping[str, Any], law: PublicationLaw) -> Iterator[Fault]:
    decided_on = facts.get("decided_on")
    first = law.rules["posting"][0].start
    if decided_on and decided_on < first:
        hint = f"{first}부터의 처분만 볼 수 있습니다(개인정보보호위원회 처분 결과 공표기준)."
        yield Fault("decided_on", f"{decided_on}에 적용되던 공표기준은 이 규칙집이 알지 못합니다.", hint)
    posted_on = facts.get("posted_on")
    if decided_on and posted_on and posted_on < decided_on:
        yield Fault(
            "posted_on",
            f"{posted_on}은 처분일 {decided_on}보다 앞섭니다.",
            f"{decided_on} 이후의 날을 적으십시오.",
        )
    for place, earlier in enumerate(facts.get("prior_sanctions", ())):
        if earlier and decided_on and earlier.get("on", decided_on) > decided_on:
            path = f"prior_sanctions[{place}].on"
            yield Fault(
                path,
                f"{earlier['on']}은 처분일 {decided_on}보다 뒤입니다.",
                f"{decided_on}까지의 날을 적으십시오.",
            )
