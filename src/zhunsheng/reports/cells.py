"""Small makers of runs, cells and rows, so that the outline reads like the outline."""

from collections.abc import Iterable, Sequence
from typing import Literal

from zhunsheng.reports.tree import Cell, Paragraph, Run, Runs, Text

Align = Literal["left", "centre", "right"]


def runs(*parts: str | Run) -> Runs:
    """Runs from texts and numbers; empty texts are dropped."""
    return tuple(Text(part) if isinstance(part, str) else part for part in parts if part != "")


def paragraph(*parts: str | Run) -> Paragraph:
    """A body paragraph."""
    return Paragraph(runs(*parts))


def cell(
    *parts: str | Run, align: Align = "left", rows: int = 1, columns: int = 1, head: bool = False
) -> Cell:
    """A table cell."""
    return Cell(runs(*parts), rows, columns, align, head)


def head_row(*labels: str) -> tuple[Cell, ...]:
    """A header row of single cells."""
    return tuple(cell(label, align="centre", head=True) for label in labels)


def merged_column(labels: Sequence[str]) -> list[int]:
    """How many rows each cell of a column spans when equal neighbours are merged; 0 for swallowed rows.

    >>> merged_column(["a", "a", "b"])
    [2, 0, 1]
    """
    spans = [0] * len(labels)
    start = 0
    for index in range(1, len(labels) + 1):
        if index == len(labels) or labels[index] != labels[start]:
            spans[start] = index - start
            start = index
    return spans


def quoted(name: str) -> str:
    """A name in quotation marks; marks inside it become the inner ones.

    >>> quoted("“三公经费”控制情况")
    '“‘三公经费’控制情况”'
    """
    return f"“{name.replace('“', '‘').replace('”', '’')}”"


def listed(texts: Iterable[str]) -> str:
    """Texts joined as a Chinese list."""
    return "、".join(texts)


CHINESE_NUMERALS = "一二三四五六七八九十"


def chinese_ordinal(number: int) -> str:
    """1 → 一 … 99 → 九十九, for numbering.

    >>> chinese_ordinal(21)
    '二十一'
    """
    tens, ones = divmod(number, 10)
    if number <= 10:
        return CHINESE_NUMERALS[number - 1]
    head = "十" if tens == 1 else f"{CHINESE_NUMERALS[tens - 1]}十"
    return head + (CHINESE_NUMERALS[ones - 1] if ones else "")
