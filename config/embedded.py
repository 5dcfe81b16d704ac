"""`make run`: the whole product under one supervisor, with no server to install.

Two parts, each a child in its own process group: `web` (gunicorn) and `timers` (one
Celery process, beat and worker together on `memory://`). A part that dies is started
again; the supervisor itself holds no thread and no database connection, so forking
from it is safe.
"""

from __future__ import annotations

import argparse
import contextlib
import ctypes
import http.client
import importlib
import os
import signal
import socket
import sys
import threading
import time
import traceback
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

import django
from celery.beat import EmbeddedService
from django.conf import settings
from django.core.management import call_command, get_commands
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.urls import get_resolver
from django.utils import timezone
from gunicorn.app.base import BaseApplication
from gunicorn.util import import_app

from config.celery import app as timers_app  # this also chooses the embedded settings

HOST = "127.0.0.1"
TICK_SECONDS = 0.1
GRACE_SECONDS = 6.0  # after that a part is killed: every errand is a row and is found again
LONGEST_PAUSE_SECONDS = 30.0
STEADY_AFTER_SECONDS = 60.0
FAILURES_BEFORE_GIVING_UP = 4  # counted only while the web part has never answered


def say(line: str = "") -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def die_with(parent: int) -> None:
    """Ask the kernel for SIGTERM when `parent` is gone, however it went; only Linux can."""
    if sys.platform == "linux":
        pr_set_pdeathsig = 1
        ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGTERM)
        if os.getppid() != parent:
            os.kill(os.getpid(), signal.SIGTERM)


def fork(main: Callable[[], None]) -> int:
    """Run `main` in a child of its own process group and give back its process id."""
    sys.stdout.flush()
    sys.stderr.flush()
    parent = os.getpid()
    pid = os.fork()
    if pid:
        with contextlib.suppress(OSError):
            os.setpgid(pid, pid)  # whichever of the two comes first
        return pid
    status = 1
    try:
        # A Ctrl-C in the terminal must reach the supervisor alone, which then stops the parts in order.
        os.setpgid(0, 0)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_DFL)
        die_with(parent)
        main()
        status = 0
    except SystemExit as leaving:
        status = leaving.code if isinstance(leaving.code, int) else int(leaving.code is not None)
    except BaseException:
        traceback.print_exc()
    finally:
        with contextlib.suppress(Exception):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(status)


@dataclass
class Part:
    """One child that has to be running."""

    name: str
    main: Callable[[], None]
    pid: int | None = None
    started_at: float = 0.0
    start_after: float = 0.0
    failures: int = 0

    def start(self) -> None:
        self.pid = fork(self.main)
        self.started_at = time.monotonic()

    def look(self) -> None:
        """Notice a death, clear up behind it and set the time of the next start."""
        if self.pid is None:
            if time.monotonic() >= self.start_after:
                self.start()
            return
        ended, status = os.waitpid(self.pid, os.WNOHANG)
        if ended == 0:
            return
        self.kill()  # what the dead part left behind in its group
        self.pid = None
        lived = time.monotonic() - self.started_at
        self.failures = 1 if lived >= STEADY_AFTER_SECONDS else self.failures + 1
        pause = min(2.0 ** (self.failures - 1), LONGEST_PAUSE_SECONDS)
        self.start_after = time.monotonic() + pause
        code = os.waitstatus_to_exitcode(status)
        how = f"killed by signal {-code}" if code < 0 else f"exit {code}"
        say(f"breachdesk: {self.name} stopped ({how}); starting it again in {pause:.0f} s")

    def ask_to_stop(self) -> None:
        if self.pid is not None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGTERM)

    def kill(self) -> None:
        if self.pid is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.pid, signal.SIGKILL)

    def has_ended(self) -> bool:
        if self.pid is None:
            return True
        ended, _ = os.waitpid(self.pid, os.WNOHANG)
        if ended:
            self.kill()
            self.pid = None
        return self.pid is None


class Supervisor:
    def __init__(self, *, port: int, door: socket.socket, follows: int | None) -> None:
        self.port = port
        self.parts = [
            Part("web", lambda: serve_web(door.fileno())),
            Part("timers", run_timers),
        ]
        self.follows = follows
        self.has_answered = False
        self.stopping = False
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._stop)

    def _stop(self, number: int, frame: FrameType | None) -> None:
        self.stopping = True

    def run(self) -> int:
        """Keep the parts running until told to stop; the exit status."""
        try:
            if not self._prepared():
                return 0 if self.stopping else 1
            while not self._should_stop():
                for part in self.parts:
                    part.look()
                if not self.has_answered and answers(self.port):
                    self.has_answered = True
                    announce(self.port)
                if not self.has_answered and self.parts[0].failures >= FAILURES_BEFORE_GIVING_UP:
                    say("breachdesk: the web part does not come up; the reason is above")
                    return 1
                time.sleep(TICK_SECONDS)
            say("breachdesk: stopping")
            return 0
        finally:
            self._stop_parts()

    def _should_stop(self) -> bool:
        return self.stopping or (self.follows is not None and os.getppid() != self.follows)

    def _prepared(self) -> bool:
        """Migrate and load the demonstration in a child, so that nothing of it stays in this process."""
        pid = fork(prepare)
        load_ahead()
        while True:
            ended, status = os.waitpid(pid, os.WNOHANG)
            if ended:
                return status == 0 and not self._should_stop()
            if self._should_stop():
                os.kill(pid, signal.SIGTERM)
            time.sleep(0.02)

    def _stop_parts(self) -> None:
        for part in self.parts:
            part.ask_to_stop()
        give_up_at = time.monotonic() + GRACE_SECONDS
        while not all(part.has_ended() for part in self.parts):
            if time.monotonic() > give_up_at:
                for part in self.parts:
                    part.kill()
            time.sleep(0.05)


