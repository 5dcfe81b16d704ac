"""How second factors are kept: the seeds of codes sealed, so that a copy of the database makes none."""

from __future__ import annotations

from core.access.keyring import seal, unseal
from core.accounts.adapter import SecondFactorAdapter

PURPOSE = "second factor"


class SealedFactorAdapter(SecondFactorAdapter):
    """What django-allauth asks before it stores a seed and after it has read one."""

    def encrypt(self, text: str) -> str:
        return seal(text, purpose=PURPOSE)

    def decrypt(self, encrypted_text: str) -> str:
        return unseal(encrypted_text, purpose=PURPOSE)
