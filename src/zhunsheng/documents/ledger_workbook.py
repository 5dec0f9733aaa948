"""Reading the tables of a workbook for a ledger: values only, whatever else the workbook holds."""

import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from zhunsheng.documents.ledger_guard import guard_ledger, is_refused
from zhunsheng.kernel.place import Place
from zhunsheng.kernel.problem import Kind, Problem, Severity

GUIDE_SHEET: Final = "填写说明"
"""The sheet of explanations in our templates; never read as records."""
LISTS_SHEET: Final = "选项"

UNREADABLE = Kind("BOOK-040", Severity.ERROR, "工作簿无法读取", "在 Excel 或 WPS 中打开并另存后重试。")
SHEET_UNREADABLE = Kind("BOOK-041", Severity.ERROR, "工作表无法读取", "在 Excel 或 WPS 中打开并另存后重试。")
HIDDEN_PARTS = Kind(
    "BOOK-042", Severity.WARNING, "隐藏的行列和工作表也会读取", "不需要的内容请删除，不要只是隐藏。"
)
MERGED_CELLS = Kind(
    "BOOK-043", Severity.WARNING, "合并单元格只有左上角有内容，其余按空值读取", "取消合并，逐行填写。"
)
NO_RESULTS = Kind(
    "BOOK-044", Severity.WARNING, "公式没有保存计算结果，按空值读取", "在 Excel 或 WPS 中打开并保存后重试。"
)

_MOST_CELLS: Final = 40_000_000
_MOST_NAMED: Final = 5
_HIDDEN_ROW: Final = re.compile(rb"<(?:\w+:)?row\b(?=[^>]*\bhidden=\"(?:1|true)\")[^>]*\br=\"(\d+)\"")
_HIDDEN_COLUMN: Final = re.compile(rb"<(?:\w+:)?col\b[^>]*\bhidden=\"(?:1|true)\"")
_NO_RESULT: Final = re.compile(
    rb"<(?:\w+:)?c\b[^>]*\br=\"([A-Z]+\d+)\"[^>]*>\s*<(?:\w+:)?f\b[^>]*(?:/>|>[^<]*</(?:\w+:)?f>)\s*(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v></(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)


@dataclass(frozen=True, slots=True)
class LedgerSheet:
    """The table of one worksheet.

    Attributes:
        first_line: row number of the first row.
        rows: values as the spreadsheet keeps them; texts, numbers, dates.
    """

    name: str
    first_line: int
    rows: Sequence[Sequence[object]]


def read_ledger_workbook(data: bytes, name: str) -> tuple[tuple[LedgerSheet, ...], tuple[Problem, ...]]:
    """The tables of a workbook, and what a person must know about it. No bytes make this raise."""
    problems = list(guard_ledger(data, name))
    if is_refused(tuple(problems)):
        return (), tuple(problems)
    sheets: list[LedgerSheet] = []
    left = _MOST_CELLS
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(data))
        for meta in workbook.sheets_metadata:
            if meta.typ is not SheetTypeEnum.WorkSheet or meta.name in {GUIDE_SHEET, LISTS_SHEET}:
                continue
            place = Place(name, sheet=meta.name)
            try:
                source = workbook.get_sheet_by_name(meta.name)
                left -= source.height * source.width
                if left < 0:
                    problems.append(SHEET_UNREADABLE.at(place, f"工作表“{meta.name}”的单元格过多"))
                    break
                rows = source.to_python(skip_empty_area=True)
            except Exception as error:  # noqa: BLE001 - foreign bytes can break the library in any way
                what = f"工作表“{meta.name}”无法读取（{type(error).__name__}）"
                problems.append(SHEET_UNREADABLE.at(place, what))
                continue
            if not rows:
                continue
            top, side = source.start or (0, 0)
            # columns keep their letters: a table that begins at column B has an empty first column
            padded: Sequence[Sequence[object]] = (
                [["" for _ in range(side)] + list(row) for row in rows] if side else rows
            )
            sheets.append(LedgerSheet(meta.name, top + 1, padded))
            if meta.visible is not SheetVisibleEnum.Visible:
                problems.append(HIDDEN_PARTS.at(place, f"工作表“{meta.name}”是隐藏的，已读取"))
            problems += _merged(source.merged_cell_ranges or [], top, place)
    except Exception as error:  # noqa: BLE001 - foreign bytes can break the library in any way
        return (), (*problems, UNREADABLE.at(Place(name), f"“{name}”无法读取（{type(error).__name__}）"))
    problems += _structure(data, name, {each.name for each in sheets})
    return tuple(sheets), tuple(problems)


