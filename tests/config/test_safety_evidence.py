"""What the house shows of its safety measures: every setting in force, and the records as they stood on a day."""

import csv
import hashlib
import io
import json
import zipfile
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse
from pypdf import PdfReader

from config.plan_annex import annex_csv, annex_lines, stood_at
from config.safety_bundle import SIGNED_FOR, records_of
from core.access.catalogue import SETTINGS, Code
from core.access.models import AccessRow
from core.access.queries import values_at
from core.access.recovery import record_drill
from core.accounts.models import Role
from core.accounts.requesters import Requester
from core.accounts.services import give_role, take_role
from core.accounts.taking_out import set_taking_out
from core.audit.keys import ensure_signing_key, is_signed, public_keys
from core.audit.models import Event
from incidents.spreadsheet import harmless
from tests.clock import KST
from tests.core.access.doors import set_to
from tests.core.accounts.factories import UserFactory
from tests.incidents.pages import office

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]
DAY = date(2026, 11, 21)
NOON = datetime(2026, 11, 21, 12, tzinfo=KST)
DOOR = "settings-safety-evidence"


@pytest.fixture
def place():
    with time_machine.travel(NOON, tick=False):
        return office()


def asked(place, person="cpo", **said):
    said = {"organization": place.case.organization_id, "day": "2026-11-21", "reason": "조사 요구"} | said
    with time_machine.travel(NOON + timedelta(days=3), tick=False):
        return place.client(person).post(reverse(DOOR), said)


def test_every_setting_stands_there_once_with_the_running_value():
    set_to(Code.IDLE_MINUTES, 10, now=NOON)
    lines = annex_lines(DAY)
    assert [line.code for line in lines] == [str(code) for code in SETTINGS]
    assert {Code(line.code): line.value for line in lines} == dict(values_at())


def test_the_table_is_of_the_end_of_its_day():
    set_to(Code.IDLE_MINUTES, 10, now=NOON)
    set_to(Code.IDLE_MINUTES, 20, now=datetime(2026, 11, 22, 0, tzinfo=KST))
    said = {
        day: _of(Code.IDLE_MINUTES, day).said
        for day in (DAY - timedelta(days=1), DAY, DAY + timedelta(days=1))
    }
    assert list(said.values()) == ["15분", "10분", "20분"]
    assert _of(Code.IDLE_MINUTES, DAY).since == "2026-11-21(토) 12:00 KST"
    assert _of(Code.IDLE_MINUTES, DAY - timedelta(days=1)).since == "기본값"


def _of(code, day):
    return next(line for line in annex_lines(day) if line.code == code)


@pytest.mark.parametrize("cell", ["=1+1", "+82", "-1", "@SUM(A1)", "\tx", "\rx"])
def test_no_cell_runs_as_a_formula(cell):
    assert harmless(cell) == "'" + cell


def test_words_that_look_like_a_formula_are_harmless_in_the_csv(monkeypatch):
    set_to(Code.IDLE_MINUTES, 10, now=NOON)
    row = _of(Code.IDLE_MINUTES, DAY)
    monkeypatch.setattr("config.plan_annex.annex_lines", lambda day: [type(row)(**_words(row))])
    assert "'=cmd|calc" in annex_csv(DAY) and ",=cmd" not in annex_csv(DAY)


def _words(row):
    return {name: getattr(row, name) for name in row.__slots__} | {"reason": "=cmd|calc"}


def test_the_csv_is_of_every_setting(place):
    answer = asked(place, kind="annex_csv")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert len(rows) == len(SETTINGS) + 1 and rows[1][-1] == "2026-11-21"
    assert answer["Content-Disposition"] == 'attachment; filename="safety-annex-20261121.csv"'


def test_the_pdf_names_each_setting(place):
    answer = asked(place, kind="annex_pdf")
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages)
    assert "내부 관리계획 첨부 설정표" in text
    plain = "".join(text.split())
    assert all("".join(str(one.label).split()) in plain for one in SETTINGS.values())


