"""The empty case workbook: one sheet per section, headers, drop-downs, checks and notes."""

import io
import math
from collections.abc import Sequence
from typing import Final

from openpyxl import Workbook
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.workbook.properties import CalcProperties
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from zhunsheng.documents import workbook_styles as styles
from zhunsheng.documents.stable_zip import repack
from zhunsheng.documents.workbook_columns import (
    CONTENT,
    HINT,
    ITEM,
    ROWS,
    choices_of,
    explanation_of,
    header_of,
    how_to_fill,
    meaning_of,
    referred,
    width_of,
)
from zhunsheng.documents.workbook_facts import add_fact_list
from zhunsheng.documents.workbook_guide import add_guide
from zhunsheng.plans.columns import Column, Holds
from zhunsheng.plans.sections import SECTIONS, Section
from zhunsheng.rubrics.facts import FactDefinition

FIRST_ROW: Final = 2
"""Row of the first record below the header in the workbooks written here."""

_CELL_STYLES = {
    Holds.INTEGER: styles.CELL_NUMBER,
    Holds.DECIMAL: styles.CELL_NUMBER,
    Holds.MONEY: styles.CELL_NUMBER,
    Holds.DATE: styles.CELL_DATE,
    Holds.BOOLEAN: styles.CELL_CHOICE,
    Holds.CHOICE: styles.CELL_CHOICE,
}
# two decimals at least, and as many as were typed up to six
_MONEY_FORMAT = "#,##0.00####"
# Longest list of choices a validation can carry in itself, a limit of the file format.
_LONGEST_LIST = 255
# Characters across a printed page in readable type.
_PAGE_WIDTH = 190
_LARGEST = "1000000000000000"


def write_template(example: bool = True, facts: Sequence[FactDefinition] = ()) -> bytes:
    """The empty case workbook to fill in, as the bytes of an .xlsx file.

    Args:
        example: whether the guide and the notes on headers show the examples.
        facts: the management facts to list for those who fill in.
    """
    return finish(new_workbook(example=example, facts=facts))


def finish(book: Workbook) -> bytes:
    """The bytes of a workbook; equal content gives equal bytes."""
    stream = io.BytesIO()
    book.save(stream)
    return repack(stream.getvalue())


def new_workbook(*, example: bool, facts: Sequence[FactDefinition] = ()) -> Workbook:
    """A workbook with the guide, one empty sheet per section in the order of `SECTIONS`, and the facts."""
    book = Workbook()
    book.properties.creator = "准绳"
    book.properties.title = "部门整体支出绩效自评年度档案"
    book.calculation = CalcProperties(fullCalcOnLoad=False)
    styles.add_styles(book)
    guide = book.worksheets[0]
    add_guide(guide, example=example)
    for section in SECTIONS:
        sheet = book.create_sheet(section.label)
        if section.shape == "record":
            _record_sheet(sheet, section, example=example)
        else:
            _table_sheet(sheet, section, example=example)
        styles.protect(sheet)
    add_fact_list(book, facts, FIRST_ROW)
    return book


def style_cell(cell: Cell | MergedCell, column: Column) -> None:
    """Give a cell the look and number format of an empty cell of the column."""
    cell.style = _CELL_STYLES.get(column.holds, styles.CELL_TEXT)
    if column.holds is Holds.MONEY:
        cell.number_format = _MONEY_FORMAT


def _table_sheet(sheet: Worksheet, section: Section, *, example: bool) -> None:
    for index, column in enumerate(section.columns, 1):
        letter = get_column_letter(index)
        header = sheet.cell(1, index, header_of(column))
        header.style = styles.HEADER_REQUIRED if column.required else styles.HEADER
        header.comment = styles.note(explanation_of(column, example=example))
        # empty cells take their look and lock from the column, so no empty cells need be stored
        dimension = sheet.column_dimensions[letter]
        dimension.width = width_of(column)
        styles.style_column(dimension, _CELL_STYLES.get(column.holds, styles.CELL_TEXT))
        if column.holds is Holds.MONEY:
            dimension.number_format = _MONEY_FORMAT
        _validate(sheet, column, f"{letter}{FIRST_ROW}:{letter}{ROWS + 1}")
    total = sum(width_of(column) for column in section.columns)
    styles.print_layout(sheet, pages_wide=math.ceil(total / _PAGE_WIDTH), title_columns=len(section.key))
    # rows can only be deleted under protection when the cells beyond the table are unlocked too
    beyond = sheet.column_dimensions[get_column_letter(len(section.columns) + 1)]
    beyond.min, beyond.max = len(section.columns) + 1, 16_384
    styles.style_column(beyond, styles.FREE)
    sheet.row_dimensions[1].height = 36
    sheet.freeze_panes = f"{get_column_letter(1 + len(section.key))}{FIRST_ROW}"


def _record_sheet(sheet: Worksheet, section: Section, *, example: bool) -> None:
    for index, (title, width) in enumerate(((ITEM, 24), (CONTENT, 60), (HINT, 50)), 1):
        sheet.cell(1, index, title).style = styles.HEADER
        sheet.column_dimensions[get_column_letter(index)].width = width
    for row, column in enumerate(section.columns, FIRST_ROW):
        label = sheet.cell(row, 1, header_of(column))
        label.style = styles.LABEL_REQUIRED if column.required else styles.LABEL
        label.comment = styles.note(explanation_of(column, example=example))
        content = sheet.cell(row, 2)
        style_cell(content, column)
        content.alignment = styles.LEFT
        hint = _hint(column, example=example)
        sheet.cell(row, 3, hint).style = styles.HINT_TEXT
        sheet.row_dimensions[row].height = styles.height_for([(hint, 50)]) or 20
        _validate(sheet, column, f"B{row}")
    styles.print_layout(sheet)
    sheet.row_dimensions[1].height = 24
    sheet.freeze_panes = "A2"


def _hint(column: Column, *, example: bool) -> str:
    parts = [how_to_fill(column)]
    if meaning_of(column):
        parts.append(meaning_of(column))
    if example and column.example:
        parts.append(f"示例：{column.example}")
    return "；".join(parts)


def _validate(sheet: Worksheet, column: Column, cells: str) -> None:
    rule = _rule(column)
    if rule is None:
        return
    rule.allow_blank = True
    rule.showErrorMessage = True
    rule.errorTitle = column.label
    rule.error = f"请按要求填写：{how_to_fill(column)}。"
    rule.add(cells)
    sheet.add_data_validation(rule)


def _rule(column: Column) -> DataValidation | None:
    choices = ",".join(choices_of(column))
    target = referred(column)
    if choices and len(choices) <= _LONGEST_LIST:
        return DataValidation(type="list", formula1=f'"{choices}"')
    if target is not None and column.holds is Holds.CODE:
        names = [each.name for each in target.columns]
        letter = get_column_letter(names.index(target.key[0]) + 1)
        area = f"${letter}${FIRST_ROW}:${letter}${ROWS + 1}"
        # a warning only: people often fill the referring sheet first
        return DataValidation(
            type="list", formula1=f"{quote_sheetname(target.label)}!{area}", errorStyle="warning"
        )
    if column.holds is Holds.INTEGER:
        return DataValidation(type="whole", operator="between", formula1=f"-{_LARGEST}", formula2=_LARGEST)
    if column.holds in {Holds.DECIMAL, Holds.MONEY}:
        return DataValidation(type="decimal", operator="between", formula1=f"-{_LARGEST}", formula2=_LARGEST)
    if column.holds is Holds.DATE:
        return DataValidation(type="date", operator="greaterThanOrEqual", formula1="DATE(1900,3,1)")
    return None
