"""Checks that look at attributes of the records pointed to, which a row alone does not have.

A row whose referred record is not there yet waits, and is not checked for them before it is stored.
"""

from collections.abc import Sequence

import duckdb

from zhunsheng.expressions.sql import DUCKDB, Renderer
from zhunsheng.ledgers.definition import LedgerDefinition, RecordCheck
from zhunsheng.ledgers.field import Level
from zhunsheng.ledgers.row_checks import check_fault
from zhunsheng.ledgers.value_kinds import Fault
from zhunsheng.store.intake.checking import MOST_LISTED, TYPED, Tally
from zhunsheng.store.intake.compiled import OwnNames
from zhunsheng.store.intake.setting_aside import set_aside
from zhunsheng.store.intake.typed_rows import from_physical
from zhunsheng.store.records.opened_store import Snapshot
from zhunsheng.store.records.physical import quoted
from zhunsheng.store.records.reading import keys_sql
from zhunsheng.store.records.stamping import stamp_joins


def check_stamped(
    connection: duckdb.DuckDBPyConnection,
    ledger: LedgerDefinition,
    snapshot: Snapshot,
    tally: Tally,
    *,
    again: bool = False,
) -> None:
    """Reject or hold the rows of `_typed` that contradict the records they point to.

    Args:
        again: the rows were checked against an earlier state, so their warnings are told already.
    """
    faults = stamped_faults(connection, ledger, TYPED, snapshot)
    if again:
        strict = {
            number for number, found in faults.items() if any(each.level is not Level.WARN for each in found)
        }
        faults = {number: found for number, found in faults.items() if number in strict}
    set_aside(connection, ledger, faults, tally)


def stamped_faults(
    connection: duckdb.DuckDBPyConnection, ledger: LedgerDefinition, table: str, snapshot: Snapshot
) -> dict[int, list[Fault]]:
    """What the checks that look at stamped fields find, by `_source_row`, where the referred records are there."""
    stamped = {each.name for each in ledger.fields if each.stamped}
    checks = [
        each for each in ledger.checks if any(column.path[0] in stamped for column in each.holds.columns)
    ]
    faults: dict[int, list[Fault]] = {}
    relation = _relation(ledger, table, snapshot) if checks else ""
    for check in checks:
        for number, fault in _failing(connection, ledger, check, relation):
            faults.setdefault(number, []).append(fault)
    return faults


def _relation(ledger: LedgerDefinition, table: str, snapshot: Snapshot) -> str:
    """The rows with their stamped fields as the store will fill them in."""
    points = list(dict.fromkeys(each.stamped[0] for each in ledger.fields if each.stamped))
    resolved = ", ".join(f"k{place}.id AS {quoted(name)}" for place, name in enumerate(points))
    keys = " ".join(
        f"LEFT JOIN {keys_sql(ledger.by_name[name].target, snapshot)} AS k{place} ON k{place}.key = t.{quoted(name)}"
        for place, name in enumerate(points)
    )
    values, joins = stamp_joins(ledger, snapshot, "r")
    shown = ", ".join(f"{value} AS {quoted(name)}" for name, value in values.items())
    # references keep their texts for the messages; only the joins speak in surrogates
    own = f"SELECT t.* REPLACE ({resolved}) FROM {table} t {keys}"
    stamps = f"SELECT r._source_row, {shown} FROM ({own}) r {joins}"
    return f"(SELECT t.*, s.* EXCLUDE (_source_row) FROM {table} t JOIN ({stamps}) s USING (_source_row))"


def _failing(
    connection: duckdb.DuckDBPyConnection, ledger: LedgerDefinition, check: RecordCheck, relation: str
) -> Sequence[tuple[int, Fault]]:
    """The rows for which a check does not hold, with what is wrong."""
    holds = Renderer(DUCKDB, OwnNames(wide=True, has_deadlines=True)).render(check.holds.root)
    fields = [ledger.by_name[each] for each in check.fields]
    names = "".join(f", {quoted(each.name)}" for each in fields)
    rows = connection.execute(
        f"SELECT _source_row{names} FROM {relation} WHERE NOT coalesce({holds}, TRUE) ORDER BY 1 LIMIT {MOST_LISTED}"
    ).fetchall()
    found = []
    for number, *values in rows:
        record = {each.name: from_physical(each, value) for each, value in zip(fields, values, strict=True)}
        found.append((int(number), check_fault(ledger, check, record)))
    return found
