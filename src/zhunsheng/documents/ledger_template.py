"""The empty workbook of a ledger: one sheet to fill in, one that explains every column."""

import io
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from openpyxl import Workbook
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.workbook.properties import CalcProperties
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from zhunsheng.documents import workbook_styles as styles
from zhunsheng.documents.ledger_workbook import GUIDE_SHEET, LISTS_SHEET
from zhunsheng.documents.stable_zip import repack
from zhunsheng.ledgers.definition import LedgerDefinition
from zhunsheng.ledgers.field import FieldDefinition, FieldType, Privacy

ROWS: Final = 20_000
"""Rows with drop-downs and checks; more may be filled in."""

_LONGEST_LIST: Final = 255
_LARGEST: Final = "1000000000000000"
_STYLES: Final = {
    FieldType.INTEGER: styles.CELL_NUMBER,
    FieldType.DECIMAL: styles.CELL_NUMBER,
    FieldType.MONEY: styles.CELL_NUMBER,
    FieldType.DATE: styles.CELL_DATE,
    FieldType.BOOLEAN: styles.CELL_CHOICE,
    FieldType.ENUM: styles.CELL_CHOICE,
}
_WIDTHS: Final = {
    FieldType.DATE: 13,
    FieldType.TIME: 20,
    FieldType.BOOLEAN: 11,
    FieldType.INTEGER: 13,
    FieldType.DECIMAL: 14,
    FieldType.MONEY: 18,
    FieldType.LIST: 28,
}
_GUIDE: Final = (
    ("栏目", 22), ("怎么填", 34), ("必填", 7), ("可填的值", 42), ("示例一", 24), ("示例二", 24), ("说明", 46), ("保密", 12)
)  # fmt: skip
_SHOWN_OPTIONS: Final = 40
# characters across a printed page in readable type
_PAGE_WIDTH: Final = 190


@dataclass(frozen=True, slots=True)
class _Names:
    """What other definitions call the things that fields point to."""

    code_lists: Mapping[str, Mapping[str, str]]
    ledgers: Mapping[str, str]


def write_ledger_template(
    ledger: LedgerDefinition,
    code_lists: Mapping[str, Mapping[str, str]],
    labels: Mapping[str, str] | None = None,
) -> bytes:
    """The template of a ledger, as the bytes of an .xlsx file; equal definitions give equal bytes.

    Args:
        code_lists: codes and labels of the lists that its fields name, by the name of the list.
        labels: Chinese labels of the ledgers that its fields point to, by code.
    """
    names = _Names(code_lists, labels or {})
    book = Workbook()
    book.properties.creator = "准绳"
    book.properties.title = f"{ledger.label}填写模板"
    book.calculation = CalcProperties(fullCalcOnLoad=False)
    styles.add_styles(book)
    sheet = book.worksheets[0]
    sheet.title = _title(ledger.label)
    guide = book.create_sheet(GUIDE_SHEET)
    lists = _Lists(book)
    _table(sheet, ledger, names, lists)
    _explain(guide, ledger, names)
    lists.finish()
    stream = io.BytesIO()
    book.save(stream)
    return repack(stream.getvalue())


class _Lists:
    """The hidden sheet with options that do not fit into a drop-down itself."""

    def __init__(self, book: Workbook) -> None:
        self.book = book
        self.sheet: Worksheet | None = None
        self.column = 0

    def add(self, title: str, options: list[str]) -> str:
        """Write options into a column; give the reference to them."""
        if self.sheet is None:
            self.sheet = self.book.create_sheet(LISTS_SHEET)
        self.column += 1
        self.sheet.cell(1, self.column, title)
        for row, option in enumerate(options, start=2):
            cell = self.sheet.cell(row, self.column, option)
            cell.data_type = "s"
        letter = get_column_letter(self.column)
        return f"{quote_sheetname(LISTS_SHEET)}!${letter}$2:${letter}${len(options) + 1}"

    def finish(self) -> None:
        if self.sheet is not None:
            self.sheet.sheet_state = "hidden"
            self.sheet.protection.sheet = True


def _title(label: str) -> str:
    return "".join("_" if char in r"[]:*?/\'" else char for char in label)[:31]


def heading_of(field: FieldDefinition) -> str:
    """The heading of a field: its label with unit, a star when it is required."""
    unit = "元" if field.type is FieldType.MONEY else field.unit
    return f"{field.label}{f'（{unit}）' if unit else ''}{'*' if field.required else ''}"


