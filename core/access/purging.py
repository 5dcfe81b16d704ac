"""Destroying rows of the access log that are older than the house keeps and the law asks for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from core.access.catalogue import Code
from core.access.chain import End, beginning, linked_after
from core.access.chain_models import AccessLink, PurgedEnd
from core.access.models import AccessPurge, AccessRow
from core.access.queries import value_of
from core.access.reviews import months_before
from core.access.sealing import seal_access_log
from core.accounts.days import SEOUL
from core.accounts.models import User
from core.audit.services import record

PURGED = "access-log.purged"


def purge_access_log(
    *,
    before: datetime,
    floor: str,
    last_day_kept: Callable[[date], date],
    actor: User | None,
    now: datetime,
) -> AccessPurge | None:
    """Destroy the rows from before `before`; None when there are none.

    `last_day_kept` says until when the law keeps a row of a day (`floor` is its name): all rows of the log
    are held to the floor of today. ValidationError when a row would go too early, by the law or by the setting.
    Only the beginning of the chain goes, up to the first row that stays, and where it ended is kept: what is
    left can be verified as before. A row sealed after one that stays waits for the next purge.
    """
    seal_access_log(now=now, most=None)
    youngest = AccessRow.objects.filter(at__lt=before).order_by("-at").values_list("at", flat=True).first()
    if youngest is None:
        return None
    _refuse_too_early(youngest, before=before, floor=floor, last_day_kept=last_day_kept, now=now)
    end = _last_before(before)
    return _purge(end, before=before, floor=floor, actor=actor, now=now) if end else None


def _refuse_too_early(
    youngest: datetime, *, before: datetime, floor: str, last_day_kept: Callable[[date], date], now: datetime
) -> None:
    kept_until = last_day_kept(youngest.astimezone(SEOUL).date())
    if now.astimezone(SEOUL).date() <= kept_until:
        told = {"floor": floor, "day": kept_until.isoformat()}
        raise ValidationError(_("법의 하한 %(floor)s이 지나지 않았습니다. %(day)s까지 보관합니다.") % told)
    if before > months_before(now, value_of(Code.ACCESS_LOG_MONTHS)):
        raise ValidationError(_("정한 보관 기간이 지나지 않은 기록이 있습니다."))


def _last_before(before: datetime) -> End | None:
    """The last link of the beginning of the chain in which every row is from before `before`."""
    end = None
    for link in linked_after(beginning().number):
        if link.at is None or link.at >= before:
            break
        end = End(link.number, link.hash)
    return end


@transaction.atomic
def _purge(end: End, *, before: datetime, floor: str, actor: User | None, now: datetime) -> AccessPurge:
    links = AccessLink.objects.filter(pk__lte=end.number)
    count = links.count()
    purge = AccessPurge.objects.create(
        before=before, row_count=count, floor=floor, purged_at=now, purged_by=actor
    )
    PurgedEnd.objects.create(purge=purge, number=end.number, hash=end.hash)
    AccessRow.objects.filter(pk__in=links.values("row")).delete()
    links.delete()
    data = {
        "before": before.isoformat(),
        "rows": count,
        "floor": floor,
        "number": end.number,
        "hash": end.hash,
    }
    record(PURGED, subject=purge, actor=actor, at=now, data=data)
    return purge
