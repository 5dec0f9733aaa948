"""The paragraph styles of GB/T 9704-2012 for Word. Sizes in points, indents in characters."""

from dataclasses import dataclass
from typing import Any, Literal

from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from zhunsheng.documents.fonts import BODY, HEI, KAI, LATIN, SONG, TITLE

LINE = 28.95
# 28 characters of 16 pt are 448 pt and the type area is 442.25 pt wide: each gives up 0.25 pt
_TIGHTER = -0.25

Align = Literal["left", "center", "right", "both"]


@dataclass(frozen=True, slots=True)
class ParagraphStyle:
    """A paragraph style.

    Attributes:
        identifier: what paragraphs refer to.
        name: name shown by Word; built-in names keep their meaning ("heading 1").
        face: official name of the Chinese face.
        size: type size in points.
        latin: face of digits and Latin letters.
        line: exact distance of lines in points.
        indent: first-line indent in characters.
        keep: whether it stays on the page of what follows.
        outline: outline level of a heading, 0 for the first; None for text.
    """

    identifier: str
    name: str
    face: str
    size: float
    align: Align = "left"
    latin: str = LATIN.official
    line: float = LINE
    indent: int = 0
    keep: bool = False
    outline: int | None = None


NORMAL = ParagraphStyle("Normal", "Normal", BODY.official, 16, "both", indent=2)
DRAFT = ParagraphStyle("DraftMark", "草稿标记", HEI.official, 16, "center")
CAPTION = ParagraphStyle("TableCaption", "表题", HEI.official, 14, "center", line=26, keep=True)
UNIT = ParagraphStyle("TableUnit", "单位", BODY.official, 12, "right", line=20, keep=True)
CELL = ParagraphStyle("TableText", "表内", BODY.official, 12, line=17)
NARROW_CELL = ParagraphStyle("TableTextNarrow", "表内小字", BODY.official, 10.5, line=15)
SMALL_CELL = ParagraphStyle("TableTextSmall", "附表", BODY.official, 9, line=12)
NOTE = ParagraphStyle("TableNote", "附注", BODY.official, 12, "both", line=18)
PICTURE = ParagraphStyle("Picture", "图", BODY.official, 12, "center", line=0, keep=True)
CHART_CAPTION = ParagraphStyle("ChartCaption", "图题", HEI.official, 14, "center", line=26)
GAP = ParagraphStyle("Gap", "表后空", BODY.official, 8, line=12)
HEADER = ParagraphStyle("Header", "header", HEI.official, 16, "right", line=20)
FOOTER = ParagraphStyle("Footer", "footer", SONG.official, 14, latin=SONG.official, line=20)
TITLE_STYLE = ParagraphStyle("Title", "Title", TITLE.official, 22, "center", line=34, keep=True)
_HEADING_FACES = (HEI.official, KAI.official, BODY.official, BODY.official)
HEADINGS = tuple(
    ParagraphStyle(
        f"Heading{level}", f"heading {level}", face, 16, "both", indent=2, keep=True, outline=level - 1
    )
    for level, face in enumerate(_HEADING_FACES, 1)
)
STYLES = (
    NORMAL,
    TITLE_STYLE,
    *HEADINGS,
    DRAFT,
    CAPTION,
    UNIT,
    CELL,
    NARROW_CELL,
    SMALL_CELL,
    NOTE,
    PICTURE,
    CHART_CAPTION,
    GAP,
    HEADER,
    FOOTER,
)


def element(tag: str, **values: object) -> Any:  # noqa: ANN401 - an lxml element
    """A WordprocessingML element with attributes of the same name space."""
    made = OxmlElement(tag)
    for name, value in values.items():
        made.set(qn(f"w:{name}"), str(value))
    return made


def replace_styles(styles: Any) -> None:  # noqa: ANN401 - an lxml element
    """Replace every style of a document's `w:styles` by those of the standard; no theme face remains."""
    for child in list(styles):
        if child.tag in {qn("w:style"), qn("w:docDefaults")}:
            styles.remove(child)
    styles.insert(0, _defaults())
    for style in STYLES:
        styles.append(_style(style))
    for kind, identifier, name in (
        ("character", "DefaultParagraphFont", "Default Paragraph Font"),
        ("table", "TableNormal", "Normal Table"),
        ("numbering", "NoList", "No List"),
    ):
        made = element("w:style", type=kind, default=1, styleId=identifier)
        made.append(element("w:name", val=name))
        styles.append(made)


def face_element(chinese: str, latin: str = LATIN.official) -> Any:  # noqa: ANN401
    """The faces of a run or style. Chinese punctuation that Latin also has counts as Chinese."""
    return element("w:rFonts", hint="eastAsia", ascii=latin, hAnsi=latin, cs=latin, eastAsia=chinese)


def half_points(points: float) -> int:
    """A type size as Word counts it."""
    return round(points * 2)


def twips(points: float) -> int:
    """A length as Word counts it."""
    return round(points * 20)


def _defaults() -> Any:  # noqa: ANN401
    characters = element("w:rPr")
    characters.append(face_element(BODY.official))
    # digits keep together in a line only when they are not said to be Chinese
    characters.append(element("w:lang", val="en-US", eastAsia="zh-CN", bidi="ar-SA"))
    defaults = element("w:docDefaults")
    for tag, content in (("w:rPrDefault", characters), ("w:pPrDefault", element("w:pPr"))):
        holder = element(tag)
        holder.append(content)
        defaults.append(holder)
    return defaults


def _style(style: ParagraphStyle) -> Any:  # noqa: ANN401
    made = element("w:style", type="paragraph", styleId=style.identifier)
    if style is NORMAL:
        made.set(qn("w:default"), "1")
    elif style.name not in {"Title", "header", "footer"} and style.outline is None:
        made.set(qn("w:customStyle"), "1")
    made.append(element("w:name", val=style.name))
    if style is not NORMAL:
        made.append(element("w:basedOn", val=NORMAL.identifier))
    if style.outline is not None or style is TITLE_STYLE:
        made.append(element("w:next", val=NORMAL.identifier))
    made.append(element("w:qFormat"))
    made.append(_paragraph_properties(style))
    made.append(_run_properties(style))
    return made


def _paragraph_properties(style: ParagraphStyle) -> Any:  # noqa: ANN401
    properties = element("w:pPr")
    properties.append(element("w:keepNext", val=int(style.keep)))
    properties.append(element("w:widowControl", val=0))
    if style.line != LINE:
        # other sizes would be pulled to the grid of the body lines
        properties.append(element("w:snapToGrid", val=0))
    spacing = {"before": 0, "after": 0}
    if style.line:
        properties.append(element("w:spacing", **spacing, line=twips(style.line), lineRule="exact"))
    else:
        properties.append(element("w:spacing", **spacing, line=240, lineRule="auto"))
    properties.append(
        element("w:ind", firstLineChars=style.indent * 100, firstLine=twips(style.indent * style.size))
    )
    properties.append(element("w:jc", val=style.align))
    if style.outline is not None:
        properties.append(element("w:outlineLvl", val=style.outline))
    return properties


def _run_properties(style: ParagraphStyle) -> Any:  # noqa: ANN401
    properties = element("w:rPr")
    properties.append(face_element(style.face, style.latin))
    properties.append(element("w:color", val="000000"))
    properties.append(element("w:spacing", val=twips(_TIGHTER) if style.size == NORMAL.size else 0))
    properties.append(element("w:sz", val=half_points(style.size)))
    properties.append(element("w:szCs", val=half_points(style.size)))
    return properties
