"""Kept files are looked at again with new signatures, or after a while; only a new verdict is news."""

import io
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from core.access.catalogue import Code
from core.audit.models import Event
from core.audit.verification import first_break
from incidents import services
from incidents.models import Destruction, EvidenceScan, ScanErrand
from incidents.scanner import Answer
from incidents.services.rescans import BATCH, keep_answer, scan_evidence_again
from notifications.services.sweeping import sweep
from tests.core.access.doors import set_to
from tests.incidents.clamd import VERSION, Clamd
from tests.incidents.factories import KNOWN
from tests.incidents.pages import office

pytestmark = pytest.mark.django_db
NEWER = VERSION.replace(b"27461", b"27462")
WORM = b"worm of tomorrow"
DAY = timedelta(days=1)
Verdict = EvidenceScan.Verdict


@pytest.fixture
def clamd(settings):
    one = Clamd()
    settings.SCANNER = one.address
    yield one
    one.close()


@pytest.fixture
def place():
    with time_machine.travel(KNOWN, tick=False):
        return office()


def taken(place, content=WORM):
    item = services.take_evidence(
        case_id=place.case.pk,
        upload=io.BytesIO(content),
        file_name="a.log",
        title="로그",
        actor=place.people["handler"],
        now=KNOWN,
    )
    services.scan_waiting_evidence(now=KNOWN)
    return item


def told():
    return Event.objects.filter(action="evidence.scanned").count()


def test_the_same_signatures_are_not_asked_again_before_their_time(place, clamd):
    taken(place)
    assert scan_evidence_again(now=KNOWN + DAY) == 0 and scan_evidence_again(now=KNOWN + 29 * DAY) == 0
    assert len(clamd.seen) == 1


def test_new_signatures_that_know_more_bring_a_row_and_an_event(place, clamd):
    item = taken(place)
    clamd.version, clamd.known = NEWER, clamd.known | {WORM: b"Worm.Tomorrow"}
    assert scan_evidence_again(now=KNOWN + DAY) == 1
    assert [row.verdict for row in item.scans.all()] == [Verdict.CLEAN, Verdict.FLAGGED]
    last = item.scans.last()
    assert (last.finding, last.engine, last.scanned_at) == ("Worm.Tomorrow", NEWER.decode(), KNOWN + DAY)
    assert told() == 2 and first_break(place.case.reference) is None
    assert item.flagged_as == "Worm.Tomorrow"  # it leaves only when that is meant from now on


def test_a_verdict_like_the_last_is_no_news(place, clamd):
    item = taken(place)
    clamd.version = NEWER
    assert scan_evidence_again(now=KNOWN + DAY) == 1 and len(clamd.seen) == 2
    assert item.scans.count() == 1 and told() == 1
    # Asked with these signatures, it rests; and the page says when
    assert scan_evidence_again(now=KNOWN + 3 * DAY) == 0
    where = reverse("incidents:evidence", args=[place.case.reference, item.number])
    assert "다시 검사해 같은 판정" in place.client("handler").get(where).content.decode()


def test_it_is_asked_at_most_once_a_day_however_often_signatures_change(place, clamd):
    taken(place)
    clamd.version = NEWER
    assert scan_evidence_again(now=KNOWN + timedelta(hours=19)) == 0
    assert scan_evidence_again(now=KNOWN + timedelta(hours=20)) == 1


def test_after_the_days_of_the_setting_it_is_asked_whatever_the_signatures(place, clamd):
    taken(place)
    set_to(Code.SCAN_AGAIN_DAYS, 7)
    assert scan_evidence_again(now=KNOWN + 6 * DAY) == 0
    assert scan_evidence_again(now=KNOWN + 7 * DAY) == 1
    assert scan_evidence_again(now=KNOWN + 13 * DAY) == 0
    assert scan_evidence_again(now=KNOWN + 14 * DAY) == 1


def test_a_few_at_a_time_the_oldest_first(place, clamd):
    for _count in range(BATCH + 1):
        taken(place)
    clamd.version = NEWER
    assert [scan_evidence_again(now=KNOWN + DAY) for _pass in range(3)] == [BATCH, 1, 0]


def test_a_scanner_that_fails_changes_no_verdict_and_waits_longer_each_time(place, clamd, monkeypatch):
    item = taken(place)
    clamd.version = NEWER
    fault = Answer(Verdict.ERROR, "TimeoutError")
    monkeypatch.setattr("incidents.services.rescans.verdict_on", lambda item: fault)
    minutes = (0, 19, 20, 59, 60)
    times = [KNOWN + DAY + timedelta(minutes=one) for one in minutes]
    assert [scan_evidence_again(now=now) for now in times] == [1, 0, 1, 0, 1]
    assert [row.verdict for row in item.scans.all()] == [Verdict.CLEAN] and told() == 1


def test_one_that_is_gone_is_asked_by_a_later_pass(place, clamd, settings):
    taken(place)
    settings.SCANNER = "tcp://127.0.0.1:9"
    assert scan_evidence_again(now=KNOWN + DAY) == 0
    settings.SCANNER, clamd.version = clamd.address, NEWER
    assert scan_evidence_again(now=KNOWN + DAY) == 1
    settings.SCANNER = ""
    assert scan_evidence_again(now=KNOWN + 90 * DAY) == 0


def test_a_file_in_the_hands_of_another_worker_is_left_alone(place, clamd):
    item = taken(place)
    scan_evidence_again(now=KNOWN + timedelta(hours=1))  # the errand is there
    ScanErrand.objects.update(ask_after=KNOWN + DAY + timedelta(minutes=30))
    clamd.version = NEWER
    assert scan_evidence_again(now=KNOWN + DAY) == 0
    assert scan_evidence_again(now=KNOWN + DAY + timedelta(minutes=30)) == 1  # it died
    assert item.scans.count() == 1


def test_what_a_second_worker_says_as_well_is_kept_once(place, clamd):
    item = taken(place)
    scan_evidence_again(now=KNOWN)
    flagged = Answer(Verdict.FLAGGED, "Worm", "x")
    assert keep_answer(evidence_id=item.pk, answer=flagged, now=KNOWN + DAY)
    assert keep_answer(evidence_id=item.pk, answer=flagged, now=KNOWN + DAY) is None
    assert item.scans.count() == 2


def test_what_is_being_destroyed_is_not_asked_about(place, clamd):
    taken(place)
    clamd.version = NEWER
    Destruction.objects.create(
        case=place.case,
        ground="retention",
        reason="보관 기간",
        needless_on=KNOWN.date(),
        asked_at=KNOWN,
        asked_by=place.people["cpo"],
        decided_at=KNOWN,
        decided_by=place.people["approver"],
        is_approved=True,
        begun_at=KNOWN,
    )
    assert scan_evidence_again(now=KNOWN + DAY) == 0 and len(clamd.seen) == 1


def test_the_sweep_does_it(place, clamd):
    item = taken(place)
    clamd.version, clamd.known = NEWER, {WORM: b"Worm"}
    with time_machine.travel(KNOWN + DAY, tick=False):
        assert sweep(now=KNOWN + DAY).faults == 0
    assert item.scans.last().verdict == Verdict.FLAGGED


def test_a_program_without_signatures_of_its_own_is_asked_after_the_days_alone(place, settings):
    settings.SCANNER = "command:/bin/true"
    item = taken(place)
    assert scan_evidence_again(now=KNOWN + 29 * DAY) == 0
    assert scan_evidence_again(now=KNOWN + 30 * DAY) == 1
    assert item.scans.count() == 1
