"""Roads around the mask and the log: a form sent empty, a form that goes on after somebody showed themselves."""

import io
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from config.role_periods import ChangedPeriodForm
from core.access.alert_forms import AnswerForm, AskForm, CloseForm
from core.access.copies import make_copy
from core.access.copy_models import CopyKind
from core.access.models import AccessRow, Act
from incidents import services
from incidents.copying import cover_note, name_in_zip
from incidents.services import FactChange
from incidents.spreadsheet import harmless
from tests.config.test_masking import CARD, MAIL, NOW, PHONE, RESIDENT, address, whole
from tests.config.test_masking import place as place
from tests.core.accounts.factories import PASSWORD

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]
TOO_LATE = NOW + timedelta(minutes=11)  # to go on without showing oneself again


@pytest.fixture(autouse=True)
def _some_hours_after():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.mark.parametrize("said", [{}, {"step": "preview"}, {"kinds": "unknown"}])
@pytest.mark.parametrize("name", ["describe-case", "case-intake"])
def test_a_form_sent_empty_shows_in_its_boxes_nothing_the_page_itself_masks(place, name, said):
    answer = place.client("handler").post(address(place, name), said)
    assert (answer.status_code, whole(answer)) in ((200, []), (422, []))


def test_what_somebody_has_just_typed_stays_in_the_box_as_they_typed_it(place):
    said = {"text": f"{PHONE} {MAIL} {CARD}", "happened_at": "2026-11-21 09:00", "kind": "event"}
    answer = place.client("handler").post(address(place, "add-entry"), said)
    assert answer.status_code == 422
    assert whole(answer) == [PHONE, MAIL, CARD]


def gone_on(client, where, said):
    """The answer to a form that was sent too late, once its sender has shown themselves."""
    with time_machine.travel(TOO_LATE, tick=False):
        asked = client.post(where, said)
        assert asked.status_code == 302 and "reauthenticate" in asked["Location"]
        return client.post(asked["Location"], {"password": PASSWORD})


def test_a_file_that_leaves_after_the_question_is_a_download_in_the_log_with_its_purpose(place):
    answer = gone_on(place.client("auditor"), reverse("incidents:case-export"), {"purpose": "분기 보고"})
    assert answer["Content-Disposition"].startswith("attachment")
    row = AccessRow.objects.get(act=Act.DOWNLOAD)
    assert (row.place, row.purpose, row.subject_count) == ("incidents:case-export", "분기 보고", 1)
    assert row.account == place.people["auditor"]


def test_a_page_of_a_case_after_the_question_is_masked_and_in_the_log(place):
    answer = gone_on(place.client("cpo"), address(place, "case-destruction"), {"ground": "retention"})
    assert (answer.status_code, whole(answer)) == (422, [])
    assert "문의 010-****-5678" in answer.content.decode()
    assert AccessRow.objects.filter(place="incidents:case-destruction", act=Act.CHANGE).count() == 2


def test_a_value_that_history_cuts_short_is_masked_where_it_is_cut(place):
    long = "가" * 110 + f" {PHONE} 와 그 밖에 많은 말이 이어집니다. " + "나" * 40
    services.record_facts(
        case_id=place.case.pk,
        changes=[FactChange("summary", long, "confirmed", "제보")],
        actor=place.people["handler"],
        now=NOW,
        reason="고침",
    )
    page = place.client("cpo").get(address(place, "case-history")).content.decode()
    assert "010-****" in page and "010-1234" not in page


def test_what_is_written_of_somebody_takes_no_resident_number_outside_cases_either(place):
    admin, pk = place.client("admin"), place.case.organization.pk
    said = {"reason": RESIDENT, "email": place.people["cpo"].email, "role": "handler", "personnel_key": "A-1"}
    doors = {
        "settings-give-role": [pk],
        "settings-personnel-key": [pk, place.people["cpo"].pk],
        "settings-account": [pk, place.people["cpo"].pk],
    }
    for name, args in doors.items():
        answer = admin.post(reverse(name, args=args), said)
        assert (answer.status_code, "제24조의2" in answer.content.decode()) == (422, True), name
    for form in (CloseForm, AskForm, AnswerForm, ChangedPeriodForm):
        words = dict.fromkeys(("reason", "question", "answer", "finding", "ends_on"), RESIDENT)
        assert "제24조의2" in str(form(words).errors), form


def test_names_in_a_locked_file_take_letters_alone_from_what_people_called_it(place):
    usual = {"case_id": place.case.pk, "title": "t", "actor": place.people["handler"], "now": NOW}
    for given, ending in (("a.log", ".log"), ('a.lo"g', ""), ("a.l g", ""), ("a.:x", ""), ("a.가", "")):
        item = services.take_evidence(upload=io.BytesIO(b"x"), file_name=given, **usual)
        assert name_in_zip(item) == f"{item.label}{ending}"


def test_a_purpose_of_several_lines_writes_no_line_of_its_own_beside_the_copy(place):
    copy = make_copy(
        organization_id=place.case.organization_id,
        kind=CopyKind.PAPER,
        what="2026-001-1-1",
        original_hash="a" * 64,
        purpose="감사\r\n사본 번호 / copy: 2026-999999",
        actor=place.people["cpo"],
        now=NOW,
    )
    lines = cover_note(copy).decode("utf-8-sig").split("\r\n")
    assert len(lines) == 8
    assert [line for line in lines if line.startswith("사본 번호")] == [f"사본 번호 / copy: {copy.number}"]


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])
def test_no_cell_of_a_list_runs(sign):
    assert harmless(f"{sign}1+1") == f"'{sign}1+1"
