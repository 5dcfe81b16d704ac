"""What every request and answer passes."""

import pytest
from django.urls import reverse

from tests.incidents.pages import office

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]


@pytest.mark.parametrize("address", ["/cases/%00/", "/cases/?q=%00", "/cases/drafts/a%00b/"])
def test_an_address_no_database_can_hold_is_answered_in_words(address):
    answer = office().client("handler").get(address)

    assert answer.status_code == 400


def test_a_program_is_answered_in_its_own_form():
    answer = office().client("handler").get("/api/v1/cases?q=%00")

    assert answer.status_code == 400
    assert answer.json()["error"]["hint"] == "주소와 헤더를 확인해 주세요."


def test_what_a_signed_in_person_sees_stays_in_no_cache():
    place = office()
    client = place.client("handler")

    for address in ("/", place.case.get_absolute_url(), reverse("incidents:case-export")):
        assert client.get(address)["Cache-Control"] == "private, no-store", address
