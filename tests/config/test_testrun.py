"""The servers of `make test` come, answer and go."""

import os
import signal
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import psycopg
import pytest
import redis

from config import testrun
from tests.config.processes import ROOT, wait_for

pytestmark = [pytest.mark.faults, pytest.mark.any_database]


@pytest.mark.skipif(
    testrun.find_program("initdb") is None, reason="needs PostgreSQL: apt-get install postgresql"
)
def test_a_throwaway_postgresql_answers_and_is_gone_afterwards():
    # Given
    programs = [testrun.find_program(name) for name in ("initdb", "postgres")]
    with testrun.temporary_folder() as folder:
        (folder / "postgres").mkdir()
        # When it runs, then it answers
        with testrun.postgres(*programs, folder / "postgres") as url, psycopg.connect(url) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
        # And afterwards it does not
        with pytest.raises(psycopg.OperationalError):
            psycopg.connect(url, connect_timeout=2)
    assert not folder.exists()


@pytest.mark.skipif(
    testrun.find_program("redis-server") is None, reason="needs Redis: apt-get install redis-server"
)
def test_a_throwaway_redis_is_removed_after_an_error():
    with testrun.temporary_folder() as folder, ExitStack() as stack:
        url = stack.enter_context(testrun.redis_server(testrun.find_program("redis-server"), folder))
        assert redis.Redis.from_url(url).ping()
        # When the block ends with an error
        stack.__exit__(ZeroDivisionError, ZeroDivisionError(), None)
        # Then
        with pytest.raises(redis.ConnectionError):
            redis.Redis.from_url(url).ping()


def test_a_server_that_ends_at_once_says_why(tmp_path):
    with (
        pytest.raises(testrun.ServerDidNotStart, match="the reason"),
        testrun.running(
            ["/bin/sh", "-c", "echo the reason; exit 1"],
            log=tmp_path / "log",
            user=None,
            is_ready=lambda: False,
            stop=signal.SIGTERM,
        ),
    ):
        pass


def test_a_terminated_run_removes_its_folder(tmp_path):
    # Given a run that has got as far as its servers
    script = (
        "import signal, time\n"
        "from config import testrun\n"
        "signal.signal(signal.SIGTERM, testrun.interrupt)\n"
        "with testrun.temporary_folder() as folder:\n"
        "    print(folder, flush=True)\n"
        "    while True: time.sleep(0.1)\n"
    )
    run = subprocess.Popen(
        [sys.executable, "-c", script], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    folder = Path(run.stdout.readline().strip())
    assert folder.exists()
    # When
    run.terminate()
    run.wait(20)
    # Then
    wait_for(lambda: not folder.exists())


def test_what_is_not_installed_is_named(monkeypatch):
    monkeypatch.setattr(testrun, "find_program", lambda name: None)
    status, line = testrun.second_pass([])
    assert status == 0
    assert line.startswith("NOT RUN, initdb, postgres, redis-server not found")


GROUPED = """
import os, pathlib, pytest
@pytest.mark.xdist_group("one")
@pytest.mark.parametrize("number", range(6))
def test_it(number):
    pathlib.Path(os.environ["TOLD"], os.environ["PYTEST_XDIST_WORKER"]).touch()
"""


def test_a_group_of_tests_stays_on_one_worker_and_sets_up_once(tmp_path):
    (tmp_path / "test_grouped.py").write_text(GROUPED)
    (tmp_path / "told").mkdir()
    command = [sys.executable, "-m", "pytest", "-c", os.devnull, "--rootdir", tmp_path, "-p", "xdist"]
    ended = subprocess.run(
        [*command, "-n", "2", "--dist", "loadgroup", tmp_path / "test_grouped.py"],
        env=os.environ | {"TOLD": str(tmp_path / "told"), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout
    assert len(list((tmp_path / "told").iterdir())) == 1
