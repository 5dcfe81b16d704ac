"""Who may come in with a token beside what the token says: the app that knows registers its question."""

from __future__ import annotations

from collections.abc import Callable

from core.accounts.models import User

Gate = Callable[[User, str | None], str]  # the owner and the address → why not; empty lets in
_gates: list[Gate] = []


def register(gate: Gate) -> None:
    if gate not in _gates:
        _gates.append(gate)


def refusal(user: User, address: str | None) -> str:
    """Why `user` may not come in from `address`; empty when they may."""
    return next((why for gate in _gates if (why := gate(user, address))), "")
