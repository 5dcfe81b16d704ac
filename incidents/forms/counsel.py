"""A note of counsel."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from incidents.forms.base import CaseForm


class CounselNoteForm(CaseForm):
    text = forms.CharField(
        label=_("법무 메모"),
        help_text=_("한 번 적으면 고치거나 지울 수 없습니다. 이력에는 메모가 있다는 것만 남습니다."),
        widget=forms.Textarea(attrs={"rows": 6}),
        max_length=20_000,
    )
