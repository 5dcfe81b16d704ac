"""The supervisor of `make run`, with real processes."""

import http.client
import json
import os
import shutil
import signal
import socket
import stat
import subprocess
import sys
import time

import pytest

from config import embedded
from tests.config.processes import ROOT, children_of, is_alive, wait_for

pytestmark = [
    pytest.mark.faults,
    pytest.mark.any_database,
    pytest.mark.xdist_group("embedded"),
    pytest.mark.long,
]


class Served:
    """A running supervisor with a data folder and a port of its own."""

    def __init__(self, folder, *arguments):
        self.folder, self.log = folder, folder / "log"
        with socket.socket() as door:
            door.bind(("127.0.0.1", 0))
            self.port = door.getsockname()[1]
        environment = {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "REDIS_URL")} | {
            "BREACHDESK_DATA_DIR": str(folder),
            "BREACHDESK_SWEEP_SECONDS": "1",
            "DJANGO_SETTINGS_MODULE": "config.settings.dev",
            "PYTHONUNBUFFERED": "1",
        }
        with self.log.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "config.embedded", "--port", str(self.port), *arguments],
                cwd=ROOT,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )

    def said(self, words):
        return words in self.log.read_text(errors="replace")

    def answers(self):
        return embedded.answers(self.port)

    def parts(self):
        return sorted(children_of(self.process.pid))

    def family(self):
        parts = self.parts()
        return parts + [grandchild for part in parts for grandchild in children_of(part)]

    def wait_until_up(self):
        wait_for(lambda: self.said("sign in") or self.said("stop         Ctrl-C"), seconds=180)

    def end(self):
        family = self.family()
        self.process.kill()
        self.process.wait()
        for pid in family:
            if is_alive(pid):
                os.kill(pid, signal.SIGKILL)


@pytest.fixture(scope="module")
def first_folder(tmp_path_factory):
    """What a first start from nothing leaves, after a Ctrl-C."""
    one = Served(tmp_path_factory.mktemp("first"))
    try:
        one.wait_until_up()
        one.process.send_signal(signal.SIGINT)
        assert one.process.wait(30) == 0
    finally:
        one.end()
    return one.folder


@pytest.fixture
def served(tmp_path):
    running = []

    def start(*arguments):
        running.append(Served(tmp_path, *arguments))
        return running[-1]

    yield start
    for one in running:
        one.end()


@pytest.fixture
def settled(first_folder, tmp_path):
    """A folder in which it has been started before."""
    shutil.copytree(first_folder, tmp_path, dirs_exist_ok=True, ignore=shutil.ignore_patterns("log"))


def test_web_and_timers_answer_and_stop_without_an_orphan(settled, served):
    # Given
    one = served()
    one.wait_until_up()
    family = one.family()
    assert len(family) >= 3  # web, its worker, timers
    # When somebody presses Ctrl-C
    asked_at = time.monotonic()
    one.process.send_signal(signal.SIGINT)
    status = one.process.wait(30)
    # Then it ends well and soon, and nothing is left
    assert status == 0
    assert time.monotonic() - asked_at < embedded.GRACE_SECONDS + 6
    wait_for(lambda: not any(is_alive(pid) for pid in family))
    assert not one.answers()


@pytest.mark.parametrize("part", [0, 1])
def test_a_part_that_is_killed_is_started_again(settled, served, part):
    # Given
    one = served()
    one.wait_until_up()
    before = one.parts()
    # When
    os.kill(before[part], signal.SIGKILL)
    # Then another takes its place, the other part is left alone, and it is said
    wait_for(lambda: len(one.parts()) == 2 and before[part] not in one.parts())
    assert before[1 - part] in one.parts()
    assert one.said(f"{['web', 'timers'][part]} stopped (killed by signal 9); starting it again in 1 s")
    wait_for(one.answers)


def test_the_parts_do_not_outlive_a_killed_supervisor(settled, served):
    # Given
    one = served()
    one.wait_until_up()
    family = one.family()
    # When
    one.process.kill()
    one.process.wait()
    # Then
    wait_for(lambda: not any(is_alive(pid) for pid in family))


def test_a_first_start_prepares_and_a_second_has_nothing_to_prepare(first_folder, settled, served):
    # Given
    assert "bringing the database up to date" in (first_folder / "log").read_text()
    # When
    second = served()
    second.wait_until_up()
    # Then
    assert not second.said("bringing the database up to date")


def test_the_first_start_makes_its_keys_for_their_owner_alone(first_folder):
    keys = [first_folder / "keys" / name for name in ("signing.pem", "vault.key", "application.key")]
    assert {stat.S_IMODE(key.stat().st_mode) for key in keys} == {0o600}


def test_a_database_that_cannot_be_prepared_ends_the_start(served, tmp_path):
    # Given something that is no database
    (tmp_path / "breachdesk.sqlite3").write_bytes(b"not a database, " * 100)
    # When
    status = served().process.wait(120)
    # Then
    assert status == 1


def test_a_taken_port_is_named_in_one_line():
    # Given
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        # When
        ended = subprocess.run(
            [sys.executable, "-m", "config.embedded", "--port", str(port)],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
    # Then
    assert ended.returncode == 1
    assert ended.stdout == f"breachdesk: port {port} is taken; choose another: make run PORT={port + 1}\n"


def test_the_timer_ticks(settled, served):
    # Given
    one = served()
    one.wait_until_up()

    # When the product itself is asked, then a sweep has been, and not too long ago
    def timers():
        caller = http.client.HTTPConnection("127.0.0.1", one.port, timeout=20)
        caller.request("GET", "/healthz")
        return json.loads(caller.getresponse().read())["timers"]

    wait_for(lambda: timers()["last_sweep_at"], seconds=30)
    assert timers()["late"] is False