def _table(
    sheet: Worksheet,
    ledger: LedgerDefinition,
    names: _Names,
    lists: _Lists,
) -> None:
    fields = ledger.entered
    for place, field in enumerate(fields, start=1):
        letter = get_column_letter(place)
        text = heading_of(field)
        header = sheet.cell(1, place, text)
        header.style = styles.HEADER_REQUIRED if field.required else styles.HEADER
        header.comment = styles.note(_note(field, names))
        dimension = sheet.column_dimensions[letter]
        dimension.width = max(_WIDTHS.get(field.type, 20), min(28, styles.shown_width(text) + 3))
        # empty cells take their look and lock from the column
        styles.style_column(dimension, _STYLES.get(field.type, styles.CELL_TEXT))
        dimension.number_format = _number_format(field)
        _validate(sheet, field, f"{letter}2:{letter}{ROWS + 1}", names, lists)
    beyond = sheet.column_dimensions[get_column_letter(len(fields) + 1)]
    beyond.min, beyond.max = len(fields) + 1, 16_384
    styles.style_column(beyond, styles.FREE)
    sheet.row_dimensions[1].height = 36
    keys = [place for place, field in enumerate(fields, start=1) if field.name in ledger.key]
    sheet.freeze_panes = f"{get_column_letter(max(keys) + 1 if keys and max(keys) <= 3 else 1)}2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(fields))}1"
    total = sum(
        sheet.column_dimensions[get_column_letter(place)].width for place in range(1, len(fields) + 1)
    )
    styles.print_layout(sheet, pages_wide=math.ceil(total / _PAGE_WIDTH), title_columns=len(ledger.key))
    styles.protect(sheet)


def _number_format(field: FieldDefinition) -> str:
    match field.type:
        case FieldType.MONEY:
            return "#,##0.00"
        case FieldType.DECIMAL:
            return f"0.{'0' * field.places}" if field.places else "0"
        case FieldType.INTEGER:
            return "0"
        case FieldType.DATE:
            return "yyyy-mm-dd"
        case FieldType.TIME:
            return "yyyy-mm-dd hh:mm:ss"
        case FieldType.BOOLEAN | FieldType.ENUM:
            return "General"
        case _:
            # codes such as 001 keep their noughts
            return "@"


def _validate(
    sheet: Worksheet,
    field: FieldDefinition,
    cells: str,
    names: _Names,
    lists: _Lists,
) -> None:
    rule = _rule(field, names.code_lists, lists)
    if rule is None:
        return
    rule.allow_blank = True
    rule.showErrorMessage = True
    rule.errorTitle = field.label[:30]
    rule.error = f"请按要求填写：{how_to_fill(field, names.ledgers)}。"[:220]
    rule.add(cells)
    sheet.add_data_validation(rule)


def _rule(
    field: FieldDefinition, code_lists: Mapping[str, Mapping[str, str]], lists: _Lists
) -> DataValidation | None:
    if field.type is FieldType.BOOLEAN:
        return DataValidation(type="list", formula1='"是,否"')
    if field.type is FieldType.ENUM:
        labels = list(field.members.values())
        # two options may share a label; then codes tell them apart
        options = labels if len(set(labels)) == len(labels) else list(field.members)
        return _choice(field, options, lists, "stop")
    listed = code_lists.get(field.code_list)
    if listed and field.type is FieldType.TEXT:
        return _choice(field, list(listed), lists, "warning")
    if field.type is FieldType.INTEGER:
        least = "-" + _LARGEST if field.least is None else str(field.least)
        return DataValidation(type="whole", operator="between", formula1=least, formula2=_LARGEST)
    if field.type in {FieldType.DECIMAL, FieldType.MONEY}:
        least = "-" + _LARGEST if field.least is None else str(field.least)
        return DataValidation(type="decimal", operator="between", formula1=least, formula2=_LARGEST)
    if field.type is FieldType.DATE:
        # a spreadsheet knows no days before 1900; they are entered as texts after a question
        return DataValidation(
            type="date", operator="greaterThanOrEqual", formula1="DATE(1900,3,1)", errorStyle="warning"
        )
    if field.type is FieldType.TEXT and field.length:
        length = str(field.length)
        if field.exact_length:
            return DataValidation(type="textLength", operator="equal", formula1=length, errorStyle="warning")
        return DataValidation(
            type="textLength", operator="lessThanOrEqual", formula1=length, errorStyle="warning"
        )
    return None


def _choice(field: FieldDefinition, options: list[str], lists: _Lists, style: str) -> DataValidation:
    joined = ",".join(options)
    plain = len(joined) <= _LONGEST_LIST and not any("," in each or '"' in each for each in options)
    formula = f'"{joined}"' if plain else lists.add(field.label, options)
    return DataValidation(type="list", formula1=formula, errorStyle="stop" if style == "stop" else "warning")


_WORDS: Final = {
    FieldType.INTEGER: "填整数",
    FieldType.DECIMAL: "填数字，最多 {places} 位小数",
    FieldType.MONEY: "填金额，以元为单位，最多 2 位小数",
    FieldType.BOOLEAN: "填是或否",
    FieldType.DATE: "填日期，如 2021-03-05",
    FieldType.TIME: "填日期和时间，如 2021-03-05 14:30:00",
    FieldType.ENUM: "从下拉选项中选",
    FieldType.REFERENCE: "填“{target}”台账中的编码",
    FieldType.LIST: "可填多项，用顿号分开",
    FieldType.JSON: "填 JSON，由系统产生，一般留空",
    FieldType.TEXT: "填文字",
}


