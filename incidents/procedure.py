"""What the procedure after the report brings: each recorded step, the deadlines it starts, their working."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

import rules
from core.accounts.days import SEOUL
from incidents.clocks import CONFIDENCE, Clock, clock_of, day_after, day_label, limit_label
from incidents.models import Case, Deadline, DeadlineKind, Duty, LawState, ProcedureStep
from incidents.reading import is_english, said

OURS = "we"  # the only deadlines of the procedure the company itself must not miss
WHO: dict[str, str | Promise] = {
    OURS: gettext_lazy("우리 회사"),
    "authority": gettext_lazy("행정청"),
    "mediation_committee": gettext_lazy("개인정보 분쟁조정위원회"),
    "other_side": gettext_lazy("상대방"),
}
# The order in which the procedure meets them; a kind the law files add later stands under the last words.
GROUPS: tuple[tuple[str | Promise, tuple[str, ...]], ...] = (
    (
        gettext_lazy("조사와 자료 요구"),
        (
            "leak_report_received",
            "inquiry_opened",
            "materials_requested",
            "revenue_data_requested",
            "network_materials_requested",
            "preinspection_recommendation_received",
        ),
    ),
    (
        gettext_lazy("사전통지와 의견제출"),
        ("prior_notice_received", "fine_prior_notice_received", "publication_prior_notice_received"),
    ),
    (
        gettext_lazy("과태료"),
        (
            "fine_disposition_received",
            "fine_objection_filed",
            "fine_deferral_granted",
            "fine_final",
            "fine_act_ended",
        ),
    ),
    (
        gettext_lazy("과징금"),
        (
            "surcharge_notice_received",
            "surcharge_deferral_granted",
            "surcharge_instalments_granted",
            "surcharge_obstacle_ended",
        ),
    ),
    (
        gettext_lazy("시정조치·권고·공표"),
        (
            "corrective_order_received",
            "recommendation_received",
            "disciplinary_recommendation_received",
            "publication_order_received",
            "publication_started",
        ),
    ),
    (
        gettext_lazy("침해사고 조치와 재발방지"),
        (
            "incident_measures_ordered",
            "recurrence_plan_demanded",
            "recurrence_plan_accepted",
            "performance_check_announced",
            "network_corrective_order_received",
            "network_management_order_received",
            "coercive_penalty_notice_received",
        ),
    ),
    (
        gettext_lazy("처분에 대한 불복"),
        ("disposition_served", "disposition_known", "objection_filed", "objection_answered"),
    ),
    (gettext_lazy("분쟁조정"), ("mediation_filed", "mediation_proposal_received")),
)
OTHER = gettext_lazy("그 밖의 일")
CHOICES: dict[str, str | Promise] = {
    "major": gettext_lazy("중대"),
    "ordinary": gettext_lazy("일반"),
    "minor": gettext_lazy("경미"),
    "pipc": gettext_lazy("개인정보 보호위원회"),
    "msit": gettext_lazy("과학기술정보통신부"),
    "other": gettext_lazy("그 밖의 기관"),
    "pipa_64_2": gettext_lazy("개인정보 보호법 제64조의2"),
    "pipa_39_15": gettext_lazy("옛 개인정보 보호법 제39조의15"),
    "pipa_34_2": gettext_lazy("옛 개인정보 보호법 제34조의2"),
    "net_64_3": gettext_lazy("옛 정보통신망법 제64조의3"),
}
WEEKEND: dict[str, str | Promise] = {"토요일": gettext_lazy("토요일"), "일요일": gettext_lazy("일요일")}

Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class PassedDay:
    """A day on which the period could not end, and why: Saturday, Sunday or the holiday's name."""

    day: str
    name: str


@dataclass(frozen=True, slots=True)
class Warned:
    """A day the document names that does not agree with the law, and the article that says so."""

    text: str
    cite: str


