"""Playing a script: each act calls the service its page would call, at the act's own instant."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from core.accounts.models import User
from incidents import services as incidents
from incidents.models import Case, Deadline, DeadlineKind, Duty, Phase, ProcedureStep, Task
from incidents.services import FactChange
from notifications.layouts import kinds_of
from notifications.models import Paper, PaperKind
from notifications.replay.script import Act, Script, ScriptError
from notifications.services.filings import Given, recipients_of, record_filing
from notifications.services.papers import Words, approve_version, save_version, start_paper


@dataclass
class Player:
    """Plays one script into one new case. `between` is called with each act's instant before the act."""

    script: Script
    organization_id: int
    between: Callable[[datetime], None]
    case: Case | None = None
    papers: dict[str, Paper] = field(default_factory=dict)
    deadlines: dict[str, Deadline] = field(default_factory=dict)
    steps: dict[str, ProcedureStep] = field(default_factory=dict)

    def play(self, *, until: datetime | None = None) -> Case:
        """Every act up to and including `until`; the case as it stands then. ScriptError for an act that cannot be."""
        for number, act in enumerate(self.script.acts):
            if until is not None and act.at > until:
                break
            self.between(act.at)
            try:
                getattr(self, f"_{act.do}")(act, self._person(act))
            except (incidents.Obstacle, ValueError, LookupError) as obstacle:
                raise ScriptError(
                    f"script[{number}] {act.do} ({act.at.isoformat()}): {obstacle}"
                ) from obstacle
        assert self.case is not None
        self.case.refresh_from_db()
        return self.case

    def _person(self, act: Act) -> User:
        return User.objects.get(email=act.by)

    @property
    def _case(self) -> Case:
        assert self.case is not None
        return self.case

    def _open(self, act: Act, actor: User) -> None:
        self.case = incidents.open_case(
            organization_id=self.organization_id,
            actor=actor,
            now=act.at,
            facts=_changes(act.given["facts"]),
            title=act.given.get("title", self.script.title),
        )
        if "kinds" in act.given:
            self._describe(act, actor)

    def _describe(self, act: Act, actor: User) -> None:
        kinds = {
            f"is_{kind}": kind in act.given["kinds"]
            for kind in ("personal_data", "cyber_incident", "service_outage")
        }
        self._case.refresh_from_db()
        title = act.given.get("title", self._case.title)
        incidents.describe_case(case_id=self._case.pk, actor=actor, now=act.at, title=title, kinds=kinds)

    def _state(self, act: Act, actor: User) -> None:
        changes = _changes(act.given["facts"])
        reason = act.given.get("reason", "")
        incidents.record_facts(case_id=self._case.pk, changes=changes, actor=actor, now=act.at, reason=reason)

    def _confirm(self, act: Act, actor: User) -> None:
        value = {"text": act.given["text"], "confirmed_at": act.given["confirmed_at"]}
        source = act.given.get("source", "")
        change = FactChange("confirmed_fact", value, source=source, key=act.given["key"])
        incidents.record_facts(case_id=self._case.pk, changes=[change], actor=actor, now=act.at)

    def _clock(self, act: Act) -> Deadline:
        name = act.given["deadline"]
        if name in self.deadlines:
            return self.deadlines[name]
        key = act.given.get("key", "")
        return Deadline.objects.current().get(
            case=self._case,
            duty__family=name,
            duty__subject_key=self.steps[key].key if key in self.steps else key,
        )

    def _acknowledge(self, act: Act, actor: User) -> None:
        incidents.acknowledge_deadline(deadline_id=self._clock(act).pk, actor=actor, now=act.at)

    def _meet(self, act: Act, actor: User) -> None:
        incidents.fulfil_deadline(
            deadline_id=self._clock(act).pk,
            at=act.at,
            actor=actor,
            now=act.at,
            note=act.given.get("note", ""),
            lateness_reason=act.given.get("lateness_reason", ""),
        )

    def _dismiss(self, act: Act, actor: User) -> None:
        incidents.dismiss_deadline(
            deadline_id=self._clock(act).pk, actor=actor, now=act.at, reason=act.given["reason"]
        )

    def _deadline(self, act: Act, actor: User) -> None:
        self.deadlines[act.given["as"]] = incidents.add_deadline(
            case_id=self._case.pk,
            title=act.given["title"],
            actor=actor,
            now=act.at,
            last_day=act.given["last_day"],
            source=act.given["source"],
            kind=DeadlineKind.FOLLOW_UP,
        )

    def _finish(self, act: Act, actor: User) -> None:
        task = Task.objects.get(case=self._case, code=act.given["task"])
        incidents.finish_task(task_id=task.pk, actor=actor, now=act.at)

    def _skip(self, act: Act, actor: User) -> None:
        task = Task.objects.get(case=self._case, code=act.given["task"])
        incidents.skip_task(task_id=task.pk, actor=actor, now=act.at, reason=act.given["reason"])

    def _happened(self, act: Act, actor: User) -> None:
        incidents.add_timeline_entry(
            case_id=self._case.pk,
            kind=act.given["kind"],
            text=act.given["text"],
            source=act.given.get("source", ""),
            happened_at=act.given.get("happened_at", act.at),
            actor=actor,
            now=act.at,
        )

    def _phase(self, act: Act, actor: User) -> None:
        phase = Phase(act.given["phase"])
        incidents.advance_phase(case_id=self._case.pk, phase=phase, actor=actor, now=act.at)

    def _claim(self, act: Act, actor: User) -> None:
        incidents.claim_awareness(
            case_id=self._case.pk,
            anchor=act.given["anchor"],
            at=act.given["known_at"],
            basis=act.given["basis"],
            source=act.given["source"],
            actor=actor,
            now=act.at,
        )

    def _step(self, act: Act, actor: User) -> None:
        step = incidents.record_step(
            case_id=self._case.pk,
            kind=act.given["kind"],
            happened_on=act.given["on"],
            given=act.given.get("given", {}),
            document=act.given.get("document", ""),
            note=act.given.get("note", ""),
            actor=actor,
            now=act.at,
        )
        if "as" in act.given:
            self.steps[act.given["as"]] = step

    def _draft(self, act: Act, actor: User) -> None:
        kind = PaperKind(act.given["paper"])
        duty = self._duty_asking_for(kind, act.given.get("key", ""))
        paper = start_paper(
            case_id=self._case.pk,
            family=duty.family,
            kind=kind,
            subject_key=duty.subject_key,
            actor=actor,
            now=act.at,
        )
        self.papers[act.given["as"]] = paper
        if "fields" in act.given:
            self._rewrite(paper, act.given["fields"], actor=actor, now=act.at)

    def _duty_asking_for(self, kind: PaperKind, key: str) -> Duty:
        for duty in Duty.objects.filter(case=self._case, superseded_at=None, subject_key=key):
            if kind in kinds_of(duty.family, duty.terms):
                return duty
        raise LookupError(f"no duty of this case asks for {kind}")

    def _rewrite(self, paper: Paper, texts: dict[str, str], *, actor: User, now: datetime) -> None:
        newest = paper.latest()
        words = Words(title=newest.title, texts={**newest.fields, **texts}, is_partial=newest.is_partial)
        save_version(paper_id=paper.pk, expected_number=newest.number, words=words, actor=actor, now=now)

    def _approve(self, act: Act, actor: User) -> None:
        version = self.papers[act.given["paper"]].latest()
        approve_version(
            version_id=version.pk,
            content_hash=version.content_hash,
            actor=actor,
            now=act.at,
            note=act.given.get("note", ""),
        )

    def _file(self, act: Act, actor: User) -> None:
        self._give_paper(
            act, actor, recipient=act.given["recipient"], receipt_number=act.given["receipt"], told_count=None
        )

    def _give(self, act: Act, actor: User) -> None:
        paper = self.papers[act.given["paper"]]
        recipient = recipients_of(paper)[0]
        self._give_paper(act, actor, recipient=recipient, receipt_number="", told_count=act.given["people"])

    def _give_paper(
        self, act: Act, actor: User, *, recipient: str, receipt_number: str, told_count: int | None
    ) -> None:
        given = Given(
            at=act.at,
            recipient=recipient,
            channels=(act.given["channel"],),
            receipt_number=receipt_number,
            told_count=told_count,
            note=act.given.get("note", ""),
            lateness_reason=act.given.get("lateness_reason", ""),
        )
        version = self.papers[act.given["paper"]].latest()
        record_filing(version_id=version.pk, given=given, actor=actor, now=act.at)


def _changes(facts: dict[str, dict[str, Any]]) -> list[FactChange]:
    return [FactChange(name, **stated) for name, stated in facts.items()]
