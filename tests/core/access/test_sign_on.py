"""Single sign-on with a real OpenID provider in a process of its own: its word lets in people of this house alone."""

from __future__ import annotations

import html
import re
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.socialaccount.models import SocialAccount
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from core.access.models import AccessRow, Act, NetworkRule, PersonSession, Result
from core.access.services import close_account
from core.accounts.models import Role, User
from core.audit.models import Event
from tests.core.access.doors import NIGHT, administrator, is_in, knock
from tests.core.access.openid_provider import CLIENT, believe, running_provider, say_next
from tests.core.accounts.factories import MembershipFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]
EMAIL, SUBJECT = "officer@example.org", "subject-1"


@pytest.fixture(scope="session")
def issuer():
    with running_provider() as address:
        yield address


@pytest.fixture
def provider(issuer, settings):
    """The house takes this provider's word; `provider(claim=…)` says whom it signs in next."""
    believe(settings, issuer)

    def next_person(*, more=None, **claims):
        say_next(issuer, more, **({"sub": SUBJECT, "email": EMAIL, "email_verified": True} | claims))

    next_person()
    return next_person


@pytest.fixture
def person():
    return MembershipFactory(user=UserFactory(email=EMAIL), role=Role.ADMIN).user


def way_out(client, **typed):
    """Where the button leads: an address of the provider."""
    page = client.post(reverse("openid_connect_login", args=["company"]), typed)
    assert page.status_code == 200, page
    return html.unescape(re.search(r'content="0;url=([^"]+)"', page.content.decode())[1])


def way_back(out):
    return requests.get(out, allow_redirects=False, timeout=5).headers["Location"]


def sign_on(client, **typed):
    """Through the button, the provider and back."""
    return client.get(way_back(way_out(client, **typed)))


def is_led_back(answer):
    return answer.status_code == 302 and answer.url == reverse("account_login")


def failures():
    return Event.objects.filter(action="person.sign-in-failed").count()


def test_without_settings_there_is_no_button_and_no_door(client, person):
    assert "회사 계정으로" not in client.get(reverse("account_login")).content.decode()
    assert client.post(reverse("openid_connect_login", args=["company"])).status_code == 404
    assert client.get(reverse("openid_connect_callback", args=["company"])).status_code == 404


def test_the_button_stands_on_the_sign_in_page(client, provider):
    assert "회사 계정으로 로그인(그룹 SSO)" in client.get(reverse("account_login")).content.decode()


def test_somebody_with_an_account_comes_in(client, provider, person):
    answer = sign_on(client)
    assert (answer.status_code, answer.url) == (302, reverse("home"))
    assert is_in(client)
    row = PersonSession.objects.get(user=person)
    assert row.ended_at is None
    assert Event.objects.filter(action="person.signed-in", actor=person).count() == 1
    assert AccessRow.objects.filter(act=Act.SIGN_IN, account=person, result=Result.DONE).count() == 1


def test_the_way_leads_back_to_the_page_one_wanted(client, provider, person):
    assert sign_on(client, next="/settings/").url == "/settings/"


def test_no_other_house_is_led_to(client, provider, person):
    assert sign_on(client, next="https://evil.example/").url == reverse("home")


def test_state_nonce_and_pkce_go_out(client, provider):
    asked = parse_qs(urlsplit(way_out(client)).query)
    assert {"state", "nonce", "code_challenge"} <= set(asked)
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["response_type"] == ["code"]


def test_nothing_the_provider_says_of_a_person_is_kept(client, provider, person):
    provider(name="김담당", phone_number="010-1234-5678")
    sign_on(client)
    kept = SocialAccount.objects.get(user=person)
    assert (kept.uid, kept.extra_data) == (SUBJECT, {})


def test_once_linked_the_subject_counts_and_not_the_address(client, provider, person):
    sign_on(client)
    client.post(reverse("account_logout"))
    provider(email="married@example.org", email_verified=False)
    sign_on(client)
    assert is_in(client)
    assert Event.objects.filter(action="person.sign-on-linked").count() == 1


def test_another_subject_with_the_address_of_a_linked_person_stays_out(client, provider, person):
    sign_on(client)
    client.post(reverse("account_logout"))
    provider(sub="subject-2")
    assert is_led_back(sign_on(client))
    assert not is_in(client)


def test_a_changed_subject_is_linked_anew_once_the_old_one_is_unlinked(client, provider, person):
    sign_on(client)
    client.post(reverse("account_logout"))
    call_command("unlink_sign_on", EMAIL, "--by", EMAIL, "--reason", "다른 테넌트로 옮김")
    provider(sub="subject-2")
    sign_on(client)
    assert is_in(client)
    assert SocialAccount.objects.get(user=person).uid == "subject-2"
    assert Event.objects.get(action="person.sign-on-unlinked").reason == "다른 테넌트로 옮김"


@pytest.mark.parametrize("said", [False, None, "false", "yes", 1.5])
def test_an_address_nobody_vouches_for_names_nobody(client, provider, person, said):
    provider(email_verified=said)
    assert is_led_back(sign_on(client))
    assert not is_in(client)
    assert not SocialAccount.objects.exists()


def test_a_stranger_gets_no_account(client, provider, person):
    provider(sub="stranger", email="stranger@elsewhere.example")
    people = User.objects.count()
    assert is_led_back(sign_on(client))
    assert User.objects.count() == people
    assert failures() == 1
    assert AccessRow.objects.filter(act=Act.SIGN_IN_FAILED, result=Result.REFUSED).count() == 1


