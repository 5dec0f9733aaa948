"""Names of the elements and attributes of WordprocessingML that the reader knows."""

from typing import Final

W_SPACE: Final = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_R_SPACE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_M_SPACE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/math"
_MC_SPACE: Final = "http://schemas.openxmlformats.org/markup-compatibility/2006"
_A_SPACE: Final = "http://schemas.openxmlformats.org/drawingml/2006/main"


def w(name: str) -> str:
    """The full name of a WordprocessingML element or attribute."""
    return f"{{{W_SPACE}}}{name}"


VAL: Final = w("val")
ID: Final = w("id")
TYPE: Final = w("type")
R_ID: Final = f"{{{_R_SPACE}}}id"
XML_SPACE: Final = "{http://www.w3.org/XML/1998/namespace}space"

BODY: Final = w("body")
PARAGRAPH: Final = w("p")
PARAGRAPH_FORMAT: Final = w("pPr")
RUN: Final = w("r")
RUN_FORMAT: Final = w("rPr")
TEXT: Final = w("t")
TABLE: Final = w("tbl")
ROW: Final = w("tr")
ROW_FORMAT: Final = w("trPr")
CELL: Final = w("tc")
CELL_FORMAT: Final = w("tcPr")
CONTROL: Final = w("sdt")
CONTROL_CONTENT: Final = w("sdtContent")
SECTION: Final = w("sectPr")
BOX_CONTENT: Final = w("txbxContent")
FIELD_MARK: Final = w("fldChar")
RUBY: Final = w("ruby")
RUBY_BASE: Final = w("rubyBase")
SYMBOL: Final = w("sym")
FOOTNOTE_REFERENCE: Final = w("footnoteReference")
ENDNOTE_REFERENCE: Final = w("endnoteReference")
VANISH: Final = w("vanish")

ALTERNATE: Final = f"{{{_MC_SPACE}}}AlternateContent"
CHOICE: Final = f"{{{_MC_SPACE}}}Choice"
FALLBACK: Final = f"{{{_MC_SPACE}}}Fallback"

MATH: Final = f"{{{_M_SPACE}}}oMath"
MATH_PARAGRAPH: Final = f"{{{_M_SPACE}}}oMathPara"
MATH_TEXT: Final = f"{{{_M_SPACE}}}t"
MATH_FRACTION: Final = f"{{{_M_SPACE}}}f"
MATH_NUMERATOR: Final = f"{{{_M_SPACE}}}num"
MATH_DENOMINATOR: Final = f"{{{_M_SPACE}}}den"
MATH_RAISED: Final = f"{{{_M_SPACE}}}sup"

PICTURES: Final = (f"{{{_A_SPACE}}}blip", "{urn:schemas-microsoft-com:vml}imagedata")
CHARTS: Final = (
    "{http://schemas.openxmlformats.org/drawingml/2006/chart}chart",
    "{http://schemas.openxmlformats.org/drawingml/2006/diagram}relIds",
    "{http://schemas.microsoft.com/office/drawing/2014/chartex}chart",
)
OBJECTS: Final = ("{urn:schemas-microsoft-com:office:office}OLEObject",)
IMPORTS: Final = frozenset({w("altChunk"), w("subDoc")})

# content that is no longer part of the document once all revisions are accepted
REMOVED: Final = frozenset({w("del"), w("moveFrom")})
ADDED: Final = frozenset({w("ins"), w("moveTo")})
# formatting and settings: nothing readable stands in them
SETTINGS: Final = frozenset(
    {
        PARAGRAPH_FORMAT,
        RUN_FORMAT,
        ROW_FORMAT,
        CELL_FORMAT,
        SECTION,
        w("sdtPr"),
        w("sdtEndPr"),
        w("tblPr"),
        w("tblGrid"),
        w("tblPrEx"),
        w("smartTagPr"),
        w("customXmlPr"),
        w("fldData"),
    }
)
_ON: Final = frozenset({"1", "true", "on"})


def is_on(value: str | None) -> bool:
    """Whether a switch such as `<w:vanish/>` is on; without a value it is."""
    return value is None or value in _ON