@dataclass(frozen=True, slots=True)
class StartedDeadline:
    """One period a step starts: ours with its clock, or another's that is only worth knowing."""

    terms: Mapping[str, Any]
    clock: Clock | None

    @property
    def is_ours(self) -> bool:
        return bool(self.terms["who"] == OURS)

    @property
    def who(self) -> str:
        return str(WHO.get(self.terms["who"], self.terms["who"]))

    @property
    def title(self) -> str:
        title = said(self.terms, "title")
        return title[:1].upper() + title[1:]

    @property
    def last_day(self) -> str:
        """The last day as people read it; empty while it is open."""
        return _day(self.terms.get("last_day"))

    @property
    def binding_word(self) -> str:
        """How it stands beside the limits that run together with it; empty where it runs alone."""
        if not self.terms["together_with"]:
            return ""
        words = {True: _("함께 가는 기한 가운데 먼저 끝남"), False: _("함께 가는 다른 기한이 먼저 끝남")}
        return words.get(self.terms["binds"], _("함께 가는 기한의 끝을 아직 모름"))

    @property
    def is_binding(self) -> bool:
        return self.terms["binds"] is not False

    @property
    def passed_days(self) -> list[PassedDay]:
        return passed_days(self.terms)

    @property
    def length(self) -> str:
        return limit_label(self.terms.get("length") or "")

    @property
    def extended(self) -> str:
        """The end if the extension the law knows of is used."""
        return _day((self.terms.get("extension") or {}).get("last_day"))

    @property
    def earliest(self) -> str:
        return _day(self.terms.get("earliest_day"))

    @property
    def safe_day(self) -> str:
        return _day((self.terms.get("safe_target") or {}).get("last_day"))

    @property
    def why(self) -> str:
        return said(self.terms, "why")

    @property
    def if_missed(self) -> str:
        return said(self.terms, "if_missed")

    @property
    def open_question(self) -> str:
        return said(self.terms, "open_question")

    @property
    def warnings(self) -> list[Warned]:
        return warnings_of(self.terms)

    @property
    def cite(self) -> str:
        return ", ".join(self.terms["cite"])

    @property
    def confidence_word(self) -> str:
        return str(CONFIDENCE.get(self.terms["confidence"], self.terms["confidence"]))


@dataclass(frozen=True, slots=True)
class GivenLine:
    """One thing the document itself says: its name and its value as people read them."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class StepLine:
    """One step as the page shows it, with everything it starts, and what it starts only under a later law."""

    step: ProcedureStep
    label: str
    given: list[GivenLine]
    started: list[StartedDeadline]
    not_in_force: list[Mapping[str, Any]]

    @property
    def ours(self) -> list[StartedDeadline]:
        return [item for item in self.started if item.is_ours]

    @property
    def others(self) -> list[StartedDeadline]:
        return [item for item in self.started if not item.is_ours]

    @property
    def not_in_force_words(self) -> list[tuple[str, str, str]]:
        """(title, why, article) of each period whose law was not in force on that day."""
        return [
            (said(terms, "title"), said(terms, "why"), ", ".join(terms["cite"]))
            for terms in self.not_in_force
        ]


def _day(day: str | None) -> str:
    return day_label(date.fromisoformat(day)) if day else ""


def passed_days(terms: Mapping[str, Any]) -> list[PassedDay]:
    """Each day from the counted end to the last day on which the period could not end (민법 제161조)."""
    rows = terms.get("skipped") or ()
    return [PassedDay(_day(row["day"]), str(WEEKEND.get(row["name"], row["name"]))) for row in rows]


def warnings_of(terms: Mapping[str, Any]) -> list[Warned]:
    return [
        Warned(said(item, "message"), ", ".join(item.get("cite") or ())) for item in terms.get("warnings", ())
    ]


def kind_label(kind: str) -> str:
    """The kind of event in the reader's language; the code itself where this edition does not know it."""
    event = rules.event_kinds().get(kind)
    if event is None:
        return kind
    label = event.label_en if is_english() else event.label
    return label[:1].upper() + label[1:]


def kind_groups() -> list[tuple[str, list[tuple[str, str]]]]:
    """Every kind of event the law knows, in groups: (words, [(kind, label)])."""
    left = dict.fromkeys(rules.event_kinds())
    groups = []
    for words, kinds in GROUPS:
        known = [kind for kind in kinds if kind in left]
        groups.append((str(words), [(kind, kind_label(kind)) for kind in known]))
        for kind in known:
            del left[kind]
    groups.append((str(OTHER), [(kind, kind_label(kind)) for kind in left]))
    return [group for group in groups if group[1]]


def given_label(kind: str, name: str) -> str:
    """What a day, length or choice in the document is called; the name itself where nobody knows it."""
    event = rules.event_kinds().get(kind)
    item = event.given.get(name) if event else None
    if item is None:
        return name
    label = str(item["label_en"] if is_english() else item["label"])
    return label[:1].upper() + label[1:]


def choice_word(code: str) -> str:
    return str(CHOICES.get(code, code))


def given_lines(step: ProcedureStep) -> list[GivenLine]:
    return [GivenLine(given_label(step.kind, name), _given(value)) for name, value in step.given.items()]


def _given(value: Any) -> str:
    if isinstance(value, bool):
        return _("예") if value else _("아니요")
    if isinstance(value, list):
        return " · ".join(_given(item) for item in value)
    try:
        return _day(value)
    except ValueError:
        return choice_word(value)


