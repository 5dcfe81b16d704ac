"""One or several facts: a value, how sure, and from where. Built from the catalogue."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from crispy_forms.layout import HTML, Div, Fieldset, Layout
from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext as _

from incidents.facts import RANGED, Fact, Kind
from incidents.fields import CountField, DayField, InstantField, MoneyField
from incidents.forms.base import CaseForm
from incidents.models import Certainty, FactRevision
from incidents.services import FactChange

YES, NO = "yes", "no"


@dataclass(frozen=True, slots=True)
class Asked:
    """One fact on the form and the revision that stands now, if any."""

    fact: Fact
    key: str
    held: FactRevision | None

    @property
    def name(self) -> str:
        return self.fact.name


class FactsForm(CaseForm):
    """The facts in `asked`. What is left as it was is not a change."""

    fact_count = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=1_000_000_000)

    def __init__(self, *args: Any, asked: list[Asked], **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.asked = asked
        blocks = []
        for one in asked:
            self._add(one)
            blocks.append(self._block(one))
        self.helper.layout = Layout("fact_count", *blocks)
        self._tell_the_time()

    def _add(self, one: Asked) -> None:
        for name, field in value_fields(one.fact).items():
            self.fields[name] = field
            self.initial.setdefault(name, _initial(one, name))
        if one.name in RANGED:
            self.fields[f"{one.name}-until"] = InstantField(
                label=_("늦어도 이때"),
                help_text=_(
                    "정확한 시각을 모를 때만 적습니다. 위에는 가장 이른 시각을 적어 주세요. 기한은 이른 시각부터 셉니다."
                ),
                required=False,
            )
            self.initial.setdefault(f"{one.name}-until", one.held.until_at if one.held else None)
        by_person = one.fact.by_person
        self.fields[f"{one.name}-certainty"] = forms.ChoiceField(
            label=_("얼마나 확실합니까?"),
            choices=[(item.value, _certainty_word(one.fact, item)) for item in Certainty],
            widget=forms.RadioSelect,
            required=True,
        )
        self.fields[f"{one.name}-source"] = forms.CharField(
            label=_("판단한 사람과 이유") if by_person else _("근거"),
            help_text=_("로그, 문서, 사람 등 어디서 알게 됐는지") if not by_person else "",
            required=False,
            max_length=200,
        )
        held = one.held
        self.initial.setdefault(f"{one.name}-certainty", held.certainty if held else Certainty.ESTIMATED)
        self.initial.setdefault(f"{one.name}-source", held.source if held else "")

    def _block(self, one: Asked) -> Fieldset:
        about = Div(f"{one.name}-certainty", f"{one.name}-source", css_class="bd-fact-about")
        fields = [*value_fields(one.fact), *self._range(one)]
        return Fieldset(f"{one.fact.label} {one.key}".strip(), *fields, about, css_class="bd-fact-edit")

    def _range(self, one: Asked) -> list[Any]:
        """The other end of an instant known as a range only, folded away until it is needed."""
        name = f"{one.name}-until"
        if name not in self.fields:
            return []
        typed = self.data.get(name) if self.is_bound else self.initial.get(name)
        opened = " open" if typed else ""
        summary = format_html(
            '<details class="bd-fold"{}><summary>{}</summary>', opened, _("시각을 정확히 모름")
        )
        return [HTML(summary), name, HTML("</details>")]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        for one in self.asked:
            self._check(one)
        if not self.errors and not self.changes():
            self.add_error(None, _("바뀐 값이 없습니다. 고칠 것이 없으면 돌아가면 됩니다."))
        return values

    def _check(self, one: Asked) -> None:
        name, certainty = _first(one.fact), self.cleaned_data.get(f"{one.name}-certainty")
        if name in self.errors or certainty == Certainty.UNKNOWN:
            return
        value = self.value_of(one)
        if value is None and self.until_of(one) is not None:
            self.add_error(name, _("가장 이른 시각도 적어 주세요. 기한은 이른 시각부터 셉니다."))
            return
        if value is None and one.held is not None and one.held.value is not None:
            self.add_error(
                name, _("적어 둔 값을 지우려면 ‘미확인’을 골라 주세요. 앞의 값은 이력에 남습니다.")
            )
        if value is not None and one.fact.by_person and not self.cleaned_data.get(f"{one.name}-source"):
            self.add_error(
                f"{one.name}-source", _("사람이 정하는 일입니다. 판단한 사람과 이유를 적어 주세요.")
            )

    def value_of(self, one: Asked) -> Any:
        """What was typed for the fact, as services take it; None for nothing."""
        typed = self.cleaned_data.get(_first(one.fact))
        match one.fact.kind:
            case Kind.CONFIRMED:
                at = self.cleaned_data.get(f"{one.name}-at")
                return {"text": typed, one.fact.moment: at} if typed and at else None
            case Kind.YES_NO:
                return {YES: True, NO: False}.get(typed or "")
            case _:
                return typed if typed not in ("", [], None) else None

    def until_of(self, one: Asked) -> datetime | None:
        return self.cleaned_data.get(f"{one.name}-until")

    def changes(self) -> list[FactChange]:
        """What the person states anew. A fact never stated and left empty is no statement."""
        wanted = [self._change(one) for one in self.asked]
        return [change for change in wanted if change is not None]

    def _change(self, one: Asked) -> FactChange | None:
        certainty = self.cleaned_data.get(f"{one.name}-certainty") or Certainty.ESTIMATED
        value = None if certainty == Certainty.UNKNOWN else self.value_of(one)
        source = self.cleaned_data.get(f"{one.name}-source", "")
        until = None if value is None else self.until_of(one)
        if value is None and certainty != Certainty.UNKNOWN:
            return None
        held = one.held
        said = (_kept(value), until, str(certainty), source.strip())
        if held and (held.value, held.until_at, held.certainty, held.source) == said:
            return None
        return FactChange(one.name, value, certainty, source, one.key, until)

    def needs_reason(self) -> bool:
        """Whether a value recorded before is corrected."""
        held = {(one.name, one.key): one.held for one in self.asked}
        return any(
            (last := held.get((change.name, change.key))) is not None
            and last.value is not None
            and (last.value, last.until_at) != (_kept(change.value), change.until)
            for change in self.changes()
        )

    def add_fault(self, name: str, message: str) -> None:
        one = next((one for one in self.asked if one.name == name), None)
        if one is None:
            super().add_fault(name, message)
        else:
            self.add_error(_first(one.fact), message)


def _certainty_word(fact: Fact, certainty: Certainty) -> str:
    if certainty == Certainty.UNKNOWN:
        return _("미확인(시각을 모름)") if fact.kind is Kind.INSTANT else _("미확인(모름)")
    return str(certainty.label)


def _first(fact: Fact) -> str:
    return f"{fact.name}-text" if fact.kind is Kind.CONFIRMED else fact.name


def _kept(value: Any) -> Any:
    """`value` in the shape a revision keeps, for comparing."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        return {name: _kept(item) for name, item in value.items()}
    return sorted(value) if isinstance(value, list) else value


