"""From foreign rows with places to a `Case`: all faults at once, nothing half-read.

Every adapter (directory, workbook, later the database) hands over the same thing: a mapping from
section name to a located mapping (record) or a located list of located mappings (table).
"""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from zhunsheng.kernel.located import MISSING, NOT_A_CHOICE, UNKNOWN_KEY, WRONG_TYPE, Located, is_reasonable
from zhunsheng.kernel.money import Money
from zhunsheng.kernel.place import Place
from zhunsheng.kernel.problem import Kind, Problem, Problems, Severity
from zhunsheng.kernel.rounding import plain
from zhunsheng.kernel.written import parse_date, parse_decimal
from zhunsheng.plans.case import Case
from zhunsheng.plans.checks import CaseRows, check_case
from zhunsheng.plans.columns import Column, Holds, empty_value
from zhunsheng.plans.sections import SECTIONS, Section

UNKNOWN_SECTION = Kind(
    "CASE-001",
    Severity.ERROR,
    "年度档案只有规定的部分",
    "删除该部分，或改成模板里有的名称。",
)
MISSING_SECTION = Kind(
    "CASE-002",
    Severity.ERROR,
    "年度档案缺少必需的部分",
    "补上该部分；可用 zhunsheng case template 取得模板。",
)
CONTROL_CHARACTER = Kind("CASE-003", Severity.ERROR, "文字中不能有不可见的控制字符", "删除该字符后重试。")
TOO_LONG = Kind("CASE-004", Severity.ERROR, "文字过长", "缩短到 30,000 字以内，或拆成多段。")

_CONTROL = re.compile("[\\x00-\\x08\\x0b-\\x1f\\x7f\\ufeff\\ufffe\\uffff\\ud800-\\udfff]")
_LONGEST = 30_000
_LARGEST_INTEGER = 10**18  # no count is larger, and endless digits cannot even be printed
_YES = {"是", "true", "1", "y", "yes"}
_NO = {"否", "false", "0", "n", "no"}
_CODE_SEPARATORS = re.compile(r"[、,，;；\s]+")


def read_case(
    sections: Mapping[str, Located], whole: Place, unread: frozenset[str] = frozenset()
) -> tuple[Case | None, tuple[Problem, ...]]:
    """Read a case.

    Args:
        sections: what an adapter found, by section name.
        whole: place of the directory or workbook, for what is missing.
        unread: sections the adapter could not read and has said so; what follows from that is not repeated.

    Returns:
        The case, or None when there is any error, and all problems found.
    """
    problems = Problems()
    known = {section.name for section in SECTIONS}
    for name, node in sections.items():
        if name not in known:
            problems.add(UNKNOWN_SECTION.at(node.place, f"没有名为“{name}”的部分", value=name))
    rows: CaseRows = {}
    for section in SECTIONS:
        rows[section.name] = _read_section(
            section, sections.get(section.name), whole, problems, section.name in unread
        )
    # relations are checked on what could be read, so that all faults come at once
    problems.extend(check_case(rows, unread))
    if problems.has_errors or unread:
        return None, _in_order(problems)
    return _assemble(rows), _in_order(problems)


def _assemble(rows: CaseRows) -> Case:
    content: dict[str, Any] = {}
    for section in SECTIONS:
        records = tuple(record for record, _ in rows[section.name])
        if section.file.endswith("/"):
            # one file per row: a directory has no order but that of the names
            records = tuple(sorted(records, key=lambda record: str(getattr(record, section.key[0]))))
        content[section.name] = records[0] if section.shape == "record" else records
    return Case(**content)


def _in_order(problems: Problems) -> tuple[Problem, ...]:
    rank = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.NOTE: 2}
    return tuple(sorted(problems.found, key=lambda problem: rank[problem.severity]))


def _read_section(
    section: Section, node: Located | None, whole: Place, problems: Problems, unread: bool
) -> list[tuple[Any, Located]]:
    if node is None or node.value is None:
        if section.name in {"about", "body"} and not unread:
            problems.add(
                MISSING_SECTION.at(whole, f"缺少“{section.label}”（{section.file} 的 {section.name}）")
            )
        return []
    if section.shape == "record":
        return [_read_record(section, node, problems)]
    if not isinstance(node.value, list):
        problems.add(WRONG_TYPE.at(node.place, f"“{section.label}”应为列表"))
        return []
    return [_read_record(section, row, problems) for row in node.value]


def _read_record(section: Section, row: Located, problems: Problems) -> tuple[Any, Located]:
    if not isinstance(row.value, Mapping):
        problems.add(WRONG_TYPE.at(row.place, f"“{section.label}”的每一项应为“字段: 值”的形式"))
        return section.record(), Located({}, row.place)
    names = {column.name for column in section.columns}
    for name, cell in row.value.items():
        if name not in names:
            problems.add(UNKNOWN_KEY.at(cell.place, f"“{section.label}”没有名为“{name}”的字段", value=name))
    return section.record(**read_values(section.label, section.columns, row, problems)), row


