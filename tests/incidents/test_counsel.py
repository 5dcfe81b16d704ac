"""The compartment of counsel: nobody else sees a word of it, and history still vouches for it."""

import json

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from core.accounts.models import Role
from core.audit.models import Event
from core.audit.verification import first_break
from incidents import services
from incidents.models import CounselNote
from incidents.services import Obstacle
from tests.core.accounts.factories import MembershipFactory
from tests.core.audit.tampering import tampering_as_owner
from tests.incidents.factories import KNOWN
from tests.incidents.pages import office

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]
PRIVILEGED = "상대가 먼저 안 시각을 다투면 불리함"
KINDS = ("handler", "cpo", "approver", "counsel", "auditor", "admin", "outsider", "anonymous")


def noted(place, text=PRIVILEGED, kind="counsel"):
    return services.add_counsel_note(case_id=place.case.pk, text=text, actor=place.people[kind], now=KNOWN)


def page_of(place):
    return reverse("incidents:counsel-notes", args=[place.case.reference])


def test_counsel_writes_and_reads():
    place = office()
    assert place.client("counsel").post(page_of(place), {"text": PRIVILEGED}).status_code == 302
    assert PRIVILEGED in place.client("counsel").get(page_of(place)).content.decode()
    assert CounselNote.objects.get().label == "L-01"


@pytest.mark.parametrize("kind", KINDS)
def test_the_page_is_there_for_counsel_alone(kind):
    place = office()
    noted(place)
    answer = place.client(kind).get(page_of(place))
    assert answer.status_code == {"counsel": 200, "anonymous": 302}.get(kind, 404)
    assert (PRIVILEGED in answer.content.decode()) is (kind == "counsel")


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in ("counsel", "outsider", "anonymous")])
def test_no_other_page_of_the_case_has_a_word_of_it(kind):
    place = office()
    noted(place)
    for name in ("case-overview", "case-history", "case-facts", "case-clocks", "case-evidence"):
        answer = place.client(kind).get(reverse(f"incidents:{name}", args=[place.case.reference]))
        assert PRIVILEGED not in answer.content.decode()


def test_counsel_of_another_organisation_and_counsel_whose_role_ended_see_nothing():
    place = office()
    noted(place)
    stranger = MembershipFactory(role=Role.COUNSEL).user
    assert not CounselNote.objects.visible_to(stranger).exists()
    assert CounselNote.objects.visible_to(place.people["counsel"]).count() == 1
    place.people["counsel"].memberships.all().delete()
    assert not CounselNote.objects.visible_to(place.people["counsel"]).exists()


@pytest.mark.parametrize(("kind", "text"), [("cpo", PRIVILEGED), ("admin", PRIVILEGED), ("counsel", "  ")])
def test_a_note_by_anybody_else_or_without_words_is_refused(kind, text):
    place = office()
    with pytest.raises(Obstacle):
        noted(place, text, kind)
    assert not CounselNote.objects.exists()


def test_history_tells_of_it_and_holds_none_of_it():
    place = office()
    note = noted(place)
    told = Event.objects.of_chain(place.case.reference).get(action="counsel.note-added")
    assert PRIVILEGED not in json.dumps(told.data, ensure_ascii=False)
    assert told.reason == ""
    assert first_break(place.case.reference) is None
    with pytest.raises(DatabaseError), transaction.atomic():
        CounselNote.objects.update(text="다른 말")
    with tampering_as_owner("incidents_counselnote"), connection.cursor() as cursor:
        cursor.execute(f"UPDATE incidents_counselnote SET text = 'x' WHERE id = {note.pk}")
    assert first_break(place.case.reference) is not None
