"""The history of a case as people read it: who, when, why, old → new, with links to what it tells of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from core.accounts.models import User
from core.audit import telling
from core.audit.models import Chain, Event
from incidents.clocks import day_label, in_address, instant_label
from incidents.facts import label_of
from incidents.models import Case, CaseMember, Deadline, FactRevision, LawState, Phase, Task, TimelineEntry
from incidents.procedure import kind_label
from incidents.reading import kept, kept_list, task_title, title_of
from incidents.telling import TITLE_BESIDE, words_of_meeting
from incidents.values import value_label

PAGE = 50


@dataclass(frozen=True, slots=True)
class HistoryFilter:
    """Who (`system` for the timers, or a person's id), what kind, of which tab. Empty narrows nothing."""

    who: str = ""
    kind: str = ""
    tab: str = ""

    @property
    def is_active(self) -> bool:
        return bool(self.who or self.kind or self.tab)


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
    recorded_text: str  # when it was recorded, whole, for the address of the case as it was then


def history_events(case: Case, wanted: HistoryFilter) -> QuerySet[Event]:
    """The events of the case's chain that match, the newest first."""
    events = Event.objects.filter(chain_id=case.reference)
    events = events.select_related("actor", "words").order_by("-sequence")
    if wanted.who == "system":
        events = events.filter(actor=None)
    elif wanted.who.isdigit():
        events = events.filter(actor_id=int(wanted.who))
    if wanted.kind in telling.kinds():
        events = events.filter(action__in=telling.actions_of(wanted.kind))
    if wanted.tab in telling.tabs():
        events = events.filter(action__in=telling.actions_of_tab(wanted.tab))
    return events


class HistoryPaginator(Paginator):  # type: ignore[type-arg]
    """Pages of a whole history. Its numbers have no gap, so a page is a range of them however far back it lies."""

    @cached_property
    def count(self) -> int:
        return Chain.objects.filter(pk=self.reference).values_list("length", flat=True).first() or 0

    def __init__(self, case: Case) -> None:
        self.reference = case.reference
        self.events = history_events(case, HistoryFilter())
        super().__init__(self.events, PAGE)

    def page(self, number: int | str) -> Page[Event]:
        number = self.validate_number(number)
        last = self.count - (number - 1) * self.per_page
        return Page(self.events.filter(sequence__gt=last - self.per_page, sequence__lte=last), number, self)

    def page_of(self, sequence: int) -> int:
        """The page on which an event stands."""
        return max(self.count - sequence, 0) // self.per_page + 1


def history_pages(case: Case, wanted: HistoryFilter) -> Paginator[Event]:
    """The pages of what matches, the newest first."""
    return Paginator(history_events(case, wanted), PAGE) if wanted.is_active else HistoryPaginator(case)


def people_in_history(case: Case) -> list[tuple[str, str]]:
    """Who has left a trace in this case: (id, name), the timers first."""
    traces = Event.objects.filter(chain=case.reference, actor=OuterRef("pk"))
    rows = User.objects.filter(Exists(traces)).order_by("name", "pk").values_list("pk", "name")
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
        reason=_("적었던 말을 지웠습니다.") if event.is_erased else kept(_why(event)),
        sequence=event.sequence,
        url=url,
        verified=verified,
        recorded_text=in_address(event.recorded_at),
    )


def _why(event: Event) -> str:
    """The reason among the words beside an event; the others are told with what it did."""
    if event.data.get(TITLE_BESIDE):
        return ""
    return words_of_meeting(event)[0] if event.action == "deadline.met" else event.reason


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
    if event.data.get(TITLE_BESIDE):
        return ("", "", event.reason, "")
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
    return (label_of(row.name), stated_label(last) if last else "", stated_label(row), url)


def stated_label(row: FactRevision) -> str:
    """What was stated, shortened to one line, with how sure it was."""
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
    done = kept(words_of_meeting(event)[1]) if event.action == "deadline.met" else ""
    return (title, "", done, url)


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
