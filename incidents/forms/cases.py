"""Opening, describing, moving and closing a case; the questions of the first minutes; the filters of the list."""

from __future__ import annotations

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Fieldset, Layout
from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.accounts.models import Organization, User
from incidents.fields import CountField, InstantField
from incidents.forms.base import CaseForm
from incidents.models import Phase

YES, NO, NOT_KNOWN = "yes", "no", "unknown"
ANSWERS = ((YES, gettext_lazy("예")), (NO, gettext_lazy("아니요")), (NOT_KNOWN, gettext_lazy("아직 모름")))
KIND_CHOICES = (
    ("is_personal_data", gettext_lazy("개인정보")),
    ("is_cyber_incident", gettext_lazy("침해사고")),
    ("is_service_outage", gettext_lazy("서비스 장애")),
)


class OpenForm(forms.Form):
    """Which organisation; asked only of people who work for several."""

    organization = forms.ModelChoiceField(
        label=gettext_lazy("기관"),
        queryset=Organization.objects.none(),
        empty_label=None,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, organizations: list[Organization], **rest: Any) -> None:
        super().__init__(*args, **rest)
        field = self.fields["organization"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Organization.objects.filter(pk__in=[one.pk for one in organizations]).order_by(
            "name"
        )
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True


def _question(label: Any, help_text: Any = "") -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label, help_text=help_text, choices=ANSWERS, initial=NOT_KNOWN, widget=forms.RadioSelect
    )


