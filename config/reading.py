"""Which door shows or changes whose data: what each is in the access log, and the middleware that writes the rows.

Every URL name stands in `DOORS`. One that does not is written down as a reading all the same, and a test fails
until somebody has said what it is.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from core.access.log import is_unmasked, note_access, purpose_of, shown_in, visit_of
from core.access.models import Act, Result
from incidents.models import Case, Deadline

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Door:
    """What opening a door is. `act` None keeps no row: `why` says what is there instead."""

    act: Act | None
    why: str = ""


READS, PRINTS, DOWNLOADS = Door(Act.READ), Door(Act.PRINT), Door(Act.DOWNLOAD)
LISTS = Door(Act.READ)  # the view says which cases it shows
PUBLIC = Door(None, "shows nothing of anybody")
OWN = Door(None, "one's own words and keys")
LAW = Door(None, "the law and the house, no person")
AT_THE_DOOR = Door(None, "signing in and out writes its own rows")

OF_A_CASE = (
    "adopt-awareness-claim",
    "add-custody",
    "add-deadline",
    "add-entry",
    "add-evidence",
    "add-task",
    "advance-phase",
    "case-clocks",
    "case-copies",
    "case-destruction",
    "case-evidence",
    "case-facts",
    "case-history",
    "case-intake",
    "case-members",
    "case-overview",
    "case-procedure",
    "case-tasks",
    "change-fact",
    "choose-step",
    "claim-awareness",
    "close-case",
    "contested-awareness",
    "correct-step",
    "counsel-notes",
    "deadline",
    "decide-copy",
    "decide-open-point",
    "describe-case",
    "dismiss-deadline",
    "evidence",
    "explain-deadline",
    "fact-history",
    "finish-task",
    "fulfil-deadline",
    "hold-evidence",
    "keep-evidence",
    "leave-case",
    "not-due",
    "record-step",
    "reopen-case",
    "reopen-deadline",
    "skip-task",
    "take-task",
    "what-if",
    "withdraw-awareness-claim",
    "withdraw-decision",
    "withdraw-step",
)
OF_A_PAPER = (
    "acknowledge",
    "case-between",
    "case-notices",
    "case-past",
    "case-reports",
    "compare-versions",
    "decide-version",
    "edit-paper",
    "filing",
    "lint-paper",
    "notice-tab",
    "paper",
    "paper-version",
    "record-filing",
    "report-tab",
    "start-paper",
    "who-knew",
)
OF_THE_SIGN_IN = (
    "account_change_password",
    "account_confirm_email",
    "account_confirm_login_code",
    "account_email",
    "account_email_verification_sent",
    "account_inactive",
    "account_login",
    "account_logout",
    "account_reauthenticate",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "account_set_password",
    "account_signup",
    "accounts:email",
    "openid_connect_callback",
    "openid_connect_login",
    "socialaccount_connections",
    "socialaccount_login_cancelled",
    "socialaccount_login_error",
    "socialaccount_signup",
    "mfa_activate_totp",
    "mfa_add_webauthn",
    "mfa_authenticate",
    "mfa_deactivate_totp",
    "mfa_download_recovery_codes",
    "mfa_edit_webauthn",
    "mfa_generate_recovery_codes",
    "mfa_index",
    "mfa_list_webauthn",
    "mfa_login_webauthn",
    "mfa_reauthenticate_webauthn",
    "mfa_remove_webauthn",
    "mfa_reauthenticate",
    "mfa_view_recovery_codes",
)
OF_ONESELF = (
    "accounts:create-token",
    "accounts:revoke-token",
    "accounts:theme",
    "accounts:token-list",
    "access:acknowledge-duties",
    "access:end-session",
    "access:answer-explanation",
    "access:explanation-list",
    "access:extend-session",
    "access:session-list",
    "access:session-state",
    "incidents:discard-draft",
    "incidents:draft",
)
OF_THE_HOUSE = (
    "notifications:reminder-policy",
    "settings",
    "settings-add-holiday",
    "settings-drills",
    "settings-end-holiday",
    "settings-holidays",
    "settings-law",
    "settings-organization",
    "settings-profile",
    "settings-safety",
    "settings-safety-change",
    "settings-system",
)
OF_PEOPLE = (
    "access-log",
    "access-log-review",
    "alert",
    "alert-list",
    "ask-explanation",
    "copy-register",
    "settings-account",
    "settings-add-person",
    "settings-end-network",
    "settings-give-role",
    "settings-networks",
    "settings-people",
    "settings-personnel-key",
    "settings-role-period",
    "settings-take-role",
    "settings-taking-out",
    "settings-yearly-check",
)

DOORS: Mapping[str, Door] = {
    **{f"incidents:{name}": READS for name in OF_A_CASE},
    **{f"notifications:{name}": READS for name in OF_A_PAPER},
    **dict.fromkeys(OF_THE_SIGN_IN, AT_THE_DOOR),
    **dict.fromkeys(OF_ONESELF, OWN),
    **dict.fromkeys(OF_THE_HOUSE, LAW),
    **dict.fromkeys(OF_PEOPLE, READS),
    "home": LISTS,
    "incidents:case-list": LISTS,
    "incidents:kept-list": LISTS,
    "incidents:open-case": READS,
    "incidents:task-list": LISTS,
    "incidents:case-export": DOWNLOADS,
    "incidents:copy-evidence": DOWNLOADS,
    "incidents:export-case": DOWNLOADS,
    "settings-safety-evidence": DOWNLOADS,
    "settings-yearly-paper": PRINTS,
    "notifications:awaiting-approval": LISTS,
    "notifications:mail-list": LISTS,
    "notifications:mail": READS,
    "notifications:retry-mail": READS,
    "incidents:destruction-certificate": PRINTS,
    "incidents:unmask": Door(Act.UNMASK),
    "notifications:paper-pdf": PRINTS,
    "access-review-paper": PRINTS,
    "api:case_list": LISTS,
    "api:open_case": READS,
    "api:read_case": READS,
    "api:deadline_list": READS,
    "api:record_facts": READS,
    "api:topic_list": LAW,
    "api:assess": LAW,
    "api:api-root": PUBLIC,
    "api:openapi-json": PUBLIC,
    "api-reference": PUBLIC,
    "scim:service-provider-config": PUBLIC,
    "scim:user": READS,
    "scim:users": READS,
    "healthz": PUBLIC,
    "set_language": PUBLIC,
}
READING = ("GET", "HEAD")
WORDS_IN = ("q",)  # the fields of an address that are searched for


class NoteReading:
    """Writes one row for each answer that shows or changes somebody's data. What cannot be written is not shown."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        match = request.resolver_match
        if match is None or not match.view_name or not request.user.is_authenticated:
            return response
        door = DOORS.get(match.view_name, READS)
        if door.act is None or response.status_code in (301, 304) or response.status_code >= 500:
            return response
        try:
            _note(request, response, door.act, place=match.view_name, at=timezone.now())
        except DatabaseError:
            log.exception("an answer was held back: the access log could not be written")
            return _held_back(request)
        return response


