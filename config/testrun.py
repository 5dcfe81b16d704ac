"""`make test`: the suite on SQLite, then again on a PostgreSQL and a Redis of its own.

The servers live in a temporary folder on free ports and are gone afterwards, whatever
happened. Arguments are handed to pytest.
"""

from __future__ import annotations

import os
import pwd
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import FrameType
from urllib.parse import urlsplit

import psycopg
import redis

ROOT = Path(__file__).resolve().parent.parent
START_SECONDS = 30.0
STOP_SECONDS = 15.0
SETTINGS = re.compile("DATABASE_URL|REDIS_URL|DJANGO_SETTINGS_MODULE|BREACHDESK_")
PURE_TESTS = ("tests/rules", "tests/browser")  # the second pass would only repeat the first
RUN_ONCE = "not any_database"
NOTHING_COLLECTED = 5
TEMPLATE = "breachdesk_template"


class ServerDidNotStart(Exception):
    """A throwaway server could not be started; the message ends with its own words."""


def say(line: str = "") -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def find_program(name: str) -> str | None:
    """`name` on the PATH or, newest first, where Debian keeps PostgreSQL's own programs."""
    found = shutil.which(name)
    if found:
        return found
    places = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda p: int(p.parts[4]))
    return str(places[-1]) if places else None


def free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        port: int = door.getsockname()[1]
        return port


def unprivileged_user() -> str | None:
    """Whom PostgreSQL runs as when we are root, which it refuses to be."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


@contextmanager
def running(
    command: list[str], *, log: Path, user: str | None, is_ready: Callable[[], bool], stop: int
) -> Iterator[None]:
    """A server that answers, until the block ends. In its own session: a Ctrl-C is for the tests first."""
    with log.open("wb") as output:
        server = subprocess.Popen(  # noqa: S603
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
            user=user,
            group=pwd.getpwnam(user).pw_gid if user else None,
            extra_groups=[] if user else None,
            cwd=log.parent,
        )
    try:
        give_up_at = time.monotonic() + START_SECONDS
        while not is_ready():
            if server.poll() is not None or time.monotonic() > give_up_at:
                raise ServerDidNotStart(f"{Path(command[0]).name}: {log.read_text(errors='replace')[-800:]}")
            time.sleep(0.05)
        yield
    finally:
        if server.poll() is None:
            server.send_signal(stop)
            try:
                server.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                os.killpg(server.pid, signal.SIGKILL)
                server.wait()


@contextmanager
def postgres(initdb: str, program: str, folder: Path) -> Iterator[str]:
    """A PostgreSQL with nothing in it; gives its URL."""
    user, port, password = unprivileged_user(), free_port(), secrets.token_hex(16)
    data, password_file = folder / "data", folder / "password"
    password_file.write_text(password)
    if user:
        owner = pwd.getpwnam(user)
        for path in (folder, password_file):
            os.chown(path, owner.pw_uid, owner.pw_gid)
    made = subprocess.run(  # noqa: S603
        [
            *(initdb, "-D", str(data), "-U", "breachdesk", "-E", "UTF8", "--locale=C.UTF-8"),
            *("--auth=scram-sha-256", f"--pwfile={password_file}", "--no-sync"),
        ],
        user=user,
        group=pwd.getpwnam(user).pw_gid if user else None,
        extra_groups=[] if user else None,
        cwd=folder,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if made.returncode != 0:
        raise ServerDidNotStart(f"initdb: {(made.stderr or made.stdout)[-800:]}")
    settings = {
        "listen_addresses": "127.0.0.1",
        "port": str(port),
        "unix_socket_directories": "",
        "fsync": "off",
        "synchronous_commit": "off",
        "full_page_writes": "off",
        "max_connections": "200",
    }
    command = [program, "-D", str(data), *(f"--{name}={value}" for name, value in settings.items())]
    url = f"postgres://breachdesk:{password}@127.0.0.1:{port}/postgres"

    def is_ready() -> bool:
        try:
            psycopg.connect(url, connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True

    with running(command, log=folder / "log", user=user, is_ready=is_ready, stop=signal.SIGINT):
        yield url


@contextmanager
def redis_server(program: str, folder: Path) -> Iterator[str]:
    """A Redis that keeps nothing; gives its URL."""
    port = free_port()
    command = [program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
    command += ["--dir", str(folder), "--daemonize", "no"]
    url = f"redis://127.0.0.1:{port}/0"

    def is_ready() -> bool:
        try:
            return bool(redis.Redis.from_url(url, socket_timeout=2).ping())
        except redis.RedisError:
            return False

    with running(command, log=folder / "log", user=None, is_ready=is_ready, stop=signal.SIGTERM):
        yield url


@contextmanager
def temporary_folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="breachdesk-test-"))
    folder.chmod(0o755)  # PostgreSQL's user has to get in
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def own_environment() -> dict[str, str]:
    """What the shell says, without what it says of another installation.

    A run starts many processes, which all use what the first one compiled.
    """
    left_out = re.compile(f"{SETTINGS.pattern}|PYTHONDONTWRITEBYTECODE")
    return {k: v for k, v in os.environ.items() if not left_out.match(k)}


def migrated(folder: Path, servers: dict[str, str]) -> str:
    """A database with all tables, which every worker and installation of the run copies: a file, or a name."""
    settings = {"BREACHDESK_DATA_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "config.settings.dev"}
    template = str(folder / "breachdesk.sqlite3")
    if servers:
        template = TEMPLATE
        with psycopg.connect(servers["DATABASE_URL"], autocommit=True) as server:
            server.execute(f"CREATE DATABASE {TEMPLATE}")
        settings["DATABASE_URL"] = urlsplit(servers["DATABASE_URL"])._replace(path=f"/{TEMPLATE}").geturl()
    command = [sys.executable, "manage.py", "migrate", "--verbosity=0"]
    subprocess.run(command, cwd=ROOT, env=own_environment() | settings, check=True)  # noqa: S603
    return template


def run_suite(arguments: list[str], servers: dict[str, str]) -> tuple[int, str]:
    """pytest's exit status and its own summary line."""
    with temporary_folder() as folder:
        return run_pytest(arguments, {**servers, "BREACHDESK_TEST_TEMPLATE": migrated(folder, servers)})


