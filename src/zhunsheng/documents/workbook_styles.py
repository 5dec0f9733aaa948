"""Looks of the case workbook: fonts, fills, widths, protection and notes."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.dimensions import ColumnDimension
from openpyxl.worksheet.header_footer import HeaderFooterItem, _HeaderFooterPart
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

TITLE: Final = "标题行"
BODY: Final = "说明文字"
HEADER: Final = "表头"
HEADER_REQUIRED: Final = "表头（必填）"
LABEL: Final = "项目名"
LABEL_REQUIRED: Final = "项目名（必填）"
HINT_TEXT: Final = "填写要求"
CELL_TEXT: Final = "填写文字"
CELL_CHOICE: Final = "填写选项"
CELL_NUMBER: Final = "填写数字"
CELL_DATE: Final = "填写日期"
FREE: Final = "表外"

# 宋体 is on every office computer the workbook will be opened on.
_FAMILY = "宋体"
_LINE = Side(style="thin", color="BFBFBF")
_BOX = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
_BLUE = PatternFill("solid", fgColor="DDEBF7")
_ORANGE = PatternFill("solid", fgColor="FCE4D6")
_GREY = PatternFill("solid", fgColor="F2F2F2")
_MIDDLE = Alignment(horizontal="center", vertical="center", wrap_text=True)
LEFT: Final = Alignment(horizontal="left", vertical="center", wrap_text=True)
_TOP = Alignment(horizontal="left", vertical="top", wrap_text=True)
_RIGHT = Alignment(horizontal="right", vertical="top")
_CENTRE = Alignment(horizontal="center", vertical="top", wrap_text=True)


_PLAIN = Font(name=_FAMILY, size=11)
_BOLD = Font(name=_FAMILY, size=11, bold=True)
_SMALL = Font(name=_FAMILY, size=10, color="595959")
_LOCKED = Protection(locked=True)
_UNLOCKED = Protection(locked=False)


@dataclass(frozen=True, slots=True)
class _Style:
    font: Font
    alignment: Alignment
    protection: Protection
    fill: PatternFill | None = None
    border: Border | None = None
    number_format: str = "General"


_STYLES: Final = {
    TITLE: _Style(Font(name="黑体", size=16), LEFT, _LOCKED),
    BODY: _Style(_PLAIN, _TOP, _LOCKED, border=_BOX),
    HEADER: _Style(_BOLD, _MIDDLE, _LOCKED, _BLUE, _BOX),
    HEADER_REQUIRED: _Style(_BOLD, _MIDDLE, _LOCKED, _ORANGE, _BOX),
    LABEL: _Style(_PLAIN, LEFT, _LOCKED, _BLUE, _BOX),
    LABEL_REQUIRED: _Style(_BOLD, LEFT, _LOCKED, _ORANGE, _BOX),
    HINT_TEXT: _Style(_SMALL, LEFT, _LOCKED, _GREY, _BOX),
    # text cells have the text format, so that editing "=1" or "001" in place leaves it text
    CELL_TEXT: _Style(_PLAIN, _TOP, _UNLOCKED, border=_BOX, number_format="@"),
    CELL_CHOICE: _Style(_PLAIN, _CENTRE, _UNLOCKED, border=_BOX),
    CELL_NUMBER: _Style(_PLAIN, _RIGHT, _UNLOCKED, border=_BOX),
    CELL_DATE: _Style(_PLAIN, _CENTRE, _UNLOCKED, border=_BOX, number_format="yyyy-mm-dd"),
    FREE: _Style(_PLAIN, _TOP, _UNLOCKED),
}


def add_styles(book: Workbook) -> None:
    """Register the named styles above in a new workbook."""
    for name, style in _STYLES.items():
        book.add_named_style(
            NamedStyle(
                name,
                font=style.font,
                fill=style.fill,
                border=style.border,
                alignment=style.alignment,
                protection=style.protection,
                number_format=style.number_format,
            )
        )


def style_column(dimension: ColumnDimension, name: str) -> None:
    """Give the empty cells of a column the look and lock of a style."""
    style = _STYLES[name]
    dimension.font = style.font
    dimension.alignment = style.alignment
    dimension.protection = style.protection
    dimension.number_format = style.number_format


def protect(sheet: Worksheet) -> None:
    """Lock the locked cells, without a password; everything about layout and rows stays allowed."""
    protection = sheet.protection
    protection.sheet = True
    for name in ("formatCells", "formatColumns", "formatRows", "insertRows", "deleteRows", "sort"):
        setattr(protection, name, False)
    protection.autoFilter = False


def print_layout(sheet: Worksheet, *, pages_wide: int = 1, title_columns: int = 0) -> None:
    """A4 landscape, `pages_wide` pages wide, the header row and the first columns on each page."""
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 9  # A4
    sheet.page_setup.fitToWidth = pages_wide
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.oddFooter = HeaderFooterItem(center=_HeaderFooterPart(text="&A　第 &P 页"))
    sheet.print_title_rows = "1:1"
    if title_columns:
        sheet.print_title_cols = f"A:{get_column_letter(title_columns)}"


def height_for(texts: Iterable[tuple[str, float]], *, limit: float = 400) -> float | None:
    """Row height for wrapped texts with their column widths; None when one line is enough.

    Programs differ in whether they fit rows to wrapped text when a file is opened, so rows that
    need more than one line say so themselves.
    """
    lines = max((lines_of(text, width) for text, width in texts), default=1)
    return None if lines == 1 else min(limit, 16.0 * lines)


def lines_of(text: str, width: float) -> int:
    """Number of lines of a text in a column of `width` characters."""
    return sum(max(1, math.ceil(shown_width(line) / max(width - 2, 1))) for line in text.split("\n"))


def shown_width(text: str) -> int:
    """Width of a text in columns of a fixed font: a Chinese character takes two."""
    return sum(2 if ord(char) > 0x2E7F or char in "“”‘’…—" else 1 for char in text)


def note(text: str) -> Comment:
    """A cell note large enough for its text."""
    lines = sum(1 + len(line) // 20 for line in text.split("\n"))
    return Comment(text, "准绳", height=24 + 18 * lines, width=300)
