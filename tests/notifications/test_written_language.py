"""What the software writes into a case does not depend on the language of whoever worked in it."""

import re
from collections.abc import Callable
from contextlib import suppress
from datetime import date

import pytest
from django.db import transaction
from django.utils import translation

from core.accounts.services import set_profile
from core.audit.models import EventWords
from incidents import services
from incidents.models import Deadline, Duty, FactRevision, Task, TimelineEntry
from incidents.queries import HistoryFilter, history_events, history_page
from incidents.services import FactChange
from notifications.layouts import FOLLOWS
from notifications.models import Filing, PaperKind, PaperVersion, Reminder
from notifications.services import papers
from tests.notifications.paper_cases import HOUR, KNOWN, Scene, approved, scene, started
from tests.notifications.test_filings import REPORT, record

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]
HANGUL = re.compile("[가-힣]")
WRITTEN = {  # every column in which a service may put words of its own
    FactRevision: ("value", "source", "reason"),
    Duty: ("superseded_reason",),
    Deadline: ("title", "cite", "why", "met_note", "lateness_reason", "dismissed_reason"),
    Task: ("title", "guidance", "who"),
    TimelineEntry: ("text", "source"),
    PaperVersion: ("title", "fields", "letterhead"),
    Filing: ("note", "lateness_reason"),
    Reminder: ("withdrawn_reason",),
    EventWords: ("text",),
}


def worked_in(language: str) -> Scene:
    """A case in which the software had much to write, worked in by people who read `language`."""
    with translation.override(language):
        one = scene()
        _give_in_two_parts(one)
        report = started(one, PaperKind.PIPC_REPORT)
        approved(one, report, now=KNOWN + 4 * HOUR)
        record(one, report, at=KNOWN + 4 * HOUR, **REPORT)
        services.record_facts(
            case_id=one.case.pk,
            changes=[FactChange("leak_known_at", None, "unknown")],
            actor=one.handler,
            now=KNOWN + 5 * HOUR,
            reason="유출이 아님을 확인",
        )
        set_profile(
            organization=one.organization,
            effective_on=date(2026, 1, 2),
            sectors={"is_icsp": False},
            actor=one.handler,
            now=KNOWN + 5 * HOUR,
        )
        services.open_case_at_a_press(organization_id=one.organization.pk, actor=one.handler, now=KNOWN)
    return one


def _give_in_two_parts(one: Scene) -> None:
    """The second part after the company's own target, and partly by posting."""
    notice = started(one, PaperKind.SUBJECT_NOTICE)
    first = notice.latest()
    partial = papers.Words(
        title=first.title, texts={**first.fields, "items": "", FOLLOWS: "items"}, is_partial=True
    )
    papers.save_version(paper_id=notice.pk, expected_number=1, words=partial, actor=one.handler, now=KNOWN)
    approved(one, notice)
    record(one, notice, at=KNOWN + HOUR)
    whole = papers.Words(title=first.title, texts=first.fields)
    later = KNOWN + 60 * HOUR
    papers.save_version(paper_id=notice.pk, expected_number=2, words=whole, actor=one.handler, now=later)
    approved(one, notice, now=later)
    record(one, notice, at=later, channels=("email", "posting"), posted_count=200)


def everything_written(one: Scene) -> list[tuple[str, str, str]]:
    """Every word in the database, but for the names the factories number anew."""
    names = [one.organization.name, *(p.name for p in one.people.values())]
    plain = re.compile("|".join(map(re.escape, sorted(names, key=len, reverse=True))))
    return [
        (model.__name__, column, plain.sub("…", str(value)))
        for model, columns in WRITTEN.items()
        for column in columns
        for value in model.objects.order_by("pk").values_list(column, flat=True)
    ]


class Undone(Exception):
    """Takes a case back, so that the next one begins in the same empty house."""


def in_both(look: Callable[[Scene], object]) -> list[object]:
    """What `look` sees of the same case worked in by readers of Korean, and of English."""
    seen = []
    for language in ("ko", "en"):
        with suppress(Undone), transaction.atomic():
            seen.append(look(worked_in(language)))
            raise Undone
    return seen


def test_both_write_the_same():
    korean, english = in_both(everything_written)
    assert korean == english


def test_both_write_korean():
    def told(one: Scene) -> list[str]:
        given_ones = TimelineEntry.objects.filter(kind=TimelineEntry.Kind.GIVEN).order_by("pk")
        own = Deadline.objects.filter(duty=None).order_by("pk")
        return [*given_ones.values_list("text", flat=True), *own.values_list("title", flat=True)]

    assert in_both(told)[1] == [
        "정보주체 통지문 2판 · 정보주체 · 전자우편 · 개별 1,200명 · 나머지 항목은 뒤이어 알림",
        "정보주체 통지문 3판 · 정보주체 · 전자우편 · 홈페이지 게시(30일) · 개별 1,200명 · 게시 200명",
        "개인정보 유출등 신고서 1판 · 개인정보 보호위원회 · 인터넷 홈페이지 입력 · 접수번호 2026-1234",
        "나머지 항목을 즉시 알리기: 정보주체 통지문",
        "홈페이지 게시 30일 유지하기",
    ]


@pytest.mark.parametrize("reader", ["ko", "en"])
def test_the_same_case_reads_the_same_whoever_wrote_it(reader):
    def lines(one: Scene) -> list[tuple[str, str, str, str, str]]:
        with translation.override(reader):
            events = list(history_events(one.case, HistoryFilter()))
            return [
                (line.action_word, line.text, line.before, line.after, line.reason)
                for line in history_page(one.case, events)
                if line.text not in {person.name for person in one.people.values()}
            ]

    by_koreans, by_english = in_both(lines)
    assert len(by_koreans) > 40
    assert by_koreans == by_english


def test_what_the_software_said_is_read_in_english():
    one = worked_in("ko")
    with translation.override("en"):
        lines = history_page(one.case, list(history_events(one.case, HistoryFilter())))
    said = " ".join(f"{line.action_word} {line.text} {line.reason}" for line in lines)
    for person in one.people.values():
        said = said.replace(person.name, "")
    said = said.replace("유출이 아님을 확인", "")  # what a person wrote stays as it was written
    said = re.sub(r"\([^()]*\)", "", said)  # a statutory term stands beside its English
    assert HANGUL.findall(said) == []
