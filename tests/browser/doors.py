"""Which door of config.urls is looked at by whom, and why the others are not.

`pages` names each page with who opens it; `NOT_PAGES` says why a door is not there.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import URLResolver, reverse

from core.access.alert_models import Alert
from incidents.clocks import in_address
from notifications.models import OutgoingEmail, Paper
from tests.browser.house import House
from tests.incidents.open_cases import PSEUDONYMISED
from tests.notifications.paper_cases import HOUR, KNOWN

OF_A_CASE = {
    "case-overview": "handler",
    "case-intake": "handler",
    "case-members": "cpo",
    "describe-case": "handler",
    "advance-phase": "handler",
    "close-case": "cpo",
    "case-clocks": "handler",
    "not-due": "auditor",
    "what-if": "auditor",
    "add-deadline": "handler",
    "case-procedure": "handler",
    "choose-step": "handler",
    "contested-awareness": "cpo",
    "claim-awareness": "handler",
    "case-facts": "handler",
    "case-tasks": "handler",
    "add-task": "handler",
    "case-copies": "auditor",
    "case-destruction": "cpo",
    "case-evidence": "auditor",
    "add-evidence": "handler",
    "counsel-notes": "counsel",
    "unmask": "auditor",
    "case-history": "auditor",
    "add-entry": "handler",
    "export-case": "auditor",
}
OF_AN_EVIDENCE = {
    "evidence": "cpo",
    "copy-evidence": "auditor",
    "add-custody": "handler",
    "hold-evidence": "cpo",
    "keep-evidence": "cpo",
}
OF_A_CLOCK = {
    "deadline": "handler",
    "explain-deadline": "auditor",
    "fulfil-deadline": "handler",
    "dismiss-deadline": "cpo",
    "reopen-deadline": "cpo",
}
BEFORE_SIGNING_IN = (
    "account_login",
    "account_signup",
    "account_inactive",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key_done",
)
OF_ONESELF = (
    "account_logout",
    "account_change_password",
    "account_reauthenticate",
    "accounts:token-list",
    "accounts:create-token",
    "mfa_index",
    "mfa_list_webauthn",
    "access:session-list",
    "access:acknowledge-duties",
    "access:explanation-list",
    "settings",
    "settings-safety",
    "settings-safety-evidence",
    "settings-drills",
    "settings-system",
    "settings-law",
    "settings-holidays",
    "settings-add-holiday",
)
OF_AN_ORGANIZATION = (
    "settings-organization",
    "settings-profile",
    "settings-add-person",
    "settings-give-role",
    "settings-networks",
)

POSTED = "takes POST alone"
CLOSED = "closed, or leads to the sign-in: accounts are made by administrators and every address is confirmed"
SAME_FORM = "one of the forms looked at, asked for another thing"
NOT_PAGES = {
    "healthz": "JSON",
    "scim:service-provider-config": "JSON",
    "scim:user": "JSON",
    "scim:users": "JSON",
    "api-reference": "the programs' own page, with the look of its library",
    "account_email": CLOSED,
    "accounts:email": CLOSED,
    "openid_connect_login": POSTED,
    "openid_connect_callback": "leads on, or back to the sign-in",
    "socialaccount_connections": CLOSED,
    "socialaccount_login_cancelled": CLOSED,
    "socialaccount_login_error": CLOSED,
    "socialaccount_signup": CLOSED,
    "account_email_verification_sent": CLOSED,
    "account_confirm_email": CLOSED,
    "account_confirm_login_code": CLOSED,
    "account_set_password": "leads on to changing the password: every person has one",
    "account_reset_password_from_key": "a key from a mail; a used one is looked at below",
    "mfa_activate_totp": "asks for the password first; looked at with the second factor",
    "mfa_authenticate": "only in the middle of signing in",
    "mfa_reauthenticate": "only with a second factor",
    "mfa_deactivate_totp": "only with a second factor",
    "mfa_view_recovery_codes": "only with a second factor",
    "mfa_generate_recovery_codes": "only with a second factor",
    "mfa_download_recovery_codes": "a text file",
    "mfa_add_webauthn": "asks for the password first; looked at with the passkey",
    "mfa_edit_webauthn": "only with a passkey",
    "mfa_remove_webauthn": "only with a passkey",
    "mfa_reauthenticate_webauthn": "only with a passkey",
    "mfa_login_webauthn": "JSON, and the form of the sign-in page",
    "access:end-session": POSTED,
    "ask-explanation": POSTED,
    "access-review-paper": "a PDF",
    "access:session-state": "JSON",
    "access:extend-session": POSTED,
    "settings-end-network": SAME_FORM,
    "settings-account": SAME_FORM,
    "accounts:theme": POSTED,
    "accounts:revoke-token": SAME_FORM,
    "set_language": POSTED,
    "incidents:draft": "JSON",
    "incidents:discard-draft": POSTED,
    "incidents:leave-case": SAME_FORM,
    "incidents:reopen-case": "only of a closed case; the form of closing one",
    "incidents:take-task": POSTED,
    "incidents:finish-task": POSTED,
    "incidents:skip-task": SAME_FORM,
    "notifications:retry-mail": POSTED,
    "notifications:acknowledge": POSTED,
    "notifications:start-paper": POSTED,
    "notifications:lint-paper": POSTED,
    "notifications:decide-version": POSTED,
    "notifications:notice-tab": "another name of notifications:case-notices",
    "notifications:report-tab": "another name of notifications:case-reports",
    "incidents:destruction-certificate": "only of a destroyed case; the form of a purpose",
    "settings-take-role": SAME_FORM,
    "settings-yearly-paper": "a PDF",
    "settings-end-holiday": SAME_FORM,
}


def pages(house: House) -> Iterator[tuple[str, str, str]]:
    """Who opens which door: (person, URL name, address). The empty person has not signed in."""
    case, clock = house.case.reference, house.case.deadlines.order_by("pk").first()
    mail, place = OutgoingEmail.objects.order_by("pk").first(), house.one.organization.pk
    assert clock and mail
    yield from (("", name, reverse(name)) for name in BEFORE_SIGNING_IN)
    yield from (("admin", name, reverse(name)) for name in OF_ONESELF)
    yield from (("admin", name, reverse(name, args=[place])) for name in OF_AN_ORGANIZATION)
    yield "auditor", "access-log", reverse("access-log")
    yield from of_the_alert()
    yield "auditor", "copy-register", reverse("copy-register")
    yield "handler", "incidents:case-export", reverse("incidents:case-export")
    yield "cpo", "incidents:kept-list", reverse("incidents:kept-list")
    yield "cpo", "incidents:decide-copy", reverse("incidents:decide-copy", args=[case, house.asked])
    for kind in ("log", "rights"):
        yield "auditor", "access-log-review", reverse("access-log-review", args=[place, kind])
    yield "admin", "settings-safety-change", reverse("settings-safety-change", args=["idle_minutes"])
    for person in ("cpo", "approver"):
        yield person, "settings-yearly-check", reverse("settings-yearly-check", args=[place])
    counsel = house.people["counsel"]
    held = counsel.memberships.get().pk
    yield "admin", "settings-role-period", reverse("settings-role-period", args=[place, held])
    yield "admin", "settings-taking-out", reverse("settings-taking-out", args=[place, held])
    yield "admin", "settings-personnel-key", reverse("settings-personnel-key", args=[place, counsel.pk])
    yield "admin", "settings-people", reverse("settings-people", args=[place])
    yield "cpo", "settings-people", reverse("settings-people", args=[place])
    yield "admin", "notifications:reminder-policy", reverse("notifications:reminder-policy", args=[place])
    yield "admin", "notifications:mail-list", reverse("notifications:mail-list")
    yield "admin", "notifications:mail", reverse("notifications:mail", args=[mail.pk])
    yield "handler", "home", reverse("home")
    yield "handler", "home", reverse("home") + "?show=overdue"
    yield "outsider", "home", reverse("home")
    yield "handler", "incidents:case-list", reverse("incidents:case-list")
    yield "handler", "incidents:case-list", reverse("incidents:case-list") + "?q=none"
    yield "handler", "incidents:open-case", reverse("incidents:open-case")
    yield "auditor", "incidents:open-case", reverse("incidents:open-case")
    yield "handler", "incidents:task-list", reverse("incidents:task-list")
    for name, person in OF_A_CASE.items():
        yield person, f"incidents:{name}", reverse(f"incidents:{name}", args=[case])
    yield "auditor", "incidents:case-overview", reverse("incidents:case-overview", args=[case])
    for name in ("decide-open-point", "withdraw-decision"):
        where = reverse(f"incidents:{name}", args=[house.pondered.reference, PSEUDONYMISED])
        yield "cpo", f"incidents:{name}", where
    yield "cpo", "incidents:case-clocks", reverse("incidents:case-clocks", args=[house.pondered.reference])
    supposed = reverse("incidents:what-if", args=[case]) + "?ask=1&person_count=1,000"
    yield "auditor", "incidents:what-if", supposed
    for name, person in OF_A_CLOCK.items():
        yield person, f"incidents:{name}", reverse(f"incidents:{name}", args=[case, clock.pk])
    step = reverse("incidents:record-step", args=[case, "surcharge_instalments_granted"])
    yield "handler", "incidents:record-step", step
    yield "handler", "incidents:correct-step", reverse("incidents:correct-step", args=[case, house.step])
    yield "handler", "incidents:withdraw-step", reverse("incidents:withdraw-step", args=[case, house.step])
    for name in ("withdraw-awareness-claim", "adopt-awareness-claim"):
        yield "cpo", f"incidents:{name}", reverse(f"incidents:{name}", args=[case, house.claim])
    for name, person in OF_AN_EVIDENCE.items():
        yield person, f"incidents:{name}", reverse(f"incidents:{name}", args=[case, house.evidence])
    yield "handler", "incidents:change-fact", reverse("incidents:change-fact", args=[case, "anchor"])
    yield "handler", "incidents:change-fact", reverse("incidents:change-fact", args=[case, "person_count"])
    yield "handler", "incidents:fact-history", reverse("incidents:fact-history", args=[case, "person_count"])
    yield from papers(house)
    yield from the_past(house)
    yield "outsider", "404", reverse("incidents:case-overview", args=[case])
    yield "handler", "403", reverse("settings-organization", args=[place])
    yield "", "a used key", "/accounts/password/reset/key/1-abc/"


def of_the_alert() -> Iterator[tuple[str, str, str]]:
    alert = Alert.objects.order_by("pk")[0]
    yield "auditor", "alert-list", reverse("alert-list")
    yield "auditor", "alert", reverse("alert", args=[alert.pk])
    yield "handler", "access:explanation-list", reverse("access:explanation-list")
    asked = alert.explanations.get()
    yield "handler", "access:answer-explanation", reverse("access:answer-explanation", args=[asked.pk])


def papers(house: House) -> Iterator[tuple[str, str, str]]:
    case = house.case.reference

    def door(name: str, paper: Paper, *more: int) -> tuple[str, str]:
        name = f"notifications:{name}"
        return name, reverse(name, args=[case, paper.number, *more])

    yield "handler", "notifications:case-notices", reverse("notifications:case-notices", args=[case])
    yield "handler", "notifications:case-reports", reverse("notifications:case-reports", args=[case])
    yield "approver", "notifications:awaiting-approval", reverse("notifications:awaiting-approval")
    yield "handler", *door("paper", house.drafted)
    yield "approver", *door("paper", house.ready)
    yield "handler", *door("paper", house.filed)
    yield "handler", *door("edit-paper", house.drafted)
    yield "handler", *door("compare-versions", house.drafted)
    yield "handler", *door("paper-version", house.drafted, 1)
    yield "handler", *door("paper-pdf", house.filed, 2)
    yield "handler", *door("record-filing", house.filed, 2)
    yield "handler", *door("record-filing", house.drafted, 1)
    yield "handler", *door("filing", house.filed, house.filing)


def the_past(house: House) -> Iterator[tuple[str, str, str]]:
    """The case as it was: at its opening, now, with the eyes of somebody who could not see it."""
    case = house.case.reference
    for name in ("case-past", "case-between", "who-knew"):
        yield "auditor", f"notifications:{name}", reverse(f"notifications:{name}", args=[case])
    past = reverse("notifications:case-past", args=[case])
    yield "handler", "notifications:case-past", f"{past}?at={in_address(KNOWN + HOUR)}"
    yield "handler", "notifications:case-past", f"{past}?at=2026-11-20 09:00"
    yield "cpo", "notifications:case-past", f"{past}?as={house.people['admin'].pk}"


def named_doors(resolver: Any, space: str = "") -> Iterator[str]:
    for door in resolver.url_patterns:
        if isinstance(door, URLResolver):
            yield from named_doors(door, f"{space}{door.namespace}:" if door.namespace else space)
        elif door.name:
            yield space + door.name
