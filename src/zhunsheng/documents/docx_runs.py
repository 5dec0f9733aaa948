"""Runs of text and numbers in a Word paragraph; every number is a content control tagged with its figure."""

from collections.abc import Mapping
from typing import Any

from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt, RGBColor
from docx.text.paragraph import Paragraph as DocxParagraph

from zhunsheng.reports.tree import Figure, Number, Runs

_LONGEST_TAG = 64  # the format allows no more
_LONGEST_ALIAS = 64


def add_runs(
    paragraph: DocxParagraph, runs: Runs, figures: Mapping[str, Figure], *, bold: bool = False
) -> None:
    """Append runs to a paragraph; line breaks in a text become line breaks."""
    for run in runs:
        if isinstance(run, Number):
            paragraph._p.append(_control(run, figures.get(run.figure), bold=bold or run.strong))  # noqa: SLF001
            continue
        made = paragraph.add_run(run.text)
        made.bold = True if bold or run.strong else None
        if run.note:
            made.font.size = Pt(12)
            made.font.color.rgb = RGBColor(0x40, 0x40, 0x40)


def _control(number: Number, figure: Figure | None, *, bold: bool) -> Any:  # noqa: ANN401 - an lxml element
    control = OxmlElement("w:sdt")
    properties = OxmlElement("w:sdtPr")
    if figure is not None:
        properties.append(_value("w:alias", figure.label[:_LONGEST_ALIAS]))
    properties.append(_value("w:tag", number.figure[:_LONGEST_TAG]))
    properties.append(OxmlElement("w:text"))
    content = OxmlElement("w:sdtContent")
    run = OxmlElement("w:r")
    if bold:
        formatting = OxmlElement("w:rPr")
        formatting.append(OxmlElement("w:b"))
        run.append(formatting)
    text = OxmlElement("w:t")
    text.set(qn("xml:space"), "preserve")
    text.text = number.text
    run.append(text)
    content.append(run)
    control.append(properties)
    control.append(content)
    return control


def _value(tag: str, value: str) -> Any:  # noqa: ANN401
    element = OxmlElement(tag)
    element.set(qn("w:val"), value)
    return element
