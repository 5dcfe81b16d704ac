"""The default view: whatever case page, list or API answer leaves, numbers and addresses of people in it are masked.

One place, as for the access log, so that a page nobody thought of is masked too. Not masked: the contacts of the
house itself, the words of letters and reports (between `<!--verbatim-->` marks), what the person has just typed
themselves, and a page somebody asked to see as it is, for as long as that holds.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone

from core.access.log import note_purpose, note_unmasked
from core.access.masking import EMAIL, PHONE, found_in, masked, may_hold
from core.access.unmasking import live_unmasking
from core.accounts.asking import who
from core.accounts.models import Organization, User
from incidents.models import Draft

SPACES = ("incidents", "notifications")
ALSO = (
    "home",
    "access-log",
    "copy-register",
    "api:case_list",
    "api:open_case",
    "api:read_case",
    "api:deadline_list",
    "api:record_facts",
)
OWN_WORDS = ("incidents:draft",)  # the person's own, for their own form
NOTE = "<!--masked-note-->"
OPEN, CLOSE = "<!--verbatim-->", "<!--/verbatim-->"
PIECES = re.compile(
    r"(<!--.*?-->|<script\b.*?</script>|<textarea\b[^>]*>.*?</textarea>|<[^>]+>)", re.DOTALL | re.IGNORECASE
)
SHOWN = re.compile(
    r'(\s(?:value|title|alt|aria-label|placeholder|data-label|data-bd-title)=")([^"]*)(")', re.IGNORECASE
)
NOT_READ = re.compile(
    r'^<input\b[^>]*\btype="(?:hidden|radio|checkbox|submit|password)"|^<(?:button|option)\b', re.IGNORECASE
)
NOWRAP, BEGIN, END = '<span class="bd-nowrap">', "\ue000", "\ue001"
KEPT_TOGETHER = re.compile(rf"{NOWRAP}([^<]*)</span>")
FIELD = re.compile(r"^<(?:input|textarea)\b", re.IGNORECASE)


@dataclass
class Veil:
    """What is let through, and how often something was not."""

    but: frozenset[str]
    typed: frozenset[str]  # let through in the boxes of a form alone
    count: int = 0

    def over(self, text: str, *, in_box: bool = False) -> str:
        veiled = masked(text, but=self.but | self.typed if in_box else self.but)
        self.count += veiled != text
        return veiled


@dataclass
class Search:
    """Finds what a veil would have to hide, and changes nothing."""

    found: set[str] = field(default_factory=set)

    def over(self, text: str, *, in_box: bool = False) -> str:
        self.found.update(found_in(text))
        return text


class MaskTyped:
    """Masks the answers of the doors named above, HTML, JSON and CSV; streamed answers mask their own words."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not _is_ours(request, response):
            return response
        kind = response["Content-Type"].partition(";")[0]
        text = response.content.decode(response.charset or "utf-8")
        walk = WALKS.get(kind, _plain)
        search = Search()
        walk(text, search)
        veil = _veil(request, search.found)
        shown = walk(text, veil) if search.found else text
        response.content = _with_note(request, text, shown, veil, now=timezone.now())
        return response


def _is_ours(request: HttpRequest, response: HttpResponse) -> bool:
    match = request.resolver_match
    if match is None or response.streaming or not request.user.is_authenticated:
        return False
    name = match.view_name or ""
    if name in OWN_WORDS or (name.partition(":")[0] not in SPACES and name not in ALSO):
        return False
    kind = response.get("Content-Type", "").partition(";")[0]
    return kind in ("text/html", "application/json", "text/csv", "text/plain")


def _veil(request: HttpRequest, found: set[str]) -> Veil:
    typed = _just_typed(request) if found else set()
    if found and "resume" in request.GET:
        rows = Draft.objects.filter(user=who(request)).values_list("content", flat=True)
        typed |= set(found_in(json.dumps(list(rows), ensure_ascii=False)))
    return Veil(frozenset(_of_the_house(found, who(request))), frozenset(typed))


