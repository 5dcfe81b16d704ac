"""What is typed about an alert: the finding, a question to the person, and the person's answer."""

from __future__ import annotations

from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.translation import gettext_lazy as _

from core.access.alert_models import Finding
from core.access.typed_words import WordsForm


class _PlainForm(WordsForm):
    def __init__(self, *args: Any, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True


def _words(label: Any, most: int, **rest: Any) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=most, widget=forms.Textarea(attrs={"rows": 4, "maxlength": most}), **rest
    )


class CloseForm(_PlainForm):
    finding = forms.ChoiceField(label=_("판정"), choices=Finding.choices, widget=forms.RadioSelect)
    reason = _words(_("확인한 내용과 조치"), 1000)


class AskForm(_PlainForm):
    question = _words(
        _("물을 것"), 1000, help_text=_("받는 사람이 로그인해서 읽습니다. 메일에는 나가지 않습니다.")
    )


class AnswerForm(_PlainForm):
    answer = _words(
        _("소명"), 2000, help_text=_("왜 그 일을 했는지 적어 주세요. 보낸 뒤에는 고칠 수 없습니다.")
    )
