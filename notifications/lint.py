"""What is wrong with a notice or report, before anybody approves it. Pure: words and terms in, findings out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from incidents.facts import label_of
from notifications.layouts import FOLLOWS, FORM_CITE, MAY_FOLLOW, PARTIAL_CITE, Item, PaperField
from notifications.models.papers import PaperKind


class Level(StrEnum):
    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong: where, what, and how to put it right. An error stops the approval."""

    level: Level
    code: str
    field: str
    text: str
    remedy: str = ""
    cite: str = ""

    @property
    def is_error(self) -> bool:
        return self.level is Level.ERROR


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """A paper as it is written, and the law it must answer to."""

    kind: PaperKind
    title: str
    texts: Mapping[str, str]
    is_partial: bool
    fields: tuple[PaperField, ...]
    items: tuple[Item, ...]  # what the law in force on the key day asks for
    written_for: tuple[str, ...]  # the items this version was written for
    key_on: date | None = None
    duty_has_ended: bool = False
    changed_facts: tuple[str, ...] = field(default=())

    def text(self, code: str) -> str:
        return self.texts.get(code, "").strip()


SOFTENING = ("노출", "일부", "의심", "불편")
NAMES_THE_EVENT = ("유출", "분실", "도난", "위조", "변조", "훼손", "침해사고")
MARKETING = ("할인", "쿠폰", "이벤트", "프로모션", "경품", "사은품", "적립금", "특별 혜택")
SHORTENED = re.compile(r"(?<![유누]출)등(?=\s*(?:$|[.,;)\n]|[을를의이과] ))", re.MULTILINE)
PHONES_TOGETHER = re.compile(r"휴대\S*\s*[/·,및]+\s*집\s*전화|집\s*전화\S*\s*[/·및]+\s*휴대")
PLAIN_PHONE = re.compile(r"(?<![가-힣] )(?<![가-힣])전화번호|(?<![가-힣])연락처")
KINDS_OF_PHONE = ("휴대", "집", "자택", "유선", "일반", "회사", "사무실", "직장", "팩스")
PEOPLE = re.compile(r"\d[\d,]*\s*[만천백]?\s*(?:\d[\d,]*\s*[천백]?\s*)?명")
EMPTY_HEADING = re.compile(r"(?m)^[^\n:]{1,20}:[ \t]*(?=\n\s*\n|\n[^\n:]{1,20}:[ \t]*$|\s*\Z)")
RESIDENT_NUMBER = re.compile(r"\d{6}\s*-\s*[1-8]\d{6}")
PENDING_ONLY = re.compile(r"^(?:[^\n]{0,20}:\s*)?확인 중[^\n]{0,40}$")
LISTED_FIELDS = ("items", "items_and_scale")


def check(wording: Wording) -> list[Finding]:
    """Everything found, errors first, in the order of the paper. Nothing found is an empty list."""
    rules = (
        _wrong_edition,
        _stale,
        _missing_items,
        _missing_boxes,
        _partial,
        _empty_headings,
        _title,
        _people,
        _personal_numbers,
        _shortened,
        _phones,
        _softened,
        _marketing,
    )
    found = [finding for rule in rules for finding in rule(wording)]
    return sorted(found, key=lambda finding: not finding.is_error)


def has_errors(findings: list[Finding]) -> bool:
    return any(finding.is_error for finding in findings)


def is_pending(text: str) -> bool:
    """Whether `text` says nothing but that it is being looked into."""
    return bool(PENDING_ONLY.match(text.strip()))


def _wrong_edition(wording: Wording) -> Iterator[Finding]:
    asked = tuple(item.code for item in wording.items)
    if wording.duty_has_ended:
        yield Finding(
            Level.ERROR,
            "duty_ended",
            "",
            _("지금 사실로는 이 문서를 요구하는 의무가 없습니다."),
            _("시계 탭에서 바뀐 의무를 확인해 주세요."),
        )
    elif wording.written_for != asked:
        words = {
            "written": len(wording.written_for),
            "asked": len(asked),
            "on": f"{wording.key_on:%Y-%m-%d}" if wording.key_on else "—",
        }
        sentence = (
            _(
                "이 통지문은 %(written)d개 항목으로 쓰였습니다. 기준일 %(on)s의 법은 %(asked)d개 항목을 요구합니다."
            )
            if wording.kind.is_notice
            else _(
                "이 신고서는 %(written)d개 항목으로 쓰였습니다. 기준일 %(on)s의 법은 %(asked)d개 항목을 요구합니다."
            )
        )
        yield Finding(
            Level.ERROR,
            "wrong_edition",
            "",
            sentence % words,
            _("새 판을 열어 지금 법의 항목을 채워 주세요."),
            wording.items[-1].cite if wording.items else "",
        )


