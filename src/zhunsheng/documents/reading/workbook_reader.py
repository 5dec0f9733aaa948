"""Spreadsheets: every figure as its cell shows it, tables with the names of their sheets."""

import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Final

from zhunsheng.audit.document import Document
from zhunsheng.documents import workbook_guard
from zhunsheng.documents.reading import kinds
from zhunsheng.documents.reading.composing import Composer
from zhunsheng.documents.reading.number_format import plain
from zhunsheng.documents.reading.sheet_cells import MOST_CELLS, Sheet, SheetCell, compose
from zhunsheng.documents.reading.xlsx_parts import (
    Package,
    SheetContent,
    SheetPart,
    column_name,
    open_package,
    read_sheet,
)
from zhunsheng.kernel.hashing import sha256_of
from zhunsheng.kernel.place import Place
from zhunsheng.kernel.problem import Problem, Problems

_OLE: Final = bytes.fromhex("D0CF11E0A1B11AE1")
# what forbids a workbook to be imported into a case does not forbid to read the figures in it
_TOLERATED: Final = {
    workbook_guard.MACRO.code,
    workbook_guard.EXTERNAL_LINK.code,
    workbook_guard.NOT_A_WORKBOOK.code,
    workbook_guard.TOO_LARGE.code,
}
_KIND_OF: Final = {
    workbook_guard.ENCRYPTED.code: kinds.ENCRYPTED,
    workbook_guard.BOMB.code: kinds.BOMB,
    workbook_guard.UNSAFE_XML.code: kinds.DAMAGED,
}
_MOST_NAMED: Final = 10


def read_workbook(data: bytes, name: str) -> Document:
    """Read a workbook (.xlsx, .xlsm, .xls); what cannot be read is a problem of the document."""
    whole = Place(name)
    composer = Composer()
    problems = Problems()
    properties: dict[str, str] = {}
    if data.startswith(_OLE):
        file_format = "xls"
        problems.add(kinds.NO_FORMATS.at(whole, f"“{name}”是旧版 .xls，不能读取数字格式"))
        _read_old(data, name, composer, problems)
    else:
        file_format = "xlsx"
        _read_package(data, name, composer, problems, properties)
    if not composer.blocks and not problems.has_errors:
        problems.add(kinds.NO_TEXT.at(whole, f"“{name}”中没有可读的单元格"))
    return Document(
        name,
        file_format,
        sha256_of(data),
        composer.text,
        tuple(composer.blocks),
        tuple(composer.tables),
        problems=problems.as_tuple(),
        properties=properties,
    )


def _read_package(
    data: bytes, name: str, composer: Composer, problems: Problems, properties: dict[str, str]
) -> None:
    whole = Place(name)
    # the guard looks at the suffix too, and only for macros
    refused = workbook_guard.guard(data, name)
    for problem in refused:
        if problem.code not in _TOLERATED:
            kind = _KIND_OF.get(problem.code, kinds.DAMAGED)
            problems.add(kind.at(whole, problem.what, value=problem.value))
        elif problem.code in {workbook_guard.MACRO.code, workbook_guard.EXTERNAL_LINK.code}:
            problems.add(kinds.LEFT_ASIDE.at(whole, problem.what))
    if problems.has_errors:
        return
    try:
        package = open_package(data)
    except Exception as error:  # noqa: BLE001 - foreign bytes can break a library in any way
        problems.add(kinds.DAMAGED.at(whole, f"“{name}”无法读取（{type(error).__name__}）"))
        return
    with package.archive:
        _read_sheets(package, name, composer, problems)
    if not package.styles_known:
        problems.add(kinds.NO_FORMATS.at(whole, f"“{name}”的格式部分无法读取"))
    properties["sheets"] = str(len(package.sheets))


