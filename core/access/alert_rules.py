"""The rules on the log: given the new rows, which alerts follow. They read and write nothing but their findings.

The three kinds: what happens within some minutes (a window that slides), what adds up over a day or a night
(raised once for it), and what was never seen before.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from core.access.alert_models import Rule
from core.access.catalogue import Code
from core.access.models import AccessRow, Act, Result
from core.accounts.days import SEOUL

AT_THE_DOOR = (Act.SIGN_IN, Act.SIGN_OUT, Act.SIGN_IN_FAILED)
READINGS = (Act.READ, Act.PRINT, Act.DOWNLOAD)
SMALL = 3  # subjects in one answer

type Items = Callable[[AccessRow], list[str]]  # what a rule counts of a row


@dataclass(frozen=True, slots=True)
class Who:
    """Whose rows are counted together: a person in an organisation, a person, or a source."""

    account: int | None = None
    organization: int | None = None
    address: str | None = None

    @property
    def key(self) -> str:
        return f"{self.account or '-'}:{self.organization or '-'}:{self.address or '-'}"


@dataclass(frozen=True, slots=True)
class Found:
    """Rows that a rule picked out. `key` is the same whenever the same is found."""

    rule: Rule
    who: Who
    rows: tuple[AccessRow, ...]
    measured: int
    key: str

    @classmethod
    def of(cls, rule: Rule, who: Who, rows: Iterable[AccessRow], measured: int, mark: object) -> Found:
        return cls(rule, who, tuple(rows), measured, f"{rule}:{who.key}:{mark}")


def is_work(row: AccessRow) -> bool:
    """Whether somebody was shown or changed something of an organisation."""
    return (
        row.account_id is not None
        and row.organization_id is not None
        and row.result == Result.DONE
        and row.act not in AT_THE_DOOR
    )


def is_small_reading(row: AccessRow) -> bool:
    return is_work(row) and row.act in READINGS and 0 < row.subject_count <= SMALL


def is_refused(row: AccessRow) -> bool:
    return row.result == Result.REFUSED


def person_there(row: AccessRow) -> Who:
    return Who(account=row.account_id, organization=row.organization_id)


def day_of(moment: datetime) -> date:
    return moment.astimezone(SEOUL).date()


def night_of(moment: datetime, values: Mapping[Code, int]) -> date | None:
    """The evening a moment of the night belongs to; None by day."""
    local = moment.astimezone(SEOUL)
    if local.hour >= values[Code.ALERT_NIGHT_FROM]:
        return local.date()
    return local.date() - timedelta(days=1) if local.hour < values[Code.ALERT_NIGHT_UNTIL] else None


def subjects_of(row: AccessRow) -> list[str]:
    return list(row.subjects)


def itself(row: AccessRow) -> list[str]:
    """For rules that count rows."""
    return [str(row.pk)]


def bursts(
    rows: Iterable[AccessRow],
    *,
    items: Items,
    enough: int,
    window: timedelta,
    quiet_until: datetime | None,
) -> Iterator[tuple[tuple[AccessRow, ...], int]]:
    """Each time `enough` different items come together within the window; then quiet for as long again.

    `rows` stand in order of time. What came up to `quiet_until` belongs to a burst told of already.
    """
    held: deque[AccessRow] = deque()
    counted: Counter[str] = Counter()
    for row in rows:
        if quiet_until is not None and row.at <= quiet_until:
            continue
        held.append(row)
        counted.update(items(row))
        while row.at - held[0].at >= window:
            counted -= Counter(items(held.popleft()))
        if len(counted) >= enough:
            yield tuple(held), len(counted)
            quiet_until = row.at + window
            held.clear()
            counted.clear()


def until_enough(rows: Iterable[AccessRow], *, items: Items, enough: int) -> list[AccessRow]:
    """The rows up to the one with which `enough` different items came together; none if they never did."""
    held: list[AccessRow] = []
    seen: set[str] = set()
    for row in rows:
        held.append(row)
        seen.update(items(row))
        if len(seen) >= enough:
            return held
    return []
