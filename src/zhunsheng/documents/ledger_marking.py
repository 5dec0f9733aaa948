"""A copy of what was imported with the faulty cells coloured and the reasons as notes."""

import io
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from zhunsheng.documents.printable import printable
from zhunsheng.documents.stable_zip import repack

LARGEST_COPIED: Final = 4_000_000
"""Workbooks up to so many bytes are copied whole; of larger ones only the faulty rows."""
MOST_ROWS: Final = 20_000

_FILLS: Final = {"E": "F8CBAD", "Q": "FFE699", "W": "FFF2CC"}
_RANK: Final = {"E": 0, "Q": 1, "W": 2}
_LONGEST_NOTE: Final = 1_000
_HEADING: Final = PatternFill("solid", fgColor="DDEBF7")
_WIDEST: Final = 40


@dataclass(frozen=True, slots=True)
class Mark:
    """A fault to be shown.

    Attributes:
        sheet: of the file, "" where there are none.
        row: line or row number in the file.
        column: position of the column, from 0; None for the row as a whole.
        level: E, Q or W.
        text: what is wrong and what to do.
    """

    sheet: str
    row: int
    column: int | None
    level: str
    text: str


def mark_workbook(data: bytes, marks: Sequence[Mark]) -> bytes:
    """The workbook with its faulty cells marked; formulas are kept as they are.

    Raises:
        Exception: whatever the library raises for a workbook it cannot write back; the caller falls back on
            `rows_workbook`.
    """
    with warnings.catch_warnings():
        # the library warns about what it leaves out of the copy
        warnings.simplefilter("ignore")
        book = load_workbook(io.BytesIO(data), keep_links=False)
        for place, found in _by_cell(marks).items():
            sheet_name, row, column = place
            sheet = next(each for each in book.worksheets if each.title == sheet_name)
            # a range that is merged has no cell to mark below its first one
            for merged in list(sheet.merged_cells.ranges):
                if merged.min_row <= row <= merged.max_row:
                    sheet.unmerge_cells(str(merged))
            _mark(sheet, row, column + 1, found)
            sheet.row_dimensions[row].hidden = False
        for each in book.worksheets:
            # a protected copy could not be corrected
            each.protection.sheet = False
        stream = io.BytesIO()
        book.save(stream)
    return repack(stream.getvalue())


def rows_workbook(
    tables: Sequence[tuple[str, Sequence[str], Sequence[tuple[int, Sequence[str]]]]], marks: Sequence[Mark]
) -> bytes:
    """A new workbook with the faulty rows only, in the columns of the file, after their row numbers there.

    Args:
        tables: name, headings, rows with their row numbers.
    """
    book = Workbook()
    first = book.worksheets[0]
    for number, (name, headings, rows) in enumerate(tables):
        sheet = first if number == 0 else book.create_sheet()
        sheet.title = _title(name or "退回和待核的行", number)
        _fill(sheet, headings, rows, [each for each in marks if each.sheet == name])
    stream = io.BytesIO()
    book.save(stream)
    return repack(stream.getvalue())


def _fill(
    sheet: Worksheet,
    headings: Sequence[str],
    rows: Sequence[tuple[int, Sequence[str]]],
    marks: Sequence[Mark],
) -> None:
    titles = ("原行号", *headings, "问题")
    for column, title in enumerate(titles, start=1):
        cell = sheet.cell(1, column, printable(title))
        cell.data_type = "s"
        cell.font = Font(bold=True)
        cell.fill = _HEADING
        cell.alignment = Alignment(vertical="center", wrap_text=True)
        sheet.column_dimensions[get_column_letter(column)].width = min(_WIDEST, 6 + 2 * len(title))
    sheet.column_dimensions[get_column_letter(len(titles))].width = 60
    by_row: dict[int, list[Mark]] = {}
    for mark in marks:
        by_row.setdefault(mark.row, []).append(mark)
    for place, (line, cells) in enumerate(rows, start=2):
        sheet.cell(place, 1, line)
        for column, text in enumerate(cells, start=2):
            if text:
                cell = sheet.cell(place, column, printable(text)[:32_000])
                # a text that begins with = is no formula
                cell.data_type = "s"
        found = by_row.get(line, [])
        words = sheet.cell(place, len(titles), "；".join(printable(each.text) for each in found)[:32_000])
        words.data_type = "s"
        words.alignment = Alignment(vertical="top", wrap_text=True)
        for (_, _, column), cell_marks in _by_cell(found).items():
            _mark(sheet, place, column + 2, cell_marks)
    sheet.freeze_panes = "B2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(titles))}{len(rows) + 1}"


def _by_cell(marks: Sequence[Mark]) -> Mapping[tuple[str, int, int], list[Mark]]:
    """Marks by cell; those of a row as a whole at its first column."""
    found: dict[tuple[str, int, int], list[Mark]] = {}
    for mark in marks:
        found.setdefault((mark.sheet, mark.row, mark.column or 0), []).append(mark)
    return found


def _mark(sheet: Worksheet, row: int, column: int, marks: Sequence[Mark]) -> None:
    worst = min(marks, key=lambda each: _RANK[each.level])
    cell = sheet.cell(row, column)
    cell.fill = PatternFill("solid", fgColor=_FILLS[worst.level])
    text = "\n".join(dict.fromkeys(printable(each.text) for each in marks))[:_LONGEST_NOTE]
    cell.comment = Comment(text, "准绳", height=30 + 18 * (1 + len(text) // 20), width=320)


def _title(name: str, number: int) -> str:
    """A name that a worksheet may have."""
    shown = "".join("_" if char in r"[]:*?/\'" else char for char in printable(name))[:28]
    return shown if number == 0 else f"{shown[:25]}{number + 1}"
