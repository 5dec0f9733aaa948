"""A report tree as a Word document in GB/T 9704-2012 layout."""

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from docx.document import Document as DocumentType
from docx.shared import Emu, Twips
from docx.text.paragraph import Paragraph as DocxParagraph

from zhunsheng.documents.docx_package import empty_document
from zhunsheng.documents.docx_page import (
    TEXT_HEIGHT,
    TEXT_WIDTH,
    WIDE_TEXT_WIDTH,
    mark_pages,
    set_page,
    turn_page,
)
from zhunsheng.documents.docx_runs import NO_FORM, Form, paragraph_element
from zhunsheng.documents.docx_styles import (
    CAPTION,
    CHART_CAPTION,
    DRAFT,
    GAP,
    HEADINGS,
    NORMAL,
    NOTE,
    PICTURE,
    TITLE_STYLE,
    UNIT,
    ParagraphStyle,
    twips,
)
from zhunsheng.documents.docx_table import table_element
from zhunsheng.documents.printable import printable
from zhunsheng.documents.stable_zip import repack
from zhunsheng.reports.appendix import figure_table
from zhunsheng.reports.tree import (
    Block,
    Chart,
    Figure,
    Heading,
    PageBreak,
    Paragraph,
    Report,
    Runs,
    Table,
)

_STYLE = {"caption": CAPTION, "unit": UNIT}
_NO_INDENT: Mapping[str, object] = {"firstLineChars": 0, "firstLine": 0}
_STAYS: Form = {"keepNext": {}}
_PLACED: Mapping[str, Form] = {
    "flush": {"ind": _NO_INDENT},
    "centre": {"ind": _NO_INDENT, "jc": {"val": "center"}},
    "right": {"ind": _NO_INDENT, "jc": {"val": "right"}},
}
_TALLEST_PICTURE = Twips(TEXT_HEIGHT - 1200)  # leaves room for its caption


def write_docx(report: Report, charts: Mapping[str, bytes]) -> bytes:
    """Write a report.

    Args:
        charts: PNG of each chart by its code; a chart without one is named as missing where it belongs.

    Returns:
        The file; equal reports give equal bytes.

    Raises:
        TableShapeError: a table whose rows do not fill its columns.
    """
    document = empty_document("".join(report.title), report.body)
    _Writer(document, report, charts, {figure.code: figure for figure in report.figures}).write()
    stream = io.BytesIO()
    document.save(stream)
    return repack(stream.getvalue())


