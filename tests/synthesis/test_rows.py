"""Every generated record passes the checks of its own ledger and points to records that exist."""

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from zhunsheng.expressions.evaluation import Surroundings, evaluate
from zhunsheng.ledgers.definition import LedgerDefinition
from zhunsheng.ledgers.field import FieldDefinition, FieldType, Level
from zhunsheng.ledgers.row_checks import RowChecker, computed_value
from zhunsheng.store.calendar_files import load_calendar
from zhunsheng.store.code_list_files import binding_code_lists
from zhunsheng.store.deadline_files import load_deadlines
from zhunsheng.store.ledger_files import ledger_codes, ledger_of

if TYPE_CHECKING:
    from tests.synthesis.conftest import Made

_MOST = 400
Value = Any


def _ledgers() -> list[LedgerDefinition]:
    found = [ledger_of(code) for code in ledger_codes()]
    return [each for each in found if each is not None]


LEDGERS = _ledgers()


def _entered(field: FieldDefinition, value: Value) -> Value:
    """A stored value as a person would enter it."""
    if value is None:
        return None
    match field.type:
        case FieldType.DECIMAL | FieldType.MONEY:
            return Decimal(value).scaleb(-field.places)
        case FieldType.REFERENCE:
            return f"R{value}"
        case FieldType.LIST:
            return tuple(value)
        case _:
            return value


