"""From what stands in a cell to the value of a field, or what is wrong with it.

A value that only looks different from its canonical form is changed and the change is told; nothing that
changes its meaning is done.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final, TypeAlias

from zhunsheng.kernel.problem import Kind
from zhunsheng.ledgers import value_kinds as kinds
from zhunsheng.ledgers.field import FieldDefinition, FieldType, Level
from zhunsheng.ledgers.validators import VALIDATORS
from zhunsheng.ledgers.value_kinds import Fault, fault
from zhunsheng.ledgers.value_numbers import NotANumber, read_number
from zhunsheng.ledgers.value_texts import (
    ERRORS,
    NUMERIC_MARK,
    cleaned,
    compatible,
    folded,
    typed_text,
    without_blanks,
)
from zhunsheng.ledgers.value_times import EARLIEST, is_odd, is_serial, read_moment

FieldValue: TypeAlias = "str | int | Decimal | bool | date | datetime | tuple[str, ...] | None"

YES: Final = frozenset({"是", "true", "1", "y", "yes", "√", "有", "对"})
NO: Final = frozenset({"否", "false", "0", "n", "no", "×", "x", "无", "不是"})
PLAIN_ANSWERS: Final = frozenset({"是", "否", "TRUE", "FALSE", "true", "false", "1", "0"})
"""Answers that are written in full by people or programs; others are changed."""

_MOST_SHOWN: Final = 60
_LONGEST_CELL: Final = 1_000_000
_DEEPEST: Final = 50
_CODED_PARTS: Final = re.compile(r"[、；;，,\n|]")
_OUTER_PARTS: Final = re.compile(r"[；;\n]")
_INNER_PARTS: Final = re.compile(r"[、，,]")
_BRACKETED: Final = re.compile(r"[（(][^（）()]*[）)]")


@dataclass(frozen=True, slots=True)
class Reading:
    """What a cell says.

    Attributes:
        value: the canonical value, None when the cell is empty or faulty.
        changed: whether the canonical form differs from what was written.
        fault: what is wrong, or None; beside a warning there is a value.
    """

    value: FieldValue = None
    changed: bool = False
    fault: Fault | None = None


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads the cells of one field.

    Attributes:
        is_code: whether the value is a code, whose full-width characters are folded.
        listed: the codes it must be from with their labels, or None without a list.
        scale: tens by which the column is larger than the field.
        confirmed: a person has looked at the value: doubtful forms are taken as they are.
        is_event: whether the value is the day of an event, which is doubtful long ago; other dates, such as the
            founding of a place, only get a warning.
    """

    field: FieldDefinition
    is_code: bool = False
    listed: Mapping[str, str] | None = None
    scale: int = 0
    confirmed: bool = False
    is_event: bool = True

    def read(self, given: object) -> Reading:
        """The value of a cell: a text, or a value of a spreadsheet, database or JSON."""
        raw = typed_text(given) if not isinstance(given, str) else given
        marked = raw.startswith(NUMERIC_MARK)
        text = cleaned(raw)
        if not text:
            return Reading(None, bool(raw))
        if len(text) > _LONGEST_CELL:
            return self._fault(Level.REJECT, kinds.LENGTH, f"有 {len(text):,} 个字", text)
        if text.upper() in ERRORS:
            return self._fault(Level.REJECT, kinds.CELL_ERROR, f"是错误值“{text}”", text)
        if "\ufffd" in text and not self.confirmed:
            return self._fault(Level.QUARANTINE, kinds.GARBLED, "含有不能识别的字符", text)
        if (
            marked
            and not self.confirmed
            and self.field.type not in {FieldType.INTEGER, FieldType.DECIMAL, FieldType.MONEY}
        ):
            return self._fault(Level.QUARANTINE, kinds.LOST_DIGITS, f"“{text}”是超过 15 位的数值", text)
        return self._of_type(text, raw)

    def _of_type(self, text: str, raw: str) -> Reading:
        match self.field.type:
            case FieldType.TEXT:
                return self._text(text, raw)
            case FieldType.INTEGER | FieldType.DECIMAL | FieldType.MONEY:
                return self._number(text, raw)
            case FieldType.BOOLEAN:
                return self._boolean(text, raw)
            case FieldType.DATE:
                return self._date(text, raw)
            case FieldType.TIME:
                return self._time(text, raw)
            case FieldType.ENUM:
                return self._enum(text, raw)
            case FieldType.REFERENCE:
                return self._reference(text, raw)
            case FieldType.LIST:
                return self._list(text, raw)
            case FieldType.JSON:
                return self._json(text, raw)

    def _fault(self, level: Level, kind: Kind, what: str, text: str) -> Reading:
        shown = text if len(text) <= _MOST_SHOWN else f"{text[:_MOST_SHOWN]}…"
        return Reading(None, False, fault(self.field, level, kind, what, shown))

    def _text(self, text: str, raw: str) -> Reading:
        field = self.field
        if self.is_code or field.validator:
            text = folded(text).strip()
        if field.validator:
            text = without_blanks(text).upper()
            wrong = VALIDATORS[field.validator](text)
            if wrong is not None:
                return self._fault(Level.REJECT, kinds.MALFORMED, f"“{text}”无效：{wrong}", text)
        if self.listed is not None and text not in self.listed:
            known = _listed(text, self.listed)
            if known is None and not self.confirmed:
                return self._fault(Level.QUARANTINE, kinds.NOT_LISTED, f"“{text}”不在代码表内", text)
            text = known or text
        if field.length and (len(text) != field.length if field.exact_length else len(text) > field.length):
            bound = f"应为 {field.length} 个字" if field.exact_length else f"最多 {field.length} 个字"
            return self._fault(Level.REJECT, kinds.LENGTH, f"{bound}，现有 {len(text)} 个", text)
        return Reading(text, text != raw)

    def _number(self, text: str, raw: str) -> Reading:
        field = self.field
        if raw.startswith(NUMERIC_MARK) and len(text.replace(".", "").rstrip("0")) > 15:
            return self._fault(Level.QUARANTINE, kinds.LOST_DIGITS, f"“{text}”是超过 15 位的数值", text)
        try:
            number = read_number(text, field, self.scale)
        except NotANumber as wrong:
            return self._fault(wrong.level, wrong.kind, wrong.what, text)
        whole = field.type is FieldType.INTEGER
        plain = Decimal(raw) if _PLAIN_NUMBER.match(raw) else None
        changed = plain is None or (not self.scale and plain != number)
        return Reading(int(number) if whole else number, changed)

    def _boolean(self, text: str, raw: str) -> Reading:
        word = folded(text).strip().lower()
        if word in YES or word in NO:
            return Reading(word in YES, raw not in PLAIN_ANSWERS)
        return self._fault(Level.REJECT, kinds.NO_ANSWER, f"“{text}”不是“是”或“否”", text)

    def _date(self, text: str, raw: str) -> Reading:
        found = read_moment(text)
        if found is None:
            kind = kinds.SERIAL if is_serial(text) else kinds.NO_DATE
            return self._fault(Level.REJECT, kind, f"“{text}”不是日期", text)
        day = found[0].date()
        reading = Reading(day, raw != day.isoformat())
        return self._unless_odd(reading, day, text)

    def _time(self, text: str, raw: str) -> Reading:
        found = read_moment(text)
        if found is None:
            kind = kinds.SERIAL if is_serial(text) else kinds.NO_TIME
            return self._fault(Level.REJECT, kind, f"“{text}”不是日期时间", text)
        moment = found[0]
        reading = Reading(moment, raw not in {moment.isoformat(sep=" "), moment.isoformat()})
        return self._unless_odd(reading, moment.date(), text)

    def _unless_odd(self, reading: Reading, day: date, text: str) -> Reading:
        """A date as read, when it is one of our time or was confirmed."""
        if not is_odd(day) or self.confirmed:
            return reading
        if day < EARLIEST and not self.is_event:
            told = self._fault(Level.WARN, kinds.ODD_DATE, f"“{text}”早于 {EARLIEST.year} 年", text)
            return replace(reading, fault=told.fault)
        return self._fault(Level.QUARANTINE, kinds.ODD_DATE, f"“{text}”不合情理", text)

    def _enum(self, text: str, raw: str) -> Reading:
        code = member_of(text, self.field.members)
        if code is None:
            shown = "、".join(self.field.members.values())
            return self._fault(Level.REJECT, kinds.NO_MEMBER, f"“{text}”不是选项（{shown}）", text)
        return Reading(code, raw not in {code, self.field.members[code]})

    def _reference(self, text: str, raw: str) -> Reading:
        code = folded(text).strip()
        return Reading(code, code != raw)

    def _list(self, text: str, raw: str) -> Reading:
        field = self.field
        parts = _json_parts(text)
        if parts is None:
            parts = _split(text, coded=bool(field.members or field.target))
        values: list[str] = []
        for part in parts:
            value = part
            if field.members:
                code = member_of(part, field.members)
                if code is None:
                    return self._fault(Level.REJECT, kinds.BAD_ITEM, f"中的“{part}”不是选项", text)
                value = code
            elif field.target:
                value = folded(part).strip()
            if value not in values:
                values.append(value)
        return Reading(tuple(values) or None, len(values) != len(parts) or raw != text)

    def _json(self, text: str, raw: str) -> Reading:
        try:
            found = json.loads(text, parse_constant=_refuse)
        except (ValueError, RecursionError):
            return self._fault(Level.REJECT, kinds.BAD_JSON, "不是有效的 JSON", text)
        if not isinstance(found, dict | list):
            return self._fault(Level.REJECT, kinds.BAD_JSON, "应为 JSON 对象或数组", text)
        return Reading(text, text != raw)


