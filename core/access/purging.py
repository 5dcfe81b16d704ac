"""Destroying rows of the access log that are older than the house keeps and the law asks for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from core.access.catalogue import Code
from core.access.models import AccessPurge, AccessRow
from core.access.queries import value_of
from core.access.reviews import months_before
from core.accounts.models import User
from core.audit.services import record

SEOUL = ZoneInfo("Asia/Seoul")


@transaction.atomic
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
    """
    rows = AccessRow.objects.filter(at__lt=before)
    youngest = rows.order_by("-at").values_list("at", flat=True).first()
    if youngest is None:
        return None
    today = now.astimezone(SEOUL).date()
    kept_until = last_day_kept(youngest.astimezone(SEOUL).date())
    if today <= kept_until:
        told = {"floor": floor, "day": kept_until.isoformat()}
        raise ValidationError(_("법의 하한 %(floor)s이 지나지 않았습니다. %(day)s까지 보관합니다.") % told)
    if before > months_before(now, value_of(Code.ACCESS_LOG_MONTHS)):
        raise ValidationError(_("정한 보관 기간이 지나지 않은 기록이 있습니다."))
    count = rows.count()
    purge = AccessPurge.objects.create(
        before=before, row_count=count, floor=floor, purged_at=now, purged_by=actor
    )
    rows.delete()
    data = {"before": before.isoformat(), "rows": count, "floor": floor}
    record("access-log.purged", subject=purge, actor=actor, at=now, data=data)
    return purge
