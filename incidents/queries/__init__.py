"""Reads that put several tables together for a page. Each takes `now`; none reads the clock."""

from incidents.queries.cases import CaseFilter, case_rows, opened_summary
from incidents.queries.clocks import CaseClocks, case_clocks, clock_wall, sorted_clocks, waiting_counts
from incidents.queries.evidence import EvidenceLine, evidence_line, evidence_lines
from incidents.queries.facts import (
    GROUP_WORDS,
    FactGroup,
    FactLine,
    confirmed_keys,
    fact_groups,
    fact_revisions,
    facts_as_seen,
    facts_of,
    next_confirmed_key,
    stated_groups,
)
from incidents.queries.frame import TIGHTEST, case_frame, phase_steps, tightest_clocks
from incidents.queries.history import (
    HistoryFilter,
    history_events,
    history_page,
    history_pages,
    people_in_history,
    stated_label,
)
from incidents.queries.law import (
    DutyChange,
    EditionChange,
    MovedCase,
    calendar_with,
    calendar_without,
    edition_change,
    for_reader,
    is_edition_waiting,
    moved_cases,
)
from incidents.queries.panel import DutyPanel, duty_panel
from incidents.queries.tasks import TaskLine, my_open_tasks, task_line, task_lines

__all__ = [
    "GROUP_WORDS",
    "TIGHTEST",
    "CaseClocks",
    "CaseFilter",
    "DutyChange",
    "DutyPanel",
    "EditionChange",
    "EvidenceLine",
    "FactGroup",
    "FactLine",
    "HistoryFilter",
    "MovedCase",
    "TaskLine",
    "calendar_with",
    "calendar_without",
    "case_clocks",
    "case_frame",
    "case_rows",
    "clock_wall",
    "confirmed_keys",
    "duty_panel",
    "edition_change",
    "evidence_line",
    "evidence_lines",
    "fact_groups",
    "fact_revisions",
    "facts_as_seen",
    "facts_of",
    "for_reader",
    "history_events",
    "history_page",
    "history_pages",
    "is_edition_waiting",
    "moved_cases",
    "my_open_tasks",
    "next_confirmed_key",
    "opened_summary",
    "people_in_history",
    "phase_steps",
    "sorted_clocks",
    "stated_groups",
    "stated_label",
    "task_line",
    "task_lines",
    "tightest_clocks",
    "waiting_counts",
]
