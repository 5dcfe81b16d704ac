"""What is to be done in a case."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from incidents.models.cases import Case

if TYPE_CHECKING:
    from core.accounts.models import User


class TaskQuerySet(models.QuerySet["Task"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(case__in=Case.objects.visible_to(user))

    def open(self) -> Self:
        return self.filter(done_at=None, skipped_at=None)


class Task(models.Model):
    """One thing to do in a case, from a playbook or written by a person."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="tasks")
    code = models.CharField(max_length=40, blank=True)  # the playbook step, empty when written by hand
    title = models.CharField(_("할 일"), max_length=160)
    guidance = models.TextField(_("안내"), blank=True)
    who = models.CharField(_("맡을 사람"), max_length=60, blank=True)
    order = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(_("내부 목표"), null=True, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="tasks",
        null=True,
        blank=True,
        verbose_name=_("담당"),
    )
    done_at = models.DateTimeField(_("마친 때"), null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    skipped_at = models.DateTimeField(_("하지 않기로 한 때"), null=True, blank=True)
    skipped_reason = models.CharField(_("하지 않는 이유"), max_length=300, blank=True)

    objects = TaskQuerySet.as_manager()

    class Meta:
        verbose_name = _("할 일")
        verbose_name_plural = _("할 일")
        ordering = ("order", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["case", "code"], condition=~Q(code=""), name="a_playbook_step_once"
            )
        ]

    def __str__(self) -> str:
        return self.title
