"""The two tables papers are made of: rows of a ruled form, and rows under a head."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby


@dataclass(frozen=True, slots=True)
class FormRow:
    """One line of a ruled form. `group` is the label to its left that it shares with its neighbours."""

    label: str
    content: str
    hint: str = ""
    group: str = ""


@dataclass(frozen=True, slots=True)
class PlacedRow:
    """A form row that knows how many rows its group spans, if it is the group's first."""

    row: FormRow
    group_size: int

    @property
    def label(self) -> str:
        return self.row.label

    @property
    def content(self) -> str:
        return self.row.content

    @property
    def hint(self) -> str:
        return self.row.hint

    @property
    def group(self) -> str:
        return self.row.group


@dataclass(frozen=True, slots=True)
class FormTable:
    """What `core/pdf/parts/definition_table.html` prints, in the order given."""

    rows: tuple[FormRow, ...]
    caption: str = ""

    @property
    def has_groups(self) -> bool:
        return any(row.group for row in self.rows)

    @property
    def placed(self) -> Iterator[PlacedRow]:
        for group, members in groupby(self.rows, key=lambda row: row.group):
            together = list(members)
            for index, row in enumerate(together):
                yield PlacedRow(row, len(together) if group and index == 0 else 0)


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