_PLAIN_NUMBER: Final = re.compile(r"^-?\d+(?:\.\d+)?$", re.ASCII)


def read_value(field: FieldDefinition, given: object) -> Reading:
    """The value of one cell for a field without a code list."""
    return Reader(field).read(given)


def _listed(text: str, listed: Mapping[str, str]) -> str | None:
    """A code of a list by its code in other letters, or by its label when only one has it."""
    code = folded(text).strip().upper()
    if code in listed:
        return code
    named = [each for each, label in listed.items() if label == text]
    return named[0] if len(named) == 1 else None


def member_of(text: str, members: Mapping[str, str]) -> str | None:
    """An option by code or label; labels are compared without blanks and widths."""
    if text in members:
        return text
    word = compatible(text)
    for code, label in members.items():
        if word in {compatible(code), compatible(label)}:
            return code
    return None


def _json_parts(text: str) -> list[str] | None:
    """The elements of a JSON array of texts and numbers; None when it is none."""
    if not (text.startswith("[") and text.endswith("]")):
        return None
    try:
        found = json.loads(text, parse_float=Decimal)
    except (ValueError, RecursionError):
        return None
    if not all(isinstance(each, str | int | Decimal) for each in found):
        return None
    return [part for each in found if (part := cleaned(typed_text(each)))]