def read_values(what: str, columns: Iterable[Column], row: Located, problems: Problems) -> dict[str, object]:
    """Read some fields of a record.

    Args:
        what: the label of the section, for messages.
        columns: the fields to read; others are not looked at.
        row: a located mapping of located values.
        problems: gets every fault, with the place of its field.

    Returns:
        The values by field; a field that is left blank is absent, one that is wrong has its empty value.
    """
    assert isinstance(row.value, Mapping)  # noqa: S101 - a row is a mapping, the callers see to it
    values: dict[str, object] = {}
    for column in columns:
        found = row.value.get(column.name)
        if found is None or found.is_blank or found.value == []:
            if column.required:
                place = row.place if found is None else found.place
                problems.add(MISSING.at(place, f"“{what}”的“{column.label}”不能为空"))
            continue
        values[column.name] = _READERS[column.holds](column, found, problems)
    return values


def _wrong(column: Column, cell: Located, problems: Problems, expected: str) -> object:
    problems.add(
        WRONG_TYPE.at(cell.place, f"“{column.label}”应为{expected}，现为“{cell.shown}”", value=cell.shown)
    )
    return empty_value(column.holds)


def _text(column: Column, cell: Located, problems: Problems) -> object:
    value = cell.value
    if isinstance(value, Mapping | list):
        return _wrong(column, cell, problems, "文字")
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime | date):
        return value.isoformat()[:10]
    if isinstance(value, Decimal) and value.is_finite():
        value = plain(value)  # str() would write small and large numbers with an exponent
    text = str(value).replace("\r\n", "\n").replace("\r", "\n").strip()
    if _CONTROL.search(text):
        problems.add(CONTROL_CHARACTER.at(cell.place, f"“{column.label}”含不可见的控制字符"))
        text = _CONTROL.sub("", text).strip()
    _check_length(column, cell, text, problems)
    return text


def _check_length(column: Column, cell: Located, text: str, problems: Problems) -> None:
    # counted as spreadsheets count, where a character outside the basic plane is two
    length = len(text) + sum(char > "\uffff" for char in text)
    if length > _LONGEST:
        problems.add(TOO_LONG.at(cell.place, f"“{column.label}”有 {length} 字"))


def _decimal(column: Column, cell: Located, problems: Problems) -> Decimal | None:
    value = cell.value
    number: Decimal | None = None
    if isinstance(value, Decimal):
        number = value
    elif isinstance(value, int) and not isinstance(value, bool):
        number = Decimal(value)
    elif isinstance(value, str):
        number = parse_decimal(value)
    if number is not None and is_reasonable(number):
        return number
    _wrong(column, cell, problems, "数字" + ("（单位万元）" if column.holds is Holds.MONEY else ""))
    return None


def _integer(column: Column, cell: Located, problems: Problems) -> object:
    number = _decimal(column, cell, problems)
    if number is None:
        return None
    if number != number.to_integral_value() or abs(number) >= _LARGEST_INTEGER:
        return _wrong(column, cell, problems, "整数")
    return int(number)


def _money(column: Column, cell: Located, problems: Problems) -> object:
    number = _decimal(column, cell, problems)
    return None if number is None else Money.of(number, "万元")


def _date(column: Column, cell: Located, problems: Problems) -> object:
    value = cell.value
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    day = parse_date(str(value))
    return _wrong(column, cell, problems, "日期（如 2024-03-18）") if day is None else day


def _boolean(column: Column, cell: Located, problems: Problems) -> object:
    if isinstance(cell.value, bool):
        return cell.value
    word = str(cell.value).strip().lower()
    if word in _YES:
        return True
    if word in _NO:
        return False
    return _wrong(column, cell, problems, "“是”或“否”")


def _choice(column: Column, cell: Located, problems: Problems) -> object:
    assert column.choices is not None  # noqa: S101 - the catalogue test holds every CHOICE to this
    word = str(cell.value).strip()
    for member in column.choices:
        if word in {member.value, getattr(member, "label", "")}:
            return member
    options = "、".join(f"{getattr(member, 'label', '')}（{member.value}）" for member in column.choices)
    problems.add(
        NOT_A_CHOICE.at(cell.place, f"“{column.label}”的值“{word}”不在选项内：{options}", value=word)
    )
    return ""


def _several(column: Column, cell: Located, problems: Problems, split: Callable[[str], list[str]]) -> object:
    value = cell.value
    if isinstance(value, list):
        parts = []
        for item in value:
            if item.is_blank:
                continue
            text = _text(column, item, problems)
            parts.append(str(text))
        # together they must fit where one cell holds them all
        _check_length(column, cell, "\n".join(parts), problems)
        return tuple(parts)
    return tuple(part for part in split(str(_text(column, cell, problems))) if part)


def _lines(column: Column, cell: Located, problems: Problems) -> object:
    found = _several(column, cell, problems, lambda text: text.split("\n"))
    assert isinstance(found, tuple)  # noqa: S101 - by construction
    return tuple(line for item in found for line in (part.strip() for part in item.split("\n")) if line)


def _codes(column: Column, cell: Located, problems: Problems) -> object:
    return _several(column, cell, problems, _CODE_SEPARATORS.split)


_READERS: dict[Holds, Callable[[Column, Located, Problems], object]] = {
    Holds.TEXT: _text,
    Holds.LONG: _text,
    Holds.CODE: _text,
    Holds.INTEGER: _integer,
    Holds.DECIMAL: _decimal,
    Holds.MONEY: _money,
    Holds.DATE: _date,
    Holds.BOOLEAN: _boolean,
    Holds.CHOICE: _choice,
    Holds.LINES: _lines,
    Holds.CODES: _codes,
}
