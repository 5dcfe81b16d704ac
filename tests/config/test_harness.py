"""The fixtures of the suite do what the other tests take for granted."""

import os
from concurrent.futures import ThreadPoolExecutor
from urllib.request import urlopen

import pytest
import redis
from django.db import connection

from core.accounts.models import User
from tests import guards

pytestmark = [pytest.mark.urls("tests.config.live_urls"), pytest.mark.any_database]

GUARDED = "CREATE TABLE guarded (id integer PRIMARY KEY)"
SQLITE_GUARD = (
    "CREATE TRIGGER guarded_no_delete BEFORE DELETE ON guarded BEGIN SELECT RAISE(ABORT, 'kept'); END"
)
POSTGRESQL_GUARD = """
    CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'kept'; END $$;
    CREATE TRIGGER guarded_no_truncate BEFORE TRUNCATE ON guarded EXECUTE FUNCTION refuse()"""


def test_the_live_server_answers_eight_callers_at_once(live_server):
    # Given a person the test has committed
    User.objects.create_user(email="a@example.com", name="가")
    # When eight threads ask at once
    with ThreadPoolExecutor(8) as callers:
        answers = list(callers.map(lambda _: urlopen(f"{live_server.url}/people/").read(), range(24)))
    # Then each sees the person
    assert all(b"<h1>1</h1>" in answer for answer in answers)


@pytest.mark.parametrize("run", [1, 2])
def test_a_committed_row_is_gone_in_the_next_test(live_server, run):
    assert User.objects.count() == 0
    User.objects.create_user(email="a@example.com", name="가")


@pytest.mark.parametrize("run", [1, 2])
def test_a_page_in_the_browser_sees_what_the_test_committed(live_server, phone_page, run):
    # Given
    User.objects.create_user(email="a@example.com", name="가")
    # When
    phone_page.goto(f"{live_server.url}/people/")
    # Then
    assert phone_page.locator("h1").inner_text() == "1"
    assert phone_page.evaluate("[innerWidth, navigator.maxTouchPoints > 0]") == [360, True]


def test_a_desktop_page_is_1440_wide(live_server, desktop_page):
    desktop_page.goto(f"{live_server.url}/people/")
    assert desktop_page.evaluate("innerWidth") == 1440


@pytest.mark.django_db(transaction=True)
def test_the_guards_are_lifted_and_put_back():
    # Given a table whose rows the database keeps
    empty = "DELETE FROM guarded" if connection.vendor == "sqlite" else "TRUNCATE guarded"
    with connection.cursor() as cursor:
        cursor.execute(GUARDED)
        cursor.execute("INSERT INTO guarded VALUES (1)")
        cursor.execute(SQLITE_GUARD if connection.vendor == "sqlite" else POSTGRESQL_GUARD)
        try:
            # When the guards are lifted, then the rows go
            with guards.lifted(connection):
                cursor.execute(empty)
            cursor.execute("INSERT INTO guarded VALUES (2)")
            # And afterwards they stay again
            with pytest.raises(Exception, match="kept"):
                cursor.execute(empty)
        finally:
            cursor.execute("DROP TABLE guarded")
            if connection.vendor == "postgresql":
                cursor.execute("DROP FUNCTION refuse()")


@pytest.mark.postgres_only
def test_a_postgres_only_test_runs_on_postgresql():
    assert connection.vendor == "postgresql"


@pytest.mark.redis
def test_a_redis_test_finds_its_server():
    assert redis.Redis.from_url(os.environ["REDIS_URL"]).ping()
