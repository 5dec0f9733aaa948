"""Tables in Word: spans, repeated headers, borders, fixed widths; built as XML, linear in the cells."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from zhunsheng.documents.docx_runs import Form, paragraph_element
from zhunsheng.documents.docx_styles import CELL, NARROW_CELL, SMALL_CELL, ParagraphStyle, element
from zhunsheng.documents.docx_widths import PADDING, column_widths, fitted_widths
from zhunsheng.documents.fonts import HEI
from zhunsheng.documents.printable import printable
from zhunsheng.reports.grid import Placed, lay_out
from zhunsheng.reports.tree import Figure, Table

_ALIGN = {"left": "left", "centre": "center", "right": "right"}
_HEAD_SHADE = "F2F2F2"
_MANY_COLUMNS = 8  # from here on 12 pt leaves room for three characters a line
_FEW_ROWS = 6  # so many stay together on a page
_FEW_WIDE_ROWS = 3  # and so many on a landscape page, which is not as high
_TALL_CELL = 8  # the text of a cell merged over more rows stands at its top, not on a later page


def table_element(table: Table, width: int, figures: Mapping[str, Figure]) -> Any:  # noqa: ANN401
    """The `w:tbl` element of a table.

    Args:
        width: width of the table in twips.

    Raises:
        TableShapeError: the cells of a row do not fill the columns.
    """
    rows = lay_out(table)
    style, widths = _set_up(table, width, rows)
    made = element("w:tbl")
    made.append(_properties(width, table.caption))
    grid = element("w:tblGrid")
    for each in widths:
        grid.append(element("w:gridCol", w=each))
    made.append(grid)
    head, few = len(table.head), _FEW_WIDE_ROWS if table.wide else _FEW_ROWS
    for index, row in enumerate(rows):
        form = _RowForm(widths, style, index < head, _stays(rows, index, head, few))
        made.append(_row(row, form, figures))
    return made


def _stays(rows: Sequence[Sequence[Placed]], index: int, head: int, few: int) -> bool:
    """Whether a row stays on the page of the next: headers, short tables, short merged groups.

    The last row, often the total, never stands alone on a page.
    """
    last = len(rows) - 1
    if index == last:
        return False
    if index < head or index == last - 1 or len(rows) - head <= few:
        return True
    return any(not each.begins and each.cell.rows <= few for each in rows[index + 1])


@dataclass(frozen=True, slots=True)
class _RowForm:
    """How a row is set: column widths, style, whether it is repeated and whether it stays with the next."""

    widths: tuple[int, ...]
    style: ParagraphStyle
    head: bool
    keep: bool


def _set_up(
    table: Table, width: int, rows: Sequence[Sequence[Placed]]
) -> tuple[ParagraphStyle, tuple[int, ...]]:
    """The largest type at which every number stays in one line, and the column widths."""
    sizes = (SMALL_CELL,) if table.small else (CELL, NARROW_CELL, SMALL_CELL)
    for style in (sizes[1:] or sizes) if len(table.widths) >= _MANY_COLUMNS else sizes:
        widths = fitted_widths(table.widths, width, rows, style.size)
        if widths is not None:
            return style, tuple(widths)
    return SMALL_CELL, tuple(column_widths(table.widths, width))


def _properties(width: int, caption: str) -> Any:  # noqa: ANN401
    properties = element("w:tblPr")
    properties.append(element("w:tblW", w=width, type="dxa"))
    properties.append(element("w:jc", val="center"))
    borders = element("w:tblBorders")
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        borders.append(element(f"w:{side}", val="single", sz=4, space=0, color="000000"))
    properties.append(borders)
    properties.append(element("w:tblLayout", type="fixed"))
    margins = element("w:tblCellMar")
    for side, room in (("top", 28), ("left", PADDING), ("bottom", 28), ("right", PADDING)):
        margins.append(element(f"w:{side}", w=room, type="dxa"))
    properties.append(margins)
    if caption:
        properties.append(element("w:tblCaption", val=printable(caption)))
    return properties


def _row(cells: Sequence[Placed], form: _RowForm, figures: Mapping[str, Figure]) -> Any:  # noqa: ANN401
    row = element("w:tr")
    properties = element("w:trPr")
    properties.append(element("w:cantSplit"))
    if form.head:
        properties.append(element("w:tblHeader"))
    row.append(properties)
    for placed in cells:
        row.append(_cell(placed, form, figures))
    return row


def _cell(placed: Placed, form: _RowForm, figures: Mapping[str, Figure]) -> Any:  # noqa: ANN401
    cell = placed.cell
    made = element("w:tc")
    properties = element("w:tcPr")
    width = sum(form.widths[placed.column : placed.column + cell.columns])
    properties.append(element("w:tcW", w=width, type="dxa"))
    if cell.columns > 1:
        properties.append(element("w:gridSpan", val=cell.columns))
    if cell.rows > 1:
        properties.append(element("w:vMerge", val="restart" if placed.begins else "continue"))
    if cell.head:
        properties.append(element("w:shd", val="clear", color="auto", fill=_HEAD_SHADE))
    properties.append(element("w:vAlign", val="top" if cell.rows > _TALL_CELL else "center"))
    made.append(properties)
    align: Form = {"jc": {"val": _ALIGN[cell.align]}}
    made.append(
        paragraph_element(
            form.style,
            cell.runs if placed.begins else (),
            figures,
            {**align, "keepNext": {}} if form.keep else align,
            HEI.official if cell.head else "",
        )
    )
    return made