def _note(request: HttpRequest, response: HttpResponse, act: Act, *, place: str, at: datetime) -> None:
    is_refused = response.status_code in (401, 403, 404, 429)
    words = " ".join(filter(None, (request.GET.get(name, "") for name in WORDS_IN)))
    note_access(
        visit_of(request),
        act=_act(request, response, act, words),
        place=place,
        result=Result.REFUSED if is_refused else Result.DONE,
        at=at,
        shown=_shown(request),
        purpose=purpose_of(request),
        words=words,
    )


def _act(request: HttpRequest, response: HttpResponse, act: Act, words: str) -> Act:
    """What was done. A copy is taken out with the answer that holds the file; the page that asks what for is read."""
    if act in (Act.PRINT, Act.DOWNLOAD):
        return act if response.has_header("Content-Disposition") else Act.READ
    if act is Act.UNMASK:
        return act if response.status_code == 302 else Act.READ
    if is_unmasked(request):
        return Act.UNMASK
    if request.method not in READING:
        return Act.CHANGE
    return Act.SEARCH if act is Act.READ and words else act


def _shown(request: HttpRequest) -> dict[int | None, list[str]]:
    """What the view said, or the case in the address. One that is refused is named too, so that tries are seen."""
    shown = shown_in(request)
    if shown:
        return shown
    match = request.resolver_match
    kwargs = match.kwargs if match else {}
    cases = Case.objects.none()
    if "reference" in kwargs:
        cases = Case.objects.filter(reference=kwargs["reference"])
    elif "deadline_id" in kwargs:
        cases = Case.objects.filter(pk__in=Deadline.objects.filter(pk=kwargs["deadline_id"]).values("case"))
    return {place: [f"incidents.case:{pk}"] for pk, place in cases.values_list("pk", "organization_id")}


def _held_back(request: HttpRequest) -> HttpResponse:
    if request.path_info.startswith("/api/"):
        return HttpResponse(
            '{"error": {"message": "access log"}}', content_type="application/json", status=503
        )
    context = {"why": _("접속기록을 남기지 못해 보여 드리지 않았습니다.")}
    return render(request, "access/held_back.html", context, status=503)
