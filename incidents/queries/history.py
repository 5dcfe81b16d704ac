"""The history of a case as people read it: who, when, why, old → new, with links to what it tells of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from core.audit import telling
from core.audit.models import Event
from incidents.clocks import day_label, instant_label
from incidents.facts import label_of
from incidents.models import Case, CaseMember, Deadline, FactRevision, LawState, Phase, Task, TimelineEntry
from incidents.procedure import kind_label
from incidents.reading import kept, kept_list, task_title, title_of
from incidents.values import value_label

PAGE = 50


@dataclass(frozen=True, slots=True)
class HistoryFilter:
    """Who (`system` for the timers, or a person's id) and what kind. Empty narrows nothing."""

    who: str = ""
    kind: str = ""

    @property
    def is_active(self) -> bool:
        return bool(self.who or self.kind)


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One event; `components/history_item.html` reads it."""

    at: datetime
    actor_label: str
    action_word: str
    text: str
    before: str
    after: str
    reason: str
    sequence: int
    url: str
    verified: bool


def history_events(case: Case, wanted: HistoryFilter) -> QuerySet[Event]:
    """The events of the case's chain that match, the newest first."""
    events = Event.objects.filter(chain_id=case.reference)
    events = events.select_related("actor", "words").order_by("-sequence")
    if wanted.who == "system":
        events = events.filter(actor=None)
    elif wanted.who.isdigit():
        events = events.filter(actor_id=int(wanted.who))
    return events.filter(action__startswith=f"{wanted.kind}.") if wanted.kind in telling.kinds() else events


def people_in_history(case: Case) -> list[tuple[str, str]]:
    """Who has left a trace in this case: (id, name), the timers first."""
    rows = (
        Event.objects.filter(chain_id=case.reference, actor__isnull=False)
        .order_by("actor__name")
        .values_list("actor_id", "actor__name")
        .distinct()
    )
    return [("system", _("시스템")), *((str(pk), name) for pk, name in rows)]


def history_page(case: Case, events: list[Event], *, verified: bool = False) -> list[HistoryLine]:
    """`events` in words, with the rows they tell of. A fixed number of queries for a page."""
    rows = _Rows(events)
    return [_line(case, event, rows, verified=verified) for event in events]


class _Rows:
    """The rows a page of events speaks of, fetched together."""

    def __init__(self, events: list[Event]) -> None:
        subjects = [event.subject.split(":", 1) for event in events if ":" in event.subject]
        self.facts = self._revisions(_ids(subjects, "incidents.factrevision"))
        self.deadlines = Deadline.objects.in_bulk(_ids(subjects, "incidents.deadline"))
        self.tasks = Task.objects.in_bulk(_ids(subjects, "incidents.task"))
        self.entries = TimelineEntry.objects.in_bulk(_ids(subjects, "incidents.timelineentry"))
        self.people = self._people(events)
        self.others = telling.tell_subjects([event.subject for event in events])

    @staticmethod
    def _people(events: list[Event]) -> dict[int, str]:
        ids = {event.data["user"] for event in events if "user" in event.data}
        return (
            dict(CaseMember.objects.filter(user__in=ids).values_list("user_id", "user__name")) if ids else {}
        )

    def _revisions(self, ids: list[int]) -> dict[int, FactRevision]:
        found = FactRevision.objects.in_bulk(ids)
        wanted = Q(pk__in=[])
        for row in found.values():
            if row.number > 1:
                wanted |= Q(case_id=row.case_id, name=row.name, key=row.key, number=row.number - 1)
        earlier = FactRevision.objects.filter(wanted) if wanted != Q(pk__in=[]) else []
        self.earlier = {(row.name, row.key, row.number): row for row in earlier}
        return found


def _ids(subjects: list[list[str]], label: str) -> list[int]:
    return [int(pk) for name, pk in subjects if name == label and pk.isdigit()]


def _line(case: Case, event: Event, rows: _Rows, *, verified: bool) -> HistoryLine:
    name, _sep, pk = event.subject.partition(":")
    text, before, after, url = _told(case, event, name, int(pk) if pk.isdigit() else 0, rows)
    return HistoryLine(
        at=event.happened_at,
        actor_label=str(event.actor) if event.actor else _("시스템"),
        action_word=telling.action_word(event.action),
        text=text,
        before=before,
        after=after,
        reason=_("적었던 말을 지웠습니다.") if event.is_erased else kept(event.reason),
        sequence=event.sequence,
        url=url,
        verified=verified,
    )


def _told(case: Case, event: Event, name: str, pk: int, rows: _Rows) -> tuple[str, str, str, str]:
    match name:
        case "incidents.factrevision":
            return _fact_told(case, event, rows.facts.get(pk), rows)
        case "incidents.deadline":
            return _deadline_told(case, event, rows.deadlines.get(pk))
        case "incidents.task":
            task = rows.tasks.get(pk)
            return (
                task_title(task) if task else "",
                "",
                "",
                reverse("incidents:case-tasks", args=[case.reference]),
            )
        case "incidents.timelineentry":
            entry = rows.entries.get(pk)
            return (_entry_text(entry) if entry else "", "", "", "")
        case "incidents.procedurestep":
            words = f"{kind_label(event.data['kind'])} · {day_label(date.fromisoformat(event.data['on']))}"
            page = reverse("incidents:case-procedure", args=[case.reference])
            return (words, "", "", f"{page}#p{event.data.get('first') or pk}")
        case "incidents.casemember":
            return (rows.people.get(event.data.get("user", 0), ""), "", "", "")
    if event.subject in rows.others:
        told = rows.others[event.subject]
        return (told.text, "", "", told.url)
    if event.action == "case.phase-moved":
        return ("", _phase(event.data.get("old")), _phase(event.data.get("new")), "")
    return ("", "", "", "")


def _phase(code: Any) -> str:
    return str(Phase(code).label) if code in Phase.values else str(code or "")


def _entry_text(entry: TimelineEntry) -> str:
    source = f" ({entry.source})" if entry.source else ""
    kind = "" if entry.kind == TimelineEntry.Kind.EVENT else f"[{entry.get_kind_display()}] "
    given = entry.kind == TimelineEntry.Kind.GIVEN
    return f"{kind}{kept_list(entry.text, ' · ') if given else entry.text}{source}"


def _fact_told(case: Case, event: Event, row: FactRevision | None, rows: _Rows) -> tuple[str, str, str, str]:
    if row is None:
        return (label_of(event.data.get("fact", "")), "", "", "")
    last = rows.earlier.get((row.name, row.key, row.number - 1))
    url = reverse("incidents:fact-history", args=[case.reference, row.name]) + (
        f"?key={row.key}" if row.key else ""
    )
    return (label_of(row.name), _stated(last) if last else "", _stated(row), url)


def _stated(row: FactRevision) -> str:
    shown = value_label(row.name, row.value, row.until_at)
    short = shown if len(shown) <= 120 else f"{shown[:120]}…"
    return f"{short} ({row.get_certainty_display()})"


def _deadline_told(case: Case, event: Event, row: Deadline | None) -> tuple[str, str, str, str]:
    title = title_of(row) if row else ""
    url = reverse("incidents:deadline", args=[case.reference, row.pk]) if row else ""
    if event.action in ("deadline.started", "deadline.moved", "deadline.ended"):
        before, after = event.data.get("before"), event.data.get("after")
        with_state = bool(before and after) and _end(before) == _end(after)
        return (
            title,
            _end(before, with_state=with_state),
            _end(after, with_state=with_state) or _("끝남"),
            url,
        )
    return (title, "", "", url)


def _end(terms: dict[str, Any] | None, *, with_state: bool = False) -> str:
    """The end a clock had; with what the law said of it where the end alone shows no difference."""
    if not terms:
        return ""
    state = str(LawState(terms["state"]).label) if terms.get("state") in LawState.values else ""
    if terms.get("last_day"):
        last = _("%(day)s까지") % {"day": day_label(date.fromisoformat(terms["last_day"]))}
        return f"{last} ({state})" if with_state else last
    if not terms.get("due_at"):
        return state
    due = instant_label(datetime.fromisoformat(terms["due_at"]))
    return f"{due} ({state})" if with_state else due