def _merged(
    ranges: Sequence[tuple[tuple[int, int], tuple[int, int]]], top: int, place: Place
) -> Iterator[Problem]:
    below = [each for each in ranges if each[1][0] > top]
    if below:
        (row, column), _ = below[0]
        cell = f"{column_letter(column)}{row + 1}"
        yield MERGED_CELLS.at(
            Place(place.file, sheet=place.sheet, cell=cell),
            f"工作表“{place.sheet}”有 {len(below)} 处合并单元格，首处在 {cell}",
        )


def column_letter(position: int) -> str:
    """The letters of a column, counted from 0.

    >>> column_letter(0), column_letter(26)
    ('A', 'AA')
    """
    letters = ""
    number = position + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _structure(data: bytes, name: str, known: set[str]) -> list[Problem]:
    """Hidden rows and columns and formulas without results, found in the XML without interpreting it."""
    problems: list[Problem] = []
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            for title, part in _parts(package).items():
                if title in known:
                    problems += _of_sheet(package.read(part), Place(name, sheet=title))
    except (zipfile.BadZipFile, KeyError, ValueError, OSError, NotImplementedError):
        return problems
    return problems


_SHEET: Final = re.compile(r"<(?:\w+:)?sheet\b[^>]*>")
_RELATION: Final = re.compile(r"<(?:\w+:)?Relationship\b[^>]*>")
_ATTRIBUTE: Final = re.compile(r"([\w:]+)\s*=\s*\"([^\"]*)\"")


def _parts(package: zipfile.ZipFile) -> dict[str, str]:
    """The part of every sheet by its title."""
    from html import unescape  # noqa: PLC0415 - only here

    book = package.read("xl/workbook.xml").decode("utf-8", "replace")
    relations = package.read("xl/_rels/workbook.xml.rels").decode("utf-8", "replace")
    targets = {}
    for element in _RELATION.findall(relations):
        given = dict(_ATTRIBUTE.findall(element))
        target = given.get("Target", "")
        targets[given.get("Id", "")] = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    found = {}
    for element in _SHEET.findall(book):
        given = dict(_ATTRIBUTE.findall(element))
        identity = next((value for key, value in given.items() if key.endswith(":id")), "")
        if identity in targets:
            found[unescape(given.get("name", ""))] = targets[identity]
    return found


def _of_sheet(content: bytes, place: Place) -> Iterator[Problem]:
    hidden = [int(each) for each in _HIDDEN_ROW.findall(content)] if b"hidden=" in content else []
    if hidden:
        shown = "、".join(str(each) for each in hidden[:_MOST_NAMED])
        more = f" 等 {len(hidden)} 行" if len(hidden) > _MOST_NAMED else " 行"
        yield HIDDEN_PARTS.at(place, f"工作表“{place.sheet}”的第 {shown}{more}是隐藏的，已读取")
    if b"hidden=" in content and _HIDDEN_COLUMN.search(content):
        yield HIDDEN_PARTS.at(place, f"工作表“{place.sheet}”有隐藏的列，已读取")
    empty = _NO_RESULT.findall(content) if b"<f" in content or b":f" in content else []
    if empty:
        cell = empty[0].decode()
        yield NO_RESULTS.at(
            Place(place.file, sheet=place.sheet, cell=cell),
            f"工作表“{place.sheet}”有 {len(empty)} 个公式没有计算结果，首处在 {cell}",
        )
