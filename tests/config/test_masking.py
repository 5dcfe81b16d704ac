"""By default nobody is shown a whole number of a person: pages, search, API, CSV. Who asks, sees one page for a while."""

import io
from datetime import timedelta

import pytest
import time_machine
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils.html import strip_tags

from config.masking import SPACES
from core.access.catalogue import Code
from core.access.models import AccessRow, Act
from core.access.unmasking_models import Unmasking
from core.audit.models import Event
from core.audit.verification import first_break
from incidents import services
from incidents.models import FactRevision
from incidents.services import FactChange
from notifications.models import PaperKind
from tests.core.access.doors import set_to
from tests.core.accounts.tokens import program_of
from tests.incidents.pages import office
from tests.matrix import named_doors
from tests.notifications.paper_cases import KNOWN, rewritten, scene, started

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]
NOW = KNOWN + timedelta(hours=3)
PHONE, MAIL, PASSPORT, CARD = "010-1234-5678", "hong@example.com", "M12345678", "4111-1111-1111-1111"
RESIDENT = "900101-1234567"
PLANTED = (PHONE, MAIL, PASSPORT, CARD, RESIDENT)
WORDS = "홍길동 " + " / ".join(PLANTED[:4])
OF_A_CASE = (
    "case-overview",
    "case-clocks",
    "case-facts",
    "case-tasks",
    "case-evidence",
    "case-history",
    "describe-case",
    "case-members",
    "case-procedure",
    "case-intake",
    "contested-awareness",
    "case-copies",
)


@pytest.fixture(autouse=True)
def _some_hours_after():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def place():
    """A case whose every free text holds whole numbers, written past the forms that would refuse some of them."""
    one = office(title=f"문의 {PHONE}")
    case, who = one.case, {"actor": one.people["handler"], "now": NOW}
    services.record_facts(
        case_id=case.pk, changes=[FactChange("summary", WORDS, "confirmed", f"제보 {MAIL}")], **who
    )
    services.add_timeline_entry(case_id=case.pk, text=WORDS, happened_at=NOW, source=PHONE, **who)
    services.add_timeline_entry(case_id=case.pk, text=f"옛 기록 {RESIDENT}", happened_at=NOW, **who)
    services.add_task(case_id=case.pk, title=f"{PHONE} 전화", **who)
    services.take_evidence(
        case_id=case.pk, upload=io.BytesIO(b"x"), file_name=f"{MAIL}.txt", title=WORDS, party=PHONE, **who
    )
    services.add_counsel_note(case_id=case.pk, text=WORDS, actor=one.people["counsel"], now=NOW)
    return one


def address(place, name, *more):
    return reverse(f"incidents:{name}", args=[place.case.reference, *more])


def whole(answer):
    body = b"".join(answer) if answer.streaming else answer.content
    page = body.decode()
    return [one for one in PLANTED if one in page or one in strip_tags(page)]


def test_no_page_of_the_case_shows_a_whole_number(place):
    shown = {}
    for person in ("handler", "cpo", "auditor", "counsel"):
        client = place.client(person)
        for name in (*OF_A_CASE, "counsel-notes"):
            shown[person, name] = whole(client.get(address(place, name)))
        more = [
            ("evidence", 1),
            ("fact-history", "summary"),
            ("change-fact", "summary"),
            ("copy-evidence", 1),
        ]
        for name, one in more:
            shown[person, name] = whole(client.get(address(place, name, one)))
        for name in ("case-past", "case-between", "who-knew"):
            where = reverse(f"notifications:{name}", args=[place.case.reference])
            shown[person, name] = whole(client.get(where))
    assert {door: found for door, found in shown.items() if found} == {}
    overview = place.client("cpo").get(address(place, "case-overview")).content.decode()
    assert "문의 010-****-5678" in overview and "ho***@example.com" in overview


