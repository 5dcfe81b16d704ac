"""What of the list of cases is taken out, and what for."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from incidents.columns import COLUMNS, USUAL, Column, chosen
from incidents.forms.copies import PurposeForm


class ListForm(PurposeForm):
    columns = forms.MultipleChoiceField(
        label=_("담을 항목"),
        help_text=_(
            "목적에 필요한 것만 고르세요. 처음에는 가장 적게 골라져 있고, 하나도 고르지 않으면 그대로 담습니다. "
            "고른 항목은 출력·복사 대장에 남습니다."
        ),
        choices=[(one.code, one.heading) for one in COLUMNS],
        initial=USUAL,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    field_order = ("columns", "purpose")

    def clean_columns(self) -> tuple[Column, ...]:
        said: Any = self.cleaned_data["columns"]
        return chosen(said)
