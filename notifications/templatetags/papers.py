"""What the pages of papers need beyond Django's own filters."""

from __future__ import annotations

from collections.abc import Mapping

from django import template

register = template.Library()


@register.filter
def at(texts: Mapping[str, str], name: str) -> str:
    """The text kept under `name`; empty if there is none."""
    return texts.get(name, "")
