"""The rows of one side of a table: codes, numbering, totals, and which row stands under which."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from zhunsheng.audit.marks import Mark, MarkStyle, mark_of
from zhunsheng.audit.quantities.numeral import Numeral, Role
from zhunsheng.audit.quantities.units import Dimension
from zhunsheng.audit.reading import Reading, once
from zhunsheng.audit.relations.additions import Part
from zhunsheng.audit.tables import Side, TableView

_TOTAL = re.compile(
    r"(?:合计|总计|小计|共计)(?:（[^（）]*）)?[：:]?$|^(?:合|总|小|共)计|^(?:收入|支出)?总[额数]$"
)
_GRAND = re.compile(r"总计|^收支总|^总[额数]$")
_SMALL = re.compile(r"小计")
_OF_WHICH = re.compile(r"^其中[：:，]?|^#|^(?:其)?中[：:]")
_CODE = re.compile(r"\d{3}(?:\d{2}){0,3}")
_LEADING_CODE = re.compile(r"[〔（]?(\d{3}(?:\d{2}){0,2})[〕）]?(?=[^\d.,%])")
_BLANK = re.compile(r"[-—/\s]*")
_NOT_ADDED = re.compile(
    r"率|占比|比重|比例|%|％|人均|户均|平均|单价|均价|增长|增减|增幅|降幅|同比|系数|排名|名次|年份|日期|时间|年限|标准|编号|指数|"
    r"比上年|比预算|进度|得分|分值|满分|权重|备注|目标值|指标值|完成值"
)
_NOT_ADDED_ROLES = frozenset(
    {
        Role.RATE,
        Role.SHARE,
        Role.GROWTH,
        Role.POINTS,
        Role.SCORE,
        Role.FULL_SCORE,
        Role.TARGET,
        Role.MULTIPLE,
        Role.RANK,
        Role.FACTOR,
    }
)
_NOT_ADDED_DIMENSIONS = frozenset(
    {Dimension.PERCENT, Dimension.PERCENTAGE_POINT, Dimension.RATIO, Dimension.MULTIPLE, Dimension.SCORE}
)


@dataclass(frozen=True, slots=True)
class Line:
    """A row of one side.

    Attributes:
        label: its words.
        groups: words of the outer label columns, for tables whose rows are grouped by merged cells.
        code: its functional or economic code, all pieces joined, or "".
        mark: its numbering.
        indent: leading spaces of the label in the original.
    """

    row: int
    label: str
    groups: tuple[str, ...]
    code: str
    mark: Mark | None
    indent: int

    @property
    def is_total(self) -> bool:
        """合计, 总计, 小计, 本年收入合计 and the like."""
        return _TOTAL.search(self.label) is not None

    @property
    def is_grand(self) -> bool:
        """总计: a total that may include carried-over amounts."""
        return _GRAND.search(self.label) is not None

    @property
    def is_small(self) -> bool:
        """小计: a total of a group."""
        return _SMALL.search(self.label) is not None

    @property
    def is_of_which(self) -> bool:
        """A row that names only some parts of the row before it."""
        return _OF_WHICH.match(self.label) is not None


@dataclass(frozen=True)
class Grid:
    """One side of a table, ready for adding up.

    Attributes:
        lines: its rows below the header, empty ones left out.
        columns: its columns of amounts; columns of rates, scores and prices are left out.
    """

    reading: Reading
    view: TableView
    side: Side
    lines: tuple[Line, ...]
    columns: tuple[int, ...]

    def numeral(self, row: int, column: int) -> Numeral | None:
        """The amount of a cell, or None."""
        return self.reading.numeral_in_cell(self.view.table.index, row, column)

    def is_blank(self, row: int, column: int) -> bool:
        """Whether a cell is empty or holds a dash: nothing to add."""
        return _BLANK.fullmatch(self.view.texts.get((row, column), "")) is not None

    def parts(self, lines: Sequence[Line], column: int) -> tuple[Part, ...] | None:
        """The amounts of some rows in a column; None when a cell holds something else than an amount."""
        found: list[Part] = []
        for line in lines:
            numeral = self.numeral(line.row, column)
            if numeral is not None:
                found.append(Part(numeral, line.label))
            elif not self.is_blank(line.row, column):
                return None
        return tuple(found)

    @cached_property
    def totals(self) -> tuple[int, ...]:
        """Positions of the total rows in `lines`."""
        return tuple(index for index, line in enumerate(self.lines) if line.is_total)


@once
def grids(reading: Reading) -> list[Grid]:
    """Every side of every table that has figures below its header."""
    found: list[Grid] = []
    for view in reading.tables:
        for side in view.sides:
            columns = tuple(column for column in side.figures if _is_added(reading, view, column))
            lines = _lines(reading, view, side)
            if columns and lines:
                found.append(Grid(reading, view, side, lines, columns))
    return found


def _is_added(reading: Reading, view: TableView, column: int) -> bool:
    """Whether the figures of a column can be added up."""
    if _NOT_ADDED.search(view.header(column)):
        return False
    numerals = [
        numeral
        for row in range(view.header_rows, view.table.rows)
        if (numeral := reading.numeral_in_cell(view.table.index, row, column)) is not None
    ]
    odd = [
        numeral
        for numeral in numerals
        if numeral.role in _NOT_ADDED_ROLES or numeral.dimension in _NOT_ADDED_DIMENSIONS
    ]
    return bool(numerals) and len(odd) * 3 <= len(numerals)


def _lines(reading: Reading, view: TableView, side: Side) -> tuple[Line, ...]:
    cells = {(cell.row, cell.column): cell for cell in view.table.cells}
    header = {view.texts.get((view.header_rows - 1, column), "") for column in side.labels} - {""}
    found: list[Line] = []
    for row in range(view.header_rows, view.table.rows):
        words = [view.texts.get((row, column), "") for column in side.labels]
        labels = list(dict.fromkeys(word for word in words if word))
        pieces = [view.texts.get((row, column), "") for column in side.codes]
        if not labels:
            labels = [piece for piece in pieces if _TOTAL.search(piece)][:1]
        if not labels and all(view.texts.get((row, column), "") == "" for column in side.figures):
            continue
        label = labels[-1] if labels else ""
        if label in header and not any(view.texts.get((row, each), "").strip("-") for each in side.figures):
            continue  # a header row repeated on the next page
        innermost = next(
            (column for column in reversed(side.labels) if view.texts.get((row, column), "") == label), None
        )
        cell = cells.get((row, innermost)) if innermost is not None else None
        raw = reading.document.quote(cell.span) if cell is not None else ""
        code = _code(pieces, label)
        found.append(
            Line(
                row,
                label,
                tuple(labels[:-1]),
                code,
                None if code else _level_mark(label),
                len(raw) - len(raw.lstrip(" \u3000\t\xa0")),
            )
        )
    return tuple(found)


def _level_mark(label: str) -> Mark | None:
    mark = mark_of(label)
    return None if mark is None or mark.style is MarkStyle.SPOKEN else mark


def _code(pieces: Sequence[str], label: str) -> str:
    """The code of a row, from one cell (2010601) or from its pieces (201, 06, 01)."""
    digits = [piece for piece in pieces if piece.isdigit()]
    if digits and len(digits[0]) >= 3:
        joined = digits[0]
        if len(joined) == 3 and all(len(piece) <= 2 for piece in digits[1:]):
            joined += "".join(piece.zfill(2) for piece in digits[1:])
        if _CODE.fullmatch(joined):
            return joined
    match = _LEADING_CODE.match(label)
    return match[1] if match else ""


def children_by_code(lines: Sequence[Line]) -> list[tuple[Line, tuple[Line, ...]]]:
    """For each coded row the rows one level below it; a code that comes again opens a new block."""
    found: list[tuple[Line, tuple[Line, ...]]] = []
    for block in code_blocks(lines):
        by_code = {line.code: line for line in block}
        below: dict[str, list[Line]] = {}
        for line in block:
            parent = _parent(line.code, by_code)
            if parent:
                below.setdefault(parent, []).append(line)
        found.extend((by_code[code], tuple(children)) for code, children in below.items())
    return found


def code_blocks(lines: Sequence[Line]) -> list[list[Line]]:
    """The coded rows, split where a code comes again."""
    blocks: list[list[Line]] = [[]]
    seen: set[str] = set()
    for line in lines:
        if not line.code:
            continue
        if line.code in seen:
            blocks.append([])
            seen = set()
        seen.add(line.code)
        blocks[-1].append(line)
    return [block for block in blocks if block]


def _parent(code: str, by_code: dict[str, Line]) -> str:
    return next((code[:length] for length in range(len(code) - 1, 2, -1) if code[:length] in by_code), "")


def tops_by_code(lines: Sequence[Line]) -> list[Line]:
    """The coded rows that stand under no other coded row."""
    found: list[Line] = []
    for block in code_blocks(lines):
        by_code = {line.code: line for line in block}
        found.extend(line for line in block if not _parent(line.code, by_code))
    return found


def tops_by_mark(lines: Sequence[Line]) -> list[Line]:
    """The rows of the outermost numbering among these rows."""
    ranks = [line.mark.rank for line in lines if line.mark is not None]
    if not ranks:
        return []
    return [line for line in lines if line.mark is not None and line.mark.rank == min(ranks)]


def children_by_mark(lines: Sequence[Line]) -> list[tuple[Line, tuple[Line, ...]]]:
    """For each row the numbered rows that follow directly and are numbered further in, from 1 on.

    A row without a number (年初结转和结余) may have numbered rows below it as well.
    """
    found: list[tuple[Line, tuple[Line, ...]]] = []
    for index, line in enumerate(lines[:-1]):
        first = lines[index + 1].mark
        if first is None or first.number != 1 or line.is_total or line.is_of_which:
            continue
        if line.mark is not None and line.mark.rank >= first.rank:
            continue
        children: list[Line] = []
        for other in lines[index + 1 :]:
            if other.mark is None:
                if other.is_total or line.mark is None:
                    break
                continue
            if other.mark.rank < first.rank:
                break
            if other.mark.rank == first.rank:
                if other.mark.number != len(children) + 1:
                    break
                children.append(other)
        found.append((line, tuple(children)))
    return found


def children_by_indent(lines: Sequence[Line]) -> list[tuple[Line, tuple[Line, ...]]]:
    """For each row the rows below it that are indented further, one step at a time."""
    found: list[tuple[Line, tuple[Line, ...]]] = []
    for index, line in enumerate(lines[:-1]):
        step = lines[index + 1].indent
        if step <= line.indent:
            continue
        children: list[Line] = []
        for other in lines[index + 1 :]:
            if other.indent <= line.indent:
                break
            if other.indent == step:
                children.append(other)
        found.append((line, tuple(children)))
    return found
