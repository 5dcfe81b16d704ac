"""How a program shows who it acts for: `Authorization: Bearer bd_…`, and nothing else. No session, no cookie."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime

from django.core.cache import cache
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja.security import HttpBearer

from core.accounts import gates
from core.accounts.adapter import client_address
from core.accounts.models import ApiToken, Scope
from core.accounts.token_services import find_api_token, note_api_token_used

READING = ("GET", "HEAD", "OPTIONS")
WRONG_TOKENS = 20
WITHIN_SECONDS = 300


class TokenRefused(Exception):
    """The request is not let in. `status` is 401, 403 or 429; the text says why, `hint` what to do."""

    def __init__(self, message: str, *, hint: str, status: int = 401) -> None:
        super().__init__(message)
        self.hint = hint
        self.status = status


class ApiRequest(HttpRequest):
    """A request that `BearerToken` let in; its `user` is the token's owner."""

    auth: ApiToken


class BearerToken(HttpBearer):
    """Lets in whoever shows a live token that may be used for `scope`. TokenRefused for everybody else."""

    def __init__(self, scope: Scope) -> None:
        super().__init__()
        self.scope = scope

    def __call__(self, request: HttpRequest) -> ApiToken:
        kind, _space, secret = request.headers.get("Authorization", "").partition(" ")
        if kind.lower() != "bearer":
            raise TokenRefused(
                _("토큰이 없습니다."),
                hint=_(
                    "‘Authorization: Bearer 토큰’ 헤더를 보내 주세요. 토큰은 설정의 [API 토큰]에서 만듭니다."
                ),
            )
        return self.authenticate(request, secret.strip())

    def authenticate(self, request: HttpRequest, token: str) -> ApiToken:
        now = timezone.now()
        tries = _Tries(request)
        tries.refuse_too_many()
        found = find_api_token(token)
        if found is None:
            tries.note_wrong_one()
            raise TokenRefused(_("모르는 토큰입니다."), hint=_("잘리거나 바뀐 글자가 없는지 확인해 주세요."))
        _refuse_ended(found, now)
        address = client_address(request)
        if why_not := gates.refusal(found.owner, address) or gates.refusal_of_token(found, address):
            raise TokenRefused(why_not, hint=_("관리자에게 알려 주세요."), status=403)
        if not found.allows(self.scope):
            raise TokenRefused(
                _("이 토큰으로는 할 수 없는 일입니다: %(scope)s") % {"scope": self.scope.label},
                hint=_("할 수 있는 일을 골라 토큰을 새로 만들어 주세요."),
                status=403,
            )
        if request.method not in READING:
            note_api_token_used(token_id=found.pk, now=now)
        request.user = found.owner
        return found


def _refuse_ended(token: ApiToken, now: datetime) -> None:
    """Whoever holds the right secret is told why it no longer opens."""
    hint = _("설정의 [API 토큰]에서 새로 만들어 주세요.")
    if not token.owner.is_active:
        raise TokenRefused(_("토큰 주인의 계정이 닫혔습니다."), hint=_("관리자에게 알려 주세요."))
    if token.revoked_at is not None:
        raise TokenRefused(_("폐기한 토큰입니다."), hint=hint)
    if token.is_over(now):
        raise TokenRefused(_("기간이 끝난 토큰입니다."), hint=hint)


class _Tries:
    """Wrong tokens from one address, counted by each process for itself.

    A right secret that has ended is no guess and is not counted: a forgotten program must not shut out
    the others on its machine.
    """

    def __init__(self, request: HttpRequest) -> None:
        self.key = f"wrong-api-tokens:{client_address(request)}"

    def refuse_too_many(self) -> None:
        if cache.get(self.key, 0) >= WRONG_TOKENS:
            raise TokenRefused(
                _("틀린 토큰이 너무 많이 왔습니다."),
                hint=_("%(minutes)d분 뒤에 다시 보내 주세요.") % {"minutes": WITHIN_SECONDS // 60},
                status=429,
            )

    def note_wrong_one(self) -> None:
        if not cache.add(self.key, 1, WITHIN_SECONDS):
            with suppress(ValueError):  # it ran out in between
                cache.incr(self.key)
