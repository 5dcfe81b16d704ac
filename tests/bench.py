"""`make bench`: how fast the things are that people wait for, on a database of their own.

Cases are opened through the same services as on the pages, so the numbers include their
history, duties and deadlines. `--cases` changes how many; nothing outside a temporary
folder is touched.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
LETTER = """{% extends "core/pdf/base.html" %}{% block content %}
<h1>개인정보 유출 통지</h1><p>{{ name }} 님께</p>
<p>2026년 10월 1일 02시경 외부의 접근으로 아래 개인정보가 유출된 사실을 20시에 알게 되어 알려 드립니다.</p>
<table><tr><th>유출된 항목</th><td>성명, 휴대전화번호, 전자우편 주소</td></tr>
<tr><th>시점과 경위</th><td>2026-10-01 02:00, 관리자 계정 탈취</td></tr>
<tr><th>하실 수 있는 일</th><td>비밀번호를 바꾸고 모르는 전화를 조심해 주세요.</td></tr>
<tr><th>저희가 한 일</th><td>접속을 막고 관계기관에 신고하였습니다.</td></tr>
<tr><th>문의</th><td>개인정보보호팀 02-1234-5678 평일 09:00~18:00</td></tr></table>
<p>{{ text }}</p>{% endblock %}"""


def milliseconds(do: Callable[[], object], *, times: int) -> list[float]:
    """How long each of `times` runs took, after one that does not count."""
    do()
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        do()
        taken.append((time.perf_counter() - start) * 1000)
    return taken


def middle_and_worst(taken: list[float]) -> str:
    # The twentieth part from the top: one interruption by the machine is not the product's.
    worst = sorted(taken)[max(0, round(len(taken) * 0.95) - 1)]
    return f"{statistics.median(taken):8.0f} ms   95 %: {worst:.0f} ms"


def row(what: str, result: str) -> None:
    sys.stdout.write(f"  {what:<52} {result}\n")
    sys.stdout.flush()


def ask_the_rules() -> None:
    facts = subprocess.run(
        [sys.executable, "-m", "rules", "duties", "--example"], cwd=ROOT, capture_output=True, check=True
    ).stdout

    def ask() -> None:
        subprocess.run(
            [sys.executable, "-m", "rules", "duties"], cwd=ROOT, input=facts, capture_output=True, check=True
        )

    row("python -m rules duties: start and answer", middle_and_worst(milliseconds(ask, times=7)))


def weigh_the_law() -> None:
    """The law read anew from its files, and whole answers with all of it loaded, on one core."""
    import rules
    from rules.duties.law import current_law
    from rules.engine.source import read_document

    def load() -> None:
        current_law.cache_clear()
        current_law()

    row("reading all law of duties", middle_and_worst(milliseconds(load, times=7)))
    facts, _ = read_document(rules.example("duties"))
    for what, answer in (("duties", rules.assess), ("duties explained", rules.explain)):
        rates = []
        for _ in range(5):
            start, count = time.process_time(), 0  # of one core; what else the machine does is not counted
            while time.process_time() - start < 0.4:
                answer("duties", facts)  # type: ignore[arg-type]
                count += 1
            rates.append(count / (time.process_time() - start))
        families = len(current_law().families)
        row(f"{what}, {families} families, one core", f"{statistics.median(rates):8,.0f} /s")
    for topic in ("surcharge", "fine"):
        given, _ = read_document(rules.example(topic))
        taken = milliseconds(lambda at=topic, of=given: rules.assess(at, of), times=50)  # type: ignore[misc]
        row(f"{topic}: the decision of 2024-06-26", middle_and_worst(taken))


def print_letters(folder: Path, *, count: int) -> None:
    from core.documents.renderer import Imprint, Sheet, render_pdf
    from tests.clock import NOON

    (folder / "letter.html").write_text(LETTER, encoding="utf-8")

    def letter(number: int) -> bytes:
        imprint = Imprint(
            number=f"2026-001-N{number:04d}",
            title="개인정보 유출 통지",
            template_edition="bench",
            rules_digest="0" * 64,
            content_hash=f"{number:064x}",
            status="approved",
        )
        context = {"name": f"사람{number}", "text": "끝까지 살피겠습니다. " * 20}
        return render_pdf(
            template="letter.html", context=context, sheet=Sheet.LETTER, imprint=imprint, now=NOON
        ).pdf

    size = len(letter(0))
    start = time.perf_counter()
    for number in range(1, count + 1):
        letter(number)
    rate = count / (time.perf_counter() - start)
    row("PDF letters, one process", f"{rate:8.1f} /s   {size // 1024} KiB each")


def open_cases(*, count: int) -> Any:
    """The cases, and the 개인정보 보호책임자 who sees all of them."""
    from core.accounts.models import Role
    from tests.clock import NOON
    from tests.incidents.factories import opened_case, organization_with

    organization, people = organization_with(Role.HANDLER, Role.CPO)
    taken = []
    for number in range(count):
        start = time.perf_counter()
        opened_case(
            organization=organization,
            actor=people[Role.HANDLER],
            now=NOON - timedelta(minutes=7 * number),
            title=f"사건 {number}",
        )
        taken.append((time.perf_counter() - start) * 1000)
    row(f"open a case, on the way to {count:,}", middle_and_worst(taken))
    return people[Role.CPO]


def visit(user: Any, *, cases: int) -> None:
    from django.test import Client
    from django.urls import reverse

    from incidents.models import Case

    client = Client()
    client.force_login(user)

    def get(address: str) -> None:
        answer = client.get(address)
        assert answer.status_code == 200, f"{address}: {answer.status_code}"

    def measure(what: str, address: Callable[[], str]) -> None:
        attempt(what, lambda: row(what, middle_and_worst(milliseconds(lambda: get(address()), times=15))))

    measure(f"home page at {cases:,} open cases", lambda: reverse("home"))
    middle = Case.objects.order_by("pk")[cases // 2]
    measure("a case's page", middle.get_absolute_url)


def read_a_long_history(user: Any, *, events: int) -> None:
    """One case whose history goes on for `events` more events; they are not told one by one, but they are chained."""
    from itertools import batched

    from django.test import Client
    from django.urls import reverse

    from core.audit.models import Chain, Event
    from incidents.clocks import in_address
    from tests.clock import NOON
    from tests.incidents.factories import opened_case

    case = opened_case(organization=user.memberships.get().organization, actor=user, now=NOON)
    chain = Chain.objects.get(pk=case.reference)
    subjects = [
        f"incidents.{row._meta.model_name}:{row.pk}"
        for row in (case.fact_revisions.first(), case.tasks.first())
    ]
    told = [
        ("fact.corrected", subjects[0]),
        ("task.taken", subjects[1]),
        ("email.sent", "notifications.outgoingemail:1"),
    ]
    head = chain.head
    for some in batched(range(events), 2_000):
        rows = []
        for number in some:
            action, subject = told[2] if number % 20 else told[number % 40 // 20]
            rows.append(
                Event(
                    chain=chain,
                    sequence=chain.length + 1 + number,
                    action=action,
                    subject=subject,
                    actor=None if number % 20 else user,
                    recorded_at=NOON + timedelta(seconds=number),
                    happened_at=NOON + timedelta(seconds=number),
                    previous_hash=head,
                    hash=(head := f"{number:064x}"),
                )
            )
        Event.objects.bulk_create(rows)
    Chain.objects.filter(pk=chain.pk).update(length=chain.length + events, head=head)
    client = Client()
    client.force_login(user)
    history = reverse("incidents:case-history", args=[case.reference])
    middle = in_address(NOON + timedelta(seconds=events // 2))
    pages = {
        "first page": history,
        "a page in the middle": f"{history}?page={events // 100}",
        "what one person did": f"{history}?who={user.pk}",
        "one kind": f"{history}?kind=task",
        "the case as it was": reverse("notifications:case-past", args=[case.reference], query={"at": middle}),
        "who knew what when": reverse("notifications:who-knew", args=[case.reference]),
    }
    for what, address in pages.items():
        taken = milliseconds(lambda at=address: client.get(at), times=15)  # type: ignore[misc]
        row(f"history of {events:,} events: {what}", middle_and_worst(taken))


def fill_access_log(place: Any, person: Any, *, rows: int) -> None:
    """At least `rows` readings over November 2026 by thirty people: some are written, the rest are their copies."""
    from django.db import connection

    from core.access.models import AccessRow, Act, Result
    from core.accounts.models import User
    from tests.clock import KST

    first, written = datetime(2026, 11, 1, tzinfo=KST), 2_000
    people = [person, *User.objects.bulk_create(User(email=f"p{n}@a.kr", name=f"{n}") for n in range(29))]
    acts = (Act.READ, Act.READ, Act.SEARCH, Act.CHANGE, Act.PRINT, Act.DOWNLOAD)
    AccessRow.objects.bulk_create(
        AccessRow(
            at=first + timedelta(days=30) * number / written,
            account=people[number % 30],
            session="0" * 32,
            roles="handler",
            organization=place,
            address="192.0.2.1",
            act=acts[number % 6],
            place="incidents:case-overview",
            subjects=[f"incidents.case:{number % 977}"],
            subject_count=1,
            result=Result.REFUSED if number % 97 == 0 else Result.DONE,
        )
        for number in range(written)
    )
    names = ", ".join(f"{one.column}" for one in AccessRow._meta.concrete_fields if not one.primary_key)
    with connection.cursor() as cursor:
        while written < rows:
            copies = f"SELECT {names} FROM access_accessrow ORDER BY id LIMIT {rows - written}"
            cursor.execute(f"INSERT INTO access_accessrow ({names}) {copies}")
            written = AccessRow.objects.count()
        cursor.execute(
            "INSERT INTO access_accesslink (id, row, hash) SELECT id, id, '0' FROM access_accessrow"
            " WHERE id > (SELECT coalesce(max(row), 0) FROM access_accesslink)"  # the sweep has done its own
        )


def review_the_access_log(person: Any, *, rows: int) -> None:
    """A month's review, and the log narrowed to the month, with all rows of it in one organisation."""
    import time_machine
    from django.test import Client
    from django.urls import reverse

    from core.access.models import AccessRow
    from tests.clock import KST

    place = person.memberships.get().organization
    fill_access_log(place, person, rows=rows)
    with time_machine.travel(datetime(2026, 12, 2, 10, tzinfo=KST), tick=True):
        client = Client()
        client.force_login(person)
        pages = {
            "a month's review": reverse("access-log-review", args=[place.pk, "log"]),
            "the month in the log": reverse("access-log", query={"month": "2026-11"}),
        }
        for what, address in pages.items():
            assert client.get(address).status_code == 200, address
            taken = milliseconds(lambda at=address: client.get(at), times=5)  # type: ignore[misc]
            row(f"access log of {AccessRow.objects.count():,} rows: {what}", middle_and_worst(taken))


