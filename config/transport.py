"""Which servers this installation would speak to in the clear: PostgreSQL, Redis, SMTP and the sign-on provider.

A server on this machine needs no TLS. For a network that is encrypted otherwise (WireGuard, IPsec),
`BREACHDESK_ENCRYPTED_NETWORKS` names its hosts or networks.
"""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.exceptions import ImproperlyConfigured

ENCRYPTING = ("require", "verify-ca", "verify-full")  # of PostgreSQL's sslmode
BROKERS_WITHIN = ("memory", "redis+socket", "unix", "filesystem")
LOCAL_NAMES = ("", "localhost")


def spoken_in_the_clear() -> Iterator[CheckMessage]:
    """An error for each remote server without TLS, with its remedy."""
    trusted = list(settings.ENCRYPTED_NETWORKS)
    if _database_in_the_clear(settings.DATABASES["default"], trusted):
        yield Error(
            "PostgreSQL would be reached over the network without TLS.",
            hint="Add ?sslmode=verify-full to DATABASE_URL.",
            id="breachdesk.E001",
        )
    if _broker_in_the_clear(str(settings.CELERY_BROKER_URL), trusted):
        yield Error(
            "Redis would be reached over the network without TLS.",
            hint="Begin REDIS_URL with rediss:// and end it with ?ssl_cert_reqs=required.",
            id="breachdesk.E002",
        )
    if _mail_in_the_clear(settings.MAILERS["default"], trusted):
        yield Error(
            "The mail server would be reached over the network without TLS.",
            hint="Set SMTP_TLS=on.",
            id="breachdesk.E003",
        )
    if _issuer_in_the_clear(str(settings.OIDC_ISSUER), trusted):
        yield Error(
            "The provider of single sign-on would be reached without TLS.",
            hint="Begin BREACHDESK_OIDC_ISSUER with https://.",
            id="breachdesk.E004",
        )


@register(Tags.security)
def check_transport(app_configs: Any, **rest: Any) -> list[CheckMessage]:
    return list(spoken_in_the_clear())


def refuse_to_start_in_the_clear() -> None:
    """ImproperlyConfigured, each server in one line with its remedy: for web and workers, which run no checks."""
    faults = [f"{fault.msg} {fault.hint}" for fault in spoken_in_the_clear()]
    if faults:
        raise ImproperlyConfigured("\n".join(faults))


def is_safe_way(host: str, trusted: Sequence[str]) -> bool:
    """Whether nobody listens on the way to `host`: this machine, or a network named as encrypted otherwise."""
    host = host.strip("[]").lower()
    if host in LOCAL_NAMES or host.startswith(("/", "@")) or host in {name.lower() for name in trusted}:
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    return address.is_loopback or any(address in network for network in _networks(trusted))


def _networks(trusted: Sequence[str]) -> Iterator[ipaddress.IPv4Network | ipaddress.IPv6Network]:
    for name in trusted:
        try:
            yield ipaddress.ip_network(name)
        except ValueError:
            continue  # a host by name


def _database_in_the_clear(database: Mapping[str, Any], trusted: Sequence[str]) -> bool:
    if "postgresql" not in database["ENGINE"]:
        return False
    options = database.get("OPTIONS") or {}
    hosts = str(database.get("HOST") or options.get("host") or os.environ.get("PGHOST", "")).split(",")
    mode = options.get("sslmode") or os.environ.get("PGSSLMODE", "")
    return mode not in ENCRYPTING and not all(is_safe_way(host, trusted) for host in hosts)


def _broker_in_the_clear(url: str, trusted: Sequence[str]) -> bool:
    """Each of the addresses of a broker that has several."""
    return any(_is_open(one.strip(), trusted) for one in url.split(";"))


def _is_open(url: str, trusted: Sequence[str]) -> bool:
    parts = urlsplit(url)
    if parts.scheme in BROKERS_WITHIN or parts.scheme == "rediss":
        return False
    return not is_safe_way(parts.hostname or "", trusted)


def _mail_in_the_clear(mailer: Mapping[str, Any], trusted: Sequence[str]) -> bool:
    if not str(mailer["BACKEND"]).endswith("smtp.EmailBackend"):
        return False
    options = mailer.get("OPTIONS") or {}
    encrypts = options.get("use_tls") or options.get("use_ssl")
    return not encrypts and not is_safe_way(str(options.get("host", "")), trusted)


def _issuer_in_the_clear(issuer: str, trusted: Sequence[str]) -> bool:
    parts = urlsplit(issuer)
    return bool(issuer) and parts.scheme != "https" and not is_safe_way(parts.hostname or "", trusted)
