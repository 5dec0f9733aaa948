"""Taking rows out again after they were found sound by themselves: what they contradict decides where they go."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import duckdb

from zhunsheng.ledgers.definition import LedgerDefinition
from zhunsheng.ledgers.field import Level
from zhunsheng.ledgers.value_kinds import Fault
from zhunsheng.store.intake.checking import FAULTS, TYPED, Tally, problem_data
from zhunsheng.store.intake.typed_rows import from_physical, to_payload, to_physical
from zhunsheng.store.records.entries import HeldInput
from zhunsheng.store.records.physical import quoted
from zhunsheng.store.records.writing import main_amount


def set_aside(
    connection: duckdb.DuckDBPyConnection,
    ledger: LedgerDefinition,
    faults: Mapping[int, Sequence[Fault]],
    tally: Tally,
) -> None:
    """Reject or hold rows for faults found later; warnings are only told."""
    strict = {
        number: found
        for number, found in faults.items()
        if any(each.level is not Level.WARN for each in found)
    }
    for number, record in rows_out(connection, ledger, list(strict)) if strict else []:
        if any(each.level is Level.REJECT for each in strict[number]):
            tally.rejected += 1
            tally.rejected_amount += amount_of(ledger, record)
        else:
            problems = tuple(problem_data(each) for each in strict[number])
            tally.add_held(HeldInput(number, to_payload(ledger, record), problems), amount_of(ledger, record))
    tell(connection, [(number, each) for number, found in faults.items() for each in found], tally)


def rows_out(
    connection: duckdb.DuckDBPyConnection, ledger: LedgerDefinition, numbers: Sequence[int]
) -> list[tuple[int, dict[str, Any]]]:
    """Remove rows from those to be stored; give their records."""
    names = ", ".join(quoted(each.name) for each in ledger.entered)
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE _chosen AS SELECT unnest(?::BIGINT[]) AS _source_row", [list(numbers)]
    )
    found = connection.execute(
        f"SELECT _source_row, {names} FROM {TYPED} JOIN _chosen USING (_source_row) ORDER BY 1"
    ).fetchall()
    connection.execute(f"DELETE FROM {TYPED} WHERE _source_row IN (SELECT _source_row FROM _chosen)")
    connection.execute("DROP TABLE _chosen")
    return [
        (
            int(row[0]),
            {
                each.name: from_physical(each, value)
                for each, value in zip(ledger.entered, row[1:], strict=True)
            },
        )
        for row in found
    ]


def amount_of(ledger: LedgerDefinition, record: Mapping[str, Any]) -> int:
    """The main amount of a record in fen, 0 without one."""
    name = main_amount(ledger)
    if not name or record.get(name) is None:
        return 0
    return int(to_physical(ledger.by_name[name], record[name]))


def tell(connection: duckdb.DuckDBPyConnection, faults: Sequence[tuple[int, Fault]], tally: Tally) -> None:
    """Count faults and add them to the list."""
    if not faults:
        return
    rows = []
    for number, fault in faults:
        problem = fault.problem
        tally.faults[fault.level.value, problem.code] += 1
        rows.append(
            [number, fault.level.value, problem.code, json.dumps(list(fault.fields)), problem.value, problem.what,
             problem.why, problem.remedy]
        )  # fmt: skip
    connection.executemany(f"INSERT INTO {FAULTS} VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)
