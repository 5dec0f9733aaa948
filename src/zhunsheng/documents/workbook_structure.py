"""What a worksheet says about itself beside its values: formulas, merged ranges, hidden parts.

The spreadsheet library gives either values or formulas, and its full mode expands every range a
file names; this one pass over the sheet's XML gives the rest without expanding anything.
"""

from dataclasses import dataclass, field
from typing import IO, Any, Final

from defusedxml.ElementTree import iterparse
from openpyxl.utils import range_boundaries
from openpyxl.utils.cell import coordinate_to_tuple

MOST_ROWS: Final = 20_000
MOST_COLUMNS: Final = 200

_SPACE = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_ON = {"1", "true"}


@dataclass(slots=True)
class SheetStructure:
    """The structure of one worksheet.

    Attributes:
        last_row: last row with content, 0 when the sheet is empty.
        last_column: last column with content.
        formulas: (row, column) of every formula cell, and whether it carries its result.
        merged: merged ranges as (text, first column, first row, last column, last row).
        hidden_rows: hidden rows with content.
        hidden_columns: hidden columns as (first, last).
        far: address of the first cell with content beyond `MOST_COLUMNS`, or "".
    """

    last_row: int = 0
    last_column: int = 0
    formulas: dict[tuple[int, int], bool] = field(default_factory=dict)
    merged: list[tuple[str, int, int, int, int]] = field(default_factory=list)
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)
    far: str = ""


def scan(source: IO[bytes]) -> SheetStructure:
    """The structure of a worksheet part.

    Raises:
        Exception: whatever the XML parser or a malformed attribute raises; the caller is the
            boundary that turns it into a problem.
    """
    found = SheetStructure()
    number = 0
    for _, element in iterparse(source, forbid_dtd=True):
        if element.tag == f"{_SPACE}row":
            number = int(element.get("r") or number + 1)
            _row(found, number, element)
            element.clear()
        elif element.tag == f"{_SPACE}mergeCell":
            first_column, first_row, last_column, last_row = range_boundaries(element.get("ref", ""))
            bounds = (first_column or 1, first_row or 1, last_column or 16_384, last_row or 1_048_576)
            found.merged.append((element.get("ref", ""), *bounds))
        elif element.tag == f"{_SPACE}col" and element.get("hidden") in _ON:
            found.hidden_columns.append((int(element.get("min", "1")), int(element.get("max", "1"))))
    return found


def _row(found: SheetStructure, number: int, row: Any) -> None:  # noqa: ANN401 - an XML element
    column = 0
    filled = False
    for cell in row:
        address = cell.get("r")
        column = coordinate_to_tuple(address)[1] if address else column + 1
        value = cell.find(f"{_SPACE}v")
        has_value = value is not None and (bool(value.text) or cell.get("t") == "str")
        is_formula = cell.find(f"{_SPACE}f") is not None
        if is_formula:
            found.formulas[number, column] = has_value
        if has_value or is_formula or cell.get("t") == "inlineStr":
            filled = True
            found.last_column = max(found.last_column, column)
            if column > MOST_COLUMNS and not found.far:
                found.far = str(address or "")
    if filled:
        found.last_row = max(found.last_row, number)
        if row.get("hidden") in _ON:
            found.hidden_rows.append(number)
