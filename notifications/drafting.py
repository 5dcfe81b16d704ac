"""A first draft of a paper from a case's facts. What is not known stays empty; nothing is made up.

What papers say is Korean whatever language the reader of the screen has chosen, so the
sentences here are not translated.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.utils import translation

from core.documents.templatetags.paper import paper_instant
from incidents.models import Case, Certainty, Duty, FactRevision
from notifications.layouts import Item, PaperField, fields_of, items_of
from notifications.models.papers import Filing, PaperKind

if TYPE_CHECKING:
    from core.accounts.models import User

GIVEN = "given:"  # before a kind of paper: that it was given is a fact other papers tell
PENDING = "확인 중이며 확인되는 대로 알려 드리겠습니다."

TITLES: dict[PaperKind, str] = {
    PaperKind.SUBJECT_NOTICE: "개인정보 유출 통지",
    PaperKind.POSSIBILITY_NOTICE: "개인정보 유출등의 가능성 통지",
    PaperKind.NOT_LEAKED_NOTICE: "개인정보 유출등이 아님을 알리는 통지",
    PaperKind.USER_NOTICE: "침해사고 통지",
    PaperKind.PIPC_REPORT: "개인정보 유출등 신고서",
    PaperKind.KISA_REPORT: "침해사고 신고서",
    PaperKind.KISA_SUPPLEMENT: "침해사고 보완 신고서",
}

# 개인정보 보호법 제39조, 제39조의2, 제43조: to be read and edited by a person like every other field.
RIGHTS = """\
이번 일로 손해를 입은 경우 다음의 권리를 행사할 수 있습니다.
- 손해배상(개인정보 보호법 제39조): 법을 위반한 행위로 입은 손해의 배상을 청구할 수 있습니다. 당사는 고의 또는 과실이 없음을 증명하지 못하면 책임을 면할 수 없습니다.
- 법정손해배상(같은 법 제39조의2): 300만원 이하의 범위에서 상당한 금액을 손해액으로 하여 배상을 청구할 수 있습니다.
- 분쟁조정(같은 법 제43조): 개인정보 분쟁조정위원회에 조정을 신청할 수 있습니다(www.kopico.go.kr, 1833-6972).
행사 방법: 위 담당부서에 서면이나 전자우편으로 배상을 청구하거나, 개인정보 분쟁조정위원회에 조정을 신청하거나, 법원에 소를 제기할 수 있습니다."""

FURTHER = "유출등이 있었던 것으로 확정되면 그 사실과 내용을 추가로 통지하겠습니다."
APOLOGY = "심려를 끼쳐 드려 사과드립니다."


@dataclass(frozen=True, slots=True)
class Drafted:
    """What a new version starts from."""

    title: str
    fields: dict[str, str]
    items: tuple[Item, ...]
    letterhead: dict[str, str]
    facts_seen: dict[str, int]
    key_on: date | None


class Known:
    """The facts of a case while a draft is written; remembers which were asked for."""

    def __init__(self, case: Case) -> None:
        self.case = case
        rows = FactRevision.objects.filter(case=case).current()
        self.rows: dict[str, FactRevision] = {
            f"{row.name}[{row.key}]" if row.key else row.name: row for row in rows
        }
        self.asked: set[str] = set()

    def row(self, name: str) -> FactRevision | None:
        self.asked.add(name)
        return self.rows.get(name)

    def given(self, kind: PaperKind) -> list[Filing]:
        """What was given of the case's papers of `kind`, first to last; counts among what the draft stands on."""
        self.asked.add(f"{GIVEN}{kind}")
        rows = Filing.objects.filter(version__paper__case=self.case, version__paper__kind=kind)
        return list(rows.order_by("at"))

    def seen(self) -> dict[str, int]:
        """The revision of every fact the draft stands on; 0 for one nobody has recorded."""
        return facts_now(case=self.case, seen=dict.fromkeys(sorted(self.asked), 0))

    def text(self, name: str) -> str:
        """The words of a narrative fact; the sentence for what is being looked into; empty when nothing was said."""
        row = self.row(name)
        if row is None:
            return ""
        if row.certainty == Certainty.UNKNOWN or row.value is None:
            return PENDING
        return (
            f"{row.value}\n(추정한 내용이며 확인되는 대로 다시 알려 드리겠습니다.)"
            if _estimated(row)
            else str(row.value)
        )

    def instant(self, name: str) -> str:
        row = self.row(name)
        if row is None:
            return ""
        if row.certainty == Certainty.UNKNOWN or row.value is None:
            return PENDING
        when = paper_instant(datetime.fromisoformat(row.value))
        if row.until_at is not None:
            when = f"{when} ~ {paper_instant(row.until_at)} 사이"
            return f"{when}(추정)" if _estimated(row) else when
        return f"{when}경(추정)" if _estimated(row) else when

    def people(self, name: str = "person_count") -> str:
        """`약 1,200명(추정)`, `1,200명`, or what is said while it is being counted."""
        row = self.row(name)
        if row is None:
            return ""
        if row.certainty == Certainty.UNKNOWN or row.value is None:
            return PENDING
        return f"약 {row.value:,}명(추정)" if _estimated(row) else f"{row.value:,}명"

    def effects(self) -> str:
        """`유출`, `유출·훼손`; the statutory word for all of them while it is not settled."""
        row = self.row("effect")
        words = {
            "loss": "분실",
            "theft": "도난",
            "leak": "유출",
            "forgery": "위조",
            "alteration": "변조",
            "damage": "훼손",
        }
        if row is None or not row.value:
            return "유출등"
        return "·".join(word for code, word in words.items() if code in row.value)


