"""Which fields a paper has, in which order. The statutory items come from the duty's terms, never from here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

import rules
from incidents.reading import is_english
from incidents.recipients import tells_authority, tells_people
from notifications.models.papers import PaperKind

PARAGRAPH = "opening"  # the first paragraph of a letter: the fact, then the apology
FOLLOWS = "follows"  # what a partial notice or report says will still be told

# Families whose papers have a form of their own; any other duty gets its statutory items as they are.
KINDS: dict[str, tuple[PaperKind, ...]] = {
    "kr.pipa.s34.subject_notice": (PaperKind.SUBJECT_NOTICE,),
    "kr.pipa.s34.report": (PaperKind.PIPC_REPORT,),
    "kr.pipa.s34_2.possibility_notice": (PaperKind.POSSIBILITY_NOTICE,),
    "kr.pipa.d39_3.not_leaked_notice": (PaperKind.NOT_LEAKED_NOTICE,),
    "kr.pipa.s39_4.notice_report": (PaperKind.SUBJECT_NOTICE, PaperKind.PIPC_REPORT),
    "kr.na.s27_3.notice_report": (PaperKind.SUBJECT_NOTICE, PaperKind.PIPC_REPORT),
    "kr.na.s48_3.report": (PaperKind.KISA_REPORT,),
    "kr.na.s48_3.supplement": (PaperKind.KISA_SUPPLEMENT,),
    "kr.na.s48_3.user_notice": (PaperKind.USER_NOTICE,),
}

# The item of the possibility notice that names three items of another list.
GATHERED = {"items_3_to_5": ("self_help", "response", "contact")}

# What may be told later: the first statutory items, while they are not yet concrete.
MAY_FOLLOW: dict[PaperKind, frozenset[str]] = {
    PaperKind.SUBJECT_NOTICE: frozenset({"items", "when_and_how", "when"}),
    PaperKind.PIPC_REPORT: frozenset({"items", "when_and_how", "when"}),
    PaperKind.USER_NOTICE: frozenset({"incident"}),
}
PARTIAL_CITE: dict[PaperKind, str] = {
    PaperKind.SUBJECT_NOTICE: "개인정보 보호법 시행령 제39조제2항",
    PaperKind.PIPC_REPORT: "개인정보 보호법 시행령 제40조제2항",
    PaperKind.USER_NOTICE: "정보통신망법 시행령 제58조의9",
}
FORM_CITE = "표준 개인정보 보호지침 별지 제1호서식"


@dataclass(frozen=True, slots=True)
class PaperField:
    """One field of a paper. `items` are the statutory items it answers; `label` is the law's or the form's word.

    `label` and `group` are printed as they are, whatever the reader's language; a screen shows
    `heading` and `part`.
    """

    code: str
    label: str
    cite: str = ""
    hint: str | Promise = ""
    group: str = ""
    label_en: str = ""
    items: tuple[str, ...] = ()
    required: bool = True
    rows: int = 6
    filled_by_receiver: bool = False

    @property
    def is_statutory(self) -> bool:
        return bool(self.items)

    @property
    def heading(self) -> str:
        """The label in the reader's language."""
        if is_english() and self.label_en:
            return self.label_en[:1].upper() + self.label_en[1:]
        return gettext(self.label) if self.label else ""

    @property
    def part(self) -> str:
        """The group in the reader's language."""
        return gettext(self.group) if self.group else ""


@dataclass(frozen=True, slots=True)
class Item:
    """One thing the law says the paper must contain, under the law's own words."""

    code: str
    label: str
    cite: str
    label_en: str = ""

    @property
    def heading(self) -> str:
        """The label in the reader's language."""
        return self.label_en if is_english() and self.label_en else self.label


def items_of(terms: Mapping[str, Any]) -> tuple[Item, ...]:
    """The statutory items of a duty, as its terms hold them."""
    return items_from(terms.get("content_items") or ())


def items_from(rows: Sequence[Mapping[str, Any]]) -> tuple[Item, ...]:
    return tuple(Item(row["code"], row["label"], row["cite"], row.get("label_en", "")) for row in rows)


