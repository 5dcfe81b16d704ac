"""The two tables papers are made of: rows of a ruled form, and rows under a head."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby


@dataclass(frozen=True, slots=True)
class FormRow:
    """One line of a ruled form. `group` is the label to its left that it shares with its neighbours.

    Where every row of a group `is_across`, they stand side by side, labels above what they say.
    """

    label: str
    content: str
    hint: str = ""
    group: str = ""
    is_across: bool = False


@dataclass(frozen=True, slots=True)
class FormPart:
    """The neighbours that share a group, or one row without a group. A page does not end inside it."""

    group: str
    rows: tuple[FormRow, ...]

    @property
    def is_across(self) -> bool:
        return bool(self.group) and all(row.is_across for row in self.rows)

    @property
    def cell_span(self) -> int:
        """How many of the table's units one cell of a part across takes."""
        return FormTable.UNITS // len(self.rows)


@dataclass(frozen=True, slots=True)
class FormTable:
    """What `core/pdf/parts/definition_table.html` prints, in the order given."""

    rows: tuple[FormRow, ...]
    caption: str = ""

    UNITS = 12  # beside the group's column; two, three, four or six cells share them evenly
    LABEL_UNITS = 3

    @property
    def has_groups(self) -> bool:
        return any(row.group for row in self.rows)

    @property
    def label_span(self) -> int:
        """The units under a label; without a group the group's column comes on top."""
        return self.LABEL_UNITS

    @property
    def lone_label_span(self) -> int:
        return self.LABEL_UNITS + 1

    @property
    def content_span(self) -> int:
        return self.UNITS - self.LABEL_UNITS

    @property
    def parts(self) -> Iterator[FormPart]:
        for group, members in groupby(self.rows, key=lambda row: row.group):
            together = tuple(members)
            yield from [FormPart(group, together)] if group else [FormPart("", (row,)) for row in together]


@dataclass(frozen=True, slots=True)
class Column:
    """A head. The unit of an amount stands here, `금액(원)`, and its figures to the right."""

    label: str
    is_amount: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    text: str
    is_amount: bool


@dataclass(frozen=True, slots=True)
class DataTable:
    """What `core/pdf/parts/data_table.html` prints. ValueError if a row has another length than the head."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    total: tuple[str, ...] = ()

    WIDE_ABOVE = 7

    def __post_init__(self) -> None:
        for row in (*self.rows, *([self.total] if self.total else [])):
            if len(row) != len(self.columns):
                raise ValueError(f"{len(row)} cells under {len(self.columns)} columns: {self.caption}")

    @property
    def is_wide(self) -> bool:
        """Whether it needs the sheet turned."""
        return len(self.columns) > self.WIDE_ABOVE

    @property
    def cells(self) -> list[list[Cell]]:
        return [self._line(row) for row in self.rows]

    @property
    def total_cells(self) -> list[Cell]:
        return self._line(self.total)

    def _line(self, texts: Iterable[str]) -> list[Cell]:
        return [Cell(text, column.is_amount) for text, column in zip(texts, self.columns, strict=True)]