def _stale(wording: Wording) -> Iterator[Finding]:
    if wording.changed_facts:
        names = ", ".join(_fact_word(name) for name in wording.changed_facts)
        yield Finding(
            Level.ERROR,
            "stale",
            "",
            _("이 판을 쓴 뒤 사실이 바뀌었습니다: %(names)s.") % {"names": names},
            _("바뀐 사실과 비교해 고치고 다시 저장해 주세요."),
        )


def _fact_word(name: str) -> str:
    if name.startswith("given:"):
        kind = PaperKind(name.removeprefix("given:"))
        words = _("%(paper)s 통지 여부") if kind.is_notice else _("%(paper)s 제출 여부")
        return words % {"paper": kind.label}
    return label_of(name.split("[")[0])


def _answer(wording: Wording, item: Item) -> list[PaperField]:
    return [place for place in wording.fields if item.code in place.items]


def _is_missing(wording: Wording, item: Item) -> bool:
    places = _answer(wording, item)
    texts = [wording.text(place.code) for place in places if place.required]
    if any(not text for text in texts) or not places:
        return True
    return all(is_pending(text) for text in texts)


def _may_follow(wording: Wording, item: Item) -> bool:
    return wording.is_partial and item.code in MAY_FOLLOW.get(wording.kind, frozenset())


def _missing_items(wording: Wording) -> Iterator[Finding]:
    missing = [
        item for item in wording.items if _is_missing(wording, item) and not _may_follow(wording, item)
    ]
    if not missing:
        return
    gaps = [place for item in missing for place in _answer(wording, item)]
    empty = [place.code for place in gaps if place.required and not wording.text(place.code)]
    first = next(iter(empty or [place.code for place in gaps]), "")
    words = {
        "all": len(wording.items),
        "missing": len(missing),
        "names": ", ".join(short(item) for item in missing),
    }
    sentence = (
        ngettext(
            "통지문에 %(all)d개 항목 중 %(missing)d개가 빠졌습니다: %(names)s.",
            "통지문에 %(all)d개 항목 중 %(missing)d개가 빠졌습니다: %(names)s.",
            len(missing),
        )
        if wording.kind.is_notice
        else ngettext(
            "신고서에 %(all)d개 항목 중 %(missing)d개가 빠졌습니다: %(names)s.",
            "신고서에 %(all)d개 항목 중 %(missing)d개가 빠졌습니다: %(names)s.",
            len(missing),
        )
    )
    yield Finding(
        Level.ERROR, "missing_items", first, sentence % words, _partial_remedy(wording), missing[0].cite
    )


def _partial_remedy(wording: Wording) -> str:
    if wording.kind in MAY_FOLLOW and not wording.is_partial:
        return _("항목을 채우거나, 아직 확인되지 않았으면 ‘먼저 알리는 통지·신고’로 표시해 주세요.")
    return _("항목을 채워 주세요.")


def _missing_boxes(wording: Wording) -> Iterator[Finding]:
    """Fields of a form, or a letter's first paragraph, that the law does not list but the paper needs."""
    empty = [
        place
        for place in wording.fields
        if place.required
        and not place.is_statutory
        and not place.filled_by_receiver
        and not wording.text(place.code)
    ]
    if not empty:
        return
    names = ", ".join(f"{place.part} {place.heading}".strip() for place in empty)
    sentence = ngettext(
        "빈 칸 %(n)d개가 있습니다: %(names)s.", "빈 칸 %(n)d개가 있습니다: %(names)s.", len(empty)
    )
    cite = FORM_CITE if wording.kind is PaperKind.PIPC_REPORT else ""
    yield Finding(
        Level.ERROR,
        "missing_boxes",
        empty[0].code,
        sentence % {"n": len(empty), "names": names},
        _("칸을 채워 주세요."),
        cite,
    )


def _partial(wording: Wording) -> Iterator[Finding]:
    if not wording.is_partial:
        return
    cite = PARTIAL_CITE.get(wording.kind, "")
    if wording.kind not in MAY_FOLLOW:
        text = _("이 문서에는 먼저 알리고 나머지를 뒤에 알리는 방법이 없습니다.")
        yield Finding(Level.ERROR, "partial_refused", "is_partial", text, _("표시를 지워 주세요."))
        return
    if not wording.text(FOLLOWS):
        text = _("먼저 알리는 문서입니다. 무엇을 뒤이어 알릴지 적어 주세요.")
        yield Finding(Level.ERROR, "follows_missing", FOLLOWS, text, "", cite)
    waiting = [item for item in wording.items if _is_missing(wording, item) and _may_follow(wording, item)]
    if waiting:
        names = ", ".join(short(item) for item in waiting)
        text = _("먼저 알리는 문서입니다. 확인되는 즉시 알려야 합니다: %(names)s.") % {"names": names}
        yield Finding(Level.WARNING, "partial", waiting[0].code, text, "", cite)
    else:
        text = _("모든 항목이 채워져 있습니다.")
        remedy = _("‘먼저 알리는 통지·신고’ 표시를 지워 주세요.")
        yield Finding(Level.WARNING, "partial_needless", "is_partial", text, remedy)


