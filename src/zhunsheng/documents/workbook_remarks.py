"""Merged and hidden parts of a worksheet: what they are called in problems."""

from collections.abc import Iterable
from typing import Final

from openpyxl.utils import get_column_letter

from zhunsheng.documents.workbook_kinds import HIDDEN, MERGED
from zhunsheng.documents.workbook_structure import MOST_COLUMNS, MOST_ROWS, SheetStructure
from zhunsheng.kernel.place import Place
from zhunsheng.kernel.problem import Problems

# Cells of merged ranges looked at; a file can name ranges far larger than any sheet in use.
_MOST_CELLS: Final = 200_000


def merged_ranges(structure: SheetStructure, whole: Place, header_row: int, problems: Problems) -> set[Place]:
    """Name every merged range from the header row on; give the cells they left empty."""
    emptied: set[Place] = set()
    looked_at = 0
    for text, first_column, first_row, last_column, last_row in structure.merged:
        if last_row < header_row or first_row > max(structure.last_row, header_row):
            continue
        place = Place(whole.file, sheet=whole.sheet, cell=f"{get_column_letter(first_column)}{first_row}")
        problems.add(MERGED.at(place, f"{text} 是合并单元格，只有左上角的内容会被读取", value=text))
        for row in range(first_row, min(last_row, structure.last_row, MOST_ROWS) + 1):
            for column in range(first_column, min(last_column, MOST_COLUMNS) + 1):
                looked_at += 1
                if looked_at > _MOST_CELLS:
                    break
                cell = f"{get_column_letter(column)}{row}"
                emptied.add(Place(whole.file, sheet=whole.sheet, cell=cell))
    return emptied


def hidden_parts(structure: SheetStructure, whole: Place, *, hidden: bool, problems: Problems) -> None:
    """Note a hidden sheet, hidden rows with content and hidden columns; all of them are read."""
    if hidden:
        problems.add(HIDDEN.at(whole, f"工作表“{whole.sheet}”是隐藏的，已读取"))
    if structure.hidden_rows:
        rows = _spans(structure.hidden_rows)
        problems.add(HIDDEN.at(whole, f"第 {'、'.join(rows)} 行是隐藏的，已读取"))
    # the columns beyond the content are often hidden for looks
    within = [span for span in structure.hidden_columns if span[0] <= structure.last_column]
    if within:
        columns = "、".join(
            get_column_letter(first)
            if first == last
            else f"{get_column_letter(first)}–{get_column_letter(last)}"
            for first, last in within
        )
        problems.add(HIDDEN.at(whole, f"{columns} 列是隐藏的，已读取"))


def _spans(numbers: Iterable[int]) -> list[str]:
    """Consecutive numbers joined: 5, 7–9."""
    spans: list[list[int]] = []
    for number in sorted(numbers):
        if spans and number == spans[-1][1] + 1:
            spans[-1][1] = number
        else:
            spans.append([number, number])
    return [str(first) if first == last else f"{first}–{last}" for first, last in spans]