def _read_sheets(package: Package, name: str, composer: Composer, problems: Problems) -> None:
    left = MOST_CELLS
    for part in package.sheets:
        place = Place(name, sheet=part.title)
        try:
            content = read_sheet(package, part, left)
        except Exception as error:  # noqa: BLE001 - foreign bytes can break a library in any way
            what = f"工作表“{part.title}”无法读取（{type(error).__name__}）"
            problems.add(kinds.SHEET_DAMAGED.at(place, what))
            continue
        left -= len(content.sheet.cells)
        compose(composer, content.sheet)
        problems.extend(_said(part, content, place))


def _said(part: SheetPart, content: SheetContent, place: Place) -> Iterable[Problem]:
    """What the reader of findings must know about a sheet."""
    title = part.title
    if content.unread:
        yield kinds.CUT_OFF.at(
            place,
            f"全部工作表共读取 {MOST_CELLS:,} 个单元格，工作表“{title}”还有约 {content.unread:,} 个没有读取",
        )
    if not part.visible and content.sheet.cells:
        yield kinds.HIDDEN_PARTS.at(place, f"工作表“{title}”是隐藏的")
    if content.hidden_rows:
        rows = _named([str(row + 1) for row in sorted(content.hidden_rows)])
        yield kinds.HIDDEN_PARTS.at(place, f"工作表“{title}”隐藏了第 {rows} 行")
    if content.hidden_columns:
        columns = _named([column_name(column) for column in sorted(content.hidden_columns)])
        yield kinds.HIDDEN_PARTS.at(place, f"工作表“{title}”隐藏了第 {columns} 列")
    for kind, cells, words in (
        (kinds.NO_RESULT, content.without_result, "公式没有计算结果"),
        (kinds.ERROR_VALUE, content.errors, "显示为错误值"),
    ):
        if cells:
            at = Place(place.file, sheet=title, cell=cells[0])
            yield kind.at(at, f"工作表“{title}”有 {len(cells)} 个单元格{words}：{_named(cells)}")


def _named(names: Sequence[str]) -> str:
    shown = "、".join(names[:_MOST_NAMED])
    return shown if len(names) <= _MOST_NAMED else f"{shown} 等 {len(names)} 个"


def _read_old(data: bytes, name: str, composer: Composer, problems: Problems) -> None:
    """Read a workbook of the old binary format, whose number formats are not known."""
    from python_calamine import CalamineWorkbook, SheetVisibleEnum  # noqa: PLC0415 - seldom needed

    whole = Place(name)
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(data))
        left = MOST_CELLS
        for meta in workbook.sheets_metadata:
            visible = meta.visible == SheetVisibleEnum.Visible
            sheet = Sheet(meta.name)
            unread = 0
            source = workbook.get_sheet_by_name(meta.name)
            top, side = source.start or (0, 0)
            for number, row in enumerate(source.iter_rows()):
                for column, value in enumerate(row):
                    text = _plain_value(value)
                    if not text.strip():
                        continue
                    if len(sheet.cells) >= left:
                        unread += 1
                        continue
                    sheet.cells.append(SheetCell(number + top, column + side, text, not visible))
            left -= len(sheet.cells)
            compose(composer, sheet)
            content = SheetContent(sheet, unread)
            problems.extend(_said(SheetPart(meta.name, "", visible), content, Place(name, sheet=meta.name)))
    except Exception as error:  # noqa: BLE001 - foreign bytes can break a library in any way
        problems.add(kinds.DAMAGED.at(whole, f"“{name}”无法读取（{type(error).__name__}）"))


def _plain_value(value: object) -> str:
    """A value without its format."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, (int, float)):
        return plain(Decimal(repr(value)))
    if isinstance(value, datetime):
        return f"{value.year}/{value.month}/{value.day}" + (
            f" {value:%H:%M}" if value.time() != time(0) else ""
        )
    if isinstance(value, date):
        return f"{value.year}/{value.month}/{value.day}"
    if isinstance(value, (time, timedelta)):
        return str(value)
    return str(value).replace("\r\n", "\n").replace("\t", " ").rstrip() if value is not None else ""
