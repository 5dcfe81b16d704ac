"""To whom a duty speaks, read from the law's own answer: people, an authority, or both."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

PEOPLE = frozenset(
    {
        "data_subject",
        "possibly_affected",
        "user",
        "affected_user",
        "credit_subject",
        "public",
        "eu_data_subject",
        "jp_person",
        "us_ca_resident",
    }
)


def recipient_codes(terms: Mapping[str, Any]) -> tuple[str, ...]:
    """The codes of those the duty names, in its order."""
    return tuple(terms.get("recipient") or ())


def tells_people(terms: Mapping[str, Any]) -> bool:
    """Whether the duty is a notice: somebody it names is a data subject or a user."""
    return any(code in PEOPLE for code in recipient_codes(terms))


def tells_authority(terms: Mapping[str, Any]) -> bool:
    """Whether the duty is a report: somebody it names is neither."""
    return any(code not in PEOPLE for code in recipient_codes(terms))
