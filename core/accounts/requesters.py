"""Who asked for a change of rights: kept with its event, beside who made the change (안전성 확보조치 기준 제5조제3항)."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from core.accounts.models import User


@dataclass(frozen=True, slots=True)
class Requester:
    """Somebody with an account, or somebody told of in words; neither where nobody was named."""

    person: User | None = None
    words: str = ""

    def as_data(self) -> dict[str, int]:
        """For the data of an event: the account by its id, no name."""
        return {"asked_by": self.person.pk} if self.person else {}

    def beside(self, reason: str) -> str:
        """What is written beside the event: the words first, because they may be a name, then the reason."""
        told = _("요청한 사람: %(who)s") % {"who": self.words.strip()} if self.words.strip() else ""
        return "\n".join(filter(None, (told, reason.strip())))


NOBODY_NAMED = Requester()
