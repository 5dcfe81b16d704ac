"""The case's own clock: every instant at which a timer has something to do, in order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Min

from incidents.models import Deadline
from notifications.models import OutgoingEmail, Reminder
from notifications.services import sweep

TICK = timedelta(seconds=1)


@dataclass
class CaseClock:
    """Advances through what is due, sweeping at each instant. Counts the sweeps it made."""

    at: datetime
    sweeps: int = 0

    def advance(self, to: datetime) -> None:
        """Sweep at every due instant up to `to`, then at `to` itself."""
        while (due := self._next_due()) is not None and due < to:
            self._sweep(max(due, self.at))
        self._sweep(to)

    def _sweep(self, at: datetime) -> None:
        sweep(now=at, keeps_pulse=False)
        self.sweeps += 1
        self.at = at + TICK

    def _next_due(self) -> datetime | None:
        passing = Deadline.objects.running().filter(missed_at=None, due_at__gte=self.at)
        instants = [
            Reminder.objects.open().aggregate(at=Min("act_at"))["at"],
            OutgoingEmail.objects.owed().aggregate(at=Min("send_after"))["at"],
            passing.aggregate(at=Min("due_at"))["at"],
        ]
        known = [instant for instant in instants if instant is not None]
        return max(min(known) + TICK, self.at) if known else None
