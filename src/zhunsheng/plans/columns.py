"""Columns: what a field of a case record is called, holds and must contain.

A case record is a frozen dataclass whose fields are declared with `column(...)`. This one
declaration drives everything that reads or writes a case: the YAML/CSV directory, the workbook and
its template, the JSON schema and `docs/case-format.md`.
"""

from collections.abc import Iterable
from dataclasses import MISSING, Field, dataclass, field, fields
from enum import Enum, StrEnum
from functools import cache
from typing import Any


class Holds(Enum):
    """What a column holds, and so the Python type of the field.

    TEXT, LONG and CODE are `str` ("" when empty); INTEGER is `int | None`; DECIMAL is
    `Decimal | None`; MONEY is `Money | None`, written in 万元; DATE is `date | None`; BOOLEAN is
    `bool`; CHOICE is a `StrEnum` (or "" when empty and optional); LINES and CODES are
    `tuple[str, ...]`.
    """

    TEXT = "文字"
    LONG = "长文字"
    CODE = "编码"
    INTEGER = "整数"
    DECIMAL = "数字"
    MONEY = "金额（万元）"
    DATE = "日期"
    BOOLEAN = "是/否"
    CHOICE = "选项"
    LINES = "多行文字"
    CODES = "多个编码"


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    Attributes:
        name: field name in files, an identifier of the glossary.
        label: Chinese header in workbooks and forms.
        holds: what it holds.
        required: whether it may be empty.
        choices: the enumeration for CHOICE.
        refers: section whose keys a CODE or CODES column must match, or "".
        note: explanation for the template and the documentation.
        example: an example for the template.
    """

    name: str
    label: str
    holds: Holds
    required: bool = False
    choices: type[StrEnum] | None = None
    refers: str = ""
    note: str = ""
    example: str = ""


_EMPTY: dict[Holds, object] = {
    Holds.TEXT: "",
    Holds.LONG: "",
    Holds.CODE: "",
    Holds.INTEGER: None,
    Holds.DECIMAL: None,
    Holds.MONEY: None,
    Holds.DATE: None,
    Holds.BOOLEAN: False,
    Holds.CHOICE: "",
    Holds.LINES: (),
    Holds.CODES: (),
}


def column(  # typed as Any so that dataclass fields keep their own annotations
    label: str,
    holds: Holds = Holds.TEXT,
    *,
    required: bool = False,
    choices: type[StrEnum] | None = None,
    refers: str = "",
    note: str = "",
    example: str = "",
    default: object = MISSING,
) -> Any:  # noqa: ANN401
    """Declare a field of a case record; the arguments are those of `Column`."""
    metadata = {"column": Column("", label, holds, required, choices, refers, note, example)}
    if default is MISSING:
        default = _EMPTY[holds]
    return field(default=default, metadata=metadata)


def empty_value(holds: Holds) -> object:
    """The value of a column that is left empty."""
    return _EMPTY[holds]


@cache
def columns_of(record: type) -> tuple[Column, ...]:
    """The columns of a record class, in the order they are declared."""
    return tuple(_named(each) for each in fields(record))


def _named(each: "Field[Any]") -> Column:
    declared: Column = each.metadata["column"]
    return Column(
        each.name,
        declared.label,
        declared.holds,
        declared.required,
        declared.choices,
        declared.refers,
        declared.note,
        declared.example,
    )


def column_names(record: type) -> Iterable[str]:
    """The field names of a record class."""
    return (each.name for each in fields(record))
