"""Real PDFs, read back with other programs than the one that made them."""

from __future__ import annotations

import hashlib
import io
import logging
import re
import threading
from datetime import datetime
from typing import Any

import pytest
from pypdf import PdfReader

from core.documents import press as press_room
from core.documents.fonts import printable, static_file
from core.documents.renderer import AddressWindow, MissingGlyphs, PaperFault, Sheet, content_hash, render_pdf
from core.documents.strict_templates import UndefinedInPaper
from core.documents.tables import Column, DataTable, FormRow, FormTable
from tests.clock import NOON
from tests.core.documents.conftest import Press, imprint, pages_of, text_of

pytestmark = pytest.mark.any_database
FOOT = re.compile(
    r"2026-017-N01 · 서식 2026-11 · 규칙 1a2b3c4d\s+(\d+) / (\d+)쪽\s+내용 7c1e99aa0011 · 부본 1"
)
LONG = "<p>개인정보 보호책임자가 정합니다.</p>" * 120


def reader(pdf: bytes) -> Any:
    return PdfReader(io.BytesIO(pdf))


def fonts_in(pdf: bytes) -> set[str]:
    resources = [page["/Resources"]["/Font"] for page in reader(pdf).pages]
    return {font["/BaseFont"].split("+")[1] for fonts in resources for font in fonts.values()}


def test_text_comes_in_the_order_it_is_read(press: Press) -> None:
    paper = press("<h2>1. 항목</h2><p>이름</p><h2>2. 시점과 경위</h2><p>어제가 아니라 날짜</p>")
    text = text_of(paper.pdf)
    assert [
        text.index(part) for part in ("시험 문서", "1. 항목", "이름", "2. 시점과 경위", "날짜")
    ] == sorted(text.index(part) for part in ("시험 문서", "1. 항목", "이름", "2. 시점과 경위", "날짜"))


@pytest.mark.parametrize("sheet", list(Sheet))
def test_every_page_of_every_sheet_has_the_whole_foot(press: Press, sheet: Sheet) -> None:
    pages = pages_of(press(LONG, sheet=sheet).pdf)
    assert len(pages) > 1
    feet = [FOOT.search(page) for page in pages]
    assert [foot and foot.groups() for foot in feet] == [
        (str(number), str(len(pages))) for number in range(1, len(pages) + 1)
    ]


def test_a_draft_says_so_in_the_head_of_each_page(press: Press) -> None:
    for page in pages_of(press(LONG, status="draft").pdf):
        assert page.split("\n")[0].strip() == "초안" or page.strip().startswith("초안")


def test_an_approved_paper_does_not_say_draft(press: Press) -> None:
    assert "초안" not in text_of(press(LONG).pdf)


def test_the_page_count_is_the_number_of_pages(press: Press) -> None:
    paper = press(LONG)
    assert paper.page_count == len(reader(paper.pdf).pages) > 1


def test_the_hash_is_the_hash_of_the_file(press: Press) -> None:
    paper = press("<p>가</p>")
    assert paper.sha256 == hashlib.sha256(paper.pdf).hexdigest()


def test_the_file_is_tagged_titled_bookmarked_and_says_its_language(press: Press) -> None:
    pdf = reader(press("<h2>1. 항목</h2><p>이름</p>").pdf)
    root = pdf.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] is True or str(root["/MarkInfo"]["/Marked"]) == "True"
    assert "/StructTreeRoot" in root
    assert root["/Lang"] == "ko"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert (pdf.metadata.title, pdf.metadata.subject) == ("시험 문서", "2026-017-N01")
    assert [entry.title for entry in pdf.outline if not isinstance(entry, list)] == ["시험 문서"]
    assert [entry.title for entry in pdf.outline[1]] == ["1. 항목"]


def test_its_dates_are_the_moment_it_was_made_for(press: Press) -> None:
    metadata = reader(press("<p>가</p>").pdf).metadata
    assert metadata.creation_date == metadata.modification_date == NOON


def test_the_same_paper_twice_is_the_same_bytes(press: Press) -> None:
    assert press(LONG).sha256 == press(LONG).sha256


def test_an_english_paper_has_an_english_foot_and_language(template_folder: Any) -> None:
    (template_folder / "en.html").write_text('{% extends "core/pdf/base.html" %}', encoding="utf-8")
    paper = render_pdf(
        template="en.html", context={}, sheet=Sheet.LETTER, imprint=imprint(language="en"), now=NOON
    )
    assert reader(paper.pdf).trailer["/Root"]["/Lang"] == "en"


def test_a_naive_instant_is_refused(template_folder: Any) -> None:
    with pytest.raises(ValueError, match="zone"):
        render_pdf(
            template="core/pdf/base.html",
            context={},
            sheet=Sheet.LETTER,
            imprint=imprint(),
            now=datetime(2026, 11, 24),
        )


