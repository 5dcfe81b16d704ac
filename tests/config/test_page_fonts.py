"""Every letter the product itself shows on a page is in a font it brings along; elsewhere it would be a box."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from fontTools.ttLib import TTFont

FONTS = settings.BASE_DIR / "static" / "vendor" / "fonts" / "web"
SHOWN = (
    "rules/**/*.yaml",
    "templates/**/*.html",
    "locale/**/*.po",
    "demo/*.yaml",
    "incidents/playbooks/*.yaml",
)


def letters_of(font: Path) -> set[int]:
    return set(TTFont(font, lazy=True).getBestCmap())


def test_every_letter_on_a_page_has_its_font() -> None:
    held = set().union(*map(letters_of, FONTS.rglob("*.woff2")))
    missing = {
        (letter, path.name)
        for pattern in SHOWN
        for path in settings.BASE_DIR.glob(pattern)
        for letter in path.read_text(encoding="utf-8")
        if letter.isprintable() and not letter.isspace() and ord(letter) not in held
    }
    assert missing == set()
