"""The one pen of the access log: who looked at whose data, when, from where, and what for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from core.access.models import AccessRow, Act, Result
from core.access.sessions import MARK
from core.accounts.adapter import client_address
from core.accounts.models import User
from core.accounts.standing import roles_held

SHOWN = "_shown_in_this_answer"
PURPOSE = "_purpose_of_this_answer"
UNMASKED = "_unmasked_in_this_answer"


@dataclass(frozen=True, slots=True)
class Visit:
    """Who came, and how: what every row of one request shares."""

    account: User | None
    address: str | None
    session: str = ""
    roles: Mapping[int, str] = field(default_factory=dict)  # organisation → the roles held there


def visit_of(request: HttpRequest, account: User | None = None) -> Visit:
    """Who this request is from. `account` says it where nobody is signed in (any more)."""
    user = account or (request.user if request.user.is_authenticated else None)
    token = getattr(request, "auth", None)
    prefix = getattr(token, "prefix", "")
    mark = f"bd_{prefix}" if prefix else str(request.session.get(MARK, ""))
    return Visit(user, client_address(request), mark, _roles(user))


def _roles(user: Any) -> dict[int, str]:
    if user is None:
        return {}
    held: dict[int, list[str]] = {}
    for one in roles_held(user):
        held.setdefault(one.organization, []).append(one.role)
    return {place: ",".join(roles) for place, roles in held.items()}


def note_access(
    visit: Visit,
    *,
    act: Act,
    place: str,
    result: Result,
    at: datetime,
    shown: Mapping[int | None, list[str]] | None = None,
    purpose: str = "",
    words: str = "",
) -> None:
    """Write what was done: one row for each organisation whose data was shown, or one about none.

    `shown` holds ids, `words` is hashed with a key here; neither names nor searches are kept.
    """
    every = ",".join(sorted(set(",".join(visit.roles.values()).split(",")) - {""}))
    groups = shown or {None: []}
    AccessRow.objects.bulk_create(
        AccessRow(
            at=at,
            account=visit.account,
            session=visit.session,
            roles=visit.roles.get(organization, "") if organization else every,
            organization_id=organization,
            address=visit.address,
            act=act,
            place=place,
            subjects=subjects,
            subject_count=len(subjects),
            result=result,
            purpose=purpose[:200],
            words=keyed(words) if words else "",
        )
        for organization, subjects in groups.items()
    )


def keyed(words: str) -> str:
    """A hash that only this installation makes: the same words are found again, and nothing else is."""
    return salted_hmac("core.access.words", words.strip().lower(), algorithm="sha256").hexdigest()[:32]


def note_shown(request: HttpRequest, shown: Iterable[tuple[int | None, str]]) -> None:
    """A view says whose data its answer holds: (organisation id, `app.model:id`). May be called again."""
    held: dict[int | None, list[str]] = request.__dict__.setdefault(SHOWN, {})
    for organization, subject in shown:
        subjects = held.setdefault(organization, [])
        if subject not in subjects:
            subjects.append(subject)


def note_purpose(request: HttpRequest, purpose: str) -> None:
    """A view says what the person gave as the reason of this download or unmasking."""
    request.__dict__[PURPOSE] = purpose


def shown_in(request: HttpRequest) -> dict[int | None, list[str]]:
    return dict(request.__dict__.get(SHOWN, {}))


def purpose_of(request: HttpRequest) -> str:
    return str(request.__dict__.get(PURPOSE, ""))


def note_unmasked(request: HttpRequest) -> None:
    """This answer shows what is masked for everybody else."""
    request.__dict__[UNMASKED] = True


def is_unmasked(request: HttpRequest) -> bool:
    return bool(request.__dict__.get(UNMASKED))
