"""What this installation holds, counted from its cases: the facts that decide which safety measures are owed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from core.access import factor_duty
from core.accounts.models import Organization, OrganizationProfile
from incidents.models import Case, FactRevision

COUNT, UNIQUE_ID, SENSITIVE = "person_count", "has_unique_id", "has_sensitive"
USER_DATA = "is_user_data"


@dataclass(frozen=True, slots=True)
class InstallationFacts:
    """Counted at the time of asking; `person_count` adds up the cases as if nobody were in two of them."""

    case_count: int
    person_count: int
    has_unique_id: bool
    has_sensitive: bool
    is_common_carrier: bool
    is_public_system: bool

    def as_stated(self) -> dict[str, Any]:
        """As the topic `safety` of the law asks for them."""
        return {
            "person_count": self.person_count,
            "has_unique_id": self.has_unique_id,
            "has_sensitive": self.has_sensitive,
            "is_common_carrier": self.is_common_carrier,
            "is_public_system": self.is_public_system,
        }


def installation_facts(*, today: date) -> InstallationFacts:
    """The people and kinds of data in every case of the house, whoever may see them: only sums leave here."""
    said = FactRevision.objects.current().filter(name__in=(COUNT, UNIQUE_ID, SENSITIVE))
    values = [(name, value) for name, value in said.values_list("name", "value") if value is not None]
    return InstallationFacts(
        case_count=Case.objects.count(),
        person_count=sum(int(value) for name, value in values if name == COUNT),
        has_unique_id=(UNIQUE_ID, True) in values,
        has_sensitive=(SENSITIVE, True) in values,
        is_common_carrier=_is_common_carrier(today),
        is_public_system=Organization.objects.filter(is_public_system=True).exists(),
    )


def holds_user_data() -> bool:
    """Whether any case says that data of users (이용자) are concerned, closed ones too."""
    return FactRevision.objects.current().filter(name=USER_DATA, value=True).exists()


def register() -> None:
    factor_duty.register(holds_user_data)


def _is_common_carrier(today: date) -> bool:
    profiles = [place.profile_on(today) for place in Organization.objects.all()]
    return any(one and one.telecom_kind == OrganizationProfile.TelecomKind.COMMON for one in profiles)
