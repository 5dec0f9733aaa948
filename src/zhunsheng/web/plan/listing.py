"""The rows of a section as a table: the columns that fit, in words people read."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from zhunsheng.plans.columns import Column, Holds
from zhunsheng.plans.sections import Section
from zhunsheng.store.database.case_content import record_of
from zhunsheng.store.database.case_rows import CaseRow
from zhunsheng.store.database.models import StoredCase
from zhunsheng.store.definition_files import load_facts
from zhunsheng.web.naming import RUBRICS, rubric_words
from zhunsheng.web.page import PageRequest
from zhunsheng.workflow.planning.cells import cell_text, open_columns
from zhunsheng.workflow.planning.checking import target_shown
from zhunsheng.workflow.planning.divisions import may_edit, parts_of
from zhunsheng.workflow.planning.editing import rows_of

LISTED: Mapping[str, tuple[str, ...]] = {
    "tasks": ("code", "name", "division", "points"),
    "indicators": ("code", "name", "task", "kind", "target_value", "points"),
    "key_indicators": ("code", "name", "target_text", "same_as"),
    "budget": ("code", "name", "side", "category", "fund_source", "initial", "adjusted"),
    "projects": ("code", "name", "nature", "key", "initial", "adjusted"),
    "duties": ("number", "text"),
    "divisions": ("name", "kind"),
    "division_counts": ("kind", "stated"),
    "sources": ("code", "title", "issuer"),
    "management": ("fact", "value", "status", "evidence"),
}
_NUMBERS = frozenset({Holds.INTEGER, Holds.DECIMAL, Holds.MONEY})


@dataclass(frozen=True, slots=True)
class ListedCell:
    """A cell of the list."""

    text: str
    number: bool = False


@dataclass(frozen=True, slots=True)
class ListedRow:
    """A row of the list.

    Attributes:
        editable: whether the person may change it now.
    """

    row: CaseRow
    record: Any
    key: str
    cells: tuple[ListedCell, ...]
    editable: bool


def listed_columns(section: Section) -> tuple[Column, ...]:
    """The columns of the list."""
    wanted = LISTED.get(section.name, ())
    by_name = {each.name: each for each in section.columns}
    return tuple(by_name[name] for name in wanted)


def listed_rows(request: PageRequest, case: StoredCase, section: Section) -> tuple[ListedRow, ...]:
    """All rows of a section for a list."""
    columns, parts = listed_columns(section), parts_of(case)
    found = []
    for row in rows_of(case, section):
        record = record_of(section, row)
        cells = tuple(
            ListedCell(_shown(section, each, record), each.holds in _NUMBERS or each.name == "target_value")
            for each in columns
        )
        found.append(ListedRow(row, record, str(row), cells, may_edit(request.actor, parts, section, record)))
    return tuple(found)


def _shown(section: Section, column: Column, record: Any) -> str:  # noqa: ANN401
    value = getattr(record, column.name)
    if section.name == "indicators" and column.name == "target_value":
        return target_shown(record)
    if section.name == "management" and column.name == "fact":
        facts, _problems = load_facts()
        known = facts.get(value)
        return f"{value} {known.label}" if known is not None else str(value)
    if column.holds is Holds.MONEY and value is not None:
        return str(value.shown())
    return cell_text(column, value, labels=True)


def filled(section: Section, record: Any) -> list[dict[str, str]]:  # noqa: ANN401
    """The filled fields of a record, for a section of one record."""
    return [
        {"label": _(each.label), "value": rubric_words(text) if each.name in RUBRICS else text}
        for each in open_columns(section)
        if (text := cell_text(each, getattr(record, each.name), labels=True))
    ]
