"""What the law leaves open, and how a person settled it for one case."""

from __future__ import annotations

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from incidents.models.cases import Case


class OpenPointDecisionQuerySet(models.QuerySet["OpenPointDecision"]):
    def standing(self) -> Self:
        return self.filter(replaced_at=None)

    def as_facts(self) -> list[dict[str, Any]]:
        """What `rules` reads beside the facts of a case: question, answer, and the row that holds the reason.

        The words stay in their row; what the law answers is kept with its digest and could not lose them.
        """
        return [
            {"question": row.question, "answer": row.answer, "reason": f"판단 기록 {row.pk}"}
            for row in self.standing().order_by("question")
        ]


class OpenPointDecision(models.Model):
    """One question `rules` puts to people, answered for a case. A later answer replaces it; it stays."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="decisions")
    question = models.CharField(_("물음"), max_length=80)  # the id of the question in `rules`
    answer = models.CharField(_("답"), max_length=40)
    reason = models.TextField(_("이유"))
    decided_at = models.DateTimeField(_("판단한 때"))
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    replaced_at = models.DateTimeField(_("바뀐 때"), null=True, blank=True)

    objects = OpenPointDecisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("판단")
        verbose_name_plural = _("판단")
        ordering = ("decided_at", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["case", "question"],
                condition=Q(replaced_at=None),
                name="one_answer_to_each_open_point",
            )
        ]

    def __str__(self) -> str:
        return f"{self.case.reference} {self.question}: {self.answer}"
