"""The facts of an incident: one declaration for checking them, for their JSON Schema and for their names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from rules.engine.conditions import Words
from rules.engine.declaration import Field, ListOf, Record
from rules.engine.faults import FactsError, Fault
from rules.engine.kinds import Count, Flag, Kind, SetOf, Text
from rules.engine.korean import listed
from rules.kr.coverage import instant_of

MOST_PEOPLE = 1_000_000_000
MOST_MINUTES = 5_256_000  # ten years

SECTORS: tuple[tuple[str, str, str], ...] = (
    ("is_icsp", "정보통신서비스 제공자", "provider of information and communications services"),
    ("is_idc_operator", "집적정보통신시설 사업자등", "operator of a data centre"),
    ("is_telecom", "전기통신사업자", "telecommunications business"),
    ("is_cloud_provider", "클라우드컴퓨팅서비스 제공자", "provider of cloud computing services"),
    ("is_financial", "금융회사 또는 전자금융업자", "financial company or electronic financial business"),
    ("is_credit_entity", "신용정보회사등", "credit information company or the like"),
    ("is_commercial_credit_user", "상거래기업 및 법인", "commercial company outside financial supervision"),
    ("is_medical", "의료인 또는 의료기관 개설자", "medical person or founder of a medical institution"),
    ("is_ciip_manager", "주요정보통신기반시설 관리기관", "manager of critical information infrastructure"),
    ("is_itp_holder", "국가핵심기술 등 보유 대상기관", "holder of national core technology"),
    ("is_dtp_holder", "방위산업기술 보유 대상기관", "holder of defence industry technology"),
    ("is_disaster_operator", "주요방송통신사업자", "major broadcasting and communications business"),
)
EFFECTS = {
    "loss": Words("분실", "loss"),
    "theft": Words("도난", "theft"),
    "leak": Words("유출", "leak"),
    "forgery": Words("위조", "forgery"),
    "alteration": Words("변조", "alteration"),
    "damage": Words("훼손", "damage"),
}
OUTCOMES = {
    "open": Words("확정되지 않음", "open"),
    "confirmed": Words("유출등으로 확정됨", "confirmed"),
    "ruled_out": Words("유출등이 아닌 것으로 확정됨", "ruled out"),
}
CHOICES = EFFECTS | OUTCOMES
POSSIBILITY_KINDS = ("illegal_access", "partial_confirmed")

FLAGS: tuple[tuple[str, str, str], ...] = (
    ("has_sensitive", "민감정보 포함", "sensitive data included"),
    ("has_unique_id", "고유식별정보 포함", "unique identification data included"),
    ("illegal_external_access", "외부로부터의 불법적인 접근", "illegal access from outside"),
    ("path_identified", "유출등의 경로 확인", "path of the leak identified"),
    ("recovered_or_deleted", "개인정보의 회수·삭제", "data recovered or deleted"),
    ("risk_markedly_lower", "권익 침해 가능성의 현저한 저하", "likelihood of harm markedly lower"),
    ("is_user_data", "이용자의 개인정보", "personal data of users of the service"),
    ("is_pseudonymised_only", "가명정보만 해당", "pseudonymised data only"),
    ("is_public_fixed_cctv", "공개된 장소의 고정형 영상정보처리기기", "fixed camera in a public place"),
    ("is_58_1_purpose", "제58조제1항의 목적", "purpose of article 58(1)"),
    ("contact_known", "통지할 연락처 확보", "contact details known"),
    ("possibility_notice_given", "가능성 통지를 함", "possibility notice given"),
    ("comparable_serious_effect", "이에 준하는 중대한 영향", "comparably serious effect on users’ data"),
)
INSTANTS: tuple[tuple[str, str, str, str], ...] = (
    ("occurred_at", "occurrence", "사고가 발생한 때", "time of occurrence"),
    ("anomaly_detected_at", "occurrence", "이상 징후를 본 때", "time the anomaly was seen"),
    ("leak_known_at", "awareness", "유출등을 안 때", "time the leak became known"),
    ("intrusion_known_at", "awareness", "침해사고를 안 때", "time the intrusion became known"),
    ("possibility_known_at", "awareness", "유출등의 가능성을 안 때", "time the possibility became known"),
    ("possibility_outcome_at", "awareness", "유출등 여부가 확정된 때", "time the outcome was established"),
    ("processor_known_at", "awareness", "수탁자가 유출등을 안 때", "time the processor came to know"),
    ("cpo_informed_at", "awareness", "개인정보 보호책임자가 보고받은 때", "time the CPO was told"),
    ("ceo_informed_at", "awareness", "대표자가 보고받은 때", "time the CEO was told"),
    ("restored_at", "awareness", "서비스가 복구된 때", "time of restoration"),
)
COUNTS: tuple[tuple[str, int, str, str, str, str], ...] = (
    ("person_count", MOST_PEOPLE, "정보주체 수", "명", "number of data subjects", ""),
    (
        "contact_unknown_count",
        MOST_PEOPLE,
        "연락처를 모르는 정보주체 수",
        "명",
        "data subjects without contact",
        "",
    ),
    ("outage_minutes", MOST_MINUTES, "서비스 장애·중단 시간", "분", "length of the outage", " minutes"),
    ("outage_minutes_24h", MOST_MINUTES, "24시간 안의 중단 시간", "분", "outage within 24 hours", " minutes"),
    ("outage_count_24h", 100_000, "24시간 안의 중단 횟수", "회", "outages within 24 hours", ""),
)
MUST_NOT_PRECEDE: tuple[tuple[str, str], ...] = (
    ("occurred_at", "anomaly_detected_at"),
    ("occurred_at", "leak_known_at"),
    ("occurred_at", "intrusion_known_at"),
    ("occurred_at", "possibility_known_at"),
    ("occurred_at", "processor_known_at"),
    ("occurred_at", "restored_at"),
    ("possibility_known_at", "possibility_outcome_at"),
)
AWARENESS = ("leak_known_at", "intrusion_known_at", "possibility_known_at", "processor_known_at")
OTHER_WORDS = {
    "fact_confirmed_at": Words("새로운 사실을 확인한 때", "time the new fact was confirmed"),
    "effect": Words("유출등의 유형", "effect on the data"),
    "possibility_kind": Words("가능성의 유형", "kind of possibility"),
    "possibility_outcome": Words("유출등 여부의 확정", "outcome of the possibility"),
    "telecom_kind": Words("전기통신사업의 종류", "kind of telecommunications business"),
}


@cache
def facts_record() -> Record:
    """Organisation and incident: the whole document of the topic `duties`."""
    return Record(
        (
            Field("organization", _organization(), "조직", "organisation; an absent sector is false"),
            Field("incident", _incident(), "사고", "incident; an absent fact is unknown", required=True),
        )
    )


def _organization() -> Record:
    sectors = tuple(Field(name, Flag(), label, english) for name, label, english in SECTORS)
    telecom = _field("telecom_kind", Text(choices=("common", "value_added")))
    return Record((*sectors, telecom))


def _incident() -> Record:
    instants = (Field(name, instant_of(span), label, english) for name, span, label, english in INSTANTS)
    flags = (Field(name, Flag(), label, english) for name, label, english in FLAGS)
    counts = (Field(name, Count(0, most), label, english) for name, most, label, _, english, _ in COUNTS)
    confirmed = Record(
        (
            Field("id", Text(), "사실의 식별자", "id of the fact", required=True),
            Field(
                "confirmed_at", instant_of("awareness"), "확인한 때", "time of confirmation", required=True
            ),
        )
    )
    return Record(
        (
            *instants,
            _field("effect", SetOf(tuple(EFFECTS))),
            *counts,
            *flags,
            _field("possibility_kind", Text(choices=POSSIBILITY_KINDS)),
            _field("possibility_outcome", Text(choices=tuple(OUTCOMES))),
            Field("confirmed_facts", ListOf(confirmed, "id"), "새로 확인된 사실", "newly confirmed facts"),
        )
    )


def _field(name: str, kind: Kind) -> Field:
    return Field(name, kind, OTHER_WORDS[name].ko, OTHER_WORDS[name].en)


def read_facts(document: object) -> dict[str, Any]:
    """All facts by name, absent sectors as false, unknown facts absent. Raises FactsError with all faults."""
    faults: list[Fault] = []
    read = facts_record().read(document, "", faults) or {}
    incident = read.get("incident") or {}
    faults.extend(_order_faults(incident))
    faults.extend(_count_faults(incident))
    if faults:
        raise FactsError(faults)
    return {**{name: False for name, _, _ in SECTORS}, **(read.get("organization") or {}), **incident}


def _order_faults(incident: Mapping[str, Any]) -> list[Fault]:
    """What cannot be: a thing known before it happened."""
    return [
        Fault(
            f"incident.{later}",
            f"{NAMES.fact(later).ko}가 {NAMES.fact(earlier).ko}보다 앞섭니다.",
            f"{earlier}와 {later}를 견주어 보십시오.",
        )
        for earlier, later in MUST_NOT_PRECEDE
        if earlier in incident and later in incident and incident[later] < incident[earlier]
    ]


def _count_faults(incident: Mapping[str, Any]) -> list[Fault]:
    some, everyone = incident.get("contact_unknown_count"), incident.get("person_count")
    if some is None or everyone is None or some <= everyone:
        return []
    message = f"연락처를 모르는 정보주체 수 {some:,}명이 전체 {everyone:,}명보다 많습니다."
    return [Fault("incident.contact_unknown_count", message, "두 수를 확인하십시오.")]


class IncidentNames:
    """What the facts are called in an answer."""

    def __init__(self) -> None:
        self._words = {name: Words(label, english) for name, label, english in (*SECTORS, *FLAGS)}
        self._words |= {name: Words(label, english) for name, _, label, english in INSTANTS}
        self._words |= {name: Words(label, english) for name, _, label, _, english, _ in COUNTS}
        self._words |= OTHER_WORDS
        self._units = {name: (unit, unit_en) for name, _, _, unit, _, unit_en in COUNTS}

    def fact(self, name: str) -> Words:
        return self._words[name]

    def known_names(self) -> frozenset[str]:
        return frozenset(self._words) | {"confirmed_facts"}

    def choices(self, name: str, codes: Sequence[str]) -> Words:
        words = [CHOICES.get(code, Words(code, code)) for code in codes]
        return Words(listed([word.ko for word in words]), listed([word.en for word in words]))

    def amount(self, name: str, number: int) -> Words:
        unit, unit_en = self._units.get(name, ("", ""))
        return Words(f"{number:,}{unit}", f"{number:,}{unit_en}")

    def missing(self, names: Sequence[str]) -> Words:
        """The facts still to be entered, as one would list them."""
        flags = {name for name, _, _ in (*SECTORS, *FLAGS)}
        korean = [f"{self.fact(name).ko} 여부" if name in flags else self.fact(name).ko for name in names]
        return Words(listed(korean), listed([self.fact(name).en for name in names]))


NAMES = IncidentNames()


def latest_possible_occurrence(facts: Mapping[str, Any]) -> datetime | None:
    """Nothing is known before it happens: the earliest awareness bounds the occurrence."""
    known: list[datetime] = [facts[name] for name in AWARENESS if name in facts]
    return min(known, default=None)
