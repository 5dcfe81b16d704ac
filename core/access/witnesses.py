"""The rows of this app that history vouches for: a setting or a verdict changed past its service is found."""

from allauth.socialaccount.models import SocialAccount

from core.access.alert_models import Alert, Explanation
from core.access.copy_models import Copy, CopyRequest
from core.access.models import (
    BackupNote,
    NetworkRule,
    RecoveryDrill,
    Review,
    SafetySetting,
    YearlyCheck,
)
from core.audit.witnesses import columns_of, register_state

SETTING = ("code", "value", "set_at", "set_by_id", "reason")
NETWORK = ("organization_id", "role", "network", "added_at", "added_by_id", "ended_at", "ended_by_id")
REVIEW = (
    "kind",
    "organization_id",
    "first_day",
    "last_day",
    "verdict",
    "note",
    "row_count",
    "reviewed_at",
    "reviewer_id",
)
BACKUP = ("kind", "noted_at", "made_at", "size", "file_count", "key")
LINK = ("user_id", "provider", "uid")  # whom the company's sign-on lets in as whom
DRILL = ("drilled_on", "took_seconds", "result", "note", "recorded_at", "recorded_by_id")
CHECK = (
    "organization_id",
    "first_day",
    "last_day",
    "lines",
    "verdict",
    "note",
    "checked_at",
    "checker_id",
    "document_id",
)
ALERT = (
    "rule",
    "key",
    "account_id",
    "organization_id",
    "address",
    "first_at",
    "last_at",
    "rows",
    "row_count",
    "measured",
    "raised_at",
    "finding",
    "closing_reason",
    "closed_at",
    "closed_by_id",
)
EXPLANATION = ("alert_id", "question", "asked_by_id", "asked_at", "answer", "answered_at")
COPY = (
    "number",
    "organization_id",
    "case_key",
    "kind",
    "what",
    "original_hash",
    "is_marked",
    "is_locked",
    "made_at",
    "made_by_id",
    "allowed_by_id",
)
COPY_REQUEST = (
    "organization_id",
    "case_key",
    "kind",
    "person_count",
    "asked_at",
    "asked_by_id",
    "is_approved",
    "decided_at",
    "decided_by_id",
    "used_at",
)


def register() -> None:
    register_state("socialaccount.socialaccount", columns_of(SocialAccount, LINK))
    register_state("access.safetysetting", columns_of(SafetySetting, SETTING))
    register_state("access.networkrule", columns_of(NetworkRule, NETWORK))
    register_state("access.review", columns_of(Review, REVIEW))
    register_state("access.backupnote", columns_of(BackupNote, BACKUP))
    register_state("access.recoverydrill", columns_of(RecoveryDrill, DRILL))
    register_state("access.yearlycheck", columns_of(YearlyCheck, CHECK))
    register_state("access.alert", columns_of(Alert, ALERT))
    register_state("access.explanation", columns_of(Explanation, EXPLANATION))
    register_state("access.copy", columns_of(Copy, COPY))
    register_state("access.copyrequest", columns_of(CopyRequest, COPY_REQUEST))