def test_no_list_no_search_no_answer_to_a_program_and_no_file_shows_one(place):
    client, program = place.client("auditor"), program_of(place.people["auditor"])
    reference = place.case.reference
    answers = {
        "home": client.get("/"),
        "list": client.get(reverse("incidents:case-list")),
        "search": client.get(reverse("incidents:case-list"), {"q": "문의"}),
        "history": client.get(address(place, "case-history"), {"q": "홍길동"}),
        "tasks": client.get(reverse("incidents:task-list")),
        "csv": client.post(reverse("incidents:case-export"), {"purpose": "보고", "columns": ["title"]}),
        "api": program.get(f"/cases/{reference}"),
        "api list": program.get("/cases"),
        "api deadlines": program.get(f"/cases/{reference}/deadlines"),
    }
    assert all(answer.status_code == 200 for answer in answers.values())
    assert {name: whole(answer) for name, answer in answers.items() if whole(answer)} == {}
    assert "010-****-5678" in answers["csv"].content.decode()
    assert program.get(f"/cases/{reference}").json()["title"] == "문의 010-****-5678"


def test_who_searches_for_a_number_keeps_it_in_the_box_and_is_not_shown_it_in_the_list(place):
    page = place.client("handler").get(reverse("incidents:case-list"), {"q": PHONE}).content.decode()
    assert f'value="{PHONE}"' in page
    assert place.case.reference in page and f"문의 {PHONE}" not in page


def test_what_was_shown_masked_and_saved_stays_what_it_was(place):
    client = place.client("handler")
    form = client.get(address(place, "describe-case")).context["form"]
    typed = {name: form[name].value() for name in form.fields}
    answer = client.post(address(place, "describe-case"), typed | {"title": "새 문의 010-****-5678"})
    assert answer.status_code == 302
    place.case.refresh_from_db()
    assert place.case.title == f"새 문의 {PHONE}"


def test_the_houses_own_contacts_and_the_words_of_letters_are_not_masked(client):
    one = scene()
    contact = one.organization.contact_phone
    services.add_timeline_entry(
        case_id=one.case.pk,
        text=f"대표 {contact}, 담당 {one.handler.email}, 피해자 {PHONE}",
        happened_at=NOW,
        actor=one.handler,
        now=NOW,
    )
    paper = started(one, PaperKind.SUBJECT_NOTICE)
    rewritten(one, paper, items=f"문의 {PHONE}")
    client.force_login(one.handler)
    history = client.get(reverse("incidents:case-history", args=[one.case.reference])).content.decode()
    assert contact in history and one.handler.email in history and PHONE not in history
    letter = client.get(
        reverse("notifications:paper", args=[one.case.reference, paper.number])
    ).content.decode()
    assert PHONE in letter and "<!--" + "verbatim" not in letter


def lifted(place, person, page, reason="통화 확인"):
    return place.client(person).post(f"{address(place, 'unmask')}?page={page}", {"reason": reason})


def test_a_page_is_unmasked_for_who_asked_for_some_minutes_and_that_page_alone(place):
    facts, overview = address(place, "case-facts"), address(place, "case-overview")
    client = place.client("handler")
    assert f"unmask/?page={facts}" in client.get(facts).content.decode()
    assert lifted(place, "handler", facts)["Location"] == facts
    assert set(whole(client.get(facts))) >= {PHONE, MAIL}
    assert whole(client.get(overview)) == []
    assert whole(place.client("cpo").get(facts)) == []
    with time_machine.travel(NOW + timedelta(minutes=10), tick=False):
        client.force_login(place.people["handler"])
        assert whole(client.get(facts)) == []


def test_unmasking_is_a_row_of_the_log_with_its_reason_and_an_event(place):
    facts = address(place, "case-facts")
    lifted(place, "handler", facts)
    place.client("handler").get(facts)
    rows = AccessRow.objects.filter(act=Act.UNMASK).order_by("pk")
    assert [(row.place, row.purpose) for row in rows] == [
        ("incidents:unmask", "통화 확인"),
        ("incidents:case-facts", "통화 확인"),
    ]
    told = Event.objects.of_chain(place.case.reference).get(action="masking.lifted")
    assert told.actor == place.people["handler"]
    assert first_break(place.case.reference) is None
    with pytest.raises(DatabaseError), transaction.atomic():
        Unmasking.objects.update(reason="x")


