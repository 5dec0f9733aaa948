"""A case as one workbook: the template, filled."""

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.worksheet.worksheet import Worksheet

from zhunsheng.documents import workbook_styles as styles
from zhunsheng.documents.workbook_columns import LONGEST_CELL, NO, YES, width_of
from zhunsheng.documents.workbook_template import FIRST_ROW, finish, new_workbook, style_cell
from zhunsheng.kernel.rounding import places_of, plain
from zhunsheng.plans.case import Case
from zhunsheng.plans.columns import Column, Holds
from zhunsheng.plans.sections import SECTIONS, Section
from zhunsheng.plans.writing import Plain, rows_of
from zhunsheng.rubrics.facts import FactDefinition

# Spreadsheet programs read _x0041_ inside text as the character A; the underscore is written as its
# own code so that the text stays what it is.
_LOOKS_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
# Days before this one are counted differently by different programs.
_FIRST_DAY = date(1900, 3, 1)
_MOST_PLACES = 15
# Points; taller rows are hard to scroll past, and can still be made taller by hand.
_TALLEST = 160


def write_case_workbook(case: Case, facts: Sequence[FactDefinition] = ()) -> bytes:
    """A case as the bytes of an .xlsx file; reading it gives the same case back.

    Args:
        facts: the management facts to list for those who go on filling in.

    Raises:
        ValueError: a text does not fit into one cell, which a case that was read never has.
    """
    book = new_workbook(example=True, facts=facts)
    for section in SECTIONS:
        sheet = book[section.label]
        rows = list(rows_of(case, section))
        if section.shape == "record":
            _fill_record(sheet, section, rows[0])
        else:
            _fill_table(sheet, section, rows)
    return finish(book)


def _fill_record(sheet: Worksheet, section: Section, row: dict[str, Plain]) -> None:
    for index, column in enumerate(section.columns, FIRST_ROW):
        if column.name in row:
            cell = sheet.cell(index, 2)
            _put(cell, column, row[column.name])
            wanted = styles.height_for([(str(cell.value), 60)], limit=_TALLEST) or 0
            sheet.row_dimensions[index].height = max(sheet.row_dimensions[index].height or 0, wanted)


def _fill_table(sheet: Worksheet, section: Section, rows: list[dict[str, Plain]]) -> None:
    widths = [width_of(column) for column in section.columns]
    for number, row in enumerate(rows, FIRST_ROW):
        for index, column in enumerate(section.columns, 1):
            cell = sheet.cell(number, index)
            style_cell(cell, column)
            if column.name in row:
                _put(cell, column, row[column.name])
        shown = [(str(cell.value or ""), width) for cell, width in zip(sheet[number], widths, strict=False)]
        height = styles.height_for(shown, limit=_TALLEST)
        if height is not None:
            sheet.row_dimensions[number].height = height


def _put(cell: Cell | MergedCell, column: Column, value: Plain) -> None:
    if isinstance(value, bool):
        _put_text(cell, YES if value else NO)
    elif isinstance(value, Decimal | int):
        _put_number(cell, Decimal(value), money=column.holds is Holds.MONEY)
    elif isinstance(value, date):
        if value < _FIRST_DAY:
            _put_text(cell, value.isoformat())
        else:
            cell.value = value
            cell.number_format = "yyyy-mm-dd"
    elif isinstance(value, tuple):
        _put_text(cell, ("、" if column.holds is Holds.CODES else "\n").join(value))
    elif column.choices is not None:
        _put_text(cell, getattr(column.choices(value), "label", value))
    else:
        _put_text(cell, value)


def _put_text(cell: Cell | MergedCell, text: str) -> None:
    escaped = _LOOKS_ESCAPED.sub("_x005F_", text)
    if len(escaped.encode("utf-16-le")) // 2 > LONGEST_CELL:
        raise ValueError(f"a text of {len(text)} characters does not fit into one cell")
    cell.value = escaped
    # set last: "=1" and "#N/A" must never become a formula or an error
    cell.data_type = "s"


def _put_number(cell: Cell | MergedCell, number: Decimal, *, money: bool) -> None:
    if not _is_exact(number):
        cell.number_format = "@"
        _put_text(cell, plain(number))
        return
    places = places_of(number)
    if money:
        places = max(places, 2)
    decimals = f".{'0' * places}" if places else ""
    cell.value = float(number) if places_of(number) else int(number)
    cell.number_format = f"#,##0{decimals}" if money else f"0{decimals}"


def _is_exact(number: Decimal) -> bool:
    """Whether the number survives in a spreadsheet, which keeps 15 significant digits."""
    if number.is_zero():
        return not number.is_signed() and places_of(number) <= _MOST_PLACES
    try:
        kept = Decimal(f"{float(number):.15g}")
    except OverflowError:
        return False
    return kept.is_finite() and kept == number and places_of(number) <= _MOST_PLACES
