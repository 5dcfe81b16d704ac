"""The audit of the pinned packages: what it finds, and what it says when nobody answers."""

import json
import os
import stat

import pytest

from config import dependencies

pytestmark = pytest.mark.any_database

SOUND = {"name": "django", "version": "6.1.0", "vulns": []}
FAULTY = {
    "name": "pillow",
    "version": "1.0",
    "vulns": [{"id": "PYSEC-2026-1", "fix_versions": ["1.1"], "aliases": [], "description": ""}],
}
UNANSWERED = {"name": "celery", "skip_reason": "no answer"}


@pytest.fixture
def answering(tmp_path, monkeypatch):
    """A `pip-audit` on the path that answers what the test says."""

    def answer(text, code=0):
        tool = tmp_path / "pip-audit"
        tool.write_text(f"#!/bin/sh\ncat <<'END'\n{text}\nEND\nexit {code}\n")
        tool.chmod(tool.stat().st_mode | stat.S_IEXEC)
        monkeypatch.setattr(dependencies.sys, "executable", str(tmp_path / "python"))
        monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")

    return answer


def test_sound_packages_pass(answering, capsys):
    answering(json.dumps({"dependencies": [SOUND], "fixes": []}))
    assert dependencies.main() == 0
    assert "requirements.lock: 1 packages checked" in capsys.readouterr().out


def test_a_vulnerable_package_is_named_with_its_remedy(answering, capsys):
    answering(json.dumps({"dependencies": [SOUND, FAULTY], "fixes": []}), code=1)
    assert dependencies.main() == 1
    assert "pillow 1.0: PYSEC-2026-1 (mended in 1.1)" in capsys.readouterr().out


@pytest.mark.parametrize(
    "answer", [json.dumps({"dependencies": [UNANSWERED], "fixes": []}), "no route to host"]
)
def test_without_an_answer_it_says_that_nothing_was_checked(answering, capsys, monkeypatch, answer):
    answering(answer)
    assert dependencies.main() == 0
    assert "NOT CHECKED" in capsys.readouterr().out
    monkeypatch.setenv("BREACHDESK_REQUIRE_AUDIT", "1")
    assert dependencies.main() == 1


def test_what_got_no_answer_beside_others_is_counted(answering, capsys):
    answering(json.dumps({"dependencies": [SOUND, UNANSWERED], "fixes": []}))
    assert dependencies.main() == 0
    assert "1 packages checked, 1 without an answer" in capsys.readouterr().out
