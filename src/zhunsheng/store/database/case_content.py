"""Between the rows of a case and the pure `Case`."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from zhunsheng.plans.case import Case
from zhunsheng.plans.columns import Column, Holds, empty_value
from zhunsheng.plans.sections import SECTIONS, Section
from zhunsheng.store.database.accounts import User
from zhunsheng.store.database.case_rows import ROW_MODELS, CaseRow, field_of
from zhunsheng.store.database.years import StoredCase

SECTION_OF = {section.name: section for section in SECTIONS}


def record_of(section: Section, row: CaseRow) -> Any:  # noqa: ANN401 - one of the record classes
    """The record of a row."""
    return section.record(
        **{column.name: _value(column, getattr(row, field_of(column.name))) for column in section.columns}
    )


def _value(column: Column, stored: Any) -> object:  # noqa: ANN401 - of any column
    if column.holds is Holds.CHOICE:
        assert column.choices is not None  # noqa: S101 - held by the catalogue test
        return column.choices(stored) if stored else empty_value(column.holds)
    if column.holds in {Holds.LINES, Holds.CODES}:
        return tuple(stored)
    return stored


def fields_of(section: Section, record: Any) -> dict[str, Any]:  # noqa: ANN401 - one of the record classes
    """Model fields of a record."""
    return {field_of(column.name): _stored(getattr(record, column.name)) for column in section.columns}


def _stored(value: Any) -> Any:  # noqa: ANN401 - of any column
    if isinstance(value, tuple):
        return list(value)
    # an enumeration's own value, so that the database never sees its class
    return str(value.value) if hasattr(value, "label") else value


def rows_by_section(case: StoredCase) -> dict[str, list[CaseRow]]:
    """All rows of a case, in order."""
    return {name: list(model._default_manager.filter(case=case)) for name, model in ROW_MODELS.items()}


def case_of(stored: StoredCase) -> Case:
    """The case as it stands.

    Raises:
        LookupError: it has no basic information or body, which every stored case has.
    """
    content: dict[str, Any] = {}
    for name, rows in rows_by_section(stored).items():
        section = SECTION_OF[name]
        records = tuple(record_of(section, each) for each in rows)
        if section.shape == "record":
            if not records:
                raise LookupError(f"case {stored.code} has no {name}")
            content[name] = records[0]
        else:
            content[name] = records
    return Case(**content)


def put_case(stored: StoredCase, case: Case, who: User | None, moment: datetime) -> None:
    """Put the content of a case in the place of all its rows. Only inside a transaction of an action."""
    for section in SECTIONS:
        model = ROW_MODELS[section.name]
        model._default_manager.filter(case=stored).delete()
        found = getattr(case, section.name)
        records = (found,) if section.shape == "record" else found
        model._default_manager.bulk_create(
            model(case=stored, position=place, changed=moment, changed_by=who, **fields_of(section, each))
            for place, each in enumerate(records)
        )


def row_with_key(stored: StoredCase, section: Section, key: Mapping[str, object]) -> CaseRow | None:
    """The row with a key, or None."""
    wanted = {field_of(name): _stored(value) for name, value in key.items()}
    return ROW_MODELS[section.name]._default_manager.filter(case=stored, **wanted).first()
