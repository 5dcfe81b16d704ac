"""What every request and answer passes: addresses no database can hold, and pages that must not stay behind."""

from __future__ import annotations

from collections.abc import Callable

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control

NUL = "\x00"


class NoNulMiddleware:
    """Answers 400 to an address with U+0000 in it: PostgreSQL takes it in no text, and nobody means it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if NUL in request.path_info or "%00" in request.META.get("QUERY_STRING", ""):
            raise BadRequest("an address with U+0000")
        return self.get_response(request)


class PrivatePagesMiddleware:
    """Keeps what a signed-in person was shown out of every cache: the next one at this computer may not see it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if "Cache-Control" not in response and request.user.is_authenticated:
            patch_cache_control(response, private=True, no_store=True)
        return response
