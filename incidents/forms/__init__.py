"""Forms check the shape of what was typed and save nothing."""

from incidents.forms.awareness import AwarenessClaimForm
from incidents.forms.cases import (
    CloseForm,
    DescribeForm,
    FilterForm,
    IntakeForm,
    OpenForm,
    PhaseForm,
    ReopenForm,
)
from incidents.forms.counsel import CounselNoteForm
from incidents.forms.deadlines import DeadlineForm, FulfilForm, ReasonForm
from incidents.forms.decisions import OpenPointForm
from incidents.forms.evidence import CopyForm, CustodyForm, EvidenceForm, NoteForm, RetentionForm
from incidents.forms.facts import FactsForm
from incidents.forms.law import HolidayChangeForm
from incidents.forms.procedure import CorrectStepForm, StepForm
from incidents.forms.records import EntryForm, ExportForm, HistoryForm, MemberForm, TaskForm
from incidents.forms.what_if import WhatIfForm

__all__ = [
    "AwarenessClaimForm",
    "CloseForm",
    "CopyForm",
    "CorrectStepForm",
    "CounselNoteForm",
    "CustodyForm",
    "DeadlineForm",
    "DescribeForm",
    "EntryForm",
    "EvidenceForm",
    "ExportForm",
    "FactsForm",
    "FilterForm",
    "FulfilForm",
    "HistoryForm",
    "HolidayChangeForm",
    "IntakeForm",
    "MemberForm",
    "NoteForm",
    "OpenForm",
    "OpenPointForm",
    "PhaseForm",
    "ReasonForm",
    "ReopenForm",
    "RetentionForm",
    "StepForm",
    "TaskForm",
    "WhatIfForm",
]
