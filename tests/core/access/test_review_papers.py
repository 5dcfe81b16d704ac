"""A review rests on figures, a sample nobody chose and a finding for each alert; its paper says what the log says."""

from datetime import datetime, timedelta
from io import BytesIO

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.urls import reverse
from pypdf import PdfReader

from core.access import review_figures
from core.access.alert_models import Alert, Finding
from core.access.alerts import close_alert, raise_alerts
from core.access.models import AccessRow, Act, Result, Review, Verdict
from core.access.review_figures import sample_of
from core.access.review_models import HitVerdict, OverdueNotice, ReviewSheet
from core.access.review_papers import findings_of, record_log_review
from core.access.reviews import month_of
from core.access.sealing import seal_access_log
from core.accounts.models import Role
from core.audit.models import HOUSE
from core.audit.verification import first_break
from core.documents.services import read_document
from notifications.models import OutgoingEmail
from notifications.services.sweeping import sweep
from tests.clock import KST
from tests.core.access.rows import written
from tests.core.accounts.factories import MembershipFactory
from tests.incidents.factories import organization_with
from tests.incidents.pages import office

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]
NIGHT_AT_TWO = datetime(2026, 11, 20, 2, tzinfo=KST)
DECEMBER, LATE = datetime(2026, 12, 2, 12, tzinfo=KST), datetime(2026, 12, 11, 12, tzinfo=KST)
NOVEMBER = month_of(NIGHT_AT_TWO.date())
SECOND = timedelta(seconds=1)


def busy(place, person, *, count=30):
    """A night with `count` readings, one download, one search and one refusal; sealed and read by the rules."""
    for number in range(count):
        written(person, NIGHT_AT_TWO + number * SECOND, organization=place.pk, subjects=(number,))
    for act, result in (
        (Act.DOWNLOAD, Result.DONE),
        (Act.SEARCH, Result.DONE),
        (Act.READ, Result.REFUSED),
    ):
        written(person, NIGHT_AT_TWO + 60 * SECOND, organization=place.pk, act=act, result=result)
    seal_access_log(now=NIGHT_AT_TWO, most=None)
    raise_alerts(now=NIGHT_AT_TWO)


@pytest.fixture
def team():
    place, people = organization_with(*Role)
    busy(place, people[Role.HANDLER])
    return place, people


def reviewed(team, *, hits=None, reviewer=Role.AUDITOR, now=DECEMBER):
    place, people = team
    found = findings_of(place, NOVEMBER)
    return record_log_review(
        found=found,
        verdict=Verdict.IN_ORDER,
        note="근무표와 대조함",
        hits={one.pk: Finding.IN_ORDER for one in found.alerts} if hits is None else hits,
        rules_digest="0" * 64,
        reviewer=people[reviewer],
        now=now,
    )


def test_the_figures_are_those_of_the_log(team):
    figures = findings_of(team[0], NOVEMBER).figures
    assert figures.as_data() == {"rows": 33, "refused": 1, "taken": 1, "searched": 1, "people": 1}


def test_the_same_seed_draws_the_same_rows_and_another_draws_others(team):
    place, _people = team
    one = findings_of(place, NOVEMBER)
    assert [row.pk for row in one.sample] == [row.pk for row in findings_of(place, NOVEMBER).sample]
    assert len(one.sample) == 20 and len(one.seed) == 64
    other = sample_of(place, NOVEMBER, seed="f" * 64, size=20, total=33)
    assert {row.pk for row in other} != {row.pk for row in one.sample}


def test_a_large_log_is_sampled_without_reading_all_of_it(team, monkeypatch):
    place, people = team
    stranger = organization_with(Role.HANDLER)[0]
    for number in range(40):  # ids between that are another organisation's
        written(people[Role.HANDLER], NIGHT_AT_TWO, organization=stranger.pk, subjects=(number,))
    busy(place, people[Role.HANDLER])
    monkeypatch.setattr(review_figures, "FEW", 10)
    monkeypatch.setattr(review_figures, "AT_ONCE", 7)
    drawn = sample_of(place, NOVEMBER, seed="a" * 64, size=20, total=66)
    again = sample_of(place, NOVEMBER, seed="a" * 64, size=20, total=66)
    assert len(drawn) == 20 and drawn == again and {row.organization_id for row in drawn} == {place.pk}


def test_every_row_is_drawn_where_there_are_few():
    place, people = organization_with(*Role)
    busy(place, people[Role.HANDLER], count=2)
    assert len(findings_of(place, NOVEMBER).sample) == AccessRow.objects.count() == 5


