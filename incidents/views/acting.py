"""What every form that acts on a case shares: a refusal stands at its field, and the words stay."""

from __future__ import annotations

from types import TracebackType
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from incidents.forms.base import CaseForm
from incidents.services import Obstacle
from incidents.values import FactRefused


class FaultsAt:
    """Act within it and return the answer. What a service refuses is put at its field, and the code goes on after it."""

    def __init__(self, form: CaseForm) -> None:
        self.form = form

    def __enter__(self) -> None:
        return

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> bool:
        if isinstance(fault, Obstacle):
            self.form.add_fault(fault.field, str(fault))
        elif isinstance(fault, FactRefused):
            for name, message in fault.faults.items():
                self.form.add_fault(name, message)
        else:
            return False
        return True


def form_page(
    request: HttpRequest, context: dict[str, Any], template: str = "incidents/case_form.html"
) -> HttpResponse:
    """The page of `context["form"]`: 200 when it is opened, 422 with what was refused."""
    return render(request, template, context, status=422 if context["form"].errors else 200)
