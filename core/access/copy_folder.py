"""The copy of the access log in a folder: one file of JSON lines for each day, only ever added to."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import batched
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from core.access.chain import beginning
from core.access.chain_models import AccessLink, CopyMark, CopyPlace
from core.accounts.days import SEOUL
from core.audit.chain import digest

OWN_AND_GROUP = 0o640
NAME = "access-log-{day}.jsonl"
CHUNK = 1_000


def append_lines(lines: list[tuple[int, datetime, str]], now: datetime) -> None:
    """Add the lines to the file of the day of copying in Seoul, so that a day that is over may be locked for ever.

    The folder has to be there: a missing one is a mount that failed, and nothing is written beside it.
    """
    path = Path(settings.ACCESS_LOG_COPY_DIR) / NAME.format(day=now.astimezone(SEOUL).date().isoformat())
    text = "".join(f"{line}\n" for _number, _at, line in lines)
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, OWN_AND_GROUP)
    with open(descriptor, "ab") as file:
        if file.tell() and not _ends_with_a_line(path):
            text = "\n" + text  # a crash left half a line; it is sent again whole
        file.write(text.encode())
        file.flush()
        os.fsync(file.fileno())


def _ends_with_a_line(path: Path) -> bool:
    with path.open("rb") as file:
        file.seek(-1, os.SEEK_END)
        return file.read(1) == b"\n"


@dataclass(frozen=True, slots=True)
class CopyFault:
    """The first place where the copy and the log part."""

    number: int
    what: str

    def __str__(self) -> str:
        return _("사본 #%(n)s: %(what)s") % {"n": self.number, "what": self.what}


def first_difference(folder: Path) -> CopyFault | None:
    """Where the copy in `folder` is not whole in itself, or is not the log; None while both are the same.

    The copy may reach further back than the log, which is purged, and never less far. Half a line, which a
    crash leaves behind, is passed over: its number has to follow whole.
    """
    expected: int | None = None
    previous = ""
    for some in batched(_bodies(folder), CHUNK):
        ours = dict(
            AccessLink.objects.filter(pk__in=[body["number"] for body in some]).values_list("pk", "hash")
        )
        for body in some:
            number = body["number"]
            expected = min(number, beginning().number + 1) if expected is None else expected
            what = _fault(body, expected, previous, ours)
            if what:
                return CopyFault(min(number, expected), what)
            if number == expected:
                expected, previous = number + 1, body["hash"]
    return _missing(expected)


def _fault(body: dict[str, Any], expected: int, previous: str, ours: dict[int, str]) -> str:
    number, told = body["number"], body["hash"]
    if number > expected:
        return _("이 순번이 사본에 없습니다.")
    if digest({name: value for name, value in body.items() if name != "hash"}) != told:
        return _("사본의 줄이 그 해시와 다릅니다.")
    if number == expected and previous and body["previous"] != previous:
        return _("사본의 줄이 앞줄과 이어지지 않습니다.")
    begin = beginning()
    if number == begin.number and told != begin.hash:
        return _("파기한 끝의 해시가 사본과 다릅니다.")
    if number > begin.number and ours.get(number) != told:
        return _("사본에는 있는데 접속기록에는 없거나 다릅니다.")
    return ""


def _missing(expected: int | None) -> CopyFault | None:
    """What the copy was told of, by its mark, and does not hold: its own end cut off, or an empty folder."""
    from_mark = _copied_to()
    held = 0 if expected is None else expected - 1
    if from_mark > held:
        return CopyFault(held + 1, _("복사한 줄이 사본에서 사라졌습니다."))
    return None


def _copied_to() -> int:
    return CopyMark.objects.filter(place=CopyPlace.FOLDER).values_list("number", flat=True).first() or 0


def _bodies(folder: Path) -> Iterator[dict[str, Any]]:
    """Every whole line of the copy; what a collector wrote before the JSON is passed over."""
    for path in sorted(folder.glob(NAME.format(day="*"))):
        with path.open(encoding="utf-8", errors="replace") as file:
            for line in file:
                body = _body(line)
                if body is not None:
                    yield body


def _body(line: str) -> dict[str, Any] | None:
    try:
        body = json.loads(line[line.index("{") :])
    except ValueError:
        return None
    is_ours = isinstance(body, dict) and isinstance(body.get("number"), int) and "hash" in body
    return body if is_ours else None
