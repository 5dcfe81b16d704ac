"""Korean words are not broken at the end of a line.

The layout engine ignores `word-break: keep-all`, so every Hangul word, with its particle,
unit and punctuation, is put in a `<span class="w">` that does not wrap. A word too long for
its place may break at its own punctuation, then anywhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

LONGEST_WHOLE_WORD = 20
LONGEST_WHOLE_WORD_IN_A_CELL = 12

HANGUL = re.compile("[\uac00-\ud7a3\u3131-\u318e\u3200-\u321e\u3260-\u327f]")
INSTANT = r"\d{4}\. \d{1,2}\. \d{1,2}\.(?:\([월화수목금토일]\))?(?: \d{2}:\d{2})?"
PIECE = re.compile(rf"[^ \t\n\r\f]*?{INSTANT}[^ \t\n\r\f]*|[^ \t\n\r\f]+|[ \t\n\r\f]+")
WHOLE = re.compile(INSTANT)
SEAM = re.compile(r"(?<=[)\]·,/…])|(?=[(\[])")  # where a word too long may part

INLINE = frozenset(
    {"a", "abbr", "b", "cite", "em", "i", "small", "span", "strong", "sub", "sup", "time", "u"}
)
UNTOUCHED = frozenset({"head", "style", "script", "svg", "pre", "code", "object", "img"})

type Piece = str | Element


def pieces_of(text: str) -> list[str]:
    """Words and the white space between them, in order; a printed date with its time is one word."""
    return PIECE.findall(text)


def stays_whole(word: str, *, limit: int = LONGEST_WHOLE_WORD) -> bool:
    """Whether `word` must not be broken: a date always, a Hangul word up to `limit` characters."""
    return bool(WHOLE.search(word)) or (len(word) <= limit and bool(HANGUL.search(word)))


def parts_of(word: str, *, limit: int = LONGEST_WHOLE_WORD) -> list[str]:
    """`word`, or if it is too long the parts it may break into."""
    if len(word) <= limit or WHOLE.search(word):
        return [word]
    return [part for part in SEAM.split(word) if part]


def keep_whole(element: Element, *, limit: int = LONGEST_WHOLE_WORD) -> None:
    """Wrap every Hangul word below `element`, across inline tags: `<b>1,234</b>명` is one word."""
    if element.tag in UNTOUCHED or not isinstance(element.tag, str):
        return
    if element.tag in ("td", "th"):
        limit = LONGEST_WHOLE_WORD_IN_A_CELL
    content = list(_content(element))
    element.text = None
    for child in list(element):
        element.remove(child)
    for run in _runs(content):
        for piece in _wrapped(run, limit=limit):
            _append(element, piece)


def _content(element: Element) -> Iterator[Piece]:
    """Text and children in order; spans made by the `keep_words` filter come apart again."""
    text = element.text or ""
    for child in element:
        tail, child.tail = child.tail or "", None
        if child.tag == "span" and child.get("class") == "w" and not len(child):
            text += (child.text or "") + tail
            continue
        yield from pieces_of(text)
        yield child
        text = tail
    yield from pieces_of(text)


def _runs(content: list[Piece]) -> Iterator[list[Piece]]:
    """What stands together without white space."""
    run: list[Piece] = []
    for piece in content:
        if (not piece.isspace()) if isinstance(piece, str) else _is_part_of_a_word(piece):
            run.append(piece)
            continue
        if run:
            yield run
        yield [piece]
        run = []
    if run:
        yield run


def _is_part_of_a_word(element: Element) -> bool:
    if any(part.tag not in INLINE and part.tag != "img" for part in element.iter()):
        return False
    text = _text_of(element)
    return len(pieces_of(text)) == 1 and not text.isspace()


def _text_of(piece: Piece) -> str:
    return piece if isinstance(piece, str) else "".join(piece.itertext())


def _wrapped(run: list[Piece], *, limit: int) -> Iterator[Piece]:
    text = "".join(_text_of(piece) for piece in run)
    if stays_whole(text, limit=limit) and _is_text(run):
        yield _whole(run)
        return
    for piece in run:
        if isinstance(piece, Element):
            keep_whole(piece, limit=limit)
            yield piece
        else:
            yield from _parted(piece, limit=limit)


def _is_text(run: list[Piece]) -> bool:
    return all(isinstance(piece, str) or _is_part_of_a_word(piece) for piece in run)


def _parted(word: str, *, limit: int) -> Iterator[Piece]:
    for part in parts_of(word, limit=limit):
        yield _whole([part]) if stays_whole(part, limit=limit) else part


def _whole(run: list[Piece]) -> Element:
    span = Element("span", {"class": "w"})
    for piece in run:
        _append(span, piece)
    return span


def _append(parent: Element, piece: Piece) -> None:
    if isinstance(piece, Element):
        parent.append(piece)
    elif len(parent):
        parent[-1].tail = (parent[-1].tail or "") + piece
    else:
        parent.text = (parent.text or "") + piece
