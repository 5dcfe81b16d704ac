"""What somebody typed is never lost, and is shown as it was typed: two tabs, an ended session, too large, markup."""

from datetime import timedelta

import pytest
import time_machine
from django.conf import settings as django_settings
from django.urls import reverse

from core.audit.models import Event
from incidents import services
from incidents.models import Deadline, Draft, FactRevision
from incidents.services import FactChange
from notifications.models import Filing, PaperKind
from notifications.services import filings
from tests.core.accounts.factories import PASSWORD
from tests.incidents.factories import KNOWN
from tests.incidents.pages import office
from tests.notifications.paper_cases import HOUR, approved, given, rewritten, scene, started

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]
LATER = KNOWN + timedelta(hours=1)
MARKUP = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>&amp;"


@pytest.fixture(autouse=True)
def _an_hour_after_the_case_began():
    with time_machine.travel(LATER, tick=False):
        yield


def shown(form):
    """The form as a browser would send it back; a box that is not ticked is not sent."""
    return {name: value for name in form.fields if (value := form[name].value())}


# Two tabs


def test_two_tabs_name_a_case_and_the_second_is_asked_and_keeps_its_words():
    place = office()
    client = place.client("handler")
    address = reverse("incidents:describe-case", args=[place.case.reference])
    typed = shown(client.get(address).context["form"])
    place.client("cpo").post(address, {**typed, "title": "먼저 저장한 이름"})

    answer = client.post(address, {**typed, "title": "나중에 적은 이름"})

    place.case.refresh_from_db()
    page = answer.content.decode()
    assert (answer.status_code, place.case.title) == (422, "먼저 저장한 이름")
    assert "먼저 저장한 이름" in page
    assert 'value="나중에 적은 이름"' in page

    again = shown(answer.context["form"])
    assert client.post(address, again).status_code == 302
    place.case.refresh_from_db()
    assert place.case.title == "나중에 적은 이름"


def test_two_tabs_change_a_fact_and_both_values_stand_side_by_side():
    place = office()
    client = place.client("handler")
    address = reverse("incidents:change-fact", args=[place.case.reference, "summary"])
    typed = {"summary-certainty": "confirmed", "fact_count": place.case.fact_count, "step": "apply"}
    client.post(address, {**typed, "summary": "먼저 저장한 요약"})

    answer = client.post(address, {**typed, "summary": "나중에 적은 요약"})

    page = answer.content.decode()
    assert answer.status_code == 409
    assert "먼저 저장한 요약" in page
    assert "나중에 적은 요약" in page
    assert FactRevision.objects.get(case=place.case, name="summary").value == "먼저 저장한 요약"


# The session ends


def test_a_session_that_ends_while_typing_leaves_the_draft_and_the_page_offers_it_after_signing_in():
    place = office()
    client, person = place.client("handler"), place.people["handler"]
    page = reverse("incidents:case-intake", args=[place.case.reference])
    draft = client.get(page).context["draft_url"]
    client.post(draft, {"summary": "쓰던 문장", "person_count": "1,200"})
    client.logout()

    sent = client.post(page, {"summary": "쓰던 문장", "person_count": "1,200"})
    client.post(reverse("account_login"), {"login": person.email, "password": PASSWORD})
    back = client.get(page)
    resumed = client.get(page, {"resume": "1"}).content.decode()

    assert (sent.status_code, sent.url) == (302, f"{reverse('account_login')}?next={page}")
    assert back.context["draft_label"]
    assert "쓰던 문장" in resumed
    assert 'value="1,200"' in resumed


def test_what_is_typed_after_the_session_ended_is_not_taken_for_saved():
    place = office()
    client = place.client("handler")
    draft = client.get(reverse("incidents:case-intake", args=[place.case.reference])).context["draft_url"]
    client.logout()

    answer = client.post(draft, {"summary": "세션이 끝난 뒤"})

    assert answer.status_code == 302  # draft.js reads this as an ended session and keeps the words in the tab
    assert not Draft.objects.exists()


# Too large


def test_sixty_megabytes_are_answered_in_words_and_the_draft_of_the_page_stays():
    place = office()
    client = place.client("handler")
    page = reverse("incidents:case-intake", args=[place.case.reference])
    client.post(client.get(page).context["draft_url"], {"summary": "쓰던 문장"})
    before = Event.objects.count()
    boundary = b'--x\r\nContent-Disposition: form-data; name="file"; filename="big.bin"\r\n\r\n'

    answer = client.post(
        page, boundary + b"\0" * (60 * 1024 * 1024), content_type="multipart/form-data; boundary=x"
    )

    text = answer.content.decode()
    assert answer.status_code == 413
    assert f"{django_settings.UPLOAD_LIMIT_BYTES // 1024**2}MB" in text.replace(" ", "")
    assert "저장된 것은 없습니다" in text
    assert Event.objects.count() == before
    assert "쓰던 문장" in client.get(page, {"resume": "1"}).content.decode()