def run_pytest(arguments: list[str], settings: dict[str, str]) -> tuple[int, str]:
    environment = own_environment() | settings
    # Three workers: browser and fault tests wait for processes of their own.
    command = [sys.executable, "-m", "pytest", "-n", "3", "--dist", "loadgroup", *arguments]
    summary = "no summary"
    with subprocess.Popen(  # noqa: S603
        command,
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,  # a Ctrl-C reaches it once, from here, and its teardown can finish
    ) as suite:
        assert suite.stdout is not None
        try:
            for line in suite.stdout:
                sys.stdout.write(line)
                sys.stdout.flush()
                if re.search(r"\d+ (passed|failed|errors?|skipped)|no tests ran", line) and " in " in line:
                    summary = line.strip().strip("=").strip()
        except BaseException:
            suite.send_signal(signal.SIGINT)
            suite.wait(60)
            raise
    return suite.returncode, summary


def second_pass(arguments: list[str]) -> tuple[int, str]:
    """The suite on real servers, or the reason why it was not run."""
    programs = {name: find_program(name) for name in ("initdb", "postgres", "redis-server")}
    missing = [name for name, path in programs.items() if path is None]
    if missing:
        return 0, f"NOT RUN, {', '.join(missing)} not found (apt-get install postgresql redis-server)"
    with ExitStack() as stack:
        folder = stack.enter_context(temporary_folder())
        for name in ("postgres", "redis"):
            (folder / name).mkdir()
        database = stack.enter_context(
            postgres(str(programs["initdb"]), str(programs["postgres"]), folder / "postgres")
        )
        broker = stack.enter_context(redis_server(str(programs["redis-server"]), folder / "redis"))
        status, summary = run_suite(
            [*(f"--ignore={path}" for path in PURE_TESTS), "-m", RUN_ONCE, *arguments],
            {"DATABASE_URL": database, "REDIS_URL": broker},
        )
    return status, f"{summary}; without {', '.join(PURE_TESTS)} and what is the same on every database"


def interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def main(arguments: list[str]) -> int:
    """Both passes, then two lines that say what was run. Non-zero if either failed."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, interrupt)
    try:
        say("== SQLite, no servers")
        first, first_line = run_suite(arguments, {})
        say("== PostgreSQL and Redis")
        try:
            second, second_line = second_pass(arguments)
        except ServerDidNotStart as obstacle:
            second, second_line = 1, f"NOT RUN, {obstacle}"
    except KeyboardInterrupt:
        say("interrupted; the servers of the test run are removed")
        return 130
    say()
    say(f"SQLite:               {first_line}")
    say(f"PostgreSQL and Redis: {second_line}")
    # With arguments, a pass may rightly select nothing.
    accepted = {0, NOTHING_COLLECTED} if arguments else {0}
    return 0 if first in accepted and second in accepted else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