def test_the_bundle_holds_what_stood_when_the_day_ended_and_nothing_later(place):
    # Given rights, a drill and a setting before the end of the day and after it
    ensure_signing_key()
    organization, admin = place.case.organization, place.people["admin"]
    for moment, name in ((NOON, "그날온이"), (NOON + timedelta(days=1), "나중온이")):
        person = UserFactory(name=name)
        held = give_role(user=person, organization=organization, role=Role.HANDLER, actor=admin, now=moment)
        take_role(membership_id=held.pk, actor=admin, now=moment, reason="퇴사")
        record_drill(
            drilled_on=moment.date(), took_seconds=60, result="whole", note="확인", actor=admin, now=moment
        )
    # When
    content = asked(place, kind="bundle").content
    # Then
    bundle = zipfile.ZipFile(io.BytesIO(content))
    rights = json.loads(bundle.read("data/rights.json"))
    assert {one["person"]["name"] for one in rights if one["reason"] == "퇴사"} == {"그날온이"}
    assert [one["drilled_on"] for one in json.loads(bundle.read("data/drills.json"))] == ["2026-11-21"]
    assert len(json.loads(bundle.read("data/settings.json"))) == len(SETTINGS)
    manifest = json.loads(bundle.read("manifest.json"))
    for one in manifest["files"]:
        assert hashlib.sha256(bundle.read(one["path"])).hexdigest() == one["sha256"]
    assert set(bundle.namelist()) - {one["path"] for one in manifest["files"]} == {
        "manifest.json",
        "manifest.sig.json",
    }
    seal = json.loads(bundle.read("manifest.sig.json"))
    message = SIGNED_FOR + hashlib.sha256(bundle.read("manifest.json")).hexdigest().encode()
    assert is_signed(message, signature=seal["signature"], public=public_keys()[seal["key"]])
    text = "".join(p.extract_text() for p in PdfReader(io.BytesIO(bundle.read("safety.pdf"))).pages)
    assert "안전조치 증빙" in text and "그날온이" in text and "나중온이" not in text


def test_the_rights_tell_who_asked_and_what_could_be_taken_out(place):
    organization, admin = place.case.organization, place.people["admin"]
    usual = {"actor": admin, "now": NOON, "requester": Requester(place.people["cpo"])}
    held = give_role(user=UserFactory(), organization=organization, role=Role.COUNSEL, **usual)
    for may in (True, False):
        set_taking_out(membership_id=held.pk, may_take_out=may, reason="소송", **usual)
    rights = records_of(organization, DAY + timedelta(days=1))["rights"][-3:]
    assert [(one["act"], one["may_take_out"]) for one in rights] == [
        ("role.given", False),
        ("role.taking-out-set", True),
        ("role.taking-out-set", False),
    ]
    assert {one["asked_by"]["name"] for one in rights} == {place.people["cpo"].name}
    content = asked(place, kind="bundle").content
    safety = zipfile.ZipFile(io.BytesIO(content)).read("safety.pdf")
    text = "".join("".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(safety)).pages)
    assert "출력·다운로드부여" in text and "출력·다운로드말소" in text and "요청한사람" in text


def test_the_export_is_history_and_a_download_in_the_log(place):
    answer = asked(place, kind="bundle")
    told = Event.objects.get(action="safety.evidence-exported")
    assert told.data["sha256"] == hashlib.sha256(answer.content).hexdigest() and told.reason == "조사 요구"
    row = AccessRow.objects.filter(place=DOOR).latest("pk")
    assert (row.purpose, row.result) == ("조사 요구", "done")


def test_it_tells_of_one_organisation_alone(place):
    other = office()
    other.client("cpo").get(other.case.get_absolute_url())
    records = records_of(place.case.organization, DAY + timedelta(days=400))
    text = json.dumps(records, ensure_ascii=False, default=str)
    assert other.case.organization.name not in text and other.people["handler"].name not in text
    assert asked(place, organization=other.case.organization_id, kind="bundle").status_code == 422


def test_a_day_to_come_and_no_reason_are_refused(place):
    assert asked(place, day="2026-11-25", kind="bundle").status_code == 422
    assert asked(place, reason=" ", kind="bundle").status_code == 422
    assert not Event.objects.filter(action="safety.evidence-exported").exists()


@pytest.mark.parametrize("kind", ["handler", "approver", "counsel", "outsider"])
def test_nobody_else_takes_it_out(place, kind):
    assert place.client(kind).get(reverse(DOOR)).status_code == 403


@pytest.mark.parametrize(
    ("now", "label"),
    [
        (datetime(2026, 11, 21, 14, 59, tzinfo=UTC), "2026-11-21(토) 23:59 KST"),
        (datetime(2026, 11, 21, 15, 0, tzinfo=UTC), "2026-11-21(토) 24시"),
        (datetime(2026, 11, 22, 15, 0, tzinfo=UTC), "2026-11-21(토) 24시"),
    ],
)
def test_a_paper_about_a_day_that_is_not_over_says_until_when(now, label):
    assert stood_at(date(2026, 11, 21), now=now) == label


def test_large_numbers_are_grouped():
    assert SETTINGS[Code.SECOND_PERSON_FROM].said(1_000_000) == "1,000,000명"
