"""Each month somebody who does not run the system looks the log over, and an overdue one is seen."""

from datetime import date, datetime

import pytest
import time_machine
from django.urls import reverse

from core.access.catalogue import Code
from core.access.models import Review, ReviewKind
from core.access.reviews import months_before, period_due, waiting_reviews
from core.accounts.models import Role
from core.audit.models import HOUSE, Event
from core.audit.verification import first_break
from notifications.services.sweeping import sweep
from tests.clock import KST
from tests.core.access.doors import set_to
from tests.core.accounts.factories import MembershipFactory
from tests.incidents.pages import office

pytestmark = pytest.mark.django_db
NOVEMBER = datetime(2026, 11, 20, 12, tzinfo=KST)
EARLY, LATE = datetime(2026, 12, 10, 12, tzinfo=KST), datetime(2026, 12, 11, 12, tzinfo=KST)
BANNER = "아직 하지 않았습니다"


@pytest.fixture
def place():
    with time_machine.travel(NOVEMBER, tick=False):
        one = office()
        one.client("handler").get(one.case.get_absolute_url())
    return one


def door(place, kind="log"):
    return reverse("access-log-review", args=[place.case.organization_id, kind])


def test_the_period_is_the_month_that_is_over():
    period = period_due(ReviewKind.LOG, today=date(2026, 12, 1))
    assert (period.first_day, period.last_day) == (date(2026, 11, 1), date(2026, 11, 30))
    set_to(Code.LOG_REVIEW_MONTHS, 3)
    period = period_due(ReviewKind.LOG, today=date(2027, 1, 31))
    assert (period.first_day, period.last_day) == (date(2026, 10, 1), date(2026, 12, 31))


def test_months_before_an_instant_end_with_a_shorter_month():
    assert months_before(datetime(2026, 3, 31, 9, tzinfo=KST), 1) == datetime(2026, 2, 28, 9, tzinfo=KST)


def test_a_verdict_is_kept_and_is_history(place):
    with time_machine.travel(EARLY, tick=False):
        client = place.client("auditor")
        assert "점검하기" in client.get(reverse("access-log")).content.decode()
        client.post(door(place), {"verdict": "in_order", "note": "거부된 조회 없음"})
        waiting = waiting_reviews(place.people["auditor"], today=EARLY.date())
    row = Review.objects.get()
    assert (row.first_day, row.last_day, row.reviewer) == (
        date(2026, 11, 1),
        date(2026, 11, 30),
        place.people["auditor"],
    )
    assert row.row_count == 1
    assert {one.kind for one in waiting} == {ReviewKind.RIGHTS}
    assert Event.objects.filter(action="review.recorded").exists() and first_break(HOUSE) is None


def test_the_figures_on_the_page_are_those_of_the_log(place):
    with time_machine.travel(EARLY, tick=False):
        counts = dict(place.client("cpo").get(door(place)).context["counts"])
    assert counts["모든 행"] == 1 and counts["본 사람 수"] == 1 and counts["거부된 것"] == 0


def test_whoever_administers_the_system_does_not_judge_its_log(place):
    MembershipFactory(user=place.people["auditor"], organization=place.case.organization, role=Role.ADMIN)
    with time_machine.travel(EARLY, tick=False):
        answer = place.client("auditor").post(door(place), {"verdict": "in_order", "note": "x"})
    assert answer.status_code == 403 and not Review.objects.exists()


@pytest.mark.parametrize("kind", ["handler", "approver", "counsel", "admin", "outsider"])
def test_nobody_else_reviews(place, kind):
    with time_machine.travel(EARLY, tick=False):
        assert place.client(kind).get(door(place)).status_code == 404


def test_an_overdue_review_is_said_on_every_page_of_who_watches(place):
    for moment, kind, is_said in ((EARLY, "cpo", False), (LATE, "cpo", True), (LATE, "handler", False)):
        with time_machine.travel(moment, tick=False):
            sweep(now=moment)  # timers that stand still would be said first
            page = place.client(kind).get(reverse("settings")).content.decode()
        assert (BANNER in page) is is_said, (moment, kind)


def test_nothing_waits_where_nobody_looked(place):
    nobody = office()
    assert waiting_reviews(nobody.people["cpo"], today=date(2026, 10, 20)) == []
    assert waiting_reviews(place.people["handler"], today=LATE.date()) == []
