"""The loader of the annexes: each kind of mistake is refused with its file; every figure is dated and traced."""

from __future__ import annotations

import shutil
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest

import rules
from rules.engine.faults import LawFileError
from rules.engine.history import Entry
from rules.engine.law_files import HERE, law_file_paths
from rules.engine.source import read_document
from rules.kr.articles import formal
from rules.kr.fines.law import FOLDER, Item, current_law, read_law
from tests.rules.test_law_files import TRACED, untraced

ONE_DAY = timedelta(days=1)
LAW = current_law()
MINE = [path for path in law_file_paths() if path.startswith(("kr/fines/", "kr/publication/", "kr/damages/"))]
SEAMS = [(item, earlier, later) for item in LAW.items.values() for earlier, later in pairwise(item.entries)]
MISTAKES = {
    "a ceiling that is passed": ('"24000000"]', '"34000000"]', "rows.safeguards.history[0].values.amounts"),
    "two amounts": ('["6000000", "12000000", "24000000"]', '["6000000", "12000000"]', "rows.safeguards.history[0].values.amounts"),
    "an amount as a number": ('"6000000", "12000000"', '6000000, "12000000"', "rows.safeguards.history[0].values.amounts[0]"),
    "no cite": ("        cite: [개인정보 보호법 제75조제2항제6호, 개인정보 보호법 시행령 별표 2(대통령령 제30892호)]\n", "", "rows.safeguards.history[0].cite"),
    "a gap": ("to: 2023-09-14", "to: 2023-09-13", "rows.safeguards.history[1].from"),
    "chosen by another day": ("selected_by: law_on", "selected_by: ended_on", "rows.safeguards.history.selected_by"),
    "an unknown key": ("    law: pipa\n", "    law: pipa\n    colour: red\n", "rows.safeguards.colour"),
    "an article in words": ('"29", "23②"', '"제29조", "23②"', "rows.safeguards.history[0].values.articles[0]"),
    "a paragraph without a ceiling": ("paragraph: 2", "paragraph: 5", "rows.safeguards.history[0].values.paragraph"),
}  # fmt: skip


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_refused_with_its_file_and_place(tmp_path: Path, mistake: str) -> None:
    old, new, path = MISTAKES[mistake]
    folder = tmp_path / "fines"
    shutil.copytree(FOLDER, folder, ignore=shutil.ignore_patterns("__pycache__"))
    file = folder / "items" / "safety.yaml"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(LawFileError) as raised:
        read_law(folder)
    assert raised.value.file == "safety.yaml"
    assert path in {fault.path for fault in raised.value.faults}


def test_an_item_in_two_files_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "fines"
    shutil.copytree(FOLDER, folder, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(folder / "items" / "leak.yaml", folder / "items" / "twice.yaml")
    with pytest.raises(LawFileError, match=r"twice\.yaml"):
        read_law(folder)


@pytest.mark.parametrize("file", MINE)
def test_every_value_is_dated_and_traced(file: str) -> None:
    content, faults = read_document((HERE / file).read_text(encoding="utf-8"))
    assert not faults
    assert untraced(content) == []
    assert {"instrument", "checked"} <= set(content)  # type: ignore[call-overload]


@pytest.mark.parametrize("key", ["from", *TRACED])
@pytest.mark.parametrize("file", MINE)
def test_a_value_that_loses_its_trace_is_found(file: str, key: str) -> None:
    content, _ = read_document((HERE / file).read_text(encoding="utf-8"))
    entry = _entries(content)[0]
    del entry[key]
    assert len(untraced(content)) == 1


def _entries(content: object) -> list[dict[str, object]]:
    """Every place that holds values, in the order of the file."""
    if isinstance(content, list):
        return [entry for item in content for entry in _entries(item)]
    if not isinstance(content, dict):
        return []
    own = [content] if "values" in content else []
    return own + [entry for key, item in content.items() if key != "values" for entry in _entries(item)]


def test_the_files_of_this_part_are_looked_at() -> None:
    assert "kr/fines/items/leak.yaml" in MINE
    assert {"kr/publication/criteria.yaml", "kr/damages/damages.yaml", "kr/fines/general.yaml"} <= set(MINE)


@pytest.mark.parametrize(("item", "earlier", "later"), SEAMS, ids=lambda part: getattr(part, "code", ""))
def test_the_day_decides_on_both_sides_of_every_edge(item: Item, earlier: Entry, later: Entry) -> None:
    start = later.start
    assert item.on(start - ONE_DAY) is earlier
    assert item.on(start) is later
    assert item.on(start + ONE_DAY) is later


@pytest.mark.parametrize(("item", "earlier", "later"), SEAMS, ids=lambda part: getattr(part, "code", ""))
def test_the_answer_follows_the_edge(item: Item, earlier: Entry, later: Entry) -> None:
    start = later.start
    for day, values in ((start - ONE_DAY, earlier.values), (start, later.values)):
        facts = {"item": item.code, "ended_on": day}
        if values is None:
            facts["started_on"] = start  # after the repeal, so that no earlier row is carried on
        answer = rules.assess("fine", {"decided_on": day, "acts": [facts]})
        assert answer["total"] == (values["amounts"][0] if values else "0")


@pytest.mark.parametrize("item", LAW.items.values(), ids=lambda item: item.code)
def test_amounts_never_fall_with_the_step_and_stay_under_the_ceiling(item: Item) -> None:
    for entry in item.entries:
        values = entry.values
        if values is None:
            continue
        amounts = [Decimal(amount) for amount in values["amounts"]]
        assert amounts == sorted(amounts)
        ceilings = LAW.rule(f"ceilings_{item.law}", entry.start).values
        assert amounts[-1] <= Decimal((ceilings or {})["by_paragraph"][str(values["paragraph"])])


def test_from_2026_09_11_the_third_time_is_the_ceiling() -> None:
    on = date(2026, 9, 11)
    ceilings = (LAW.rule("ceilings_pipa", on).values or {})["by_paragraph"]
    rows = [
        entry.values
        for item in LAW.items.values()
        if item.law == "pipa" and (entry := item.on(on)) and entry.values
    ]
    assert {(row["amounts"][-1] == ceilings[str(row["paragraph"])]) for row in rows} == {True}


@pytest.mark.parametrize(
    ("short", "long"),
    [
        ("29", "제29조"),
        ("21①", "제21조제1항"),
        ("39의4①", "제39조의4제1항"),
        ("31③1", "제31조제3항제1호"),
        ("35의3①2", "제35조의3제1항제2호"),
    ],
)
def test_an_article_in_short_is_cited_in_full(short: str, long: str) -> None:
    assert formal(short) == long


def test_what_is_no_article_is_refused() -> None:
    with pytest.raises(ValueError, match="short form"):
        formal("제29조")


@pytest.mark.parametrize("name", LAW.rules)
def test_a_general_rule_changes_on_its_day(name: str) -> None:
    for earlier, later in pairwise(LAW.rules[name]):
        days = [later.start - ONE_DAY, later.start, later.start + ONE_DAY]
        expected = [earlier, later, later]
        assert [LAW.find(name, day) for day in days] == [
            entry if entry.values else None for entry in expected
        ]
