"""Forms check the shape of what was typed and save nothing."""

from incidents.forms.cases import (
    CloseForm,
    DescribeForm,
    FilterForm,
    IntakeForm,
    OpenForm,
    PhaseForm,
    ReopenForm,
)
from incidents.forms.deadlines import DeadlineForm, FulfilForm, ReasonForm
from incidents.forms.facts import FactsForm
from incidents.forms.records import EntryForm, HistoryForm, MemberForm, TaskForm

__all__ = [
    "CloseForm",
    "DeadlineForm",
    "DescribeForm",
    "EntryForm",
    "FactsForm",
    "FilterForm",
    "FulfilForm",
    "HistoryForm",
    "IntakeForm",
    "MemberForm",
    "OpenForm",
    "PhaseForm",
    "ReasonForm",
    "ReopenForm",
    "TaskForm",
]
