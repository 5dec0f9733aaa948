"""Plain tables as a workbook: one sheet each, numbers as numbers, text never as a formula."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from zhunsheng.documents.printable import printable
from zhunsheng.documents.stable_zip import repack

_EPOCH: Final = datetime(2000, 1, 1)  # noqa: DTZ001 - the format stores no zone
_EXACT_DIGITS: Final = 15
_FILL: Final = PatternFill("solid", fgColor="DDEBF7")
_WIDEST: Final = 48
_LONGEST: Final = 32_767


@dataclass(frozen=True, slots=True)
class DataSheet:
    """A table.

    Attributes:
        name: of the sheet, at most 31 characters.
        headings: of the columns.
        rows: texts, decimals and None.
    """

    name: str
    headings: Sequence[str]
    rows: Sequence[Sequence[str | Decimal | None]]


def write_data_workbook(title: str, sheets: Sequence[DataSheet]) -> bytes:
    """Write the tables; equal content gives equal bytes."""
    book = Workbook(write_only=True)
    for each in sheets:
        sheet: Any = book.create_sheet(each.name[:31])
        sheet.freeze_panes = "A2"
        for place, heading in enumerate(each.headings):
            longest = max((len(str(row[place] or "")) for row in each.rows), default=0)
            sheet.column_dimensions[get_column_letter(place + 1)].width = min(
                max(2 * len(heading), longest) + 2, _WIDEST
            )
        sheet.append([_heading(sheet, heading) for heading in each.headings])
        for row in each.rows:
            sheet.append([_cell(sheet, value) for value in row])
    book.properties.title = printable(title)
    book.properties.created = book.properties.modified = _EPOCH
    stream = io.BytesIO()
    book.save(stream)
    return repack(stream.getvalue())


def _heading(sheet: Any, text: str) -> Any:  # noqa: ANN401 - a cell of the library
    cell = WriteOnlyCell(sheet, text)
    cell.font, cell.fill = Font(bold=True), _FILL
    return cell


def _cell(sheet: Any, value: str | Decimal | None) -> Any:  # noqa: ANN401 - a cell of the library
    if value is None:
        return None
    if isinstance(value, Decimal) and len(value.as_tuple().digits) <= _EXACT_DIGITS:
        cell: Any = WriteOnlyCell(sheet)
        cell.value = value
        places = max(-int(value.as_tuple().exponent), 0)
        cell.number_format = "0." + "0" * places if places else "0"
        return cell
    cell = WriteOnlyCell(sheet, printable(f"{value:f}" if isinstance(value, Decimal) else value)[:_LONGEST])
    cell.data_type = "s"
    cell.alignment = Alignment(vertical="top", wrap_text=True)
    return cell