def how_to_fill(field: FieldDefinition, labels: Mapping[str, str]) -> str:
    """How a field is filled in, in a few words; `labels` of the ledgers pointed to, by code."""
    target = labels.get(field.target, field.target)
    words = _WORDS[field.type].format(places=field.places, target=target)
    if field.type is FieldType.LIST and target:
        words += f"，填“{target}”台账中的编码"
    if field.length and field.type is FieldType.TEXT:
        words += f"，{'应为' if field.exact_length else '最多'} {field.length} 个字"
    if field.unit:
        words += f"，单位：{field.unit}"
    return words if field.least is None else f"{words}，不小于 {field.least}"


def _options(field: FieldDefinition, code_lists: Mapping[str, Mapping[str, str]]) -> str:
    if field.type is FieldType.BOOLEAN:
        return "是、否"
    if field.members:
        return "、".join(field.members.values())
    listed = code_lists.get(field.code_list)
    if not listed:
        return ""
    shown = "；".join(f"{code} {label}" for code, label in list(listed.items())[:_SHOWN_OPTIONS])
    return (
        shown
        if len(listed) <= _SHOWN_OPTIONS
        else f"{shown}；……共 {len(listed)} 个，见代码表 {field.code_list}"
    )


def _note(field: FieldDefinition, names: _Names) -> str:
    parts = [("必填。" if field.required else "") + how_to_fill(field, names.ledgers) + "。"]
    options = _options(field, names.code_lists)
    if options and len(options) <= 200:
        parts.append(f"可填：{options}")
    if field.description:
        parts.append(field.description)
    if field.example:
        parts.append(f"示例：{field.example}")
    return "\n".join(parts)


def _examples(field: FieldDefinition) -> tuple[str, str]:
    """Two values a field may have."""
    match field.type:
        case FieldType.BOOLEAN:
            return "是", "否"
        case FieldType.DATE:
            return "2023-03-05", "2023-11-20"
        case FieldType.TIME:
            return "2023-03-05 09:30:00", "2023-11-20 15:00:00"
        case FieldType.INTEGER:
            return _numbers(field, ("1", "12"))
        case FieldType.DECIMAL:
            places = field.places
            return (
                f"12{'.5' + '0' * (places - 1) if places else ''}",
                f"3{'.' + '0' * places if places else ''}",
            )
        case FieldType.MONEY:
            return "12800.00", "3500.50"
        case FieldType.ENUM:
            labels = list(field.members.values())
            return labels[0], labels[-1]
        case FieldType.LIST if field.members:
            labels = list(field.members.values())
            return "、".join(labels[:2]), labels[-1]
        case _:
            return field.example, ""


def _numbers(field: FieldDefinition, plain: tuple[str, str]) -> tuple[str, str]:
    if "年度" in field.label or field.name.endswith("year"):
        return "2023", "2024"
    return plain if field.least is None or field.least <= 1 else (str(field.least), str(field.least + 1))


def _explain(sheet: Worksheet, ledger: LedgerDefinition, names: _Names) -> None:
    title = sheet.cell(1, 1, f"{ledger.label}　填写说明")
    title.style = styles.TITLE
    sheet.row_dimensions[1].height = 28
    lines = (
        ledger.description,
        "在第一张工作表从第 2 行起填写，一行一条记录；不要改动、移动或合并表头，不要留合计行。带 * 的栏目必填。",
        "下面的两个示例只供对照，不会导入。",
        *(f"检查（{each.level.label}）：{each.message}。{each.remedy}" for each in ledger.checks),
        *(
            f"不得重复：{'、'.join(ledger.by_name[name].label for name in group)}。"
            for group in (ledger.key, *ledger.unique)
        ),
    )
    total = sum(width for _, width in _GUIDE)
    row = 2
    for line in lines:
        cell = sheet.cell(row, 1, line)
        cell.style = styles.HINT_TEXT
        sheet.merge_cells(start_row=row, start_column=1, end_row=row, end_column=len(_GUIDE))
        sheet.row_dimensions[row].height = styles.height_for([(line, total)]) or 18
        row += 1
    row += 1
    for place, (name, width) in enumerate(_GUIDE, start=1):
        sheet.cell(row, place, name).style = styles.HEADER
        sheet.column_dimensions[get_column_letter(place)].width = width
    sheet.freeze_panes = f"B{row + 1}"
    for field in ledger.entered:
        row += 1
        first, second = _examples(field)
        texts = (
            field.label,
            how_to_fill(field, names.ledgers),
            "是" if field.required else "",
            _options(field, names.code_lists),
            first,
            second,
            field.description,
            field.privacy.label if field.privacy is not Privacy.INTERNAL else "",
        )
        for place, text in enumerate(texts, start=1):
            cell = sheet.cell(row, place, text)
            cell.style = styles.BODY
            cell.data_type = "s"
        if field.required:
            sheet.cell(row, 1).style = styles.LABEL_REQUIRED
        widths = [width for _, width in _GUIDE]
        sheet.row_dimensions[row].height = styles.height_for(list(zip(texts, widths, strict=True))) or 18
    styles.print_layout(sheet)
    sheet.print_title_rows = None
    sheet.protection.sheet = True
