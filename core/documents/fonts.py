"""The four fonts papers are set in, and what they cannot print."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from django.contrib.staticfiles import finders
from django.utils.translation import gettext as _

FONT_FOLDER = "vendor/fonts/pdf"
REGULAR = ("Pretendard-Regular.ttf", "NotoSansKR-Regular.ttf")  # the second is asked for hanja
BOLD = ("Pretendard-Bold.ttf", "NotoSansKR-Bold.ttf")
INVISIBLE = frozenset(" \t\n\r\f\u200b\u200c\u200d\u2060\ufeff\u00ad")


class MissingGlyphs(Exception):
    """The paper was not made: it would show boxes in place of `characters`."""

    def __init__(self, characters: Iterable[str]) -> None:
        self.characters = tuple(sorted(set(characters)))
        names = ", ".join(f"‘{c}’(U+{ord(c):04X})" for c in self.characters)
        super().__init__(
            _(
                "문서를 만들지 않았습니다. 문서 글꼴에 없는 글자가 있어 네모로 인쇄됩니다: %(names)s. "
                "같은 뜻의 다른 글자로 바꾸거나 한글로 적은 뒤 다시 만들어 주세요."
            )
            % {"names": names}
        )


def static_file(path: str) -> Path:
    """Where a file of `static/` lies on this machine. FileNotFoundError if it is not there."""
    found = finders.find(path)
    if not isinstance(found, str):
        raise FileNotFoundError(path)
    return Path(found)


@lru_cache(maxsize=1)
def printable() -> frozenset[str]:
    """Every character that prints in regular and in bold. Private-use ones print as whatever the font likes."""
    weights = [frozenset().union(*(_characters(name) for name in names)) for names in (REGULAR, BOLD)]
    return frozenset(c for c in weights[0] & weights[1] if unicodedata.category(c) != "Co")


def _characters(font: str) -> frozenset[str]:
    from fontTools.ttLib import TTFont  # type: ignore[import-untyped]  # slow to load; no page needs it

    with TTFont(static_file(f"{FONT_FOLDER}/{font}"), lazy=True) as opened:
        return frozenset(map(chr, opened.getBestCmap()))


def refuse_missing_glyphs(text: Iterable[str]) -> None:
    """MissingGlyphs if any of `text` could only be printed as a box."""
    used = set().union(*text)
    missing = used - printable() - INVISIBLE
    if missing:
        raise MissingGlyphs(missing)


def composed(text: str) -> str:
    """Hangul as one code point a syllable (file names from a Mac come apart), hanja as the unified ones."""
    return unicodedata.normalize("NFC", text)
