"""Reading one's duties: the page that opens first, and the middleware that leads to it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from core.access.duties import DUTIES, EDITION, PLEDGE, acknowledge_duties, owes_acknowledgement, owes_pledge
from core.access.duty_models import Acknowledgement
from core.access.middleware import WITHOUT_SECOND_FACTOR, name_of
from core.accounts.asking import who

PAGE = "access:acknowledge-duties"
BEFORE_READING = (PAGE, *WITHOUT_SECOND_FACTOR)  # one's own keys, and the way out


class AcknowledgeForm(forms.Form):
    is_read = forms.BooleanField(
        label=gettext_lazy("위 내용을 모두 읽었고 지키겠습니다."),
        error_messages={"required": gettext_lazy("읽고 지키겠다는 확인이 있어야 다음 화면이 열립니다.")},
    )

    def __init__(self, *args: Any, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True


@require_http_methods(["GET", "HEAD", "POST"])
def acknowledge(request: HttpRequest) -> HttpResponse:
    """The duties, with the pledge where one is owed, and when they were last read."""
    form = AcknowledgeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        acknowledge_duties(user=who(request), now=timezone.now())
        messages.success(request, _("확인을 기록했습니다."))
        return redirect("home")
    context = {
        "form": form,
        "duties": DUTIES,
        "pledge": PLEDGE if owes_pledge(who(request)) else (),
        "edition": EDITION,
        "last": Acknowledgement.objects.filter(user=who(request)).first(),
    }
    return render(request, "access/duties.html", context, status=422 if form.errors else 200)


class DutiesFirst:
    """Leads whoever has not read their duties to them, before anything else is shown."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if (
            request.user.is_authenticated
            and name_of(request) not in BEFORE_READING
            and owes_acknowledgement(request.user, now=timezone.now())
        ):
            return redirect(PAGE)
        return self.get_response(request)