def _empty_headings(wording: Wording) -> Iterator[Finding]:
    for place in wording.fields:
        bare = EMPTY_HEADING.search(wording.text(place.code))
        if bare and place.is_statutory:
            name = bare.group().strip().rstrip(":")
            text = _("‘%(field)s’의 ‘%(name)s’ 아래가 비었습니다.") % {
                "field": short(place),
                "name": name,
            }
            yield Finding(
                Level.ERROR, "empty_heading", place.code, text, _("내용을 적어 주세요."), place.cite
            )


def _title(wording: Wording) -> Iterator[Finding]:
    if not wording.title.strip():
        yield Finding(
            Level.ERROR, "title_missing", "title", _("제목이 비었습니다."), _("제목을 적어 주세요.")
        )
        return
    used = [word for word in SOFTENING if word in wording.title]
    if used:
        words = ", ".join(f"‘{word}’" for word in used)
        text = _("제목에 사실을 흐리는 말이 있습니다: %(words)s.") % {"words": words}
        remedy = _("법의 말을 그대로 써 주세요. 예: 개인정보 유출 통지")
        yield Finding(Level.ERROR, "softened_title", "title", text, remedy)
    elif wording.kind.is_notice and not any(word in wording.title for word in NAMES_THE_EVENT):
        text = _("제목만 보고는 무슨 일인지 알 수 없습니다.")
        yield Finding(
            Level.WARNING, "vague_title", "title", text, _("제목에 ‘유출’처럼 일어난 일을 적어 주세요.")
        )


def _people(wording: Wording) -> Iterator[Finding]:
    if wording.kind is not PaperKind.PIPC_REPORT:
        return
    text = wording.text("items_and_scale")
    if text and not PEOPLE.search(text) and "확인 중" not in text:
        yield Finding(
            Level.ERROR,
            "no_people_count",
            "items_and_scale",
            _("유출 규모(정보주체 수)가 없습니다."),
            _("지금까지 아는 인원을 적어 주세요. 추정이면 ‘약’을 붙입니다. 예: 약 1,200명(추정)"),
            FORM_CITE,
        )


def _personal_numbers(wording: Wording) -> Iterator[Finding]:
    for place in (*wording.fields, PaperField(FOLLOWS, "")):
        if RESIDENT_NUMBER.search(wording.text(place.code)):
            text = _("주민등록번호로 보이는 값이 있습니다.")
            yield Finding(
                Level.ERROR, "resident_number", place.code, text, _("값을 지우고 항목 이름만 적어 주세요.")
            )


def _shortened(wording: Wording) -> Iterator[Finding]:
    for code in LISTED_FIELDS:
        if SHORTENED.search(wording.text(code)):
            text = _("항목을 ‘등’으로 줄였습니다.")
            remedy = _("유출등이 된 항목을 하나도 빼지 말고 모두 적어 주세요.")
            yield Finding(Level.WARNING, "shortened", code, text, remedy, FORM_CITE)


def _phones(wording: Wording) -> Iterator[Finding]:
    for code in LISTED_FIELDS:
        text = wording.text(code)
        together = PHONES_TOGETHER.search(text)
        plain = PLAIN_PHONE.search(text) and not any(f"{kind}전화번호" in text for kind in KINDS_OF_PHONE)
        if together or plain:
            sentence = _("휴대전화번호와 집 전화번호가 나뉘어 있지 않습니다.")
            remedy = _("‘휴대전화번호’와 ‘집 전화번호’를 따로 적어 주세요.")
            yield Finding(Level.WARNING, "phones_together", code, sentence, remedy, FORM_CITE)


def _softened(wording: Wording) -> Iterator[Finding]:
    for place in wording.fields:
        if "노출" in wording.text(place.code):
            text = _("‘%(field)s’에 ‘노출’이라고 적었습니다.") % {"field": short(place)}
            remedy = _("유출이면 ‘유출’로 적어 주세요.")
            yield Finding(Level.WARNING, "softened", place.code, text, remedy)


def _marketing(wording: Wording) -> Iterator[Finding]:
    if not wording.kind.is_notice:
        return
    for place in wording.fields:
        used = [word for word in MARKETING if word in wording.text(place.code)]
        if used and place.code not in LISTED_FIELDS:
            words = {"field": short(place), "words": ", ".join(f"‘{word}’" for word in used)}
            text = _("‘%(field)s’에 광고로 읽힐 말이 있습니다: %(words)s.") % words
            yield Finding(Level.WARNING, "marketing", place.code, text, _("통지문에는 광고를 넣지 않습니다."))


def short(named: Item | PaperField) -> str:
    """The law's label for the reader, or its usual short name when it is a whole sentence."""
    label = named.label
    if "피해를 최소화" in label:
        return _("피해 최소화 방법")
    if "접수할 수 있는" in label and "연락처" in label:
        return _("담당부서 및 연락처")
    if "손해배상" in label and "분쟁조정" in label:
        return _("법적 권리와 그 행사 방법")
    return named.heading
