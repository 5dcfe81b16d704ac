"""Taking hold of a case before it is changed: one lock, before every other, and none on a closed case."""

from __future__ import annotations

from django.utils.translation import gettext as _

from incidents.models import Case
from incidents.services.obstacles import Obstacle


class CaseClosed(Obstacle):
    """The case is closed: it is read, and changed only after somebody who decides has opened it again."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "종결한 사건입니다. 더하거나 고치려면 개인정보 보호책임자나 승인자가 개요의 "
                "[사건 다시 열기]에서 이유를 적고 다시 열어야 합니다. 읽기와 이력은 그대로입니다."
            )
        )


def hold_case(case_id: int) -> Case:
    """Lock the case until the transaction ends, whatever its phase."""
    rows = Case.objects.select_for_update(of=("self",), no_key=True).select_related("organization")
    return rows.get(pk=case_id)


def hold_open_case(case_id: int) -> Case:
    """Lock the case until the transaction ends; CaseClosed when it is closed."""
    case = hold_case(case_id)
    if case.is_closed:
        raise CaseClosed
    return case


class CaseDestroyed(Obstacle):
    """What people wrote of the case is gone, or going: nothing is added to it any more."""

    def __init__(self) -> None:
        super().__init__(
            _("파기한 사건입니다. 더하거나 내보낼 것이 없습니다. 파기 확인서와 이력은 남아 있습니다.")
        )


def refuse_destroyed(case: Case) -> None:
    """CaseDestroyed from the moment its destruction has begun."""
    if case.destructions.filter(begun_at__isnull=False).exists():
        raise CaseDestroyed
