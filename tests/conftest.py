"""What every test may ask for: the clock, the servers of this run, a browser, a way to sign in."""

from __future__ import annotations

import gc
import os
import shutil
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.utils import translation
from playwright.sync_api import BrowserContext, Page

from core.access.keyring import ensure_key
from core.documents.vault import make_vault_key
from tests import guards
from tests.clock import NOON

CHROMIUM_ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
]
PHONE = {"viewport": {"width": 360, "height": 780}, "has_touch": True, "is_mobile": True}
DESKTOP = {"viewport": {"width": 1440, "height": 900}}
BROWSER_FIXTURES = {"browser", "context", "new_context", "page", "phone_page", "desktop_page"}

guards.install()


@pytest.hookimpl(trylast=True)  # after they were shuffled
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What is long begins first; whatever asks for a browser carries its marker, to be left out by it."""
    items.sort(key=lambda item: item.get_closest_marker("long") is None)
    for item in items:
        if BROWSER_FIXTURES & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.browser)


def pytest_collection_finish() -> None:
    """What stands before the first test stays to the end: the collector of garbage need not walk over it again."""
    gc.collect()
    gc.freeze()


def pytest_runtest_setup(item: pytest.Item) -> None:
    if item.get_closest_marker("postgres_only") and not _is_postgresql():
        pytest.skip("needs PostgreSQL: `make test` starts one where it is installed")
    if item.get_closest_marker("redis") and not os.environ.get("REDIS_URL"):
        pytest.skip("needs Redis: `make test` starts one where it is installed")


def _is_postgresql() -> bool:
    return "postgresql" in django_settings.DATABASES["default"]["ENGINE"]


def chromium() -> str | None:
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """SQLite in a file, as in use: the live server's threads each have a connection of their own.

    A test run hands over a migrated database to copy, so that not every worker migrates one.
    """
    database, template = django_settings.DATABASES["default"], os.environ.get("BREACHDESK_TEST_TEMPLATE")
    test = database.setdefault("TEST", {})
    if _is_postgresql() and template:
        test["TEMPLATE"] = template
    if not _is_postgresql():
        test["NAME"] = str(tmp_path_factory.mktemp("database") / "test.sqlite3")
        if template:
            shutil.copyfile(template, test["NAME"])
        # The file is thrown away; waiting for the disk proves nothing here.
        database["OPTIONS"]["init_command"] = database["OPTIONS"]["init_command"].replace("=FULL", "=OFF")


@pytest.fixture(scope="session")
def django_db_keepdb(django_db_keepdb: bool) -> bool:
    """A copied file is used, not made anew."""
    return django_db_keepdb or bool(os.environ.get("BREACHDESK_TEST_TEMPLATE") and not _is_postgresql())


@pytest.fixture(scope="session", autouse=True)
def data_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The suite writes evidence, mail and the like into a folder of its own, never into `var/`."""
    folder = tmp_path_factory.mktemp("data")
    django_settings.DATA_DIR = folder
    django_settings.MAIL_FOLDER = folder / "mail"
    django_settings.EVIDENCE_FOLDER = folder / "evidence"
    django_settings.VAULT_KEY_FILE = folder / "keys" / "vault.key"
    make_vault_key()
    django_settings.APPLICATION_KEY_FILE = folder / "keys" / "application.key"
    ensure_key()
    django_settings.SIGNING_KEY_FILE = folder / "keys" / "signing.pem"  # a test that signs makes its own
    return folder


@pytest.fixture(autouse=True)
def own_language() -> Iterator[None]:
    """A page asked for in English leaves its thread in English; the next test starts in Korean again."""
    yield
    translation.deactivate()


@pytest.fixture
def now() -> datetime:
    return NOON


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """The system's Chromium. Skips where there is none."""
    program = chromium()
    if program is None:
        pytest.skip("needs Chromium: apt-get install chromium")
    # Playwright keeps an event loop in this thread, which is all Django looks at; nothing here is async.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    return {"executable_path": program, "args": CHROMIUM_ARGUMENTS}


@pytest.fixture(scope="session")
def browser_context_args() -> dict[str, Any]:
    return {"locale": "ko-KR", "timezone_id": "Asia/Seoul"}


@pytest.fixture
def phone_page(new_context: Callable[..., BrowserContext]) -> Page:
    """A page 360 wide, with touch."""
    return new_context(**PHONE).new_page()


@pytest.fixture
def desktop_page(new_context: Callable[..., BrowserContext]) -> Page:
    """A page 1440 wide."""
    return new_context(**DESKTOP).new_page()


@pytest.fixture
def sign_in(live_server: Any) -> Callable[..., None]:
    """`sign_in(page, email=…, password=…)` goes through the real form."""

    def through_the_form(page: Page, *, email: str, password: str) -> None:
        page.goto(f"{live_server.url}/accounts/login/")
        page.locator("input[name=login]").fill(email)
        page.locator("input[name=password]").fill(password)
        page.locator("form:has(input[name=password]) [type=submit]").first.click()
        page.wait_for_url(lambda url: "/accounts/login/" not in url)

    return through_the_form
