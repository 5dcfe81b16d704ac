"""Every door of the house with who may open it: the addresses in two organisations, and the declared expectation.

`OPEN_TO` says for each URL name whom a GET (or a POST, where the door takes POST alone) lets in to their own
organisation's things. Nobody is let in to another's, whatever is declared. A new URL name without a line here
fails `test_access_matrix.py`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

from core.access.alert_models import Alert, Explanation
from core.access.models import NetworkRule, PersonSession, Review
from core.accounts.models import ApiToken
from incidents.models import HolidayChange, Task
from notifications.models import OutgoingEmail
from tests.browser.house import House
from tests.incidents.open_cases import PSEUDONYMISED

KINDS = ("handler", "cpo", "approver", "counsel", "auditor", "admin", "outsider", "anonymous", "dead")
NOBODY: frozenset[str] = frozenset()
EVERYBODY = frozenset(KINDS)
SIGNED_IN = EVERYBODY - {"anonymous", "dead"}
WORKING = frozenset({"handler", "cpo", "approver", "counsel"})
SEEING = WORKING | {"auditor"}
DECIDING = frozenset({"cpo", "approver"})
ADMIN = frozenset({"admin"})
WATCHING = frozenset({"cpo", "auditor"})
OVERSEEING = WATCHING | ADMIN
LEADING = DECIDING | {"handler"}  # the handler leads the case
OPENING = WORKING | {"outsider"}  # who opens cases of their own house
HANDLER = frozenset({"handler"})  # whose token, session or mail it is
HANDLER_AND_ADMIN = HANDLER | ADMIN

OPEN_TO: dict[str, frozenset[str]] = {
    "account_confirm_email": EVERYBODY,
    "account_email_verification_sent": EVERYBODY,
    "account_inactive": EVERYBODY,
    "account_login": EVERYBODY,
    "account_logout": EVERYBODY,
    "account_reset_password": EVERYBODY,
    "account_reset_password_done": EVERYBODY,
    "account_reset_password_from_key": EVERYBODY,
    "account_reset_password_from_key_done": EVERYBODY,
    "account_signup": EVERYBODY,
    "api:openapi-json": EVERYBODY,
    "healthz": EVERYBODY,
    "access:acknowledge-duties": SIGNED_IN,
    "access:explanation-list": SIGNED_IN,
    "access:extend-session": SIGNED_IN,
    "access:session-list": SIGNED_IN,
    "access:session-state": SIGNED_IN,
    "account_change_password": SIGNED_IN,
    "account_confirm_login_code": SIGNED_IN,
    "account_reauthenticate": SIGNED_IN,
    "account_set_password": SIGNED_IN,
    "accounts:create-token": SIGNED_IN,
    "accounts:theme": SIGNED_IN,
    "accounts:token-list": SIGNED_IN,
    "api-reference": SIGNED_IN,
    "api:case_list": SIGNED_IN,
    "api:open_case": SIGNED_IN,
    "api:topic_list": SIGNED_IN,
    "home": SIGNED_IN,
    "incidents:case-export": SIGNED_IN,
    "incidents:case-list": SIGNED_IN,
    "incidents:kept-list": SIGNED_IN,
    "incidents:discard-draft": SIGNED_IN,
    "incidents:draft": SIGNED_IN,
    "incidents:task-list": SIGNED_IN,
    "mfa_activate_totp": SIGNED_IN,
    "mfa_add_webauthn": SIGNED_IN,
    "mfa_authenticate": SIGNED_IN,
    "mfa_edit_webauthn": SIGNED_IN,
    "mfa_generate_recovery_codes": SIGNED_IN,
    "mfa_index": SIGNED_IN,
    "mfa_list_webauthn": SIGNED_IN,
    "mfa_login_webauthn": SIGNED_IN,
    "mfa_reauthenticate": SIGNED_IN,
    "mfa_reauthenticate_webauthn": SIGNED_IN,
    "mfa_remove_webauthn": SIGNED_IN,
    "notifications:awaiting-approval": SIGNED_IN,
    "notifications:mail-list": SIGNED_IN,
    "set_language": SIGNED_IN,
    "settings": SIGNED_IN,
    "settings-law": SIGNED_IN,
    "api:deadline_list": SEEING,
    "api:read_case": SEEING,
    "incidents:case-clocks": SEEING,
    "incidents:case-copies": SEEING,
    "incidents:destruction-certificate": NOBODY,  # until something is destroyed
    "incidents:case-evidence": SEEING,
    "incidents:case-facts": SEEING,
    "incidents:copy-evidence": SEEING,
    "incidents:evidence": SEEING,
    "incidents:case-history": SEEING,
    "incidents:case-overview": SEEING,
    "incidents:case-procedure": SEEING,
    "incidents:case-tasks": SEEING,
    "incidents:contested-awareness": SEEING,
    "incidents:deadline": SEEING,
    "incidents:explain-deadline": SEEING,
    "incidents:fact-history": SEEING,
    "incidents:not-due": SEEING,
    "incidents:unmask": SEEING,
    "incidents:what-if": SEEING,
    "notifications:case-between": SEEING,
    "notifications:case-notices": SEEING,
    "notifications:case-past": SEEING,
    "notifications:who-knew": SEEING,
    "notifications:case-reports": SEEING,
    "notifications:compare-versions": SEEING,
    "notifications:filing": SEEING,
    "notifications:notice-tab": SEEING,
    "notifications:paper": SEEING,
    "notifications:paper-pdf": SEEING,
    "notifications:paper-version": SEEING,
    "notifications:report-tab": SEEING,
    "incidents:add-custody": WORKING,
    "incidents:add-deadline": WORKING,
    "incidents:add-evidence": WORKING,
    "incidents:correct-step": WORKING,
    "incidents:add-entry": WORKING,
    "incidents:add-task": WORKING,
    "incidents:advance-phase": WORKING,
    "incidents:case-intake": WORKING,
    "incidents:change-fact": WORKING,
    "incidents:choose-step": WORKING,
    "incidents:claim-awareness": WORKING,
    "incidents:describe-case": WORKING,
    "incidents:finish-task": WORKING,
    "incidents:fulfil-deadline": WORKING,
    "incidents:record-step": WORKING,
    "incidents:reopen-deadline": WORKING,
    "incidents:skip-task": WORKING,
    "incidents:take-task": WORKING,
    "incidents:withdraw-awareness-claim": WORKING,
    "incidents:withdraw-step": WORKING,
    "notifications:acknowledge": WORKING,
    "notifications:edit-paper": WORKING,
    "notifications:lint-paper": WORKING,
    "notifications:record-filing": WORKING,
    "incidents:open-case": OPENING,
    "incidents:case-members": LEADING,
    "incidents:leave-case": LEADING,
    "incidents:adopt-awareness-claim": DECIDING,
    "incidents:case-destruction": DECIDING,
    "incidents:close-case": DECIDING,
    "incidents:hold-evidence": DECIDING,
    "incidents:keep-evidence": DECIDING,
    "incidents:counsel-notes": frozenset({"counsel"}),
    "incidents:export-case": DECIDING | {"counsel", "auditor"},
    "incidents:decide-copy": DECIDING,
    "incidents:decide-open-point": DECIDING,
    "incidents:dismiss-deadline": DECIDING,
    "incidents:reopen-case": DECIDING,
    "incidents:withdraw-decision": DECIDING,
    "notifications:decide-version": DECIDING,
    "access:answer-explanation": HANDLER,
    "access:end-session": HANDLER,
    "accounts:revoke-token": HANDLER_AND_ADMIN,
    "notifications:mail": HANDLER_AND_ADMIN,
    "access-log": WATCHING,
    "access-log-review": WATCHING,
    "settings-drills": OVERSEEING,
    "access-review-paper": WATCHING,
    "alert": WATCHING,
    "alert-list": WATCHING,
    "ask-explanation": WATCHING,
    "copy-register": WATCHING,
    "settings-people": OVERSEEING,
    "settings-safety": OVERSEEING,
    "settings-safety-evidence": OVERSEEING,
    "settings-system": OVERSEEING,
    "settings-yearly-check": OVERSEEING | {"approver"},
    "notifications:reminder-policy": ADMIN,
    "settings-account": ADMIN,
    "settings-add-holiday": ADMIN,
    "settings-add-person": ADMIN,
    "settings-end-network": ADMIN,
    "settings-give-role": ADMIN,
    "settings-holidays": ADMIN,
    "settings-networks": ADMIN,
    "settings-organization": ADMIN,
    "settings-profile": ADMIN,
    "settings-personnel-key": ADMIN,
    "settings-role-period": ADMIN,
    "settings-safety-change": ADMIN,
    "settings-take-role": ADMIN,
    "settings-taking-out": ADMIN,
    "account_email": NOBODY,
    "accounts:email": NOBODY,
    "api:api-root": NOBODY,
    "api:assess": NOBODY,
    "scim:service-provider-config": NOBODY,  # a token of its own kind: tests/core/access/test_scim.py
    "scim:user": NOBODY,
    "scim:users": NOBODY,
    "api:record_facts": NOBODY,
    "mfa_deactivate_totp": NOBODY,
    "mfa_download_recovery_codes": NOBODY,
    "mfa_view_recovery_codes": NOBODY,
    "notifications:retry-mail": NOBODY,
    "notifications:start-paper": NOBODY,
    "openid_connect_callback": NOBODY,
    "openid_connect_login": NOBODY,
    "socialaccount_connections": NOBODY,
    "socialaccount_login_cancelled": NOBODY,
    "socialaccount_login_error": NOBODY,
    "socialaccount_signup": NOBODY,
    "settings-end-holiday": NOBODY,
    "settings-yearly-paper": NOBODY,
}


@dataclass
class Estate:
    """Two organisations with the same things in each, and a person of every kind in the first."""

    own: House
    other: House
    people: dict[str, Any] = field(default_factory=dict)


def named_doors(
    resolver: Any = None, space: str = "", held: tuple[str, ...] = ()
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Each URL name with the names of what its address holds."""
    for door in (resolver or get_resolver()).url_patterns:
        groups = (*held, *door.pattern.regex.groupindex)
        if isinstance(door, URLResolver):
            yield from named_doors(door, f"{space}{door.namespace}:" if door.namespace else space, groups)
        elif isinstance(door, URLPattern) and door.name:
            yield space + door.name, groups


