"""What records are looked for by: conditions over single fields, as they are put to the engine."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, TypeAlias

from zhunsheng.store.records.physical import quoted

Physical: TypeAlias = "int | str | bool | date | datetime | tuple[int, ...]"


class Comparison(StrEnum):
    """How a field is compared with a value."""

    EQUAL = "equal"
    CONTAINS = "contains"
    FROM = "from"
    UNTIL = "until"
    AMONG = "among"


@dataclass(frozen=True, slots=True)
class Criterion:
    """A condition over one field.

    Attributes:
        field: its name.
        value: physical: decimals as whole numbers of their smallest unit, references as surrogates. Of `AMONG` several
            whole numbers; of `CONTAINS` over a list one of its elements.
    """

    field: str
    comparison: Comparison
    value: Physical


def condition_of(
    criteria: Sequence[Criterion], is_list: Callable[[str], bool], alias: str = "r"
) -> tuple[str, list[Any]]:
    """The SQL that all conditions hold, with its parameters.

    Args:
        is_list: whether a field holds several values.
        alias: of the records.
    """
    parts: list[str] = []
    values: list[Any] = []
    for each in criteria:
        name = f"{alias}.{quoted(each.field)}"
        match each.comparison:
            case Comparison.EQUAL:
                parts.append(f"{name} = ?")
            case Comparison.CONTAINS if is_list(each.field):
                parts.append(f"list_contains({name}, ?)")
            case Comparison.CONTAINS:
                parts.append(f"contains({name}, ?)")
            case Comparison.FROM:
                parts.append(f"{name} >= ?")
            case Comparison.UNTIL:
                parts.append(f"{name} <= ?")
            case Comparison.AMONG:
                parts.append(f"list_contains(?::INTEGER[], {name})")
        values.append(list(each.value) if isinstance(each.value, tuple) else each.value)
    return " AND ".join(parts) or "TRUE", values