class IntakeForm(CaseForm):
    """What happened, in words and in yes, no or not known yet. A ‘no’ that ends a clock asks why."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)  # the newest fact when it was opened
    summary = forms.CharField(
        label=gettext_lazy("무슨 일입니까?"),
        help_text=gettext_lazy("한두 문장이면 됩니다. 아직 모르는 것은 적지 않아도 됩니다."),
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
        max_length=20_000,
    )
    title = forms.CharField(
        label=gettext_lazy("사건 이름"),
        help_text=gettext_lazy("목록과 알림에 보입니다. 사람 이름은 적지 마세요."),
        required=False,
        max_length=120,
    )
    leak = _question(
        gettext_lazy("개인정보가 유출되거나 없어졌습니까?"),
        gettext_lazy("분실·도난·유출과 위조·변조·훼손을 모두 포함합니다. 모르면 시계는 그대로 갑니다."),
    )
    leak_known_at = InstantField(
        label=gettext_lazy("그것을 언제 알았습니까?"),
        help_text=gettext_lazy("정보주체 통지와 위원회 신고 72시간이 여기서 시작합니다."),
        required=False,
    )
    leak_reason = forms.CharField(
        label=gettext_lazy("유출등이 아니라고 보는 이유"),
        help_text=gettext_lazy("‘아니요’를 고르면 시계가 끝납니다. 무엇을 보고 판단했는지 적어 주세요."),
        required=False,
        max_length=500,
    )
    intrusion = _question(
        gettext_lazy("외부의 불법적인 접근이나 침입이 있었습니까?"),
        gettext_lazy("해킹, 악성 프로그램, 서비스 거부 공격, 도난당한 계정의 로그인 등입니다."),
    )
    intrusion_known_at = InstantField(
        label=gettext_lazy("침해사고를 언제 알았습니까?"),
        help_text=gettext_lazy("침해사고 신고 24시간이 여기서 시작합니다."),
        required=False,
    )
    intrusion_reason = forms.CharField(
        label=gettext_lazy("침해사고가 아니라고 보는 이유"),
        help_text=gettext_lazy(
            "‘아니요’를 고르면 침해사고 신고 시계가 끝납니다. 무엇을 보고 판단했는지 적어 주세요."
        ),
        required=False,
        max_length=500,
    )
    outage = _question(gettext_lazy("서비스가 멈췄습니까?"))
    occurred_at = InstantField(
        label=gettext_lazy("언제 일어났습니까?"),
        help_text=gettext_lazy("가장 이른 시각입니다. 모르면 비워 두세요."),
        required=False,
    )
    person_count = CountField(
        label=gettext_lazy("대략 몇 명입니까?"),
        help_text=gettext_lazy("짐작이어도 됩니다. ‘추정’으로 기록합니다."),
        required=False,
    )
    has_sensitive = _question(
        gettext_lazy("민감정보가 들어 있습니까?"),
        gettext_lazy("건강, 유전, 범죄경력, 사상·신념, 생체인식 정보 등입니다."),
    )
    has_unique_id = _question(
        gettext_lazy("고유식별정보가 들어 있습니까?"),
        gettext_lazy("주민등록번호, 여권번호, 운전면허번호, 외국인등록번호입니다."),
    )

    def __init__(self, *args: Any, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.helper.layout = Layout(
            "seen",
            Fieldset(_("무슨 일"), "summary", "title", "occurred_at"),
            Fieldset(
                _("개인정보"),
                "leak",
                Div("leak_known_at", css_class="bd-when-not-no"),
                Div("leak_reason", css_class="bd-when-no"),
                css_class="bd-question",
            ),
            Fieldset(
                _("침입"),
                "intrusion",
                Div("intrusion_known_at", css_class="bd-when-not-no"),
                Div("intrusion_reason", css_class="bd-when-no"),
                css_class="bd-question",
            ),
            Fieldset(_("서비스"), "outage"),
            Fieldset(_("얼마나"), "person_count", "has_sensitive", "has_unique_id"),
        )

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or self.cleaned_data
        for question, reason in (("leak", "leak_reason"), ("intrusion", "intrusion_reason")):
            if answers.get(question) == NO and not answers.get(reason):
                self.add_error(
                    reason,
                    _("‘아니요’로 시계를 끝내려면 이유가 필요합니다. 무엇을 보고 판단했는지 적어 주세요."),
                )
        return answers


class DescribeForm(CaseForm):
    seen = forms.CharField(
        widget=forms.HiddenInput, required=False, max_length=16
    )  # what stood when it was opened
    title = forms.CharField(
        label=gettext_lazy("사건 이름"),
        help_text=gettext_lazy("목록과 알림에 보입니다. 사람 이름은 적지 마세요."),
        required=False,
        max_length=120,
    )
    kinds = forms.MultipleChoiceField(
        label=gettext_lazy("종류"), choices=KIND_CHOICES, required=False, widget=forms.CheckboxSelectMultiple
    )
    lead = forms.ModelChoiceField(label=gettext_lazy("담당"), queryset=User.objects.none(), empty_label=None)

    def __init__(self, *args: Any, people: QuerySet[User], **rest: Any) -> None:
        super().__init__(*args, **rest)
        field = self.fields["lead"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = people

    def kinds_wanted(self) -> dict[str, bool]:
        return {name: name in self.cleaned_data["kinds"] for name, _label in KIND_CHOICES}


class PhaseForm(CaseForm):
    phase = forms.ChoiceField(
        label=gettext_lazy("단계"),
        choices=[(phase.value, phase.label) for phase in Phase if phase is not Phase.CLOSED],
        widget=forms.RadioSelect,
    )


class CloseForm(CaseForm):
    reason = forms.CharField(
        label=gettext_lazy("종결하는 이유"),
        help_text=gettext_lazy("통지·신고·조사가 어떻게 끝났는지 적어 주세요. 이력에 남습니다."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class ReopenForm(PhaseForm):
    """Why a closed case is opened again, and where it goes on."""

    reason = forms.CharField(
        label=gettext_lazy("다시 여는 이유"),
        help_text=gettext_lazy("무엇을 새로 알았거나 고쳐야 하는지 적어 주세요. 이력에 남습니다."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    field_order = ("reason", "phase")


class FilterForm(forms.Form):
    """What the list of cases is narrowed to; read from the address, so nothing is required."""

    q = forms.CharField(label=gettext_lazy("사건번호나 제목"), required=False, max_length=100)
    phase = forms.ChoiceField(label=gettext_lazy("단계"), required=False)
    kind = forms.ChoiceField(label=gettext_lazy("종류"), required=False)
    organization = forms.TypedChoiceField(
        label=gettext_lazy("기관"), required=False, coerce=int, empty_value=None
    )
    order = forms.ChoiceField(label=gettext_lazy("차례"), required=False)

    def __init__(self, *args: Any, organizations: list[tuple[int, str]], **rest: Any) -> None:
        super().__init__(*args, **rest)
        every = [("", _("모두"))]
        self.fields["phase"].choices = [*every, *Phase.choices]  # type: ignore[attr-defined]
        self.fields["kind"].choices = [*every, *KIND_CHOICES]  # type: ignore[attr-defined]
        self.fields["organization"].choices = [*every, *organizations]  # type: ignore[attr-defined]
        if len(organizations) < 2:
            del self.fields["organization"]
        orders = [
            ("", _("새로 접수한 것부터")),
            ("due", _("기한이 가까운 것부터")),
            ("reference", _("사건번호 순")),
        ]
        self.fields["order"].choices = orders  # type: ignore[attr-defined]
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.hide_optional = True
