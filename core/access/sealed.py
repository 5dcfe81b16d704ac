"""Where sealed secrets lie, and sealing them anew with the key that seals now."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils.translation import gettext as _

from core.access import factors, keyring, session_store
from core.audit.models import HOUSE, Chain
from core.audit.services import record

SEEDS = ("secret", "seed")  # of codes by time, and of recovery codes
SEED_LISTS = ("migrated_codes",)


class KeyStillNeeded(RuntimeError):
    """Something is still sealed with a key that was to go."""


@dataclass(frozen=True, slots=True)
class Holder:
    """A table with sealed texts: those in it, and sealing all of them with the first key."""

    texts: Callable[[], Iterator[str]]
    reseal: Callable[[], int]


def with_seeds(data: dict[str, Any], change: Callable[[str], str]) -> dict[str, Any]:
    """The data of a second factor with `change` made to each of its seeds; passkeys have none."""
    told = dict(data)
    for name in SEEDS:
        if name in told:
            told[name] = change(told[name])
    for name in SEED_LISTS:
        if told.get(name) is not None:
            told[name] = [change(one) for one in told[name]]
    return told


def resealed(text: str, *, purpose: str) -> str:
    """`text` under the first key; itself where it already is."""
    if keyring.key_of(text) == keyring.key_ids()[0]:
        return text
    return keyring.seal(keyring.unseal(text, purpose=purpose), purpose=purpose)


def seeds_in(data: dict[str, Any]) -> list[str]:
    """Every seed in the data of a second factor."""
    single = [data[name] for name in SEEDS if name in data]
    return single + [text for name in SEED_LISTS for text in data.get(name) or ()]


def _seeds() -> Iterator[str]:
    for data in Authenticator.objects.values_list("data", flat=True):
        yield from seeds_in(data)


def _reseal_seeds() -> int:
    count = 0
    for row in Authenticator.objects.select_for_update():
        data = with_seeds(row.data, lambda text: resealed(text, purpose=factors.PURPOSE))
        if data != row.data:
            row.data = data
            row.save(update_fields=["data"])
            count += 1
    return count


def _sessions() -> Iterator[str]:
    yield from Session.objects.values_list("session_data", flat=True).iterator()


def _reseal_sessions() -> int:
    """One that changes meanwhile is sealed with the first key by that change."""
    count = 0
    for pk, kept in list(Session.objects.values_list("session_key", "session_data")):
        try:
            fresh = resealed(kept, purpose=session_store.PURPOSE)
        except keyring.SecretBroken:
            Session.objects.filter(pk=pk, session_data=kept).delete()  # it opens for nobody any more
            continue
        if fresh != kept:
            count += Session.objects.filter(pk=pk, session_data=kept).update(session_data=fresh)
    return count


HOLDERS = [Holder(_seeds, _reseal_seeds), Holder(_sessions, _reseal_sessions)]


def keys_in_use() -> set[str]:
    """The ids of every key that something is sealed with."""
    return {keyring.key_of(text) for holder in HOLDERS for text in holder.texts()}


@transaction.atomic
def rotate_application_key(*, now: datetime) -> tuple[str, int]:
    """The key that came last seals from now on, and everything sealed is sealed with it; its id and how many rows.

    What fails on the way leaves every secret readable: the earlier keys stay. Again goes on where it stopped.
    """
    key_id = keyring.seal_with_newest()
    count = sum(holder.reseal() for holder in HOLDERS)
    data = {"key": key_id, "rows": count}
    record("application-key.rotated", subject=_house(), actor=None, at=now, data=data)
    return key_id, count


@transaction.atomic
def drop_old_keys(*, now: datetime) -> list[str]:
    """Forget the keys that seal no more; their ids. KeyStillNeeded while anything is sealed with one of them."""
    old = keyring.old_keys()
    needed = keys_in_use() & set(old)
    if needed:
        told = {"keys": ", ".join(sorted(needed))}
        raise KeyStillNeeded(
            _("아직 %(keys)s로 잠근 것이 있습니다. rotate_application_key를 먼저 실행해 주세요.") % told
        )
    if old:
        data = {"key": keyring.key_ids()[0], "dropped": old}
        record("application-key.dropped", subject=_house(), actor=None, at=now, data=data)
        keyring.drop_old_keys()
    return old


def _house() -> Chain:
    return Chain(key=HOUSE)
