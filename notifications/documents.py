"""What a notice or report says on paper: its content as it is hashed, and the PDF of exactly that."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from core.documents.renderer import Imprint, RenderedPaper, Sheet, content_hash, render_pdf
from core.documents.tables import FormRow, FormTable
from notifications.drafting import facts_now, key_day
from notifications.layouts import FOLLOWS, PARAGRAPH, PaperField, fields_of, items_from, items_of
from notifications.lint import Wording
from notifications.models.papers import Paper, PaperKind, PaperVersion

EDITION = "2026.11"  # of the templates below; a change of what they print is a new edition
LETTER = "notifications/pdf/letter.html"
FORM = "notifications/pdf/report_form.html"
ADDRESSEES: dict[PaperKind, str] = {
    PaperKind.PIPC_REPORT: "개인정보 보호위원회 또는 한국인터넷진흥원",
    PaperKind.KISA_REPORT: "과학기술정보통신부 또는 한국인터넷진흥원",
    PaperKind.KISA_SUPPLEMENT: "과학기술정보통신부 또는 한국인터넷진흥원",
}
GREETING = "고객님께"


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, a small heading, or a list of what was typed line by line with `-`."""

    kind: str  # "text", "heading", "list"
    lines: tuple[str, ...]

    @property
    def text(self) -> str:
        return "\n".join(self.lines)


@dataclass(frozen=True, slots=True)
class Section:
    """One numbered item of a letter under the law's own heading."""

    number: int
    heading: str
    blocks: tuple[Block, ...]
    actions: tuple[str, ...] = ()
    is_contact: bool = False


def fields_of_version(version: PaperVersion) -> tuple[PaperField, ...]:
    kind = PaperKind(version.paper.kind)
    return fields_of(kind, items_from(version.items), key_on=version.key_on)


def content_of(
    *,
    kind: str,
    title: str,
    texts: Mapping[str, str],
    letterhead: Mapping[str, str],
    rule_id: str,
    contents_code: str,
    key_on: date | None,
    is_partial: bool,
) -> dict[str, Any]:
    """Everything a version says and the law it says it under: what its hash is over."""
    return {
        "kind": str(kind),
        "title": title,
        "fields": dict(texts),
        "letterhead": dict(letterhead),
        "rule": rule_id,
        "contents": contents_code,
        "key_on": key_on.isoformat() if key_on else None,
        "partial": is_partial,
        "edition": EDITION,
    }


def hash_of_content(**content: Any) -> str:
    return content_hash(content_of(**content))


def wording_of(
    *,
    paper: Paper,
    title: str,
    texts: Mapping[str, str],
    is_partial: bool,
    written_for: tuple[str, ...],
    facts_seen: Mapping[str, int],
) -> Wording:
    """The words as the lint reads them, beside the law of the case's duty as it stands now."""
    duty = paper.current_duty()
    terms: Mapping[str, Any] = duty.terms if duty else {}
    key_on = key_day(terms)
    items = items_of(terms)
    now_known = facts_now(case=paper.case, seen=facts_seen)
    return Wording(
        kind=paper.paper_kind,
        title=title,
        texts=texts,
        is_partial=is_partial,
        fields=fields_of(paper.paper_kind, items, key_on=key_on),
        items=items,
        written_for=written_for,
        key_on=key_on,
        duty_has_ended=duty is None,
        changed_facts=tuple(name for name, number in facts_seen.items() if now_known[name] != number),
    )


def wording_of_version(version: PaperVersion) -> Wording:
    return wording_of(
        paper=version.paper,
        title=version.title,
        texts=version.fields,
        is_partial=version.is_partial,
        written_for=tuple(item["code"] for item in version.items),
        facts_seen=version.facts_seen,
    )


def imprint_of(version: PaperVersion, *, status: str) -> Imprint:
    return Imprint(
        number=version.document_number,
        title=version.title,
        template_edition=version.template_edition,
        rules_digest=version.rules_digest,
        content_hash=version.content_hash,
        status=status,
    )


