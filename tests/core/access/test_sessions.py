"""A session ends by silence, by time, from afar, by too many others, and with the right it stands on."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from core.access.catalogue import Code
from core.access.models import PersonSession, SessionEnd
from core.access.services import close_account, reopen_account
from core.access.sessions import device_label
from core.accounts.models import ApiToken, Role, User
from core.accounts.services import take_role
from core.audit.models import Event
from tests.core.access.doors import NIGHT, administrator, is_in, knock, set_to
from tests.core.accounts.factories import MembershipFactory, UserFactory
from tests.core.accounts.tokens import program_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def person():
    return MembershipFactory().user


@pytest.fixture
def at():
    """Moves the clock to so long after the night began."""
    with time_machine.travel(NIGHT, tick=False) as clock:
        yield lambda **span: clock.move_to(NIGHT + timedelta(**span))


def how_ended(person):
    return list(PersonSession.objects.filter(user=person).order_by("pk").values_list("ended_how", flat=True))


@pytest.mark.parametrize(("seconds", "open_still"), [(14 * 60 + 59, True), (15 * 60, False)])
def test_silence_ends_a_session_at_the_set_minute(client, person, at, seconds, open_still):
    client.force_login(person)
    at(seconds=seconds)
    assert is_in(client) is open_still


def test_using_it_keeps_a_session(client, person, at):
    client.force_login(person)
    for minutes in (10, 20, 30):
        at(minutes=minutes)
        assert is_in(client)


def test_the_minutes_are_the_houses(client, person, at):
    set_to(Code.IDLE_MINUTES, 5)
    client.force_login(person)
    at(minutes=5)
    assert not is_in(client)
    assert how_ended(person) == [SessionEnd.IDLE]


def test_the_longest_time_ends_a_session_that_is_in_use(client, person, at):
    set_to(Code.SESSION_HOURS, 1)
    client.force_login(person)
    for minutes in range(10, 60, 10):
        at(minutes=minutes)
        assert is_in(client)
    at(minutes=60)
    assert not is_in(client)
    assert how_ended(person) == [SessionEnd.TOO_LONG]


def test_the_sign_in_page_says_why_and_leads_back(client, person, at):
    client.force_login(person)
    at(minutes=16)
    answer = client.get(reverse("settings"), follow=True)
    assert "15분 동안 입력이 없어" in answer.content.decode()
    assert answer.redirect_chain == [(f"{reverse('account_login')}?next={reverse('settings')}", 302)]


def test_asking_how_long_is_left_does_not_make_it_longer(client, person, at):
    client.force_login(person)
    at(minutes=10)
    assert client.get(reverse("access:session-state")).json() == {"left": 300, "can_extend": True}
    at(minutes=14)
    assert client.get(reverse("access:session-state")).json()["left"] == 60
    assert client.post(reverse("access:extend-session")).json()["left"] == 900
    at(minutes=28)
    assert is_in(client)


def test_near_the_longest_time_nothing_extends(client, person, at):
    set_to(Code.SESSION_HOURS, 1)
    client.force_login(person)
    for minutes in (14, 28, 42, 55):
        at(minutes=minutes)
        assert is_in(client)
    assert client.post(reverse("access:extend-session")).json() == {"left": 300, "can_extend": False}


def test_the_page_knows_how_long_it_lasts(client, person, at):
    client.force_login(person)
    page = client.get(reverse("settings")).content.decode()
    assert 'data-bd-left="900"' in page and "js/session.js" in page


def test_a_fourth_device_ends_the_one_longest_silent(person, at):
    devices = [Client() for _number in range(4)]
    for number, device in enumerate(devices):
        at(minutes=number)
        device.force_login(person)
    assert [is_in(device) for device in devices] == [False, True, True, True]
    assert how_ended(person)[0] == SessionEnd.LIMIT


def test_another_device_is_signed_out_from_the_list(person):
    here, there = Client(), Client()
    there.force_login(person)
    here.force_login(person)
    other = PersonSession.objects.filter(user=person).order_by("pk").first()
    here.post(reverse("access:end-session", args=[other.pk]))
    assert (is_in(here), is_in(there)) == (True, False)
    assert Event.objects.filter(action="person.session-ended", actor=person).exists()


def test_nobody_ends_anothers_session(client, person):
    other = UserFactory()
    Client().force_login(other)
    client.force_login(person)
    row = PersonSession.objects.get(user=other)
    assert client.post(reverse("access:end-session", args=[row.pk])).status_code == 404
    assert PersonSession.objects.open().filter(pk=row.pk).exists()


def test_signing_out_ends_the_session(client, person):
    client.force_login(person)
    client.post(reverse("account_logout"))
    assert how_ended(person) == [SessionEnd.SIGNED_OUT]


def test_a_new_password_ends_the_other_devices(person):
    person.set_password("correct-horse-battery")
    person.save()
    here, there = Client(), Client()
    there.force_login(person)
    knock(here, person.email)
    new = "another-horse-battery"
    typed = {"oldpassword": "correct-horse-battery", "password1": new, "password2": new}
    here.post(reverse("account_change_password"), typed)
    assert (is_in(here), is_in(there)) == (True, False)


def test_a_closed_account_stops_at_the_next_request(client, person):
    client.force_login(person)
    program = program_of(person)
    assert is_in(client) and program.get("/topics").status_code == 200
    close_account(user_id=person.pk, actor=administrator(), now=NIGHT, reason="퇴사")
    assert not is_in(client)
    assert program.get("/topics").status_code == 401
    assert how_ended(person) == [SessionEnd.CLOSED]


def test_opening_it_again_revives_no_token(client, person):
    program, who = program_of(person), administrator()
    close_account(user_id=person.pk, actor=who, now=NIGHT, reason="휴직")
    reopen_account(user_id=person.pk, actor=who, now=NIGHT, reason="복직")
    client.force_login(User.objects.get(pk=person.pk))
    assert is_in(client)
    assert program.get("/topics").status_code == 401
    assert list(
        Event.objects.filter(subject=f"accounts.user:{person.pk}", action__startswith="person.")
        .exclude(action="person.signed-in")
        .values_list("action", flat=True)
    ) == ["person.closed", "person.reopened"]


def test_an_account_closed_past_the_service_is_out_too(client, person):
    client.force_login(person)
    User.objects.filter(pk=person.pk).update(is_active=False)
    assert not is_in(client)


def test_a_role_that_ends_ends_the_sessions_and_the_last_one_the_tokens(client, person):
    client.force_login(person)
    program = program_of(person)
    second = MembershipFactory(user=person, role=Role.COUNSEL)
    take_role(membership_id=second.pk, actor=administrator(), now=NIGHT, reason="자리를 옮김")
    assert not is_in(client)
    assert program.get("/topics").status_code == 200
    take_role(membership_id=person.memberships.get().pk, actor=administrator(), now=NIGHT, reason="퇴사")
    assert program.get("/topics").status_code == 401
    assert ApiToken.objects.get(owner=person).revoked_at == NIGHT


def test_a_session_nobody_wrote_down_does_not_count(client, person):
    client.force_login(person)
    PersonSession.objects.all().delete()
    assert not is_in(client)


@pytest.mark.parametrize(
    ("agent", "label"),
    [
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36", "Chrome · Windows"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36 Edg/140.0", "Edge · Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0) Version/18.0 Safari/604.1", "Safari · iPhone"),
        ("curl/8.0", ""),
    ],
)
def test_a_device_is_named_as_far_as_it_says(agent, label):
    assert device_label(agent) == label