def _estimated(row: FactRevision) -> bool:
    return row.certainty == Certainty.ESTIMATED


def letterhead_of(case: Case) -> dict[str, str]:
    """The sender as the organisation stands now."""
    organization = case.organization
    return {
        "name": organization.name,
        "registration_number": organization.registration_number,
        "representative": organization.representative,
        "address": organization.address,
        "website": organization.website,
        "department": organization.contact_department,
        "phone": organization.contact_phone,
        "email": organization.contact_email,
        "hours": organization.contact_hours,
    }


def key_day(terms: Mapping[str, Any]) -> date | None:
    """The day that selected the version of the law a duty's terms are from."""
    on = (terms.get("selected_by") or {}).get("on")
    return date.fromisoformat(on) if on else None


@translation.override("ko")
def draft_for(*, case: Case, duty: Duty, kind: PaperKind, author: User) -> Drafted:
    """A first version of the paper `duty` asks for, from the facts as they stand."""
    known = Known(case)
    items = items_of(duty.terms)
    key_on = key_day(duty.terms)
    writer = _Writer(case=case, duty=duty, kind=kind, known=known, author=author)
    fields = {field.code: writer.write(field) for field in written_fields(kind, items, key_on=key_on)}
    title = TITLES.get(kind) or str(duty.terms.get("title", kind.label))
    if kind is PaperKind.SUBJECT_NOTICE and known.effects() not in ("유출", "유출등"):
        title = f"개인정보 {known.effects()} 통지"
    return Drafted(title, fields, items, letterhead_of(case), known.seen(), key_on)


def written_fields(kind: PaperKind, items: Sequence[Item], *, key_on: date | None) -> tuple[PaperField, ...]:
    """The fields a person writes: all but those the receiving authority fills in."""
    return tuple(field for field in fields_of(kind, items, key_on=key_on) if not field.filled_by_receiver)


