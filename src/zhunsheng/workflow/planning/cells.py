"""Between a record and the texts of a form: what a person sees in a field, and what they have typed into it."""

from collections.abc import Iterable, Mapping
from dataclasses import MISSING, dataclass, fields, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError

from zhunsheng.kernel.located import Located
from zhunsheng.kernel.money import Money
from zhunsheng.kernel.place import Place
from zhunsheng.kernel.problem import Problems
from zhunsheng.kernel.rounding import plain
from zhunsheng.plans.columns import Column, Holds
from zhunsheng.plans.reading import read_values
from zhunsheng.plans.sections import Section
from zhunsheng.store.database.fields import fen_of
from zhunsheng.workflow.planning.kinds import FINER_THAN_FEN
from zhunsheng.workflow.planning.places import key_text, place_of

EDITABLE = (
    "about",
    "body",
    "duties",
    "divisions",
    "division_counts",
    "sources",
    "tasks",
    "key_indicators",
    "indicators",
    "budget",
    "projects",
    "management",
)
"""The sections that are edited while the year is planned; the others have their own pages later in the year."""

FIXED: Mapping[str, frozenset[str]] = {"about": frozenset({"code", "fiscal_year", "status"})}
"""Columns that are decided elsewhere: what the year is called and where it stands."""


@dataclass(frozen=True, slots=True)
class RowInput:
    """What somebody has typed for a row.

    Attributes:
        cells: texts by column; a column that is absent keeps its value.
        row: identity of the row in the database; None for a new one.
        revision: of the row when they looked at it.
        line: 1-based line on a page of many rows; None for a page of one.
    """

    cells: Mapping[str, str]
    row: int | None = None
    revision: int = 0
    line: int | None = None

    @property
    def is_blank(self) -> bool:
        """Whether nothing is typed."""
        return not any(text.strip() for text in self.cells.values())


def open_columns(section: Section) -> tuple[Column, ...]:
    """The columns of a section that people fill in."""
    return tuple(each for each in section.columns if each.name not in FIXED.get(section.name, frozenset()))


def cell_text(column: Column, value: Any, *, labels: bool = False) -> str:  # noqa: ANN401 - of any column
    """A value as the text of a field; reading it gives the value back.

    Args:
        labels: write choices with their Chinese label instead of their code.
    """
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, Money):
        return plain(value.in_unit("万元"))
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return ("、" if column.holds is Holds.CODES else "\n").join(value)
    if column.holds is Holds.CHOICE:
        return str(value.label if labels else value.value)
    return str(value)


def texts_of(section: Section, record: Any, *, labels: bool = False) -> dict[str, str]:  # noqa: ANN401
    """All fields of a record as texts."""
    return {each.name: cell_text(each, getattr(record, each.name), labels=labels) for each in section.columns}


def filled_texts(section: Section, record: Any) -> dict[str, str]:  # noqa: ANN401
    """The fields of a record that are filled, as texts."""
    return {name: text for name, text in texts_of(section, record).items() if text}


def read_input(
    section: Section,
    before: Any | None,  # noqa: ANN401 - one of the record classes
    given: RowInput,
    key: str,
    problems: Problems,
) -> Any:  # noqa: ANN401
    """The record that what was typed makes of a row; what is wrong is added to the problems.

    Args:
        before: the record as it is; None for a new row.
        key: names the row in messages.
    """
    columns = [each for each in open_columns(section) if before is None or each.name in given.cells]
    cells = {
        each.name: Located(given.cells[each.name], place_of(section, key, each.name, given.line))
        for each in columns
        if each.name in given.cells
    }
    row = Located(cells, place_of(section, key, line=given.line))
    values = read_values(section.label, columns, row, problems)
    for each in columns:
        value = values.get(each.name)
        if isinstance(value, Money) and not _fits(value):
            place = cells[each.name].place
            what = f"“{each.label}”为 {plain(value.in_unit('万元'))} 万元，比分还细，或过大"
            problems.add(FINER_THAN_FEN.at(place, what, value=given.cells[each.name]))
            values[each.name] = None
    if before is None:
        return section.record(**values)
    return replace(before, **{name: values.get(name, _default(section, name)) for name in cells})


def _fits(amount: Money) -> bool:
    try:
        fen_of(amount)
    except ValidationError:
        return False
    return True


def _default(section: Section, name: str) -> object:
    found = next(each.default for each in fields(section.record) if each.name == name)
    assert found is not MISSING  # noqa: S101 - every column has a default
    return found


def money_faults(section: Section, records: Iterable[Any], problems: Problems) -> None:
    """Amounts that the database cannot hold exactly, in rows that were read from a file."""
    for record in records:
        for each in section.columns:
            value = getattr(record, each.name)
            if isinstance(value, Money) and not _fits(value):
                what = f"“{each.label}”为 {plain(value.in_unit('万元'))} 万元，比分还细，或过大"
                place: Place = place_of(section, key_text(section, record), each.name)
                problems.add(FINER_THAN_FEN.at(place, what))
