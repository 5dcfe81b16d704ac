"""The annexes and the general rules of fines as law files state them, read strictly and once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from rules.engine.declaration import Field, ListOf, MapOf, Record
from rules.engine.faults import Fault, LawFileError
from rules.engine.history import Entry, chronology_faults, entries_of, entry_record
from rules.engine.kinds import Count, Day, Flag, Money, Text
from rules.engine.law_files import HEAD, HERE, read_law_file
from rules.engine.percent import Percent
from rules.kr.articles import PATTERN

FOLDER = HERE / "kr" / "fines"
GENERAL = "general.yaml"
LAWS = ("pipa", "network")
SURCHARGES = ("net_64_3", "pipa_39_15", "pipa_34_2", "pipa_28_6", "pipa_64_2")
DAYS = ("law_on", "decided_on")

PERIOD = Text(pattern=r"P\d+[YMD]", hint="P3Y처럼 적으십시오.")
ARTICLE = Text(pattern=PATTERN, hint="39의4①처럼 적으십시오.")
AMOUNTS = Record(
    (
        Field("articles", ListOf(ARTICLE), required=True),
        Field("paragraph", Count(1, 4), required=True),
        Field("amounts", ListOf(Money()), required=True),
        Field("note", Text()),
        Field("note_en", Text()),
    )
)
ITEM = Record(
    (
        Field("title", Text(), required=True),
        Field("title_en", Text(), required=True),
        Field("law", Text(choices=LAWS), required=True),
        Field("completes_by_deadline", Flag(), absent_as=False),
        Field("continued_by", ListOf(Text())),
        Field("known_from", Day()),
        Field("after", Text()),
        Field("after_en", Text()),
        Field("history", ListOf(entry_record(AMOUNTS)), required=True),
    )
)
ITEM_FILE = Record((*HEAD, Field("rows", MapOf(ITEM), required=True)))
FACTOR = Record(
    (
        Field("label", Text(), required=True),
        Field("label_en", Text(), required=True),
        Field("at_least", PERIOD),
    )
)
ADJUSTING = Record(
    (
        Field("aggravation_limit", Percent(), required=True),
        Field("mitigation_limit", Percent(), required=True),
        Field("mitigation_limit_is_unconfirmed", Flag(), absent_as=False),
        Field("aggravation", MapOf(FACTOR), required=True),
        Field("mitigation", MapOf(FACTOR), required=True),
    )
)
CEILINGS = Record((Field("by_paragraph", MapOf(Money()), required=True),))
LOOK_BACK = Record((Field("length", PERIOD, required=True), Field("steps", Count(1, 3), required=True)))
SURCHARGED = ListOf(Text(choices=SURCHARGES))
SENTENCE = Record((Field("why", Text(), required=True), Field("why_en", Text(), required=True)))
ANNEX = Record((Field("table", Text(), required=True),))
SHAPES: Mapping[str, Record] = {
    "annex_pipa": ANNEX,
    "annex_network": ANNEX,
    "ceilings_pipa": CEILINGS,
    "ceilings_network": CEILINGS,
    "look_back_pipa": LOOK_BACK,
    "look_back_network": LOOK_BACK,
    "adjusting_pipa": ADJUSTING,
    "adjusting_network": ADJUSTING,
    "double_sanction": Record(
        (Field("known", SURCHARGED, required=True), Field("barring", SURCHARGED, required=True))
    ),
    "old_acts_kept": Record((Field("rows", ListOf(Text()), required=True),)),
    "law_of_the_act": SENTENCE,
    "intent_or_negligence": SENTENCE,
    "concurrence": SENTENCE,
    "time_bar": Record((Field("length", PERIOD, required=True),)),
    "listed_person": Record((Field("limit", Percent(), required=True),)),
    "early_payment": Record((Field("pct", Percent(), required=True),)),
    "default_additions": Record(
        (
            Field("first_pct", Percent(), required=True),
            Field("monthly_pct", Percent(), required=True),
            Field("most_months", Count(1), required=True),
        )
    ),
    "coercive_penalty": Record(
        (
            Field("daily_pct", Percent(), required=True),
            Field("daily_fixed", Money(), required=True),
            Field("adjusting_limit", Percent(), required=True),
            Field("ceiling_pct", Percent(), required=True),
            Field("ceiling_fixed", Money(), required=True),
        )
    ),
    "user_notice_trigger": Record((Field("stop_minutes", Count(1), required=True),)),
}


def _rule_record(values: Record) -> Record:
    return Record(
        (
            Field("title", Text(), required=True),
            Field("title_en", Text(), required=True),
            Field("history", ListOf(entry_record(values)), required=True),
        )
    )


RULES = Record(tuple(Field(name, _rule_record(values), required=True) for name, values in SHAPES.items()))
GENERAL_FILE = Record(
    (*HEAD, Field("read_whole_from", MapOf(Day()), required=True), Field("rules", RULES, required=True))
)


@dataclass(frozen=True)
class Item:
    """One row of the annex through its versions."""

    code: str
    title: str
    title_en: str
    law: str
    completes_by_deadline: bool
    continued_by: tuple[str, ...]
    known_from: date
    after: str
    after_en: str
    entries: tuple[Entry, ...]

    def on(self, day: date) -> Entry | None:
        """The entry of the day; None where the annex did not have the row yet."""
        return latest(self.entries, day)

    def would_name(self, article: str, row: Entry | None) -> bool:
        """Whether the item, out of the annex, names this article in the row it last had or first gets."""
        if row is not None and row.values is not None:
            return False
        rows = [entry.values for entry in self.entries if entry.values is not None]
        return article in rows[0 if row is None else -1]["articles"]


@dataclass(frozen=True)
class FineLaw:
    items: Mapping[str, Item]
    rules: Mapping[str, tuple[Entry, ...]]

    def rule(self, name: str, day: date) -> Entry:
        """The general rule in force on the day. Raises KeyError where there was none."""
        entry = self.find(name, day)
        if entry is None:
            raise KeyError((name, day))
        return entry

    def find(self, name: str, day: date) -> Entry | None:
        """The general rule in force on the day, if there was one."""
        entry = latest(self.rules[name], day)
        return entry if entry and entry.values is not None else None

    def named_by(self, article: str, law_on: date) -> list[Item]:
        """The items whose row names this article on the day; failing that, those whose only naming is past or to come."""
        rows = [(item, item.on(law_on)) for item in self.items.values()]
        found = [item for item, row in rows if row and row.values and article in row.values["articles"]]
        return found or [item for item, row in rows if item.would_name(article, row)]


def latest(entries: tuple[Entry, ...], day: date) -> Entry | None:
    """The entry that holds on the day, a repeal included."""
    return next((entry for entry in reversed(entries) if entry.start <= day), None)


@cache
def current_law() -> FineLaw:
    return read_law(FOLDER)


def read_law(folder: Path) -> FineLaw:
    """The items and rules of this folder. LawFileError for a file that does not hold together."""
    content = read_law_file(folder / GENERAL, GENERAL_FILE)
    general, whole_from = content["rules"], content["read_whole_from"]
    faults = _histories(general, "rules")
    if faults:
        raise LawFileError(GENERAL, faults)
    rules = {name: entries_of(rule["history"]) for name, rule in general.items()}
    items: dict[str, Item] = {}
    for path in sorted((folder / "items").glob("*.yaml")):
        read = read_law_file(path, ITEM_FILE)["rows"]
        faults = _histories(read, "rows") + _item_faults(read, items, rules)
        if faults:
            raise LawFileError(path.name, faults)
        items |= {code: _item(code, item, whole_from) for code, item in read.items()}
    unknown = {code for entry in rules["old_acts_kept"] for code in (entry.values or {})["rows"]} - set(items)
    if unknown:
        raise LawFileError(GENERAL, [Fault("rules.old_acts_kept", f"없는 항목입니다: {sorted(unknown)}")])
    return FineLaw(items, rules)


def _histories(read: Mapping[str, Any], path: str) -> list[Fault]:
    return [
        fault
        for name, item in read.items()
        for fault in (
            *chronology_faults(item["history"], f"{path}.{name}.history"),
            *_selectors(item["history"], f"{path}.{name}.history"),
        )
    ]


def _selectors(history: tuple[Mapping[str, Any], ...], path: str) -> list[Fault]:
    """Every entry of a history is chosen by the same known day."""
    chosen = {entry["selected_by"] for entry in history}
    if len(chosen) == 1 and chosen <= set(DAYS):
        return []
    return [Fault(f"{path}.selected_by", f"하나만, {', '.join(DAYS)} 가운데에서 적으십시오.")]


def _item_faults(
    read: Mapping[str, Any], earlier: Mapping[str, Item], rules: Mapping[str, tuple[Entry, ...]]
) -> list[Fault]:
    faults = [Fault(f"rows.{code}", "다른 파일에도 있는 항목입니다.") for code in read if code in earlier]
    for code, item in read.items():
        for place, entry in enumerate(item["history"]):
            path = f"rows.{code}.history[{place}].values"
            values = entry.get("values")
            if values and len(values["amounts"]) not in (1, 3):
                faults.append(Fault(f"{path}.amounts", "금액은 하나이거나 셋입니다."))
            if values and not _is_within_ceiling(item["law"], entry["from"], values, rules):
                faults.append(Fault(f"{path}.amounts", "법정 상한액을 넘거나 그 상한액이 없습니다."))
    return faults


def _is_within_ceiling(
    law: str, day: date, values: Mapping[str, Any], rules: Mapping[str, tuple[Entry, ...]]
) -> bool:
    entry = latest(rules[f"ceilings_{law}"], day)
    ceiling = (entry.values or {})["by_paragraph"].get(str(values["paragraph"])) if entry else None
    return ceiling is not None and all(Decimal(amount) <= Decimal(ceiling) for amount in values["amounts"])


def _item(code: str, read: Mapping[str, Any], whole_from: Mapping[str, date]) -> Item:
    """Where the annex was read whole, a row that is not in it is known not to have been there."""
    entries = entries_of(read["history"])
    first = entries[0].start
    return Item(
        code,
        read["title"],
        read["title_en"],
        read["law"],
        read["completes_by_deadline"],
        read.get("continued_by", ()),
        known_from=read.get("known_from") or min(first, whole_from.get(read["law"], first)),
        after=read.get("after", ""),
        after_en=read.get("after_en", ""),
        entries=entries,
    )
