"""Pages of GB/T 9704-2012 in Word: margins, grid, page numbers, draft mark. Lengths in twips."""

from typing import Any

from docx.document import Document as DocumentType
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.oxml.ns import qn
from docx.section import Section
from docx.shared import Twips

from zhunsheng.documents.docx_styles import FOOTER, LINE, element, twips

PAGE = (11906, 16838)
MARGINS = {"top": 2098, "bottom": 1984, "left": 1587, "right": 1474}
TEXT_WIDTH = PAGE[0] - MARGINS["left"] - MARGINS["right"]
TEXT_HEIGHT = PAGE[1] - MARGINS["top"] - MARGINS["bottom"]
WIDE_TEXT_WIDTH = TEXT_HEIGHT
_SEVEN_MM = 397
_ONE_CHARACTER = twips(FOOTER.size)


def set_page(section: Section, *, wide: bool) -> None:
    """Give a section its page, margins and line grid."""
    if wide:
        section.orientation = WD_ORIENT.LANDSCAPE
        section.page_width, section.page_height = Twips(PAGE[1]), Twips(PAGE[0])
        # the upright page is turned to the left: its binding edge comes to lie at the top
        top, bottom, left, right = (MARGINS[side] for side in ("left", "right", "bottom", "top"))
    else:
        section.orientation = WD_ORIENT.PORTRAIT
        section.page_width, section.page_height = Twips(PAGE[0]), Twips(PAGE[1])
        top, bottom, left, right = (MARGINS[side] for side in ("top", "bottom", "left", "right"))
    section.top_margin, section.bottom_margin = Twips(top), Twips(bottom)
    section.left_margin, section.right_margin = Twips(left), Twips(right)
    # the dashes of the page number, half way up their line, stand 7 mm below the type area
    section.footer_distance = Twips(bottom - _SEVEN_MM - twips(FOOTER.line) // 2)
    section.header_distance = Twips(850)
    grid = section._sectPr.find(qn("w:docGrid"))  # noqa: SLF001 - python-docx has no grid
    if grid is None:
        grid = element("w:docGrid")
        section._sectPr.append(grid)  # noqa: SLF001
    # "linesAndChars" doubles the character pitch in one common office program; lines alone are enough
    grid.set(qn("w:type"), "lines")
    grid.set(qn("w:linePitch"), str(twips(LINE)))


def turn_page(document: DocumentType, *, wide: bool) -> None:
    """Begin a section on a new page. Page numbers and the draft mark go on."""
    section = document.add_section(WD_SECTION.NEW_PAGE)
    body = document.element.body
    carrier = body[-2]  # the paragraph that holds the old section's properties; the new ones stay last
    before = carrier.getprevious()
    if (
        before is not None
        and before.tag == qn("w:p")
        and before.find(f"{qn('w:pPr')}/{qn('w:sectPr')}") is None
    ):
        # a paragraph of its own could come to lie alone on an empty page
        before.get_or_add_pPr().append(carrier.find(f"{qn('w:pPr')}/{qn('w:sectPr')}"))
        body.remove(carrier)
    set_page(section, wide=wide)


def mark_pages(section: Section, *, draft: bool) -> None:
    """Page numbers, odd ones right and even ones left, and 草稿 in the headers of a draft.

    Later sections take them over from the first.
    """
    for footer, odd in ((section.footer, True), (section.even_page_footer, False)):
        _page_number(footer, odd=odd)
    for header in (section.header, section.even_page_header):
        header.is_linked_to_previous = False
        if draft:
            header.paragraphs[0].add_run("草稿")


def _page_number(footer: Any, *, odd: bool) -> None:  # noqa: ANN401 - python-docx footers carry no types
    footer.is_linked_to_previous = False
    paragraph = footer.paragraphs[0]
    properties = paragraph._p.get_or_add_pPr()  # noqa: SLF001
    side = "right" if odd else "left"
    indent = {f"{side}Chars": 100, side: _ONE_CHARACTER}
    properties.append(element("w:ind", firstLineChars=0, firstLine=0, **indent))
    properties.append(element("w:jc", val=side))
    paragraph.add_run("— ")
    field = paragraph.add_run()._r  # noqa: SLF001
    field.append(element("w:fldChar", fldCharType="begin"))
    instruction = element("w:instrText")
    instruction.text = "PAGE"
    field.append(instruction)
    field.append(element("w:fldChar", fldCharType="separate"))
    shown = element("w:t")
    shown.text = "1"
    field.append(shown)
    field.append(element("w:fldChar", fldCharType="end"))
    paragraph.add_run(" —")
