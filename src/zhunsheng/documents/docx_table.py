"""Tables in Word: spans, repeated headers, borders, fixed widths; built as XML, linear in the cells."""

from collections.abc import Mapping, Sequence
from typing import Any

from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph as DocxParagraph

from zhunsheng.documents.docx_runs import add_runs
from zhunsheng.documents.docx_styles import set_fonts
from zhunsheng.documents.fonts import HEI
from zhunsheng.reports.grid import Placed, lay_out
from zhunsheng.reports.tree import Figure, Table

_ALIGN = {"left": "left", "centre": "center", "right": "right"}
CELL_STYLE, SMALL_CELL_STYLE = "表内", "附表"


def table_element(table: Table, width: int, figures: Mapping[str, Figure], parent: Any) -> Any:  # noqa: ANN401
    """The `w:tbl` element of a table.

    Args:
        width: width of the table in twips.
        parent: a python-docx block, for the styles of the paragraphs inside.
    """
    widths = column_widths(table.widths, width)
    element = OxmlElement("w:tbl")
    element.append(_properties(width))
    grid = OxmlElement("w:tblGrid")
    for each in widths:
        grid.append(_with("w:gridCol", {"w": each}))
    element.append(grid)
    rows = lay_out(table)
    for index, row in enumerate(rows):
        style = SMALL_CELL_STYLE if table.small else CELL_STYLE
        element.append(_row(row, index < len(table.head), widths, figures, parent, style))
    return element


def column_widths(relative: Sequence[int], width: int) -> list[int]:
    """Widths in twips that sum to `width`."""
    total = sum(relative)
    widths = [part * width // total for part in relative]
    widths[-1] += width - sum(widths)
    return widths


def _properties(width: int) -> Any:  # noqa: ANN401
    properties = OxmlElement("w:tblPr")
    properties.append(_with("w:tblW", {"w": width, "type": "dxa"}))
    properties.append(_with("w:jc", {"val": "center"}))
    borders = OxmlElement("w:tblBorders")
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        borders.append(_with(f"w:{side}", {"val": "single", "sz": 4, "space": 0, "color": "000000"}))
    properties.append(borders)
    properties.append(_with("w:tblLayout", {"type": "fixed"}))
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        margins.append(_with(f"w:{side}", {"w": 70, "type": "dxa"}))
    properties.append(margins)
    return properties


def _row(
    cells: Sequence[Placed],
    head: bool,
    widths: Sequence[int],
    figures: Mapping[str, Figure],
    parent: Any,  # noqa: ANN401 - a python-docx block
    style: str,
) -> Any:  # noqa: ANN401
    row = OxmlElement("w:tr")
    properties = OxmlElement("w:trPr")
    properties.append(OxmlElement("w:cantSplit"))
    if head:
        properties.append(OxmlElement("w:tblHeader"))
    row.append(properties)
    for placed in cells:
        row.append(_cell(placed, widths, figures, parent, style))
    return row


def _cell(
    placed: Placed,
    widths: Sequence[int],
    figures: Mapping[str, Figure],
    parent: Any,  # noqa: ANN401 - a python-docx block
    style: str,
) -> Any:  # noqa: ANN401
    cell = placed.cell
    element = OxmlElement("w:tc")
    properties = OxmlElement("w:tcPr")
    width = sum(widths[placed.column : placed.column + cell.columns])
    properties.append(_with("w:tcW", {"w": width, "type": "dxa"}))
    if cell.columns > 1:
        properties.append(_with("w:gridSpan", {"val": cell.columns}))
    if cell.rows > 1:
        properties.append(_with("w:vMerge", {"val": "restart"} if placed.begins else {}))
    if cell.head:
        properties.append(_with("w:shd", {"val": "clear", "color": "auto", "fill": "F2F2F2"}))
    properties.append(_with("w:vAlign", {"val": "center"}))
    element.append(properties)
    paragraph_element = OxmlElement("w:p")
    form = OxmlElement("w:pPr")
    # set by identifier: looking a style up by name for every cell takes longer than all the rest
    form.append(_with("w:pStyle", {"val": style}))
    form.append(_with("w:jc", {"val": _ALIGN[cell.align]}))
    paragraph_element.append(form)
    element.append(paragraph_element)
    paragraph = DocxParagraph(paragraph_element, parent)
    if placed.begins:
        add_runs(paragraph, cell.runs, figures)
        if cell.head:
            for run in paragraph.runs:
                set_fonts(run._r.get_or_add_rPr(), HEI.official)  # noqa: SLF001
    return element


def _with(tag: str, values: Mapping[str, object]) -> Any:  # noqa: ANN401
    element = OxmlElement(tag)
    for name, value in values.items():
        element.set(qn(f"w:{name}"), str(value))
    return element