def prepare() -> None:
    """Bring the database up to date and, on a first start, load the demonstration."""
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
    importlib.import_module("core.access.keyring").ensure_key()  # migrations may have to seal with it
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        say("breachdesk: bringing the database up to date")
        call_command("migrate", interactive=False, verbosity=0)
    importlib.import_module("core.documents.vault").ensure_vault_key()
    _note_edition()
    importlib.import_module("core.audit.keys").ensure_signing_key()
    if "load_demo" in get_commands():
        call_command("load_demo", verbosity=0)


def _note_edition() -> None:
    """An upgrade may bring another edition of the law and no migration."""
    law = importlib.import_module("incidents.services.law")  # models can be imported only now
    law.note_installed_edition(now=timezone.now())


def load_ahead() -> None:
    """Import once, here, what both parts need: they are forked from this process."""
    importlib.import_module("celery.apps.worker")
    importlib.import_module("gunicorn.workers.gthread")
    # A broken URL file is reported by the web part, which can be started again.
    with contextlib.suppress(Exception):
        _ = get_resolver().url_patterns


class Web(BaseApplication):  # type: ignore[misc]
    """gunicorn without a configuration file."""

    def __init__(self, door: int) -> None:
        self.door = door
        super().__init__()

    def load_config(self) -> None:
        for name, value in {
            "bind": f"fd://{self.door}",
            "workers": 1,  # SQLite has one writer at a time
            "threads": 8,
            "worker_class": "gthread",
            "timeout": 120,
            "graceful_timeout": 3,
            "loglevel": "warning",
            "control_socket_disable": True,
        }.items():
            self.cfg.set(name, value)

    def load(self) -> object:
        return import_app("config.wsgi:application")


def serve_web(door: int) -> None:
    """gunicorn on the socket the supervisor holds: while it restarts, callers wait and are not refused."""
    Web(door).run()


def run_timers() -> None:
    """Beat and worker in one process, because a `memory://` broker lives in one process."""
    # Celery advises against running as root; in a container `make run` often does.
    warnings.filterwarnings("ignore", message="You're running the worker with superuser privileges")
    beat = EmbeddedService(timers_app, thread=True, scheduler_cls=timers_app.conf.beat_scheduler)

    def end_with_beat() -> None:
        # A worker whose beat is dead looks alive and does nothing.
        beat.join()
        if not beat.service._is_shutdown.is_set():
            say("breachdesk: the beat of the timers died")
            os._exit(1)

    for entry in timers_app.conf.beat_schedule.values():
        timers_app.send_task(
            entry["task"]
        )  # what fell due while nothing ran does not wait for the first tick
    beat.start()
    threading.Thread(target=end_with_beat, daemon=True).start()
    worker = timers_app.Worker(
        pool="solo",
        quiet=True,
        loglevel="WARNING",
        without_gossip=True,
        without_mingle=True,
        without_heartbeat=True,
    )
    worker.start()
    sys.exit(worker.exitcode)


def answers(port: int) -> bool:
    """Whether the web part answers at all. Not /healthz: before the first sweep that is an error in the log."""
    caller = http.client.HTTPConnection(HOST, port, timeout=1)
    try:
        caller.request("GET", "/accounts/login/")
        caller.getresponse().read()
    except (OSError, http.client.HTTPException):
        return False
    else:
        return True
    finally:
        caller.close()


def demo_accounts() -> list[tuple[str, str, str]]:
    """(who, e-mail, password) of the people in the demonstration."""
    app = get_commands().get("load_demo")
    if app is None:
        return []
    command = importlib.import_module(f"{app}.management.commands.load_demo")
    return list(getattr(command, "DEMO_ACCOUNTS", ()))


def announce(port: int) -> None:
    address = f"http://localhost:{port}"
    say()
    say(f"  breachdesk   {address}/")
    say(f"  mail sent    {address}/mail/")
    for who, email, password in demo_accounts():
        say(f"  sign in as   {email}   {password}   ({who})")
    say("  stop         Ctrl-C")
    say()


def open_door(port: int) -> socket.socket | None:
    """The port, bound but not listening yet; None when another program has it."""
    door = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        door.bind((HOST, port))
    except OSError:
        door.close()
        return None
    return door


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="config.embedded", description="Serve web and timers until Ctrl-C.")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument(
        "--stop-with-parent", action="store_true", help="stop when the program that started this one ends"
    )
    options = parser.parse_args(arguments)
    door = open_door(options.port)
    if door is None:
        say(f"breachdesk: port {options.port} is taken; choose another: make run PORT={options.port + 1}")
        return 1
    os.environ.setdefault("BREACHDESK_SITE_URL", f"http://localhost:{options.port}")
    django.setup()
    follows = os.getppid() if options.stop_with_parent else None
    return Supervisor(port=options.port, door=door, follows=follows).run()


if __name__ == "__main__":
    sys.exit(main())
