"""The networks a token is bound to."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

MOST = 20


def checked_networks(typed: str) -> list[str]:
    """The networks in what was typed, apart by commas, blanks or lines. ValidationError names one that is none."""
    found: list[str] = []
    for word in typed.replace(",", " ").split():
        try:
            found.append(str(ipaddress.ip_network(word, strict=False)))
        except ValueError as fault:
            raise ValidationError(
                _("%(word)s는 네트워크가 아닙니다. 192.0.2.0/24처럼 적어 주세요.") % {"word": word[:60]}
            ) from fault
    if len(found) > MOST:
        raise ValidationError(_("네트워크는 %(n)d개까지 적을 수 있습니다.") % {"n": MOST})
    return list(dict.fromkeys(found))


def is_within(address: str | None, networks: Sequence[str]) -> bool:
    """Whether `address` lies in one of them; in none where there are none to choose from or nobody knows it."""
    try:
        place = ipaddress.ip_address(address or "")
    except ValueError:
        return False
    return any(place in ipaddress.ip_network(network) for network in networks)
