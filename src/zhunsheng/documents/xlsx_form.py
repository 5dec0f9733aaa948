"""A form tree as an Excel sheet, with a second sheet that says where each number comes from."""

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import pairwise
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from zhunsheng.documents.fonts import BODY, HEI, TITLE
from zhunsheng.documents.printable import printable
from zhunsheng.documents.stable_zip import repack
from zhunsheng.reports.appendix import input_text, rule_text
from zhunsheng.reports.grid import Placed, lay_out
from zhunsheng.reports.tree import (
    Cell,
    Heading,
    Number,
    Paragraph,
    Report,
    Table,
    plain_text,
)

_EPOCH = datetime(2000, 1, 1)  # noqa: DTZ001 - the format stores no zone
_THIN = Side(style="thin", color="000000")
_BORDER = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_HEAD = PatternFill("solid", fgColor="EEF2F7")
_PLAIN_NUMBER = re.compile(r"-?(?:[1-9]\d{0,2}(?:,\d{3})+|0|[1-9]\d*)(?:\.\d+)?")
_EXACT_DIGITS = 15  # Excel keeps no more
_FORMULA_STARTS = ("=", "+", "-", "@")
_ALIGN = {"left": "left", "centre": "center", "right": "right"}
_SIDE = {"unit": "right", "right": "right", "centre": "center", "caption": "center"}
_TOTAL_WIDTH = {False: 92.0, True: 150.0}  # characters across a portrait and a landscape page
_LINE_HEIGHT = 14.5  # points
_TALLEST_ROW = 409.0  # the format allows no more
_FINENESS = 200  # column borders of different tables closer than this part of the width count as one
_FROZEN_ROWS = 8  # a header further down would leave no room to move
_TALL_CELL = 8  # the text of a cell merged over more rows stands at its top, not on a later page
_DRAFT = "草稿"


def write_xlsx(report: Report, sheet_name: str) -> bytes:
    """Write a form. Headings, paragraphs and tables are written; charts and page breaks are passed over.

    Plain numbers become numbers with the printed decimals; everything else stays text, and no text ever
    becomes a formula. Equal forms give equal bytes.

    Args:
        sheet_name: name of the first sheet, at most 31 characters.

    Raises:
        TableShapeError: a table whose rows do not fill its columns.
        ValueError: a sheet name Excel does not allow.
    """
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)  # noqa: S101 - a new workbook has one
    sheet.title = sheet_name
    _SheetWriter(sheet, report).write()
    _sources(book.create_sheet("数据来源"), report)
    book.properties.title, book.properties.creator = printable("".join(report.title)), printable(report.body)
    book.properties.created = book.properties.modified = _EPOCH
    stream = io.BytesIO()
    book.save(stream)
    return repack(stream.getvalue())


@dataclass(frozen=True, slots=True)
class _Columns:
    """Sheet columns that all tables of a form share.

    Attributes:
        borders: their borders, in parts of the whole width, 0 to `_FINENESS`.
        widths: their widths in characters.
    """

    borders: tuple[int, ...]
    widths: tuple[float, ...]

    def places(self, table: Table) -> list[int]:
        """For each border of the table's columns the sheet column, from 1, that begins there."""
        return [self.borders.index(border) + 1 for border in _borders(table)]

    def across(self, first: int, last: int) -> float:
        """Width of sheet columns, from 1, `last` not included."""
        return sum(self.widths[first - 1 : last - 1])


def _borders(table: Table) -> list[int]:
    total, borders = sum(table.widths), [0]
    for width in table.widths:
        # a column never vanishes, however narrow
        borders.append(max(borders[-1] + 1, round(borders[-1] + _FINENESS * width / total)))
    return borders


def _columns(tables: Sequence[Table], *, wide: bool) -> _Columns:
    borders = sorted({border for table in tables for border in _borders(table)}) or [0, _FINENESS]
    characters = _TOTAL_WIDTH[wide] / borders[-1]
    least = 5.0 if len({table.widths for table in tables}) == 1 else 1.0
    widths = [max(least, characters * (end - start)) for start, end in pairwise(borders)]
    return _Columns(tuple(borders), tuple(widths))


