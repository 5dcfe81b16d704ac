"""The papers of a case as they were at an instant. Every row here is only ever added, so instants are enough."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from core.audit.telling import action_word
from incidents.as_of import Difference, Document, Knowing
from incidents.clocks import instant_label
from incidents.models import Case
from notifications.models.papers import Approval, Decision, Filing, Paper, PaperVersion
from notifications.paper_queries import standing_of
from notifications.services.filings import recipient_label


@dataclass(frozen=True, slots=True)
class PapersAsOf:
    """The papers there were, everything written, decided and given by then."""

    papers: list[Paper]
    versions: list[PaperVersion]
    approvals: list[Approval]
    filings: list[Filing]


@dataclass(frozen=True, slots=True)
class PaperThen:
    """One paper at an instant: the newest version it had, and how far it was."""

    paper: Paper
    version: PaperVersion
    approval: Approval | None
    filings: tuple[Filing, ...]
    word: str
    tone: str  # of the tag: "", primary, warning, success


def papers_as_of(case: Case, at: datetime) -> PapersAsOf:
    """The papers of `case` at `at`, in four queries."""
    written = {"version__paper__case": case}
    filings = Filing.objects.filter(**written, recorded_at__lte=at).defer("document__pdf")
    return PapersAsOf(
        papers=list(Paper.objects.filter(case=case, created_at__lte=at).select_related("case")),
        versions=list(
            PaperVersion.objects.filter(paper__case=case, created_at__lte=at)
            .select_related("author", "paper__case")
            .order_by("paper", "number")
        ),
        approvals=list(
            Approval.objects.filter(**written, decided_at__lte=at)
            .select_related("decided_by")
            .order_by("decided_at", "pk")
        ),
        filings=list(filings.select_related("version__paper__case", "recorded_by", "document")),
    )


def papers_then(held: PapersAsOf) -> list[PaperThen]:
    """Each paper with its newest version, as the tabs of notices and reports tell of it."""
    newest = {version.paper_id: version for version in held.versions}
    return [_then(paper, newest[paper.pk], held) for paper in held.papers if paper.pk in newest]


def _then(paper: Paper, version: PaperVersion, held: PapersAsOf) -> PaperThen:
    decided = [row for row in held.approvals if row.version_id == version.pk]
    approval = next((row for row in decided if row.decision == Decision.APPROVED), None)
    filings = tuple(row for row in held.filings if row.version.paper_id == paper.pk)
    word, tone = standing_of(version, approval, filings, last=decided[-1] if decided else None)
    return PaperThen(paper, version, approval, filings, word, tone)


def paper_differences(one: PapersAsOf, two: PapersAsOf) -> list[Difference]:
    """What was written, decided and given between two instants, in its order."""
    told = [
        (version.created_at, _difference(version, "paper.version-saved", str(version.author)))
        for version in _added(one.versions, two.versions)
    ]
    told += [
        (row.decided_at, _difference(_version_of(row, two), _decided(row), str(row.decided_by)))
        for row in _added(one.approvals, two.approvals)
    ]
    told += [
        (row.recorded_at, _difference(row.version, _given(row), _to_whom(row), url=row.get_absolute_url()))
        for row in _added(one.filings, two.filings)
    ]
    return [difference for _at, difference in sorted(told, key=lambda pair: pair[0])]


def _added[Row: (PaperVersion, Approval, Filing)](earlier: list[Row], later: list[Row]) -> list[Row]:
    held = {row.pk for row in earlier}
    return [row for row in later if row.pk not in held]


def _version_of(approval: Approval, held: PapersAsOf) -> PaperVersion:
    return next(version for version in held.versions if version.pk == approval.version_id)


def _decided(row: Approval) -> str:
    return "paper.approved" if row.decision == Decision.APPROVED else "paper.returned"


def _given(row: Filing) -> str:
    return "notice.given" if row.version.paper.is_notice else "report.filed"


def _to_whom(row: Filing) -> str:
    return f"{recipient_label(row.recipient)} · {instant_label(row.at)}"


def _difference(version: PaperVersion, action: str, said: str, *, url: str = "") -> Difference:
    return Difference(_name_of(version), action_word(action), "", said, url=url or _page_of(version))


def _name_of(version: PaperVersion) -> str:
    words = {"paper": version.paper.get_kind_display(), "n": version.number}
    return _("%(paper)s %(n)d판") % words


def _page_of(version: PaperVersion, name: str = "paper-version") -> str:
    paper = version.paper
    return reverse(f"notifications:{name}", args=[paper.case.reference, paper.number, version.number])


def knowings_of_filings(held: PapersAsOf) -> list[Knowing]:
    """Authorities and people who were told by a paper, each with the record of it and the very file."""
    return [
        Knowing(
            at=row.at,
            who=_told(row),
            what=f"{row.version.paper.get_kind_display()} · {' · '.join(row.channel_words)}",
            source=_("접수번호 %(number)s") % {"number": row.receipt_number} if row.receipt_number else "",
            documents=(
                Document(_("%(n)d판 기록") % {"n": row.version.number}, row.get_absolute_url()),
                Document(_("낸 문서(PDF)"), _page_of(row.version, "paper-pdf")),
            ),
        )
        for row in held.filings
    ]


def _told(row: Filing) -> str:
    people = (row.told_count or 0) + (row.posted_count or 0)
    who = recipient_label(row.recipient)
    return _("%(who)s %(n)s명") % {"who": who, "n": f"{people:,}"} if people else who
