"""Mail and reminders: what went out, what did not, who took it on, and how one wants to be reminded."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Prefetch, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.accounts.models import Membership, Organization, Role, User
from incidents.models import Deadline
from incidents.permissions import can_administer, can_work_on_case
from incidents.services import Obstacle
from incidents.shown import note_cases
from notifications import queries, services
from notifications.models import DeliveryAttempt, OutgoingEmail
from notifications.policy_forms import ReminderPolicyForm

PAGE_SIZE = 50


def _visible(request: HttpRequest) -> QuerySet[OutgoingEmail]:
    rows = OutgoingEmail.objects.visible_to(cast(User, request.user))
    return rows.select_related("to_user", "organization", "deadline__case")


def _may_retry(user: User, email: OutgoingEmail) -> bool:
    administers = Membership.objects.of(user, Role.ADMIN).filter(organization=email.organization_id)
    return email.sent_at is None and email.withdrawn_at is None and administers.exists()


@require_safe
def mail_list(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    user = cast(User, request.user)
    only_failing = request.GET.get("show") == "failing"
    rows = _visible(request).failing() if only_failing else _visible(request)  # type: ignore[attr-defined]
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    note_cases(request, (email.deadline.case for email in page if email.deadline))
    context = {
        "page_obj": page,
        "rows": [(email, email.standing(now)) for email in page],
        "only_failing": only_failing,
        "failing_count": queries.failing_mail_count(user),
        "is_administrator": can_administer(user),
        "timers": queries.timer_health(now),
    }
    return render(request, "notifications/mail_list.html", context)


@require_safe
def mail_detail(request: HttpRequest, email_id: int) -> HttpResponse:
    attempts = DeliveryAttempt.objects.select_related("outcome").order_by("-number")
    rows = _visible(request).prefetch_related(Prefetch("deliveries", queryset=attempts))
    email = get_object_or_404(rows, pk=email_id)
    note_cases(request, [email.deadline.case] if email.deadline else [])
    context = {
        "email": email,
        "standing": email.standing(timezone.now()),
        "attempts": list(email.deliveries.all()),
        "may_retry": _may_retry(cast(User, request.user), email),
    }
    return render(request, "notifications/mail_detail.html", context)


@require_POST
def retry_mail(request: HttpRequest, email_id: int) -> HttpResponse:
    user = cast(User, request.user)
    email = get_object_or_404(_visible(request), pk=email_id)
    if not _may_retry(user, email):
        raise PermissionDenied
    services.retry_email(email_id=email.pk, actor=user, now=timezone.now())
    messages.success(request, _("다음 점검 때 다시 보냅니다."))
    return redirect(email)


@require_POST
def acknowledge(request: HttpRequest, deadline_id: int) -> HttpResponse:
    user = cast(User, request.user)
    rows = Deadline.objects.visible_to(user).select_related("case")
    deadline = get_object_or_404(rows, pk=deadline_id)
    if not can_work_on_case(user, deadline.case):
        raise PermissionDenied
    try:
        services.acknowledge(deadline_id=deadline.pk, actor=user, now=timezone.now())
    except Obstacle as obstacle:
        messages.error(request, str(obstacle))
    else:
        messages.success(request, _("이 기한을 맡았습니다. 이 알림은 다른 사람에게 더 올라가지 않습니다."))
    return redirect("incidents:deadline", deadline.case.reference, deadline.pk)


def _administered(user: User) -> list[Organization]:
    held = Membership.objects.of(user, Role.ADMIN).values("organization")
    return list(Organization.objects.filter(pk__in=held).order_by("name"))


@require_http_methods(["GET", "HEAD", "POST"])
def reminder_policy(request: HttpRequest, organization_id: int | None = None) -> HttpResponse:
    user = cast(User, request.user)
    mine = _administered(user)
    if not mine:
        raise PermissionDenied
    chosen = [row for row in mine if organization_id in (None, row.pk)]
    if not chosen:
        raise Http404
    organization = chosen[0]
    policy = services.policy_of(organization.pk)
    form = ReminderPolicyForm(request.POST or None, initial=ReminderPolicyForm.initial_of(policy))
    if request.method == "POST" and form.is_valid() and _save_policy(form, organization, user):
        messages.success(request, _("알림 정책을 저장하고 진행 중인 기한의 알림을 다시 계획했습니다."))
        return redirect("notifications:reminder-policy", organization.pk)
    context = {"form": form, "policy": policy, "organization": organization, "organizations": mine}
    return render(request, "notifications/reminder_policy.html", context)


def _save_policy(form: ReminderPolicyForm, organization: Organization, user: User) -> bool:
    values = form.cleaned_data
    try:
        services.change_policy(
            organization_id=organization.pk,
            offsets=values["offset_hours"],
            overdue_minutes=values["overdue_minutes"],
            escalation_minutes=values["escalation_minutes"],
            urgent_minutes=values["urgent_minutes"],
            expected_version=values["version"],
            actor=user,
            now=timezone.now(),
        )
    except Obstacle as obstacle:
        form.add_error(None, str(obstacle))
        return False
    return True