def _initial(one: Asked, name: str) -> Any:
    value = one.held.value if one.held else None
    if value is None:
        return None
    match one.fact.kind:
        case Kind.INSTANT:
            return datetime.fromisoformat(value)
        case Kind.DAY:
            return date.fromisoformat(value)
        case Kind.YES_NO:
            return YES if value else NO
        case Kind.CONFIRMED:
            return value["text"] if name.endswith("-text") else datetime.fromisoformat(value[one.fact.moment])
        case _:
            return value


def value_fields(fact: Fact) -> dict[str, forms.Field]:
    """The fields in which a value of `fact` is typed, by name; an InstantField still needs its `now`."""
    label, hint = str(fact.label), str(fact.hint)
    if fact.unit:
        label = f"{label} ({fact.unit})"
    common: dict[str, Any] = {"label": label, "help_text": hint, "required": False}
    match fact.kind:
        case Kind.INSTANT:
            return {fact.name: InstantField(**common)}
        case Kind.COUNT:
            return {fact.name: CountField(**common)}
        case Kind.MONEY:
            return {fact.name: MoneyField(**common)}
        case Kind.DAY:
            return {fact.name: DayField(**common)}
        case Kind.YES_NO:
            answers = [("", _("적지 않음")), (YES, _("예")), (NO, _("아니요"))]
            return {fact.name: forms.ChoiceField(choices=answers, widget=forms.RadioSelect, **common)}
        case Kind.CHOICE:
            choices = [("", _("적지 않음")), *fact.choices]
            return {fact.name: forms.ChoiceField(choices=choices, widget=forms.RadioSelect, **common)}
        case Kind.SET:
            widget = forms.CheckboxSelectMultiple
            return {fact.name: forms.MultipleChoiceField(choices=fact.choices, widget=widget, **common)}
        case Kind.TEXT:
            text = forms.CharField(widget=forms.Textarea(attrs={"rows": 5}), max_length=20_000, **common)
            return {fact.name: text}
        case Kind.CONFIRMED:
            words = forms.CharField(
                label=_("새로 확인한 내용") if fact.name == "confirmed_fact" else label,
                help_text=hint,
                widget=forms.Textarea(attrs={"rows": 4}),
                required=True,
            )
            return {f"{fact.name}-text": words, f"{fact.name}-at": InstantField(label=str(fact.moment_label))}
