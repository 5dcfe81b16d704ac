"""Evidence: kept as it came, encrypted, read back; a ledger without gaps; copies for a stated purpose only."""

import io
from datetime import date, timedelta
from pathlib import Path

import pytest
import time_machine
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from django.utils.html import strip_tags

from core.audit.models import Event
from core.audit.verification import first_break
from incidents import services
from incidents.models import CustodyEntry, Evidence
from incidents.services import Obstacle
from incidents.services import evidence as taking
from tests.core.audit.tampering import tampering_as_owner
from tests.incidents.factories import KNOWN, opened_case
from tests.incidents.pages import office
from tests.taking import parcel_of

pytestmark = pytest.mark.django_db
LATER = KNOWN + timedelta(hours=2)
LOG = "03:12 접속 203.0.113.9\n".encode() * 50


def taken(case, content=LOG, *, name="firewall.log", title="방화벽 로그", **more):
    said = {"upload": io.BytesIO(content), "file_name": name, "title": title, "media_type": "text/plain"}
    return services.take_evidence(case_id=case.pk, actor=case.lead, now=LATER, **said | more)


def kept_files():
    folder = Path(settings.EVIDENCE_FOLDER)
    return {path.name for path in folder.glob("*")} if folder.exists() else set()


def test_it_is_kept_as_it_came_and_read_back():
    case = opened_case()
    item = taken(case, party="보안팀", note="원본은 로그 서버에 있음")
    assert (item.label, item.size, item.file_name) == ("E-01", len(LOG), "firewall.log")
    assert LOG not in item.path.read_bytes()
    entry = item.custody.get()
    assert (entry.kind, entry.party, entry.happened_at) == ("received", "보안팀", LATER)
    told = Event.objects.of_chain(case.reference).get(action="evidence.received")
    assert (told.data["sha256"], told.data["size"]) == (item.sha256, len(LOG))
    assert "보안팀" not in str(told.data)
    assert first_break(case.reference) is None


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"content": b""}, "file"),
        ({"title": "  "}, "title"),
        ({"title": "가" * 121}, "title"),
        ({"note": "가" * 301}, "note"),
        ({"received_at": LATER + timedelta(hours=1)}, "happened_at"),
    ],
)
def test_what_cannot_be_kept_leaves_nothing_behind(said, field):
    case, before = opened_case(), kept_files()
    with pytest.raises(Obstacle) as obstacle:
        taken(case, **said)
    assert obstacle.value.field == field
    assert not Evidence.objects.exists()
    assert kept_files() == before


def test_a_file_over_the_limit_is_refused(settings):
    settings.UPLOAD_LIMIT_BYTES = 10
    with pytest.raises(Obstacle, match="MB"):
        taken(opened_case(), b"x" * 11)
    assert not Evidence.objects.exists()


def test_a_disk_that_gives_back_something_else_is_noticed(monkeypatch):
    before = kept_files()
    monkeypatch.setattr(taking, "reread", lambda path: taking.Sealed(1, "0" * 64))
    with pytest.raises(Obstacle, match="달랐습니다"):
        taken(opened_case())
    assert kept_files() == before


def test_a_failure_after_writing_leaves_no_file(monkeypatch):
    before = kept_files()
    monkeypatch.setattr(taking, "record", lambda *args, **said: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        taken(opened_case())
    assert kept_files() == before
    assert not Evidence.objects.exists()


def test_a_closed_case_takes_no_evidence():
    case, before = opened_case(), kept_files()
    type(case).objects.filter(pk=case.pk).update(closed_at=LATER, phase="closed")
    with pytest.raises(services.CaseClosed):
        taken(case)
    assert kept_files() == before


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\logs\\a.txt", "a.txt"),
        ("a\x00b\r\n.txt", "ab.txt"),
        ("", "file"),
        ("x" * 300 + ".pcap", "x" * 145 + ".pcap"),
    ],
)
def test_a_file_name_is_only_a_name(name, kept):
    assert taken(opened_case(), name=name).file_name == kept


def test_the_ledger_tells_where_it_is_and_cannot_be_changed():
    case = opened_case()
    item = taken(case)
    for kind, party in (
        ("viewed", ""),
        ("handed_over", "한국인터넷진흥원"),
        ("returned", "한국인터넷진흥원"),
    ):
        services.record_custody(
            evidence_id=item.pk, kind=kind, party=party, note="분석", actor=case.lead, now=LATER
        )
    assert [entry.number for entry in item.custody.all()] == [1, 2, 3, 4]
    for table in (Evidence, CustodyEntry):
        with pytest.raises(DatabaseError), transaction.atomic():
            table.objects.all().update(recorded_at=KNOWN)
        with pytest.raises(DatabaseError), transaction.atomic():
            table.objects.all().delete()


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"kind": "received"}, "kind"),
        ({"kind": "copied"}, "kind"),
        ({"kind": "handed_over", "note": "분석"}, "party"),
        ({"kind": "viewed"}, "note"),
        ({"kind": "viewed", "note": "분석", "happened_at": LATER - timedelta(minutes=1)}, "happened_at"),
        ({"kind": "viewed", "note": "분석", "happened_at": LATER + timedelta(hours=9)}, "happened_at"),
    ],
)
def test_a_line_that_cannot_be_is_refused(said, field):
    case = opened_case()
    item = taken(case)
    with pytest.raises(Obstacle) as obstacle:
        services.record_custody(evidence_id=item.pk, actor=case.lead, now=LATER, **said)
    assert obstacle.value.field == field
    assert item.custody.count() == 1


