"""Reading papers: what each duty of a case still needs, what waits for an approval, how two versions differ."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from django.db.models import Exists, F, OuterRef, Subquery
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.accounts.models import Membership
from incidents.clocks import Clock, clock_of
from incidents.models import Case, Deadline, DeadlineKind, Phase
from notifications.documents import fields_of_version
from notifications.layouts import FOLLOWS, kinds_of
from notifications.models.papers import Approval, Decision, Filing, Paper, PaperKind, PaperVersion
from notifications.permissions import APPROVING
from notifications.staleness import ChangedFact, changed_since_given

if TYPE_CHECKING:
    from core.accounts.models import User

WORDS = re.compile(r"\s+|[^\s]+")


@dataclass(frozen=True, slots=True)
class PaperLine:
    """One paper a case needs or has: the duty's clock, and how far the paper is."""

    kind: PaperKind
    family: str
    subject_key: str
    clock: Clock | None
    paper: Paper | None
    version: PaperVersion | None
    approval: Approval | None
    filings: tuple[Filing, ...]
    word: str
    tone: str  # of the tag: "", primary, warning, success
    changed: tuple[ChangedFact, ...] = ()  # what reads otherwise since it was given

    @property
    def label(self) -> str:
        return str(self.kind.label)


def paper_lines(case: Case, *, notices: bool, now: datetime) -> list[PaperLine]:
    """The notices (or the reports) of a case: of every duty it has now, and those whose duty has ended."""
    held = {
        (paper.kind, paper.family, paper.subject_key): paper
        for paper in Paper.objects.filter(case=case).select_related("case__organization")
        if paper.is_notice == notices
    }
    lines = []
    for deadline in _duty_deadlines(case):
        assert deadline.duty is not None
        for kind in kinds_of(deadline.duty.family, deadline.duty.terms):
            if kind.is_notice == notices:
                key = (str(kind), deadline.duty.family, deadline.duty.subject_key)
                lines.append(_line(key, clock_of(deadline, now), held.pop(key, None)))
    return [*lines, *(_line(key, None, paper) for key, paper in held.items())]


def _duty_deadlines(case: Case) -> list[Deadline]:
    rows = case.deadlines.current().filter(kind=DeadlineKind.DUTY, duty__isnull=False).tightest_first()
    return list(rows.select_related("case", "duty", "owner", "dismissed_by"))


def _line(key: tuple[str, str, str], clock: Clock | None, paper: Paper | None) -> PaperLine:
    kind, family, subject_key = key
    version = paper.latest() if paper else None
    approval = version.approval() if version else None
    filings = tuple(filings_of(paper)) if paper else ()
    last = version.last_decision() if version and approval is None else None
    word, tone = standing_of(version, approval, filings, last=last)
    changed = changed_since_given(filings)
    if clock is None and not filings:
        word, tone = _("의무가 끝남"), ""
    elif changed and tone == "success":
        word, tone = _("냄 · 그 뒤 사실이 바뀜"), "warning"
    return PaperLine(
        PaperKind(kind), family, subject_key, clock, paper, version, approval, filings, word, tone, changed
    )


def filings_of(paper: Paper) -> list[Filing]:
    rows = Filing.objects.filter(version__paper=paper).select_related(
        "version__paper__case", "recorded_by", "document"
    )
    return list(rows.defer("document__pdf"))


def standing_of(
    version: PaperVersion | None,
    approval: Approval | None,
    filings: tuple[Filing, ...],
    *,
    last: Approval | None,
) -> tuple[str, str]:
    """How far a paper is, in a word, and the tone of its tag. `last` is what was decided last of `version`."""
    if version is None:
        return _("쓰기 전"), ""
    if any(filing.version_id == version.pk for filing in filings):
        return (
            (_("먼저 알림 · 나머지 남음"), "warning")
            if version.is_partial
            else (_("통지함") if version.paper.is_notice else _("제출함"), "success")
        )
    if approval is not None:
        return _("승인됨 · 통지할 차례") if version.paper.is_notice else _("승인됨 · 제출할 차례"), "primary"
    if last is not None and last.decision == Decision.RETURNED:
        return _("돌려받음 · 고칠 차례"), "warning"
    if version.error_count:
        told = ngettext("쓰는 중 · 고칠 것 %(n)d개", "쓰는 중 · 고칠 것 %(n)d개", version.error_count)
        return told % {"n": version.error_count}, "warning"
    return _("승인 기다림"), "primary"


def papers_awaiting_approval(user: User) -> list[PaperVersion]:
    """The versions `user` could approve now: newest of their paper, without errors, undecided, another's."""
    newest = PaperVersion.objects.filter(paper=OuterRef("paper")).order_by("-number").values("number")[:1]
    mine = Membership.objects.of(user, *APPROVING).values("organization")
    waiting = (
        PaperVersion.objects.filter(
            paper__in=Paper.objects.visible_to(user), paper__case__organization__in=mine, error_count=0
        )
        .annotate(newest=Subquery(newest))
        .filter(number=F("newest"))
        .exclude(paper__case__phase=Phase.CLOSED)
        .exclude(author=user)
        .exclude(Exists(Approval.objects.filter(version=OuterRef("pk"))))
    )
    return list(waiting.select_related("paper__case", "author").order_by("created_at"))


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text in a comparison: the same, taken out, or put in."""

    kind: str  # "same", "out", "in"
    text: str


@dataclass(frozen=True, slots=True)
class FieldDifference:
    """One field of two versions, side by side."""

    code: str
    label: str
    before: str
    after: str
    pieces: tuple[Piece, ...]

    @property
    def is_changed(self) -> bool:
        return self.before != self.after


def differences(before: PaperVersion, after: PaperVersion) -> list[FieldDifference]:
    """Every field of both versions in the order of the newer one, title first."""
    labels = {field.code: field.heading for field in (*fields_of_version(before), *fields_of_version(after))}
    labels[FOLLOWS] = _("뒤이어 알릴 내용")
    codes = [code for code in labels if before.text(code) or after.text(code)]
    rows = [_difference("title", _("제목"), before.title, after.title)]
    return rows + [_difference(code, labels[code], before.text(code), after.text(code)) for code in codes]


def _difference(code: str, label: str, before: str, after: str) -> FieldDifference:
    return FieldDifference(code, label, before, after, tuple(pieces_between(before, after)))


def pieces_between(before: str, after: str) -> Iterator[Piece]:
    """What to strike out and what to put in, word by word."""
    old, new = WORDS.findall(before), WORDS.findall(after)
    for tag, a1, a2, b1, b2 in SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes():
        if tag == "equal":
            yield Piece("same", "".join(old[a1:a2]))
            continue
        if a2 > a1:
            yield Piece("out", "".join(old[a1:a2]))
        if b2 > b1:
            yield Piece("in", "".join(new[b1:b2]))
