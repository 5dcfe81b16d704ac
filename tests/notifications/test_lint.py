"""What the check of a notice or report finds. The cases around 2026-09-11 are golden: a lawyer can check them."""

from dataclasses import replace
from datetime import date

import pytest

import rules
from notifications.drafting import PENDING, RIGHTS
from notifications.layouts import FOLLOWS, Item, fields_of
from notifications.lint import Wording, check, is_pending, short
from notifications.models import PaperKind

pytestmark = pytest.mark.any_database

DAY_BEFORE, THE_DAY, DAY_AFTER = date(2026, 9, 10), date(2026, 9, 11), date(2026, 9, 12)
FULL = {
    "opening": "주식회사 보기가 보관하던 개인정보가 유출된 사실을 알려 드립니다. 심려를 끼쳐 드려 사과드립니다.",
    "items": "이름\n휴대전화번호",
    "when_and_how": "2026. 9. 11.(금) 09:00에 유출됐습니다.",
    "self_help": "비밀번호를 바꿔 주세요.",
    "response": "대응조치:\n차단했습니다.\n\n피해 구제절차:\n담당부서에서 안내합니다.",
    "contact": "개인정보보호팀 02-1234-5678",
    "rights": RIGHTS,
}


def law_of(known_on: date) -> tuple[tuple[Item, ...], date]:
    """The items `rules` asks of a notice for a leak known on that day, and the day itself."""
    known = f"{known_on}T09:00+09:00"
    facts = {"incident": {"leak_known_at": known, "effect": ["leak"], "person_count": 1200}}
    duties = rules.assess("duties", facts)["duties"]
    terms = next(duty for duty in duties if duty["family"] == "kr.pipa.s34.subject_notice")
    return tuple(Item(i["code"], i["label"], i["cite"]) for i in terms["content_items"]), known_on


def wording(known_on: date = DAY_AFTER, *, texts: dict[str, str] | None = None, **rest: object) -> Wording:
    items, key_on = law_of(known_on)
    usual: dict[str, object] = {
        "kind": PaperKind.SUBJECT_NOTICE,
        "title": "개인정보 유출 통지",
        "texts": FULL if texts is None else texts,
        "is_partial": False,
        "fields": fields_of(PaperKind.SUBJECT_NOTICE, items, key_on=key_on),
        "items": items,
        "written_for": tuple(item.code for item in items),
        "key_on": key_on,
    }
    return Wording(**{**usual, **rest})  # type: ignore[arg-type]


def errors(one: Wording) -> dict[str, str]:
    return {finding.code: finding.text for finding in check(one) if finding.is_error}


def warnings(one: Wording) -> set[str]:
    return {finding.code for finding in check(one) if not finding.is_error}


FIVE = tuple(code for code in FULL if code not in ("opening", "rights"))


def without(*codes: str) -> dict[str, str]:
    return {code: text for code, text in FULL.items() if code not in codes}


@pytest.mark.parametrize(
    ("known_on", "items", "passes"),
    [(DAY_BEFORE, 5, True), (THE_DAY, 6, False), (DAY_AFTER, 6, False)],
    ids=["the day before", "the day", "the day after"],
)
def test_a_five_item_letter_passes_only_for_a_leak_known_before_the_eleventh(known_on, items, passes):
    five_item_letter = wording(known_on, texts=without("rights"), written_for=FIVE)
    assert len(five_item_letter.items) == items
    assert (not errors(five_item_letter)) is passes


@pytest.mark.parametrize("known_on", [THE_DAY, DAY_AFTER])
def test_a_six_item_letter_passes_from_the_eleventh(known_on):
    assert errors(wording(known_on)) == {}


def test_a_letter_written_for_five_items_cannot_pass_where_six_are_asked():
    found = errors(wording(THE_DAY, written_for=FIVE))
    assert (
        found["wrong_edition"]
        == "이 통지문은 5개 항목으로 쓰였습니다. 기준일 2026-09-11의 법은 6개 항목을 요구합니다."
    )


def test_the_missing_item_is_named_as_people_say_it():
    found = errors(wording(texts=without("self_help")))
    assert found == {"missing_items": "통지문에 6개 항목 중 1개가 빠졌습니다: 피해 최소화 방법."}


def test_every_missing_item_is_counted_and_named():
    found = errors(wording(texts=without("items", "rights")))
    assert found["missing_items"].startswith(
        "통지문에 6개 항목 중 2개가 빠졌습니다: 유출등이 된 개인정보의 항목, 법적 권리"
    )


def test_an_item_that_only_says_it_is_being_looked_into_is_missing():
    assert "missing_items" in errors(wording(texts={**FULL, "items": PENDING}))


def test_a_partial_notice_may_leave_the_first_two_items_for_later():
    told = {
        **without("items"),
        "when_and_how": PENDING,
        FOLLOWS: "유출 항목과 경위를 확인되는 즉시 알려 드리겠습니다.",
    }
    one = wording(texts=told, is_partial=True)
    assert errors(one) == {}
    assert "partial" in warnings(one)


@pytest.mark.parametrize("code", ["self_help", "response", "contact", "rights"])
def test_a_partial_notice_must_carry_items_three_to_six(code):
    told = {**without("items", code), FOLLOWS: "나머지"}
    assert "missing_items" in errors(wording(texts=told, is_partial=True))


def test_a_partial_notice_says_what_follows():
    assert set(errors(wording(texts=without("items"), is_partial=True))) == {"follows_missing"}


