"""Taking a locked file out through the pages, and opening it as whoever receives it does."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pyzipper
from django.test import Client

from core.access.copies import answer_request, ask_for_copy
from core.access.copy_models import CopyKind, CopyRequest
from core.accounts.models import User
from incidents.copying import covered_people
from incidents.models import Case


@dataclass(frozen=True)
class Parcel:
    """A locked ZIP and the password its page showed."""

    content: bytes
    password: str
    answer: Any

    def names(self) -> list[str]:
        return pyzipper.AESZipFile(io.BytesIO(self.content)).namelist()

    def opened(self, name: str, password: str | None = None) -> bytes:
        with pyzipper.AESZipFile(io.BytesIO(self.content)) as archive:
            return bytes(archive.read(name, pwd=(password or self.password).encode()))


def password_on(answer: Any) -> tuple[str, str]:
    """The password and the ticket of the page that shows them."""
    page = answer.content.decode()
    shown = re.search(r"<code>([a-z0-9-]{29})</code>", page)
    ticket = re.search(r'name="ticket" value="([^"]+)"', page)
    assert shown and ticket, page
    return shown[1], ticket[1]


def parcel_of(client: Client, where: str, said: dict[str, str]) -> Parcel:
    """What somebody gets who gives `said` as the reason at `where`."""
    password, ticket = password_on(client.post(where, said))
    answer = client.post(where, {"ticket": ticket})
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return Parcel(content, password, answer)


def allowed_export(case: Case, *, asker: User, approver: User, now: datetime) -> CopyRequest:
    """What a second person has approved and `asker` may use once within a day."""
    asked = ask_for_copy(
        organization_id=case.organization_id,
        case_key=case.reference,
        kind=CopyKind.CASE,
        person_count=covered_people(case),
        purpose="감사",
        actor=asker,
        now=now,
    )
    return answer_request(request_id=asked.pk, is_approved=True, note="", actor=approver, now=now)
