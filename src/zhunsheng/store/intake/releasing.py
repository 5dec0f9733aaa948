"""Rows that were held: those that waited for a record that is now there, and those a person has looked at."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import duckdb

from zhunsheng.ledgers.definition import LedgerDefinition
from zhunsheng.ledgers.field import Level
from zhunsheng.ledgers.row_checks import CheckedRow, RowChecker
from zhunsheng.store.intake.checking import problem_data
from zhunsheng.store.intake.setting_aside import amount_of
from zhunsheng.store.intake.stamped_checks import stamped_faults
from zhunsheng.store.intake.typed_rows import (
    load_typed,
    payload_text,
    plain_text,
    plain_writer,
    to_payload,
    to_physical,
    typed_columns,
)
from zhunsheng.store.records.entries import HeldInput, HeldRow
from zhunsheng.store.records.opened_store import OpenedStore
from zhunsheng.store.records.waiting import waiting_ready
from zhunsheng.store.records.writing import BatchInfo, WriteResult, write_batch

_TABLE: Final = "_released"
_WAITED: Final = "等待行自动入库"
_LOOKED_AT: Final = "待核行处理"


CheckerOf = Callable[[LedgerDefinition], RowChecker]
"""Gives the checker of a ledger as records of it are imported now."""


@dataclass(slots=True)
class Released:
    """What came of held rows.

    Attributes:
        rows: rows now stored, by ledger.
        batches: the commits that stored them.
    """

    rows: dict[str, int] = field(default_factory=dict)
    batches: list[int] = field(default_factory=list)

    def add(self, result: WriteResult) -> None:
        """Count a batch of released rows."""
        stored = result.record.stored + result.record.unchanged
        if stored:
            self.rows[result.record.ledger] = self.rows.get(result.record.ledger, 0) + stored
        if result.record.batch is not None:
            self.batches.append(result.record.batch)


@dataclass(frozen=True, slots=True)
class Refused:
    """Held rows that are still faulty after correction, with what is wrong with each."""

    rows: Mapping[int, CheckedRow]


def release_waiting(
    store: OpenedStore,
    connection: duckdb.DuckDBPyConnection,
    checker_of: CheckerOf,
    who: str,
    scratch: Path,
) -> Released:
    """Store the rows that waited for records which are now there.

    What is stored may be what others waited for, so this goes on until nothing moves.
    """
    released = Released()
    tried: set[int] = set()
    while True:
        ready = [each for each in waiting_ready(store, connection) if each.number not in tried]
        if not ready:
            return released
        tried |= {each.number for each in ready}
        for code in sorted({each.ledger for each in ready}):
            checker = checker_of(store.definition(code))
            rows = [
                (each, checker.check(texts_of(checker.ledger, each))) for each in ready if each.ledger == code
            ]
            # a definition may have become stricter since the row was read: then a person has to look
            sound = [each for each in rows if each[1].level in {None, Level.WARN}]
            if sound:
                released.add(_store(store, connection, checker.ledger, sound, who, _WAITED, scratch))


def release_held(
    store: OpenedStore,
    connection: duckdb.DuckDBPyConnection,
    checker: RowChecker,
    checker_of: CheckerOf,
    rows: Sequence[HeldRow],
    corrections: Mapping[str, str],
    who: str,
    scratch: Path,
) -> tuple[Released, Refused]:
    """Store rows from quarantine, corrected where a person says so.

    Args:
        checker: of their ledger; one that takes doubtful values as confirmed where the person confirms them.
        corrections: texts by the name of the field, for all of these rows.
    """
    good: list[tuple[HeldRow, CheckedRow]] = []
    bad: dict[int, CheckedRow] = {}
    for row in rows:
        checked = checker.check(texts_of(checker.ledger, row) | dict(corrections))
        if checked.level in {Level.REJECT, Level.QUARANTINE}:
            bad[row.number] = checked
        else:
            good.append((row, checked))
    released = Released()
    if good:
        released.add(_store(store, connection, checker.ledger, good, who, _LOOKED_AT, scratch))
        more = release_waiting(store, connection, checker_of, who, scratch)
        for code, count in more.rows.items():
            released.rows[code] = released.rows.get(code, 0) + count
        released.batches += more.batches
    return released, Refused(bad)


def texts_of(ledger: LedgerDefinition, row: HeldRow) -> dict[str, str]:
    """The cells of a held row as they were written or would be written."""
    found = {each.name: payload_text(each, row.payload.get(each.name)) for each in ledger.entered}
    written = row.payload.get("_texts")
    if isinstance(written, dict):
        found |= {name: str(text) for name, text in written.items() if name in found}
    return found


def _store(
    store: OpenedStore,
    connection: duckdb.DuckDBPyConnection,
    ledger: LedgerDefinition,
    rows: Sequence[tuple[HeldRow, CheckedRow]],
    who: str,
    source: str,
    scratch: Path,
) -> WriteResult:
    fields = [*ledger.entered, *(each for each in ledger.fields if each.computed is not None)]
    scratch.mkdir(parents=True, exist_ok=True)
    path = scratch / "released.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = plain_writer(stream)
        for row, checked in rows:
            values = [plain_text(to_physical(each, checked.record[each.name])) for each in fields]
            writer.writerow([row.number, *values])
    connection.execute(f"CREATE OR REPLACE TEMP TABLE {_TABLE} {typed_columns(fields)}")
    try:
        load_typed(connection, _TABLE, fields, path)
        held = _contradicting(store, connection, ledger, {row.number: checked for row, checked in rows})
        amount = sum(
            amount_of(ledger, checked.record)
            for row, checked in rows
            if row.number in {each.row for each in held}
        )
        info = BatchInfo(who, source, quarantined=held, quarantined_amount=amount)
        numbers = tuple(row.number for row, _ in rows)
        return write_batch(store, connection, _TABLE, ledger, info, releases=numbers)
    finally:
        connection.execute(f"DROP TABLE IF EXISTS {_TABLE}")
        path.unlink(missing_ok=True)


def _contradicting(
    store: OpenedStore,
    connection: duckdb.DuckDBPyConnection,
    ledger: LedgerDefinition,
    rows: Mapping[int, CheckedRow],
) -> tuple[HeldInput, ...]:
    """Take out the rows that contradict the records they waited for; a person has to look at them."""
    held = []
    for number, faults in sorted(stamped_faults(connection, ledger, _TABLE, store.snapshot()).items()):
        if any(each.level is not Level.WARN for each in faults):
            problems = tuple(problem_data(each) for each in faults)
            held.append(HeldInput(number, to_payload(ledger, rows[number].record), problems))
    connection.execute(
        f"DELETE FROM {_TABLE} WHERE _source_row IN (SELECT unnest(?::BIGINT[]))",
        [[each.row for each in held]],
    )
    return tuple(held)
