"""From a `Case` to plain rows in canonical text form, for every adapter that writes."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any, TypeAlias

from zhunsheng.kernel.money import Money
from zhunsheng.plans.case import Case
from zhunsheng.plans.columns import Column, empty_value
from zhunsheng.plans.sections import Section

Plain: TypeAlias = str | int | Decimal | bool | date | tuple[str, ...]


def rows_of(case: Case, section: Section) -> Iterator[dict[str, Plain]]:
    """The rows of a section, each with its non-empty columns in declared order.

    Money is a decimal in 万元, a choice is its file value, lines and codes are tuples.
    """
    content = getattr(case, section.name)
    for record in (content,) if section.shape == "record" else content:
        yield {
            column.name: plain_value(getattr(record, column.name))
            for column in section.columns
            if not _is_empty(column, getattr(record, column.name))
        }


def plain_value(value: Any) -> Plain:  # noqa: ANN401 - a field of any column
    """A field value as plain data."""
    if isinstance(value, Money):
        return value.in_unit("万元")
    if isinstance(value, Enum):
        return str(value.value)
    plain: Plain = value
    return plain


def _is_empty(column: Column, value: object) -> bool:
    return value == empty_value(column.holds) and not isinstance(value, bool | Enum)