def template_of(version: PaperVersion) -> str:
    return LETTER if version.paper.is_notice else FORM


def render_version(version: PaperVersion, *, status: str, now: datetime) -> RenderedPaper:
    """The PDF of exactly this version; `status` "draft" prints 초안 on every page. MissingGlyphs as core.documents."""
    is_notice = version.paper.is_notice
    return render_pdf(
        template=template_of(version),
        context=_letter(version, now) if is_notice else _report(version, now),
        sheet=Sheet.LETTER if is_notice else Sheet.REPORT,
        imprint=imprint_of(version, status=status),
        now=now,
    )


def sender_name(letterhead: Mapping[str, str]) -> str:
    """`주식회사 ○○ 대표이사 ○○○`; 대표자 where it is not a stock company; the name alone without one."""
    name, person = letterhead["name"], letterhead["representative"]
    if not person:
        return name
    is_company = any(mark in name for mark in ("주식회사", "㈜", "(주)"))
    return f"{name} {'대표이사' if is_company else '대표자'} {person}"


def _common(version: PaperVersion, now: datetime) -> dict[str, object]:
    return {
        "issued_on": timezone.localtime(now).date(),
        "sender_name": sender_name(version.letterhead),
        "letterhead": version.letterhead,
        "is_partial": version.is_partial,
        "follows": version.text(FOLLOWS),
        "law_day": version.key_on or "",
        "rule_id": version.rule_id,
    }


def _letter(version: PaperVersion, now: datetime) -> dict[str, object]:
    head = version.letterhead
    return {
        **_common(version, now),
        "sender_lines": [line for line in (head["name"], head["address"], head["website"]) if line],
        "recipient_name": "(받는 분 이름)",
        "address_lines": ["(도로명주소)"],
        "postcode": "(우편번호)",
        "greeting": GREETING,
        "opening": version.text(PARAGRAPH),
        "sections": _sections(version),
        "seal": "outline",
    }


def _sections(version: PaperVersion) -> list[Section]:
    written = [field for field in fields_of_version(version) if field.code != PARAGRAPH]
    return [
        Section(
            number=number,
            heading=field.label,
            blocks=blocks_of(version.text(field.code)),
            actions=_actions(version.text(field.code)) if field.code == "self_help" else (),
            is_contact=field.code == "contact",
        )
        for number, field in enumerate(written, start=1)
    ]


def blocks_of(text: str) -> tuple[Block, ...]:
    """What was typed, in blocks: runs of lines that are a heading (`…:`), a list (`- …`) or plain text."""
    blocks: list[Block] = []
    for line in text.splitlines():
        kind, words = _kind_of(line.rstrip())
        if blocks and blocks[-1].kind == kind and kind != "heading":
            blocks[-1] = Block(kind, (*blocks[-1].lines, words))
        else:
            blocks.append(Block(kind, (words,)))
    return tuple(block for block in blocks if block.text.strip())


def _kind_of(line: str) -> tuple[str, str]:
    if line.startswith(("- ", "• ", "· ")):
        return "list", line[2:].strip()
    if line.endswith(":") and len(line) <= 20:
        return "heading", line[:-1]
    return ("text", line) if line.strip() else ("gap", "")


def _actions(text: str) -> tuple[str, ...]:
    """One action a line, the typed bullet taken off; nothing unless there are at least two."""
    lines = tuple(
        stripped for line in text.splitlines() if (stripped := line.strip().lstrip("-·•* ").strip())
    )
    return lines if len(lines) > 1 else ()


def _report(version: PaperVersion, now: datetime) -> dict[str, object]:
    rows = tuple(
        FormRow(
            field.label,
            version.text(field.code),
            group=field.group,
            is_across=field.rows == 1 or field.filled_by_receiver,
        )
        for field in fields_of_version(version)
    )
    kind = PaperKind(version.paper.kind)
    return {
        **_common(version, now),
        "form": FormTable(rows),
        "addressee": ADDRESSEES.get(kind, ""),
        "seal": "outline",
    }
