"""The key of a case: made by chance, kept wrapped by the vault's key, destroyed with the case.

Whoever finds a file of a destroyed case in an old backup, and even the vault's key with it, cannot read it.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

KEY_BYTES, NONCE_BYTES = 32, 12


class CaseKey(models.Model):
    """One case's key, under the vault's key; nothing but the day of its end once it is destroyed."""

    case_key = models.CharField(gettext_lazy("사건번호"), max_length=40, unique=True)
    key_id = models.CharField(max_length=16, unique=True)
    wrapped = models.BinaryField()
    destroyed_at = models.DateTimeField(gettext_lazy("파기한 때"), null=True)

    class Meta:
        verbose_name = gettext_lazy("사건의 키")
        verbose_name_plural = gettext_lazy("사건의 키")

    def __str__(self) -> str:
        return f"{self.case_key} {self.key_id}"


class KeyDestroyed(LookupError):
    """The key was destroyed with its case, or was never here."""

    def __init__(self) -> None:
        super().__init__(_("이 파일의 사건 키가 파기되었거나 이 서버에 없습니다."))


def id_of(key: bytes) -> bytes:
    return hashlib.sha256(b"breachdesk case key" + key).digest()[:8]


def key_for(case_key: str, *, vault_keys: list[bytes]) -> bytes:
    """The key that seals files of this case, made at the first under the first of `vault_keys`.

    Wrapped by an earlier vault key it is wrapped anew. KeyDestroyed for a case that is destroyed.
    """
    fresh = secrets.token_bytes(KEY_BYTES)
    made = {"key_id": id_of(fresh).hex(), "wrapped": _wrapped(fresh, case_key, vault_keys[0])}
    row, is_new = CaseKey.objects.get_or_create(case_key=case_key, defaults=made)
    if is_new:
        return fresh
    key, place = _opened(row, vault_keys)
    if place:
        rows = CaseKey.objects.filter(pk=row.pk, destroyed_at=None)
        rows.update(wrapped=_wrapped(key, case_key, vault_keys[0]))
    return key


def key_named(key_id: bytes, *, vault_keys: list[bytes]) -> bytes:
    """The key that sealed a file. KeyDestroyed where there is none any more."""
    row = CaseKey.objects.filter(key_id=key_id.hex()).first()
    if row is None:
        raise KeyDestroyed
    return _opened(row, vault_keys)[0]


def destroy_key(case_key: str, *, now: datetime) -> int:
    """Forget the key of a case; how many there were. Again changes nothing."""
    return CaseKey.objects.filter(case_key=case_key, destroyed_at=None).update(wrapped=b"", destroyed_at=now)


def _wrapped(key: bytes, case_key: str, vault_key: bytes) -> bytes:
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + AESGCM(vault_key).encrypt(nonce, key, case_key.encode())


def _opened(row: CaseKey, vault_keys: list[bytes]) -> tuple[bytes, int]:
    """The key, and which of `vault_keys` wraps it."""
    wrapped = bytes(row.wrapped)
    if row.destroyed_at is not None:
        raise KeyDestroyed
    for place, vault_key in enumerate(vault_keys):
        try:
            key = AESGCM(vault_key).decrypt(
                wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], row.case_key.encode()
            )
        except InvalidTag:
            continue
        return key, place
    raise KeyDestroyed
