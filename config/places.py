"""The organisation a page of the settings is about, for those it is for, and the page of one form about it."""

from __future__ import annotations

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from core.accounts.asking import who
from core.accounts.models import Organization, Role
from core.accounts.standing import holds


def place_for(request: HttpRequest, pk: int, *roles: Role) -> Organization:
    """The organisation, for whoever has one of `roles` there.

    PermissionDenied for others of the house; one they have no part in does not exist for them (Http404).
    """
    found = get_object_or_404(Organization.objects.visible_to(who(request)), pk=pk)
    if not holds(who(request), *roles, organization=found.pk):
        raise PermissionDenied
    return found


def form_page(
    request: HttpRequest, place: Organization, form: forms.Form, *, heading: str, button: str, back: str
) -> HttpResponse:
    """The page of `form`; `back` names the address it returns to. 422 with a form that has faults."""
    context = {"organization": place, "form": form, "heading": heading, "button": button, "back": back}
    return render(request, "settings/form.html", context, status=422 if form.errors else 200)
