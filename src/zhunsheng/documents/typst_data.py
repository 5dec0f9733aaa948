"""A report tree as plain data for the Typst template: page orientation, type size, links by number."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from itertools import pairwise

from zhunsheng.reports.appendix import input_text, rule_text
from zhunsheng.reports.grid import lay_out
from zhunsheng.reports.tree import (
    Block,
    Cell,
    Chart,
    Figure,
    Heading,
    Number,
    PageBreak,
    Paragraph,
    Report,
    Run,
    Runs,
    Table,
    plain_text,
)

Data = dict[str, object]

# Width and height of the type area upright; turned on its side they change places. In points.
_AREA = (442.2, 637.8)
_SIZES, _SMALL_SIZES = (12.0, 10.5, 9.0, 8.0), (9.0, 8.0, 7.5)
_INSET = 7.0  # left and right of a cell together, in points
_LINE = 1.42  # from line to line in a table, in type sizes
# A row may break over the page only when it is taller than this part of it.
_TALLEST_WHOLE_ROW = 0.4
# From here on a word without spaces may be parted anywhere (the template does it).
_PARTED_FROM = 20
_LATIN_WORD = re.compile(r"[!-~]+")


def report_data(report: Report, charts: Mapping[str, str]) -> Data:
    """The report as data: strings, numbers, lists and dictionaries only.

    Args:
        charts: SVG of each chart by its code.

    Raises:
        TableShapeError: the cells of a table do not fill its columns.
    """
    anchors: dict[str, int] = {}
    for index, figure in enumerate(report.figures):
        anchors.setdefault(figure.code, index)
    maker = _Maker(charts, anchors)
    calculated = [index for index, each in enumerate(report.figures) if each.inputs or each.steps]
    return {
        "title": list(report.title),
        "body": report.body,
        "date": report.date,
        "draft": report.draft,
        "groups": _signed(maker.groups(report.blocks)) if report.date else maker.groups(report.blocks),
        "calculated": [_figure(report.figures[index], index) for index in calculated],
        "carried": [
            _figure(each, index) for index, each in enumerate(report.figures) if index not in set(calculated)
        ],
        "provenance": [list(pair) for pair in report.provenance],
    }


def _signed(groups: list[Data]) -> list[Data]:
    """Mark the last block: what a signature follows stays on its page."""
    if groups:
        blocks = groups[-1]["blocks"]
        assert isinstance(blocks, list)  # noqa: S101 - made so
        blocks[-1]["last"] = True
    return groups


def orientations(blocks: Sequence[Block]) -> list[bool]:
    """For each block whether it goes on a landscape page.

    Wide tables do. What belongs to a table goes with it. A form of wide tables alone, without headings,
    is wide throughout.
    """
    tables = [block for block in blocks if isinstance(block, Table)]
    flat = not any(isinstance(block, Heading | Chart) for block in blocks)
    if flat and tables and all(table.wide for table in tables):
        return [True] * len(blocks)
    found: list[bool] = []
    now = False
    for block, following in pairwise((*blocks, PageBreak())):
        if isinstance(block, Table):
            now = block.wide
        elif isinstance(block, Heading | Chart) or (isinstance(block, Paragraph) and block.style == "body"):
            now = False
        elif isinstance(block, Paragraph) and block.style in {"caption", "unit"}:
            now = following.wide if isinstance(following, Table) else now
        found.append(now)
    return found


def printable(data: object, missing: frozenset[str]) -> object:
    """The data with 〓 for each missing character, as printers do, and without invisible ones.

    Dictionary keys stay as they are.
    """
    if isinstance(data, str):
        return "".join(_shown(char, missing) for char in data.replace("\r\n", "\n").replace("\r", "\n"))
    if isinstance(data, list):
        return [printable(each, missing) for each in data]
    if isinstance(data, dict):
        return {key: printable(value, missing) for key, value in data.items()}
    return data


def invisible(char: str) -> bool:
    """Whether a character has no shape: joiners, direction marks, variation selectors."""
    return unicodedata.category(char) == "Cf" or "\ufe00" <= char <= "\ufe0f"


def _shown(char: str, missing: frozenset[str]) -> str:
    if char in missing:
        return "〓"
    if char.isspace() and char not in "\n\u3000":
        return " "
    return "" if invisible(char) else char


class _Maker:
    def __init__(self, charts: Mapping[str, str], anchors: Mapping[str, int]) -> None:
        self.charts, self.anchors = charts, anchors
        self.level = 0

    def groups(self, blocks: Sequence[Block]) -> list[Data]:
        """Consecutive blocks of one page orientation."""
        groups: list[tuple[bool, list[object]]] = []
        for block, wide in zip(blocks, orientations(blocks), strict=True):
            if not groups or groups[-1][0] != wide:
                groups.append((wide, []))
            groups[-1][1].append(self.block(block, wide=wide))
        return [{"wide": wide, "blocks": members} for wide, members in groups]

    def block(self, block: Block, *, wide: bool) -> Data:
        """One block."""
        match block:
            case Heading():
                return self.heading(block)
            case Paragraph():
                return {"kind": "paragraph", "style": block.style, "runs": self.runs(block.runs)}
            case Table():
                return self.table(block, wide=wide)
            case Chart():
                svg = self.charts.get(block.code, "")
                described = {"caption": block.caption, "description": block.description}
                return {"kind": "chart", "svg": svg, **described}
            case PageBreak():
                return {"kind": "pagebreak"}

    def heading(self, block: Heading) -> Data:
        # readers of the tagged file need levels without gaps; the look goes by the level of the tree
        self.level = min(max(block.level, 1), self.level + 1)
        words = f"{block.number}{block.text}"
        return {"kind": "heading", "level": block.level, "depth": self.level, "text": words}

    def table(self, table: Table, *, wide: bool) -> Data:
        width, height = reversed(_AREA) if wide else _AREA
        size = type_size(table, width)
        return {
            "kind": "table",
            "caption": table.caption,
            "unit": table.unit,
            "size": size,
            "widths": list(table.widths),
            "head": [[self.cell(each, splits=False) for each in row] for row in table.head],
            "body": [
                [self.cell(each, splits=splits) for each in row]
                for row, splits in zip(table.body, _splitting(table, width, height, size), strict=True)
            ],
            "notes": [self.runs(note) for note in table.notes],
        }

    def cell(self, cell: Cell, *, splits: bool) -> Data:
        return {
            "runs": self.runs(cell.runs),
            "rows": cell.rows,
            "columns": cell.columns,
            "align": cell.align,
            "head": cell.head,
            "splits": splits or cell.rows > 1,
        }

    def runs(self, runs: Runs) -> list[Data]:
        return [self.run(run) for run in runs if run.text]

    def run(self, run: Run) -> Data:
        if isinstance(run, Number):
            return {
                "text": run.text,
                "figure": self.anchors.get(run.figure, -1),
                "strong": run.strong,
                "note": False,
            }
        return {"text": run.text, "figure": -1, "strong": run.strong, "note": run.note}


def _figure(figure: Figure, anchor: int) -> Data:
    return {
        "anchor": anchor,
        "code": figure.code,
        "label": figure.label,
        "text": figure.text,
        "rule": rule_text(figure),
        "inputs": input_text(figure),
        "steps": "\n".join(figure.steps) or "—",
    }


def type_size(table: Table, width: float) -> float:
    """The largest type size, in points, at which no number or Latin word is wider than its column.

    Args:
        width: width of the table in points.
    """
    sizes = _SMALL_SIZES if table.small else _SIZES
    unit = width / sum(table.widths)
    needed = [
        (max(_word_widths(plain_text(placed.cell.runs)), default=0.0), _column_width(table, placed.column, placed.cell) * unit)
        for row in lay_out(table)
        for placed in row
        if placed.begins
    ]  # fmt: skip
    fitting = (size for size in sizes if all(word * size <= room - _INSET for word, room in needed))
    return next(fitting, sizes[-1])


def _splitting(table: Table, width: float, height: float, size: float) -> list[bool]:
    """For each body row whether it may break over pages, because it is too tall to be kept whole."""
    unit = width / sum(table.widths)
    answer = []
    for row in lay_out(table)[len(table.head) :]:
        tallest = 0.0
        for placed in row:
            if placed.begins and placed.cell.rows == 1:
                room = max(_column_width(table, placed.column, placed.cell) * unit - _INSET, size)
                lines = sum(
                    1 + _width(line) * size // room for line in plain_text(placed.cell.runs).split("\n")
                )
                tallest = max(tallest, lines * size * _LINE)
        answer.append(tallest > height * _TALLEST_WHOLE_ROW)
    return answer


def _column_width(table: Table, column: int, cell: Cell) -> int:
    return sum(table.widths[column : column + cell.columns])


def _word_widths(text: str) -> list[float]:
    return [_width(word) for word in _LATIN_WORD.findall(text) if len(word) < _PARTED_FROM]


def _width(text: str) -> float:
    """Approximate width in type sizes, a little generous."""
    return sum(_char_width(char) for char in text)


def _char_width(char: str) -> float:
    if not char.isascii():
        return 1.0
    if char.isdigit() or char.islower():
        return 0.51
    return 0.26 if char in ",.;:'|! " else 0.85 if char in "%@MW" else 0.7
