"""Tables as people read them: header rows, row labels, units, figures by row and column."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property

from zhunsheng.audit.document import Cell, Table
from zhunsheng.audit.passages import Passage
from zhunsheng.audit.quantities.units import MULTIPLIERS, unit_at

_FIGURE = re.compile(r"[-+]?[\d,]+(?:\.\d+)?(?:%|‰)?|[-—/]+|")
_UNIT_HEADER = re.compile(r"(?:计量)?单位")
_UNIT_NOTE = re.compile(r"[（(]\s*(?:单位：)?([^（）()]{1,8})\s*[）)]")
_UNIT_LINE = re.compile(r"(?:金额)?单位(?:为)?[：:]\s*(?:人民币)?([^\s，。；）（]{1,8})")
_CODE_HEADER = re.compile(r"序号|编码|代码|科目编号|编号|行次|栏次|^[类款项目节]$")
_YEAR_TEXT = re.compile(r"(?:19|20)\d{2}(?:年度?)?")
_TOTAL_LABEL = re.compile(r"[合总小共]计[：:]?$")
_CLASS_CODE = re.compile(r"[1-5]\d{2}(?:\d{2}){0,2}")
_BOUND_BEFORE = re.compile(
    r"^(?:不少于|不低于|不超过|不高于|不大于|至少|大于|小于|低于|高于|达到|约|近|超)(?=[\d≥≤])"
)
_BOUND_AFTER = re.compile(r"(?<=[\d%‰\u4e00-\u9fff])(?:（含）)?(?:(?:或|及)?以[上下内]|左右|[。；])+$")
_HEADER_LIMIT = 6


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


class ColumnKind(StrEnum):
    """What a column of a table holds."""

    CODE = "code"
    LABEL = "label"
    FIGURE = "figure"


@dataclass(frozen=True, slots=True)
class Side:
    """Columns that belong together: a table of revenue and expenditure has two sides beside each other.

    Attributes:
        codes: columns of codes or row numbers.
        labels: columns of words, outermost first.
        figures: the columns of figures these words are about.
    """

    codes: tuple[int, ...]
    labels: tuple[int, ...]
    figures: tuple[int, ...]


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
        inherited: headers of the table this one continues, when it has none of its own.
    """

    table: Table
    texts: Mapping[tuple[int, int], str]
    passages: Mapping[tuple[int, int], int]
    header_rows: int
    label_columns: int
    unit: Unit | None = None
    title: str = ""
    numerals: Mapping[tuple[int, int], tuple[int, ...]] = field(default_factory=dict)
    inherited: tuple[tuple[str, ...], ...] = ()

    @cached_property
    def headers(self) -> tuple[tuple[str, ...], ...]:
        """For each column its header words, outermost first, repeats left out."""
        if self.inherited and self.header_rows == 0:
            return self.inherited
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
                if text and text not in words and column != self.unit_column:
                    words.append(text)
            found.append(tuple(words))
        return tuple(found)

    @cached_property
    def unit_column(self) -> int | None:
        """The column that names the unit of each row (计量单位); it is no label and no figure."""
        for column in range(self.table.columns):
            if not _UNIT_HEADER.fullmatch(self.header(column)):
                continue
            filled = [
                text
                for row in range(self.header_rows, self.table.rows)
                if (text := self.texts.get((row, column), ""))
            ]
            # 单位 heads columns of bodies as well
            if sum(unit_named(text) is not None for text in filled) * 2 > len(filled):
                return column
        return None

    @cached_property
    def column_kinds(self) -> tuple[ColumnKind, ...]:
        """What each column holds, judged by its header and its cells below the header."""
        return tuple(self._kind_of(column) for column in range(self.table.columns))

    def _kind_of(self, column: int) -> ColumnKind:
        words = self.headers[column]
        if words and _CODE_HEADER.search(words[-1]):
            return ColumnKind.CODE
        filled = [
            text
            for row in range(self.header_rows, self.table.rows)
            if (text := self.texts.get((row, column), "")) and not _TOTAL_LABEL.search(text)
        ]
        figures = [text for text in filled if holds_figure(text)]
        if not filled:
            return ColumnKind.FIGURE if words and column else ColumnKind.LABEL
        if len(filled) > 1 and all(_CLASS_CODE.fullmatch(text) for text in filled):
            below = [
                self.texts.get((row, column + 1), "") for row in range(self.header_rows, self.table.rows)
            ]
            if any(text and not holds_figure(text) for text in below):
                return ColumnKind.CODE
        return ColumnKind.FIGURE if len(figures) * 2 > len(filled) else ColumnKind.LABEL

    @cached_property
    def sides(self) -> tuple[Side, ...]:
        """The sides of the table, left to right; columns of words without figures after them are left out."""
        found: list[Side] = []
        codes: list[int] = []
        labels: list[int] = []
        figures: list[int] = []
        for column, kind in enumerate(self.column_kinds):
            if kind is ColumnKind.FIGURE:
                figures.append(column)
                continue
            if figures:
                found.append(Side(tuple(codes), tuple(labels), tuple(figures)))
                codes, labels, figures = [], [], []
            (codes if kind is ColumnKind.CODE else labels).append(column)
        if figures:
            found.append(Side(tuple(codes), tuple(labels), tuple(figures)))
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

    def unit_of(self, row: int, column: int) -> Unit | None:
        """The unit of a cell: as its column's header says, else as its row's unit column, else the table's."""
        found = self.column_unit(column)
        if self.unit_column is None or (found is not None and found is not self.unit):
            return found
        named = unit_named(self.texts.get((row, self.unit_column), ""))
        return named if named is not None and _own_unit(self.header(column)) else found


