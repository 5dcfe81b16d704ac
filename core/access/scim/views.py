"""The doors of the personnel system, SCIM 2.0: finding an account, and switching it off. It makes none and gives nothing."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from core.access.log import note_shown
from core.access.scim.faults import ScimFault
from core.access.scim.people import LIST, as_resource, named_in, people_of, switch, wanted_state
from core.accounts.bearer import WITHIN_SECONDS, BearerToken, TokenRefused
from core.accounts.models import ApiToken, Scope, User

KIND = "application/scim+json"
PAGE, MOST = 100, 200
PEOPLE = BearerToken(Scope.PEOPLE)
CONFIG = "urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"

type ScimView = Callable[..., HttpResponse]


def _answer(document: dict[str, Any], *, status: int = 200) -> HttpResponse:
    return JsonResponse(document, status=status, content_type=KIND, json_dumps_params={"ensure_ascii": False})


def scim_door(*methods: str) -> Callable[[ScimView], ScimView]:
    """For programs with a token made to close accounts; whatever fails is said as SCIM says it."""

    def made(view: ScimView) -> ScimView:
        @login_not_required  # the token stands in for the sign-in
        @csrf_exempt  # no cookie opens this door
        @wraps(view)
        def door(request: HttpRequest, **kwargs: str) -> HttpResponse:
            try:
                token = PEOPLE(request)
                request.auth = token  # type: ignore[attr-defined]  # the access log names it
                if request.method not in methods:
                    raise ScimFault(405, _("할 수 없는 요청입니다."))
                return view(request, token, **kwargs)
            except TokenRefused as refusal:
                return _no_entry(refusal)
            except ScimFault as fault:
                return _answer(fault.as_document(), status=fault.status)

        return door

    return made


def _no_entry(refusal: TokenRefused) -> HttpResponse:
    fault = ScimFault(refusal.status, f"{refusal} {refusal.hint}")
    answer = _answer(fault.as_document(), status=fault.status)
    if refusal.status == 401:
        answer["WWW-Authenticate"] = 'Bearer realm="breachdesk"'
    if refusal.status == 429:
        answer["Retry-After"] = str(WITHIN_SECONDS)
    return answer


@scim_door("GET", "HEAD")
def service_provider_config(request: HttpRequest, token: ApiToken) -> HttpResponse:
    """What of SCIM there is here."""
    no = {"supported": False}
    scheme = {"type": "oauthbearertoken", "name": "Bearer", "description": "Authorization: Bearer bd_…"}
    return _answer(
        {
            "schemas": [CONFIG],
            "patch": {"supported": True},
            "bulk": {**no, "maxOperations": 0, "maxPayloadSize": 0},
            "filter": {"supported": True, "maxResults": MOST},
            "changePassword": no,
            "sort": no,
            "etag": no,
            "authenticationSchemes": [scheme],
        }
    )


@scim_door("GET", "HEAD", "POST")
def users(request: HttpRequest, token: ApiToken) -> HttpResponse:
    """The accounts a filter names, or page by page all of them."""
    people = people_of(token.owner)
    if request.method == "POST":
        raise ScimFault(501, _("계정은 관리자가 이 시스템의 설정에서 만듭니다. SCIM으로는 닫기만 합니다."))
    if wanted := request.GET.get("filter", ""):
        people = named_in(people, wanted)
    first, count = _number(request, "startIndex", 1), min(_number(request, "count", PAGE), MOST)
    start = max(first, 1)
    found = list(people[start - 1 : start - 1 + max(count, 0)])
    _note(request, found)
    return _answer(
        {
            "schemas": [LIST],
            "totalResults": people.count(),
            "startIndex": start,
            "itemsPerPage": len(found),
            "Resources": [as_resource(person) for person in found],
        }
    )


@scim_door("GET", "HEAD", "PUT", "PATCH", "DELETE")
def user(request: HttpRequest, token: ApiToken, person: str) -> HttpResponse:
    """One account: read, or switched off by PATCH, PUT or DELETE. A closed one stays to be read."""
    found = (
        people_of(token.owner).filter(pk=person).first() if person.isdecimal() and len(person) < 19 else None
    )
    if found is None:
        raise ScimFault(404, _("없는 계정입니다."))
    _note(request, [found])
    if request.method in ("GET", "HEAD"):
        return _answer(as_resource(found))
    if request.method == "DELETE":
        switch(found, is_active=False, token=token, now=timezone.now())
        return HttpResponse(status=204)
    state = wanted_state(str(request.method), _document(request))
    if state is not None:
        found = switch(found, is_active=state, token=token, now=timezone.now())
    return _answer(as_resource(found))


@login_not_required
@csrf_exempt  # there is nothing here, for anybody
def nothing_here(request: HttpRequest, rest: str = "") -> HttpResponse:
    return _answer(ScimFault(404, _("없는 주소입니다.")).as_document(), status=404)


def _note(request: HttpRequest, people: list[User]) -> None:
    note_shown(request, ((None, f"accounts.user:{person.pk}") for person in people))


def _number(request: HttpRequest, name: str, usual: int) -> int:
    typed = request.GET.get(name, "")
    try:
        return int(typed) if typed and len(typed) < 10 else usual
    except ValueError as fault:
        raise ScimFault(400, _("%(name)s는 수여야 합니다.") % {"name": name}, kind="invalidValue") from fault


def _document(request: HttpRequest) -> dict[str, Any]:
    try:
        document = json.loads(request.body)
    except RequestDataTooBig as fault:
        raise ScimFault(413, _("너무 큰 요청입니다.")) from fault
    except (ValueError, RecursionError) as fault:
        raise ScimFault(400, _("JSON이 아닙니다."), kind="invalidSyntax") from fault
    if not isinstance(document, dict):
        raise ScimFault(400, _("JSON 객체가 아닙니다."), kind="invalidSyntax")
    return document