def address(name: str, groups: tuple[str, ...], house: House) -> str:
    """The address of a door in `house`."""
    try:
        return reverse(name, kwargs={group: _held(name, group, house) for group in groups})
    except NoReverseMatch as fault:
        raise LookupError(f"say in tests/matrix.py what {groups} of {name} are") from fault


def _held(name: str, group: str, house: House) -> Any:
    plain = name.rpartition(":")[2]
    if group == "pk":
        return _row(plain, house)
    if group == "number" and ("evidence" in plain or plain == "add-custody"):
        return house.evidence
    if group == "number":
        return _paper(plain, house).number
    usual = {
        "reference": house.pondered.reference
        if "decision" in plain or "open-point" in plain
        else house.case.reference,
        "organization_id": house.one.organization.pk,
        "deadline_id": house.case.deadlines.order_by("pk").first().pk,  # type: ignore[union-attr]
        "email_id": OutgoingEmail.objects.filter(organization=house.one.organization, template="reminder")
        .order_by("pk")
        .values_list("pk", flat=True)
        .first(),
        "user_id": house.people["counsel"].pk,
        "person": house.people["counsel"].pk,
        "membership": house.people["counsel"].memberships.get().pk,
        "version": 2 if plain == "record-filing" else 1,
        "question": PSEUDONYMISED,
        "kind": "log" if plain == "access-log-review" else "surcharge_instalments_granted",
        "which": "person_count",
        "form": "matrix",
        "code": "idle_minutes",
        "check": 0,
        "topic": "period",
        "rule": NetworkRule.objects.filter(organization=house.one.organization)
        .values_list("pk", flat=True)
        .first()
        or 0,
        "key": "a-key",
        "provider_id": "company",
        "uidb36": "a",
    }
    return usual[group]


