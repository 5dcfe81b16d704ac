"""An edition as one document: it answers like the files, and says what changed since another."""

from __future__ import annotations

import copy
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import rules

ROOT = Path(rules.__file__).parent.parent
REPORT = "kr/pipa/s34_report.yaml"


@pytest.fixture(scope="module")
def edition() -> dict[str, Any]:
    return rules.edition()


def changed(edition: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """A copy of the edition, and the newest version of the report in it."""
    other = copy.deepcopy(edition)
    return other, other["files"][REPORT]["duties"]["kr.pipa.s34.report"]["history"][-1]


def test_an_edition_is_json_and_the_same_text_every_time(edition: dict[str, Any]) -> None:
    text = rules.canonical(edition)
    assert rules.canonical(json.loads(text)) == text == rules.canonical(rules.edition())


def test_a_stored_edition_answers_like_the_files(edition: dict[str, Any]) -> None:
    facts = {"incident": {"leak_known_at": "2026-10-01T20:00+09:00", "person_count": 1200}}
    stored = json.loads(rules.canonical(edition))
    assert rules.assess("duties", facts, edition=stored) == rules.assess("duties", facts)


def test_an_older_edition_answers_with_its_own_law(edition: dict[str, Any]) -> None:
    older, entry = changed(edition)
    entry["values"]["limit"] = "PT48H"
    facts = {"incident": {"leak_known_at": "2026-10-01T20:00+09:00", "person_count": 1200}}
    (item,) = [
        item
        for item in rules.assess("duties", facts, edition=older)["duties"]
        if item["family"] == "kr.pipa.s34.report"
    ]
    assert item["due_at"] == "2026-10-03T20:00:00+09:00"


def test_an_edition_compared_with_itself_has_no_changes(edition: dict[str, Any]) -> None:
    compared = rules.compare_editions(edition, copy.deepcopy(edition))
    assert (compared["duties"], compared["files"]) == ([], [])


def test_a_changed_value_is_named_old_and_new_with_its_articles(edition: dict[str, Any]) -> None:
    older, entry = changed(edition)
    entry["values"]["limit"] = "PT48H"
    (change,) = rules.compare_editions(older, edition)["duties"]
    assert (change["id"], change["change"], change["file"]) == ("kr.pipa.s34.report.v3", "changed", REPORT)
    (value,) = change["values"]
    assert (value["path"], value["old"], value["new"]) == ("values.limit", "PT48H", "PT72H")
    assert "개인정보 보호법 제34조제4항" in value["cite"]


def test_versions_are_told_apart_as_added_and_removed(edition: dict[str, Any]) -> None:
    older, _ = changed(edition)
    older["files"][REPORT]["duties"]["kr.pipa.s34.report"]["history"].pop()
    forward = rules.compare_editions(older, edition)["duties"]
    assert [(change["id"], change["change"]) for change in forward] == [("kr.pipa.s34.report.v3", "added")]
    assert rules.compare_editions(edition, older)["duties"][0]["change"] == "removed"


def test_a_holiday_put_in_front_changes_only_itself(edition: dict[str, Any]) -> None:
    newer = copy.deepcopy(edition)
    days = newer["files"]["kr/calendar/holidays.yaml"]["days"]
    days.insert(0, {"day": "2011-01-02", "name": "임시공휴일", "source": "package"})
    (change,) = rules.compare_editions(edition, newer)["files"]
    assert change["file"] == "kr/calendar/holidays.yaml"
    assert {value["path"] for value in change["values"]} == {
        f"days[2011-01-02].{key}" for key in ("day", "name", "source")
    }


def test_what_is_no_edition_is_refused(edition: dict[str, Any]) -> None:
    with pytest.raises(rules.LawFileError):
        rules.compare_editions({"files": {}}, edition)


def run(*arguments: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "rules", *arguments], capture_output=True, cwd=ROOT, timeout=60, check=False
    )


def test_the_command_line_prints_an_edition_and_compares_it(tmp_path: Path) -> None:
    printed = run("edition")
    assert printed.returncode == 0
    stored = tmp_path / "edition.json"
    stored.write_bytes(printed.stdout)
    compared = run("editions", str(stored))
    assert compared.returncode == 0
    assert json.loads(compared.stdout)["duties"] == []
    (tmp_path / "other.json").write_text("{}")
    assert run("editions", str(tmp_path / "other.json")).returncode == 2
