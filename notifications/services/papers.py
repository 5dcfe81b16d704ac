"""Writing papers and approving one version of one. Nothing is overwritten: every saving is a version."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from core.audit.services import record
from core.documents.fonts import MissingGlyphs, composed, refuse_missing_glyphs
from core.documents.renderer import RenderedPaper
from core.documents.services import keep_document
from incidents.models import Duty
from incidents.services import CaseClosed, Obstacle, hold_open_case
from notifications import permissions
from notifications.documents import (
    EDITION,
    hash_of_content,
    imprint_of,
    render_version,
    template_of,
    wording_of,
    wording_of_version,
)
from notifications.drafting import draft_for, facts_now, key_day, letterhead_of, written_fields
from notifications.layouts import FOLLOWS, items_of, kinds_of
from notifications.lint import Finding, check, has_errors
from notifications.models.papers import Approval, Decision, Paper, PaperKind, PaperVersion
from notifications.services.approvals import tell_version_answered, tell_version_waits

if TYPE_CHECKING:
    from core.accounts.models import User

LONGEST_FIELD = 10_000
LONGEST_TITLE = 120
LONGEST_NOTE = 2_000


class VersionConflict(Obstacle):
    """Somebody else saved a version since the page was opened; `theirs` is the newest. Neither text is lost."""

    def __init__(self, theirs: PaperVersion) -> None:
        super().__init__(_("보는 사이 %(n)d판이 저장됐습니다.") % {"n": theirs.number})
        self.theirs = theirs


class StaleApproval(Obstacle):
    """The version that was read is no longer the newest, or no longer the same."""

    def __init__(self, newest: PaperVersion) -> None:
        super().__init__(_("승인하지 못했습니다. 보는 사이 %(n)d판이 저장됐습니다.") % {"n": newest.number})
        self.newest = newest


class PaperNotReady(Obstacle):
    """Errors of the lint stand in the way of approval."""

    def __init__(self, findings: list[Finding]) -> None:
        super().__init__(" ".join(finding.text for finding in findings if finding.is_error))
        self.findings = findings


class WordsRefused(Obstacle):
    """Texts that cannot be kept. `faults` maps each field's code to what is wrong and what to do."""

    def __init__(self, faults: dict[str, str]) -> None:
        super().__init__(" ".join(faults.values()), field=next(iter(faults)))
        self.faults = faults


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What a person wrote: the title, each field by its code, and whether the rest follows later."""

    title: str
    texts: Mapping[str, str]
    is_partial: bool = False


@transaction.atomic
def start_paper(
    *, case_id: int, family: str, kind: PaperKind, actor: User, now: datetime, subject_key: str = ""
) -> Paper:
    """The paper a duty asks for, its first version drafted from the facts; again returns the one there is.

    Obstacle when the case has no such duty, or the duty asks for no paper of this kind.
    """
    case = hold_open_case(case_id)
    held = Paper.objects.filter(case=case, family=family, kind=kind, subject_key=subject_key).first()
    if held is not None:
        return held
    duty = Duty.objects.filter(case=case, family=family, subject_key=subject_key, superseded_at=None).first()
    if duty is None or kind not in kinds_of(family, duty.terms):
        raise Obstacle(
            _("지금 사실로는 이 문서를 요구하는 의무가 없습니다. 시계 탭에서 의무를 확인해 주세요.")
        )
    paper = Paper.objects.create(
        case=case,
        number=Paper.objects.filter(case=case).count() + 1,
        kind=kind,
        family=family,
        subject_key=subject_key,
        created_at=now,
        created_by=actor,
    )
    data = {"kind": str(kind), "family": family, "for": subject_key}
    record("paper.started", subject=paper, actor=actor, at=now, chain=case.reference, data=data)
    drafted = draft_for(case=case, duty=duty, kind=kind, author=actor)
    words = Words(title=drafted.title, texts=_printable(drafted.fields))
    _add_version(paper, duty, words, facts_seen=drafted.facts_seen, number=1, actor=actor, now=now)
    return paper


def _printable(texts: Mapping[str, str]) -> dict[str, str]:
    """Drafted texts, shortened to what a field takes; a glyph no font has is found when the person saves."""
    return {code: _cleaned(text)[:LONGEST_FIELD] for code, text in texts.items()}


@transaction.atomic
def save_version(
    *, paper_id: int, expected_number: int, words: Words, actor: User, now: datetime
) -> PaperVersion:
    """A further version with these words; the newest one itself when nothing changed.

    VersionConflict if a version was saved since the person began; WordsRefused when a text is
    too long or has a character the papers' fonts cannot print. Then nothing is stored.
    """
    paper = _locked(paper_id)
    newest = paper.latest()
    if newest.number != expected_number:
        raise VersionConflict(newest)
    duty = paper.current_duty()
    words = _checked(words)
    seen = facts_now(case=paper.case, seen=newest.facts_seen)
    if duty is None:
        raise Obstacle(
            _("지금 사실로는 이 문서를 요구하는 의무가 없습니다. 시계 탭에서 의무를 확인해 주세요.")
        )
    if _says_the_same(newest, duty, words) and seen == newest.facts_seen and not _was_returned(newest):
        return newest
    return _add_version(paper, duty, words, facts_seen=seen, number=newest.number + 1, actor=actor, now=now)


def _locked(paper_id: int) -> Paper:
    """The paper of an open case, its case locked before it."""
    hold_open_case(Paper.objects.values_list("case_id", flat=True).get(pk=paper_id))
    rows = Paper.objects.select_for_update(of=("self",), no_key=True).select_related("case__organization")
    return rows.get(pk=paper_id)


def _cleaned(text: str) -> str:
    return composed(str(text).replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n")).strip()


def _checked(words: Words) -> Words:
    title = _cleaned(words.title)
    texts = {code: _cleaned(text) for code, text in words.texts.items()}
    faults = {code: fault for code, text in texts.items() if (fault := _fault(text, LONGEST_FIELD))}
    if fault := _fault(title, LONGEST_TITLE):
        faults["title"] = fault
    if "\n" in title:
        faults["title"] = _("제목은 한 줄로 적어 주세요.")
    if faults:
        raise WordsRefused(faults)
    return Words(title=title, texts=texts, is_partial=words.is_partial)


def _fault(text: str, longest: int) -> str:
    if len(text) > longest:
        words = {"length": f"{len(text):,}", "limit": f"{longest:,}"}
        return (
            _("%(length)s자입니다. %(limit)s자까지 적을 수 있습니다. 나머지는 별지나 증거로 올려 주세요.")
            % words
        )
    try:
        refuse_missing_glyphs([text])
    except MissingGlyphs as fault:
        names = ", ".join(f"‘{c}’(U+{ord(c):04X})" for c in fault.characters)
        return _("문서 글꼴에 없는 글자가 있어 저장하지 않았습니다: %(names)s. 다른 글자로 바꿔 주세요.") % {
            "names": names
        }
    return ""


def _says_the_same(version: PaperVersion, duty: Duty, words: Words) -> bool:
    texts = _texts_for(version.paper, duty, words)
    same_words = (version.title, version.fields, version.is_partial) == (words.title, texts, words.is_partial)
    return (
        same_words
        and version.rule_id == duty.rule_id
        and version.letterhead == letterhead_of(version.paper.case)
    )


def _was_returned(version: PaperVersion) -> bool:
    last = version.last_decision()
    return last is not None and last.decision == Decision.RETURNED


def _texts_for(paper: Paper, duty: Duty, words: Words) -> dict[str, str]:
    """The words of the fields this paper has under `duty`, in their order; others are not kept."""
    fields = written_fields(paper.paper_kind, items_of(duty.terms), key_on=key_day(duty.terms))
    texts = {field.code: words.texts.get(field.code, "") for field in fields}
    if words.is_partial:
        texts[FOLLOWS] = words.texts.get(FOLLOWS, "")
    return texts


def _add_version(
    paper: Paper,
    duty: Duty,
    words: Words,
    *,
    facts_seen: dict[str, int],
    number: int,
    actor: User,
    now: datetime,
) -> PaperVersion:
    texts = _texts_for(paper, duty, words)
    law = {"rule_id": duty.rule_id, "contents_code": duty.contents_code, "key_on": key_day(duty.terms)}
    said = {
        "title": words.title,
        "is_partial": words.is_partial,
        "letterhead": letterhead_of(paper.case),
        **law,
    }
    items = items_of(duty.terms)
    written_for = tuple(item.code for item in items)
    wording = wording_of(
        paper=paper,
        title=words.title,
        texts=texts,
        is_partial=words.is_partial,
        written_for=written_for,
        facts_seen=facts_seen,
    )
    findings = check(wording)
    waits_already = number > 1 and paper.latest().awaits_approval()
    version = PaperVersion.objects.create(
        paper=paper,
        number=number,
        fields=texts,
        items=list(duty.terms.get("content_items") or ()),
        facts_seen=facts_seen,
        template_edition=EDITION,
        rules_digest=duty.rules_digest,
        content_hash=hash_of_content(kind=paper.kind, texts=texts, **said),
        lint=[
            {"code": finding.code, "level": str(finding.level), "field": finding.field}
            for finding in findings
        ],
        error_count=sum(finding.is_error for finding in findings),
        created_at=now,
        author=actor,
        **said,
    )
    _tell_of_version(version, actor=actor, now=now)
    if version.awaits_approval() and not waits_already:
        tell_version_waits(version, now=now)
    return version


def _tell_of_version(version: PaperVersion, *, actor: User, now: datetime) -> None:
    data = {
        "paper": version.paper_id,
        "version": version.number,
        "rule": version.rule_id,
        "contents": version.contents_code,
        "content_hash": version.content_hash,
        "partial": version.is_partial,
        "findings": [finding["code"] for finding in version.lint],
    }
    reference = version.paper.case.reference
    record("paper.version-saved", subject=version, actor=actor, at=now, chain=reference, data=data)


def approve_version(
    *, version_id: int, content_hash: str, actor: User, now: datetime, note: str = ""
) -> Approval:
    """Approve exactly this version and keep its PDF; again returns the approval there is.

    StaleApproval when a newer version exists or the hash is another; PaperNotReady with the
    lint's errors; Obstacle when the person may not; MissingGlyphs when the paper cannot be
    printed. Then nothing is kept. Rendering happens before the transaction opens.
    """
    version = _readable(version_id)
    held = version.approval()
    if held is not None and content_hash == version.content_hash:
        return held
    _refuse_decision(version, content_hash=content_hash, actor=actor, note=note)
    findings = check(wording_of_version(version))
    if has_errors(findings):
        raise PaperNotReady(findings)
    paper = render_version(version, status="approved", now=now)
    return _seal(version, paper, content_hash=content_hash, actor=actor, now=now, note=note)


def _readable(version_id: int) -> PaperVersion:
    return PaperVersion.objects.select_related("paper__case__organization", "author").get(pk=version_id)


def _refuse_decision(version: PaperVersion, *, content_hash: str, actor: User, note: str) -> None:
    if version.paper.case.is_closed:
        raise CaseClosed
    if version.author_id == actor.pk:
        raise Obstacle(_("내가 쓴 판은 내가 승인할 수 없습니다. 다른 승인자에게 부탁해 주세요."))
    if not permissions.can_decide_version(actor, version):
        raise Obstacle(_("승인은 승인자나 개인정보 보호책임자가 합니다."))
    if len(note) > LONGEST_NOTE:
        raise Obstacle(
            _("의견은 %(limit)s자까지 적을 수 있습니다.") % {"limit": f"{LONGEST_NOTE:,}"}, field="note"
        )
    newest = version.paper.latest()
    if newest.pk != version.pk or version.content_hash != content_hash:
        raise StaleApproval(newest)


@transaction.atomic
def _seal(
    version: PaperVersion, paper: RenderedPaper, *, content_hash: str, actor: User, now: datetime, note: str
) -> Approval:
    _locked(version.paper_id)
    _refuse_decision(version, content_hash=content_hash, actor=actor, note=note)
    held = version.approval()
    if held is not None:
        return held
    reference = version.paper.case.reference
    document = keep_document(
        paper=paper,
        kind=version.paper.kind,
        template=template_of(version),
        imprint=imprint_of(version, status="approved"),
        case_key=reference,
        actor=actor,
        now=now,
    )
    approval = Approval.objects.create(
        version=version,
        content_hash=version.content_hash,
        decision=Decision.APPROVED,
        note=_cleaned(note),
        document=document,
        decided_at=now,
        decided_by=actor,
    )
    data = {
        "version": version.number,
        "content_hash": version.content_hash,
        "document": document.pk,
        "file_hash": document.file_hash,
        "author": version.author_id,
    }
    record("paper.approved", subject=approval, actor=actor, at=now, chain=reference, data=data)
    tell_version_answered(version, is_approved=True, now=now)
    return approval


@transaction.atomic
def return_version(*, version_id: int, content_hash: str, actor: User, now: datetime, note: str) -> Approval:
    """Send a version back to be written again, with what is to change. Obstacle without a note or once approved."""
    version = _readable(version_id)
    _locked(version.paper_id)
    if not note.strip():
        raise Obstacle(_("무엇을 고쳐야 하는지 적어 주세요."), field="note")
    _refuse_decision(version, content_hash=content_hash, actor=actor, note=note)
    if version.approval() is not None:
        raise Obstacle(_("이미 승인한 판입니다. 고치려면 새 판을 저장해 주세요."))
    if _was_returned(version):
        raise Obstacle(_("이미 돌려보낸 판입니다. 쓴 사람이 새 판을 저장하면 다시 볼 수 있습니다."))
    returned = Approval.objects.create(
        version=version,
        content_hash=version.content_hash,
        decision=Decision.RETURNED,
        note=_cleaned(note),
        decided_at=now,
        decided_by=actor,
    )
    data = {"version": version.number, "content_hash": version.content_hash}
    reference = version.paper.case.reference
    record("paper.returned", subject=returned, actor=actor, at=now, chain=reference, data=data)
    tell_version_answered(version, is_approved=False, now=now)
    return returned


__all__ = [
    "PaperNotReady",
    "StaleApproval",
    "VersionConflict",
    "Words",
    "WordsRefused",
    "approve_version",
    "return_version",
    "save_version",
    "start_paper",
]