def test_a_review_keeps_what_it_rests_on_and_its_paper_says_the_same(team):
    review = reviewed(team)
    sheet = ReviewSheet.objects.get(review=review)
    assert review.row_count == sheet.figures["rows"] == 33 and len(sheet.sample) == 20
    assert list(HitVerdict.objects.values_list("alert", "finding")) == [
        (Alert.objects.get().pk, Finding.IN_ORDER)
    ]
    text = "".join(page.extract_text() for page in PdfReader(BytesIO(read_document(sheet.document))).pages)
    flat = "".join(text.split())
    for said in ("33", "근무표와대조함", "정당한업무로확인함", str(sheet.sample[0]), sheet.seed[:12]):
        assert said in flat, said
    assert sheet.document.number == f"AR-{team[0].pk}-202611-1"
    assert first_break(HOUSE) is None


def test_looking_again_is_a_further_paper(team):
    reviewed(team)
    assert reviewed(team).sheet.document.number.endswith("-2")


def test_no_alert_stays_without_a_finding(team):
    with pytest.raises(ValidationError, match="판정하지 않은"):
        reviewed(team, hits={})
    assert not Review.objects.exists()


def test_an_alert_about_the_reviewer_is_judged_by_another_first():
    place, people = organization_with(*Role)
    busy(place, people[Role.AUDITOR])
    with pytest.raises(ValidationError, match="다른 사람이 먼저"):
        reviewed((place, people), hits={})
    close_alert(
        alert_id=Alert.objects.get().pk,
        finding=Finding.FOLLOWED_UP,
        reason="면담함",
        actor=people[Role.CPO],
        now=DECEMBER,
    )
    review = reviewed((place, people), hits={})
    assert review.hits.get().finding == Finding.FOLLOWED_UP


def test_whoever_administers_gets_no_paper(team):
    place, people = team
    MembershipFactory(user=people[Role.AUDITOR], organization=place, role=Role.ADMIN)
    with pytest.raises(PermissionError):
        reviewed(team)


@pytest.mark.parametrize("model", [ReviewSheet, HitVerdict])
def test_the_database_refuses_to_change_what_a_review_rests_on(team, model):
    reviewed(team)
    with pytest.raises(DatabaseError), transaction.atomic():
        model.objects.all().delete()


@pytest.fixture
def place():
    one = office()
    busy(one.case.organization, one.people["handler"])
    return one


def test_the_page_asks_for_a_finding_and_leads_to_the_paper(place):
    door = reverse("access-log-review", args=[place.case.organization_id, "log"])
    typed = {"verdict": "in_order", "note": "거부 한 건 확인"}
    with time_machine.travel(DECEMBER, tick=False):
        client = place.client("auditor")
        page = client.get(door)
        assert (
            len(page.context["sample"]) == 20
            and Alert.objects.get().get_absolute_url() in page.content.decode()
        )
        assert client.post(door, typed).status_code == 422
        assert client.post(door, {**typed, f"alert_{Alert.objects.get().pk}": "in_order"}).status_code == 302
        review = Review.objects.get()
        address = reverse("access-review-paper", args=[review.pk])
        assert address in client.get(reverse("access-log")).content.decode()
        answer = client.get(address)
        assert answer["Content-Type"] == "application/pdf" and answer.content.startswith(b"%PDF-")
        assert AccessRow.objects.filter(place="access-review-paper", act=Act.PRINT).exists()
        for kind in ("handler", "admin", "outsider"):
            assert place.client(kind).get(address).status_code == 404


def told():
    """Who was told of the log; the review of rights is told of in the same way."""
    mail = OutgoingEmail.objects.filter(template="review_overdue", facts__kind="log")
    return list(mail.values_list("to_user", flat=True))


def test_an_overdue_review_is_mailed_once_to_those_who_may_do_it(team):
    place, people = team
    MembershipFactory(user=people[Role.CPO], organization=place, role=Role.ADMIN)  # may not judge
    sweep(now=LATE - timedelta(days=1))
    assert told() == []
    sweep(now=LATE)
    sweep(now=LATE + timedelta(days=3))
    assert told() == [people[Role.AUDITOR].pk]
    assert OverdueNotice.objects.filter(kind="log").count() == 1


def test_a_review_that_was_made_is_not_mailed_about(team):
    reviewed(team)
    sweep(now=LATE)
    assert told() == []