def _just_typed(request: HttpRequest) -> set[str]:
    """What came with this very request: a box may show it again, and not what else is kept there."""
    sent = (values for data in (request.GET, request.POST) for _name, values in data.lists())
    return {one for values in sent for value in values for one in found_in(str(value))}


def _of_the_house(found: Collection[str], user: User) -> set[str]:
    """Of these, the contacts of the organisations `user` belongs to, and the addresses of the people there."""
    mine = {one for one in found if one.lower() == user.email}
    found = set(found) - mine
    if not found:
        return mine  # the usual page, and it asks the database nothing
    places = Organization.objects.visible_to(user)
    mails = {one for one in found if EMAIL.shape.fullmatch(one)}
    phones = {one for one in found if PHONE.shape.fullmatch(one)}
    said = {value for row in places.values_list("contact_email", "contact_phone") for value in row}
    own = (mails | phones) & said
    if mails:
        people = User.objects.filter(
            email__in=[one.lower() for one in mails], memberships__organization__in=places
        )
        known = set(people.values_list("email", flat=True))
        own |= {one for one in mails if one.lower() in known}
    return own | mine


def _plain(text: str, veil: Veil | Search) -> str:
    return veil.over(text)


def _html(text: str, veil: Veil | Search) -> str:
    """A span that only keeps a line together does not part the number it stands in."""
    joined = KEPT_TOGETHER.sub(rf"{BEGIN}\1{END}", text.replace(BEGIN, "").replace(END, ""))
    return _pieces(joined, veil).replace(BEGIN, NOWRAP).replace(END, "</span>")


def _words(text: str, veil: Veil | Search) -> str:
    plain = text.replace(BEGIN, "").replace(END, "")
    veiled = veil.over(plain)
    return text if veiled == plain else veiled


def _pieces(text: str, veil: Veil | Search) -> str:
    out, is_verbatim = [], False
    for piece in PIECES.split(text):
        if piece in (OPEN, CLOSE):
            is_verbatim = piece == OPEN
        elif is_verbatim or not may_hold(piece) or piece.startswith(("<!--", "<script")):
            out.append(piece)
        elif piece.startswith("<textarea"):
            out.append(veil.over(piece, in_box=True))
        elif piece.startswith("<"):
            out.append(_tag(piece, veil))
        else:
            out.append(_words(piece, veil))
    return "".join(out)


def _tag(tag: str, veil: Veil | Search) -> str:
    """A tag with the attributes people see or hear masked; what goes back to the server unseen stays."""
    if NOT_READ.search(tag):
        return tag
    is_box = bool(FIELD.search(tag))
    return SHOWN.sub(lambda part: part[1] + veil.over(part[2], in_box=is_box) + part[3], tag)


def _json(text: str, veil: Veil | Search) -> str:
    def veiled(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: veiled(held) for name, held in value.items()}
        if isinstance(value, list):
            return [veiled(held) for held in value]
        return veil.over(value) if isinstance(value, str) else value

    read = json.loads(text)
    shown = veiled(read)
    return text if shown == read else json.dumps(shown, ensure_ascii=False)


WALKS = {"text/html": _html, "application/json": _json}


def _with_note(request: HttpRequest, text: str, shown: str, veil: Veil, *, now: datetime) -> str:
    """The masked page with the way to see it as it is, or that page for whoever asked; both say which they are."""
    row = live_unmasking(who(request), request.path, now=now) if veil.count else None
    if row is not None and request.method in ("GET", "HEAD"):
        note_unmasked(request)
        note_purpose(request, row.reason)
        shown = text.replace(OPEN, "").replace(CLOSE, "")
    if NOTE not in shown:
        return shown
    match = request.resolver_match
    reference = match.kwargs.get("reference", "") if match else ""
    context = {"count": veil.count, "row": row, "reference": reference, "page": request.path}
    is_told = veil.count and reference and request.method in ("GET", "HEAD")
    note = render_to_string("components/masked_note.html", context, request) if is_told else ""
    return shown.replace(NOTE, note, 1)