def sweep() -> None:
    from django.core.management import call_command

    from incidents.models import Deadline

    count = Deadline.objects.running().count()
    for what in ("first, with what is due", "again, with nothing new"):
        start = time.perf_counter()
        call_command("sweep", verbosity=0)
        row(f"sweep of {count:,} running deadlines, {what}", f"{time.perf_counter() - start:8.2f} s")


def fill_history(key: str, *, count: int) -> None:
    """Bring chain `key` to `count` events, each hashed over the one before, in the way of the services."""
    from core.audit.chain import hash_of
    from core.audit.models import Chain, Event
    from tests.clock import NOON

    chain, _ = Chain.objects.get_or_create(key=key)
    events, previous = [], chain.head
    for sequence in range(chain.length + 1, count + 1):
        event = Event(
            chain=chain,
            sequence=sequence,
            action="deadline.acknowledged",
            subject=f"incidents.deadline:{sequence % 977 + 1}",
            recorded_at=NOON + timedelta(seconds=sequence),
            happened_at=NOON + timedelta(seconds=sequence),
            data={"sequence": sequence, "after": {"due_at": NOON.isoformat(), "state": "due"}},
            previous_hash=previous,
        )
        event.hash = previous = hash_of(event)
        events.append(event)
        if len(events) == 2000 or sequence == count:
            Event.objects.bulk_create(events)
            events = []
    Chain.objects.filter(pk=key).update(length=count, head=previous)


