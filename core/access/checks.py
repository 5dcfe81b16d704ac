"""What has to be there before the first start."""

from __future__ import annotations

from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register

from core.access.keyring import NoApplicationKey, key_ids


@register(Tags.security, deploy=True)
def check_application_key(app_configs: Any, **rest: Any) -> list[CheckMessage]:
    """An error where this machine has no key: nobody could sign in."""
    try:
        key_ids()
    except NoApplicationKey as fault:
        return [
            Error(
                str(fault),
                hint="Run manage.py make_application_key once and give every machine the file.",
                id="breachdesk.E005",
            )
        ]
    return []
