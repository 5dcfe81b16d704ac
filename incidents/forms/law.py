"""A public holiday counted otherwise than the calendar says."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy

from incidents.forms.base import CaseForm
from incidents.models import HolidayChange


class HolidayChangeForm(CaseForm):
    day = forms.DateField(
        label=gettext_lazy("날짜"),
        help_text=gettext_lazy("예: 2026-12-31"),
        input_formats=["%Y-%m-%d", "%Y.%m.%d", "%Y%m%d"],
        widget=forms.DateInput(attrs={"placeholder": "2026-12-31", "autocomplete": "off"}),
    )
    change = forms.ChoiceField(
        label=gettext_lazy("어떻게 봅니까?"), choices=HolidayChange.Change.choices, widget=forms.RadioSelect
    )
    name = forms.CharField(
        label=gettext_lazy("이름"), help_text=gettext_lazy("예: 임시공휴일"), max_length=60
    )
    source = forms.CharField(
        label=gettext_lazy("근거"),
        help_text=gettext_lazy("관보의 공고 번호나 법령처럼 나중에 찾을 수 있게 적어 주세요."),
        max_length=300,
    )