class _SheetWriter:
    """Writes the blocks of a form one below the other."""

    def __init__(self, sheet: Worksheet, report: Report) -> None:
        tables = [block for block in report.blocks if isinstance(block, Table)]
        self.sheet, self.report = sheet, report
        # rows repeated on every page must not be those of another table
        self.headed = sum(bool(table.head) for table in tables)
        self.wide = any(table.wide for table in tables)
        self.columns = _columns(tables, wide=self.wide)
        self.row = 1

    def write(self) -> None:
        """Write title, blocks and page set-up."""
        for index, width in enumerate(self.columns.widths, 1):
            self.sheet.column_dimensions[get_column_letter(index)].width = width
        for line in self.report.title:
            self._line(line, "center", Font(name=TITLE.official, size=18), height=32)
        if self.report.draft:
            self._line(f"（{_DRAFT}）", "center", Font(name=HEI.official, size=14))
        for block in self.report.blocks:
            if isinstance(block, Table):
                self._table(block)
            elif isinstance(block, Heading):
                self._line(f"{block.number}{block.text}", "left", Font(name=HEI.official, size=12))
            elif isinstance(block, Paragraph):
                side = _SIDE.get(block.style, "left")
                self._line(plain_text(block.runs), side, Font(name=BODY.official, size=11))
        _page(self.sheet, wide=self.wide, draft=self.report.draft)

    def _line(self, text: str, side: str, font: Font, height: float = 0) -> None:
        target, last = self.sheet.cell(self.row, 1), len(self.columns.widths)
        _text(target, text)
        self.sheet.merge_cells(start_row=self.row, start_column=1, end_row=self.row, end_column=last)
        target.alignment = Alignment(horizontal=side, vertical="center", wrap_text=True)
        target.font = font
        lines = _lines(text, self.columns.across(1, last + 1))
        self.sheet.row_dimensions[self.row].height = height or min(_TALLEST_ROW, _LINE_HEIGHT * lines + 2)
        self.row += 1

    def _table(self, table: Table) -> None:
        if table.caption:
            self._line(table.caption, "center", Font(name=HEI.official, size=12))
        if table.unit:
            self._line(table.unit, "right", Font(name=BODY.official, size=11))
        first, places, rows = self.row, self.columns.places(table), lay_out(table)
        for row in rows:
            self._row(row, places)
        self._heights(rows, first, places)
        if table.head and self.headed == 1:
            if first <= _FROZEN_ROWS:
                self.sheet.freeze_panes = f"A{first + len(table.head)}"
            self.sheet.print_title_rows = f"{first}:{first + len(table.head) - 1}"
        for note in table.notes:
            self._line(plain_text(note), "left", Font(name=BODY.official, size=10))
        self.row += 1

    def _row(self, row: Sequence[Placed], places: Sequence[int]) -> None:
        for placed in row:
            first, last = places[placed.column], places[placed.column + placed.cell.columns] - 1
            for column in range(first, last + 1):
                self.sheet.cell(self.row, column).border = _BORDER
            if not placed.begins:
                continue
            _fill(self.sheet.cell(self.row, first), placed.cell)
            if placed.cell.rows > 1 or last > first:
                self.sheet.merge_cells(
                    start_row=self.row,
                    start_column=first,
                    end_row=self.row + placed.cell.rows - 1,
                    end_column=last,
                )
        self.row += 1

    def _heights(self, rows: Sequence[Sequence[Placed]], first: int, places: Sequence[int]) -> None:
        heights = [_LINE_HEIGHT + 4] * len(rows)
        begun = [(index, placed) for index, row in enumerate(rows) for placed in row if placed.begins]
        # tall cells last: the last of their rows gets what the rows before lack
        for index, placed in sorted(begun, key=lambda each: each[1].cell.rows):
            width = self.columns.across(places[placed.column], places[placed.column + placed.cell.columns])
            needed = _LINE_HEIGHT * _lines(plain_text(placed.cell.runs), width) + 4
            end = index + placed.cell.rows
            heights[end - 1] += max(0.0, needed - sum(heights[index:end]))
        for index, height in enumerate(heights):
            self.sheet.row_dimensions[first + index].height = min(_TALLEST_ROW, height)


