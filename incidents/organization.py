"""What the law asks of an organisation beside the columns of its profile: names, words and checking."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from core.accounts import profile_facts
from core.accounts.models import OrganizationProfile
from incidents.facts import OF_ORGANIZATION, Fact, Kind
from incidents.values import cleaned, label_of_value

_LONG_AGO = datetime.min.replace(tzinfo=UTC)  # no fact of an organisation is an instant


def further_facts() -> tuple[Fact, ...]:
    """The facts of an organisation the law knows that are no column of the profile, in its order."""
    return tuple(fact for name, fact in OF_ORGANIZATION.items() if name not in OrganizationProfile.COLUMNS)


def checked_further(facts: Mapping[str, Any]) -> dict[str, Any]:
    """`facts` as a profile keeps them: what is true, chosen or counted; money as text.

    What does not apply (false or nothing) is left out. ValidationError names each fact at fault.
    """
    known = {fact.name: fact for fact in further_facts()}
    kept: dict[str, Any] = {}
    faults: list[str] = []
    for name, value in facts.items():
        try:
            kept |= _kept(known, name, value)
        except ValueError as fault:
            faults.append(f"{known[name].label if name in known else name}: {fault}")
    if faults:
        raise ValidationError({"further": faults})
    return {name: kept[name] for name in known if name in kept}


def _kept(known: Mapping[str, Fact], name: str, value: Any) -> dict[str, Any]:
    if name not in known:
        raise ValueError(_("모르는 사실입니다. 이름을 확인해 주세요."))
    if value in (None, "", []) or value is False:
        return {}
    return {name: cleaned(known[name], value, now=_LONG_AGO)}


def further_words(profile: OrganizationProfile) -> list[str]:
    """Each further fact of the profile as people read it; one the law has ceased to know stays by its name."""
    known = {fact.name: fact for fact in further_facts()}
    return [
        _word(known[name], value) if name in known else f"{name}: {value}"
        for name, value in profile.further.items()
    ]


def _word(fact: Fact, value: Any) -> str:
    if fact.kind is Kind.YES_NO:
        return str(fact.label)
    return f"{fact.label}: {label_of_value(fact, value)}"


def register() -> None:
    profile_facts.register(checked_further)
