"""The loader of law files: each kind of mistake is refused, with the file and the place named."""

from __future__ import annotations

from pathlib import Path

import pytest

import rules
from rules.duties.law import current_law, duty_files, read_families
from rules.duties.rows import Family
from rules.engine.faults import LawFileError
from rules.engine.law_files import HERE, digest_of, law_file_paths
from rules.engine.source import read_document
from rules.kr.calendar import read_calendar

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
    "unknown contents": ("contents: K1", "contents: K0", f"{ENTRY}.values"),
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
    assert {family.file for family in current_law().families} == set(duty_files())
    assert "kr/pipa/s34_notice.yaml" in duty_files()


def test_the_digest_depends_on_which_files_are_used() -> None:
    everything = law_file_paths()
    assert digest_of(everything) == digest_of(tuple(reversed(everything)))
    assert digest_of(everything) != digest_of(everything[1:])


TRACED = ("cite", "source", "confidence")
DATED = {"values", "items"}  # what these hold is law, and must say from when and where it comes


def untraced(content: object, path: str = "") -> list[str]:
    """Every place whose law has no first day, article, source or mark of confidence."""
    found: list[str] = []
    if isinstance(content, dict):
        if DATED & set(content) and not {"from", *TRACED} <= set(content):
            found.append(path)
        for key, item in content.items():
            found += untraced(item, f"{path}.{key}")
    elif isinstance(content, list):
        for place, item in enumerate(content):
            found += untraced(item, f"{path}[{place}]")
    return found


@pytest.mark.parametrize("file", duty_files())
def test_every_value_of_a_law_file_is_dated_and_traced(file: str) -> None:
    content, faults = read_document((HERE / file).read_text(encoding="utf-8"))
    assert not faults
    assert untraced(content) == []
    assert {"instrument", "checked"} <= set(content)  # type: ignore[call-overload]


@pytest.mark.parametrize("key", ["from", *TRACED])
def test_a_value_that_is_not_traced_is_found(key: str) -> None:
    content, _ = read_document(GOOD)
    del content["duties"]["kr.test.notice"]["history"][0][key]  # type: ignore[index]
    assert untraced(content) == [".duties.kr.test.notice.history[0]"]


def test_every_file_with_duties_is_found_wherever_it_stands() -> None:
    holding = {
        name
        for name in law_file_paths()
        if isinstance(content := read_document((HERE / name).read_text(encoding="utf-8"))[0], dict)
        and "duties" in content
    }
    assert holding == set(duty_files())


OWN_FACT = """facts:
  has_test_data: {scope: incident, kind: flag, label: 시험 자료, label_en: test data}
duties:"""


def test_a_law_file_may_bring_a_fact_of_its_own(tmp_path: Path) -> None:
    text = GOOD.replace("duties:", OWN_FACT, 1).replace(
        "{fact: person_count, at_least: 1}", "{fact: has_test_data, is: true}"
    )
    (family,) = read(tmp_path, text)
    assert family.lexicon.vocabulary.fact("has_test_data").ko == "시험 자료"


@pytest.mark.parametrize(
    ("old", "new", "path"),
    [
        ("has_test_data: {", "person_count: {", "facts.person_count"),
        ("kind: flag", "kind: flagg", "facts.has_test_data.kind"),
        ("kind: flag", "kind: choice", "facts.has_test_data.choices"),
        ("kind: flag", "kind: flag, unit: 명", "facts.has_test_data.unit"),
        ("kind: flag", "kind: flag, colour: red", "facts.has_test_data.colour"),
        ("kind: flag", "kind: instant, span: someday", "facts.has_test_data.span"),
        ("kind: flag", "kind: instant, span: awareness, not_before: [nothing]", "facts.has_test_data"),
        ("scope: incident, ", "", "facts.has_test_data.scope"),
    ],
)
def test_a_faulty_fact_is_refused(tmp_path: Path, old: str, new: str, path: str) -> None:
    text = GOOD.replace("duties:", OWN_FACT, 1).replace(old, new, 1)
    with pytest.raises(LawFileError) as raised:
        read(tmp_path, text)
    assert raised.value.file == "bad_law.yaml"
    assert path in {fault.path for fault in raised.value.faults}


@pytest.mark.parametrize(
    "condition",
    [
        "{fact: person_count, is: true}",
        "{fact: has_sensitive, at_least: 1}",
        "{fact: has_sensitive, is: leak}",
        "{fact: effect, any_of: [leek]}",
        "{fact: possibility_outcome, is: maybe}",
        "{fact: leak_known_at, at_least: 1}",
    ],
)
def test_a_test_that_does_not_fit_its_fact_is_refused(tmp_path: Path, condition: str) -> None:
    with pytest.raises(LawFileError) as raised:
        read(tmp_path, GOOD.replace("{fact: person_count, at_least: 1}", condition))
    assert {fault.path for fault in raised.value.faults} == {f"{ENTRY}.values.needs[0]"}


@pytest.mark.parametrize(
    ("asked", "path"),
    [
        ("why: 판단, why_en: decide, confidence: uncertain", "id"),
        ("id: kr.test.q, default: perhaps, why: 판단, why_en: decide, confidence: uncertain", "default"),
        ("id: kr.test.q, answers: [maybe], why: 판단, why_en: decide, confidence: uncertain", "answers"),
    ],
)
def test_a_question_without_id_or_with_a_strange_answer_is_refused(
    tmp_path: Path, asked: str, path: str
) -> None:
    when = "{when: {fact: is_user_data, is: true}, " + asked + "}"
    text = GOOD.replace(
        "          contents: K1\n", f"          contents: K1\n          unsettled_if: [{when}]\n"
    )
    with pytest.raises(LawFileError) as raised:
        read(tmp_path, text)
    assert f"{ENTRY}.values.unsettled_if[0].{path}" in {fault.path for fault in raised.value.faults}


def test_a_way_of_counting_the_jurisdiction_does_not_know_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LawFileError) as raised:
        read(tmp_path, GOOD.replace("counting: HOURS", "counting: CALENDAR_DAYS"))
    assert {fault.path for fault in raised.value.faults} == {f"{ENTRY}.values.counting"}


def test_the_vocabulary_is_read_through_one_door() -> None:
    entries = {entry.name: entry for entry in rules.vocabulary("duties")}
    assert (entries["person_count"].kind, entries["person_count"].unit) == ("count", "명")
    assert [choice.code for choice in entries["effect"].choices][:2] == ["loss", "theft"]
    assert (entries["eu_person_count"].scope, entries["eu_person_count"].file) == ("incident", "eu/gdpr.yaml")
    with pytest.raises(KeyError):
        rules.vocabulary("period")
