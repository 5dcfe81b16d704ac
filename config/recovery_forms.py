"""What is typed on the pages of drills, yearly checks and the evidence of safety measures."""

from __future__ import annotations

from datetime import date
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Fieldset, Layout
from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from config.yearly_figures import CHECKLIST, Figures
from core.access.models import RecoveryDrill
from core.access.typed_words import WordsForm
from core.access.yearly import Finding
from core.access.yearly_models import Verdict
from core.accounts.models import Organization
from incidents.fields import DayField
from incidents.forms.base import CaseForm


class DrillForm(CaseForm):
    drilled_on = DayField(label=gettext_lazy("훈련한 날"), help_text=gettext_lazy("예: 2026-11-21"))
    minutes = forms.IntegerField(
        label=gettext_lazy("걸린 시간(분)"),
        min_value=1,
        max_value=100_000,
        help_text=gettext_lazy("복구를 시작한 때부터 확인을 마친 때까지"),
    )
    result = forms.ChoiceField(
        label=gettext_lazy("결과"), choices=RecoveryDrill.Result.choices, widget=forms.RadioSelect
    )
    note = forms.CharField(
        label=gettext_lazy("확인한 내용과 조치"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("어느 백업을 어디에 복구했고 무엇을 확인했는지"),
    )


class YearlyCheckForm(WordsForm):
    """A verdict and words for each line, and an opinion on the whole. The figures come from the server, not from here."""

    def __init__(self, *args: Any, figures: dict[str, Figures], **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.figures = figures
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        for code in figures:
            self.fields[f"result_{code}"] = forms.ChoiceField(
                label=_("판정"), choices=Verdict.choices, widget=forms.RadioSelect
            )
            self.fields[f"note_{code}"] = forms.CharField(
                label=_("확인한 내용과 조치"), max_length=500, required=False
            )
        self.fields["note"] = forms.CharField(
            label=_("종합 의견과 조치"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4})
        )
        self.helper.layout = Layout(*(_part(code, figures[code]) for code in figures), "note")

    def findings(self, figures: dict[str, Figures]) -> list[Finding]:
        """What was judged, beside `figures` in the language of the record."""
        said = self.cleaned_data
        return [
            Finding(code, figures[code], Verdict(said[f"result_{code}"]), said[f"note_{code}"].strip())
            for code in self.figures
        ]


def _part(code: str, figures: Figures) -> Fieldset:
    """A line of the checklist: its name and article, what was counted, and the fields."""
    line = CHECKLIST[code]
    told = format_html_join("", "<li>{} <strong>{}</strong></li>", figures)
    counted = format_html('<p class="bd-muted">{}</p><ul class="bd-list">{}</ul>', line.cite, told)
    return Fieldset(str(line.label), HTML(counted), f"result_{code}", f"note_{code}")


KINDS = (
    ("annex_pdf", gettext_lazy("내부 관리계획 첨부 설정표(PDF)")),
    ("annex_csv", gettext_lazy("내부 관리계획 첨부 설정표(CSV)")),
    ("bundle", gettext_lazy("안전조치 증빙 묶음(ZIP: PDF와 JSON)")),
)


class SafetyEvidenceForm(CaseForm):
    organization = forms.ModelChoiceField(
        label=gettext_lazy("기관"), queryset=Organization.objects.none(), empty_label=None
    )
    day = DayField(
        label=gettext_lazy("기준일"),
        help_text=gettext_lazy(
            "이날이 끝날 때의 모습으로 만듭니다. 사건이 일어난 날이나 안 날을 적어 주세요."
        ),
    )
    kind = forms.ChoiceField(label=gettext_lazy("만들 것"), choices=KINDS, widget=forms.RadioSelect)
    reason = forms.CharField(
        label=gettext_lazy("내보내는 이유"), max_length=200, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, places: Any, today: date, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.today = today
        self.fields["organization"].queryset = places  # type: ignore[attr-defined]

    def clean_day(self) -> date:
        day: date = self.cleaned_data["day"]
        if day > self.today:
            raise ValidationError(_("아직 오지 않은 날입니다."))
        return day
