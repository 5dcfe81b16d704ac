"""The tokens history vouches for: one that was revived or widened past its services is found."""

from core.accounts.models import ApiToken, Membership, OrganizationProfile, User
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


# Name and address are personal data and stay out; what opens doors is vouched for.
PERSON = ("is_active", "is_staff", "is_superuser")
ROLE = ("user_id", "organization_id", "role", "order", "joins_new_cases", "ends_on", "is_external")

# A name added to any of these disagrees with every history written before.
PROFILE = (
    "organization_id",
    "effective_on",
    "is_icsp",
    "is_idc_operator",
    "is_telecom",
    "telecom_kind",
    "is_cloud_provider",
    "is_financial",
    "is_credit_entity",
    "is_commercial_credit_user",
    "is_medical",
    "is_ciip_manager",
    "is_itp_holder",
    "is_dtp_holder",
    "is_disaster_operator",
    "further",
)


def _columns(token: ApiToken) -> tuple[str, ...]:
    """Tokens from before there were networks are vouched for as they were."""
    return (*TOKEN, "networks") if token.networks else TOKEN


def _role_columns(held: Membership) -> tuple[str, ...]:
    """Roles that may take things out are vouched for as all were before there was that right."""
    return ROLE if held.may_take_out else (*ROLE, "may_take_out")


def register() -> None:
    register_state("accounts.apitoken", columns_of(ApiToken, _columns))
    register_state("accounts.user", columns_of(User, PERSON))
    register_state("accounts.membership", columns_of(Membership, _role_columns))
    register_state("accounts.organizationprofile", columns_of(OrganizationProfile, PROFILE))
