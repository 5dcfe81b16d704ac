"""Evidence is looked over by a scanner where there is one; what it flags leaves only when that is meant."""

import io
import sys
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, transaction
from django.urls import reverse

from core.audit.models import Event
from core.audit.verification import first_break
from incidents import scanner, services
from incidents.models import EvidenceScan
from incidents.scanner import Answer, ask
from incidents.services import Obstacle, scan_waiting_evidence
from notifications.services.sweeping import sweep
from tests.config.processes import wait_for
from tests.incidents.clamd import EICAR, VERSION, Clamd
from tests.incidents.factories import KNOWN
from tests.incidents.pages import office
from tests.taking import parcel_of

pytestmark = pytest.mark.django_db
LATER = KNOWN + timedelta(minutes=5)
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


def taken(place, content=b"03:12 login", name="a.log"):
    return services.take_evidence(
        case_id=place.case.pk,
        upload=io.BytesIO(content),
        file_name=name,
        title="로그",
        actor=place.people["handler"],
        now=KNOWN,
    )


def page(place, item, name="evidence"):
    return place.client("handler").get(reverse(f"incidents:{name}", args=[place.case.reference, item.number]))


def test_a_file_is_scanned_by_the_next_sweep_as_it_came(place, clamd):
    content = b"line\n" * 500_000  # more than one piece
    item = taken(place, content)
    sweep(now=LATER)
    row = item.scans.get()
    assert (row.verdict, row.engine, row.scanned_at) == ("clean", VERSION.decode(), LATER)
    assert clamd.seen == [content]
    assert Event.objects.get(action="evidence.scanned").data["verdict"] == "clean"
    assert first_break(place.case.reference) is None
    # And not again
    sweep(now=LATER + timedelta(days=2))
    assert item.scans.count() == 1 and len(clamd.seen) == 1


def test_eicar_is_flagged_and_leaves_only_when_that_is_meant(place, clamd):
    item = taken(place, EICAR, "invoice.exe")
    scan_waiting_evidence(now=LATER)
    assert item.scans.get().finding == "Eicar-Test-Signature"
    assert "악성코드로 보임" in page(place, item).content.decode()
    where = reverse("incidents:copy-evidence", args=[place.case.reference, item.number])
    client = place.client("handler")
    refused = client.post(where, {"note": "분석 의뢰"})
    assert refused.status_code == 422 and not item.custody.filter(kind="copied").exists()
    parcel = parcel_of(client, where, {"note": "분석 의뢰", "is_confirmed": "on"})
    assert parcel.answer["Content-Disposition"].startswith("attachment")
    assert parcel.opened(f"{item.label}.exe") == EICAR
    told = Event.objects.get(action="evidence.copied")
    assert told.data["flagged"] == "Eicar-Test-Signature" and told.reason == "분석 의뢰"


def test_the_service_itself_keeps_a_flagged_file_back(place, clamd):
    item = taken(place, EICAR)
    scan_waiting_evidence(now=LATER)
    with pytest.raises(Obstacle) as obstacle:
        services.copy_evidence(evidence_id=item.pk, purpose="분석", actor=place.people["cpo"], now=LATER)
    assert obstacle.value.field == "is_confirmed"


def test_a_clean_file_asks_nothing_more(place, clamd):
    item = taken(place)
    scan_waiting_evidence(now=LATER)
    assert "is_confirmed" not in page(place, item, "copy-evidence").context["form"].fields
    assert "이상 없음" in page(place, item).content.decode()


def test_a_file_too_large_for_the_scanner_is_said_not_to_be_scanned(place, settings):
    small = Clamd(limit=1000)
    settings.SCANNER = small.address
    item = taken(place, b"x" * 5000)
    scan_waiting_evidence(now=LATER)
    small.close()
    assert item.scans.get().verdict == Verdict.NOT_SCANNED
    assert scan_waiting_evidence(now=LATER + timedelta(days=9)) == 0


def test_a_scanner_that_is_gone_is_asked_again_after_pauses_that_grow(place, clamd, settings):
    item = taken(place)
    settings.SCANNER = "tcp://127.0.0.1:9"
    times = [LATER + timedelta(minutes=minutes) for minutes in (0, 9, 10, 29, 30)]
    assert [scan_waiting_evidence(now=now) for now in times] == [1, 0, 1, 0, 1]
    assert {row.verdict for row in item.scans.all()} == {Verdict.ERROR}
    settings.SCANNER = clamd.address
    assert scan_waiting_evidence(now=LATER + timedelta(minutes=70)) == 1
    assert item.scans.last().verdict == Verdict.CLEAN


def test_without_a_scanner_the_page_says_so(place):
    item = taken(place)
    assert scan_waiting_evidence(now=LATER) == 0 and not item.scans.exists()
    assert "검사 프로그램이 없습니다" in page(place, item).content.decode()


def test_a_second_worker_adds_no_second_verdict(place, clamd):
    item = taken(place)
    clean = Answer(Verdict.CLEAN)
    assert services.record_scan(evidence_id=item.pk, answer=clean, now=LATER)
    assert services.record_scan(evidence_id=item.pk, answer=clean, now=LATER) is None
    assert item.scans.count() == 1


@pytest.mark.parametrize(("code", "verdict"), [(0, "clean"), (1, "flagged"), (2, "error")])
def test_a_program_answers_by_its_exit(settings, code, verdict):
    words = f"import sys; data = sys.stdin.buffer.read(); print(len(data)); sys.exit({code})"
    settings.SCANNER = f'command:{sys.executable} -c "{words}"'
    answer = ask([b"ab", b"c"])
    assert answer.verdict == verdict and answer.finding == ("" if code == 0 else "3")


def test_a_scanner_on_another_machine_is_refused(settings):
    settings.SCANNER = "tcp://192.0.2.7:3310"
    with pytest.raises(ImproperlyConfigured):
        ask([b"x"])


@pytest.mark.any_database
@pytest.mark.parametrize("content", [b"", b"x" * 1_000_000], ids=["waits", "never reads"])
def test_a_program_that_hangs_is_ended_with_its_children(settings, monkeypatch, tmp_path, content):
    monkeypatch.setattr(scanner, "PATIENCE_SECONDS", 0.2)
    program = tmp_path / "hang.sh"
    program.write_text("sleep 600 & echo $! > child\nwait\n")
    settings.SCANNER = f"command:env -C {tmp_path} sh {program}"
    assert ask([content]) == Answer(Verdict.ERROR, "ended by SIGKILL", "env")
    child = Path("/proc") / (tmp_path / "child").read_text().strip() / "stat"
    wait_for(lambda: not child.exists() or child.read_text().split()[2] in "ZX")


def test_a_scanner_that_is_not_well_is_asked_once_a_pass(place, settings):
    for name in ("a.log", "b.log"):
        taken(place, name=name)
    settings.SCANNER = "command:/nowhere/scan"
    assert [scan_waiting_evidence(now=KNOWN) for _pass in range(3)] == [1, 1, 0]


def test_a_program_that_is_not_there_is_a_fault(settings):
    settings.SCANNER = "command:/nowhere/scan"
    assert ask([b"x"]).verdict is Verdict.ERROR
    assert scanner.is_configured()


def test_the_database_refuses_to_change_a_verdict(place, clamd):
    item = taken(place, EICAR)
    scan_waiting_evidence(now=LATER)
    with pytest.raises(DatabaseError), transaction.atomic():
        item.scans.update(verdict=Verdict.CLEAN)
