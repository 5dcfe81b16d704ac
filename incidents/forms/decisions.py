"""Answering what the law leaves open."""

from __future__ import annotations

from typing import Any

from crispy_forms.layout import Layout
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from incidents.forms.base import CaseForm
from incidents.open_points import OpenPoint


class OpenPointForm(CaseForm):
    """The answers of one question, the default marked, and the reason. Nothing is chosen beforehand."""

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**62)
    answer = forms.ChoiceField(label=gettext_lazy("판단"), widget=forms.RadioSelect)
    reason = forms.CharField(
        label=gettext_lazy("판단한 이유"),
        help_text=gettext_lazy("무엇을 보고 그렇게 판단했는지 적어 주세요. 이름과 함께 이력에 남습니다."),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=500,
    )

    def __init__(self, *args: Any, point: OpenPoint, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.helper.layout = Layout("seen", "answer", "reason")
        self.fields["answer"].choices = [  # type: ignore[attr-defined]
            (
                answer.code,
                _("%(answer)s (판단하기 전의 기본)") % {"answer": answer.label}
                if answer.is_default
                else answer.label,
            )
            for answer in point.answers
        ]
        self.initial.setdefault("seen", point.decision.pk if point.decision else 0)
        if point.decision:
            self.initial.setdefault("answer", point.decision.answer)