def kinds_of(family: str, terms: Mapping[str, Any]) -> tuple[PaperKind, ...]:
    """The papers a duty asks for: none for a period of the procedure after the report."""
    if "who" in terms:
        return ()
    if family in KINDS:
        return KINDS[family]
    notice = (PaperKind.STATUTORY_NOTICE,) if tells_people(terms) else ()
    report = (PaperKind.STATUTORY_REPORT,) if tells_authority(terms) or not notice else ()
    return (*notice, *report)


def fields_of(kind: PaperKind, items: Sequence[Item], *, key_on: date | None) -> tuple[PaperField, ...]:
    """Every field of a paper of `kind`, in the order it is written and printed."""
    if kind is PaperKind.PIPC_REPORT:
        return _with_uncovered(_pipc_form(), items)
    if kind is PaperKind.KISA_REPORT:
        return _with_uncovered(_kisa_form(), items)
    if kind is PaperKind.KISA_SUPPLEMENT:
        return _supplement_form(items)
    statutory = tuple(field for item in items for field in _statutory(item, key_on))
    body = statutory or (PaperField("body", gettext_noop("내용"), rows=10),)
    if kind.is_notice:
        opening = PaperField(
            PARAGRAPH,
            gettext_noop("첫 문단(사실과 사과)"),
            hint=_("무슨 일인지 먼저, 사과는 한 문장으로 적습니다."),
            rows=4,
        )
        return (opening, *body)
    return body


def _statutory(item: Item, key_on: date | None) -> tuple[PaperField, ...]:
    wanted = GATHERED.get(item.code)
    if wanted is None:
        return (_of_item(item, hint=_hint(item.code)),)
    named = {named.code: named for named in rules.contents("K2", on=key_on)}
    return tuple(
        PaperField(
            code,
            named[code].label,
            cite=named[code].cite,
            items=(item.code,),
            hint=_hint(code),
            label_en=named[code].label_en,
        )
        for code in wanted
    )


def _of_item(item: Item, *, hint: str | Promise = "") -> PaperField:
    return PaperField(
        item.code, item.label, cite=item.cite, items=(item.code,), hint=hint, label_en=item.label_en
    )


HINTS: dict[str, str | Promise] = {
    "items": _(
        "한 줄에 하나씩, ‘등’으로 줄이지 말고 모두 적습니다. 휴대전화번호와 집 전화번호는 나누어 적습니다."
    ),
    "self_help": _("한 줄에 한 가지씩, 바로 할 수 있는 일을 적습니다."),
    "contact": _("부서 이름, 전화, 접수 시간을 적습니다."),
}


def _hint(code: str) -> str | Promise:
    return HINTS.get(code, "")


def _pipc_form() -> tuple[PaperField, ...]:
    """표준 개인정보 보호지침 별지 제1호서식: labels and order as printed (2024.3)."""
    reporter = gettext_noop("유출 등 신고(담당자)")
    receiver = gettext_noop("유출 등 신고접수기관")
    return (
        PaperField(
            "institution", gettext_noop("기관명"), hint=_("사업자번호, 사업자 주소, 웹사이트 주소"), rows=4
        ),
        PaperField("told", gettext_noop("정보주체에의 통지 여부"), hint=_("했는지, 언제, 어떻게"), rows=3),
        PaperField(
            "items_and_scale",
            gettext_noop("유출등이 된 개인정보의 항목 및 규모"),
            hint=_("모든 항목과 지금까지 아는 인원"),
            items=("items",),
        ),
        PaperField(
            "circumstances",
            gettext_noop("유출등이 된 시점과 그 경위"),
            hint=_("일어난 때와 알게 된 때를 모두 적습니다."),
            items=("when_and_how", "when"),
        ),
        PaperField(
            "measures",
            gettext_noop("유출등 피해 최소화 대책·조치 및 결과"),
            items=("response", "measures"),
        ),
        PaperField(
            "self_help",
            gettext_noop("정보주체가 할 수 있는 피해 최소화 방법 및 구제절차"),
            items=("self_help",),
        ),
        PaperField(
            "contact",
            gettext_noop("담당부서·담당자 및 연락처"),
            hint=_("피해를 접수하는 부서"),
            items=("contact",),
            rows=4,
        ),
        PaperField("reporter_name", gettext_noop("성명"), group=reporter, rows=1),
        PaperField("reporter_department", gettext_noop("부서"), group=reporter, rows=1),
        PaperField("reporter_position", gettext_noop("직위"), group=reporter, rows=1),
        PaperField("reporter_phone", gettext_noop("연락처"), group=reporter, rows=1),
        PaperField(
            "receiver", gettext_noop("기관명"), group=receiver, required=False, filled_by_receiver=True
        ),
        PaperField(
            "receiver_person",
            gettext_noop("담당자명"),
            group=receiver,
            required=False,
            filled_by_receiver=True,
        ),
        PaperField(
            "receiver_phone", gettext_noop("연락처"), group=receiver, required=False, filled_by_receiver=True
        ),
    )


