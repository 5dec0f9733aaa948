"""GB/T 9704-2012 on a Word document: page, styles, page numbers. Lengths in twips unless said."""

from typing import Any

from docx.document import Document as DocumentType
from docx.enum.section import WD_ORIENT
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.section import Section
from docx.shared import Pt, RGBColor, Twips

from zhunsheng.documents.fonts import BODY, HEI, KAI, LATIN, SONG, TITLE

PAGE = (11906, 16838)
MARGINS = {"top": 2098, "bottom": 1984, "left": 1587, "right": 1474}
TEXT_WIDTH = PAGE[0] - MARGINS["left"] - MARGINS["right"]
WIDE_TEXT_WIDTH = PAGE[1] - MARGINS["top"] - MARGINS["bottom"]
LINE = Pt(28.95)
BODY_SIZE = Pt(16)
# 28 characters of 16 pt are 448 pt, the type area is 442.2 pt: each gives up 0.2 pt
_TIGHTER = -4  # in twentieths of a point

STYLES = {
    "Title": (TITLE.official, Pt(22)),
    "Heading 1": (HEI.official, BODY_SIZE),
    "Heading 2": (KAI.official, BODY_SIZE),
    "Heading 3": (BODY.official, BODY_SIZE),
    "Heading 4": (BODY.official, BODY_SIZE),
}


def prepare(document: DocumentType) -> None:
    """Set the page and all styles of an empty document."""
    for name in ("Normal", *STYLES):
        _bare(document.styles[name])
    normal = document.styles["Normal"]
    set_fonts(normal.element.get_or_add_rPr(), BODY.official)
    normal.font.size = BODY_SIZE
    spacing = OxmlElement("w:spacing")
    spacing.set(qn("w:val"), str(_TIGHTER))
    normal.element.get_or_add_rPr().append(spacing)
    _language(normal.element.get_or_add_rPr())
    _paragraph(normal, indent=True)
    for name, (face, size) in STYLES.items():
        style = document.styles[name]
        set_fonts(style.element.get_or_add_rPr(), face)
        style.font.size = size
        style.font.bold = False
        style.font.italic = False
        style.font.color.rgb = RGBColor(0, 0, 0)
        _paragraph(style, indent=name != "Title")
        style.paragraph_format.keep_with_next = True
    title = document.styles["Title"].paragraph_format
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    title.line_spacing = Pt(34)
    _extra(document, "表题", HEI.official, Pt(14), WD_ALIGN_PARAGRAPH.CENTER, keep=True)
    _extra(document, "单位", BODY.official, Pt(12), WD_ALIGN_PARAGRAPH.RIGHT, keep=True)
    _extra(document, "图题", HEI.official, Pt(14), WD_ALIGN_PARAGRAPH.CENTER)
    _extra(document, "表内", BODY.official, Pt(12), WD_ALIGN_PARAGRAPH.LEFT, line=Pt(17))
    _extra(document, "附表", BODY.official, Pt(9), WD_ALIGN_PARAGRAPH.LEFT, line=Pt(12))
    _extra(document, "附注", BODY.official, Pt(12), WD_ALIGN_PARAGRAPH.LEFT, line=Pt(18))
    _extra(document, "草稿标记", HEI.official, Pt(16), WD_ALIGN_PARAGRAPH.CENTER)


def _bare(style: Any) -> None:  # noqa: ANN401 - python-docx styles carry no types
    properties = style.element.get_or_add_rPr()
    for child in list(properties):
        properties.remove(child)
    paragraph = style.element.get_or_add_pPr()
    for child in list(paragraph):
        if child.tag not in {qn("w:outlineLvl"), qn("w:keepNext"), qn("w:keepLines")}:
            paragraph.remove(child)


def _paragraph(style: Any, *, indent: bool) -> None:  # noqa: ANN401
    form = style.paragraph_format
    form.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    form.line_spacing = LINE
    form.space_before = Pt(0)
    form.space_after = Pt(0)
    form.widow_control = False
    if indent:
        form.first_line_indent = Pt(32)
        style.element.get_or_add_pPr().find(qn("w:ind")).set(qn("w:firstLineChars"), "200")


