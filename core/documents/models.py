"""Issued papers. A row is never changed: a correction is another paper."""

from __future__ import annotations

import hashlib
import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class DocumentQuerySet(models.QuerySet["Document"]):
    def of_case(self, case_key: str) -> Self:
        """The papers of a case, newest first, without the files themselves."""
        return self.filter(case_key=case_key).defer("pdf").order_by("-issued_at", "-pk")


class Document(models.Model):
    """One issued paper with its file.

    The PDF lies in the row: written in the same transaction, kept by the same backup,
    and there is no folder that can lose it.
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    case_key = models.CharField(_("사건 번호"), max_length=40, db_index=True)
    kind = models.CharField(_("종류"), max_length=40)
    number = models.CharField(_("문서번호"), max_length=60, db_index=True)
    copy_number = models.PositiveIntegerField(_("부본"), default=1)
    title = models.CharField(_("제목"), max_length=200)
    template = models.CharField(_("서식"), max_length=120)
    template_edition = models.CharField(_("서식판"), max_length=40)
    rules_digest = models.CharField(_("규칙판"), max_length=64)
    content_hash = models.CharField(_("내용 해시"), max_length=64)
    file_hash = models.CharField(_("파일 해시"), max_length=64)  # SHA-256 of `pdf`
    pdf = models.BinaryField(_("PDF 파일"))
    page_count = models.PositiveIntegerField(_("쪽수"))
    status = models.CharField(_("상태"), max_length=20)
    issued_at = models.DateTimeField(_("발행 시각"))
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, verbose_name=_("발행자")
    )

    objects = DocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("문서")
        verbose_name_plural = _("문서")
        constraints = [
            models.CheckConstraint(condition=models.Q(page_count__gte=1), name="a_paper_has_a_page"),
            models.CheckConstraint(condition=models.Q(copy_number__gte=1), name="copies_start_at_one"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @property
    def file_is_whole(self) -> bool:
        """Whether the stored file is, byte for byte, the one that was issued."""
        return hashlib.sha256(bytes(self.pdf)).hexdigest() == self.file_hash


from core.documents import case_keys  # noqa: E402, F401  # a table of this app with a subject of its own
