"""What this app hears from the ones below it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.apps.registry import Apps
from django.db import DEFAULT_DB_ALIAS
from django.db.models.signals import post_migrate
from django.dispatch import receiver
from django.utils import timezone

from core.accounts.models import Organization, User
from core.accounts.signals import profile_changed
from core.audit.models import Event
from core.audit.signals import words_erased
from incidents import services
from incidents.ledger import write_erasure
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


@receiver(post_migrate, dispatch_uid="the installed edition of the law is noted")
def note_the_edition(sender: Any, using: str, apps: Apps | None = None, **rest: Any) -> None:
    """Whoever brings the database up to date has perhaps installed another edition with it."""
    if sender.name != "incidents" or using != DEFAULT_DB_ALIAS:
        return
    if apps is None:
        return  # tables emptied, nothing brought up to date
    try:
        apps.get_model("incidents", "LawEdition")
    except LookupError:
        return  # migrated to a state before there were editions
    services.note_installed_edition(now=timezone.now())


@receiver(words_erased, dispatch_uid="erasures are written down outside the database")
def write_down_an_erasure(
    sender: object, event: Event, actor: User | None, now: datetime, **rest: Any
) -> None:
    """In the transaction of the erasure: where it cannot be written down, the words stay."""
    write_erasure(event=event, actor=actor, now=now)
