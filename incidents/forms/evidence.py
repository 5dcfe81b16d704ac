"""Taking evidence in, copying it, and what the ledger says of it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from incidents.fields import DayField, InstantField
from incidents.forms.base import CaseForm
from incidents.models import CustodyEntry
from incidents.services.evidence import BY_HAND, LONGEST


class EvidenceForm(CaseForm):
    file = forms.FileField(
        label=_("파일"),
        help_text=_("한 번에 50MB까지 올릴 수 있습니다. 받은 그대로 암호화해 보관합니다."),
        error_messages={
            "required": _("파일을 골라 주세요."),
            "empty": _("빈 파일입니다. 내용이 있는 파일을 골라 주세요."),
        },
        max_length=1000,
    )
    title = forms.CharField(
        label=_("무엇인지"), help_text=_("예: 방화벽 로그, 제보 메일"), max_length=LONGEST["title"]
    )
    happened_at = InstantField(label=_("받은 때"))
    party = forms.CharField(
        label=_("누구에게서 받았는지"),
        required=False,
        max_length=LONGEST["party"],
        help_text=_("부서나 사람, 기관 이름"),
    )
    note = forms.CharField(
        label=_("메모"),
        required=False,
        max_length=LONGEST["note"],
        help_text=_("어떻게 얻었는지, 원본이 어디 있는지"),
    )


class CustodyForm(CaseForm):
    kind = forms.ChoiceField(
        label=_("한 일"),
        choices=[(kind.value, kind.label) for kind in map(CustodyEntry.Kind, BY_HAND)],
        widget=forms.RadioSelect,
    )
    happened_at = InstantField(label=_("한 때"))
    party = forms.CharField(
        label=_("누구에게·누구에게서"),
        required=False,
        max_length=LONGEST["party"],
        help_text=_("넘겨주거나 돌려받았으면 적어 주세요."),
    )
    note = forms.CharField(label=_("목적·이유"), max_length=LONGEST["note"])


class NoteForm(CaseForm):
    """One line of why."""

    note = forms.CharField(widget=forms.Textarea(attrs={"rows": 3}), max_length=LONGEST["note"])

    def __init__(self, *args: Any, label: str, help_text: str = "", **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.fields["note"].label = label
        self.fields["note"].help_text = help_text


class CopyForm(NoteForm):
    """The purpose; and for what the scanner flagged, that it is wanted all the same."""

    def __init__(self, *args: Any, flagged_as: str, **rest: Any) -> None:
        super().__init__(*args, **rest)
        if flagged_as:
            self.fields["is_confirmed"] = forms.BooleanField(
                label=gettext("악성코드로 보이는 파일(%(finding)s)임을 알고, 위에 적은 이유로 내려받습니다.")
                % {"finding": flagged_as},
                error_messages={
                    "required": gettext("악성코드로 보이는 파일입니다. 그래도 필요한지 확인해 주세요.")
                },
            )


class RetentionForm(CaseForm):
    until = DayField(
        label=_("보관하는 마지막 날"),
        help_text=_("소송이나 조사가 끝날 때까지 둘 것이면 보존 조치를 함께 걸어 주세요. 예: 2031-12-31"),
    )
    note = forms.CharField(
        label=_("이유"), widget=forms.Textarea(attrs={"rows": 3}), max_length=LONGEST["note"]
    )
