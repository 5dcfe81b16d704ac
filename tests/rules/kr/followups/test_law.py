"""The loader of follow-ups: each kind of mistake is refused, with the file and the place named."""

from __future__ import annotations

import shutil
import time
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

import rules
from rules.engine.faults import LawFileError
from rules.engine.law_files import CONFIDENCES, digest_of
from rules.kr.followups.law import FOLDER, current_law, read_law
from rules.kr.followups.topic import law_files

EVENTS = """\
instrument: 시험
checked: {on: 2026-11-21, by: 시험}
events:
  letter_received:
    label: 편지를 받음
    label_en: letter received
    given:
      due_on: {kind: day, label: 적힌 날, label_en: day named}
      size: {kind: choice, choices: [small, large], default: small, label: 크기, label_en: size}
"""
GOOD = """\
instrument: 시험용 법 제1조
checked: {on: 2026-11-21, by: 시험}
followups:
  kr.followup.test.answer:
    title: 시험 답변
    title_en: test answer
    events: [letter_received]
    who: we
    history:
      - version: v1
        from: 2020-01-01
        to: 2021-12-31
        selected_by: event
        cite: [제1조]
        source: https://www.law.go.kr/법령/시험
        confidence: statute
        values:
          counting: DAYS
          length: P10D
          named_by: due_on
          at_least:
            - length: P10D
              cite: [제2조]
              source: https://www.law.go.kr/법령/시험
              confidence: statute
          why: "{start}부터 {last}까지입니다."
          why_en: "From {start} until {last}."
          if_missed: 없음.
          if_missed_en: Nothing.
      - version: v2
        from: 2022-01-01
        selected_by: event
        cite: [제1조]
        source: https://www.law.go.kr/법령/시험
        confidence: statute
        values:
          counting: NAMED
          named_by: due_on
          why: "{start}부터 {last}까지입니다."
          why_en: "From {start} until {last}."
          if_missed: 없음.
          if_missed_en: Nothing.
"""
ENTRY = "followups.kr.followup.test.answer.history[0]"
NEXT = "followups.kr.followup.test.answer.history[1]"
MISTAKES = {
    "unknown key": ("instrument:", "instrumnet: x\ninstrument:", "instrumnet"),
    "unknown key deep inside": ("length: P10D\n          named", "lenght: P1D\n          length: P10D\n          named", f"{ENTRY}.values.lenght"),
    "duplicate key": ("title: 시험 답변", "title: 시험 답변\n    title: 둘", "followups.kr.followup.test.answer.title"),
    "missing cite": ("        cite: [제1조]\n", "", f"{ENTRY}.cite"),
    "missing source": ("        source: https://www.law.go.kr/법령/시험\n        confidence: statute\n        values", "        confidence: statute\n        values", f"{ENTRY}.source"),
    "missing confidence": ("        confidence: statute\n        values", "        values", f"{ENTRY}.confidence"),
    "unknown confidence": ("confidence: statute\n        values", "confidence: sure\n        values", f"{ENTRY}.confidence"),
    "missing from": ("        from: 2020-01-01\n", "", f"{ENTRY}.from"),
    "limit without a cite": ("              cite: [제2조]\n", "", f"{ENTRY}.values.at_least[0].cite"),
    "float": ("title_en: test answer", "title_en: 0.5", "followups.kr.followup.test.answer.title_en"),
    "float as a length": ("length: P10D\n          named", "length: 10.5\n          named", f"{ENTRY}.values.length"),
    "length that is no period": ("length: P10D\n          named", "length: ten\n          named", f"{ENTRY}.values.length"),
    "length in hours": ("length: P10D\n          named", "length: PT72H\n          named", f"{ENTRY}.values.length"),
    "no length": ("          length: P10D\n          named", "          named", f"{ENTRY}.values.length"),
    "length for a named day": ("counting: NAMED", "counting: NAMED\n          length: P1D", f"{NEXT}.values.length"),
    "gap": ("from: 2022-01-01", "from: 2022-01-02", f"{NEXT}.from"),
    "overlap": ("from: 2022-01-01", "from: 2021-06-01", f"{NEXT}.from"),
    "unknown event": ("[letter_received]", "[letter_sent]", "followups.kr.followup.test.answer.events"),
    "unknown given": ("named_by: due_on", "named_by: due", f"{ENTRY}.values.named_by"),
    "unknown selecting fact": ("selected_by: event", "selected_by: due", f"{ENTRY}.selected_by"),
    "unknown actor": ("who: we", "who: them", "followups.kr.followup.test.answer.who"),
    "a place nothing fills": ("{start}부터", "{begin}부터", f"{ENTRY}.values.why"),
    "no reason": ('          why: "{start}부터 {last}까지입니다."\n', "", f"{ENTRY}.values.why"),
    "nothing said of missing it": ("          if_missed: 없음.\n", "", f"{ENTRY}.values.if_missed"),
    "condition on an unknown fact": ("    who: we", "    who: we\n    only_for: {colour: [red]}", "followups.kr.followup.test.answer.only_for"),
}  # fmt: skip


