"""What happens at the door is told: lock-outs by account and by source, a second network, names that look shared."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from core.access.catalogue import Code
from core.accounts.models import Role
from core.accounts.shared_names import looks_shared
from core.audit.models import Event
from notifications.models import OutgoingEmail
from notifications.services.sweeping import sweep
from tests.core.access.doors import NIGHT, is_in, knock, set_to
from tests.core.accounts.factories import MembershipFactory, UserFactory
from tests.incidents.factories import organization_with
from tests.incidents.pages import office

pytestmark = pytest.mark.django_db
ELSEWHERE, HERE = {"REMOTE_ADDR": "203.0.113.5"}, {"REMOTE_ADDR": "192.0.2.1"}


@pytest.fixture
def team():
    return organization_with(*Role)


@pytest.fixture(autouse=True)
def night():
    with time_machine.travel(NIGHT, tick=False) as moment:
        yield moment


def told(template):
    rows = OutgoingEmail.objects.filter(template=template).order_by("pk")
    return [(row.to_user_id, row.reason) for row in rows]


def fail_with_many(count, *, where=ELSEWHERE, start=0):
    client = Client(**where)
    for number in range(start, start + count):
        answer = knock(client, f"guess{number}@elsewhere.example", "wrong")
    return answer


def test_the_owner_and_the_administrators_are_told_of_a_lock_out_once(team):
    _place, people = team
    MembershipFactory(role=Role.ADMIN)  # of another organisation
    for _ in range(8):
        answer = knock(Client(), people[Role.HANDLER].email, "wrong")
    assert answer.status_code == 429
    assert told("locked_out") == [(people[Role.HANDLER].pk, "owner"), (people[Role.ADMIN].pk, "admin")]


def test_an_address_that_is_nobodys_locks_and_tells_nobody(team):
    for _ in range(6):
        answer = knock(Client(), "stranger@elsewhere.example", "wrong")
    assert answer.status_code == 429 and told("locked_out") == []


def test_the_mails_say_what_happened_and_name_nobody(team, mailoutbox):
    _place, people = team
    for _ in range(5):
        knock(Client(**ELSEWHERE), people[Role.HANDLER].email, "wrong")
    sweep(now=NIGHT)
    to_owner, to_admin = (
        next(one for one in mailoutbox if one.to == [people[role].email] and "잠갔" in one.subject)
        for role in (Role.HANDLER, Role.ADMIN)
    )
    assert reverse("account_reset_password") in to_owner.body and "15분" in to_owner.body
    for secret in (people[Role.HANDLER].email, people[Role.HANDLER].name, "203.0.113.5"):
        assert secret not in to_admin.subject + to_admin.body


def test_a_source_is_locked_after_its_own_number_whosever_accounts_it_tries(team):
    _place, people = team
    set_to(Code.SOURCE_FAILURES, 20)
    assert fail_with_many(19).status_code == 200
    assert is_in_after_knocking(people[Role.CPO], ELSEWHERE)
    assert fail_with_many(1, start=19).status_code == 429
    assert not is_in_after_knocking(people[Role.HANDLER], ELSEWHERE)
    assert is_in_after_knocking(people[Role.HANDLER], HERE)


def is_in_after_knocking(person, where):
    client = Client(**where)
    knock(client, person.email)
    return is_in(client)


def test_a_locked_source_is_told_to_administrators_alone_and_once(team):
    _place, people = team
    set_to(Code.SOURCE_FAILURES, 20)
    fail_with_many(30)
    admins = {pk for pk, reason in told("locked_out") if reason == "admin"}
    assert people[Role.ADMIN].pk in admins and len(told("locked_out")) == len(admins)
    assert Event.objects.filter(action="person.locked-out").count() == 1


def test_a_source_opens_again_by_time_and_knocking_makes_it_no_longer(team, night):
    _place, people = team
    set_to(Code.SOURCE_FAILURES, 20)
    fail_with_many(20)
    night.shift(timedelta(minutes=14))
    assert fail_with_many(1, start=50).status_code == 429
    night.shift(timedelta(minutes=1, seconds=1))
    assert is_in_after_knocking(people[Role.HANDLER], ELSEWHERE)


def test_an_office_behind_one_address_is_not_locked_at_the_number_of_an_account(team):
    _place, people = team
    fail_with_many(6)
    assert is_in_after_knocking(people[Role.HANDLER], ELSEWHERE)


def test_a_second_network_at_the_same_time_is_told_to_the_owner(team, night):
    _place, people = team
    handler = people[Role.HANDLER]
    for where in (HERE, {"REMOTE_ADDR": "192.0.2.99"}):
        assert is_in_after_knocking(handler, where)
    assert told("second_network") == []
    assert is_in_after_knocking(handler, ELSEWHERE)
    assert told("second_network") == [(handler.pk, "")]
    assert Event.objects.filter(action="person.second-network").count() == 1


def test_a_second_network_after_the_first_fell_silent_is_no_news(team, night):
    _place, people = team
    assert is_in_after_knocking(people[Role.HANDLER], HERE)
    night.shift(timedelta(minutes=15))
    assert is_in_after_knocking(people[Role.HANDLER], ELSEWHERE)
    assert told("second_network") == []


@pytest.mark.parametrize(
    "email",
    ["admin@a.kr", "INFO@a.kr", "team2@a.kr", "security-team@a.kr", "privacy.office@a.kr"],
)
def test_an_address_of_a_function_looks_shared(email):
    assert looks_shared(email=email, name="홍길동")


@pytest.mark.parametrize("email", ["gildong.hong@a.kr", "it.kim@a.kr", "7@a.kr"])
def test_an_address_of_a_person_does_not(email):
    assert not looks_shared(email=email, name="홍길동")


@pytest.mark.parametrize(("name", "is_shared"), [("공용 계정", True), ("보안팀", True), ("홍길동", False)])
def test_a_name_of_a_function_looks_shared(name, is_shared):
    assert looks_shared(email="gildong.hong@a.kr", name=name) is is_shared


def test_a_shared_looking_account_is_made_with_a_warning():
    place = office()
    person = UserFactory.build()
    typed = {
        "name": "공용",
        "role": "handler",
        "password": "correct-horse-battery-9",
        "email": person.email,
        "asked_words": "인사팀",
    }
    client = place.client("admin")
    address = reverse("settings-add-person", args=[place.case.organization_id])
    page = client.post(address, typed, follow=True).content.decode()
    assert "여럿이 같이 쓰는 계정" in page
    page = client.post(
        address, {**typed, "name": "홍길동", "email": "hong@a.kr"}, follow=True
    ).content.decode()
    assert "사람을 추가했습니다" in page and "여럿이 같이 쓰는 계정" not in page
