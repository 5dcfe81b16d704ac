"""Asking the law over HTTP: the same answer as `python -m rules`, the same faults."""

import json
import subprocess
import sys

import pytest
from django.conf import settings

import rules
from core.accounts.models import Role
from rules.engine.source import read_document
from tests.core.accounts.factories import MembershipFactory, UserFactory
from tests.core.accounts.tokens import Program, program_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def program():
    return program_of(UserFactory())


def example(topic):
    return read_document(rules.example(topic))[0]


@pytest.mark.parametrize("topic", rules.topics())
def test_the_answer_is_that_of_the_rules(program, topic):
    answer = program.post(f"/assess/{topic}", example(topic))
    assert answer.status_code == 200
    assert answer.json() == json.loads(json.dumps(rules.assess(topic, example(topic))))


def test_the_answer_is_that_of_the_command_line_byte_for_byte_in_meaning(program):
    facts = json.dumps({"incident": {"leak_known_at": "2026-10-01T20:00+09:00", "person_count": 1200}})
    command = [sys.executable, "-m", "rules", "duties"]
    said = subprocess.run(
        command, input=facts.encode(), capture_output=True, cwd=settings.BASE_DIR, check=True
    )
    assert program.post("/assess/duties", facts).json() == json.loads(said.stdout)


@pytest.mark.parametrize("role", [*Role, None])
def test_the_law_is_no_secret_among_those_who_have_an_account(role):
    user = MembershipFactory(role=role).user if role else UserFactory()
    assert program_of(user).post("/assess/period", example("period")).status_code == 200


def test_every_topic_has_its_schema_and_an_example_that_works(program):
    listed = program.get("/topics").json()
    assert listed["rules_digest"] == rules.digest()
    assert tuple(topic["name"] for topic in listed["topics"]) == rules.topics()
    for topic in listed["topics"]:
        assert topic["schema"] == rules.schema(topic["name"])
        assert program.post(f"/assess/{topic['name']}", topic["example"]).status_code == 200


def test_an_unknown_topic_names_the_topics(program):
    answer = program.post("/assess/dutys", {})
    assert answer.status_code == 404
    assert answer.json()["topics"] == list(rules.topics())
    assert all(topic in answer.json()["error"]["hint"] for topic in rules.topics())


BAD = {
    "unknown name": ('{"incident": {"colour": "red"}}', ["incident.colour"]),
    "naive instant": ('{"incident": {"leak_known_at": "2026-10-01T20:00"}}', ["incident.leak_known_at"]),
    "negative count": ('{"incident": {"person_count": -1}}', ["incident.person_count"]),
    "a number of five thousand digits": (
        '{"incident": {"person_count": ' + "1" * 5000 + "}}",
        ["incident.person_count"],
    ),
    "not a number": ('{"incident": {"person_count": NaN}}', ["incident.person_count"]),
    "the same name twice": ('{"incident": {}, "incident": {}}', ["incident"]),
    "two faults": (
        '{"incident": {"person_count": -1, "leak_known_at": "soon"}}',
        ["incident.leak_known_at", "incident.person_count"],
    ),
    "empty": ("", [""]),
    "null": ("null", [""]),
    "a list": ("[1]", [""]),
    "cut off": ('{"incident": {', [""]),
    "YAML": ("incident: {}", [""]),
    "too deep": ("[" * 100_000, [""]),
    "half a surrogate": ('{"incident": {"\\ud800": 1}}', ["incident.\ud800"]),
}


@pytest.mark.parametrize("mistake", BAD)
def test_bad_facts_are_422_with_every_fault(program, mistake):
    text, paths = BAD[mistake]
    answer = program.post("/assess/duties", text)
    document = answer.json()
    assert answer.status_code == 422
    assert sorted(fault["path"] for fault in document["errors"]) == paths
    assert document["error"] == document["errors"][0]
    assert all(set(fault) == {"path", "message", "hint"} for fault in document["errors"])


def test_the_faults_are_those_of_the_command_line(program):
    facts = '{"incident": {"person_count": -1, "leak_known_at": "2026-10-01", "colour": "red"}}'
    command = [sys.executable, "-m", "rules", "duties"]
    said = subprocess.run(
        command, input=facts.encode(), capture_output=True, cwd=settings.BASE_DIR, check=False
    )
    assert program.post("/assess/duties", facts).json() == json.loads(said.stderr)


def test_bytes_that_are_no_text_are_422(program):
    assert program.post("/assess/duties", b'{"incident": "\xff"}').status_code == 422


def test_to_an_english_reader_the_korean_fault_is_handed_on_beside_it(program):
    program.client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    document = program.post("/assess/duties", {"incident": {"person_count": -1}}).json()
    with pytest.raises(rules.FactsError) as refusal:
        rules.assess("duties", {"incident": {"person_count": -1}})
    assert document["errors_ko"] == [fault.as_dict() for fault in refusal.value.faults]
    assert document["error"]["path"] == "incident.person_count"


def test_nobody_asks_without_a_token():
    assert Program().get("/topics").status_code == 401
    assert Program().post("/assess/duties", {}).status_code == 401
