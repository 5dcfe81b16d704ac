"""What a password must be, and that it is kept one-way with Argon2."""

import pytest
from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.urls import reverse

from config.settings import base
from core.access.catalogue import Code
from core.access.models import UsedPassword
from core.accounts.models import User
from tests.core.access.doors import set_to
from tests.core.accounts.factories import PASSWORD, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("zx82kslfi-n", "password_too_short"),
        ("password1234", "password_too_common"),
        ("827364518273645", "password_entirely_numeric"),
        ("officer@example", "password_too_similar"),
        ("hong-gildong-lee", "password_too_similar"),
    ],
)
def test_a_weak_password_is_refused(password, code):
    person = UserFactory(email="officer@example.org", name="hong gildong lee")
    with pytest.raises(ValidationError) as refusal:
        validate_password(password, person)
    assert code in {fault.code for fault in refusal.value.error_list}


def test_the_length_is_the_houses():
    validate_password("zx82kslfi-ne", UserFactory())
    set_to(Code.PASSWORD_LENGTH, 14)
    with pytest.raises(ValidationError, match="14"):
        validate_password("zx82kslfi-ne", UserFactory())


def test_none_of_the_last_five_comes_back():
    person = User.objects.create_user("officer@example.org", "the-very-first-word", name="홍")
    for number in range(5):
        person.set_password(f"the-word-number-{number}")
        person.save()
    for number in range(5):
        with pytest.raises(ValidationError, match="최근에 쓴"):
            validate_password(f"the-word-number-{number}", person)
    validate_password("the-very-first-word", person)
    assert UsedPassword.objects.filter(user=person).count() == 5


def test_the_form_refuses_the_present_password(client):
    person = UserFactory()
    client.force_login(person)
    typed = {"oldpassword": PASSWORD, "password1": PASSWORD, "password2": PASSWORD}
    answer = client.post(reverse("account_change_password"), typed)
    assert "최근에 쓴 비밀번호" in answer.content.decode()


def test_a_password_is_kept_with_argon2(settings):
    settings.PASSWORD_HASHERS = base.PASSWORD_HASHERS
    assert make_password(PASSWORD).startswith("argon2$argon2id$")
