"""What a person was typing, kept on the server: saved as they type, offered when they come back."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST

from core.accounts.asking import who
from incidents import services
from incidents.clocks import instant_label
from incidents.models import Draft

NOT_KEPT = ("csrfmiddlewaretoken", "step")
LONGEST_KEY = 120


@require_http_methods(["GET", "POST"])
def draft(request: HttpRequest, form: str) -> HttpResponse:
    """GET answers what is kept of `form`, POST keeps it. Always the person's own."""
    if len(form) > LONGEST_KEY:
        return JsonResponse({"error": "form"}, status=400)
    if request.method == "POST":
        content = {name: values for name, values in request.POST.lists() if name not in NOT_KEPT}
        kept = services.keep_draft(user=who(request), form=form, content=content, now=timezone.now())
        return JsonResponse({"saved_at": kept.saved_at.isoformat()})
    row = Draft.objects.filter(user=who(request), form=form).first()
    return JsonResponse({"content": row.values(), "saved_at": row.saved_at.isoformat()} if row else {})


@require_POST
def discard_draft(request: HttpRequest, form: str) -> HttpResponse:
    """Throw the kept text away, then go back to the page it belongs to."""
    services.throw_away_draft(user=who(request), form=form)
    back = request.POST.get("next", "/")
    safe = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()})
    return HttpResponseRedirect(back if safe else "/")


def draft_context(request: HttpRequest, key: str) -> dict[str, Any]:
    """What a form page says about its draft; `draft_label` is empty while nothing is kept or it is in use."""
    row = Draft.objects.filter(user=who(request), form=key).first() if request.method == "GET" else None
    resumed = "resume" in request.GET
    return {
        "draft_url": reverse("incidents:draft", args=[key]),
        "draft_label": instant_label(row.saved_at) if row and not resumed else "",
        "draft_discard_url": reverse("incidents:discard-draft", args=[key]),
        "draft_resumed": bool(row) and resumed,
    }


def resumed_values(request: HttpRequest, key: str, fields: dict[str, forms.Field]) -> dict[str, Any]:
    """The kept words as initial values, when the person asked to go on with them."""
    row = Draft.objects.filter(user=who(request), form=key).first() if "resume" in request.GET else None
    if row is None:
        return {}
    typed = QueryDict(mutable=True)
    for name, values in row.values().items():
        typed.setlist(name, values if isinstance(values, list) else [values])
    return {
        name: field.widget.value_from_datadict(typed, {}, name)
        for name, field in fields.items()
        if name in typed
    }
