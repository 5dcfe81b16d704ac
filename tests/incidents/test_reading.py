"""What is kept in Korean, read in English; and what people wrote, which nobody translates."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import translation

from core.audit.models import Event
from incidents.models import Certainty, Deadline, Duty, Task
from incidents.playbook import known_steps
from incidents.queries import history_events, history_page
from incidents.queries.history import HistoryFilter
from incidents.queries.panel import duty_panel
from incidents.reading import kept, kept_list, task_title, title_of, why_ended
from incidents.recompute import change_rows
from incidents.services import FactChange, preview_facts, record_facts
from incidents.templatetags.clock import whole_dates
from tests.incidents.factories import KNOWN, opened_case
from tests.incidents.pages import office

HANGUL = re.compile("[가-힣]")
TERM = re.compile(r"\([가-힣 ]+\)")  # a Korean term beside its English
LATER = KNOWN + timedelta(hours=1)


@pytest.mark.parametrize(
    ("text", "english"),
    [
        ("접수 문답", "Intake questions"),
        ("새로 알게 된 사실", "Newly known fact"),
        ("3판으로 알림", "Told with version 3"),
        ("홈페이지 게시 30일 유지하기", "Keep the website posting up for 30 days"),
        ("내부 목표를 넘겨 알림", "Told after the internal target"),
    ],
)
def test_a_sentence_of_ours_is_read_in_english(text, english):
    with translation.override("en"):
        assert kept(text) == english
    with translation.override("ko"):
        assert kept(text) == text


@pytest.mark.parametrize(
    "text", ["통화 기록", "접속 기록", "전화", "보안 관제 경보", "책임자가 확인한 판으로 알림"]
)
def test_what_people_wrote_stays_as_they_wrote_it(text):
    with translation.override("en"):
        assert kept(text) == text


def test_a_told_sentence_is_read_part_by_part():
    told = "개인정보 유출등 신고서 2판 · 한국인터넷진흥원 · 전자우편 · 접수번호 가-12"
    with translation.override("en"):
        parts = kept_list(told, " · ").split(" · ")
    assert parts[1:3] == ["Korea Internet & Security Agency", "Email"]
    assert parts[0].endswith("version 2")
    assert parts[3].endswith("가-12")
    assert not HANGUL.search(parts[3].removesuffix("가-12"))


@pytest.mark.django_db
def test_every_step_of_the_playbook_has_its_english():
    case = opened_case()
    tasks = list(Task.objects.filter(case=case))
    with translation.override("en"):
        titles = [task_title(task) for task in tasks]
    assert {task.code for task in tasks} == set(known_steps())
    assert not any(HANGUL.search(title) for title in titles)
    assert not any(HANGUL.search(step.guidance_en + step.who_en) for step in known_steps().values())


@pytest.mark.django_db
def test_a_task_that_a_person_wrote_keeps_its_words():
    case = opened_case()
    mine = Task.objects.create(case=case, title="포렌식 업체 부르기")
    with translation.override("en"):
        assert task_title(mine) == "포렌식 업체 부르기"


@pytest.mark.django_db
def test_the_working_of_every_duty_is_in_english():
    case = opened_case()
    with translation.override("en"):
        for deadline in Deadline.objects.filter(case=case).select_related("duty"):
            panel = duty_panel(deadline)
            said = [
                title_of(deadline),
                panel.conclusion,
                panel.open_question,
                panel.exemption,
                panel.sanction,
                panel.posting,
                panel.guidance,
                *panel.recipients,
                *panel.contents,
                *panel.exceptions,
                *panel.delay_grounds,
                *(f"{step.label} {step.value}" for step in panel.steps),
            ]
            assert [text for text in said if HANGUL.search(TERM.sub("", text))] == []


@pytest.mark.django_db
def test_the_words_for_a_fact_in_the_working_are_those_of_the_form():
    case = opened_case()
    deadline = Deadline.objects.filter(case=case, anchor="leak_known_at").first()
    clock = next(step for step in duty_panel(deadline).steps if "+" in step.formula)
    assert clock.formula.startswith("유출등을 알게 된 때 2026-11-21(토) 09:12 KST + ")


NO_LEAK = FactChange("leak_known_at", None, Certainty.UNKNOWN, "훈련이었음")


@pytest.mark.django_db
def test_why_a_duty_ends_is_shown_in_english_and_kept_in_korean():
    case = opened_case()
    with translation.override("en"):
        rows = change_rows(preview_facts(case=case, changes=[NO_LEAK], now=LATER), now=LATER)
        record_facts(case_id=case.pk, changes=[NO_LEAK], actor=case.lead, now=LATER, reason="drill")
        gone = Duty.objects.filter(case=case, superseded_at__isnull=False)
        ended = list(gone.filter(deadlines__superseded_by=None))  # not those that only moved
        read = [why_ended(duty) for duty in ended]
    assert ended
    shown = [f"{row.title} {row.after} {row.delta}" for row in rows]
    assert [text for text in shown if HANGUL.search(TERM.sub("", text))] == []
    assert [text for text in read if HANGUL.search(TERM.sub("", text))] == []
    assert all(HANGUL.search(duty.superseded_reason) for duty in ended)


@pytest.mark.django_db
def test_a_record_says_the_same_whatever_the_language_of_who_wrote_it():
    korean, english = office(), office()
    for place, language in ((korean, "ko"), (english, "en")):
        with translation.override(language):
            record_facts(
                case_id=place.case.pk,
                changes=[FactChange("person_count", 5)],
                actor=place.case.lead,
                now=LATER,
            )

    def reasons(place):
        return [
            event.reason for event in Event.objects.filter(chain_id=place.case.reference).order_by("sequence")
        ]

    assert reasons(korean) == reasons(english)


@pytest.mark.django_db
def test_the_history_of_a_duty_that_ended_is_in_english():
    case = opened_case(title="Account takeover")
    record_facts(case_id=case.pk, changes=[NO_LEAK], actor=case.lead, now=LATER, reason="drill")
    with translation.override("en"):
        events = list(history_events(case, HistoryFilter(kind="deadline")))
        lines = history_page(case, events)
    assert lines
    assert not any(HANGUL.search(f"{line.action_word} {line.text} {line.reason}") for line in lines)


@pytest.mark.django_db
def test_the_page_says_which_word_the_law_uses(client):
    case = opened_case()
    deadline = Deadline.objects.filter(case=case).first()
    Deadline.objects.filter(pk=deadline.pk).update(due_at=None, last_day=None, law_state="immediate")
    client.force_login(case.lead)
    page = client.get(reverse("incidents:deadline", args=[case.reference, deadline.pk])).content.decode()
    assert "‘즉시’에는 법이 정한 시간이 없습니다." in page
    assert "‘지체 없이’에는" not in page


def test_a_day_stays_on_one_line_and_nothing_unsafe_gets_through():
    shown = whole_dates("<b> 2026-11-21(토) 09:12 KST + 72시간 00분, 02-0000-0001")
    whole = '<span class="bd-nowrap">{}</span>'.format
    assert shown == (
        f"&lt;b&gt; {whole('2026-11-21(토)')} {whole('09:12 KST')} + {whole('72시간 00분')}, {whole('02-0000-0001')}"
    )
