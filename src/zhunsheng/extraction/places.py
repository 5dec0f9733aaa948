"""Where something was read, as the case writes it: a line of a text file, a page of a paged one."""

from zhunsheng.audit.document import Span
from zhunsheng.audit.reading import Reading


def place_text(reading: Reading, span: Span) -> str:
    """The place of some characters: "L111" for line 111, "第3页" for page 3, with the cell of a table."""
    document = reading.document
    page = document.page_at(span.start)
    where = f"第{page}页" if page is not None else f"L{document.text.count(chr(10), 0, span.start) + 1}"
    cell = next(document.cells_at(span.start), None)
    return f"{where}表格第{cell.row + 1}行第{cell.column + 1}列" if cell is not None else where


def passage_place(reading: Reading, number: int) -> str:
    """The place of a passage."""
    passage = reading.passages[number]
    return place_text(reading, passage.span(0, 1))
