"""Tables as people read them: header rows, row labels, units, figures by row and column."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from zhunsheng.audit.document import Cell, Table
from zhunsheng.audit.passages import Passage
from zhunsheng.audit.quantities.units import MULTIPLIERS, unit_at

_FIGURE = re.compile(r"[-+]?[\d,]+(?:\.\d+)?(?:%|‰)?|[-—/]+|")
_UNIT_NOTE = re.compile(r"[（(]\s*(?:单位：)?([^（）()]{1,8})\s*[）)]")
_UNIT_LINE = re.compile(r"(?:金额)?单位(?:为)?[：:]\s*(?:人民币)?([^\s，。；）（]{1,8})")


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit taken from a header or a unit line."""

    name: str
    multiplier: int = 1


def unit_named(text: str) -> Unit | None:
    """The unit that a short text names: 万元, %, 家; None when it names none.

    >>> unit_named("万元")
    Unit(name='元', multiplier=10000)
    """
    text = text.strip()
    for word in sorted(MULTIPLIERS, key=len, reverse=True):
        if (
            text.startswith(word)
            and (rest := unit_at(text, len(word)))
            and len(word) + len(rest) == len(text)
        ):
            return Unit(rest, MULTIPLIERS[word])
    unit = unit_at(text, 0)
    return Unit(unit) if unit and len(unit) == len(text) else None


@dataclass(frozen=True)
class TableView:
    """A table with its meaning.

    Attributes:
        table: the grid.
        texts: cleaned text of each cell by (row, column); merged cells answer at every position they cover.
        passages: the passage of each cell that has text, by the cell's own (row, column).
        header_rows: number of rows at the top that are headers.
        label_columns: number of columns at the left that are labels.
        unit: unit of the whole table from a unit line, or None.
        title: the words above the table, or "".
    """

    table: Table
    texts: Mapping[tuple[int, int], str]
    passages: Mapping[tuple[int, int], int]
    header_rows: int
    label_columns: int
    unit: Unit | None = None
    title: str = ""
    numerals: Mapping[tuple[int, int], tuple[int, ...]] = field(default_factory=dict)

    @cached_property
    def headers(self) -> tuple[tuple[str, ...], ...]:
        """For each column its header words, outermost first, repeats left out."""
        found = []
        for column in range(self.table.columns):
            words: list[str] = []
            for row in range(self.header_rows):
                text = self.texts.get((row, column), "")
                if text and text not in words:
                    words.append(text)
            found.append(tuple(words))
        return tuple(found)

    @cached_property
    def labels(self) -> tuple[tuple[str, ...], ...]:
        """For each row its label words, outermost first, repeats left out."""
        found = []
        for row in range(self.table.rows):
            words: list[str] = []
            for column in range(self.label_columns):
                text = self.texts.get((row, column), "")
                if text and text not in words:
                    words.append(text)
            found.append(tuple(words))
        return tuple(found)

    def header(self, column: int) -> str:
        """The header words of a column as one text."""
        return " ".join(self.headers[column]) if column < len(self.headers) else ""

    def label(self, row: int) -> str:
        """The label words of a row as one text."""
        return " ".join(self.labels[row]) if row < len(self.labels) else ""

    def column_unit(self, column: int) -> Unit | None:
        """The unit of a column: from its header, else from the table's unit line (not for percentages)."""
        header = self.header(column)
        for match in reversed(list(_UNIT_NOTE.finditer(header))):
            unit = unit_named(match[1])
            if unit is not None:
                return unit
        if re.search(r"[%％]|率$|占比|比重|增幅|降幅|百分比", header):
            return Unit("%")
        if re.search(r"数量|人数|编制|序号|编码|代码|年份|分值|得分|面积", header):
            return None
        return self.unit


def view_table(table: Table, passages: Mapping[tuple[int, int], Passage], above: str = "") -> TableView:
    """Understand a table.

    Args:
        passages: the passage of each cell with text, by (row, column).
        above: the cleaned words that stand right above the table (title, unit line).
    """
    texts: dict[tuple[int, int], str] = {}
    for cell in table.cells:
        passage = passages.get((cell.row, cell.column))
        for row in range(cell.row, cell.row + cell.row_span):
            for column in range(cell.column, cell.column + cell.column_span):
                texts[row, column] = passage.text if passage else ""
    header_rows = _header_rows(table, texts)
    unit = None
    unit_line = _UNIT_LINE.search(above)
    if unit_line is None:
        for row in range(min(3, table.rows)):
            unit_line = unit_line or next(
                (
                    match
                    for column in range(table.columns)
                    if (match := _UNIT_LINE.search(texts.get((row, column), "")))
                ),
                None,
            )
    if unit_line is not None:
        unit = unit_named(unit_line[1])
    return TableView(
        table,
        texts,
        {address: passage.number for address, passage in passages.items()},
        header_rows,
        _label_columns(table, texts, header_rows),
        unit,
        above,
    )


def is_figure(text: str) -> bool:
    """Whether a cell holds nothing but a figure, a dash or nothing."""
    return _FIGURE.fullmatch(text.replace(" ", "")) is not None


def _header_rows(table: Table, texts: Mapping[tuple[int, int], str]) -> int:
    marked = {cell.row for cell in table.cells if cell.header}
    first_figures = table.rows
    for row in range(table.rows):
        filled = [text for column in range(table.columns) if (text := texts.get((row, column), ""))]
        figures = [text for text in filled if is_figure(text) and text.strip("-—/")]
        if not filled:
            continue
        numbering = [text for text in figures if re.fullmatch(r"\d{1,2}", text)]
        if figures and len(numbering) == len(filled):
            continue  # a row of column numbers 1 2 3 belongs to the header
        if figures and not (
            len(figures) == len(numbering) and row == 0 and table.rows > 1 and len(filled) > 3
        ):
            first_figures = row
            break
    if first_figures == table.rows:
        return max(len(marked), 1) if table.rows > 1 else 0
    # a header never runs over more than a few rows; a group row with one text belongs to the body
    header = min(first_figures, 5)
    return max(header, len(marked)) if marked else header


def _label_columns(table: Table, texts: Mapping[tuple[int, int], str], header_rows: int) -> int:
    body = range(header_rows, table.rows)
    for column in range(table.columns):
        filled = [text for row in body if (text := texts.get((row, column), ""))]
        figures = [text for text in filled if is_figure(text) and text.strip("-—/")]
        header = texts.get((max(header_rows - 1, 0), column), "")
        if not filled or re.search(r"序号|编码|代码|科目|^[类款项]$|编号", header):
            continue
        if len(figures) * 2 > len(filled):
            return max(column, 1) if column else 1
    return max(1, min(table.columns, 1))


def cell_of(table: Table) -> dict[tuple[int, int], Cell]:
    """The cells of a table by (row, column)."""
    return {(cell.row, cell.column): cell for cell in table.cells}
