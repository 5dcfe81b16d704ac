"""Time stamps of an outside authority (RFC 3161) on day heads: which is due, what it says, whether it holds.

Asking the authority is left to whoever may speak to the outside.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _
from rfc3161_client import (
    HashAlgorithm,
    TimeStampRequest,
    TimestampRequestBuilder,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)

from core.audit.heads import BrokenDay, signed_bytes
from core.audit.models import DayHead, DayStamp, StampErrand
from core.audit.services import record

ASK_AGAIN = timedelta(minutes=10)
STAMPED = "history.day-stamped"


class NotStamped(Exception):
    """What the authority answered is no stamp of ours."""


def claim_unstamped_head(*, now: datetime) -> DayHead | None:
    """The last day head, if it has no stamp and it is time to ask; nobody else gets it for `ASK_AGAIN`.

    The days before are vouched for by its link to them, so only the last is stamped.
    """
    head = DayHead.objects.filter(stamp=None).order_by("-day").first()
    if head is None or DayHead.objects.filter(day__gt=head.day).exists():
        return None
    with transaction.atomic(durable=True):
        StampErrand.objects.get_or_create(head=head, defaults={"ask_after": now})
        due = StampErrand.objects.filter(head=head, ask_after__lte=now)
        taken = due.update(ask_after=now + ASK_AGAIN, attempts=F("attempts") + 1)
    return head if taken else None


def request_for(head: DayHead) -> TimeStampRequest:
    """What to ask the authority: the hash of the signed text, and nothing else of ours."""
    return (
        TimestampRequestBuilder()
        .data(signed_bytes(head))
        .hash_algorithm(HashAlgorithm.SHA256)
        .nonce(nonce=True)
        .cert_request(cert_request=True)
        .build()
    )


def keep_stamp(
    head: DayHead, *, asked: TimeStampRequest, answer: bytes, authority: str, now: datetime
) -> DayStamp:
    """Check what the authority answered and keep it, with its event in history. NotStamped, and nothing is kept."""
    stamped_at = _checked(answer, head, nonce=asked.nonce)
    with transaction.atomic(durable=True):
        stamp = DayStamp.objects.create(
            head=head, authority=authority[:200], answer=answer, stamped_at=stamped_at, received_at=now
        )
        StampErrand.objects.filter(head=head).update(obstacle="")
        data = {"day": head.day.isoformat(), "head": head.hash, "stamped_at": stamped_at.isoformat()}
        record(STAMPED, subject=stamp, actor=None, at=now, data=data)
    return stamp


def note_obstacle(head: DayHead, obstacle: str) -> None:
    """Remember why there is no stamp yet; a later sweep asks again."""
    StampErrand.objects.filter(head=head).update(obstacle=obstacle[:200])


def trusted_certificates() -> list[x509.Certificate]:
    """The authority's certificates, the root among them, from the file the settings name; none without it."""
    path = settings.TSA_CERTIFICATES_FILE
    return x509.load_pem_x509_certificates(Path(path).read_bytes()) if path else []


def _checked(answer: bytes, head: DayHead, *, nonce: int | None) -> datetime:
    certificates = trusted_certificates()
    roots = [one for one in certificates if one.issuer == one.subject]
    if not roots:
        raise NotStamped(_("믿는 시점확인 기관의 인증서가 없습니다(BREACHDESK_TSA_CERTIFICATES)."))
    verifier = VerifierBuilder(
        roots=roots, intermediates=[one for one in certificates if one not in roots], nonce=nonce
    )
    try:
        response = decode_timestamp_response(answer)
        verifier.build().verify_message(response, signed_bytes(head))
        moment = response.tst_info.gen_time
    except (VerificationError, ValueError) as fault:
        raise NotStamped(str(fault)) from fault
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def first_broken_stamp() -> BrokenDay | None:
    """The first day whose stamp is not of its head, or says another time than was kept. None without certificates."""
    if not trusted_certificates():
        return None
    for stamp in DayStamp.objects.select_related("head").order_by("head__day"):
        try:
            moment = _checked(bytes(stamp.answer), stamp.head, nonce=None)
        except NotStamped as fault:
            return BrokenDay(stamp.head.day, _("시점확인이 맞지 않습니다: %(fault)s") % {"fault": fault})
        if moment != stamp.stamped_at:
            return BrokenDay(stamp.head.day, _("시점확인의 시각이 기록과 다릅니다."))
    return None