def test_the_names_of_the_sheet_are_not_for_the_caller(press: Press) -> None:
    with pytest.raises(ValueError, match="imprint"):
        render_pdf(
            template="core/pdf/base.html",
            context={"imprint": 1},
            sheet=Sheet.LETTER,
            imprint=imprint(),
            now=NOON,
        )


# Fonts


def test_hanja_and_rare_syllables_fall_back_to_the_second_font(press: Press) -> None:
    paper = press("<p>홍길동(洪吉童) 뷁 똠방각하 <strong>洪吉童</strong></p>")
    assert "홍길동(洪吉童)" in text_of(paper.pdf)
    assert fonts_in(paper.pdf) == {"Paper", "Paper-Bold", "Paper-Hanja", "Paper-Hanja-Bold"}


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("홍길동😀", "😀"),
        ("𠮷野家 ⓐ 𰻝", "𰻝"),
        ("\U0010fff0", "U+10FFF0"),
        ("葛\U000e0100城", "U+E0100"),
        ("벨\x07", "U+0007"),
        ("사용자 글자 \ue000", "U+E000"),
    ],
)
def test_a_character_that_would_print_as_a_box_stops_the_paper_and_is_named(
    press: Press, text: str, named: str
) -> None:
    with pytest.raises(MissingGlyphs, match=re.escape(named)) as obstacle:
        press("<p>{{ name }}</p>", name=text)
    assert "홍길동" not in str(obstacle.value)