def _extra(
    document: DocumentType,
    name: str,
    face: str,
    size: Pt,
    align: Any,  # noqa: ANN401 - an enumeration without types
    *,
    keep: bool = False,
    line: Pt = LINE,
) -> None:
    style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    style.base_style = document.styles["Normal"]
    set_fonts(style.element.get_or_add_rPr(), face)
    style.font.size = size
    form = style.paragraph_format
    form.alignment = align
    form.first_line_indent = Pt(0)
    style.element.get_or_add_pPr().find(qn("w:ind")).set(qn("w:firstLineChars"), "0")
    form.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    form.line_spacing = line
    form.keep_with_next = keep


def set_fonts(properties: Any, chinese: str) -> None:  # noqa: ANN401 - an lxml element
    """Name the Chinese face and Times New Roman for digits and letters; theme fonts are dropped."""
    fonts = properties.find(qn("w:rFonts"))
    if fonts is None:
        fonts = OxmlElement("w:rFonts")
        properties.insert(0, fonts)
    for key in list(fonts.attrib):
        del fonts.attrib[key]
    for name in ("ascii", "hAnsi", "cs"):
        fonts.set(qn(f"w:{name}"), LATIN.official)
    fonts.set(qn("w:eastAsia"), chinese)


def _language(properties: Any) -> None:  # noqa: ANN401
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "zh-CN")
    language.set(qn("w:eastAsia"), "zh-CN")
    properties.append(language)


def set_page(section: Section, *, wide: bool, draft: bool) -> None:
    """Give a section its page, margins, line grid, page numbers and draft mark."""
    if wide:
        section.orientation = WD_ORIENT.LANDSCAPE
        section.page_width, section.page_height = Twips(PAGE[1]), Twips(PAGE[0])
        # the page is turned to the left: its top margin comes to lie at the left
        section.left_margin, section.right_margin = Twips(MARGINS["bottom"]), Twips(MARGINS["top"])
        section.top_margin, section.bottom_margin = Twips(MARGINS["left"]), Twips(MARGINS["right"])
    else:
        section.orientation = WD_ORIENT.PORTRAIT
        section.page_width, section.page_height = Twips(PAGE[0]), Twips(PAGE[1])
        section.left_margin, section.right_margin = Twips(MARGINS["left"]), Twips(MARGINS["right"])
        section.top_margin, section.bottom_margin = Twips(MARGINS["top"]), Twips(MARGINS["bottom"])
    # the number stands 7 mm below the type area
    section.footer_distance = Twips((MARGINS["right"] if wide else MARGINS["bottom"]) - 397 - 400)
    section.header_distance = Twips(850)
    grid = section._sectPr.find(qn("w:docGrid"))  # noqa: SLF001 - python-docx has no grid
    if grid is None:
        grid = OxmlElement("w:docGrid")
        section._sectPr.append(grid)  # noqa: SLF001
    # "linesAndChars" doubles the character pitch in one common office program; lines alone are enough
    grid.set(qn("w:type"), "lines")
    grid.set(qn("w:linePitch"), "579")
    _numbers(section)
    if draft:
        for header in (section.header, section.even_page_header):
            header.is_linked_to_previous = False
            paragraph = header.paragraphs[0]
            paragraph.style = "单位"
            paragraph.text = "草稿"


def _numbers(section: Section) -> None:
    for footer, odd in ((section.footer, True), (section.even_page_footer, False)):
        footer.is_linked_to_previous = False
        paragraph = footer.paragraphs[0]
        for run in list(paragraph.runs):
            run._r.getparent().remove(run._r)  # noqa: SLF001
        form = paragraph.paragraph_format
        form.alignment = WD_ALIGN_PARAGRAPH.RIGHT if odd else WD_ALIGN_PARAGRAPH.LEFT
        form.first_line_indent = Pt(0)
        form.left_indent, form.right_indent = (Pt(0), Pt(14)) if odd else (Pt(14), Pt(0))
        for text in ("— ", None, " —"):
            run = paragraph.add_run(text or "")
            run.font.size = Pt(14)
            set_fonts(run._r.get_or_add_rPr(), SONG.official)  # noqa: SLF001
            if text is None:
                _field(run._r)  # noqa: SLF001


def _field(run: Any) -> None:  # noqa: ANN401 - an lxml element
    for kind, text in (("begin", None), (None, "PAGE"), ("end", None)):
        if kind is not None:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
        else:
            mark = OxmlElement("w:instrText")
            mark.set(qn("xml:space"), "preserve")
            mark.text = text
        run.append(mark)
