"""A forgotten password: a link to one's own people, the same answer to everybody, and words when no mail goes."""

import pytest
from django.test.utils import override_settings
from django.urls import reverse

from tests.core.accounts.factories import UserFactory
from tests.notifications.mail_server import closed_port, mail_server, mailers_at, sending_to

pytestmark = pytest.mark.django_db
KNOWN, UNKNOWN = "officer@example.org", "stranger@elsewhere.example"


@pytest.fixture
def person():
    return UserFactory(email=KNOWN)


def ask(client, email):
    return client.post(reverse("account_reset_password"), {"email": email}, follow=True)


def seen(answer, email):
    """What a visitor sees, but for the address they typed themselves and the token of the form."""
    page = answer.content.decode().replace(email, "…")
    main = page[page.index("<main") : page.index("</main>")]
    return answer.status_code, answer.redirect_chain, main.replace(_token(answer), "…")


def _token(answer):
    return str(answer.context["csrf_token"])


def test_one_of_our_own_people_gets_a_link(client, person, mailoutbox):
    answer = ask(client, KNOWN)

    assert [message.to for message in mailoutbox] == [[KNOWN]]
    assert "/accounts/password/reset/key/" in mailoutbox[0].body
    assert "등록된 전자우편이면" in answer.content.decode()


def test_nobody_else_gets_mail_and_the_answer_is_the_same(client, person, mailoutbox):
    known, unknown = ask(client, KNOWN), ask(client, UNKNOWN)

    assert [message.to for message in mailoutbox] == [[KNOWN]]
    assert seen(known, KNOWN) == seen(unknown, UNKNOWN)


def test_a_closed_account_gets_no_mail_and_the_same_answer(client, person, mailoutbox):
    person.is_active = False
    person.save()

    closed, unknown = ask(client, KNOWN), ask(client, UNKNOWN)

    assert mailoutbox == []
    assert seen(closed, KNOWN) == seen(unknown, UNKNOWN)


def test_without_a_mail_server_the_page_says_so_and_keeps_the_address(client, person):
    with sending_to(closed_port()):
        known, unknown = ask(client, KNOWN), ask(client, UNKNOWN)

    page = known.content.decode()
    assert known.status_code == 200
    assert "메일 서버에 연결하지 못해" in page
    assert f'value="{KNOWN}"' in page
    assert seen(known, KNOWN) == seen(unknown, UNKNOWN)


def test_a_server_that_refuses_the_address_betrays_nothing(client, person, caplog):
    with mail_server(refusal="550 no such mailbox {address}") as (mailbox, port), sending_to(port):
        known, unknown = ask(client, KNOWN), ask(client, UNKNOWN)

    assert mailbox.received == []
    assert seen(known, KNOWN) == seen(unknown, UNKNOWN)
    assert "not taken" in caplog.text
    assert KNOWN not in caplog.text


def test_through_a_working_server_the_link_arrives(client, person):
    with mail_server() as (mailbox, port), sending_to(port):
        ask(client, KNOWN)
        ask(client, UNKNOWN)

    assert [message["To"] for message in mailbox.received] == [KNOWN]


def test_asking_whether_the_server_answers_leaves_no_file_in_a_folder_for_mail(client, tmp_path):
    backend = "django.core.mail.backends.filebased.EmailBackend"
    folder = {"default": {"BACKEND": backend, "OPTIONS": {"file_path": str(tmp_path)}}}
    with override_settings(MAILERS=folder):
        ask(client, UNKNOWN)

    assert list(tmp_path.iterdir()) == []


def test_a_server_that_never_answers_is_given_up_after_its_time(client, person):
    from tests.notifications.mail_server import StubbornServer

    with (
        StubbornServer("greeting") as server,
        override_settings(MAILERS=mailers_at(server.port, timeout=0.3)),
    ):
        answer = ask(client, KNOWN)

    assert "메일 서버에 연결하지 못해" in answer.content.decode()
