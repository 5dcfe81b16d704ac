"""What a paper is: its sheet, its imprint, the window of its envelope, and the finished bytes."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

DRAFT = "draft"


class Sheet(Enum):
    """What a paper is printed on: margins, sizes and title as `static/pdf/` sets them."""

    LETTER = "letter"
    LARGE_PRINT = "large-print"
    REPORT = "report"
    WORKSHEET = "worksheet"


@dataclass(frozen=True, slots=True, kw_only=True)
class Imprint:
    """What the head and foot of every page say about the paper itself."""

    number: str
    title: str
    template_edition: str
    rules_digest: str
    content_hash: str
    status: str  # "draft", "approved", "sent", …; only "draft" shows
    copy_number: int = 1
    language: str = "ko"

    def __post_init__(self) -> None:
        if not (self.number and self.title and self.template_edition):
            raise ValueError("an imprint needs a number, a title and a template edition")
        if len(self.rules_digest) < 8 or len(self.content_hash) < 12:
            raise ValueError("an imprint needs a rules digest and a content hash")
        if self.copy_number < 1:
            raise ValueError(f"copies are counted from 1, got {self.copy_number}")

    @property
    def is_draft(self) -> bool:
        return self.status == DRAFT

    @property
    def short_rules_digest(self) -> str:
        return self.rules_digest[:8]

    @property
    def short_content_hash(self) -> str:
        return self.content_hash[:12]


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressWindow:
    """Where the envelope's window lies on the sheet, in whole millimetres from its left and top edge."""

    left_mm: int = 20
    top_mm: int = 45
    width_mm: int = 90
    height_mm: int = 40

    LETTER_LEFT_MM = 20
    LETTER_TOP_MM = 25

    @property
    def from_margin_left_mm(self) -> int:
        return self.left_mm - self.LETTER_LEFT_MM

    @property
    def from_margin_top_mm(self) -> int:
        return self.top_mm - self.LETTER_TOP_MM

    @property
    def reach_mm(self) -> int:
        """How far the letter's text must stay below the top margin."""
        return self.from_margin_top_mm + self.height_mm + 5


@dataclass(frozen=True, slots=True)
class RenderedPaper:
    pdf: bytes
    sha256: str
    page_count: int


class PaperFault(Exception):
    """A template or style sheet is wrong. For the person who writes templates, not for the one who prints."""