def _row(plain: str, house: House) -> int:
    if plain.startswith(("settings-end-holiday",)):
        return int(HolidayChange.objects.values_list("pk", flat=True).first() or 0)
    if plain.startswith(("settings", "access-log")):
        return int(house.one.organization.pk)
    if plain == "access-review-paper":
        return int(Review.objects.filter(organization=house.one.organization).values_list("pk", flat=True)[0])
    if plain in ("alert", "ask-explanation"):
        return int(Alert.objects.filter(account=house.people["handler"]).values_list("pk", flat=True)[0])
    if plain == "answer-explanation":
        asked = Explanation.objects.filter(alert__account=house.people["handler"])
        return int(asked.values_list("pk", flat=True)[0])
    if "task" in plain:
        return int(Task.objects.filter(case=house.case).order_by("pk").values_list("pk", flat=True)[0])
    if plain in ("withdraw-step", "correct-step"):
        return house.step
    if "awareness-claim" in plain:
        return house.claim
    if plain == "filing":
        return house.filing
    if plain == "decide-copy":
        return house.asked
    if plain == "revoke-token":
        return int(ApiToken.objects.filter(owner=house.people["handler"]).values_list("pk", flat=True)[0])
    if plain == "end-session":
        return int(
            PersonSession.objects.filter(user=house.people["handler"])
            .order_by("pk")
            .values_list("pk", flat=True)[0]
        )
    if "webauthn" in plain:
        return 0
    return int(house.case.deadlines.order_by("pk").values_list("pk", flat=True)[0])


def _paper(plain: str, house: House) -> Any:
    return house.filed if plain in ("filing", "record-filing") else house.drafted