def read(tmp_path: Path, text: str, events: str = EVENTS) -> None:
    (tmp_path / "events.yaml").write_text(events, encoding="utf-8")
    (tmp_path / "bad_law.yaml").write_text(text, encoding="utf-8")
    read_law(tmp_path)


def test_the_file_the_mistakes_are_made_in_is_good(tmp_path: Path) -> None:
    read(tmp_path, GOOD)


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_refused_with_its_file_and_place(tmp_path: Path, mistake: str) -> None:
    old, new, path = MISTAKES[mistake]
    assert old in GOOD
    with pytest.raises(LawFileError, match=r"bad_law\.yaml") as raised:
        read(tmp_path, GOOD.replace(old, new, 1))
    assert path in {fault.path for fault in raised.value.faults}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("kind: day,", "kind: date,"),
        ("choices: [small, large], ", ""),
        ("default: small", "default: tiny"),
        ("label: 적힌 날, ", ""),
        ("kind: day,", "kind: day, choices: [a],"),
    ],
)
def test_a_faulty_event_is_refused(tmp_path: Path, old: str, new: str) -> None:
    assert old in EVENTS
    with pytest.raises(LawFileError, match=r"events\.yaml"):
        read(tmp_path, GOOD, EVENTS.replace(old, new, 1))


def test_an_id_used_in_two_files_is_refused(tmp_path: Path) -> None:
    (tmp_path / "another.yaml").write_text(GOOD, encoding="utf-8")
    with pytest.raises(LawFileError, match="another"):
        read(tmp_path, GOOD)


@pytest.mark.parametrize("family", current_law().families, ids=lambda family: family.id)
def test_every_value_has_its_day_cite_source_and_confidence(family: object) -> None:
    entries = family.entries  # type: ignore[attr-defined]
    assert entries
    for entry in entries:
        assert entry.start == date.min or date(2008, 1, 1) < entry.start < date(2027, 1, 1)
        assert entry.cite and all(entry.cite)
        assert entry.source.startswith("https://")
        assert entry.confidence in CONFIDENCES
        for side in ("at_least", "at_most"):
            for limit in entry.values.get(side, ()):
                assert limit["cite"] and limit["source"] and limit["confidence"] in CONFIDENCES
    assert all(earlier.end == later.start - timedelta(days=1) for earlier, later in pairwise(entries))
    assert entries[-1].end is None


def test_every_family_is_named_as_a_followup_of_korea() -> None:
    ids = [family.id for family in current_law().families]
    assert all(name.startswith("kr.followup.") for name in ids)
    assert len(ids) == len(set(ids))


def test_the_digest_covers_every_file_of_the_topic() -> None:
    names = {f"kr/followups/{path.name}" for path in FOLDER.glob("*.yaml")}
    assert names < set(law_files())
    event = {"id": "e", "kind": "fine_disposition_received", "on": "2026-07-01"}
    assert rules.assess("followups", {"events": [event]})["rules_digest"] == digest_of(law_files())


def test_the_law_reads_cheaply(tmp_path: Path) -> None:
    folder = shutil.copytree(FOLDER, tmp_path / "law")
    spent = []
    for _ in range(3):
        began = time.process_time()
        read_law(Path(folder))
        spent.append(time.process_time() - began)
    assert min(spent) < 0.1  # about 0.015 s alone; the margin is for a slow machine
