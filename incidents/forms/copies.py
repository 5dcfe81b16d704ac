"""What a copy is for, and the answer to somebody who asks to take out a large one."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from incidents.forms.base import CaseForm


class PurposeForm(CaseForm):
    purpose = forms.CharField(
        label=_("내보내는 목적"),
        help_text=_("누구에게 왜 필요한지 적어 주세요. 출력·복사 대장과 접속기록에 남습니다."),
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=500,
    )


class AnswerForm(CaseForm):
    answer = forms.ChoiceField(
        label=_("답"),
        choices=[("yes", _("승인합니다")), ("no", _("거절합니다"))],
        widget=forms.RadioSelect,
    )
    note = forms.CharField(
        label=_("의견"),
        help_text=_("거절하면 이유를 적어 주세요."),
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=500,
        required=False,
    )