def weigh_history(user: Any, *, of_case: int, of_house: int) -> None:
    """Writing, checking and showing history, with `of_case` events in one case and `of_house` beside it."""
    from django.db import transaction
    from django.test import Client
    from django.urls import reverse

    from core.audit.models import HOUSE
    from core.audit.services import record
    from core.audit.verification import first_break
    from incidents.models import Case
    from tests.clock import NOON

    case = Case.objects.order_by("pk")[0]

    def append() -> None:
        with transaction.atomic():
            record("case.joined", subject=user, actor=user, at=NOON, chain=case.reference, data={"n": 1})

    def appended(when: str) -> None:
        taken = milliseconds(append, times=300)
        row(f"add one event, {when}", f"{statistics.median(taken):8.2f} ms")

    appended("history as the cases left it")
    fill_history(case.reference, count=of_case)
    fill_history(HOUSE, count=of_house)
    appended(f"{of_case:,} in the case, {of_house:,} beside it")
    start = time.perf_counter()
    assert first_break(case.reference) is None
    row(f"check the history of a case, {of_case:,} events", f"{time.perf_counter() - start:8.2f} s")
    client = Client()
    client.force_login(user)
    address = reverse("incidents:case-history", args=[case.reference])
    taken = milliseconds(lambda: client.get(address), times=15)
    row(f"first page of the history tab, {of_case:,} events", middle_and_worst(taken))