def _lines(text: str, width: float) -> int:
    room = max(2, int(width - 1.5))
    return sum(max(1, -(-_half_widths(line) // room)) for line in text.split("\n"))


def _half_widths(text: str) -> int:
    return sum(2 if ord(char) > 0x2E80 else 1 for char in text)


def _fill(target: Any, cell: Cell) -> None:  # noqa: ANN401 - merged cells have no values
    text = plain_text(cell.runs)
    if len(cell.runs) == 1 and isinstance(cell.runs[0], Number) and _is_number(text):
        target.value = Decimal(text.replace(",", ""))
        places = len(text.partition(".")[2])
        pattern = "#,##0" if "," in text else "0"
        target.number_format = f"{pattern}.{'0' * places}" if places else pattern
    else:
        _text(target, text)
    strong = any(run.strong for run in cell.runs)
    target.font = Font(name=HEI.official if cell.head else BODY.official, size=10.5, bold=strong)
    place = "top" if cell.rows > _TALL_CELL else "center"
    target.alignment = Alignment(horizontal=_ALIGN[cell.align], vertical=place, wrap_text=True)
    if cell.head:
        target.fill = _HEAD


def _is_number(text: str) -> bool:
    return _PLAIN_NUMBER.fullmatch(text) is not None and sum(map(str.isdigit, text)) <= _EXACT_DIGITS


def _text(target: Any, text: str) -> None:  # noqa: ANN401
    if not text:
        return
    target.value = printable(text)
    target.data_type = "s"  # a text that begins with = is a text
    if text.startswith(_FORMULA_STARTS):
        target.quotePrefix = True  # and stays one when it is edited


def _page(sheet: Worksheet, *, wide: bool, draft: bool) -> None:
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.orientation = "landscape" if wide else "portrait"
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_options.horizontalCentered = True
    for part, text in ((sheet.oddFooter, "— &P —"), (sheet.oddHeader, _DRAFT if draft else "")):
        if part is not None and part.center is not None and text:
            part.center.text = text
    sheet.page_margins.left = sheet.page_margins.right = 0.6


def _sources(sheet: Worksheet, report: Report) -> None:
    header = ("编号", "数据", "数值", "规则和出处", "取数", "计算过程")
    widths = (22, 24, 14, 30, 32, 38)
    for index, (label, width) in enumerate(zip(header, widths, strict=True), 1):
        _text(sheet.cell(1, index), label)
        sheet.cell(1, index).font = Font(name=HEI.official, size=11)
        sheet.cell(1, index).fill = _HEAD
        sheet.column_dimensions[get_column_letter(index)].width = width
    for row, each in enumerate(report.figures, 2):
        steps = "\n".join(each.steps) or "—"
        texts = (each.code, each.label, each.text, rule_text(each), input_text(each), steps)
        for index, text in enumerate(texts, 1):
            target = sheet.cell(row, index)
            _text(target, text)
            target.font = Font(name=BODY.official, size=10)
            target.border = _BORDER
            target.alignment = Alignment(vertical="top", wrap_text=True)
        lines = max(_lines(text, width) for text, width in zip(texts, widths, strict=True))
        sheet.row_dimensions[row].height = min(_TALLEST_ROW, _LINE_HEIGHT * lines)
    for row, (label, value) in enumerate(report.provenance, len(report.figures) + 3):
        _text(sheet.cell(row, 1), label)
        _text(sheet.cell(row, 2), value)
    sheet.freeze_panes = "A2"
    sheet.print_title_rows = "1:1"
    _page(sheet, wide=True, draft=report.draft)
