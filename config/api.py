"""The public API: each app's endpoints under `/api/v1/`, its OpenAPI document, and a page that people read."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.parser import Parser
from ninja.renderers import JSONRenderer

from core.accounts.bearer import WITHIN_SECONDS, TokenRefused
from incidents import api as incidents
from incidents.api.bodies import refuse_unreadable, sound_document_in
from incidents.api.refusals import Refused, refused
from incidents.api.wording import gettext_lazy
from rules import Fault

VERSION = "1"


class _KoreanInFull(JSONRenderer):
    """UTF-8 as it is read; half a surrogate, which UTF-8 cannot hold, stays escaped."""

    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> bytes:
        text = json.dumps(data, cls=self.encoder_class, ensure_ascii=False)
        return text.encode("utf-8", "backslashreplace")


class _SoundJson(Parser):
    def parse_body(self, request: HttpRequest) -> Any:
        return sound_document_in(request)


api = NinjaAPI(
    title="breachdesk",
    version=VERSION,
    description=gettext_lazy(
        "토큰은 ‘Authorization: Bearer’ 헤더로 보냅니다. 토큰은 주인이 보고 할 수 있는 것을 넘지 못합니다. "
        "시각은 +09:00으로 답합니다. 글은 한국어이고, ‘Accept-Language: en’이면 영어입니다."
    ),
    docs_url=None,  # the viewer that comes with it loads from elsewhere; `reference` is ours
    urls_namespace="api",
    renderer=_KoreanInFull(),
    parser=_SoundJson(),
)


type _View = Callable[..., HttpResponse]


def _unreadable_bodies_refused(run: _View) -> _View:
    @wraps(run)
    def checked(request: HttpRequest, **values: Any) -> HttpResponse:
        try:
            refuse_unreadable(request)
        except Refused as refusal:
            return api.on_exception(request, refusal)
        return run(request, **values)

    return checked


api.add_decorator(_unreadable_bodies_refused, mode="view")
api.add_router("", incidents.router)


@api.exception_handler(Refused)
def _say(request: HttpRequest, refusal: Refused) -> HttpResponse:
    faults = [fault.as_dict() for fault in refusal.faults]
    answer = {"error": faults[0], "errors": faults, **refusal.more}
    return api.create_response(request, answer, status=refusal.status)


@api.exception_handler(TokenRefused)
def _say_no_entry(request: HttpRequest, refusal: TokenRefused) -> HttpResponse:
    told = refused(refusal.status, str(refusal), path="Authorization", hint=refusal.hint)
    answer = _say(request, told)
    if refusal.status == 401:
        answer["WWW-Authenticate"] = 'Bearer realm="breachdesk"'
    if refusal.status == 429:
        answer["Retry-After"] = str(WITHIN_SECONDS)
    return answer


@api.exception_handler(HttpError)
def _say_plainly(request: HttpRequest, error: HttpError) -> HttpResponse:
    """What ninja itself refuses; a body that `_SoundJson` refused says so in its own words."""
    if isinstance(error.__cause__, Refused):
        return _say(request, error.__cause__)
    return _say(request, refused(error.status_code, _("읽을 수 없는 요청입니다."), hint=str(error)))


@api.exception_handler(ValidationError)
def _say_every_fault(request: HttpRequest, error: ValidationError) -> HttpResponse:
    return _say(request, Refused(422, [_fault(one) for one in error.errors]))


def _fault(found: dict[str, Any]) -> Fault:
    """One fault of shape. What was sent is not repeated: it may be personal data."""
    source, *place = found["loc"]
    names = place[1:] if source == "body" else place[-1:]
    kind, about = found["type"], found.get("ctx", {})
    message, hint = _words(kind, about)
    return Fault(_dotted(names), message, hint)


def _dotted(names: list[str | int]) -> str:
    path = "".join(f"[{name}]" if isinstance(name, int) else f".{name}" for name in names)
    return path.removeprefix(".")


def _words(kind: str, about: dict[str, Any]) -> tuple[str, str]:
    """What is wrong and what to do, by the kind of fault pydantic names."""
    if kind == "missing":
        return _("있어야 할 이름이 없습니다."), _("값을 적어 주세요.")
    if kind == "extra_forbidden":
        return _("모르는 이름입니다."), _("철자를 확인하거나 빼 주세요.")
    if kind in ("enum", "literal_error"):
        return _("고를 수 있는 값이 아닙니다."), str(about.get("expected", ""))
    if "too_long" in kind:
        return _("너무 깁니다."), _("%(limit)s까지 받습니다.") % {"limit": about.get("max_length", "")}
    if kind in ("greater_than_equal", "less_than_equal"):
        return _("받을 수 있는 범위 밖의 수입니다."), "≥ {ge}".format(
            **about
        ) if "ge" in about else f"≤ {about.get('le')}"
    wanted = kind.partition("_")[0]
    return _("값의 종류가 맞지 않습니다."), _("있어야 할 종류: %(kind)s") % {"kind": wanted}


def unreadable(request: HttpRequest) -> HttpResponse:
    """The answer to a request that no view could be given: an address with U+0000 in it, for example."""
    return _say(request, refused(400, _("읽을 수 없는 요청입니다."), hint=_("주소와 헤더를 확인해 주세요.")))


@login_not_required
@csrf_exempt  # there is nothing here, for anybody
def nothing_here(request: HttpRequest, rest: str = "") -> HttpResponse:
    hint = _("주소는 /api/v1/openapi.json에 있습니다.")
    return _say(request, refused(404, _("없는 주소입니다."), path="", hint=hint))


@require_safe
def reference(request: HttpRequest) -> HttpResponse:
    """The same document for people: every operation with what it takes and answers."""
    document = api.get_openapi_schema()
    operations = [
        {**operation, "method": method.upper(), "path": path, "shapes": _shapes(operation)}
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]
    shapes = {
        name: [(field, _kind(about), about) for field, about in shape.get("properties", {}).items()]
        for name, shape in document["components"]["schemas"].items()
    }
    context = {
        "document": document,
        "operations": operations,
        "shapes": shapes,
        "site_url": settings.SITE_URL,
    }
    return render(request, "api/reference.html", context)


def _shapes(operation: dict[str, Any]) -> list[tuple[str, str]]:
    """What goes in and what comes out, by status."""
    bodies = [(str(status), about) for status, about in sorted(operation["responses"].items())]
    if "requestBody" in operation:
        bodies = [(_("보내는 것"), operation["requestBody"]), *bodies]
    return [
        (name, _kind(about["content"]["application/json"]["schema"]))
        for name, about in bodies
        if "content" in about
    ]


def _kind(about: dict[str, Any]) -> str:
    """`integer`, `CaseOut[]`, `string | null` …"""
    if "$ref" in about:
        return str(about["$ref"]).rpartition("/")[2]
    if "anyOf" in about:
        return " | ".join(_kind(one) for one in about["anyOf"])
    if about.get("type") == "array":
        return f"{_kind(about.get('items', {}))}[]"
    return str(about.get("format") or about.get("type") or "—")


def urls() -> tuple[list[Any], str, str]:
    """The addresses of the API. Its own tokens stand in for the sign-in; the document tells nothing of cases."""
    patterns, app_name, namespace = api.urls
    for pattern in patterns:
        if isinstance(pattern, URLPattern) and pattern.name != "api-root":
            pattern.callback = login_not_required(pattern.callback)
    return patterns, app_name, namespace
