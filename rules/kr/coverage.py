"""The span of days this edition of the rules knows."""

from __future__ import annotations

from functools import cache

from rules.engine.declaration import Field, Record
from rules.engine.kinds import Day, Instant
from rules.engine.law_files import CITED, HEAD, HERE, read_law_file

SPAN = Record((Field("first", Day(), required=True), Field("last", Day(), required=True), *CITED))
COVERAGE = Record((*HEAD, Field("occurrence", SPAN, required=True), Field("awareness", SPAN, required=True)))


@cache
def instant_of(span: str) -> Instant:
    """The kind of instant that lies within a span: "occurrence" or "awareness"."""
    days = read_law_file(HERE / "facts" / "coverage.yaml", COVERAGE)[span]
    return Instant(earliest=days["first"], latest=days["last"])


@cache
def known_days() -> Day:
    """The kind of day this edition knows: from the first law on to the end of its calendar."""
    days = read_law_file(HERE / "facts" / "coverage.yaml", COVERAGE)["occurrence"]
    return Day(earliest=days["first"], latest=days["last"])