@dataclass
class _Writer:
    document: DocumentType
    report: Report
    charts: Mapping[str, bytes]
    figures: Mapping[str, Figure]
    wide: bool = False
    new_page: bool = False

    def write(self) -> None:
        """Write title, blocks, signature, appendix."""
        turned = list(_orientations(self.report.blocks))
        self.wide = bool(turned) and turned[0]
        first = self.document.sections[0]
        set_page(first, wide=self.wide)
        mark_pages(first, draft=self.report.draft)
        for line in self.report.title:
            self._add(TITLE_STYLE, line)
        if self.report.draft:
            self._add(DRAFT, "（草稿）")
        self._add(NORMAL, "", _STAYS)
        last = len(turned) - 1
        for index, (block, wide) in enumerate(zip(self.report.blocks, turned, strict=True)):
            self._turn(wide=wide)
            if index == last and self.report.date and isinstance(block, Paragraph):
                # a signature never stands on a page without text
                self._paragraph(block, _STAYS)
            else:
                self._block(block)
        if self.report.date:
            self._turn(wide=all(turned))
            self._signature()
        self._appendix()

    def _add(self, style: ParagraphStyle, runs: Runs | str, form: Form = NO_FORM) -> Any:  # noqa: ANN401
        if self.new_page:
            form = {**form, "pageBreakBefore": {}}
            self.new_page = False
        paragraph = paragraph_element(style, runs, self.figures, form)
        self._append(paragraph)
        return paragraph

    def _append(self, made: Any) -> None:  # noqa: ANN401
        body = self.document.element.body
        body.insert(len(body) - 1, made)  # the section properties stay last

    def _turn(self, *, wide: bool) -> None:
        """Begin a section when the orientation changes; numbering goes on."""
        if wide != self.wide:
            turn_page(self.document, wide=wide)
            self.wide, self.new_page = wide, False

    def _block(self, block: Block) -> None:
        if isinstance(block, Table):
            self._table(block)
        elif isinstance(block, Heading):
            style = HEADINGS[block.level - 1] if block.level else TITLE_STYLE
            self._add(style, f"{block.number}{block.text}")
        elif isinstance(block, Paragraph):
            self._paragraph(block)
        elif isinstance(block, Chart):
            self._chart(block)
        elif isinstance(block, PageBreak):
            self.new_page = True

    def _paragraph(self, block: Paragraph, form: Form = NO_FORM) -> None:
        placed = _PLACED.get(block.style, NO_FORM)
        self._add(_STYLE.get(block.style, NORMAL), block.runs, {**form, **placed})

    def _table(self, table: Table) -> None:
        if table.caption:
            self._add(CAPTION, table.caption)
        if table.unit:
            self._add(UNIT, table.unit)
        if self.new_page:
            self._add(GAP, "", _STAYS)
        width = WIDE_TEXT_WIDTH if self.wide else TEXT_WIDTH
        self._append(table_element(table, width, self.figures))
        for note in table.notes:
            self._add(NOTE, note)
        self._add(GAP, "")

    def _chart(self, chart: Chart) -> None:
        png = self.charts.get(chart.code)
        if png is None:
            self._add(PICTURE, f"〔缺图：{chart.description}〕")
        else:
            paragraph = DocxParagraph(self._add(PICTURE, ""), self.document._body)  # noqa: SLF001
            picture = paragraph.add_run().add_picture(io.BytesIO(png), width=Twips(TEXT_WIDTH))
            if picture.height > _TALLEST_PICTURE:
                picture.width = Emu(picture.width * _TALLEST_PICTURE // picture.height)
                picture.height = _TALLEST_PICTURE
            _describe(picture, chart)
        self._add(CHART_CAPTION, chart.caption)

    def _signature(self) -> None:
        """The body's name centred above the date, the date four characters from the right edge."""
        name, date = _characters(self.report.body), _characters(self.report.date)
        overhang = (name - date) / 2
        date_edge = max(4.0, overhang)
        self._add(NORMAL, "", _STAYS)
        for text, edge in ((self.report.body, date_edge - overhang), (self.report.date, date_edge)):
            # one office program heeds only the length in twips
            indent = {"rightChars": round(edge * 100), "right": twips(edge * NORMAL.size), **_NO_INDENT}
            form: Form = {"ind": indent, "jc": {"val": "right"}}
            self._add(NORMAL, text, {**form, **_STAYS} if text == self.report.body else form)

    def _appendix(self) -> None:
        if not self.report.figures and not self.report.provenance:
            return
        turn_page(self.document, wide=True)
        self.wide, self.new_page = True, False
        self._add(HEADINGS[0], "附件　数据来源与计算过程", {"ind": _NO_INDENT})
        table = figure_table(self.report.figures)
        if table.body:
            self._table(table)
        last = len(self.report.provenance) - 1
        for index, (name, value) in enumerate(self.report.provenance):
            self._add(NOTE, f"{name}：{value}", _STAYS if index < last else NO_FORM)


def _orientations(blocks: Sequence[Block]) -> Iterator[bool]:
    """For every block whether it stands on a landscape page.

    Wide tables do, with the captions and units right before them. A form of nothing but wide tables and
    remarks is landscape throughout.
    """
    tables = [block for block in blocks if isinstance(block, Table)]
    upright = any(
        isinstance(block, Heading | Chart) or (isinstance(block, Paragraph) and block.style == "body")
        for block in blocks
    )
    if tables and not upright and all(table.wide for table in tables):
        yield from (True for _ in blocks)
        return
    for index, block in enumerate(blocks):
        while isinstance(block, Paragraph) and block.style in _STYLE and index + 1 < len(blocks):
            index += 1  # noqa: PLW2901 - looks ahead to what the caption belongs to
            block = blocks[index]  # noqa: PLW2901
        yield isinstance(block, Table) and block.wide


def _characters(text: str) -> float:
    """Width in characters; digits and letters are half as wide."""
    return sum(1.0 if ord(char) >= 0x2E80 else 0.5 for char in text)


def _describe(picture: Any, chart: Chart) -> None:  # noqa: ANN401 - an inline shape
    properties = picture._inline.docPr  # noqa: SLF001 - the alternative text has no public way in
    properties.set("name", printable(chart.caption))
    properties.set("descr", printable(chart.description))
    properties.set("title", printable(chart.caption))
