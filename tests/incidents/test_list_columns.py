"""The list of cases is taken out with the columns that were asked for, the fewest by default; the register keeps which."""

import csv

import pytest
from django.urls import reverse

from core.access.copy_models import Copy
from core.audit.models import HOUSE
from core.audit.verification import first_break
from incidents.columns import COLUMNS, USUAL
from tests.incidents.pages import office

pytestmark = pytest.mark.django_db
DOOR = "incidents:case-export"


@pytest.fixture
def place():
    return office(title="환불 신한은행 110-123-456789")


def taken(place, **said):
    answer = place.client("handler").post(reverse(DOOR), {"purpose": "보고", **said})
    assert answer.status_code == 200
    return list(csv.reader(answer.content.decode("utf-8-sig").splitlines()))


def test_the_fewest_are_chosen_at_first_and_none_of_them_has_words_of_people(place):
    form = place.client("handler").get(reverse(DOOR)).context["form"]
    assert tuple(form["columns"].value()) == USUAL == ("reference", "phase", "opened", "closed", "due")


@pytest.mark.parametrize("said", [{}, {"columns": list(USUAL)}])
def test_by_default_the_file_has_those_alone(place, said):
    head, row, *_rest = taken(place, **said)
    assert head == ["사건번호", "단계", "접수 시각", "종결 시각", "가장 가까운 기한"]
    assert row[0] == place.case.reference and row[1] == "탐지·인지" and row[3] == ""
    assert Copy.objects.get().what == "cases.csv: reference,phase,opened,closed,due"


def test_what_was_asked_for_is_in_it_masked_and_in_the_register(place):
    head, row, *_rest = taken(place, columns=["title", "reference", "lead"])
    assert head == ["사건번호", "제목", "담당"]
    assert row == [place.case.reference, "환불 신한은행 ***-***-**6789", str(place.case.lead)]
    assert Copy.objects.get().what == "cases.csv: reference,title,lead"
    assert first_break(HOUSE) is None


def test_all_of_them_fit_in_the_register(place):
    assert len(taken(place, columns=[one.code for one in COLUMNS])[0]) == len(COLUMNS) == 9


def test_a_column_there_is_not_takes_nothing_out(place):
    answer = place.client("handler").post(reverse(DOOR), {"purpose": "보고", "columns": ["person_count"]})
    assert answer.status_code == 422 and not Copy.objects.exists()