def test_the_layout_engine_itself_is_a_second_guard(press: Press, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(press_room, "refuse_missing_glyphs", lambda text: None)
    with pytest.raises(MissingGlyphs) as obstacle:
        press("<p>가\U0010fff0</p>")
    assert obstacle.value.characters == ("\U0010fff0",)


def test_the_second_guard_hears_even_when_logging_is_turned_down(
    press: Press, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(press_room, "refuse_missing_glyphs", lambda text: None)
    monkeypatch.setattr(logging.getLogger("weasyprint"), "level", logging.CRITICAL)
    with pytest.raises(MissingGlyphs):
        press("<p>가\U0010fff0</p>")


def test_a_name_taken_apart_by_a_mac_is_put_together(press: Press) -> None:
    assert "홍길동.pdf" in text_of(press("<p>{{ name }}</p>", name="홍길동.pdf").pdf)


def test_every_modern_syllable_and_common_sign_prints() -> None:
    syllables = {chr(point) for point in range(0xAC00, 0xD7A4)}
    assert syllables | set("「」『』·…—~℃㈜①⑮㉮㉻%‘’“”→←≤≥×÷±○●◐※☎㎡") <= printable()


# What comes from people


def test_html_in_what_people_typed_is_shown_as_text(press: Press) -> None:
    text = text_of(press("<p>{{ a }}</p><p>{{ a|keep_words }}</p>", a="<b>굵게</b> & <script>x</script>").pdf)
    assert text.count("<b>굵게</b> & <script>x</script>") == 2


@pytest.mark.parametrize(
    "address",
    [
        "file:///etc/passwd",
        "http://127.0.0.1:9/a.png",
        "https://127.0.0.1:9/a.png",
        "//127.0.0.1/a.png",
        "ftp://127.0.0.1/a",
        "../../etc/passwd",
    ],
)
@pytest.mark.parametrize(
    "markup",
    [
        '<img src="{a}" alt="그림">',
        '<link rel="stylesheet" href="{a}">',
        '<link rel="attachment" href="{a}">',
        '<p style="background: url({a})">가</p>',
        '<object data="{a}"></object>',
        '<embed src="{a}">',
        "<style>@import url({a}); @font-face {{ font-family: x; src: url({a}); }}</style>",
    ],
)
def test_a_paper_fetches_nothing_even_from_unescaped_markup(
    press: Press, monkeypatch: pytest.MonkeyPatch, markup: str, address: str
) -> None:
    press("<p>our own fonts and sheets are loaded</p>")
    opened: list[str] = []
    monkeypatch.setattr(
        "urllib.request.OpenerDirector.open", lambda self, url, *a, **k: opened.append(str(url))
    )
    try:
        paper = press("{{ evil|safe }}", evil=markup.format(a=address))
    except PaperFault:
        pass
    else:
        assert "/EmbeddedFiles" not in str(reader(paper.pdf).trailer["/Root"].get("/Names"))
    assert opened == []


def test_a_missing_picture_stops_the_paper_without_quoting_it(press: Press) -> None:
    with pytest.raises(PaperFault) as obstacle:
        press('<img src="file:///srv/hong-gildong.png" alt="">')
    assert "hong-gildong" not in str(obstacle.value)


def test_what_the_layout_engine_says_stays_out_of_the_log(
    press: Press, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(PaperFault):
        press('<img src="file:///srv/hong-gildong.png" alt="">')
    assert caplog.records == []


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "http://example.com/a.css",
        "file://host/static/pdf/paper.css",
        "file:///../etc/passwd",
    ],
)
def test_our_own_style_sheets_may_only_name_our_own_files(url: str) -> None:
    assert press_room.static_file_of(url) is None


def test_climbing_out_of_the_static_folder_is_seen() -> None:
    inside = static_file("pdf/paper.css").as_uri()
    assert press_room.static_file_of(inside)
    assert press_room.static_file_of(inside.replace("paper.css", "%2e%2e/%2e%2e/manage.py")) is None
    assert press_room.static_file_of(inside.replace("paper.css", "../../manage.py")) is None


# Strict templates


@pytest.mark.parametrize(
    "content",
    [
        "{{ typo }}",
        "{{ case.typo }}",
        "{{ typo|default:'—' }}",
        "{{ word|default:typo }}",
        "{% if typo %}제34조{% endif %}",
        "{% if case.typo == 'a' %}제34조{% endif %}",
        "{% if word and not case.typo %}제34조{% endif %}",
        "{% for row in typo %}{{ row }}{% endfor %}",
        "{% with x=typo %}가{% endwith %}",
        "{% blocktranslate %}{{ typo }} 앞{% endblocktranslate %}",
        "{% firstof typo word %}",
        '{% include "core/pdf/parts/letter_marks.html" %}',
        "{{ case.needs_argument }}",
    ],
)
def test_an_undefined_variable_stops_the_paper(press: Press, content: str) -> None:
    class Case:
        def needs_argument(self, argument: str) -> str:
            return argument

    with pytest.raises(UndefinedInPaper):
        press(content, case=Case(), word="말")


def test_none_is_not_printed(press: Press) -> None:
    with pytest.raises(UndefinedInPaper, match="None"):
        press("<p>{{ day }}</p>", day=None)


def test_none_can_be_asked_about(press: Press) -> None:
    assert "정해지지 않음" in text_of(
        press("<p>{% if day %}{{ day }}{% else %}정해지지 않음{% endif %}</p>", day=None).pdf
    )


# Parts


def test_a_long_table_repeats_its_head_and_keeps_its_rows_whole(press: Press) -> None:
    rows = tuple((f"{n}단계", "개인정보보호위원회 처분 기준\n둘째 줄", f"{n:,}") for n in range(1, 41))
    table = DataTable(
        "표 1. 과징금 산정",
        (Column("단계"), Column("내용"), Column("금액(원)", True)),
        rows,
        ("합계", "", "820"),
    )
    pages = pages_of(
        press('{% include "core/pdf/parts/data_table.html" %}', table=table, sheet=Sheet.WORKSHEET).pdf
    )
    assert len(pages) > 1
    for page in pages:
        assert page.count("금액(원)") == 1
        assert page.count("처분 기준") == page.count("둘째 줄")
    assert "합계" in pages[-1]


def test_a_table_of_more_than_seven_columns_turns_the_sheet(press: Press) -> None:
    columns = tuple(Column(f"{n}열") for n in range(8))
    table = DataTable("표 1. 넓은 표", columns, (tuple("가" * 8),))
    page = reader(
        press('{% include "core/pdf/parts/data_table.html" %}', table=table, sheet=Sheet.WORKSHEET).pdf
    ).pages[-1]
    assert page.mediabox.width > page.mediabox.height


def test_a_row_of_another_length_than_the_head_is_refused() -> None:
    with pytest.raises(ValueError, match="1 cells under 2 columns"):
        DataTable("표 1. 틀린 표", (Column("가"), Column("나")), (("다",),))


def test_a_form_keeps_its_labels_in_order(press: Press) -> None:
    rows = (
        FormRow("기관명", "한빛유통"),
        FormRow("책임자", "김책임", group="연락처"),
        FormRow("취급자", "이담당", group="연락처"),
    )
    text = text_of(
        press('{% include "core/pdf/parts/definition_table.html" %}', form=FormTable(rows)).pdf, "-layout"
    )
    found = [text.index(word) for word in ("기관명", "한빛유통", "책임자", "김책임", "취급자", "이담당")]
    assert found == sorted(found)
    assert text.count("연락처") == 1


def test_a_group_of_short_fields_stands_side_by_side(press: Press) -> None:
    short = [("성명", "이담당"), ("부서", "보호팀"), ("직위", "책임")]
    rows = (FormRow("기관명", "한빛유통"), *(FormRow(*row, group="신고자", is_across=True) for row in short))
    text = text_of(
        press('{% include "core/pdf/parts/definition_table.html" %}', form=FormTable(rows)).pdf, "-layout"
    )
    lines = [line.split() for line in text.splitlines()]
    assert next(line for line in lines if "성명" in line)[-3:] == ["성명", "부서", "직위"]
    assert ["이담당", "보호팀", "책임"] in [line[-3:] for line in lines]


LETTER_TOP = '{% include "core/pdf/parts/address_window.html" %}<p>고객님의 개인정보가 유출됐습니다.</p>'
ADDRESS = {
    "sender_lines": ["한빛유통"],
    "recipient_name": "홍길동",
    "address_lines": ["서울특별시 종로구 사직로 161"],
    "postcode": "03045",
}


def window_text(pdf: bytes, window: AddressWindow) -> str:
    millimetres = {"-x": window.left_mm, "-y": window.top_mm, "-W": window.width_mm, "-H": window.height_mm}
    options = [part for name, mm in millimetres.items() for part in (name, str(round(mm / 25.4 * 72)))]
    return text_of(pdf, "-r", "72", "-f", "1", "-l", "1", *options)


@pytest.mark.parametrize("sheet", [Sheet.LETTER, Sheet.LARGE_PRINT])
@pytest.mark.parametrize("window", [AddressWindow(), AddressWindow(left_mm=100, top_mm=50)])
def test_only_name_and_address_show_in_the_window(
    template_folder: Any, window: AddressWindow, sheet: Sheet
) -> None:
    (template_folder / "letter.html").write_text(
        '{% extends "core/pdf/base.html" %}{% block title %}{% endblock %}'
        f"{{% block before_title %}}{LETTER_TOP}{{% endblock %}}",
        encoding="utf-8",
    )
    paper = render_pdf(
        template="letter.html",
        context={**ADDRESS, "window": window},
        sheet=sheet,
        imprint=imprint(status="draft"),
        now=NOON,
    )
    assert window_text(paper.pdf, window).split() == [
        "홍길동",
        "서울특별시",
        "종로구",
        "사직로",
        "161",
        "03045",
    ]


@pytest.mark.parametrize(("seal", "printed"), [("outline", "(직인)"), ("omitted", "직인 생략")])
def test_the_seal_has_its_place_at_the_name(press: Press, seal: str, printed: str) -> None:
    part = '{% include "core/pdf/parts/sender_and_seal.html" %}'
    name = "한빛유통 대표이사 김한빛"
    text = text_of(press(part, sheet=Sheet.LETTER, seal=seal, sender_name=name, issued_on="").pdf)
    assert "대표이사 김한빛" in text
    assert printed in text


def test_the_contact_box_has_its_address_as_text_and_as_a_picture(press: Press) -> None:
    contact = {
        "department": "개인정보보호팀",
        "phone": "02-123-4567",
        "hours": "",
        "email": "",
        "url": "https://a.example/1",
    }
    paper = press('{% include "core/pdf/parts/contact_box.html" with heading="문의" %}', contact=contact)
    text = text_of(paper.pdf)
    assert "https://a.example/1" in text
    assert "접수 시간" not in text


def test_papers_printed_at_the_same_moment_do_not_mix(template_folder: Any) -> None:
    (template_folder / "p.html").write_text(
        '{% extends "core/pdf/base.html" %}{% block content %}<p>{{ name }}</p>{% endblock %}',
        encoding="utf-8",
    )
    texts: dict[str, str] = {}

    def print_for(name: str) -> None:
        paper = render_pdf(
            template="p.html", context={"name": name}, sheet=Sheet.LETTER, imprint=imprint(), now=NOON
        )
        texts[name] = text_of(paper.pdf)

    names = [f"받는이{letter}" for letter in "가나다라마바"]
    threads = [threading.Thread(target=print_for, args=(name,)) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(
        [other in texts[name] for other in names] == [other == name for other in names] for name in names
    )


def test_the_content_hash_does_not_depend_on_the_order_of_keys() -> None:
    assert content_hash({"나": 1, "가": ["다"]}) == content_hash({"가": ["다"], "나": 1})
    assert content_hash({"가": 1}) == hashlib.sha256('{"가":1}'.encode()).hexdigest()


def test_the_content_hash_refuses_floats() -> None:
    with pytest.raises(TypeError, match="float"):
        content_hash({"amount": 1.5})


@pytest.mark.parametrize(
    "change", [{"number": ""}, {"rules_digest": "1a"}, {"content_hash": ""}, {"copy_number": 0}]
)
def test_an_imprint_with_a_hole_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(ValueError):
        imprint(**change)
