"""Refuses a file that is too large before it is read into a form, in words instead of a cut connection."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse

from config import home

CHUNK = 1024 * 1024
FORM_AROUND = 1024 * 1024  # the other fields of the form a file comes with
READ_AWAY = (
    4  # a browser shows the answer only once it has sent all; past this many times the limit it is cut off
)


class UploadLimitMiddleware:
    """Answers 413 for a request body over `UPLOAD_LIMIT_BYTES`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        length = home.content_length(request)
        if length <= settings.UPLOAD_LIMIT_BYTES + FORM_AROUND:
            return self.get_response(request)
        _read_away(request, min(length, settings.UPLOAD_LIMIT_BYTES * READ_AWAY))
        return home.bad_request(request, RequestDataTooBig())


def _read_away(request: HttpRequest, length: int) -> None:
    while length > 0:
        piece = request.read(min(CHUNK, length))
        if not piece:
            return
        length -= len(piece)
