"""From where people may come in: the networks allowed for their organisations and roles."""

from __future__ import annotations

import ipaddress

from core.access.models import NetworkRule
from core.accounts.models import Membership, Organization, User
from core.accounts.standing import roles_held

NETWORK_BITS = {4: 24, 6: 48}  # of an address: what is one network to us


def network_of(address: str) -> str:
    """The network an address lies in, as far as a change of it means anything."""
    read = ipaddress.ip_address(address)
    return str(ipaddress.ip_network(f"{read}/{NETWORK_BITS[read.version]}", strict=False))


def is_allowed_from(user: User, address: str | None) -> bool:
    """Whether every role `user` holds may be used from `address`. Where no network is named, all are allowed.

    An address nobody knows is in no network.
    """
    held = roles_held(user)
    places = {one.organization for one in held}
    rules = list(NetworkRule.objects.standing().filter(organization__in=places)) if places else []
    return all(_may(rules, one.organization, one.role, address) for one in held)


def _may(rules: list[NetworkRule], place: int, role: str, address: str | None) -> bool:
    own = [rule for rule in rules if rule.organization_id == place and rule.role in ("", role)]
    return not own or (address is not None and any(rule.holds(address) for rule in own))


def would_shut_out(user: User, address: str | None, place: Organization, role: str, network: str) -> bool:
    """Whether `user` could not come back from `address` once `network` is allowed for `role` in `place`."""
    try:
        rule = NetworkRule(
            organization=place, role=role, network=str(ipaddress.ip_network(network, strict=False))
        )
    except ValueError:
        return False  # no network at all; the service says so
    rules = [*NetworkRule.objects.standing().filter(organization=place), rule]
    held = Membership.objects.of(user).filter(organization=place).values_list("role", flat=True)
    return not all(_may(rules, place.pk, one, address) for one in held)
