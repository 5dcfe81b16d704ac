"""Reading what a program sent: UTF-8 JSON, each name once, no more than a mebibyte."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext as _

from incidents.api.refusals import Refused, refused
from rules import Fault
from rules.engine.source import read_json

LARGEST_BODY = 1024 * 1024
CHUNK = 64 * 1024
READ_AWAY = 16 * LARGEST_BODY  # a client hears the answer only once it has sent all; past this it is cut off


def refuse_unreadable(request: HttpRequest) -> None:
    """Refused for a body over `LARGEST_BODY` (413), which is not kept, and for one of unsaid length (411).

    Django reads a body of unsaid length as an empty one; nobody may think it was understood.
    """
    if "Transfer-Encoding" in request.headers:
        raise refused(
            411, _("길이를 말하지 않은 문서입니다."), hint=_("Content-Length 헤더와 함께 보내 주세요.")
        )
    typed = request.META.get("CONTENT_LENGTH") or "0"
    length = int(typed) if typed.isascii() and typed.isdigit() else 0
    if length <= LARGEST_BODY:
        return
    left = min(length, READ_AWAY)
    while left > 0 and (piece := request.read(min(CHUNK, left))):
        left -= len(piece)
    raise refused(
        413,
        _("보낸 문서가 너무 큽니다."),
        hint=_("%(limit)s바이트까지 보낼 수 있습니다.") % {"limit": f"{LARGEST_BODY:,}"},
    )


def document_in(request: HttpRequest) -> tuple[object, list[Fault]]:
    """The JSON document of the body, and what is wrong with its form. Refused (422) when it is no text."""
    try:
        return read_json(request.body.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        message = _("UTF-8 글이 아닙니다.")
        raise refused(422, message, hint=_("JSON을 UTF-8로 보내 주세요.")) from error


def sound_document_in(request: HttpRequest) -> object:
    """The JSON document of the body. Refused (422) when anything is wrong with its form."""
    content, faults = document_in(request)
    if faults:
        raise Refused(422, faults)
    return content