def _kisa_form() -> tuple[PaperField, ...]:
    """침해사고 신고: the blocks of the web report, filled from the statutory items."""
    company = gettext_noop("기업 및 신고자 정보")
    incident, response = gettext_noop("사고현황"), gettext_noop("대응현황")
    return (
        PaperField(
            "incident_type",
            gettext_noop("침해사고 유형"),
            hint=_("DDoS / 악성코드(랜섬웨어) / 시스템 해킹 / 기타"),
            rows=1,
        ),
        PaperField("company", gettext_noop("기업명"), group=company, rows=1),
        PaperField("registration_number", gettext_noop("사업자등록번호"), group=company, rows=1),
        PaperField("address", gettext_noop("주소"), group=company, rows=1),
        PaperField("industry", gettext_noop("업종"), group=company, rows=1, required=False),
        PaperField(
            "reporter",
            gettext_noop("신고자"),
            group=company,
            hint=_("성명·부서·직위·연락처·전자우편"),
            rows=4,
        ),
        PaperField("occurred", gettext_noop("발생 일시"), group=incident, items=("incident",), rows=1),
        PaperField("known", gettext_noop("인지 시점"), group=incident, rows=1),
        PaperField("cause_and_damage", gettext_noop("원인 및 피해내용"), group=incident, items=("incident",)),
        PaperField("systems", gettext_noop("피해 시스템"), group=incident, rows=2, required=False),
        PaperField("response", gettext_noop("조치사항 등 대응 현황"), group=response, items=("response",)),
        PaperField("support", gettext_noop("기술지원 요청 여부"), group=response, rows=1, required=False),
        PaperField(
            "contact", gettext_noop("담당 부서 및 연락처"), group=response, items=("contact",), rows=3
        ),
    )


def _supplement_form(items: Sequence[Item]) -> tuple[PaperField, ...]:
    codes = tuple(item.code for item in items)
    cite = items[0].cite if items else ""
    return (
        PaperField("company", gettext_noop("기업명"), rows=1),
        PaperField("first_report", gettext_noop("최초 신고"), hint=_("제출한 때와 접수번호"), rows=2),
        PaperField("new_fact", gettext_noop("새로 확인된 사실"), cite=cite, items=codes),
        PaperField("confirmed_at", gettext_noop("확인한 때"), rows=1),
        PaperField("response", gettext_noop("이에 대한 조치"), rows=4, required=False),
        PaperField("contact", gettext_noop("담당 부서 및 연락처"), rows=3),
    )


def _with_uncovered(form: tuple[PaperField, ...], items: Sequence[Item]) -> tuple[PaperField, ...]:
    """The form, its fields told which items they answer, and a row for each item it has no field for."""
    cites = {item.code: item.cite for item in items}
    told = tuple(_told(field, cites) for field in form)
    covered = {code for field in told for code in field.items}
    extra = tuple(_of_item(item) for item in items if item.code not in covered)
    place = next((i for i, field in enumerate(told) if field.code == "reporter_name"), len(told))
    return (*told[:place], *extra, *told[place:])


def _told(field: PaperField, cites: Mapping[str, str]) -> PaperField:
    """`field` with only the items this duty asks for, and the article of the first."""
    asked = tuple(code for code in field.items if code in cites)
    return PaperField(
        field.code,
        field.label,
        cite=cites[asked[0]] if asked else "",
        hint=field.hint,
        group=field.group,
        items=asked,
        required=field.required,
        rows=field.rows,
        filled_by_receiver=field.filled_by_receiver,
        label_en=field.label_en,
    )
