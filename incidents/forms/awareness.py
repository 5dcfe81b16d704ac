"""Stating a rival time of knowing."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy

from incidents.facts import CATALOGUE
from incidents.fields import InstantField
from incidents.forms.base import CaseForm
from incidents.models import Basis
from incidents.rivals import ANCHORS


class AwarenessClaimForm(CaseForm):
    anchor = forms.ChoiceField(
        label=gettext_lazy("무엇을 안 시각입니까?"),
        help_text=gettext_lazy("여기서 시작하는 기한을 이 시각으로도 셉니다."),
        choices=[(name, CATALOGUE[name].label) for name in ANCHORS],
        widget=forms.RadioSelect,
    )
    at = InstantField(
        label=gettext_lazy("다투는 시각"), help_text=gettext_lazy("그때 이미 알았다고 볼 수 있는 시각입니다.")
    )
    basis = forms.ChoiceField(
        label=gettext_lazy("근거의 종류"), choices=Basis.choices, widget=forms.RadioSelect
    )
    source = forms.CharField(
        label=gettext_lazy("근거"),
        help_text=gettext_lazy("경보 번호, 메일의 제목과 시각, 회의록처럼 나중에 찾을 수 있게 적어 주세요."),
        max_length=300,
    )
