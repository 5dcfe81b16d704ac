"""Closed cases and the days they are kept until, as pages: one that is late, one that is postponed, one under a hold."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from core.access.catalogue import Code
from incidents import services
from incidents.models import Case
from tests.browser.house import House
from tests.browser.looking import looked_at
from tests.core.access.doors import set_to
from tests.incidents.factories import opened_case

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.any_database]
DAY = timedelta(days=1)


def closed(house: House, *, ago: timedelta) -> Case:
    now, cpo = timezone.now() - ago, house.people["cpo"]
    case = opened_case(organization=house.one.organization, actor=house.people["handler"], now=now)
    services.take_evidence(
        case_id=case.pk,
        upload=io.BytesIO(b"log"),
        file_name="a.log",
        title="로그",
        actor=house.people["handler"],
        now=now,
    )
    for deadline in case.deadlines.running():
        services.dismiss_deadline(deadline_id=deadline.pk, reason="끝남", actor=cpo, now=now)
    services.close_case(case_id=case.pk, reason="끝남", actor=cpo, now=now)
    return case


def test_the_days_of_closed_cases_are_read_on_a_phone_and_at_a_desk(live_server, visit, house) -> None:
    set_to(Code.CASE_FILE_MONTHS, 1, now=timezone.now())
    late, postponed, held = (closed(house, ago=days * DAY) for days in (60, 40, 40))
    decides = {"reason": "소송", "actor": house.people["cpo"], "now": timezone.now()}
    until = timezone.localdate() + 90 * DAY
    services.keep_evidence_until(evidence_id=postponed.evidence.get().pk, until=until, **decides)
    services.hold_evidence(evidence_id=held.evidence.get().pk, is_held=True, **decides)
    page, wrong = visit("cpo"), []
    for name, args in (
        ("kept-list", []),
        ("case-overview", [late.reference]),
        ("case-overview", [held.reference]),
        ("case-destruction", [late.reference]),
        ("case-export", []),
    ):
        assert page.goto(live_server.url + reverse(f"incidents:{name}", args=args)).status == 200
        wrong += looked_at(page, f"closed {name} {' '.join(args)}")
    assert wrong == []
    page.goto(live_server.url + reverse("incidents:kept-list"))
    assert page.locator("tbody tr").count() == 3
    assert "파기할 날이 지남" in page.locator("tbody tr").first.inner_text()
    assert "E-01" in page.locator("tbody tr").last.inner_text()
