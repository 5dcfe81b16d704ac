"""The loader of law files: each kind of mistake is refused, with the file and the place named."""

from __future__ import annotations

from pathlib import Path

import pytest

from rules.engine.faults import LawFileError
from rules.engine.law_files import digest_of, law_file_paths
from rules.kr.calendar import read_calendar
from rules.kr.duties.rows import Family, families, read_families

GOOD = """\
instrument: 시험용 법 제1조
checked: {on: 2026-11-21, by: 시험}
duties:
  kr.test.notice:
    title: 시험 통지
    title_en: test notice
    clock: leak_known_at
    history:
      - version: v1
        from: 2020-01-01
        to: 2021-12-31
        selected_by: leak_known_at
        cite: [제1조]
        source: https://www.law.go.kr/법령/시험
        confidence: statute
        values:
          counting: HOURS
          limit: PT72H
          recipient: [[pipc]]
          contents: K1
          needs: [{fact: person_count, at_least: 1}]
          sanction: {ceiling: "30000000", cite: [제9조]}
          why: "{start}부터 {due}까지 통지하여야 합니다."
          why_en: "Notify between {start_en} and {due_en}."
      - from: 2022-01-01
        selected_by: leak_known_at
        cite: [부칙 제1조]
        source: https://www.law.go.kr/법령/시험
        confidence: statute
        repeal: true
"""
ENTRY = "duties.kr.test.notice.history[0]"
NEXT = "duties.kr.test.notice.history[1]"
MISTAKES = {
    "unknown key": ("instrument:", "instrumnet: x\ninstrument:", "instrumnet"),
    "unknown key deep inside": (
        "limit: PT72H",
        "limit: PT72H\n          limmit: PT1H",
        f"{ENTRY}.values.limmit",
    ),
    "duplicate key": ("title: 시험 통지", "title: 시험 통지\n    title: 둘", "duties.kr.test.notice.title"),
    "overlap": ("from: 2022-01-01", "from: 2021-06-01", f"{NEXT}.from"),
    "gap": ("from: 2022-01-01", "from: 2022-01-02", f"{NEXT}.from"),
    "entries out of order": ("from: 2022-01-01", "from: 2019-01-01", f"{NEXT}.from"),
    "same first day": ("from: 2022-01-01", "from: 2020-01-01", f"{NEXT}.from"),
    "float": ("at_least: 1}", "at_least: 1.5}", f"{ENTRY}.values.needs[0].at_least"),
    "float in a sentence": ("title_en: test notice", "title_en: 0.5", "duties.kr.test.notice.title_en"),
    "missing cite": ("        cite: [제1조]\n", "", f"{ENTRY}.cite"),
    "missing source": (
        "        cite: [제1조]\n        source: https://www.law.go.kr/법령/시험\n",
        "        cite: [제1조]\n",
        f"{ENTRY}.source",
    ),
    "source that is no address": (
        "cite: [제1조]\n        source: https://",
        "cite: [제1조]\n        source: ",
        f"{ENTRY}.source",
    ),
    "missing confidence": ("confidence: statute\n        values", "values", f"{ENTRY}.confidence"),
    "unknown confidence": (
        "confidence: statute\n        values",
        "confidence: sure\n        values",
        f"{ENTRY}.confidence",
    ),
    "missing checked": ("checked: {on: 2026-11-21, by: 시험}\n", "", "checked"),
    "money without quotes": ('"30000000"', "30000000", f"{ENTRY}.values.sanction.ceiling"),
    "a day that is none": ("from: 2020-01-01", "from: 2020-02-30", f"{ENTRY}.from"),
    "unknown fact in a condition": ("fact: person_count", "fact: persons", f"{ENTRY}.values.needs[0]"),
    "unknown fact as a clock": ("clock: leak_known_at", "clock: leak_known", "duties.kr.test.notice.clock"),
    "unknown recipient": ("[[pipc]]", "[[pipx]]", f"{ENTRY}.values.recipient"),
    "unknown contents": ("contents: K1", "contents: K99", f"{ENTRY}.values"),
    "counted without a limit": ("          limit: PT72H\n", "", f"{ENTRY}.values.limit"),
    "limit that is no period": ("limit: PT72H", "limit: 72 hours", f"{ENTRY}.values.limit"),
    "no reason": ('          why: "{start}부터 {due}까지 통지하여야 합니다."\n', "", f"{ENTRY}.values.why"),
    "a place nothing fills": ("{start}부터", "{begin}부터", f"{ENTRY}.values.why"),
    "repeal that also says what holds": (
        "repeal: true",
        "repeal: true\n        values: {counting: PROMPT}",
        NEXT,
    ),
    "entry that says nothing": ("        repeal: true\n", "", NEXT),
    "version without a name": ("- version: v1\n        from", "- from", f"{ENTRY}.version"),
    "alias": ("cite: [제9조]", "cite: &a [제9조]\n          why_en: *a", f"{ENTRY}.values.why_en"),
    "condition with two tests": ("at_least: 1}", "at_least: 1, is: true}", f"{ENTRY}.values.needs[0]"),
    "condition with an unknown word": (
        "at_least: 1}",
        "at_least: 1, atleast: 2}",
        f"{ENTRY}.values.needs[0].atleast",
    ),
}


