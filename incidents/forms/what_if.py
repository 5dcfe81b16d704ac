"""Facts as they might have been: asked by GET, recorded nowhere."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from crispy_forms.layout import Fieldset, Layout
from django import forms
from django.utils.translation import gettext as _

from incidents.facts import ANCHORS, CATALOGUE
from incidents.fields import CountField, InstantField
from incidents.forms.base import CaseForm
from incidents.law import Stated
from incidents.models import Certainty
from incidents.services import FactChange

YES, NO = "yes", "no"
INSTANTS = tuple(fact.name for fact in ANCHORS if fact.to_rules)
FLAGS = ("has_sensitive", "has_unique_id", "illegal_external_access")
OTHERS = ("effect", "person_count", *FLAGS)


class WhatIfForm(CaseForm):
    """The facts that move most duties, filled in with those of the case. What is emptied is supposed unknown."""

    def __init__(self, *args: Any, held: list[Stated], **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.held = {fact.name: fact.value for fact in held if not fact.key}
        for name in (*INSTANTS, *OTHERS):
            self.fields[name] = _field(name)
            self.initial[name] = _initial(name, self.held.get(name))
        self.helper.layout = Layout(
            Fieldset(_("알게 된 때와 일어난 때"), *INSTANTS), Fieldset(_("무슨 일이 얼마나"), *OTHERS)
        )
        self._tell_the_time()

    def changes(self) -> list[FactChange]:
        """What is supposed otherwise than the case has it."""
        wanted = {name: self._value(name) for name in self.fields}
        return [
            FactChange(name, value, Certainty.UNKNOWN if value is None else Certainty.CONFIRMED)
            for name, value in wanted.items()
            if value != _initial_value(name, self.held.get(name))
        ]

    def _value(self, name: str) -> Any:
        typed = self.cleaned_data.get(name)
        if name in FLAGS:
            return {YES: True, NO: False}.get(typed or "")
        if name == "effect":
            return sorted(typed) if typed else None
        return typed


def _initial_value(name: str, value: Any) -> Any:
    if name in INSTANTS and value is not None:
        return datetime.fromisoformat(value)
    return sorted(value) if name == "effect" and value else value


def _initial(name: str, value: Any) -> Any:
    if name in FLAGS:
        return {True: YES, False: NO}.get(value, "")
    return _initial_value(name, value)


def _field(name: str) -> forms.Field:
    fact = CATALOGUE[name]
    common: dict[str, Any] = {"label": fact.label, "required": False}
    if name in INSTANTS:
        return InstantField(**common)
    if name == "person_count":
        return CountField(**common)
    if name == "effect":
        return forms.MultipleChoiceField(choices=fact.choices, widget=forms.CheckboxSelectMultiple, **common)
    answers = [("", _("적지 않음")), (YES, _("예")), (NO, _("아니요"))]
    return forms.ChoiceField(choices=answers, widget=forms.RadioSelect, **common)
