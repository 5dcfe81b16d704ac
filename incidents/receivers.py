"""What this app hears from the ones below it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from core.accounts.models import Organization, User
from core.accounts.signals import profile_changed
from incidents import services
from incidents.models import Case
from incidents.reading import PROFILE_CHANGED


@receiver(profile_changed, dispatch_uid="duties follow the organisation's profile")
def ask_the_law_again(
    sender: object, organization: Organization, actor: User | None, now: datetime, **rest: Any
) -> None:
    """Another sector may mean other duties: every open case of the organisation is computed anew."""
    open_cases = Case.objects.filter(organization=organization).open().values_list("pk", flat=True)
    for case_id in open_cases:
        services.recompute_duties(case_id=case_id, actor=actor, now=now, reason=PROFILE_CHANGED)
