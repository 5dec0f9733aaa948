"""What differs between two cases, row by row and column by column."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from zhunsheng.kernel.rounding import plain
from zhunsheng.plans.case import Case
from zhunsheng.plans.sections import SECTIONS, Section
from zhunsheng.plans.writing import Plain, rows_of


@dataclass(frozen=True, slots=True)
class Difference:
    """One value that differs; an empty side means that the row or value is absent there."""

    section: str
    key: str
    column: str
    column_label: str
    one: str
    other: str

    def as_data(self) -> dict[str, str]:
        """The difference as plain data."""
        return {
            "section": self.section,
            "key": self.key,
            "column": self.column,
            "one": self.one,
            "other": self.other,
        }


def differences(one: Case, other: Case) -> list[Difference]:
    """All differences, in the order of the sections, their rows and columns."""
    found: list[Difference] = []
    for section in SECTIONS:
        found.extend(_section(section, one, other))
    return found


def _section(section: Section, one: Case, other: Case) -> list[Difference]:
    left = {_key(section, row): row for row in rows_of(one, section)}
    right = {_key(section, row): row for row in rows_of(other, section)}
    found = []
    for key in dict.fromkeys((*left, *right)):
        a, b = left.get(key, {}), right.get(key, {})
        for column in section.columns:
            before, after = _shown(a.get(column.name)), _shown(b.get(column.name))
            if before != after:
                found.append(Difference(section.name, key, column.name, column.label, before, after))
    return found


def _key(section: Section, row: dict[str, Plain]) -> str:
    return " ".join(_shown(row.get(name)) for name in section.key)


def _shown(value: Plain | None) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, Decimal):
        return plain(value.normalize())
    if isinstance(value, tuple):
        return "；".join(value)
    return value.isoformat() if isinstance(value, date) else str(value)
