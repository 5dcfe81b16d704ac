"""The tokens history vouches for: one that was revived or widened past its services is found."""

from core.accounts.models import ApiToken
from core.audit.witnesses import columns_of, register_state

# The name is left out, because a person wrote it; the last use, because no event tells of it.
TOKEN = (
    "owner_id",
    "prefix",
    "secret_hash",
    "scopes",
    "created_at",
    "expires_at",
    "revoked_at",
    "revoked_by_id",
)


def register() -> None:
    register_state("accounts.apitoken", columns_of(ApiToken, TOKEN))
