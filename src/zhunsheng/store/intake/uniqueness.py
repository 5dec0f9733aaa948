"""What may occur once only: within a file, and against the records in force."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import duckdb

from zhunsheng.kernel.place import Place
from zhunsheng.kernel.problem import Kind
from zhunsheng.ledgers.definition import LedgerDefinition
from zhunsheng.ledgers.field import FieldDefinition, FieldType, Level
from zhunsheng.ledgers.value_kinds import Fault
from zhunsheng.ledgers.values import shown_value
from zhunsheng.store.intake import kinds
from zhunsheng.store.intake.checking import TYPED, Tally
from zhunsheng.store.intake.setting_aside import set_aside
from zhunsheng.store.intake.typed_rows import from_physical
from zhunsheng.store.records.opened_store import Snapshot
from zhunsheng.store.records.physical import quoted
from zhunsheng.store.records.reading import keys_sql, scan_sql

_MOST_APART: Final = 200_000

Faults = dict[int, list[Fault]]
"""By `_source_row`."""


def set_apart(
    connection: duckdb.DuckDBPyConnection, ledger: LedgerDefinition, snapshot: Snapshot, tally: Tally
) -> None:
    """Take out of `_typed` the rows that contradict each other (held) and those that contradict the store (rejected)."""
    set_aside(connection, ledger, _by_key(connection, ledger, TYPED), tally)
    for group in ledger.unique:
        set_aside(connection, ledger, _by_group(connection, ledger, group, TYPED), tally)
    set_taken_apart(connection, ledger, snapshot, tally)


def set_taken_apart(
    connection: duckdb.DuckDBPyConnection, ledger: LedgerDefinition, snapshot: Snapshot, tally: Tally
) -> None:
    """Take out of `_typed` the rows that contradict the store."""
    for group in ledger.unique:
        set_aside(connection, ledger, _against_store(connection, ledger, group, TYPED, snapshot), tally)


def unique_faults(
    connection: duckdb.DuckDBPyConnection, ledger: LedgerDefinition, table: str, snapshot: Snapshot
) -> Faults:
    """The rows of a table that contradict each other or the store."""
    found = _by_key(connection, ledger, table)
    for group in ledger.unique:
        for more in (
            _by_group(connection, ledger, group, table),
            _against_store(connection, ledger, group, table, snapshot),
        ):
            for number, faults in more.items():
                found.setdefault(number, []).extend(faults)
    return found


def _by_key(connection: duckdb.DuckDBPyConnection, ledger: LedgerDefinition, table: str) -> Faults:
    """Rows with one key and different content: which is right, only a person can tell."""
    key = ", ".join(quoted(each) for each in ledger.key)
    same = " AND ".join(f"t.{quoted(each)} = d.{quoted(each)}" for each in ledger.key)
    content = ", ".join(f"t.{quoted(each.name)}" for each in ledger.entered)
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE _twice AS SELECT {key} FROM {table} GROUP BY ALL HAVING count(*) > 1"
    )
    grouped = ", ".join(f"t.{quoted(each)}" for each in ledger.key)
    rows = connection.execute(
        f"WITH differing AS (SELECT {grouped} FROM {table} t JOIN _twice d ON {same} GROUP BY {grouped}"
        f" HAVING count(DISTINCT row({content})) > 1)"
        f" SELECT t._source_row FROM {table} t JOIN differing d ON {same} ORDER BY 1 LIMIT {_MOST_APART}"
    ).fetchall()
    connection.execute("DROP TABLE _twice")
    return _told(connection, ledger, table, {int(row[0]): "" for row in rows}, ledger.key, kinds.SAME_KEY)


def _by_group(
    connection: duckdb.DuckDBPyConnection, ledger: LedgerDefinition, group: Sequence[str], table: str
) -> Faults:
    """Different records with the same content of a group of fields."""
    names = ", ".join(quoted(each) for each in group)
    present = " AND ".join(f"{quoted(each)} IS NOT NULL" for each in group)
    key = ", ".join(quoted(each) for each in ledger.key)
    same = " AND ".join(f"t.{quoted(each)} = d.{quoted(each)}" for each in group)
    rows = connection.execute(
        f"WITH several AS (SELECT {names} FROM {table} WHERE {present} GROUP BY {names} HAVING count(*) > 1),"
        f" differing AS (SELECT {', '.join(f't.{quoted(each)}' for each in group)} FROM {table} t JOIN several d"
        f" ON {same} GROUP BY ALL HAVING count(DISTINCT row({key})) > 1)"
        f" SELECT t._source_row FROM {table} t JOIN differing d ON {same} ORDER BY 1 LIMIT {_MOST_APART}"
    ).fetchall()
    return _told(connection, ledger, table, {int(row[0]): "" for row in rows}, group, kinds.SAME_UNIQUE)


def _against_store(
    connection: duckdb.DuckDBPyConnection,
    ledger: LedgerDefinition,
    group: Sequence[str],
    table: str,
    snapshot: Snapshot,
) -> Faults:
    """Rows whose group is that of another record in force, unless that record is in the file as well."""
    if set(ledger.key) == set(group):
        return {}
    columns = list(dict.fromkeys([*ledger.key, *group]))
    resolved, joins = _resolved(ledger, columns, snapshot)
    current = scan_sql(ledger.code, snapshot, columns)
    same = " AND ".join(f"c.{quoted(each)} = t.{quoted(each)}" for each in group)
    own = " AND ".join(f"c.{quoted(each)} = t.{quoted(each)}" for each in ledger.key)
    shown = [each for each in ledger.key if ledger.by_name[each].type is not FieldType.REFERENCE]
    keys = "".join(f", c.{quoted(each)}" for each in shown)
    rows = connection.execute(
        f"WITH arriving AS (SELECT r._source_row, {resolved} FROM {table} r {joins})"
        f" SELECT t._source_row{keys} FROM arriving t JOIN {current} AS c ON {same}"
        f" WHERE NOT ({own}) AND NOT EXISTS (SELECT 1 FROM arriving o WHERE "
        f"{' AND '.join(f'o.{quoted(each)} = c.{quoted(each)}' for each in ledger.key)})"
        f" ORDER BY 1 LIMIT {_MOST_APART}"
    ).fetchall()
    others = {int(row[0]): "、".join(str(each) for each in row[1:]) for row in rows}
    return _told(connection, ledger, table, others, group, kinds.TAKEN)


def _resolved(ledger: LedgerDefinition, columns: Sequence[str], snapshot: Snapshot) -> tuple[str, str]:
    """Columns of arriving rows as the store keeps them: references as surrogates."""
    shown, joins = [], []
    for place, name in enumerate(columns):
        field = ledger.by_name[name]
        if field.type is FieldType.REFERENCE:
            joins.append(
                f"LEFT JOIN {keys_sql(field.target, snapshot)} AS k{place} ON k{place}.key = r.{quoted(name)}"
            )
            shown.append(f"k{place}.id AS {quoted(name)}")
        else:
            shown.append(f"r.{quoted(name)}")
    return ", ".join(shown), " ".join(joins)


def _told(
    connection: duckdb.DuckDBPyConnection,
    ledger: LedgerDefinition,
    table: str,
    found: Mapping[int, str],
    group: Sequence[str],
    kind: Kind,
) -> Faults:
    """What is wrong with rows, by number with the other record where there is one."""
    if not found:
        return {}
    level = Level.REJECT if kind is kinds.TAKEN else Level.QUARANTINE
    fields = [ledger.by_name[each] for each in group]
    names = ", ".join(quoted(each) for each in group)
    rows = connection.execute(
        f"SELECT _source_row, {names} FROM {table} WHERE _source_row IN (SELECT unnest(?::BIGINT[]))",
        [list(found)],
    ).fetchall()
    faults: Faults = {}
    for number, *values in sorted(rows, key=lambda row: int(row[0])):
        record = {each.name: from_physical(each, value) for each, value in zip(fields, values, strict=True)}
        faults[int(number)] = [_fault(ledger, record, group, kind, level, found[int(number)])]
    return faults


def _fault(
    ledger: LedgerDefinition,
    record: dict[str, Any],
    group: Sequence[str],
    kind: Kind,
    level: Level,
    other: str,
) -> Fault:
    fields: list[FieldDefinition] = [ledger.by_name[each] for each in group]
    labels = "、".join(each.label for each in fields)
    value = "、".join(shown_value(each, record.get(each.name)) for each in fields)
    where = f"已在记录“{other}”中" if other else "在文件中出现多次"
    if kind is kinds.SAME_KEY:
        where = "在文件中有内容不同的几条"
    problem = kind.at(Place(field=labels), f"{labels}“{value}”{where}", value=value)
    return Fault(level, tuple(group), problem)
