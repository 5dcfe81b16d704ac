"""Whom the personnel system may see and close, and how SCIM 2.0 (RFC 7643) writes them."""

from __future__ import annotations

import json
import re
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from core.access.scim.faults import ScimFault
from core.access.services import close_account
from core.access.unused import is_last_administrator
from core.accounts.models import ApiToken, Membership, Role, User

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
BY_NAME = re.compile(r'\s*userName\s+eq\s+("(?:[^"\\]|\\.)*")\s*', re.IGNORECASE)
ACTIVE = ("active", f"{USER}:active".lower())


def people_of(owner: User) -> QuerySet[User]:
    """Everybody of the organisations `owner` administers, and accounts without any role. ScimFault for no administrator."""
    places = Membership.objects.of(owner, Role.ADMIN).values("organization")
    if not places.exists():
        raise ScimFault(403, _("토큰 주인이 이제 관리자가 아닙니다."))
    held = Membership.objects.filter(user=OuterRef("pk"))
    seen = Q(Exists(held.filter(organization__in=places))) | Q(~Exists(held))
    return User.objects.filter(seen).order_by("pk")


def named_in(people: QuerySet[User], wanted: str) -> QuerySet[User]:
    """Those a filter names; `userName eq "…"` is the only one there is. ScimFault for another."""
    match = BY_NAME.fullmatch(wanted)
    if match is None:
        raise ScimFault(400, _('userName eq "주소"로만 찾을 수 있습니다.'), kind="invalidFilter")
    try:
        name = json.loads(match[1])
    except ValueError as fault:
        raise ScimFault(400, _("읽을 수 없는 필터입니다."), kind="invalidFilter") from fault
    return people.filter(email__iexact=name.replace("\x00", ""))


def as_resource(person: User) -> dict[str, Any]:
    """An account as the provider reads it: no role, and nothing of what the person does here."""
    where = reverse("scim:user", args=[person.pk])
    return {
        "schemas": [USER],
        "id": str(person.pk),
        "userName": person.email,
        "displayName": person.name,
        "active": person.is_active,
        "meta": {"resourceType": "User", "location": where},
    }


def wanted_state(method: str, document: dict[str, Any]) -> bool | None:
    """Whether a PUT or a PATCH leaves the account active; None where it says nothing of it. ScimFault if unreadable.

    Some providers write the truth value as a word, in a list, or without a path. What else they want to
    change is not kept here and is passed over.
    """
    if method == "PUT":
        return truth(document["active"]) if "active" in document else None
    operations = document.get("Operations")
    if not isinstance(operations, list) or not all(isinstance(one, dict) for one in operations):
        raise ScimFault(400, _("Operations가 없거나 목록이 아닙니다."), kind="invalidSyntax")
    said = [state for one in operations if (state := _said_by(one)) is not None]
    return said[-1] if said else None


def _said_by(operation: dict[str, Any]) -> bool | None:
    path, value = str(operation.get("path") or "").lower(), operation.get("value")
    if not path and isinstance(value, dict):
        found = [held for name, held in value.items() if str(name).lower() in ACTIVE]
        return truth(found[-1]) if found else None
    if path not in ACTIVE:
        return None
    if str(operation.get("op", "")).lower() not in ("replace", "add"):
        raise ScimFault(400, _("active는 replace나 add로만 바꿀 수 있습니다."), kind="mutability")
    return truth(value)


def truth(value: Any) -> bool:
    """True or False, also as a word and as the only value of a list. ScimFault for anything else."""
    if isinstance(value, list) and len(value) == 1 and isinstance(value[0], dict):
        value = value[0].get("value")
    if isinstance(value, str) and value.lower() in ("true", "false"):
        value = value.lower() == "true"
    if not isinstance(value, bool):
        raise ScimFault(400, _("active는 true나 false여야 합니다."), kind="invalidValue")
    return value


@transaction.atomic
def switch(person: User, *, is_active: bool, token: ApiToken, now: datetime) -> User:
    """The account as it is afterwards. Switching off closes it in one act; on again is an administrator's to do."""
    if is_active == person.is_active:
        return person
    if is_active:
        raise ScimFault(403, _("닫은 계정은 관리자가 설정 › 사람과 역할에서 이유를 적고 다시 엽니다."))
    _await_other_closings(person)
    if is_last_administrator(person.pk):
        raise ScimFault(409, _("기관의 마지막 관리자입니다. 다른 관리자를 먼저 정해 주세요."))
    reason = _("인사 시스템이 알림(SCIM, 토큰 %(prefix)s)") % {"prefix": token.prefix}
    return close_account(user_id=person.pk, actor=token.owner, now=now, reason=reason)


def _await_other_closings(person: User) -> None:
    """Of two administrators switched off at the same moment the second waits, and is found to be the last."""
    places = Membership.objects.filter(user=person, role=Role.ADMIN).values("organization")
    rows = Membership.objects.filter(role=Role.ADMIN, organization__in=places)
    list(rows.select_for_update(of=("self",), no_key=True).order_by("pk"))
