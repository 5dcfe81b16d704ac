"""Asking for the destruction of a closed case."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from incidents.fields import DayField
from incidents.forms.base import CaseForm
from incidents.models.destruction import Destruction


class DestructionForm(CaseForm):
    ground = forms.ChoiceField(
        label=_("파기하는 근거"), choices=Destruction.Ground.choices, widget=forms.RadioSelect
    )
    needless_on = DayField(
        label=_("불필요하게 된 날"),
        help_text=_(
            "보유 기간이 끝났거나 목적을 달성한 날입니다. 정당한 사유가 없으면 5일 안에 파기해야 합니다(표준 개인정보 보호지침 제10조). 예: 2026-11-21"
        ),
    )
    reason = forms.CharField(
        label=_("파기하는 이유"),
        help_text=_("확인서에 그대로 적힙니다. 개인정보를 적지 마세요."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=500,
    )
