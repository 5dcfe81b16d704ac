"""What of papers and mail goes when their case is destroyed."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.audit.destroying import GONE, register
from notifications.models import Approval, DeliveryAttempt, Filing, OutgoingEmail, PaperVersion


def register_all() -> None:
    register("papers", _("통지·신고 문서의 글"), _papers)
    register("mail", _("보낸 메일의 글"), _mail)


def _papers(reference: str) -> int:
    of_case = {"version__paper__case__reference": reference}
    Approval.objects.filter(**of_case).update(note="")
    Filing.objects.filter(**of_case).update(note="", lateness_reason="", salt=None)
    versions = PaperVersion.objects.filter(paper__case__reference=reference)
    return versions.update(title=GONE, fields={}, letterhead={})


def _mail(reference: str) -> int:
    OutgoingEmail.objects.filter(deadline__case__reference=reference).update(subject="")
    attempts = DeliveryAttempt.objects.filter(email__deadline__case__reference=reference)
    return attempts.update(subject=GONE, text="", html="")