LONG = {
    "add-task": ({"title": "가" * 161}, "title"),
    "add-entry": ({"text": "가" * 20_001, "happened_at": "2026-11-21 09:12", "kind": "event"}, "text"),
    "add-deadline": ({"title": "가" * 121, "due_at": "2026-11-22 09:12", "kind": "follow_up"}, "title"),
    "describe-case": ({"title": "가" * 121}, "title"),
}


@pytest.mark.parametrize("name", LONG)
def test_words_that_are_too_long_stay_whole_and_the_fault_stands_at_their_field(name):
    place = office()
    typed, field = LONG[name]

    answer = place.client("handler").post(reverse(f"incidents:{name}", args=[place.case.reference]), typed)

    page = answer.content.decode()
    assert answer.status_code == 422
    assert answer.context["form"].errors[field]
    assert typed[field] in page


# Markup


def test_markup_in_every_field_of_a_case_is_shown_as_text():
    place = office(title=MARKUP[:120])
    case, client = place.case, place.client("cpo")
    act = {"actor": place.people["cpo"], "now": LATER}
    organization = case.organization
    organization.name = MARKUP
    organization.save()
    for name in ("summary", "leaked_items", "circumstances", "measures_taken", "relief"):
        change = FactChange(name, MARKUP, source=MARKUP)
        services.record_facts(case_id=case.pk, changes=[change], reason=MARKUP, **act)
    confirmed = FactChange("confirmed_fact", {"text": MARKUP, "confirmed_at": KNOWN}, key="f1", source=MARKUP)
    services.record_facts(case_id=case.pk, changes=[confirmed], **act)
    services.add_timeline_entry(case_id=case.pk, text=MARKUP, source=MARKUP, happened_at=KNOWN, **act)
    services.add_task(case_id=case.pk, title=MARKUP, who=MARKUP[:60], **act)
    services.skip_task(task_id=case.tasks.first().pk, reason=MARKUP, **act)
    owed = services.add_deadline(
        case_id=case.pk, title=MARKUP[:120], source=MARKUP, due_at=LATER + HOUR, **act
    )
    first, second = case.deadlines.running().filter(due_at__isnull=False).exclude(pk=owed.pk)[:2]
    services.fulfil_deadline(deadline_id=first.pk, at=LATER, note=MARKUP, **act)
    services.dismiss_deadline(deadline_id=second.pk, reason=MARKUP, **act)

    pages = [
        reverse(f"incidents:{name}", args=[case.reference])
        for name in (
            "case-overview",
            "case-clocks",
            "case-facts",
            "case-tasks",
            "case-history",
            "case-members",
            "case-intake",
            "describe-case",
        )
    ]
    pages += [reverse("incidents:deadline", args=[case.reference, row.pk]) for row in (first, second, owed)]
    pages += [reverse("incidents:fact-history", args=[case.reference, "summary"])]
    pages += [reverse("home"), reverse("incidents:case-list"), reverse("incidents:task-list")]
    for address in pages:
        raw = client.get(address).content.decode()
        assert "<script>alert" not in raw, address
        assert "<img src=x" not in raw, address
    assert "&lt;script&gt;alert(1)" in client.get(pages[2]).content.decode()


def test_markup_in_a_paper_and_its_filing_is_shown_as_text(client):
    one = scene()
    paper = started(one, PaperKind.SUBJECT_NOTICE)
    harmless = "<b>이름</b><script>alert(1)</script>"
    rewritten(one, paper, opening=paper.latest().text("opening") + harmless, now=LATER)
    approved(one, paper, now=LATER)
    filing = filings.record_filing(
        version_id=paper.latest().pk,
        given=given(LATER, note=MARKUP),
        actor=one.handler,
        now=LATER,
    )
    client.force_login(one.approver)

    for address in (paper.get_absolute_url(), filing.get_absolute_url()):
        raw = client.get(address).content.decode()
        assert "<script>alert" not in raw, address
        assert "<img src=x" not in raw, address
    assert Filing.objects.get().note == MARKUP


def test_markup_sent_back_by_a_form_is_escaped_where_it_stands():
    place = office()

    answer = place.client("handler").post(
        reverse("incidents:add-deadline", args=[place.case.reference]), {"title": MARKUP, "source": MARKUP}
    )

    assert answer.status_code == 422
    assert "<script>alert" not in answer.content.decode()
    assert Deadline.objects.filter(title=MARKUP).count() == 0