def attempt(what: str, measure: Callable[[], Any]) -> Any:
    """The measurement, or a line that says why there is none; the others go on."""
    try:
        return measure()
    except Exception as obstacle:
        failures.append(what)
        row(
            what,
            f"FAILED: {type(obstacle).__name__}: {str(obstacle).splitlines()[0][:90] if str(obstacle) else ''}",
        )
        return None


failures: list[str] = []


def main() -> int:
    parser = argparse.ArgumentParser(prog="tests.bench", description="Print the benchmark table.")
    parser.add_argument("--cases", type=int, default=2000)
    parser.add_argument("--letters", type=int, default=20)
    parser.add_argument("--events", type=int, default=100_000, help="in the history of one case")
    parser.add_argument("--beside", type=int, default=100_000, help="events in the rest of history")
    parser.add_argument("--log-rows", type=int, default=100_000, help="in a month of the access log")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="breachdesk-bench-") as name:
        folder = Path(name)
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "config.settings.test",
            "BREACHDESK_DATA_DIR": name,
            "DATABASE_URL": f"sqlite:///{folder / 'bench.sqlite3'}",
        }
        os.environ.pop("REDIS_URL", None)
        import django
        from django.conf import settings

        settings.TEMPLATES[0]["DIRS"].append(folder)
        settings.ALLOWED_HOSTS = ["*"]
        (folder / "static").mkdir()
        django.setup()
        from django.core.management import call_command

        from core.access.keyring import ensure_key

        ensure_key()
        call_command("migrate", verbosity=0)
        sys.stdout.write(f"breachdesk on Python {sys.version.split()[0]}, SQLite, {os.cpu_count()} cores\n")
        attempt("the rules", ask_the_rules)
        attempt("the law", weigh_the_law)
        attempt("letters", lambda: print_letters(folder, count=options.letters))
        cpo = attempt("cases", lambda: open_cases(count=options.cases))
        if cpo is not None:
            visit(cpo, cases=options.cases)
            attempt("a long history", lambda: read_a_long_history(cpo, events=options.events))
            attempt("sweep", sweep)
            attempt("access log", lambda: review_the_access_log(cpo, rows=options.log_rows))
            attempt("history", lambda: weigh_history(cpo, of_case=options.events, of_house=options.beside))
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
