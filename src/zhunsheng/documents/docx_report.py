"""A report tree as a Word document in GB/T 9704-2012 layout."""

import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import docx
from docx.document import Document as DocumentType
from docx.enum.section import WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK, WD_LINE_SPACING
from docx.oxml.ns import qn
from docx.shared import Pt, Twips

from zhunsheng.documents.docx_runs import add_runs
from zhunsheng.documents.docx_styles import TEXT_WIDTH, WIDE_TEXT_WIDTH, prepare, set_page
from zhunsheng.documents.docx_table import table_element
from zhunsheng.documents.stable_zip import repack
from zhunsheng.reports.appendix import figure_table
from zhunsheng.reports.tree import Block, Chart, Figure, Heading, PageBreak, Paragraph, Report, Table, Text

_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
_STYLE = {"caption": "表题", "unit": "单位"}
_ALIGN = {"centre": WD_ALIGN_PARAGRAPH.CENTER, "right": WD_ALIGN_PARAGRAPH.RIGHT}


def write_docx(report: Report, charts: Mapping[str, bytes]) -> bytes:
    """Write a report.

    Args:
        charts: PNG of each chart by its code.

    Returns:
        The file; equal reports give equal bytes.
    """
    document = docx.Document()
    prepare(document)
    document.settings.odd_and_even_pages_header_footer = True
    properties = document.core_properties
    properties.title, properties.author = "".join(report.title), report.body
    properties.created = properties.modified = _EPOCH
    properties.language, properties.last_modified_by, properties.comments = "zh-CN", "", ""
    writer = _Writer(document, report, charts, {figure.code: figure for figure in report.figures})
    writer.write()
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

    def write(self) -> None:
        """Write title, blocks, appendix."""
        self.wide = (
            bool(self.report.blocks)
            and all(not isinstance(block, Table) or block.wide for block in self.report.blocks)
            and any(isinstance(block, Table) for block in self.report.blocks)
        )
        set_page(self.document.sections[0], wide=self.wide, draft=self.report.draft)
        for line in self.report.title:
            self.document.add_paragraph(line, style="Title")
        if self.report.draft:
            self.document.add_paragraph("（草稿）", style="草稿标记")
        self.document.add_paragraph()
        for block in self.report.blocks:
            self._block(block)
        if self.report.date:
            self._signature()
        self._appendix()

    def _turn(self, *, wide: bool) -> None:
        """Begin a section when the orientation changes; numbering goes on."""
        if wide != self.wide:
            section = self.document.add_section(WD_SECTION.NEW_PAGE)
            set_page(section, wide=wide, draft=self.report.draft)
            self.wide = wide

    def _block(self, block: Block) -> None:
        if isinstance(block, Table):
            self._turn(wide=block.wide)
            self._table(block)
        elif isinstance(block, Heading):
            self._turn(wide=False)
            paragraph = self.document.add_paragraph(
                style="Title" if block.level == 0 else f"Heading {block.level}"
            )
            paragraph.add_run(f"{block.number}{block.text}")
        elif isinstance(block, Paragraph):
            self._paragraph(block)
        elif isinstance(block, Chart):
            self._turn(wide=False)
            self._chart(block)
        elif isinstance(block, PageBreak):
            self.document.add_paragraph().add_run().add_break(WD_BREAK.PAGE)

    def _paragraph(self, block: Paragraph) -> None:
        paragraph = self.document.add_paragraph(style=_STYLE.get(block.style, "Normal"))
        if block.style in _ALIGN:
            paragraph.paragraph_format.alignment = _ALIGN[block.style]
        if block.style in {"flush", "centre", "right"}:
            _no_indent(paragraph)
        add_runs(paragraph, block.runs, self.figures)

    def _table(self, table: Table) -> None:
        if table.caption:
            self.document.add_paragraph(table.caption, style="表题")
        if table.unit:
            self.document.add_paragraph(table.unit, style="单位")
        width = WIDE_TEXT_WIDTH if table.wide else TEXT_WIDTH
        body = self.document.element.body
        element = table_element(table, width, self.figures, self.document._body)  # noqa: SLF001 - no public way
        body.insert(len(body) - 1, element)  # the section properties stay last
        for note in table.notes:
            add_runs(self.document.add_paragraph(style="附注"), note, self.figures)
        self._gap()

    def _gap(self) -> None:
        paragraph = self.document.add_paragraph()
        paragraph.paragraph_format.line_spacing_rule = WD_LINE_SPACING.EXACTLY
        paragraph.paragraph_format.line_spacing = Pt(12)

    def _chart(self, chart: Chart) -> None:
        png = self.charts.get(chart.code)
        paragraph = self.document.add_paragraph(style="图题")
        paragraph.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
        paragraph.paragraph_format.keep_with_next = True
        if png is None:
            paragraph.add_run(f"〔缺图：{chart.description}〕")
        else:
            picture = paragraph.add_run().add_picture(io.BytesIO(png), width=Twips(TEXT_WIDTH))
            _describe(picture, chart)
        self.document.add_paragraph(chart.caption, style="图题")

    def _signature(self) -> None:
        self.document.add_paragraph()
        for text in (self.report.body, self.report.date):
            paragraph = self.document.add_paragraph(text)
            form = paragraph.paragraph_format
            form.alignment = WD_ALIGN_PARAGRAPH.RIGHT
            _no_indent(paragraph)
            form.right_indent = Pt(64)  # four characters from the edge
            form.keep_with_next = text == self.report.body

    def _appendix(self) -> None:
        if not self.report.figures and not self.report.provenance:
            return
        section = self.document.add_section(WD_SECTION.NEW_PAGE)
        set_page(section, wide=True, draft=self.report.draft)
        self.wide = True
        label = self.document.add_paragraph(style="Heading 1")
        _no_indent(label)
        label.add_run("附件　数据来源与计算过程")
        if self.report.figures:
            self._table(figure_table(self.report.figures))
        for name, value in self.report.provenance:
            paragraph = self.document.add_paragraph(style="附注")
            add_runs(paragraph, (Text(f"{name}：{value}"),), self.figures)


def _no_indent(paragraph: Any) -> None:  # noqa: ANN401 - a python-docx paragraph
    paragraph.paragraph_format.first_line_indent = Pt(0)
    paragraph._p.get_or_add_pPr().find(qn("w:ind")).set(qn("w:firstLineChars"), "0")  # noqa: SLF001


def _describe(picture: Any, chart: Chart) -> None:  # noqa: ANN401 - an inline shape
    properties = picture._inline.docPr  # noqa: SLF001 - the alternative text has no public way in
    properties.set("descr", chart.description)
    properties.set("title", chart.caption)