@pytest.mark.parametrize("is_linked", [True, False])
def test_a_closed_account_stays_closed(client, provider, person, is_linked):
    if is_linked:
        sign_on(client)
    close_account(user_id=person.pk, actor=administrator(), now=NIGHT, reason="퇴사")
    client = Client()
    assert is_led_back(sign_on(client))
    assert not is_in(client)


def test_everybody_who_is_refused_reads_the_same_words(client, provider, person):
    told = []
    for claims in ({"sub": "a", "email": "stranger@elsewhere.example"}, {"email_verified": False}):
        provider(**claims)
        page = client.get(sign_on(client).url).content.decode()
        told.append("회사 계정으로 로그인하지 못했습니다" in page)
    assert told == [True, True]


@pytest.mark.parametrize(
    ("claims", "more"),
    [
        ({"iss": "https://evil.example"}, {}),
        ({"aud": "another-program"}, {}),
        ({"aud": [CLIENT, "another-program"], "azp": "another-program"}, {}),
        ({"exp": 1_000_000_000}, {}),
        ({"exp": None}, {}),
        ({"sub": None}, {}),
        ({"nonce": None}, {}),
        ({}, {"keeps_nonce": False}),
        ({}, {"signs_with": "another"}),
        ({}, {"signs_with": "none"}),
    ],
)
def test_a_token_that_does_not_fit_opens_nothing(client, provider, person, claims, more):
    provider(more=more, **claims)
    assert is_led_back(sign_on(client))
    assert not is_in(client)
    assert failures() == 1


def test_a_provider_that_names_another_issuer_is_not_gone_to(client, provider, person):
    provider(more={"issuer": "https://evil.example"})
    assert is_led_back(client.post(reverse("openid_connect_login", args=["company"])))


def test_a_state_of_another_browser_opens_nothing(client, provider, person):
    back = way_back(way_out(Client()))
    assert is_led_back(client.get(back))
    assert not is_in(client)


def test_an_answer_opens_once(client, provider, person):
    back = way_back(way_out(client))
    client.get(back)
    client.post(reverse("account_logout"))
    assert is_led_back(client.get(back))
    assert not is_in(client)


def test_a_made_up_code_opens_nothing(client, provider, person):
    state = parse_qs(urlsplit(way_out(client)).query)["state"][0]
    answer = client.get(reverse("openid_connect_callback", args=["company"]), {"code": "x", "state": state})
    assert is_led_back(answer)


def test_a_brief_token_is_completed_by_what_the_provider_says_of_the_same_person(client, provider, person):
    brief = {"email": None, "email_verified": None}
    said = {"sub": SUBJECT, "email": EMAIL, "email_verified": True}
    provider(more={"userinfo": said | {"sub": "somebody else"}}, **brief)
    assert is_led_back(sign_on(client))
    provider(more={"userinfo": said}, **brief)
    sign_on(client)
    assert is_in(client)


def test_our_second_factor_is_asked_all_the_same(client, provider, person):
    TOTP.activate(person, generate_totp_secret())
    assert sign_on(client).url == reverse("mfa_authenticate")
    assert not is_in(client)


def test_the_second_factor_of_the_provider_counts_where_the_settings_say_so(
    client, provider, person, settings
):
    settings.REQUIRE_SECOND_FACTOR = True
    provider(amr=["pwd", "mfa"])
    sign_on(client)
    assert not is_in(client), "nobody said that its word counts"
    client.post(reverse("account_logout"))
    settings.OIDC_SECOND_FACTOR = ["acr:gold", "amr:mfa"]
    sign_on(client)
    assert is_in(client)


def test_it_counts_for_whoever_has_one_here_too(client, provider, person, settings):
    settings.OIDC_SECOND_FACTOR = ["amr:mfa"]
    TOTP.activate(person, generate_totp_secret())
    provider(amr=["pwd"])
    assert sign_on(client).url == reverse("mfa_authenticate")
    provider(amr=["mfa"])
    sign_on(client)
    assert is_in(client)


def test_a_second_factor_there_is_none_for_a_password_here(client, provider, person, settings):
    settings.REQUIRE_SECOND_FACTOR, settings.OIDC_SECOND_FACTOR = True, ["amr:mfa"]
    provider(amr=["mfa"])
    sign_on(client)
    client.post(reverse("account_logout"))
    knock(client, person.email)
    assert not is_in(client)


def test_the_lock_out_holds(client, provider, person):
    for _n in range(5):
        knock(client, EMAIL, "wrong")
    answer = sign_on(client)
    assert answer.status_code == 429
    assert not is_in(client)


def test_allowed_networks_hold(client, provider, person):
    NetworkRule.objects.create(
        organization=person.memberships.get().organization,
        network="192.0.2.0/24",
        added_at=NIGHT,
        added_by=person,
    )
    sign_on(client)
    assert client.get(reverse("settings")).status_code == 403


def test_signing_out_ends_the_session_here(client, provider, person):
    sign_on(client)
    client.post(reverse("account_logout"))
    assert not is_in(client)
    assert PersonSession.objects.get(user=person).ended_how == "signed_out"


def test_the_way_out_is_posted(client, provider):
    assert client.get(reverse("openid_connect_login", args=["company"])).status_code == 405


def test_a_password_stays_as_it_was(client, provider, person):
    before = person.password
    sign_on(client)
    person.refresh_from_db()
    assert person.password == before


def test_what_django_allauth_would_offer_beside_is_shut(client, provider, person):
    client.force_login(person)
    for name in ("connections", "signup", "login_cancelled", "login_error"):
        assert client.get(reverse(f"socialaccount_{name}")).status_code == 404
