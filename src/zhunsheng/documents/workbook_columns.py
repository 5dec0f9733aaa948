"""What a case looks like on worksheets: sheet names, headers, formats and explanations of columns.

Reading and writing share this module, so that a header that is written is a header that is read.
"""

import re
import unicodedata
from typing import Final

from zhunsheng.plans.columns import Column, Holds
from zhunsheng.plans.sections import SECTIONS, Section

GUIDE: Final = "填写说明"
FACT_LIST: Final = "事实编码表"
ITEM: Final = "项目"
CONTENT: Final = "内容"
HINT: Final = "填写要求"
ROWS: Final = 2000
"""Rows of a table sheet that carry drop-downs and checks."""

LAST_HEADER_ROW: Final = 5
"""The header may stand in any row up to this one; titles may stand above it."""

YES: Final = "是"
NO: Final = "否"
LONGEST_CELL: Final = 32_767
"""Most UTF-16 units one cell can hold, a limit of the file format."""

_UNIT = "（万元）"
_WIDTHS = {
    Holds.TEXT: 20,
    Holds.LONG: 44,
    Holds.CODE: 13,
    Holds.INTEGER: 9,
    Holds.DECIMAL: 10,
    Holds.MONEY: 14,
    Holds.DATE: 13,
    Holds.BOOLEAN: 9,
    Holds.CHOICE: 16,
    Holds.LINES: 44,
    Holds.CODES: 18,
}
_HOW = {
    Holds.TEXT: "文字",
    Holds.LONG: "文字，可分段",
    Holds.CODE: "编码，不含空格和顿号",
    Holds.INTEGER: "整数",
    Holds.DECIMAL: "数字",
    Holds.MONEY: "金额，单位万元",
    Holds.DATE: "日期，如 2024-03-18",
    Holds.BOOLEAN: "是或否",
    Holds.CHOICE: "从下拉选项中选一项",
    Holds.LINES: "每行一条（单元格内换行用 Alt+Enter）",
    Holds.CODES: "一个或多个编码，用顿号分开",
}


def header_of(column: Column) -> str:
    """The header as it is written: label, the unit of money, and * when the column is required."""
    unit = _UNIT if column.holds is Holds.MONEY else ""
    return f"{column.label}{unit}{'*' if column.required else ''}"


def header_key(written: object) -> str:
    """What two headers have in common when they mean the same column.

    Full and half width, spaces, line breaks and the marks * and （万元） make no difference.
    """
    folded = re.sub(r"\s+", "", unicodedata.normalize("NFKC", str(written)))
    return folded.strip("*").removesuffix("(万元)").strip("*")


def columns_by_header(section: Section) -> dict[str, Column]:
    """Every accepted header of a section, as `header_key`, with its column; field names count too."""
    found = {column.name: column for column in section.columns}
    found |= {header_key(column.label): column for column in section.columns}
    return found


def width_of(column: Column) -> float:
    """Column width in characters, wide enough for the header in at most two lines."""
    # a Chinese character is two wide, so half the characters fit in as many columns
    return max(_WIDTHS[column.holds], len(header_of(column)) + 3)


def how_to_fill(column: Column) -> str:
    """What kind of content the column takes, in Chinese."""
    return _HOW[column.holds]


def choices_of(column: Column) -> tuple[str, ...]:
    """The labels to choose from; empty when the column is free."""
    if column.choices is not None:
        return tuple(getattr(member, "label", member.value) for member in column.choices)
    return (YES, NO) if column.holds is Holds.BOOLEAN else ()


def referred(column: Column) -> Section | None:
    """The section whose codes the column refers to, or None."""
    return next((section for section in SECTIONS if section.name == column.refers), None)


def meaning_of(column: Column) -> str:
    """The explanation of the column with what it refers to; may be empty."""
    target = referred(column)
    parts = [column.note] if column.note else []
    if target is not None:
        parts.append(f"填“{target.label}”表中已有的编码")
    return "；".join(parts)


def explanation_of(column: Column, *, example: bool = True) -> str:
    """The full explanation shown as a note on the header, one fact a line."""
    lines = [column.label, f"填写：{how_to_fill(column)}", f"必填：{YES if column.required else NO}"]
    if meaning_of(column):
        lines.append(f"说明：{meaning_of(column)}")
    if column.choices is not None:
        lines.append(f"选项：{'、'.join(choices_of(column))}")
    if example and column.example:
        lines.append(f"示例：{column.example}")
    return "\n".join(lines)
