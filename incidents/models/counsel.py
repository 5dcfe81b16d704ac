"""What counsel writes down of a case for counsel alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.accounts.models import Membership, Role
from incidents.models.cases import Case

if TYPE_CHECKING:
    from core.accounts.models import User


class CounselNoteQuerySet(models.QuerySet["CounselNote"]):
    def visible_to(self, user: User) -> Self:
        """Those of the cases that `user` sees as counsel of the organisation; nobody else's, whatever their role."""
        places = Membership.objects.of(user, Role.COUNSEL).values("organization")
        return self.filter(case__in=Case.objects.visible_to(user), case__organization__in=places)


class CounselNote(models.Model):
    """A privileged note. The database refuses to change it; what is wrong is put right in a further one."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="counsel_notes")
    number = models.PositiveIntegerField(_("번호"))
    text = models.TextField(_("내용"))
    salt = models.CharField(max_length=32)  # of the digest that history keeps of the text
    recorded_at = models.DateTimeField(_("기록 시각"))
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects = CounselNoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("법무 메모")
        verbose_name_plural = _("법무 메모")
        ordering = ("case", "number")
        constraints = [
            models.UniqueConstraint(fields=["case", "number"], name="one_counsel_note_of_each_number")
        ]

    def __str__(self) -> str:
        return f"{self.case.reference} L-{self.number:02}"

    @property
    def label(self) -> str:
        """`L-04`."""
        return f"L-{self.number:02}"