def _own_unit(header: str) -> bool:
    return re.search(r"序号|编码|代码|年份|分值|得分", header) is None


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


def continuing(view: TableView, previous: TableView) -> TableView:
    """A table that follows another of the same width without words between: it may be its continuation.

    Without header rows of its own it has those of the other.
    """
    if view.header_rows or view.table.columns != previous.table.columns or view.table.nested_in is not None:
        return view
    return replace(view, inherited=previous.headers)


def holds_figure(text: str) -> bool:
    """Whether a cell holds one figure, a unit or a bound beside it allowed, or a dash that stands for none.

    >>> holds_figure("12.5万元"), holds_figure("—"), holds_figure("3月底前完成")
    (True, True, False)
    >>> holds_figure("90%或以上"), holds_figure("不少于4个")
    (True, True)
    """
    plain = _BOUND_AFTER.sub("", _BOUND_BEFORE.sub("", text.replace(" ", "")))
    match = re.match(r"[-+≥≤]?\d[\d,]*(?:\.\d+)?", plain)
    if match is None:
        return bool(plain) and is_figure(plain)
    rest = plain[match.end() :]
    return not rest or unit_named(rest) is not None


def is_figure(text: str) -> bool:
    """Whether a cell holds nothing but a figure, a dash or nothing."""
    return _FIGURE.fullmatch(text.replace(" ", "")) is not None


def _header_rows(table: Table, texts: Mapping[tuple[int, int], str]) -> int:
    marked = {cell.row for cell in table.cells if cell.header}
    own = _own_cells(table)
    headed: set[int] = set()
    first_body = table.rows
    for row in range(table.rows):
        filled = [text for column in range(table.columns) if (text := texts.get((row, column), ""))]
        if not filled:
            continue
        if _is_body(row, table, texts, own, headed):
            first_body = row
            break
        headed.update(column for column in range(table.columns) if texts.get((row, column), ""))
    if first_body == table.rows:
        return max(len(marked), 1) if table.rows > 1 else 0
    header = min(first_body, _HEADER_LIMIT)
    return max(header, len(marked)) if marked else header


def _own_cells(table: Table) -> dict[int, list[Cell]]:
    """The cells that begin in each row."""
    found: dict[int, list[Cell]] = {}
    for cell in table.cells:
        found.setdefault(cell.row, []).append(cell)
    return found


def _is_body(
    row: int,
    table: Table,
    texts: Mapping[tuple[int, int], str],
    own: Mapping[int, list[Cell]],
    headed: set[int],
) -> bool:
    """Whether a row is the first one below the header.

    A row of figures is, unless the figures are column numbers or years. So is a row with hardly any words
    under columns that have their headers already: a group title, or an item without figures.
    """
    filled = [text for column in range(table.columns) if (text := texts.get((row, column), ""))]
    figures = [text for text in filled if holds_figure(text) and text.strip("-—/")]
    if figures:
        numbering = [text for text in figures if re.fullmatch(r"\d{1,2}", text)]
        if len(numbering) == len(filled) and _counts_up(numbering):
            return False  # a row of column numbers 1 2 3 belongs to the header
        return not all(_YEAR_TEXT.fullmatch(text) for text in figures) or row >= _HEADER_LIMIT
    if any(text.strip("-—/") == "" for text in filled):
        return True
    if row == 0 or len(headed) < table.columns:
        return False
    begun = {cell.column for cell in own.get(row, [])}
    covered = {
        column
        for column in range(table.columns)
        if texts.get((row, column), "") and texts.get((row, column), "") == texts.get((row - 1, column), "")
    }
    if covered - begun or all(_CODE_HEADER.fullmatch(text) for text in filled):
        return False  # headers above reach down into this row, or it names the pieces of a code
    words = [cell for cell in own.get(row, []) if texts.get((row, cell.column), "")]
    return len(words) * 2 <= table.columns and any(cell.column == 0 for cell in words)


def _counts_up(numbers: list[str]) -> bool:
    values = [int(text) for text in numbers]
    return len(values) > 1 and values == list(range(values[0], values[0] + len(values)))


def _label_columns(table: Table, texts: Mapping[tuple[int, int], str], header_rows: int) -> int:
    body = range(header_rows, table.rows)
    for column in range(table.columns):
        filled = [text for row in body if (text := texts.get((row, column), ""))]
        figures = [text for text in filled if is_figure(text) and text.strip("-—/")]
        header = texts.get((max(header_rows - 1, 0), column), "")
        if not filled or _CODE_HEADER.search(header) or re.search(r"科目", header):
            continue
        if len(figures) * 2 > len(filled):
            return max(column, 1) if column else 1
    return max(1, min(table.columns, 1))


def cell_of(table: Table) -> dict[tuple[int, int], Cell]:
    """The cells of a table by (row, column)."""
    return {(cell.row, cell.column): cell for cell in table.cells}
