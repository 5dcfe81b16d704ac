"""What happened after the report: papers served, proposals, orders. Each starts deadlines of its own."""

from __future__ import annotations

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.audit.chain import new_salt, salted
from incidents.models.cases import Case


class ProcedureStepQuerySet(models.QuerySet["ProcedureStep"]):
    def standing(self) -> Self:
        """Those nobody has taken back."""
        return self.filter(withdrawn_at=None)


class ProcedureStep(models.Model):
    """One event of the procedure, on its own day; `rules` says which deadlines begin with it.

    What was recorded wrongly is withdrawn with a reason, or corrected: then a further row takes its place and
    its deadlines. Every row stays.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="procedure")
    first = models.ForeignKey(  # of a correction: the row in which the event was recorded first
        "self", models.PROTECT, related_name="corrections", null=True, blank=True
    )
    kind = models.CharField(_("무슨 일"), max_length=60)  # a kind of event of the topic `followups`
    happened_on = models.DateField(_("일어난 날"))
    given = models.JSONField(_("문서에 적힌 것"), default=dict)  # days and lengths the paper itself names
    document = models.CharField(_("문서번호"), max_length=120, blank=True)
    note = models.CharField(_("메모"), max_length=300, blank=True)
    recorded_at = models.DateTimeField(_("기록 시각"))
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    salt = models.CharField(max_length=32, null=True, default=new_salt, editable=False)  # of history's digest
    withdrawn_at = models.DateTimeField(_("거둔 때"), null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    withdrawn_reason = models.CharField(_("거둔 이유"), max_length=500, blank=True)

    objects = ProcedureStepQuerySet.as_manager()

    class Meta:
        verbose_name = _("절차")
        verbose_name_plural = _("절차")
        ordering = ("happened_on", "pk")

    def __str__(self) -> str:
        return f"{self.case.reference} {self.kind} {self.happened_on}"

    def said(self) -> list[Any]:
        """What history keeps a digest of."""
        return salted(self.salt, self.document, self.note)

    @property
    def key(self) -> str:
        """How the deadlines it starts name it."""
        return f"p{self.first_id or self.pk}"

    def as_event(self) -> dict[str, Any]:
        return {"id": self.key, "kind": self.kind, "on": self.happened_on.isoformat(), "given": self.given}