def _sample(made: "Made", ledger: LedgerDefinition) -> list[dict[str, Value]]:
    """Up to so many records, evenly over the ledger, with their stamped values looked up."""
    names = made.columns(ledger.code)
    total = made.value('SELECT count(*) FROM "{ledger}"', ledger=ledger.code)
    stamps = [each for each in ledger.fields if each.stamped]
    joins, extra = "", ""
    for each in stamps:
        reference, attribute = each.stamped
        target = ledger.by_name[reference].target
        joins += f' LEFT JOIN "{target}" {each.name}_of ON {each.name}_of._id = t."{reference}"'
        extra += f', {each.name}_of."{attribute}" AS "stamped_{each.name}"'
    rows = made.rows(
        'SELECT t.*{extra} FROM (SELECT *, row_number() OVER () AS n FROM "{ledger}") t{joins} WHERE n % {step} = 0',
        extra=extra,
        joins=joins,
        ledger=ledger.code,
        step=max(total // _MOST, 1),
    )
    heads = [*names, "n", *(f"stamped_{each.name}" for each in stamps)]
    return [dict(zip(heads, row, strict=True)) for row in rows]


def _surroundings() -> Surroundings:
    register, problems = load_deadlines()
    assert not problems
    return Surroundings(due=register.last_day(load_calendar()[0]))


def _record(ledger: LedgerDefinition, row: dict[str, Value], around: Surroundings) -> dict[str, Value]:
    """The whole record: entered, stamped and computed; the computed columns of the table are held against it."""
    record = {each.name: _entered(each, row.get(each.name)) for each in ledger.fields if not each.is_computed}
    for each in ledger.fields:
        if each.stamped:
            record[each.name] = _entered(each, row[f"stamped_{each.name}"])
            if each.name in row:
                assert _entered(each, row[each.name]) == record[each.name], (ledger.code, each.name)
    for each in ledger.fields:
        if each.computed is not None:
            record[each.name] = computed_value(each, record, around)
            assert _entered(each, row[each.name]) == record[each.name], (ledger.code, each.name, row)
    return record


def test_every_ledger_has_records(city: "Made") -> None:
    assert set(ledger_codes()) - set(city.generation.rows) == set()


@pytest.mark.parametrize("ledger", LEDGERS, ids=lambda each: each.code)
def test_records_pass_the_checks_of_their_ledger(city: "Made", ledger: LedgerDefinition) -> None:
    checker = RowChecker(ledger, date(city.year + 3, 1, 1), binding_code_lists())
    around = _surroundings()
    rows = _sample(city, ledger)
    assert rows
    for row in rows:
        record = _record(ledger, row, around)
        cells = {
            each.name: "、".join(value) if isinstance(value, tuple) else value
            for each in ledger.entered
            if (value := record[each.name]) not in (None, ())
        }
        # warnings are part of ordinary life: firms in the red, seals fewer than a set
        faults = [each for each in checker.check(cells).faults if each.level is not Level.WARN]
        assert not faults, (ledger.code, faults[0], row)
        for check in ledger.checks:
            if check.level is not Level.WARN:
                assert evaluate(check.holds.root, record, around) is not False, (check.code, row)


def _pairs() -> Iterator[tuple[LedgerDefinition, FieldDefinition]]:
    return ((ledger, each) for ledger in LEDGERS for each in ledger.references)


def test_references_exist(city: "Made") -> None:
    for ledger, field in _pairs():
        if field.type is FieldType.REFERENCE:
            missing = city.value(
                'SELECT count(*) FROM "{ledger}" t WHERE t."{field}" IS NOT NULL '
                'AND t."{field}" NOT IN (SELECT _id FROM "{target}")',
                ledger=ledger.code,
                field=field.name,
                target=field.target,
            )
        else:
            target = ledger_of(field.target)
            assert target is not None
            missing = city.value(
                'SELECT count(*) FROM (SELECT unnest("{field}") k FROM "{ledger}") '
                'WHERE k NOT IN (SELECT "{key}" FROM "{target}")',
                ledger=ledger.code,
                field=field.name,
                target=field.target,
                key=target.key[0],
            )
        assert missing == 0, (ledger.code, field.name)


def test_texts_that_name_records_name_existing_ones(city: "Made") -> None:
    """Fields that are texts in the ledger but hold keys of others."""
    for ledger, field, target, key in (
        ("check_record", "object_id", "market_entity", "entity_id"),
        ("frame_row", "object_id", "market_entity", "entity_id"),
        ("lead", "subject_id", "market_entity", "entity_id"),
        ("rapid_test", "stall_id", "market_stall", "stall_id"),
    ):
        missing = city.value(
            "SELECT count(*) FROM {ledger} WHERE {field} NOT IN (SELECT {key} FROM {target})",
            ledger=ledger,
            field=field,
            target=target,
            key=key,
        )
        assert missing == 0, (ledger, field)
    lost = city.value(
        "SELECT count(*) FROM (SELECT unnest(split_into) k FROM intake) WHERE k NOT IN "
        "(SELECT complaint_id FROM complaint UNION ALL SELECT report_id FROM report)"
    )
    assert lost == 0
    lost = city.value(
        "SELECT count(*) FROM publicity_item WHERE info_kind = 'PENALTY' AND source_record NOT IN "
        "(SELECT case_id FROM case_file)"
    )
    assert lost == 0


def test_keys_are_unique(city: "Made") -> None:
    for ledger in LEDGERS:
        for names in (ledger.key, *ledger.unique):
            columns = ", ".join(f'"{each}"' for each in names)
            known = " AND ".join(f'"{each}" IS NOT NULL' for each in names)
            twice = city.value(
                'SELECT count(*) FROM (SELECT {columns} FROM "{ledger}" WHERE {known} '
                "GROUP BY {columns} HAVING count(*) > 1)",
                columns=columns,
                known=known,
                ledger=ledger.code,
            )
            assert twice == 0, (ledger.code, names)


def test_surrogates_are_dense(city: "Made") -> None:
    for ledger in LEDGERS:
        if "_id" in city.columns(ledger.code):
            low, high, kinds, rows = city.rows(
                'SELECT min(_id), max(_id), count(DISTINCT _id), count(*) FROM "{ledger}"', ledger=ledger.code
            )[0]
            assert low == 1, ledger.code
            assert high == kinds == rows, ledger.code


def test_required_fields_are_filled(city: "Made") -> None:
    for ledger in LEDGERS:
        for each in ledger.fields:
            if each.required:
                empty = city.value(
                    'SELECT count(*) FROM "{ledger}" WHERE "{field}" IS NULL',
                    ledger=ledger.code,
                    field=each.name,
                )
                assert empty == 0, (ledger.code, each.name)


def test_business_dates_are_not_in_a_far_future(city: "Made") -> None:
    for ledger in LEDGERS:
        if not ledger.date:
            continue
        last = city.value('SELECT max("{day}") FROM "{ledger}"', day=ledger.date, ledger=ledger.code)
        assert last is None or (last.date() if isinstance(last, datetime) else last) < date(
            city.year + 1, 12, 31
        )