def document_of(steps: Iterable[ProcedureStep], changes: list[dict[str, Any]]) -> dict[str, Any]:
    """What the topic `followups` of `rules` reads."""
    document: dict[str, Any] = {"events": [step.as_event() for step in steps]}
    return {**document, "calendar": changes} if changes else document


def wanted_deadlines(
    case: Case, steps: Iterable[ProcedureStep], answer: Mapping[str, Any], *, now: datetime
) -> dict[Key, Deadline]:
    """The unsaved rows for every period of ours that has a last day, but those another limit ends before.

    Where the end of the other limit is not known yet, the known one stands: it is missed no later.
    """
    days = {step.key: step.happened_on for step in steps}
    return {
        key_of(terms): _deadline(
            case, terms, began=days[terms["event"]], digest=answer["rules_digest"], now=now
        )
        for terms in answer["followups"]
        if terms["who"] == OURS and terms["binds"] is not False and terms.get("last_day")
    }


def key_of(terms: Mapping[str, Any]) -> Key:
    part = terms.get("for")
    return terms["id"], f"{terms['event']}.{part}" if part else terms["event"]


def _deadline(case: Case, terms: dict[str, Any], *, began: date, digest: str, now: datetime) -> Deadline:
    family, subject_key = key_of(terms)
    duty = Duty(
        case=case,
        rule_id=f"{terms['id']}.{terms['version']}",
        family=family,
        subject_key=subject_key,
        terms=terms,
        rules_digest=digest,
        computed_at=now,
    )
    last_day = date.fromisoformat(terms["last_day"])
    counted_from = date.fromisoformat(terms["starts_on"])
    starts_on = min(counted_from, began)  # a period counted from a later day may be kept before that day
    is_counted = terms["counting"] == "DAYS" and starts_on == counted_from
    return Deadline(
        case=case,
        duty=duty,
        kind=DeadlineKind.FOLLOW_UP,
        law_state=LawState.DUE,
        title=terms["title"],
        starts_at=datetime.combine(starts_on, time(0), tzinfo=SEOUL),
        due_at=day_after(last_day),
        last_day=last_day,
        limit=(terms.get("length") or "") if is_counted else "",
        target_at=_target(terms),
        cite=terms["cite"],
        confidence=terms["confidence"],
        why=terms["why"],
        rules_digest=digest,
        created_at=now,
    )


def _target(terms: Mapping[str, Any]) -> datetime | None:
    """The last minute of the day that is safe however the doubt falls."""
    safe = terms.get("safe_target")
    return day_after(date.fromisoformat(safe["last_day"])) - timedelta(minutes=1) if safe else None


def standing_deadlines(case: Case) -> dict[Key, Deadline]:
    """The deadlines the procedure of `case` has now, by family and step."""
    rows = case.deadlines.current().filter(kind=DeadlineKind.FOLLOW_UP, duty__isnull=False)
    rows = rows.select_related("case", "duty", "owner", "met_by", "dismissed_by")
    return {(row.duty.family, row.duty.subject_key): row for row in rows}  # type: ignore[union-attr]


def step_of(deadline: Deadline) -> ProcedureStep | None:
    """The step that started a follow-up deadline, as last corrected; None for a deadline of another making."""
    if deadline.kind != DeadlineKind.FOLLOW_UP or deadline.duty is None:
        return None
    number = deadline.duty.subject_key.removeprefix("p").split(".")[0]
    rows = ProcedureStep.objects.filter(case=deadline.case_id)
    return rows.filter(Q(pk=number) | Q(first=number)).order_by("pk").last()


def step_lines(case: Case, changes: list[dict[str, Any]], *, now: datetime) -> list[StepLine]:
    """Every standing step of `case`, latest first, with the periods it starts. Reads the law; writes nothing.

    A period with a clock is told by the terms the clock was made with, whatever edition is installed now.
    """
    steps = list(case.procedure.standing().select_related("recorded_by"))
    if not steps:
        return []
    answer = rules.assess("followups", document_of(steps, changes))
    rows = standing_deadlines(case)
    return [
        StepLine(
            step,
            kind_label(step.kind),
            given_lines(step),
            list(_started(step, answer, rows, now=now)),
            [terms for terms in answer["not_due"] if terms["event"] == step.key],
        )
        for step in reversed(steps)
    ]


def _started(
    step: ProcedureStep, answer: Mapping[str, Any], rows: Mapping[Key, Deadline], *, now: datetime
) -> Iterator[StartedDeadline]:
    for terms in answer["followups"]:
        if terms["event"] != step.key:
            continue
        row = rows.get(key_of(terms))
        if row is None or row.duty is None:
            yield StartedDeadline(terms, None)
        else:
            yield StartedDeadline(row.duty.terms, clock_of(row, now))