def _split(text: str, *, coded: bool) -> list[str]:
    """The elements of a written list.

    Codes may be parted by any of the usual signs. In free texts a sign inside brackets parts nothing, and
    where semicolons or lines part the text, commas belong to the elements.
    """
    if coded:
        return [part.strip() for part in _CODED_PARTS.split(text) if part.strip()]
    hidden = _BRACKETED.sub(lambda found: "\0" * len(found[0]), text)
    signs = _OUTER_PARTS if _OUTER_PARTS.search(hidden) else _INNER_PARTS
    parts, start = [], 0
    for match in signs.finditer(hidden):
        parts.append(text[start : match.start()])
        start = match.end()
    parts.append(text[start:])
    return [part.strip() for part in parts if part.strip()]


def _refuse(constant: str) -> Any:  # noqa: ANN401 - never returns
    raise ValueError(constant)


def shown_value(field: FieldDefinition, value: Any) -> str:  # noqa: ANN401 - a value of any field
    """A canonical value as a person writes it: labels of options, 是 and 否, lists with 、."""
    match value:
        case None:
            return ""
        case bool():
            return "是" if value else "否"
        case datetime():
            return value.isoformat(sep=" ")
        case date():
            return value.isoformat()
        case Decimal():
            return f"{value:f}"
        case list() | tuple():
            return "、".join(field.members.get(each, each) for each in value)
        case str() if field.type is FieldType.ENUM:
            return field.members.get(value, value)
        case _:
            return str(value)


def cell_text(field: FieldDefinition, value: Any) -> str:  # noqa: ANN401 - a value of any field
    """A canonical value as a text that reads back to the same value; as people write it where that is possible."""
    shown = shown_value(field, value)
    if field.type not in {FieldType.LIST, FieldType.ENUM} or value is None:
        return shown
    items = [value] if isinstance(value, str) else list(value)
    candidates = [shown, "、".join(items), "；".join(items), json.dumps(items, ensure_ascii=False)]
    reader = Reader(field)
    return next((each for each in candidates if reader.read(each).value == value), candidates[-1])
