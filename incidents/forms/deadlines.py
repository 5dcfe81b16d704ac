"""Stopping a clock, setting it aside, letting it run again, and setting one by hand."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from incidents.fields import InstantField, refuse_strange_year
from incidents.forms.base import CaseForm
from incidents.models import DeadlineKind


class FulfilForm(CaseForm):
    at = InstantField(
        label=gettext_lazy("이행한 때"), help_text=gettext_lazy("보낸 시각이나 접수증의 시각입니다.")
    )
    note = forms.CharField(
        label=gettext_lazy("이행 내용"),
        help_text=gettext_lazy("접수번호나 보낸 방법을 적어 두면 나중에 찾기 쉽습니다."),
        required=False,
        max_length=300,
    )
    lateness_reason = forms.CharField(
        label=gettext_lazy("늦은 사유"),
        help_text=gettext_lazy("기한이 지난 뒤에 이행했으면 꼭 적어 주세요. 제출본에 포함됩니다."),
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
    )


class ReasonForm(CaseForm):
    """One reason, asked with the words that fit."""

    reason = forms.CharField(label=gettext_lazy("사유"), widget=forms.Textarea(attrs={"rows": 4}))

    def __init__(self, *args: Any, label: str = "", help_text: str = "", **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.fields["reason"].label = label or self.fields["reason"].label
        self.fields["reason"].help_text = help_text


class DeadlineForm(CaseForm):
    """A deadline no rule computes: an instant or a last day, one of the two."""

    title = forms.CharField(
        label=gettext_lazy("무엇의 기한입니까?"),
        help_text=gettext_lazy("예: 위원회 의견 제출"),
        max_length=120,
    )
    due_at = InstantField(
        label=gettext_lazy("기한 시각"),
        help_text=gettext_lazy("이 시각까지는 기한 안입니다."),
        required=False,
        may_be_future=True,
    )
    last_day = forms.DateField(
        label=gettext_lazy("마지막 날"),
        help_text=gettext_lazy(
            "날짜로만 정해졌으면 이것을 적어 주세요. 그날이 끝날 때까지입니다. 예: 2026-12-06"
        ),
        required=False,
        input_formats=["%Y-%m-%d", "%Y.%m.%d", "%Y. %m. %d.", "%Y/%m/%d", "%Y%m%d"],
        widget=forms.DateInput(attrs={"placeholder": "2026-12-06", "autocomplete": "off"}),
        error_messages={
            "invalid": gettext_lazy("없는 날짜이거나 읽지 못했습니다. 2026-12-06처럼 적어 주세요.")
        },
    )
    source = forms.CharField(
        label=gettext_lazy("누가 정했습니까?"),
        help_text=gettext_lazy("공문 번호나 정한 사람을 적어 주세요."),
        required=False,
        max_length=200,
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("종류"),
        choices=[(kind.value, kind.label) for kind in (DeadlineKind.FOLLOW_UP, DeadlineKind.INTERNAL)],
        initial=DeadlineKind.FOLLOW_UP,
        widget=forms.RadioSelect,
    )

    def clean_last_day(self) -> date | None:
        day: date | None = self.cleaned_data["last_day"]
        try:
            refuse_strange_year(day or self.now)
        except ValueError as fault:
            raise ValidationError(str(fault), code="strange_year") from fault
        return day

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        faulty = self.errors.keys() & {"due_at", "last_day"}
        if not faulty and bool(values.get("due_at")) == bool(values.get("last_day")):
            self.add_error("due_at", _("기한 시각과 마지막 날 가운데 하나만 적어 주세요."))
        return values
