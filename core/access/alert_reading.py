"""What is new in the log, and what each rule finds in it together with what stood there before."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime, time, timedelta

from django.db.models import QuerySet

from core.access.alert_models import Alert, Rule, SeenNetwork
from core.access.alert_rules import (
    AT_THE_DOOR,
    READINGS,
    SMALL,
    Found,
    Items,
    Who,
    bursts,
    day_of,
    is_refused,
    is_small_reading,
    is_work,
    itself,
    night_of,
    person_there,
    subjects_of,
    until_enough,
)
from core.access.catalogue import Code
from core.access.chain_models import AccessLink
from core.access.models import AccessRow, Act, Result
from core.access.networks import network_of
from core.accounts.days import SEOUL

type Values = Mapping[Code, int]
type Grouping = Callable[[AccessRow], Who]


def rows_after(number: int, *, most: int) -> tuple[list[AccessRow], int]:
    """The next rows of the chain in its order, and the number of the last."""
    links = list(AccessLink.objects.filter(pk__gt=number).order_by("pk").values_list("pk", "row")[:most])
    rows = AccessRow.objects.in_bulk([row for _number, row in links])
    return [rows[row] for _number, row in links if row in rows], links[-1][0] if links else number


def found_in(rows: list[AccessRow], values: Values) -> Iterator[Found]:
    """What every rule finds, now that these rows have come."""
    yield from new_networks(rows, values)
    yield from many_subjects(rows, values)
    yield from failures_of_people(rows, values)
    yield from failures_of_sources(rows, values)
    yield from nights(rows, values)
    yield from small_reads(rows, values)


def new_networks(rows: list[AccessRow], values: Values) -> Iterator[Found]:
    """Somebody comes from a network they never came from, or not for long. Their first one is nothing new.

    What was seen is remembered here; a try that failed is not theirs and is no memory.
    """
    come = [
        (row, row.account_id)
        for row in rows
        if row.account_id and row.address and row.act != Act.SIGN_IN_FAILED
    ]
    seen = {
        (one.account_id, one.network): one.seen_at
        for one in SeenNetwork.objects.filter(account__in={account for _row, account in come})
    }
    people = {account for account, _network in seen}
    long_ago = timedelta(days=values[Code.ALERT_NETWORK_DAYS])
    used: dict[tuple[int, str], datetime] = {}
    for row, account in come:
        place = (account, network_of(str(row.address)))
        last = seen.get(place)
        if account in people and (last is None or row.at - last >= long_ago):
            yield Found.of(Rule.NEW_NETWORK, Who(account=account), [row], 1, row.pk)
        people.add(account)
        seen[place] = used[place] = max(row.at, last or row.at)
    SeenNetwork.objects.bulk_create(
        (SeenNetwork(account_id=account, network=net, seen_at=at) for (account, net), at in used.items()),
        update_conflicts=True,
        unique_fields=["account", "network"],
        update_fields=["seen_at"],
    )


def many_subjects(rows: list[AccessRow], values: Values) -> Iterator[Found]:
    """Many different subjects shown to one person within minutes."""
    for who, times in _whose(filter(is_work, rows), person_there):
        near = _work_of(who)
        yield from _bursts(Rule.MANY_SUBJECTS, who, times, near, subjects_of, Code.ALERT_SUBJECTS, values)


def failures_of_people(rows: list[AccessRow], values: Values) -> Iterator[Found]:
    """One person is refused again and again, at the door or inside."""
    refused = [row for row in rows if is_refused(row) and row.account_id]
    for who, times in _whose(refused, lambda row: Who(account=row.account_id)):
        near = AccessRow.objects.filter(account=who.account, result=Result.REFUSED)
        yield from _bursts(Rule.FAILURES, who, times, near, itself, Code.ALERT_FAILURES, values)


def failures_of_sources(rows: list[AccessRow], values: Values) -> Iterator[Found]:
    """One source tries several accounts, or addresses that are nobody's."""
    failed = [row for row in rows if row.act == Act.SIGN_IN_FAILED and row.address]
    for who, times in _whose(failed, lambda row: Who(address=row.address)):
        near = AccessRow.objects.filter(address=who.address, act=Act.SIGN_IN_FAILED)
        for found in _bursts(Rule.FAILURES, who, times, near, itself, Code.ALERT_FAILURES, values):
            if len({(row.account_id, row.words) for row in found.rows}) > 1 or not found.rows[0].account_id:
                yield found


