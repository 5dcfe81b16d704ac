"""The page of safety measures: what it counts, what that switches on, and how a number is changed."""

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.urls import reverse

from config.safety import log_floor
from core.access.catalogue import SETTINGS, Code
from core.access.models import AccessPurge, SafetySetting
from core.access.queries import value_of
from core.accounts.models import OrganizationProfile
from incidents import services
from incidents.models import Certainty
from incidents.safety import installation_facts
from incidents.services import FactChange
from tests.core.access.doors import NIGHT, set_to
from tests.core.access.test_log import old_row
from tests.incidents.factories import KNOWN, opened_case
from tests.incidents.pages import KINDS, office

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]
TODAY = KNOWN.date()


@pytest.fixture
def place():
    return office()


def state(case, **facts):
    changes = [FactChange(name, value, Certainty.CONFIRMED) for name, value in facts.items()]
    services.record_facts(case_id=case.pk, changes=changes, actor=case.lead, now=KNOWN, reason="확인")


def page_of(place, kind="admin"):
    return place.client(kind).get(reverse("settings-safety"))


def test_people_are_added_up_over_the_cases_and_their_last_word_counts(place):
    second = opened_case(organization=place.case.organization, actor=place.people["handler"])
    state(place.case, person_count=100)
    state(place.case, person_count=40_000)
    state(second, person_count=9_999)
    assert installation_facts(today=TODAY).person_count == 49_999


def test_the_floor_of_the_log_follows_the_cases(place):
    state(place.case, person_count=49_999)
    assert log_floor(TODAY) == "P1Y"
    state(place.case, person_count=50_000)
    assert log_floor(TODAY) == "P2Y"


@pytest.mark.parametrize("fact", ["has_sensitive", "has_unique_id"])
def test_one_kind_of_data_raises_the_floor(place, fact):
    assert log_floor(TODAY) == "P1Y"
    state(place.case, **{fact: True})
    assert log_floor(TODAY) == "P2Y"


def test_a_common_carrier_keeps_the_log_twice_as_long(place):
    OrganizationProfile.objects.update(telecom_kind="common")
    assert log_floor(TODAY) == "P2Y"


def test_the_page_changes_with_the_counts(place):
    def owed():
        return {one["id"] for one in page_of(place).context["measures"] if one["state"] == "owed"}

    before = owed()
    state(place.case, person_count=100_000)
    assert owed() - before == {"kr.safety.s7_6.key_procedure", "kr.safety.s11.disaster_plan"}


def test_every_setting_is_on_the_page_with_its_law_and_no_number_of_ours_is_the_laws(place):
    text = page_of(place).content.decode()
    for setting in SETTINGS.values():
        assert str(setting.label) in text and setting.cite in text
    assert text.count("법의 숫자</span>") == sum(setting.is_law for setting in SETTINGS.values()) == 3


@pytest.mark.parametrize("kind", KINDS)
def test_who_sees_and_who_changes(place, kind):
    see = page_of(place, kind).status_code
    change = place.client(kind).get(reverse("settings-safety-change", args=["idle_minutes"])).status_code
    if kind == "anonymous":
        assert (see, change) == (302, 302)
    else:
        assert see == (200 if kind in ("cpo", "auditor", "admin") else 403)
        assert change == (200 if kind == "admin" else 403)


def test_a_change_says_who_when_and_why(place):
    door = reverse("settings-safety-change", args=["idle_minutes"])
    place.client("admin").post(door, {"value": 10, "reason": "공용 PC가 있어서"})
    row = SafetySetting.objects.get()
    assert (row.value, row.set_by) == (10, place.people["admin"])
    assert "공용 PC가 있어서" in page_of(place, "auditor").content.decode()


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"value": 31, "reason": "x"}, "5분부터 30분까지"),
        ({"value": 10, "reason": ""}, "필수"),
        ({"value": "ten", "reason": "x"}, "정수"),
    ],
)
def test_what_cannot_be_is_refused_in_words(place, typed, said):
    answer = place.client("admin").post(reverse("settings-safety-change", args=["idle_minutes"]), typed)
    assert answer.status_code == 422 and said in answer.content.decode()
    assert value_of(Code.IDLE_MINUTES) == 15


def test_a_setting_there_is_not_is_not_found(place):
    assert place.client("admin").get(reverse("settings-safety-change", args=["telemetry"])).status_code == 404


def test_the_command_destroys_what_is_kept_no_longer(place, capsys):
    with time_machine.travel(NIGHT, tick=False):
        old_row(place, NIGHT.replace(year=2022))
        call_command("purge_access_log")
    assert AccessPurge.objects.get().row_count == 1
    assert "지운 행 1" in capsys.readouterr().out


def test_the_command_does_not_undercut_the_law(place):
    set_to(Code.ACCESS_LOG_MONTHS, 12)  # from before there was health data
    state(place.case, has_sensitive=True)
    with time_machine.travel(NIGHT, tick=False):
        old_row(place, NIGHT.replace(year=2025, month=10))
        with pytest.raises(CommandError, match="P2Y"):
            call_command("purge_access_log")
    assert not AccessPurge.objects.exists()
