"""Whether everybody here needs a second factor: by the setting, or because of what this installation holds."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings

type Holding = Callable[
    [], bool
]  # asked with every request where the setting is off: one indexed query at most
_holdings: list[Holding] = []


def register(holding: Holding) -> None:
    """Let `holding` say whether data are kept here that ask for a second factor whatever is set."""
    if holding not in _holdings:
        _holdings.append(holding)


def is_owed_by_data() -> bool:
    """Whether what is kept here asks for it. The demonstration, which holds nobody's data, is never asked."""
    return not settings.IS_DEMONSTRATION and any(holding() for holding in _holdings)


def is_required() -> bool:
    """Whether whoever has no second factor is led to setting one up."""
    return bool(settings.REQUIRE_SECOND_FACTOR) or is_owed_by_data()