def test_a_hold_is_put_and_lifted_with_a_reason():
    case = opened_case()
    item = taken(case)

    def hold(is_held, reason="집단소송"):
        return services.hold_evidence(
            evidence_id=item.pk, is_held=is_held, reason=reason, actor=case.lead, now=LATER
        )

    assert not item.is_held
    with pytest.raises(Obstacle):
        hold(True, " ")
    hold(True)
    assert item.is_held
    assert hold(True) is None
    hold(False, "판결 확정")
    assert not item.is_held
    assert item.custody.count() == 3


@pytest.mark.parametrize(("until", "is_kept"), [(date(2026, 11, 20), False), (date(2026, 11, 21), True)])
def test_retention_ends_no_earlier_than_the_day_it_is_said(until, is_kept):
    case = opened_case()
    item = taken(case)

    def keep():
        services.keep_evidence_until(
            evidence_id=item.pk, until=until, reason="시효", actor=case.lead, now=LATER
        )

    if is_kept:
        keep()
        assert item.keep_until == until
    else:
        with pytest.raises(Obstacle):
            keep()


def test_a_changed_or_lost_file_is_found_and_not_given_out(capsys):
    case = opened_case()
    item = taken(case)
    call_command("verify_evidence")
    content = bytearray(item.path.read_bytes())
    content[-1] ^= 1
    item.path.write_bytes(content)
    with pytest.raises(CommandError, match="E-01"):
        call_command("verify_evidence", case=case.reference)
    with pytest.raises(Obstacle):
        services.copy_evidence(evidence_id=item.pk, purpose="분석", actor=case.lead, now=LATER)
    item.path.unlink()
    with pytest.raises(CommandError, match="없거나"):
        call_command("verify_evidence")
    assert item.custody.count() == 1


def test_a_row_changed_behind_the_services_breaks_the_history():
    case = opened_case()
    taken(case)
    with tampering_as_owner("incidents_evidence"), connection.cursor() as cursor:
        cursor.execute(f"UPDATE incidents_evidence SET sha256 = '{'0' * 64}'")
    assert first_break(case.reference) is not None


@time_machine.travel(LATER, tick=False)
def test_the_pages_take_it_in_and_give_a_copy_for_a_purpose():
    place = office()
    add = reverse("incidents:add-evidence", args=[place.case.reference])
    typed = {"title": "방화벽 로그", "happened_at": "2026-11-21 10:00", "party": "보안팀", "note": ""}
    upload = SimpleUploadedFile("로그<script>.html", b"<script>alert(1)</script>", "text/html")
    assert place.client("handler").post(add, typed | {"file": upload}).status_code == 302
    item = Evidence.objects.get()
    page = place.client("auditor").get(reverse("incidents:evidence", args=[place.case.reference, 1]))
    assert item.sha256 in page.content.decode()
    assert "<script>.html" not in page.content.decode()
    copy = reverse("incidents:copy-evidence", args=[place.case.reference, 1])
    assert place.client("auditor").post(copy, {"note": " "}).status_code == 422
    parcel = parcel_of(place.client("auditor"), copy, {"note": "감사"})
    assert parcel.opened("E-01.html") == b"<script>alert(1)</script>"
    assert parcel.answer["Content-Disposition"].startswith("attachment")
    assert parcel.answer["Content-Type"] == "application/zip"
    last = item.custody.order_by("number").last()
    assert (last.kind, last.note, last.recorded_by) == ("copied", "감사", place.people["auditor"])
    history = place.client("auditor").get(reverse("incidents:case-history", args=[place.case.reference]))
    assert "증거 사본 내려받음" in strip_tags(history.content.decode())


@time_machine.travel(LATER, tick=False)
def test_an_empty_file_is_refused_at_its_field_and_the_words_stay():
    place = office()
    add = reverse("incidents:add-evidence", args=[place.case.reference])
    typed = {
        "title": "방화벽 로그",
        "happened_at": "2026-11-21 10:00",
        "file": SimpleUploadedFile("a.log", b""),
    }
    answer = place.client("handler").post(add, typed)
    assert answer.status_code == 422
    assert "빈 파일입니다" in answer.content.decode()
    assert "방화벽 로그" in answer.content.decode()


DOORS = {
    "case-evidence": ("handler", "cpo", "approver", "counsel", "auditor"),
    "evidence": ("handler", "cpo", "approver", "counsel", "auditor"),
    "copy-evidence": ("handler", "cpo", "approver", "counsel", "auditor"),
    "add-evidence": ("handler", "cpo", "approver", "counsel"),
    "add-custody": ("handler", "cpo", "approver", "counsel"),
    "hold-evidence": ("cpo", "approver"),
    "keep-evidence": ("cpo", "approver"),
}


@pytest.mark.parametrize(
    "kind", ["handler", "cpo", "approver", "counsel", "auditor", "admin", "outsider", "anonymous"]
)
def test_each_door_opens_only_for_those_who_may(kind):
    place = office()
    taken(place.case)
    client = place.client(kind)
    refused = {"anonymous": 302, "outsider": 404, "admin": 404}.get(kind, 403)
    for door, allowed in DOORS.items():
        arguments = [place.case.reference] + ([1] if door not in ("case-evidence", "add-evidence") else [])
        answer = client.get(reverse(f"incidents:{door}", args=arguments))
        assert answer.status_code == (200 if kind in allowed else refused), door
