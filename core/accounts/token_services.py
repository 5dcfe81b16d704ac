"""Making, finding and revoking the tokens of the API."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from core.accounts.models import ApiToken, Membership, Role, Scope, User
from core.audit.services import record

SHAPE = re.compile(r"bd_(?P<prefix>[0-9a-f]{8})_[A-Za-z0-9_-]{43}")
NOBODYS = "0" * 64
USE_NOTED_EVERY = timedelta(minutes=5)


def _hashed(secret: str) -> str:
    """One round is enough: the secret is 256 random bits, not a word somebody chose."""
    return hashlib.sha256(secret.encode()).hexdigest()


def open_scopes(owner: User) -> list[Scope]:
    """What a token of `owner` may be made for: closing accounts is an administrator's."""
    is_admin = Membership.objects.of(owner, Role.ADMIN).exists()
    return [scope for scope in Scope if is_admin or scope is not Scope.PEOPLE]


@transaction.atomic
def create_api_token(
    *,
    owner: User,
    name: str,
    scopes: Collection[Scope],
    expires_at: datetime,
    actor: User | None,
    now: datetime,
    networks: Collection[str] = (),
) -> tuple[ApiToken, str]:
    """A new token and its secret, which is known only now. `actor` None means the machine's operator.

    With `networks` it opens nothing from elsewhere. ValueError without a scope, for one that is not
    open to `owner`, and for an end that is not ahead.
    """
    if not scopes or expires_at <= now:
        raise ValueError("a token needs something it may do and an end that is ahead")
    if not set(scopes) <= set(open_scopes(owner)):
        raise ValueError("a token that closes accounts belongs to an administrator")
    prefix = secrets.token_hex(4)
    secret = f"bd_{prefix}_{secrets.token_urlsafe(32)}"
    token = ApiToken.objects.create(
        owner=owner,
        name=name.replace("\x00", "").strip(),
        prefix=prefix,
        secret_hash=_hashed(secret),
        scopes=[str(scope) for scope in Scope if scope in scopes],
        networks=list(networks),
        created_at=now,
        expires_at=expires_at,
    )
    data = {
        "owner": owner.pk,
        "scopes": token.scopes,
        "expires_at": expires_at.isoformat(),
        "networks": token.networks,
    }
    record("token.created", subject=token, actor=actor, at=now, data=data)
    return token, secret


@transaction.atomic
def revoke_api_token(*, token_id: int, actor: User | None, now: datetime, reason: str = "") -> ApiToken:
    """End a token at once and for good; again changes nothing. `actor` None means the timers."""
    rows = ApiToken.objects.select_for_update(of=("self",), no_key=True).select_related("owner")
    token = rows.get(pk=token_id)
    if token.revoked_at is None:
        token.revoked_at, token.revoked_by = now, actor
        token.save(update_fields=["revoked_at", "revoked_by"])
        data = {"owner": token.owner_id}
        record("token.revoked", subject=token, actor=actor, at=now, reason=reason.strip(), data=data)
    return token


def find_api_token(secret: str) -> ApiToken | None:
    """The token with this secret, live or not; None if it is nobody's."""
    shape = SHAPE.fullmatch(secret)
    token = ApiToken.objects.select_related("owner").filter(prefix=shape["prefix"]).first() if shape else None
    is_right = hmac.compare_digest(_hashed(secret), token.secret_hash if token else NOBODYS)
    return token if is_right else None


def note_api_token_used(*, token_id: int, now: datetime) -> None:
    """Keep when a token was last used, to some minutes. A mark for its owner and no history: nothing is decided by it."""
    stale = Q(last_used_at=None) | Q(last_used_at__lt=now - USE_NOTED_EVERY)
    ApiToken.objects.filter(stale, pk=token_id).update(last_used_at=now)
