"""One event of the procedure: its day, its document, and what the document itself names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

import rules
from incidents.fields import DayField
from incidents.forms.base import CaseForm
from incidents.models import ProcedureStep
from incidents.procedure import choice_word, given_label, kind_groups

_BETWEEN = re.compile(r"[\s,;]+")


class DaysField(forms.CharField):
    """Several calendar days, one a line or with commas between: a list of `date`."""

    def __init__(self, **rest: Any) -> None:
        super().__init__(widget=forms.Textarea(attrs={"rows": 4, "placeholder": "2026-11-24"}), **rest)

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value) or ""
        one = DayField()
        days: list[date] = []
        for part in filter(None, _BETWEEN.split(text)):
            try:
                days.append(one.clean(part))
            except ValidationError as fault:
                told = {"part": part, "fault": " ".join(fault.messages)}
                raise ValidationError(_("‘%(part)s’: %(fault)s") % told, code="invalid") from fault
        return days


class StepForm(CaseForm):
    """The fields that a kind of event has. Of a kind nobody knows it asks the kind first, and keeps the rest."""

    happened_on = DayField(
        label=gettext_lazy("일어난 날"),
        help_text=gettext_lazy("문서를 받은 날이나 그 일이 있은 날입니다."),
        error_messages={
            "required": gettext_lazy("날짜를 적어 주세요. 예: 2026-07-01"),
            "invalid": gettext_lazy("없는 날짜이거나 읽지 못했습니다. 2026-07-01처럼 적어 주세요."),
        },
    )
    document = forms.CharField(
        label=gettext_lazy("문서번호"),
        help_text=gettext_lazy("공문의 번호나 나중에 찾을 수 있는 이름입니다."),
        required=False,
        max_length=120,
    )
    note = forms.CharField(label=gettext_lazy("메모"), required=False, max_length=300)

    def __init__(self, *args: Any, kind: str, **rest: Any) -> None:
        super().__init__(*args, **rest)
        event = rules.event_kinds().get(kind)
        asked = dict(_asked(kind, event.given)) if event else {"kind": _kind_field()}
        self.kind = kind
        self.given_names = tuple(asked) if event else ()
        first = () if event else ("kind",)
        self.fields.update(asked)
        self.order_fields([*first, "happened_on", "document", *self.given_names, "note"])

    @classmethod
    def fields_of(cls, kind: str) -> dict[str, forms.Field]:
        """Every field the form has for `kind`."""
        event = rules.event_kinds().get(kind)
        return {**cls.base_fields, **(dict(_asked(kind, event.given)) if event else {})}

    def step(self) -> dict[str, Any]:
        """What was typed, as the service takes it."""
        values = self.cleaned_data
        return {
            "kind": values.get("kind") or self.kind,
            "happened_on": values["happened_on"],
            "document": values["document"],
            "note": values["note"],
            "given": {name: values[name] for name in self.given_names},
        }


class CorrectStepForm(StepForm):
    """The same event as it should have been recorded, and why."""

    reason = forms.CharField(
        label=gettext_lazy("고치는 이유"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=500,
        error_messages={"required": gettext_lazy("고치는 이유를 적어 주세요.")},
    )

    def __init__(self, *args: Any, step: ProcedureStep, **rest: Any) -> None:
        super().__init__(*args, kind=step.kind, **rest)
        held = {"happened_on": step.happened_on, "document": step.document, "note": step.note}
        for name, value in {**held, **step.given}.items():
            self.initial.setdefault(name, "\n".join(value) if isinstance(value, list) else value)
        self.order_fields([*(name for name in self.fields if name != "reason"), "reason"])

    def step(self) -> dict[str, Any]:
        values = super().step()
        del values["kind"]
        return {**values, "reason": self.cleaned_data["reason"]}


def _kind_field() -> forms.Field:
    return forms.ChoiceField(
        label=gettext_lazy("무슨 일"),
        choices=[("", _("골라 주세요")), *kind_groups()],
        error_messages={
            "required": gettext_lazy("모르는 종류입니다. 목록에서 골라 주세요."),
            "invalid_choice": gettext_lazy("모르는 종류입니다. 목록에서 골라 주세요."),
        },
    )


def _asked(kind: str, given: Mapping[str, Mapping[str, Any]]) -> Iterator[tuple[str, forms.Field]]:
    for name, item in given.items():
        yield name, _field(given_label(kind, name), item)


def _field(label: str, item: Mapping[str, Any]) -> forms.Field:
    match item["kind"]:
        case "day":
            return DayField(label=label, required=False)
        case "days":
            hint = _("한 줄에 하루씩 적어 주세요.")
            return DaysField(label=label, help_text=hint, required=False)
        case "flag":
            return forms.BooleanField(label=label, required=False)
    words = [(code, choice_word(code)) for code in item["choices"]]
    default = item.get("default", "")
    if not default:
        words.insert(0, ("", _("적혀 있지 않음")))
    return forms.ChoiceField(
        label=label, choices=words, initial=default, required=bool(default), widget=forms.RadioSelect
    )
