"""The form of the reminder policy."""

from __future__ import annotations

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Fieldset, Layout
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from notifications.models import ReminderPolicy
from notifications.models.reminders import MINUTES_IN_HOUR, validate_offsets


class ReminderPolicyForm(forms.Form):
    """Offsets are written in hours, as people speak of them, and kept in minutes."""

    offset_hours = forms.CharField(
        label=_("기한 몇 시간 전에 알릴지"),
        max_length=120,
        help_text=_(
            "시간을 쉼표로 나눠 적습니다. 예: 48, 24, 12, 6, 1. 기한보다 긴 시간은 그 기한에는 쓰지 않습니다."
        ),
    )
    overdue_minutes = forms.IntegerField(
        label=_("기한이 지난 뒤 알림 간격(분)"),
        min_value=10,
        max_value=1440,
        help_text=_("이행을 기록할 때까지 되풀이합니다."),
    )
    escalation_minutes = forms.IntegerField(
        label=_("확인을 기다리는 시간(분)"),
        min_value=1,
        max_value=720,
        help_text=_("이 시간 안에 아무도 [확인함 · 내가 처리]를 누르지 않으면 다음 사람에게 알립니다."),
    )
    urgent_minutes = forms.IntegerField(
        label=_("마지막 1시간과 기한 뒤에 기다리는 시간(분)"), min_value=1, max_value=60
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args: Any, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.helper = FormHelper()
        self.helper.form_tag = False
        before = Fieldset(_("기한 전"), "offset_hours", "escalation_minutes")
        after = Fieldset(_("마지막 1시간과 기한 뒤"), "urgent_minutes", "overdue_minutes", "version")
        self.helper.layout = Layout(before, after)

    @classmethod
    def initial_of(cls, policy: ReminderPolicy) -> dict[str, Any]:
        names = ("offset_hours", "overdue_minutes", "escalation_minutes", "urgent_minutes", "version")
        return {name: getattr(policy, name) for name in names}

    def clean_offset_hours(self) -> list[int]:
        """The hours as minutes."""
        try:
            hours = [float(part) for part in self.cleaned_data["offset_hours"].replace("，", ",").split(",")]
            offsets = [round(number * MINUTES_IN_HOUR) for number in hours]
        except (ValueError, OverflowError) as fault:
            raise ValidationError(
                gettext("시간을 숫자와 쉼표로 적어 주세요. 예: 48, 24, 12, 6, 1")
            ) from fault
        validate_offsets(offsets)
        return offsets
