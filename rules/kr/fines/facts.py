"""The facts of the topic `fine`: the acts, the days, and what a person weighs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from rules.engine.declaration import Field, ListOf, Record
from rules.engine.faults import Fault
from rules.engine.history import Entry
from rules.engine.kinds import Count, Day, Flag, Text, wrong_type
from rules.engine.percent import Percent
from rules.kr.articles import formal
from rules.kr.coverage import known_days
from rules.kr.fines.coercive import coercive_record
from rules.kr.fines.law import SURCHARGES, FineLaw, Item

USER_DATA = ("none", "possible", "actual")
FIRST_DAY = ("counted", "not_counted")
LISTED_PERSON = "listed_person"
NOTICE_ITEM = "na_user_notice"


@dataclass(frozen=True)
class Prior:
    """An earlier fine for the same violation; `step` is None where nobody said which time it was."""

    on: date
    step: int | None


@dataclass(frozen=True)
class PriorKind:
    """A day, or the day with the step that fine was of."""

    day: Day

    def read(self, value: object, path: str, faults: list[Fault]) -> Prior | None:
        if isinstance(value, Mapping):
            read = self._record().read(value, path, faults)
            return Prior(read["on"], read.get("step")) if read and "on" in read else None
        if isinstance(value, str | date) and not isinstance(value, datetime):
            day = self.day.read(value, path, faults)
            return Prior(day, None) if day else None
        return wrong_type(
            value, path, "날짜", faults, "2022-01-10 또는 {on: 2022-01-10, step: 2}처럼 적으십시오."
        )

    def _record(self) -> Record:
        return Record((Field("on", self.day, "처분일", required=True), Field("step", Count(1, 3), "차수")))

    def schema(self) -> dict[str, Any]:
        return {"anyOf": [self.day.schema(), self._record().schema()]}


@dataclass(frozen=True)
class Factors:
    """What is weighed on one side, by code; whether the edition knows the code is looked at with the day."""

    labels: Mapping[str, str]

    def read(self, value: object, path: str, faults: list[Fault]) -> dict[str, Decimal] | None:
        return Record(self._fields()).read(value, path, faults)

    def _fields(self) -> tuple[Field, ...]:
        return tuple(Field(code, Percent(), label) for code, label in self.labels.items())

    def schema(self) -> dict[str, Any]:
        return Record(self._fields()).schema()


@dataclass(frozen=True)
class Act:
    """One violation. `entry` is the row of the annex on `law_on`; None or a repeal where there was none."""

    path: str
    item: Item
    entry: Entry | None
    law_on: date
    is_carried: bool
    facts: Mapping[str, Any]

    def day(self, name: str) -> date | None:
        found: date | None = self.facts.get(name)
        return found

    @property
    def priors(self) -> tuple[Prior, ...]:
        read = [prior for prior in self.facts.get("prior_dispositions", ()) if prior]
        return tuple(sorted(read, key=lambda prior: prior.on))

    @property
    def provision(self) -> str:
        """The article that was violated: the one named, or the first of the row."""
        named: str = self.facts["item"]
        articles = (self.entry.values or {}).get("articles", ()) if self.entry else ()
        return formal(named if named in articles else articles[0]) if articles else ""

    @property
    def is_listed(self) -> bool:
        return self.entry is not None and self.entry.values is not None


@dataclass(frozen=True)
class Case:
    """The acts of one decision."""

    acts: tuple[Act, ...]
    decided_on: date
    facts: Mapping[str, Any]

    @property
    def settings(self) -> Mapping[str, Any]:
        settings: Mapping[str, Any] = self.facts["settings"]
        return settings


def facts_record(law: FineLaw) -> Record:
    day = known_days()
    settings = Record(
        (
            Field(
                "look_back_first_day",
                Text(choices=FIRST_DAY),
                "차수를 보는 기간에 첫날을 넣는지(미확인)",
                "whether the first day of the look-back counts (unconfirmed)",
                absent_as="counted",
            ),
            Field(
                "apply_lighter_later_law",
                Flag(),
                "뒤에 가벼워진 과태료를 적용하는지(미확인)",
                "whether a later, lighter fine is applied (unconfirmed)",
                absent_as=False,
            ),
            Field(
                "mitigation_limit_pct",
                Percent(),
                "2023-09-15 이후의 감경 한도(미확인)",
                "limit of mitigation from 2023-09-15 (unconfirmed)",
            ),
        )
    )
    payment = Record(
        (
            Field("opinion_until", day, "의견제출기한", "end of the time for comments"),
            Field("pay_by", day, "납부기한", "day the notice names for payment"),
            Field("paid_on", day, "낸 날 또는 셈하는 날", "day of payment, or of reckoning", required=True),
        )
    )
    return Record(
        (
            Field("acts", ListOf(act_record(law)), "위반행위", "violations", required=True),
            Field("decided_on", day, "처분일", "day of the decision", required=True),
            Field("in_arrears", Flag(), "과태료 체납", "in arrears with a fine"),
            Field("paid_early", Flag(), "의견제출기한까지 자진납부", "paid within the time for comments"),
            Field("payment", payment, "납부", "payment"),
            Field(
                "coercive_penalty",
                coercive_record(),
                "정보통신망법의 이행강제금",
                "coercive penalty of the network act",
            ),
            Field("settings", settings, "확인하지 못한 점에 대한 설정", "settings for unconfirmed points"),
        )
    )


def act_record(law: FineLaw) -> Record:
    day = known_days()
    words = [(name, *labels) for name, labels in DAY_LABELS.items()]
    return Record(
        (
            Field("item", ItemKind(tuple(law.items)), "위반행위의 항목", "row of the annex", required=True),
            Field("detail", Text(), "세부내용", "what exactly"),
            *(Field(name, day, label, label_en) for name, label, label_en in words),
            Field("is_ongoing", Flag(), "아직 끝나지 않음", "not ended"),
            Field("prior_dispositions", ListOf(PriorKind(Day()), unique_key="on"), "같은 위반행위로 받은 과태료", "earlier fines for the same violation"),
            Field("aggravate", Factors(labels_of(law, "aggravation")), "가중 사유와 비율", "aggravating factors, percent of the base"),
            Field("mitigate", Factors(labels_of(law, "mitigation")), "감경 사유와 비율", "mitigating factors, percent of the base"),
            Field("surcharged_under", Text(choices=SURCHARGES), "이 행위에 부과된 과징금의 근거", "article of a surcharge on this very act"),
            Field("conduct", Text(), "하나의 행위를 이루는 묶음", "name shared by violations that are one act"),
            Field("is_without_fault", Flag(), "고의도 과실도 없음", "neither intent nor negligence"),
            Field("service_stop_minutes", Count(), "서비스의 장애·중단(분)", "minutes the service was disturbed or stopped"),
            Field("user_data", Text(choices=USER_DATA), "이용자 정보에 미친 영향", "effect on users’ information"),
            Field("is_like_weight", Flag(), "이에 준하는 경우라는 판단", "judged a case of like weight"),
        )
    )  # fmt: skip


DAY_LABELS = {
    "started_on": ("위반이 시작된 날", "day the violation began"),
    "ended_on": ("위반이 끝난 날", "day the violation ended"),
    "completed_on": ("기한이 지나 위반이 완성된 날", "day the time limit ran out unperformed"),
    "detected_on": ("적발된 날", "day the violation was detected"),
}


@dataclass(frozen=True)
class ItemKind:
    """A code, or an article as practice writes it (34①); which row it names depends on the day."""

    codes: tuple[str, ...]

    def read(self, value: object, path: str, faults: list[Fault]) -> str | None:
        return Text().read(value, path, faults)

    def schema(self) -> dict[str, Any]:
        return {
            "anyOf": [{"type": "string", "enum": list(self.codes)}, {"type": "string", "pattern": r"^\d"}]
        }


def labels_of(law: FineLaw, side: str) -> dict[str, str]:
    """Every factor of any edition by its code, with the label of the first that has it."""
    found: dict[str, str] = {}
    for name in ("adjusting_pipa", "adjusting_network"):
        for entry in law.rules[name]:
            for code, factor in (entry.values or {})[side].items():
                found.setdefault(code, factor["label"])
    if side == "mitigation":
        found[LISTED_PERSON] = law.rules[LISTED_PERSON][0].cite[0]
    return found