def test_a_notice_of_possibility_cannot_be_partial():
    assert "partial_refused" in errors(wording(kind=PaperKind.POSSIBILITY_NOTICE, is_partial=True))


def test_a_partial_mark_on_a_whole_notice_is_pointed_out():
    assert "partial_needless" in warnings(wording(texts={**FULL, FOLLOWS: "없음"}, is_partial=True))


@pytest.mark.parametrize("word", ["노출", "일부", "의심", "불편"])
def test_a_title_that_softens_is_refused(word):
    found = errors(wording(title=f"개인정보 {word} 안내"))
    assert f"‘{word}’" in found["softened_title"]


def test_an_empty_title_is_refused():
    assert "title_missing" in errors(wording(title=" "))


def test_a_title_that_does_not_say_what_happened_is_pointed_out():
    assert "vague_title" in warnings(wording(title="고객님께 드리는 말씀"))


def test_the_word_for_exposure_in_the_text_is_pointed_out():
    assert "softened" in warnings(wording(texts={**FULL, "when_and_how": "개인정보가 노출되었습니다."}))


@pytest.mark.parametrize("text", ["이름, 주소 등", "이름 등의 정보", "이름, 휴대전화번호 등\n집 주소"])
def test_a_shortened_list_of_items_is_pointed_out(text):
    assert "shortened" in warnings(wording(texts={**FULL, "items": text}))


@pytest.mark.parametrize("text", ["주민등록번호", "유출등이 된 이름", "회원 등급", "이름\n주소"])
def test_a_word_that_only_contains_it_is_not_a_shortened_list(text):
    assert "shortened" not in warnings(wording(texts={**FULL, "items": text}))


@pytest.mark.parametrize(
    "text", ["휴대전화번호/집 전화번호", "휴대·집 전화번호", "이름, 전화번호", "이름\n연락처"]
)
def test_mobile_and_home_numbers_listed_together_are_pointed_out(text):
    assert "phones_together" in warnings(wording(texts={**FULL, "items": text}))


def test_mobile_and_home_numbers_listed_apart_are_right():
    assert "phones_together" not in warnings(wording(texts={**FULL, "items": "휴대전화번호\n집 전화번호"}))


def test_marketing_has_no_place_in_a_notice():
    assert "marketing" in warnings(wording(texts={**FULL, "response": "사과의 뜻으로 쿠폰을 드립니다."}))


def test_a_leaked_coupon_is_not_marketing():
    assert "marketing" not in warnings(wording(texts={**FULL, "items": "이름\n쿠폰 번호"}))


def test_a_resident_registration_number_stops_the_paper():
    assert "resident_number" in errors(wording(texts={**FULL, "items": "900101-1234567"}))


def test_a_heading_with_nothing_below_is_an_error():
    told = {**FULL, "response": "대응조치:\n차단했습니다.\n\n피해 구제절차:\n"}
    assert "‘피해 구제절차’ 아래가 비었습니다" in errors(wording(texts=told))["empty_heading"]


def test_changed_facts_are_named():
    assert "정보주체 수" in errors(wording(changed_facts=("person_count",)))["stale"]


def test_a_paper_no_duty_asks_for_cannot_pass():
    assert "duty_ended" in errors(wording(duty_has_ended=True))


def report(**texts: str) -> Wording:
    items, key_on = law_of(DAY_AFTER)
    fields = fields_of(PaperKind.PIPC_REPORT, items, key_on=key_on)
    told = {field.code: "적음" for field in fields if not field.filled_by_receiver}
    return wording(
        kind=PaperKind.PIPC_REPORT, fields=fields, texts={**told, "items_and_scale": "이름\n1,200명", **texts}
    )


def test_a_report_needs_the_number_of_people():
    assert errors(report()) == {}
    assert "no_people_count" in errors(report(items_and_scale="이름, 주소"))


@pytest.mark.parametrize("scale", ["약 1,200명(추정)", "1만 2천명", "규모: 3명"])
def test_an_estimate_of_the_people_counts(scale):
    assert "no_people_count" not in errors(report(items_and_scale=f"이름\n{scale}"))


def test_an_empty_box_of_the_form_is_named():
    assert errors(report(institution=""))["missing_boxes"] == "빈 칸 1개가 있습니다: 기관명."


def test_a_report_counts_the_six_items_through_the_boxes_of_the_form():
    assert errors(report(circumstances=""))["missing_items"].startswith(
        "신고서에 6개 항목 중 1개가 빠졌습니다"
    )


def test_errors_come_before_warnings():
    one = wording(title="안내", texts={**without("contact"), "items": "이름 등"})
    levels = [finding.is_error for finding in check(one)]
    assert levels == sorted(levels, reverse=True)


def test_the_check_has_no_memory():
    one = wording(texts=without("contact"))
    assert check(one) == check(replace(one))


@pytest.mark.parametrize(
    ("text", "pending"),
    [
        (PENDING, True),
        ("확인 중", True),
        ("확인 중인 사항도 있으나 이름과 주소가 유출된 것을 확인했습니다.\n이름", False),
    ],
)
def test_what_counts_as_saying_nothing_yet(text, pending):
    assert is_pending(text) is pending


def test_long_labels_have_short_names():
    items, _key = law_of(DAY_AFTER)
    assert [short(item) for item in items][2:] == [
        "피해 최소화 방법",
        "개인정보처리자의 대응조치 및 피해 구제절차",
        "담당부서 및 연락처",
        "법적 권리와 그 행사 방법",
    ]