def facts_now(*, case: Case, seen: Mapping[str, int]) -> dict[str, int]:
    """The revision each fact of `seen` has now; 0 for one nobody has recorded."""
    numbers = {
        f"{row.name}[{row.key}]" if row.key else row.name: row.number
        for row in FactRevision.objects.filter(case=case).current()
    }
    for kind in (name.removeprefix(GIVEN) for name in seen if name.startswith(GIVEN)):
        filed = Filing.objects.filter(version__paper__case=case, version__paper__kind=kind)
        numbers[f"{GIVEN}{kind}"] = filed.count()
    return {name: numbers.get(name, 0) for name in seen}


class _Writer:
    """Writes each field by its code."""

    def __init__(self, *, case: Case, duty: Duty, kind: PaperKind, known: Known, author: User) -> None:
        self.case, self.duty, self.kind, self.known, self.author = case, duty, kind, known, author

    def write(self, field: PaperField) -> str:
        write = getattr(self, f"_{field.code}", None)
        return str(write()).strip() if write else ""

    # Letters -----------------------------------------------------------------------------------------

    def _opening(self) -> str:
        name = self.case.organization.name
        if self.kind is PaperKind.SUBJECT_NOTICE:
            fact = f"{name}가 보관하던 고객님의 개인정보에 {self.known.effects()} 사고가 일어난 사실을 알려 드립니다."
        elif self.kind is PaperKind.POSSIBILITY_NOTICE:
            fact = f"{name}가 보관하던 고객님의 개인정보에 유출등의 가능성이 있어 알려 드립니다. 유출등으로 확정된 것은 아닙니다."
        elif self.kind is PaperKind.NOT_LEAKED_NOTICE:
            return "앞서 알려 드린 개인정보 유출등의 가능성에 관하여 확인한 결과를 알려 드립니다."
        elif self.kind is PaperKind.USER_NOTICE:
            fact = f"{name}의 서비스에 침해사고가 일어나 알려 드립니다."
        else:
            return ""
        return f"{_with_subject_particle(fact, name)} {APOLOGY}"

    def _items(self) -> str:
        return self.known.text("leaked_items")

    def _when_and_how(self) -> str:
        if self.kind is PaperKind.POSSIBILITY_NOTICE:
            return self._moments(("가능성을 알게 된 때", "possibility_known_at"))
        return self._moments(("유출등이 일어난 때", "occurred_at"), ("유출등을 알게 된 때", "leak_known_at"))

    _when = _when_and_how
    _circumstances = _when_and_how

    def _moments(self, *anchors: tuple[str, str]) -> str:
        told = self.known.text("circumstances")
        moments = [(label, self.known.instant(name)) for label, name in anchors]
        if not told and not moments[0][1]:
            return ""
        lines = [f"{label}: {moment or PENDING}" for label, moment in moments]
        return "\n".join([*lines, "", told] if told else lines)

    def _self_help(self) -> str:
        actions = self.known.text("person_actions")
        if self.kind is not PaperKind.PIPC_REPORT:
            return actions
        relief = self.known.text("relief")
        parts = (f"피해 최소화 방법:\n{actions}" if actions else "", f"구제절차:\n{relief}" if relief else "")
        return "\n\n".join(part for part in parts if part)

    def _response(self) -> str:
        measures = self.known.text("measures_taken")
        if self.kind not in (PaperKind.SUBJECT_NOTICE, PaperKind.POSSIBILITY_NOTICE):
            return measures
        relief = self.known.text("relief")
        return f"대응조치:\n{measures}\n\n피해 구제절차:\n{relief}" if measures or relief else ""

    def _contact(self) -> str:
        organization = self.case.organization
        lines = (
            organization.contact_department,
            f"전화 {organization.contact_phone}" if organization.contact_phone else "",
            f"전자우편 {organization.contact_email}" if organization.contact_email else "",
            f"접수 시간 {organization.contact_hours}" if organization.contact_hours else "",
        )
        return "\n".join(line for line in lines if line)

    def _rights(self) -> str:
        return RIGHTS

    def _follow_up(self) -> str:
        return FURTHER

    def _not_leaked(self) -> str:
        when = self.known.instant("possibility_outcome_at")
        row = self.known.row("possibility_outcome")
        if row is None or row.value != "ruled_out":
            return ""
        fact = "고객님의 개인정보가 유출등이 되지 아니한 것으로 확정됐습니다."
        return f"{fact}\n확인한 때: {when}" if when else fact

    def _relief(self) -> str:
        return self.known.text("relief")

    def _incident(self) -> str:
        damage = self.known.text("cause_and_damage")
        occurred = self.known.instant("occurred_at")
        if not damage and not occurred:
            return ""
        return f"발생 시간: {occurred or PENDING}\n\n{damage}".strip()

    # 개인정보 유출등 신고서 -------------------------------------------------------------------------------

    def _institution(self) -> str:
        organization = self.case.organization
        lines = (
            organization.name,
            f"사업자번호 {organization.registration_number}" if organization.registration_number else "",
            f"사업자 주소 {organization.address}" if organization.address else "",
            f"웹사이트 주소 {organization.website}" if organization.website else "",
        )
        return "\n".join(line for line in lines if line)

    def _told(self) -> str:
        filed = self.known.given(PaperKind.SUBJECT_NOTICE)
        if not filed:
            return "아직 통지하지 않음"
        last = filed[-1]
        told = f" {last.told_count:,}명에게 개별 통지" if last.told_count else ""
        return f"통지함: {paper_instant(last.at)}{told}({', '.join(last.channel_words)})"

    def _items_and_scale(self) -> str:
        items, people = self.known.text("leaked_items"), self.known.people()
        lines = (f"항목:\n{items}" if items else "", f"규모: {people}" if people else "")
        return "\n\n".join(line for line in lines if line)

    def _measures(self) -> str:
        return self.known.text("measures_taken")

    def _notice_given(self) -> str:
        return self._told()

    def _reporter_name(self) -> str:
        return self.author.name

    def _reporter_department(self) -> str:
        return self.author.department

    def _reporter_position(self) -> str:
        return self.author.position

    def _reporter_phone(self) -> str:
        return self.author.phone

    # 침해사고 신고서 --------------------------------------------------------------------------------------

    def _company(self) -> str:
        return self.case.organization.name

    def _registration_number(self) -> str:
        return self.case.organization.registration_number

    def _address(self) -> str:
        return self.case.organization.address

    def _reporter(self) -> str:
        person = self.author
        parts = (
            ("성명", person.name),
            ("부서", person.department),
            ("직위", person.position),
            ("연락처", person.phone),
            ("전자우편", person.email),
        )
        return "\n".join(f"{label} {value}" for label, value in parts if value)

    def _occurred(self) -> str:
        return self.known.instant("occurred_at")

    def _known(self) -> str:
        return self.known.instant("intrusion_known_at")

    def _cause_and_damage(self) -> str:
        return self.known.text("cause_and_damage")

    def _new_fact(self) -> str:
        row = self.known.row(f"confirmed_fact[{self.duty.subject_key}]")
        return str(row.value["text"]) if row and row.value else ""

    def _confirmed_at(self) -> str:
        row = self.known.row(f"confirmed_fact[{self.duty.subject_key}]")
        return paper_instant(datetime.fromisoformat(row.value["confirmed_at"])) if row and row.value else ""

    def _first_report(self) -> str:
        filed = self.known.given(PaperKind.KISA_REPORT)
        if not filed:
            return ""
        number = f"접수번호 {filed[0].receipt_number}" if filed[0].receipt_number else ""
        return "\n".join(part for part in (paper_instant(filed[0].at), number) if part)


def _with_subject_particle(sentence: str, name: str) -> str:
    """`이`/`가` after `name`, by whether its last Hangul syllable ends in a consonant; `가` when it is not Hangul."""
    last = name[-1:]
    closed = "가" <= last <= "힣" and (ord(last) - ord("가")) % 28 > 0
    return sentence.replace(f"{name}가 ", f"{name}이 ", 1) if closed else sentence
