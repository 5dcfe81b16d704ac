"""The timeline people write, and the drafts that keep what they were typing."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from core.audit.chain import digest
from core.audit.services import record
from incidents.clocks import instant_label
from incidents.models import Draft, TimelineEntry
from incidents.services.holding import hold_open_case
from incidents.services.obstacles import Obstacle
from incidents.values import CLOCK_SKEW

if TYPE_CHECKING:
    from core.accounts.models import User


@transaction.atomic
def add_timeline_entry(
    *,
    case_id: int,
    text: str,
    happened_at: datetime,
    actor: User,
    now: datetime,
    kind: str = TimelineEntry.Kind.EVENT,
    source: str = "",
) -> TimelineEntry:
    """What happened, at its own time. Obstacle for an empty text, an instant still to come, a closed case."""
    if not text.strip():
        raise Obstacle(_("무슨 일이 있었는지 적어 주세요."), field="text")
    if happened_at > now + CLOCK_SKEW:
        message = _("아직 오지 않은 시각입니다(지금 %(now)s).") % {"now": instant_label(now)}
        raise Obstacle(message, field="happened_at")
    case = hold_open_case(case_id)
    entry = TimelineEntry.objects.create(
        case=case,
        kind=kind,
        happened_at=happened_at,
        text=text.strip(),
        source=source.strip(),
        recorded_at=now,
        recorded_by=actor,
    )
    record(
        "timeline.added",
        subject=entry,
        actor=actor,
        at=now,
        happened_at=happened_at,
        chain=case.reference,
        data={"kind": str(kind), "digest": digest(entry.said())},
    )
    return entry


def keep_draft(*, user: User, form: str, content: dict[str, Any], now: datetime) -> Draft:
    """Keep what the person is typing in `form`, in place of what was kept before. No history: it is not yet said."""
    printable = {name: _without_nul(typed) for name, typed in content.items()}
    draft, _is_new = Draft.objects.update_or_create(
        user=user, form=form, defaults={"content": printable, "saved_at": now}
    )
    return draft


def _without_nul(typed: Any) -> Any:
    """PostgreSQL keeps no U+0000 in JSON; losing the draft over it would be worse."""
    if isinstance(typed, list):
        return [_without_nul(item) for item in typed]
    return typed.replace("\x00", "") if isinstance(typed, str) else typed


def throw_away_draft(*, user: User, form: str) -> None:
    """Forget it, once the words have been saved for good or the person says so."""
    Draft.objects.filter(user=user, form=form).delete()
