"""A form tree as an Excel sheet, with a second sheet that says where each number comes from."""

import io
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from zhunsheng.documents.stable_zip import repack
from zhunsheng.reports.appendix import input_text, rule_text
from zhunsheng.reports.grid import lay_out
from zhunsheng.reports.tree import (
    Cell,
    Chart,
    Heading,
    Number,
    PageBreak,
    Paragraph,
    Report,
    Table,
    plain_text,
)

_THIN = Side(style="thin", color="000000")
_BORDER = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_HEAD = PatternFill("solid", fgColor="EEF2F7")
_PLAIN_NUMBER = re.compile(r"^-?\d{1,3}(?:,\d{3})*(?:\.\d+)?$|^-?\d+(?:\.\d+)?$")
_ALIGN = {"left": "left", "centre": "center", "right": "right"}
_TOTAL_WIDTH = {False: 92, True: 150}  # characters across a portrait and a landscape page
_LINE_HEIGHT = 16.5


def write_xlsx(report: Report, sheet_name: str) -> bytes:
    """Write a form.

    Plain numbers become numbers with the printed decimals; everything else stays text, and no text ever
    becomes a formula. Equal forms give equal bytes.

    Args:
        sheet_name: name of the first sheet.
    """
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)  # noqa: S101 - a new workbook has one
    sheet.title = sheet_name
    tables = [block for block in report.blocks if isinstance(block, Table)]
    wide = any(table.wide for table in tables)
    columns = max((len(table.widths) for table in tables), default=8)
    if tables:
        _widths(sheet, max(tables, key=lambda table: len(table.widths)), wide=wide)
    row = _title(sheet, report, columns)
    for block in report.blocks:
        row = _block(sheet, block, row, columns)
    _page(sheet, wide=wide)
    _sources(book.create_sheet("数据来源"), report)
    book.properties.title, book.properties.creator = "".join(report.title), report.body
    book.properties.created = book.properties.modified = datetime(2000, 1, 1, tzinfo=UTC).replace(tzinfo=None)
    stream = io.BytesIO()
    book.save(stream)
    return repack(stream.getvalue())


def _widths(sheet: Worksheet, table: Table, *, wide: bool) -> None:
    total = sum(table.widths)
    for index, width in enumerate(table.widths, 1):
        sheet.column_dimensions[get_column_letter(index)].width = max(5.0, _TOTAL_WIDTH[wide] * width / total)


def _title(sheet: Worksheet, report: Report, columns: int) -> int:
    for row, line in enumerate(report.title, 1):
        _text(sheet.cell(row, 1), line)
        sheet.merge_cells(start_row=row, start_column=1, end_row=row, end_column=columns)
        sheet.cell(row, 1).font = Font(name="方正小标宋简体", size=18)
        sheet.cell(row, 1).alignment = Alignment(horizontal="center", vertical="center")
        sheet.row_dimensions[row].height = 32
    return len(report.title) + 1


def _block(sheet: Worksheet, block: object, row: int, columns: int) -> int:
    if isinstance(block, Table):
        return _table(sheet, block, row, columns)
    if isinstance(block, Heading | Paragraph):
        text = f"{block.number}{block.text}" if isinstance(block, Heading) else plain_text(block.runs)
        _text(sheet.cell(row, 1), text)
        sheet.merge_cells(start_row=row, start_column=1, end_row=row, end_column=columns)
        side = "right" if isinstance(block, Paragraph) and block.style == "unit" else "left"
        sheet.cell(row, 1).alignment = Alignment(horizontal=side, vertical="center", wrap_text=True)
        sheet.cell(row, 1).font = Font(name="仿宋_GB2312", size=11)
        across = sum(sheet.column_dimensions[get_column_letter(each)].width for each in range(1, columns + 1))
        sheet.row_dimensions[row].height = _LINE_HEIGHT * max(1, _lines(text, across))
        return row + 1
    if isinstance(block, Chart | PageBreak):
        return row
    raise TypeError(f"not a block: {block!r}")