def nights(rows: list[AccessRow], values: Values) -> Iterator[Found]:
    """Somebody works much in one night."""
    dated = {(person_there(row), night_of(row.at, values)) for row in rows if is_work(row)}
    for who, evening in _in_order(dated):
        first = datetime.combine(evening, time(values[Code.ALERT_NIGHT_FROM]), SEOUL)
        end = datetime.combine(evening + timedelta(days=1), time(values[Code.ALERT_NIGHT_UNTIL]), SEOUL)
        near = _work_of(who).filter(at__gte=first, at__lt=end)
        yield from _sums(Rule.NIGHT, who, near, itself, values[Code.ALERT_NIGHT_ROWS], evening)


def small_reads(rows: list[AccessRow], values: Values) -> Iterator[Found]:
    """Somebody looks at a few subjects at a time, and at many over the day."""
    dated = {(person_there(row), day_of(row.at)) for row in rows if is_small_reading(row)}
    for who, day in _in_order(dated):
        first = datetime.combine(day, time(), SEOUL)
        near = _work_of(who).filter(
            at__gte=first,
            at__lt=first + timedelta(days=1),
            act__in=READINGS,
            subject_count__gt=0,
            subject_count__lte=SMALL,
        )
        yield from _sums(Rule.SMALL_READS, who, near, subjects_of, values[Code.ALERT_SMALL_READS], day)


def _work_of(who: Who) -> QuerySet[AccessRow]:
    rows = AccessRow.objects.filter(account=who.account, organization=who.organization, result=Result.DONE)
    return rows.exclude(act__in=AT_THE_DOOR)


def _whose(rows: Iterable[AccessRow], whose: Grouping) -> list[tuple[Who, tuple[datetime, datetime]]]:
    """Who the rows belong to, each with the instants of their first and last."""
    times: dict[Who, tuple[datetime, datetime]] = {}
    for row in rows:
        first, last = times.get(whose(row), (row.at, row.at))
        times[whose(row)] = (min(first, row.at), max(last, row.at))
    return sorted(times.items(), key=lambda one: one[0].key)


def _in_order(dated: Iterable[tuple[Who, date | None]]) -> list[tuple[Who, date]]:
    return sorted(((who, day) for who, day in dated if day is not None), key=lambda one: (one[0].key, one[1]))


def _bursts(
    rule: Rule,
    who: Who,
    times: tuple[datetime, datetime],
    rows: QuerySet[AccessRow],
    items: Items,
    code: Code,
    values: Values,
) -> Iterator[Found]:
    window = timedelta(minutes=values[Code.ALERT_MINUTES])
    told = Alert.objects.filter(key__startswith=Found.of(rule, who, (), 0, "").key)
    last = told.order_by("-last_at").values_list("last_at", flat=True).first()
    near = rows.filter(at__gt=times[0] - window, at__lte=times[1]).order_by("at", "pk")
    quiet_until = last + window if last else None
    for held, measured in bursts(
        near.iterator(), items=items, enough=values[code], window=window, quiet_until=quiet_until
    ):
        yield Found.of(rule, who, held, measured, held[-1].pk)


def _sums(
    rule: Rule, who: Who, rows: QuerySet[AccessRow], items: Items, enough: int, day: date
) -> Iterator[Found]:
    key = Found.of(rule, who, (), 0, day).key
    if rows.count() * (1 if items is itself else SMALL) < enough or Alert.objects.filter(key=key).exists():
        return
    held = until_enough(rows.order_by("at", "pk").iterator(), items=items, enough=enough)
    if held:
        yield Found.of(rule, who, held, enough, day)
