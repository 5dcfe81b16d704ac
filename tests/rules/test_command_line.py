"""`python -m rules`: what it prints, where, and with which exit code."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

import rules

ROOT = Path(rules.__file__).parent.parent


def run(*arguments: str, given: str | bytes = "") -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "rules", *arguments]
    document = given.encode() if isinstance(given, str) else given
    return subprocess.run(command, input=document, capture_output=True, cwd=ROOT, timeout=60, check=False)


def test_alone_it_lists_the_topics() -> None:
    listed = run()
    assert listed.returncode == 0
    lines = listed.stdout.decode().splitlines()
    assert [line.split("\t")[0] for line in lines] == list(rules.topics())


@pytest.mark.parametrize("topic", rules.topics())
def test_the_example_of_a_topic_works_when_given_back(topic: str) -> None:
    example = run(topic, "--example")
    answer = run(topic, given=example.stdout)
    assert (answer.returncode, answer.stderr) == (0, b"")
    document = json.loads(answer.stdout)
    assert document["topic"] == topic
    assert len(document["rules_digest"]) == 64


@pytest.mark.parametrize("topic", rules.topics())
def test_the_schema_of_a_topic_is_json(topic: str) -> None:
    schema = json.loads(run(topic, "--schema").stdout)
    assert schema == rules.schema(topic)


def test_a_file_answers_like_standard_input(tmp_path: Path) -> None:
    file = tmp_path / "facts.yaml"
    file.write_text(rules.example("duties"), encoding="utf-8")
    assert run("duties", str(file)).stdout == run("duties", given=rules.example("duties")).stdout


def test_json_answers_like_yaml() -> None:
    as_json = run("period", given='{"start": "2026-07-01", "length": "P60D", "counting": "DAYS"}')
    as_yaml = run("period", given="start: 2026-07-01\nlength: P60D\ncounting: DAYS\n")
    assert as_json.returncode == 0
    assert as_json.stdout == as_yaml.stdout


def test_an_offset_in_yaml_is_not_lost() -> None:
    answer = run("duties", given="incident: {leak_known_at: 2026-09-11T00:30:00+09:30}")
    starts = {item["starts_at"] for item in json.loads(answer.stdout)["duties"]}
    assert starts == {"2026-09-11T00:00:00+09:00"}


BAD = {
    "unknown key": ("incident: {leak_know_at: 2026-10-01T20:00+09:00}", "incident.leak_know_at"),
    "missing key": ("organization: {is_icsp: true}", "incident"),
    "wrong type": ("incident: {person_count: many}", "incident.person_count"),
    "fraction of a person": ("incident: {person_count: 1.5}", "incident.person_count"),
    "naive time": ("incident: {leak_known_at: 2026-10-01T20:00:00}", "incident.leak_known_at"),
    "day without a time": ("incident: {leak_known_at: 2026-10-01}", "incident.leak_known_at"),
    "negative count": ("incident: {person_count: -5}", "incident.person_count"),
    "a day outside all known law": (
        "incident: {leak_known_at: 1999-01-01T00:00+09:00}",
        "incident.leak_known_at",
    ),
    "a leak known before it occurred": (
        "incident: {occurred_at: 2026-10-02T00:00Z, leak_known_at: 2026-10-01T00:00Z}",
        "incident.leak_known_at",
    ),
    "duplicate key": ("incident: {person_count: 1, person_count: 2}", "incident.person_count"),
    "yes for true": ("incident: {has_sensitive: yes}", "incident.has_sensitive"),
    "not a mapping": ("- incident", ""),
    "empty": ("", ""),
    "not YAML": ("incident: [", ""),
    "two documents": ("incident: {}\n---\nincident: {}\n", ""),
    "a number of five thousand digits": (
        f"incident: {{person_count: {'1' * 5000}}}",
        "incident.person_count",
    ),
    "JSON in a hundred thousand brackets": ("[" * 100_000, ""),
    "an alias": ("incident: &a {effect: [leak]}\norganization: *a", "organization"),
}


@pytest.mark.parametrize("mistake", BAD)
def test_bad_facts_exit_with_2_and_one_line_on_standard_error(mistake: str) -> None:
    text, path = BAD[mistake]
    answer = run("duties", given=text)
    assert (answer.returncode, answer.stdout) == (2, b"")
    (line,) = answer.stderr.decode().splitlines()
    document = json.loads(line)
    assert document["error"]["path"] == path
    assert document["error"] == document["errors"][0]
    assert set(document["error"]) == {"path", "message", "hint"}
    assert document["error"]["message"]


def test_every_fault_is_reported_at_once() -> None:
    answer = run(
        "duties", given="incident: {person_count: -1, leak_known_at: 2026-10-01, colour: red, colour: blue}"
    )
    found = [fault["path"] for fault in json.loads(answer.stderr)["errors"]]
    assert sorted(found) == [
        "incident.colour",
        "incident.colour",
        "incident.leak_known_at",
        "incident.person_count",
    ]


@pytest.mark.parametrize(
    "arguments",
    [("dutys",), ("duties", "--exampel"), ("duties", "nowhere.yaml"), ("duties", "a", "b"), ("--schema",)],
)
def test_bad_arguments_exit_with_2(arguments: tuple[str, ...]) -> None:
    answer = run(*arguments)
    assert (answer.returncode, answer.stdout) == (2, b"")
    assert json.loads(answer.stderr)["error"]["message"]


def test_bytes_that_are_no_text_exit_with_2() -> None:
    answer = run("duties", given=b"incident: \xff\xfe")
    assert (answer.returncode, answer.stdout) == (2, b"")
    assert json.loads(answer.stderr)["errors"]


def test_an_answer_comes_before_anyone_stops_waiting() -> None:
    started = time.monotonic()
    assert run("duties", given=rules.example("duties")).returncode == 0
    assert time.monotonic() - started < 5  # about 0.2 s alone; the margin is for a busy machine
