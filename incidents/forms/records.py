"""What happened, what there is to do, and how the history is narrowed."""

from __future__ import annotations

from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.accounts.models import Membership, User
from core.audit import telling
from incidents.fields import InstantField
from incidents.forms.base import CaseForm
from incidents.models import Case, CaseMember, TimelineEntry


class EntryForm(CaseForm):
    text = forms.CharField(
        label=gettext_lazy("무슨 일이 있었습니까?"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=20_000,
    )
    happened_at = InstantField(label=gettext_lazy("일어난 때"))
    kind = forms.ChoiceField(
        label=gettext_lazy("종류"), choices=TimelineEntry.Kind.choices, initial=TimelineEntry.Kind.EVENT
    )
    source = forms.CharField(
        label=gettext_lazy("근거"),
        help_text=gettext_lazy("공문, 통화, 로그 등"),
        required=False,
        max_length=300,
    )


class ExportForm(CaseForm):
    reason = forms.CharField(
        label=gettext_lazy("내려받는 이유"),
        help_text=gettext_lazy("누구에게 왜 주는지 적어 주세요. 이력과 묶음에 남습니다."),
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=500,
    )
    is_redacted = forms.BooleanField(
        label=gettext_lazy("사람의 말과 이름을 가립니다"),
        help_text=gettext_lazy("나간 문서는 빠지고 그 해시만 남습니다. 수와 시각은 가리지 않습니다."),
        required=False,
    )


class MemberForm(CaseForm):
    user = forms.ModelChoiceField(
        label=gettext_lazy("참여할 사람"),
        queryset=User.objects.none(),
        help_text=gettext_lazy("이 기관에 역할이 있고 아직 참여하지 않은 사람입니다."),
    )
    ends_on = forms.DateField(
        label=gettext_lazy("마지막 날"),
        help_text=gettext_lazy("이날까지 참여합니다. 비우면 역할이 있는 동안 참여합니다. 예: 2026-12-31"),
        required=False,
        input_formats=["%Y-%m-%d", "%Y.%m.%d", "%Y%m%d"],
        widget=forms.DateInput(attrs={"placeholder": "2026-12-31", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, case: Case, **rest: Any) -> None:
        super().__init__(*args, **rest)
        joined = CaseMember.objects.present().filter(case=case).values("user")
        held = Membership.objects.held().filter(organization=case.organization_id).values("user")
        people = User.objects.filter(pk__in=held).exclude(pk__in=joined)
        self.fields["user"].queryset = people.order_by("name")  # type: ignore[attr-defined]


class TaskForm(CaseForm):
    title = forms.CharField(label=gettext_lazy("할 일"), max_length=160)
    who = forms.CharField(label=gettext_lazy("맡을 사람"), required=False, max_length=60)
    due_at = InstantField(
        label=gettext_lazy("내부 목표"),
        help_text=gettext_lazy("법정 기한이면 시계 탭의 [기한 추가]에서 적어 주세요."),
        required=False,
        may_be_future=True,
    )


class HistoryForm(forms.Form):
    who = forms.ChoiceField(label=gettext_lazy("누가"), required=False)
    tab = forms.ChoiceField(label=gettext_lazy("어느 화면의 일"), required=False)
    kind = forms.ChoiceField(label=gettext_lazy("무엇을"), required=False)

    def __init__(self, *args: Any, people: list[tuple[str, str]], **rest: Any) -> None:
        super().__init__(*args, **rest)
        every = ("", _("모두"))
        self.fields["who"].choices = [every, *people]  # type: ignore[attr-defined]
        self.fields["tab"].choices = [every, *telling.tabs().items()]  # type: ignore[attr-defined]
        self.fields["kind"].choices = [every, *telling.kinds().items()]  # type: ignore[attr-defined]
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.hide_optional = True
