"""What is said of a right when it is given or taken: who asked for it, and whether things may be taken out with it."""

from __future__ import annotations

from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from config.role_periods import PeriodForm
from core.access.typed_words import WordsForm
from core.accounts.models import Organization, User
from core.accounts.requesters import Requester


class RequesterForm(WordsForm):
    """Who asked: somebody of the organisation, or somebody else in words. `must_name` asks for one of the two."""

    must_name = True
    asked_by = forms.ModelChoiceField(
        label=gettext_lazy("요청한 사람"),
        help_text=gettext_lazy(
            "목록에 없으면 아래 칸에 적어 주세요. 권한을 줄 때는 둘 중 하나가 있어야 합니다."
        ),
        queryset=User.objects.none(),
        empty_label=gettext_lazy("목록에 없음"),
        required=False,
    )
    asked_words = forms.CharField(
        label=gettext_lazy("요청한 사람(목록에 없을 때)"),
        help_text=gettext_lazy("예: 인사팀 김부장 메일, 2026-11-20. 이력에 남습니다."),
        required=False,
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, place: Organization, **rest: Any) -> None:
        super().__init__(*args, **rest)
        people = User.objects.filter(memberships__organization=place, is_active=True)
        self.fields["asked_by"].queryset = people.distinct().order_by("name")  # type: ignore[attr-defined]
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        named = said.get("asked_by") or str(said.get("asked_words") or "").strip()
        if self.must_name and not named and "asked_by" not in self.errors:
            self.add_error("asked_by", _("누가 요청했는지 고르거나 아래 칸에 적어 주세요."))
        return said

    def requester(self) -> Requester:
        """Who asked, taken out of the rest that was typed."""
        person, words = self.cleaned_data.pop("asked_by"), self.cleaned_data.pop("asked_words")
        return Requester(person=person, words=words)


class GrantForm(RequesterForm, PeriodForm):
    """A role that is given: until when, who asked, and whether things may be taken out with it."""

    may_take_out = forms.BooleanField(
        label=gettext_lazy("출력하고 내려받을 수 있음"),
        help_text=gettext_lazy(
            "고르지 않으면 보고 기록하되 PDF, CSV, 증거 사본, 감사 묶음과 API 읽기가 모두 막힙니다."
        ),
        required=False,
    )

    def grant(self) -> dict[str, Any]:
        """All of it, taken out of the rest that was typed."""
        more = {"may_take_out": self.cleaned_data.pop("may_take_out"), "requester": self.requester()}
        return {**self.period(), **more}


class TakingForm(RequesterForm):
    """A right that is taken away; who asked for it may be left open."""

    must_name = False
    reason = forms.CharField(
        label=gettext_lazy("역할을 끝내는 이유"), widget=forms.Textarea(attrs={"rows": 3}), max_length=500
    )


class TakingOutForm(RequesterForm):
    """Why the right to take things out is given, or taken back; it is given only to a named request."""

    reason = forms.CharField(
        label=gettext_lazy("이유"), widget=forms.Textarea(attrs={"rows": 3}), max_length=500
    )

    def __init__(self, *args: Any, is_given: bool, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.must_name = is_given
