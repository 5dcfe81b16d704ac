"""Korean words stay whole, and what people typed stays text."""

from __future__ import annotations

import pytest
from django.utils.safestring import SafeString, mark_safe

from core.documents.renderer import Sheet
from core.documents.templatetags.paper import keep_words
from tests.core.documents.conftest import Press, text_of

SENTENCE = (
    "개인정보처리자는 유출등이 되었음을 알게 되었을 때에는 지체 없이 "
    "정보주체에게 다음 각 호의 사항을 알려야 합니다."
)


def lines_of(pdf: bytes) -> list[str]:
    return [line.strip() for line in text_of(pdf, "-layout").split("\n") if line.strip()]


@pytest.mark.parametrize("width", range(32, 62, 5))
def test_no_word_is_broken_at_the_end_of_a_line(press: Press, width: int) -> None:
    paper = press(f'<div style="width: {width}mm"><p>{SENTENCE}</p></div>', sheet=Sheet.LETTER)
    lines = lines_of(paper.pdf)[1:-1]
    assert len(lines) > 2
    assert " ".join(lines) == SENTENCE


@pytest.mark.parametrize("width", range(20, 60, 8))
def test_a_unit_stays_with_its_number_across_a_tag(press: Press, width: int) -> None:
    words = (
        "모두 <strong>1,234,567</strong>명에게 ‘<em>홍길동</em>’님이라고 "
        "<time>2026. 11. 24.(화) 09:12</time>에 보냅니다"
    )
    paper = press(f'<div style="width: {width}mm"><p>{words}</p></div>', sheet=Sheet.WORKSHEET)
    text = "\n".join(lines_of(paper.pdf))
    for whole in ("1,234,567명에게", "‘홍길동’님이라고", "2026. 11. 24.(화) 09:12에"):
        assert whole in text


def test_a_particle_after_the_filter_stays_with_the_word(press: Press) -> None:
    content = '<div style="width: 20mm"><p>긴말 {{ name|keep_words }}에게서</p></div>'
    assert "보호책임자에게서" in lines_of(press(content, name="보호책임자").pdf)


def test_a_word_too_long_for_a_line_still_breaks(press: Press) -> None:
    long = "가나다라마바사아자차" * 8
    lines = lines_of(press('<div style="width: 60mm"><p>{{ a }} {{ b }}</p></div>', a=long, b="x" * 300).pdf)
    assert "".join(lines[1:-1]).replace(" ", "") == long + "x" * 300
    assert len(lines) > 8


def test_a_formal_amount_may_part_only_before_its_bracket(press: Press) -> None:
    content = '<div style="width: 52mm"><p>{{ amount|formal_won }}</p></div>'
    lines = lines_of(press(content, amount=67_788_000, sheet=Sheet.LETTER).pdf)
    assert lines[1:-1] == ["금67,788,000원", "(금육천칠백칠십팔만팔천원)"]


def test_the_words_of_a_pdf_are_the_words_of_the_text(press: Press) -> None:
    assert SENTENCE in " ".join(text_of(press(f"<p>{SENTENCE}</p>").pdf).split())


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("유출등이 되었음", '<span class="w">유출등이</span> <span class="w">되었음</span>'),
        ("id 1,234", "id 1,234"),
        ("1,234명", '<span class="w">1,234명</span>'),
        ("<b>굵게</b>", '<span class="w">&lt;b&gt;굵게&lt;/b&gt;</span>'),
        ("a & b", "a &amp; b"),
        ("첫 줄\r\n둘", '<span class="w">첫</span> <span class="w">줄</span><br><span class="w">둘</span>'),
        (
            "첫\n\n\n둘",
            '<span class="para"><span class="w">첫</span></span>'
            '<span class="para"><span class="w">둘</span></span>',
        ),
        ("가" * 21, "가" * 21),
        ("", ""),
    ],
)
def test_the_filter_wraps_words_and_keeps_lines(text: str, html: str) -> None:
    assert keep_words(text) == html
    assert isinstance(keep_words(text), SafeString)


def test_the_filter_escapes_even_what_claims_to_be_safe() -> None:
    assert keep_words(mark_safe("<script>")) == "&lt;script&gt;"
