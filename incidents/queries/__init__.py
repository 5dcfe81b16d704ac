"""Reads that put several tables together for a page. Each takes `now`; none reads the clock."""

from incidents.queries.cases import CaseFilter, case_rows, opened_summary
from incidents.queries.clocks import case_clocks, clock_wall, waiting_counts
from incidents.queries.facts import (
    GROUP_WORDS,
    FactGroup,
    FactLine,
    confirmed_keys,
    fact_groups,
    fact_revisions,
    facts_as_seen,
    next_confirmed_key,
)
from incidents.queries.frame import case_frame, tightest_clocks
from incidents.queries.history import HistoryFilter, history_events, history_page, people_in_history
from incidents.queries.panel import DutyPanel, duty_panel
from incidents.queries.tasks import TaskLine, my_open_tasks, task_lines

__all__ = [
    "GROUP_WORDS",
    "CaseFilter",
    "DutyPanel",
    "FactGroup",
    "FactLine",
    "HistoryFilter",
    "TaskLine",
    "case_clocks",
    "case_frame",
    "case_rows",
    "clock_wall",
    "confirmed_keys",
    "duty_panel",
    "fact_groups",
    "fact_revisions",
    "facts_as_seen",
    "history_events",
    "history_page",
    "my_open_tasks",
    "next_confirmed_key",
    "opened_summary",
    "people_in_history",
    "task_lines",
    "tightest_clocks",
    "waiting_counts",
]
