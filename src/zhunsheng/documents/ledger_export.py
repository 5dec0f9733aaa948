"""Records as a workbook that reads back to the same records."""

import io
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from zhunsheng.documents.stable_zip import repack
from zhunsheng.ledgers.field import FieldDefinition, FieldType
from zhunsheng.ledgers.values import cell_text

_EXACT_DIGITS: Final = 15
_FILL: Final = PatternFill("solid", fgColor="DDEBF7")
_WIDTHS: Final = {FieldType.DATE: 12, FieldType.TIME: 20, FieldType.BOOLEAN: 10, FieldType.MONEY: 18}
# what a spreadsheet can show as a date
_FIRST_SERIAL: Final = date(1900, 3, 1)


def write_records(
    title: str, fields: Sequence[FieldDefinition], headings: Sequence[str], rows: Sequence[Sequence[Any]]
) -> bytes:
    """The workbook; equal content gives equal bytes.

    Args:
        rows: canonical values in the order of the fields.
    """
    book = Workbook(write_only=True)
    sheet: Any = book.create_sheet("".join("_" if char in r"[]:*?/\'" else char for char in title)[:31])
    sheet.freeze_panes = "A2"
    for place, (field, heading) in enumerate(zip(fields, headings, strict=True), start=1):
        width = _WIDTHS.get(field.type, 16)
        sheet.column_dimensions[get_column_letter(place)].width = max(width, 2 * len(heading) + 2)
    if fields:
        sheet.auto_filter.ref = f"A1:{get_column_letter(len(fields))}{len(rows) + 1}"
    sheet.append([_heading(sheet, each) for each in headings])
    for row in rows:
        sheet.append([_cell(sheet, field, value) for field, value in zip(fields, row, strict=True)])
    stream = io.BytesIO()
    book.save(stream)
    return repack(stream.getvalue())


def _heading(sheet: Worksheet, text: str) -> Any:  # noqa: ANN401 - a cell of the library
    cell = WriteOnlyCell(sheet, text)
    cell.font = Font(bold=True)
    cell.fill = _FILL
    cell.alignment = Alignment(vertical="center", wrap_text=True)
    return cell


def _cell(sheet: Worksheet, field: FieldDefinition, value: Any) -> Any:  # noqa: ANN401 - values and cells
    if value is None:
        return None
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, int | Decimal):
        return _number(sheet, field, value)
    if isinstance(value, datetime):
        # a clock of a spreadsheet is a binary fraction of a day
        return value.isoformat(sep=" ")
    if isinstance(value, date):
        if not _FIRST_SERIAL <= value <= date(9999, 12, 30):
            return value.isoformat()
        cell: Any = WriteOnlyCell(sheet)
        cell.value = value
        cell.number_format = "yyyy-mm-dd"
        return cell
    cell = WriteOnlyCell(sheet, cell_text(field, value))
    # text stays text: one that begins with = is no formula
    cell.data_type = "s"
    return cell


def _number(sheet: Worksheet, field: FieldDefinition, value: int | Decimal) -> Any:  # noqa: ANN401 - values and cells
    if len(Decimal(value).as_tuple().digits) > _EXACT_DIGITS:
        return f"{Decimal(value):f}"
    cell: Any = WriteOnlyCell(sheet)
    cell.value = value
    if field.places:
        cell.number_format = (
            "#,##0." + "0" * field.places if field.type is FieldType.MONEY else "0." + "0" * field.places
        )
    return cell
