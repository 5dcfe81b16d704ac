"""Finding a Python and setting up, as a person on a new machine meets them."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.config.processes import ROOT

pytestmark = pytest.mark.any_database

FINDER = ROOT / "config" / "find-python.sh"


def a_python(folder: Path, name: str, body: str) -> str:
    program = folder / name
    program.write_text(f"#!/bin/sh\n{body}\n")
    program.chmod(0o755)
    return str(program)


def find(*candidates, **environment):
    return subprocess.run(
        ["bash", str(FINDER), *candidates],
        env={"PATH": os.environ["PATH"], "HOME": "/nonexistent"} | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_working_python_is_found_behind_a_shim_that_fails(tmp_path):
    # Given a shim as version managers leave them
    shim = a_python(tmp_path, "python3.13", "exit 127")
    # When
    found = find(shim, sys.executable)
    # Then
    assert found.returncode == 0
    assert Path(found.stdout.strip()).exists()
    assert found.stderr == ""


def test_an_old_python_is_refused_in_one_line(tmp_path):
    # Given a Python whose version check fails, as 3.11's would
    old = a_python(tmp_path, "python3", "exit 1")
    # When
    refused = find(old)
    # Then
    assert refused.returncode == 1
    assert refused.stdout == ""
    assert refused.stderr.count("\n") == 1
    assert "3.12" in refused.stderr
    assert "uv python install" in refused.stderr


def test_a_named_python_that_is_too_old_is_refused_by_name(tmp_path):
    refused = find(PYTHON=a_python(tmp_path, "python3", "exit 1"))
    assert refused.returncode == 1
    assert refused.stderr.count("\n") == 1
    assert f"PYTHON={tmp_path}/python3" in refused.stderr


def test_a_python_without_venv_names_the_package(tmp_path):
    # Given a Python that is new enough but whose venv module is packaged apart
    half = a_python(tmp_path, "python3.12", 'case "$2" in *ensurepip*) exit 1;; esac; exit 0')
    # When
    refused = find(half)
    # Then
    assert refused.returncode == 3
    assert refused.stderr.count("\n") == 1
    assert "python3-venv" in refused.stderr


@pytest.fixture
def tree(tmp_path):
    """A copy of the scripts with a lock that asks for nothing, so that no network is needed."""
    (tmp_path / "config").mkdir()
    for name in ("setup.sh", "find-python.sh"):
        shutil.copy(ROOT / "config" / name, tmp_path / "config" / name)
    (tmp_path / "dev.lock").write_text("# nothing\n")
    return tmp_path


def set_up(tree):
    environment = os.environ | {"PYTHON": sys._base_executable}
    return subprocess.run(
        ["bash", "config/setup.sh"], cwd=tree, env=environment, capture_output=True, text=True, check=False
    )


@pytest.mark.faults
def test_setting_up_again_changes_nothing_until_the_lock_does(tree):
    # Given
    first = set_up(tree)
    assert first.returncode == 0, first.stderr
    stamp = tree / ".venv" / "installed"
    written = stamp.stat().st_mtime_ns
    # When
    second = set_up(tree)
    # Then
    assert (second.returncode, second.stdout, second.stderr) == (0, "", "")
    assert stamp.stat().st_mtime_ns == written
    # And when the lock changes
    (tree / "dev.lock").write_text("# nothing, newly\n")
    third = set_up(tree)
    # Then
    assert third.returncode == 0
    assert "installing" in third.stderr
    assert sorted(path.name for path in tree.iterdir()) == [".venv", "config", "dev.lock", "var"]