def _table(sheet: Worksheet, table: Table, row: int, columns: int) -> int:
    for text, side, size in ((table.caption, "center", 12), (table.unit, "right", 11)):
        if text:
            _text(sheet.cell(row, 1), text)
            sheet.merge_cells(start_row=row, start_column=1, end_row=row, end_column=columns)
            sheet.cell(row, 1).alignment = Alignment(horizontal=side)
            sheet.cell(row, 1).font = Font(name="黑体" if side == "center" else "仿宋_GB2312", size=size)
            row += 1
    first = row
    for placed_row in lay_out(table):
        height = 1
        for placed in placed_row:
            cell, column = placed.cell, placed.column + 1
            for offset in range(cell.columns):
                sheet.cell(row, column + offset).border = _BORDER
            if not placed.begins:
                continue
            _fill(sheet.cell(row, column), cell)
            if cell.rows > 1 or cell.columns > 1:
                sheet.merge_cells(
                    start_row=row,
                    start_column=column,
                    end_row=row + cell.rows - 1,
                    end_column=column + cell.columns - 1,
                )
            width = sum(
                sheet.column_dimensions[get_column_letter(column + offset)].width
                for offset in range(cell.columns)
            )
            if cell.rows == 1:
                height = max(height, _lines(plain_text(cell.runs), width))
        sheet.row_dimensions[row].height = min(400.0, _LINE_HEIGHT * height + 4)
        row += 1
    if table.head:
        sheet.freeze_panes = f"A{first + len(table.head)}"
        sheet.print_title_rows = f"{first}:{first + len(table.head) - 1}"
    return row + 1


def _lines(text: str, width: float) -> int:
    room = max(2.0, width - 1.5)
    return sum(max(1, -(-_cells(line) // int(room))) for line in text.split("\n"))


def _cells(text: str) -> int:
    return sum(2 if ord(char) > 0x2E80 else 1 for char in text)


def _fill(target: Any, cell: Cell) -> None:  # noqa: ANN401 - merged cells have no values
    text = plain_text(cell.runs)
    single = len(cell.runs) == 1 and isinstance(cell.runs[0], Number)
    if single and _PLAIN_NUMBER.match(text):
        number = Decimal(text.replace(",", ""))
        target.value = number
        places = len(text.partition(".")[2])
        pattern = "#,##0" if "," in text else "0"
        target.number_format = f"{pattern}.{'0' * places}" if places else pattern
    else:
        _text(target, text)
    target.font = Font(name="黑体" if cell.head else "仿宋_GB2312", size=10.5)
    target.alignment = Alignment(horizontal=_ALIGN[cell.align], vertical="center", wrap_text=True)
    if cell.head:
        target.fill = _HEAD


def _text(target: Any, text: str) -> None:  # noqa: ANN401
    target.value = text
    if text:
        target.data_type = "s"  # a text that begins with = is a text


def _page(sheet: Worksheet, *, wide: bool) -> None:
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.orientation = "landscape" if wide else "portrait"
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_options.horizontalCentered = True
    footer = sheet.oddFooter
    if footer is not None and footer.center is not None:
        footer.center.text = "— &P —"
    sheet.page_margins.left = sheet.page_margins.right = 0.6


def _sources(sheet: Worksheet, report: Report) -> None:
    header = ("编号", "数据", "数值", "规则和出处", "取数", "计算过程")
    widths = (26, 30, 16, 34, 40, 46)
    rows: Iterable[tuple[str, ...]] = (
        (each.code, each.label, each.text, rule_text(each), input_text(each), "\n".join(each.steps) or "—")
        for each in report.figures
    )
    for index, (label, width) in enumerate(zip(header, widths, strict=True), 1):
        _text(sheet.cell(1, index), label)
        sheet.cell(1, index).font = Font(name="黑体", size=11)
        sheet.cell(1, index).fill = _HEAD
        sheet.column_dimensions[get_column_letter(index)].width = width
    last = 1
    for last, row in enumerate(rows, 2):
        for index, text in enumerate(row, 1):
            _text(sheet.cell(last, index), text)
            sheet.cell(last, index).alignment = Alignment(vertical="top", wrap_text=True)
    for offset, (label, value) in enumerate(report.provenance, last + 2):
        _text(sheet.cell(offset, 1), label)
        _text(sheet.cell(offset, 2), value)
    sheet.freeze_panes = "A2"
    _page(sheet, wide=True)
