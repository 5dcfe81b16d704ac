"""The one way anything leaves the building, and the one way reminders change."""

from notifications.services.days import announce_day
from notifications.services.filings import AlreadyGiven, Given, record_filing
from notifications.services.mail import deliver_email, queue_email, retry_email
from notifications.services.papers import (
    PaperNotReady,
    StaleApproval,
    VersionConflict,
    Words,
    WordsRefused,
    approve_version,
    return_version,
    save_version,
    start_paper,
)
from notifications.services.planning import (
    PolicyChangedMeanwhile,
    change_policy,
    plan_reminders,
    policy_of,
)
from notifications.services.reminders import acknowledge, climb, raise_reminder
from notifications.services.roles import announce_role_change, tell_unused_account
from notifications.services.sweeping import Report, sweep
from notifications.services.yearly import tell_yearly_check

__all__ = [
    "AlreadyGiven",
    "Given",
    "PaperNotReady",
    "PolicyChangedMeanwhile",
    "Report",
    "StaleApproval",
    "VersionConflict",
    "Words",
    "WordsRefused",
    "acknowledge",
    "announce_day",
    "announce_role_change",
    "approve_version",
    "change_policy",
    "climb",
    "deliver_email",
    "plan_reminders",
    "policy_of",
    "queue_email",
    "raise_reminder",
    "record_filing",
    "retry_email",
    "return_version",
    "save_version",
    "start_paper",
    "sweep",
    "tell_unused_account",
    "tell_yearly_check",
]
