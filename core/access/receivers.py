"""What happens at the door becomes a session and a row of the access log; a right that ends, ends the sessions."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from allauth.account.signals import password_changed, password_reset, password_set
from allauth.mfa.signals import authentication_failed
from axes.signals import user_locked_out
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.db import transaction
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from core.access.duties import owes_acknowledgement, owes_pledge
from core.access.locks import SOURCE_LOCKED
from core.access.log import Visit, note_access, visit_of
from core.access.models import Act, Result, SessionEnd
from core.access.networks import is_allowed_from
from core.access.services import end_tokens_of
from core.access.sessions import MARK, begin_session, end_session, end_sessions_of, is_used_elsewhere
from core.access.signals import door_locked, second_network
from core.accounts import gates
from core.accounts.adapter import attempted_email, client_address
from core.accounts.models import ApiToken, Membership, User
from core.accounts.signals import role_changed
from core.accounts.token_networks import is_within
from core.audit.services import record


@receiver(user_logged_in, dispatch_uid="a sign-in begins a session")
def keep_session(sender: object, request: HttpRequest, user: User, **rest: Any) -> None:
    now = timezone.now()
    begin_session(
        user=user,
        store=request.session,
        address=client_address(request),
        agent=request.META.get("HTTP_USER_AGENT", ""),
        now=now,
    )
    note_access(visit_of(request, user), act=Act.SIGN_IN, place="account_login", result=Result.DONE, at=now)
    _announce_second_network(user, client_address(request), now=now)


def _announce_second_network(user: User, address: str | None, *, now: datetime) -> None:
    """An account is one person's: another session in use from another network is told to its owner."""
    if not is_used_elsewhere(user, address, now=now):
        return
    with transaction.atomic():
        record("person.second-network", subject=user, actor=user, at=now)
        second_network.send(sender=User, user=user, now=now)


@receiver(user_logged_out, dispatch_uid="a sign-out ends the session")
def close_session(sender: object, request: HttpRequest, user: User | None, **rest: Any) -> None:
    if user is None:
        return
    now = timezone.now()
    end_session(mark=str(request.session.get(MARK, "")), how=SessionEnd.SIGNED_OUT, now=now)
    note_access(visit_of(request, user), act=Act.SIGN_OUT, place="account_logout", result=Result.DONE, at=now)


@receiver(user_login_failed, dispatch_uid="the log of failed sign-ins")
def note_failure(
    sender: object, credentials: dict[str, Any], request: HttpRequest | None, **rest: Any
) -> None:
    if request is None or not hasattr(request, "session"):
        return
    typed = attempted_email(request, credentials)
    known = User.objects.filter(email__iexact=typed).first() if typed else None
    _note_failed(request, known, typed)


@receiver(user_locked_out, dispatch_uid="a lock-out is announced")
def announce_lock_out(sender: object, request: HttpRequest, **rest: Any) -> None:
    """Once, by the try that locks: of an account to its owner, of a source to the administrators alone."""
    if getattr(request, "axes_failures_since_start", None) is None:
        return
    typed = attempted_email(request, getattr(request, "axes_credentials", None))
    is_of_source = getattr(request, SOURCE_LOCKED, False)
    known = User.objects.filter(email__iexact=typed, is_active=True).first() if typed else None
    if known is None and not is_of_source:
        return  # an address that is nobody's: there is no account to lock, and nobody to tell
    with transaction.atomic():
        door_locked.send(sender=User, user=None if is_of_source else known, now=timezone.now())


@receiver(authentication_failed, dispatch_uid="the log of wrong second factors")
def note_wrong_code(sender: object, request: HttpRequest, user: User, **rest: Any) -> None:
    _note_failed(request, user, "")


def _note_failed(request: HttpRequest, user: User | None, typed: str) -> None:
    note_access(
        visit_of(request, user),
        act=Act.SIGN_IN_FAILED,
        place="account_login",
        result=Result.REFUSED,
        at=timezone.now(),
        words="" if user else typed,
    )


@receiver(
    (password_changed, password_set, password_reset), dispatch_uid="another password ends other sessions"
)
def end_other_sessions(sender: object, request: HttpRequest, user: User, **rest: Any) -> None:
    mark = str(request.session.get(MARK, "")) if request.user == user else ""
    end_sessions_of(user_id=user.pk, how=SessionEnd.REMOTE, now=timezone.now(), but_mark=mark)


@receiver(role_changed, dispatch_uid="a role that ends, ends the sessions")
def end_with_role(
    sender: object, user: User, is_given: bool, actor: User | None, now: datetime, **rest: Any
) -> None:
    """In the transaction of the change. Somebody without any role keeps no token either."""
    if is_given:
        return
    end_sessions_of(user_id=user.pk, how=SessionEnd.ROLE, now=now)
    if not Membership.objects.of(user).exists():
        end_tokens_of(user=user, actor=actor, now=now, reason=_("마지막 역할이 끝남"))


def _from_an_allowed_network(user: User, address: str | None) -> str:
    """For programs: what pages are told by the middleware. The try is written down here."""
    if is_allowed_from(user, address):
        return ""
    note_access(Visit(user, address), act=Act.READ, place="api", result=Result.REFUSED, at=timezone.now())
    return _("허용하지 않은 네트워크입니다.")


def _from_a_network_of_the_token(token: ApiToken, address: str | None) -> str:
    """A token that is bound to networks opens nothing elsewhere. The try is written down here."""
    if not token.networks or is_within(address, token.networks):
        return ""
    visit = Visit(token.owner, address, f"bd_{token.prefix}")
    note_access(visit, act=Act.READ, place="api", result=Result.REFUSED, at=timezone.now())
    return _("이 토큰은 정해진 네트워크에서만 쓸 수 있습니다.")


def _pledged(user: User, address: str | None) -> str:
    """A program acts for somebody: in a public system nobody acts before the pledge."""
    if owes_pledge(user) and owes_acknowledgement(user, now=timezone.now()):
        return _("토큰 주인이 먼저 로그인해 의무와 서약을 확인해야 합니다.")
    return ""


gates.register(_from_an_allowed_network)
gates.register(_pledged)
gates.register_for_tokens(_from_a_network_of_the_token)
