"""Who may come in with a token beside what the token says: the app that knows registers its question."""

from __future__ import annotations

from collections.abc import Callable

from core.accounts.models import ApiToken, User

Gate = Callable[[User, str | None], str]  # the owner and the address → why not; empty lets in
TokenGate = Callable[[ApiToken, str | None], str]
_gates: list[Gate] = []
_token_gates: list[TokenGate] = []


def register(gate: Gate) -> None:
    if gate not in _gates:
        _gates.append(gate)


def refusal(user: User, address: str | None) -> str:
    """Why `user` may not come in from `address`; empty when they may."""
    return next((why for gate in _gates if (why := gate(user, address))), "")


def register_for_tokens(gate: TokenGate) -> None:
    if gate not in _token_gates:
        _token_gates.append(gate)


def refusal_of_token(token: ApiToken, address: str | None) -> str:
    """Why this token may not be used from `address`; empty when it may."""
    return next((why for gate in _token_gates if (why := gate(token, address))), "")
