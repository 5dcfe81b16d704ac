"""The masks: what is found in odd shapes, what is left alone, and that a masked word can be read back."""

import pytest

from core.access import masking
from core.access.masking import CARD, RESIDENT, found_in, masked, restored


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("홍길동", "홍*동"),
        ("홍길", "홍*"),
        ("남궁민수", "남**수"),
        ("홍", "홍"),
        ("John Smith", "J*** S****"),
        ("", ""),
    ],
)
def test_names(name, shown):
    assert masking.mask_name(name) == shown


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("010-1234-5678", "010-****-5678"),
        ("01012345678", "010****5678"),
        ("010 1234 5678", "010 **** 5678"),
        ("010.1234.5678", "010.****.5678"),
        ("010–1234–5678", "010–****–5678"),
        ("011-234-5678", "011-***-5678"),
        ("(010) 1234-5678", "(010) ****-5678"),
        ("02-123-4567", "02-***-4567"),
        ("02)1234-5678", "02)****-5678"),
        ("031-123-4567", "031-***-4567"),
        ("0212345678", "02****5678"),
        ("070-1234-5678", "070-****-5678"),
        ("+82-10-1234-5678", "+82-10-****-5678"),
        ("+82 10 1234 5678", "+82 10 **** 5678"),
        ("+821012345678", "+8210****5678"),
        ("전화:010-1234-5678로", "전화:010-****-5678로"),
        ("010-1234-5678,010-2345-6789", "010-****-5678,010-****-6789"),
    ],
)
def test_phones(typed, shown):
    assert masked(typed) == shown


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("hong@example.com", "ho***@example.com"),
        ("hong.gildong+x@mail.example.co.kr", "ho***@mail.example.co.kr"),
        ("a@example.com", "***@example.com"),
        ("ab@example.com", "a***@example.com"),
        ("<hong@example.com>", "<ho***@example.com>"),
        ("hong@example.com에서", "ho***@example.com에서"),
        ("hong@예시.한국", "ho***@예시.한국"),
    ],
)
def test_mails(typed, shown):
    assert masked(typed) == shown


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("900101-1234567", "900101-*******"),
        ("900101 1234567", "900101 *******"),
        ("900101 - 1234567", "900101 - *******"),
        ("900101–1234567", "900101–*******"),
        ("051231-3234567", "051231-*******"),
        ("000229-3234567", "000229-*******"),
        ("880101-5234567", "880101-*******"),
        ("9001011234568", "900101*******"),
    ],
)
def test_resident_numbers(typed, shown):
    assert masked(typed) == shown
    assert found_in(typed, RESIDENT)


@pytest.mark.parametrize(
    "typed",
    [
        "901301-1234567",
        "900132-1234567",
        "010229-3234567",
        "9001011234567",
        "1900101-1234567",
        "900101-12345678",
        "1763756047000",
    ],
)
def test_what_is_no_resident_number(typed):
    assert not found_in(typed, RESIDENT)


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("4111-1111-1111-1111", "4111-11**-****-1111"),
        ("5500000000000004", "550000******0004"),
        ("3782-822463-10005", "3782-82****-*0005"),
    ],
)
def test_cards(typed, shown):
    assert masked(typed) == shown


@pytest.mark.parametrize(
    "typed", ["4111-1111-1111-1112", "0000-0000-0000-0000", "1234567812345678", "20261121091200123"]
)
def test_what_is_no_card(typed):
    assert not found_in(typed, CARD)


@pytest.mark.parametrize(("typed", "shown"), [("M12345678", "M****5678"), ("M123A4567", "M****4567")])
def test_passports(typed, shown):
    assert masked(typed) == shown


def test_accounts_show_their_last_four():
    assert masking.mask_account("110-123-456789") == "***-***-**6789"


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-21(토) 09:12 KST",
        "2026-001-1-2",
        "사건 2026-001, 사본 2026-000012",
        "정보주체 10,482명",
        "7c1e0a44b2f09d31a5c010123456789012345678901234567890123456789abc",
        "203.0.113.9 192.168.0.10",
        "123-45-67890",
        "제34조제1항, 시행령 제40조",
        "금67,788,000원",
        "a1b2c3d4-0101-2345-6789-abcdef012345",
        "https://www.example.org/a?x=1",
        "",
    ],
)
def test_what_is_nobodys_number_stays(text):
    assert masked(text) == text


def test_masking_again_changes_nothing():
    text = "홍길동 010-1234-5678 hong@example.com 900101-1234567 4111-1111-1111-1111 M12345678"
    assert masked(masked(text)) == masked(text)
    assert found_in(masked(text)) == []


def test_what_is_let_through_stays():
    assert masked("02-1234-5678 010-1234-5678", but={"02-1234-5678"}) == "02-1234-5678 010-****-5678"


def test_words_edited_as_they_were_shown_get_their_numbers_back():
    original = "처음 010-1234-5678, 다음 010-9999-5678, hong@example.com"
    shown = masked(original)
    assert restored(shown, original) == original
    edited = shown.replace("처음", "먼저") + " 끝"
    assert restored(edited, original) == original.replace("처음", "먼저") + " 끝"
    assert restored("ho***@example.com만 남김", original) == "hong@example.com만 남김"
    assert restored("새로 씀", original) == "새로 씀"


@pytest.mark.parametrize(
    ("shown_cut", "masked_cut"),
    [
        ("전화 010-1234-5…", "전화 010-****-*…"),
        ("+82 10-1234-56…", "+82 1*-****-**…"),
        ("900101-12…", "900101-**…"),
        ("4111-1111-11…", "4111-11**-**…"),
        ("hong@exam…", "ho***@exam…"),
        ("2026-11-21 09…", "2026-11-21 09…"),
        ("사건 2026-001…", "사건 2026-001…"),
        ("1판(해시 599491968273…)", "1판(해시 599491968273…)"),
        ("1판(해시 900101123456…)", "1판(해시 900101123456…)"),
        ("version 1 (hash 010123456789…)", "version 1 (hash 010123456789…)"),
        ("접수 994112-33…", "접수 994112-33…"),
        ("1,234,567명…", "1,234,567명…"),
    ],
)
def test_what_an_ellipsis_cuts_short_tells_no_more_than_the_whole_would(shown_cut, masked_cut):
    assert masked(shown_cut) == masked_cut == masked(masked_cut)


@pytest.mark.parametrize("blank", ["\u00a0", "\u200b", "\u2060"])
def test_blanks_nobody_sees_part_no_number(blank):
    assert masked(blank.join(("010", "1234", "5678"))) == blank.join(("010", "****", "5678"))
