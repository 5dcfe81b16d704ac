"""What is typed on the pages of safety measures, the access log and allowed networks."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.access.alert_models import Alert, Finding
from core.access.models import Act, Result, Verdict
from core.access.queries import SettingLine
from core.access.typed_words import WordsForm
from core.accounts.models import Role, User


class _PlainForm(WordsForm):
    def __init__(self, *args: Any, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True


def reason_field(label: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=500, widget=forms.Textarea(attrs={"rows": 3}))


class SettingForm(_PlainForm):
    """The range is said here and checked by the service, which names it in its refusal."""

    value = forms.IntegerField(label=gettext_lazy("새 값"))
    reason = reason_field(gettext_lazy("바꾸는 이유"))

    def __init__(self, *args: Any, line: SettingLine, **rest: Any) -> None:
        super().__init__(*args, **rest)
        told = {"low": line.lowest_said, "high": line.highest_said}
        self.fields["value"].help_text = _("%(low)s부터 %(high)s까지 정할 수 있습니다.") % told
        self.fields["value"].initial = line.value


class ReasonForm(_PlainForm):
    reason = reason_field(gettext_lazy("이유"))


class NetworkForm(_PlainForm):
    role = forms.ChoiceField(
        label=gettext_lazy("역할"),
        choices=[("", gettext_lazy("모든 역할")), *Role.choices],
        required=False,
    )
    network = forms.CharField(
        label=gettext_lazy("허용 네트워크"),
        max_length=49,
        help_text=gettext_lazy("예: 192.0.2.0/24, 2001:db8::/32"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    reason = reason_field(gettext_lazy("이유"))


class LogFilter(_PlainForm):
    account = forms.ChoiceField(label=gettext_lazy("식별자"), required=False)
    act = forms.ChoiceField(
        label=gettext_lazy("수행업무"), choices=[("", gettext_lazy("모두")), *Act.choices], required=False
    )
    result = forms.ChoiceField(
        label=gettext_lazy("결과"), choices=[("", gettext_lazy("모두")), *Result.choices], required=False
    )
    month = forms.RegexField(
        r"^\d{4}-(0[1-9]|1[0-2])$",
        label=gettext_lazy("달"),
        required=False,
        help_text=gettext_lazy("예: 2026-11"),
    )

    def __init__(self, *args: Any, people: list[tuple[int, str]], **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.helper.hide_optional = True
        self.fields["account"].choices = [("", _("모두")), *people]  # type: ignore[attr-defined]


class ReviewForm(_PlainForm):
    """The verdict on a period."""

    verdict = forms.ChoiceField(label=gettext_lazy("판정"), choices=Verdict.choices, widget=forms.RadioSelect)
    note = forms.CharField(
        label=gettext_lazy("확인한 내용과 조치"), max_length=1000, widget=forms.Textarea(attrs={"rows": 4})
    )


class LogReviewForm(ReviewForm):
    """The verdict on a period, and a finding for each of its alerts; those about the reviewer are others' to judge."""

    def __init__(self, *args: Any, alerts: Iterable[Alert], reviewer: User, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.judged = [alert for alert in alerts if alert.account_id != reviewer.pk]
        held = {name: self.fields.pop(name) for name in ("verdict", "note")}
        for alert in self.judged:
            self.fields[f"alert_{alert.pk}"] = forms.ChoiceField(
                label=_("%(alert)s의 판정") % {"alert": alert},
                choices=[("", _("골라 주세요")), *Finding.choices],
                initial=alert.finding,
            )
        self.fields.update(held)

    def hits(self) -> dict[int, Finding]:
        """Each alert with what was found about it."""
        return {alert.pk: Finding(self.cleaned_data[f"alert_{alert.pk}"]) for alert in self.judged}
