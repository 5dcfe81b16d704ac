"""What a password has to be: long enough by the house's setting, and none of the last ones."""

from __future__ import annotations

from django.contrib.auth.hashers import check_password
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.access.catalogue import Code
from core.access.models import UsedPassword
from core.access.queries import value_of
from core.accounts.models import User


class LongEnough:
    """At least as long as the safety settings say."""

    def validate(self, password: str, user: User | None = None) -> None:
        least = value_of(Code.PASSWORD_LENGTH)
        if len(password) < least:
            text = ngettext(
                "비밀번호가 너무 짧습니다. %(n)d자 이상으로 정해 주세요.",
                "비밀번호가 너무 짧습니다. %(n)d자 이상으로 정해 주세요.",
                least,
            )
            raise ValidationError(text % {"n": least}, code="password_too_short")

    def get_help_text(self) -> str:
        return _("%(n)d자 이상") % {"n": value_of(Code.PASSWORD_LENGTH)}


class NoneOfTheLast:
    """Not the present password nor one of the few before it. Django tells it of each password that was set."""

    def __init__(self, count: int = 5) -> None:
        self.count = count

    def validate(self, password: str, user: User | None = None) -> None:
        if user is None or user.pk is None:
            return
        had = list(user.used_passwords.values_list("encoded", flat=True)[: self.count])
        present = User.objects.filter(pk=user.pk).values_list("password", flat=True).first()
        # a form may have put the new one on `user` already; the database knows the present one
        if any(check_password(password, encoded) for encoded in {*had, present or ""} if encoded):
            text = _("최근에 쓴 비밀번호입니다. 지난 %(n)d개와 다른 것으로 정해 주세요.") % {"n": self.count}
            raise ValidationError(text, code="password_used_before")

    def password_changed(self, password: str, user: User | None = None) -> None:
        if user is None or user.pk is None:
            return
        UsedPassword.objects.create(user=user, encoded=user.password, kept_at=timezone.now())
        old = user.used_passwords.values_list("pk", flat=True)[self.count :]
        UsedPassword.objects.filter(pk__in=list(old)).delete()

    def get_help_text(self) -> str:
        return _("지난 %(n)d개와 다른 비밀번호") % {"n": self.count}
