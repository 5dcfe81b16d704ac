"""The history tables refuse DELETE and TRUNCATE; a transactional test still has to start from nothing.

Tests that commit are cleaned up by Django with a flush. Here the refusing triggers are lifted
around that flush, by the owner of the tables, and put back exactly as they were. Nothing else
in the suite may do this.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test import TransactionTestCase

SQLITE_GUARDS = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND sql LIKE '%RAISE(%'"

# Bit 32 of tgtype is TRUNCATE, which is how Django flushes on PostgreSQL.
POSTGRESQL_GUARDS = """
    SELECT quote_ident(tgname), tgrelid::regclass::text,
           CASE tgenabled WHEN 'A' THEN 'ENABLE ALWAYS' WHEN 'R' THEN 'ENABLE REPLICA' ELSE 'ENABLE' END
    FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D' AND tgtype::int & 32 = 32"""


@contextmanager
def lifted(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """Within the block the tables of `connection` may be emptied."""
    with _lifted_sqlite(connection) if connection.vendor == "sqlite" else _lifted_postgresql(connection):
        yield


@contextmanager
def _lifted_sqlite(connection: BaseDatabaseWrapper) -> Iterator[None]:
    with connection.cursor() as cursor:
        guards = cursor.execute(SQLITE_GUARDS).fetchall()
        for name, _ in guards:
            cursor.execute(f'DROP TRIGGER "{name}"')
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            for _, sql in guards:
                cursor.execute(sql)


@contextmanager
def _lifted_postgresql(connection: BaseDatabaseWrapper) -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute(POSTGRESQL_GUARDS)
        guards = cursor.fetchall()
        for name, table, _ in guards:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {name}")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            for name, table, enable in guards:
                cursor.execute(f"ALTER TABLE {table} {enable} TRIGGER {name}")


def install() -> None:
    """Let every transactional test of the session clean up behind the guards."""
    plain_teardown = TransactionTestCase._fixture_teardown

    def teardown(self: Any) -> None:
        with lifted(connections["default"]):
            plain_teardown(self)

    TransactionTestCase._fixture_teardown = teardown
