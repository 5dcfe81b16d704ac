"""While a case holds data of users (이용자), the second factor is asked of everybody, whatever the setting says."""

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.db import connection
from django.urls import reverse

from core.accounts.models import Role
from incidents import services
from incidents.models import Certainty
from incidents.safety import holds_user_data
from incidents.services import FactChange
from tests.core.access.doors import is_in
from tests.core.accounts.factories import MembershipFactory
from tests.incidents.factories import KNOWN, opened_case, organization_with

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]
BY_DATA = "이용자의 개인정보를 다룬 사건이 있어"


@pytest.fixture(autouse=True)
def switched_off(settings):
    settings.REQUIRE_SECOND_FACTOR = settings.IS_DEMONSTRATION = False


def said(case, value, certainty=Certainty.CONFIRMED):
    change = FactChange("is_user_data", value, certainty, source="보안팀")
    services.record_facts(case_id=case.pk, changes=[change], actor=case.lead, now=KNOWN, reason="확인")


@pytest.mark.parametrize("role", Role)
def test_every_role_of_every_house_is_led_to_setting_one_up(client, role):
    opened_case(facts=[FactChange("is_user_data", True, Certainty.ESTIMATED)])
    client.force_login(MembershipFactory(role=role).user)
    for name in ("home", "settings", "incidents:case-list", "incidents:case-export", "accounts:token-list"):
        answer = client.get(reverse(name))
        assert (answer.status_code, answer.url) == (302, reverse("mfa_index")), name


def test_it_follows_what_is_said_last(client):
    case = opened_case(facts=[FactChange("is_user_data", False)])
    client.force_login(case.lead)
    assert is_in(client)
    said(case, True)
    assert not is_in(client)
    said(case, False)
    assert is_in(client)


def test_another_case_that_has_none_takes_nothing_back():
    opened_case(facts=[FactChange("is_user_data", True)])
    said(opened_case(), False)
    assert holds_user_data()


def test_the_page_says_why_it_is_on(client):
    place, people = organization_with(Role.ADMIN, Role.HANDLER)
    TOTP.activate(people[Role.ADMIN], generate_totp_secret())
    client.force_login(people[Role.ADMIN])
    where = reverse("settings-safety")
    assert BY_DATA not in client.get(where).content.decode()
    opened_case(organization=place, actor=people[Role.HANDLER], facts=[FactChange("is_user_data", True)])
    page = client.get(where).content.decode()
    assert BY_DATA in page and "시연용 설정입니다" not in page


def test_the_demonstration_goes_on_without_and_says_so(client, settings):
    settings.IS_DEMONSTRATION = True
    opened_case(facts=[FactChange("is_user_data", True)])
    client.force_login(MembershipFactory(role=Role.ADMIN).user)
    page = client.get(reverse("settings-safety")).content.decode()
    assert BY_DATA not in page and "시연용 설정입니다" in page


def test_it_costs_one_question_of_an_index(django_assert_num_queries):
    with django_assert_num_queries(1) as asked:
        holds_user_data()
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN QUERY PLAN {asked.captured_queries[0]['sql']}")
            plan = " ".join(str(row[-1]) for row in cursor.fetchall())
        assert "facts_of_user_data" in plan
