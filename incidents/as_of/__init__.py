"""The case as it was: restored from history for any instant, and what lies between two of them."""

from incidents.as_of.access import Access, access_at, people_to_ask_about
from incidents.as_of.differences import Section, differences
from incidents.as_of.frame import frame_as_of
from incidents.as_of.instants import Instants, instants_around, steps_of
from incidents.as_of.knowing import Document, Knowing, Link, chain_of, knowings_of, knowings_of_meetings
from incidents.as_of.state import CaseAsOf, case_as_of
from incidents.as_of.telling import Difference

__all__ = [
    "Access",
    "CaseAsOf",
    "Difference",
    "Document",
    "Instants",
    "Knowing",
    "Link",
    "Section",
    "access_at",
    "case_as_of",
    "chain_of",
    "differences",
    "frame_as_of",
    "instants_around",
    "knowings_of",
    "knowings_of_meetings",
    "people_to_ask_about",
    "steps_of",
]