def read(tmp_path: Path, text: str) -> tuple[Family, ...]:
    file = tmp_path / "bad_law.yaml"
    file.write_text(text, encoding="utf-8")
    return read_families(file)


def test_the_file_the_mistakes_are_made_in_is_good(tmp_path: Path) -> None:
    (family,) = read(tmp_path, GOOD)
    assert [entry.version for entry in family.entries] == ["v1", None]


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_refused_with_its_file_and_place(tmp_path: Path, mistake: str) -> None:
    old, new, path = MISTAKES[mistake]
    assert GOOD.count(old) >= 1
    bad = (
        GOOD.replace(
            '{ceiling: "30000000", cite: [제9조]}', f'\n            ceiling: "30000000"\n            {new}'
        )
        if mistake == "alias"
        else GOOD.replace(old, new, 1)
    )
    with pytest.raises(LawFileError) as raised:
        read(tmp_path, bad)
    assert raised.value.file == "bad_law.yaml"
    assert "bad_law.yaml" in str(raised.value)
    assert path in {fault.path for fault in raised.value.faults}


def test_a_file_that_is_no_yaml_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LawFileError, match=r"bad_law\.yaml"):
        read(tmp_path, "duties: [")


def test_all_mistakes_of_a_file_are_found_together(tmp_path: Path) -> None:
    bad = GOOD.replace("limit: PT72H", "limit: x").replace("[[pipc]]", "pipc").replace("clock:", "clok:")
    with pytest.raises(LawFileError) as raised:
        read(tmp_path, bad)
    paths = {fault.path for fault in raised.value.faults}
    assert {f"{ENTRY}.values.limit", f"{ENTRY}.values.recipient", "duties.kr.test.notice.clok"} <= paths


HOLIDAYS = """\
instrument: 공휴일
checked: {on: 2026-11-21, by: 시험}
first: 2026-01-01
last: 2026-12-31
sources: {list: 시험}
days:
  - {day: 2026-01-01, name: 1월 1일, source: list}
"""
OVERRIDES = """\
instrument: 공휴일
checked: {on: 2026-11-21, by: 시험}
days:
  - {day: 2026-01-01, change: no_holiday, cite: [제2조], source: "https://www.law.go.kr", confidence: statute}
"""


def calendar_of(tmp_path: Path, holidays: str, overrides: str) -> set[str]:
    (tmp_path / "holidays.yaml").write_text(holidays, encoding="utf-8")
    (tmp_path / "overrides.yaml").write_text(overrides, encoding="utf-8")
    calendar = read_calendar(tmp_path / "holidays.yaml", tmp_path / "overrides.yaml")
    return {day.isoformat() for day in calendar.holidays}


def test_an_override_takes_a_holiday_away(tmp_path: Path) -> None:
    assert calendar_of(tmp_path, HOLIDAYS, OVERRIDES) == set()


def test_an_override_adds_a_holiday(tmp_path: Path) -> None:
    added = OVERRIDES.replace("2026-01-01", "2026-01-02").replace("no_holiday", "holiday")
    assert calendar_of(tmp_path, HOLIDAYS, added) == {"2026-01-01", "2026-01-02"}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("source: list}", "source: hearsay}"),
        ("{day: 2026-01-01", "{day: 2027-01-01"),
        ("days:\n", "days:\n  - {day: 2026-01-01, name: 둘, source: list}\n"),
        ("  - {day: 2026-01-01, name: 1월 1일, source: list}", "  - {day: 2026-01-01, source: list}"),
    ],
    ids=["unexplained source", "outside the calendar", "twice", "without a name"],
)
def test_a_faulty_calendar_is_refused(tmp_path: Path, old: str, new: str) -> None:
    with pytest.raises(LawFileError, match=r"holidays\.yaml"):
        calendar_of(tmp_path, HOLIDAYS.replace(old, new, 1), OVERRIDES)


def test_every_law_file_of_this_edition_reads() -> None:
    assert len(families()) == 9
    assert "kr/pipa/s34_notice.yaml" in law_file_paths()


def test_the_digest_depends_on_which_files_are_used() -> None:
    everything = law_file_paths()
    assert digest_of(everything) == digest_of(tuple(reversed(everything)))
    assert digest_of(everything) != digest_of(everything[1:])