def test_what_programs_read_is_not_unmasked(place):
    assert lifted(place, "handler", f"/api/v1/cases/{place.case.reference}").status_code == 404


@pytest.mark.parametrize(
    "page", ["/", "/settings/", "//example.org/", "https://example.org/", "/cases/2025-999/facts/"]
)
def test_nothing_but_a_page_of_the_case_is_unmasked(place, page):
    assert lifted(place, "handler", page).status_code == 404
    assert not Unmasking.objects.exists()


def test_no_reason_no_unmasking_and_nobody_without_the_case(place):
    facts = address(place, "case-facts")
    assert lifted(place, "handler", facts, reason=" ").status_code == 422
    assert lifted(place, "outsider", facts).status_code == 404
    assert lifted(place, "admin", facts).status_code == 404
    assert not Unmasking.objects.exists()


def test_who_has_not_shown_themselves_lately_is_asked_first(place):
    client = place.client("handler")
    facts = address(place, "case-facts")
    with time_machine.travel(NOW + timedelta(minutes=11), tick=False):
        answer = client.post(f"{address(place, 'unmask')}?page={facts}", {"reason": "통화"})
    assert answer.status_code == 302 and "reauthenticate" in answer["Location"]
    assert not Unmasking.objects.exists()


def test_the_minutes_are_a_setting(place):
    set_to(Code.UNMASK_MINUTES, 30, now=NOW)
    lifted(place, "handler", address(place, "case-facts"))
    row = Unmasking.objects.get()
    assert row.until - row.at == timedelta(minutes=30)


def test_a_resident_number_is_refused_at_its_field_in_every_form_of_a_case(place):
    client = place.client("cpo")
    typed = {
        "add-entry": {"text": RESIDENT, "happened_at": "2026-11-21 09:00", "kind": "event"},
        "add-task": {"title": RESIDENT},
        "describe-case": {"title": RESIDENT},
        "case-intake": {"title": RESIDENT},
        "unmask": {"reason": RESIDENT},
        "close-case": {"reason": RESIDENT},
    }
    before = Event.objects.count()
    for name, said in typed.items():
        answer = client.post(address(place, name), said)
        assert answer.status_code == 422, name
        assert "제24조의2" in answer.content.decode(), name
    assert Event.objects.count() == before


def test_a_resident_number_is_refused_in_facts_from_pages_and_programs(place):
    said = {"summary": RESIDENT, "summary-certainty": "confirmed", "fact_count": place.case.fact_count}
    answer = place.client("handler").post(address(place, "change-fact", "summary"), said)
    assert "제24조의2" in answer.content.decode()
    program = program_of(place.people["handler"], "cases:write")
    sent = {"facts": [{"name": "summary", "value": RESIDENT, "certainty": "confirmed"}]}
    refused = program.post(f"/cases/{place.case.reference}/facts", sent)
    assert refused.status_code == 422
    assert not FactRevision.objects.filter(value__icontains=RESIDENT).exists()


def test_a_card_number_is_asked_about_once_and_kept_when_confirmed(place):
    said = {"text": f"결제 {CARD}", "happened_at": "2026-11-21 09:00", "kind": "event"}
    client = place.client("handler")
    asked = client.post(address(place, "add-entry"), said)
    assert asked.status_code == 422
    assert 'name="card_confirmed"' in asked.content.decode() and CARD in asked.content.decode()
    assert client.post(address(place, "add-entry"), said | {"card_confirmed": "on"}).status_code == 302
    assert place.case.timeline.filter(text=f"결제 {CARD}").exists()


def test_every_case_door_passes_the_mask():
    """Whatever page of a case is added, its name is one the middleware looks at."""
    of_a_case = {name for name, groups in named_doors() if "reference" in groups}
    assert {name for name in of_a_case if name.partition(":")[0] not in (*SPACES, "api")} == set()
