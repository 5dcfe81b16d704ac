"""What goes out: papers, reminders, mail."""

from notifications.models.clock import ClockReading
from notifications.models.mail import (
    DeliveryAttempt,
    DeliveryOutcome,
    OutgoingEmail,
    Standing,
)
from notifications.models.papers import (
    Approval,
    Channel,
    Decision,
    Filing,
    Paper,
    PaperKind,
    PaperVersion,
)
from notifications.models.reminders import Reminder, ReminderPolicy, TimerPulse, Withdrawal

__all__ = [
    "Approval",
    "Channel",
    "ClockReading",
    "Decision",
    "DeliveryAttempt",
    "DeliveryOutcome",
    "Filing",
    "OutgoingEmail",
    "Paper",
    "PaperKind",
    "PaperVersion",
    "Reminder",
    "ReminderPolicy",
    "Standing",
    "TimerPulse",
    "Withdrawal",
]
