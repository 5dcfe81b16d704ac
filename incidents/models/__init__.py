"""The tables of a case, by what they hold; asked for here, where people look."""

from incidents.models.awareness import AwarenessClaim, Basis
from incidents.models.cases import Case, CaseMember, CaseYear, Phase
from incidents.models.counsel import CounselNote
from incidents.models.deadlines import Deadline, DeadlineKind, Duty, LawState
from incidents.models.decisions import OpenPointDecision
from incidents.models.destruction import Destruction
from incidents.models.evidence import CustodyEntry, Evidence
from incidents.models.facts import Certainty, FactRevision
from incidents.models.law import HolidayChange, LawEdition
from incidents.models.needless import NeedlessNotice, NeedlessStep
from incidents.models.procedure import ProcedureStep
from incidents.models.records import Draft, TimelineEntry
from incidents.models.scans import EvidenceScan, ScanErrand
from incidents.models.tasks import Task

__all__ = [
    "AwarenessClaim",
    "Basis",
    "Case",
    "CaseMember",
    "CaseYear",
    "Certainty",
    "CounselNote",
    "CustodyEntry",
    "Deadline",
    "DeadlineKind",
    "Destruction",
    "Draft",
    "Duty",
    "Evidence",
    "EvidenceScan",
    "FactRevision",
    "HolidayChange",
    "LawEdition",
    "LawState",
    "NeedlessNotice",
    "NeedlessStep",
    "OpenPointDecision",
    "Phase",
    "ProcedureStep",
    "ScanErrand",
    "Task",
    "TimelineEntry",
]
