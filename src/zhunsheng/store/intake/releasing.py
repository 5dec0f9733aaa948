"""Rows that were held: those that waited for a record that is now there, and those a person has looked at."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
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
from zhunsheng.store.intake.uniqueness import unique_faults
from zhunsheng.store.records.entries import HeldInput, HeldRow
from zhunsheng.store.records.opened_store import OpenedStore, Snapshot
from zhunsheng.store.records.waiting import waiting_ready
from zhunsheng.store.records.writing import BatchInfo, Recheck, WriteResult, write_batch

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
                batch = _Batch(store, connection, checker, sound, scratch)
                result = batch.store_waiting(who)
                if result is not None:
                    released.add(result)


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
    result = None
    if good:
        batch = _Batch(store, connection, checker, good, scratch)
        result = batch.store_chosen(who)
        bad |= batch.refused
    if result is not None:
        released.add(result)
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


class _Batch:
    """Held rows of one ledger on their way into the store.

    Attributes:
        refused: rows that contradict each other or the records in force, by the number of the held row.
    """

    def __init__(
        self,
        store: OpenedStore,
        connection: duckdb.DuckDBPyConnection,
        checker: RowChecker,
        rows: Sequence[tuple[HeldRow, CheckedRow]],
        scratch: Path,
    ) -> None:
        self.store = store
        self.connection = connection
        self.checker = checker
        self.ledger = checker.ledger
        self.rows = {row.number: checked for row, checked in rows}
        self.scratch = scratch
        self.refused: dict[int, CheckedRow] = {}

    def store_waiting(self, who: str) -> WriteResult | None:
        """Store rows that waited; a person has to look at those that contradict what they waited for."""

        def recheck(head: Snapshot) -> tuple[BatchInfo, Sequence[int]]:
            self._take_out(head)
            held = [
                HeldInput(
                    number,
                    to_payload(self.ledger, checked.record),
                    tuple(problem_data(each) for each in checked.faults),
                )
                for number, checked in sorted(self.refused.items())
            ]
            amount = sum(amount_of(self.ledger, checked.record) for checked in self.refused.values())
            info = BatchInfo(who, _WAITED, quarantined=held, quarantined_amount=amount)
            return info, tuple(self.rows)

        return self._write(recheck)

    def store_chosen(self, who: str) -> WriteResult | None:
        """Store rows that a person has looked at; the others stay held. None when nothing is left to store."""

        def recheck(head: Snapshot) -> tuple[BatchInfo, Sequence[int]]:
            self._take_out(head)
            return BatchInfo(who, _LOOKED_AT), tuple(each for each in self.rows if each not in self.refused)

        return self._write(recheck)

    def _write(self, recheck: Recheck) -> WriteResult | None:
        ledger = self.ledger
        fields = [*ledger.entered, *(each for each in ledger.fields if each.computed is not None)]
        self.scratch.mkdir(parents=True, exist_ok=True)
        path = self.scratch / "released.csv"
        with path.open("w", encoding="utf-8", newline="") as stream:
            writer = plain_writer(stream)
            for number, checked in self.rows.items():
                values = [plain_text(to_physical(each, checked.record[each.name])) for each in fields]
                writer.writerow([number, *values])
        self.connection.execute(f"CREATE OR REPLACE TEMP TABLE {_TABLE} {typed_columns(fields)}")
        try:
            load_typed(self.connection, _TABLE, fields, path)
            info, numbers = recheck(self.store.snapshot())
            if not numbers:
                return None
            return write_batch(
                self.store, self.connection, _TABLE, ledger, info, releases=numbers, recheck=recheck
            )
        finally:
            self.connection.execute(f"DROP TABLE IF EXISTS {_TABLE}")
            path.unlink(missing_ok=True)

    def _take_out(self, head: Snapshot) -> None:
        """Take rows out that somebody else has dealt with, and those that contradict each other or the store."""
        still = {each.number for each in head.store.manifest.held(self.ledger.code)}
        gone = [each for each in self.rows if each not in still]
        self.rows = {number: checked for number, checked in self.rows.items() if number in still}
        self._delete(gone)
        found = stamped_faults(self.connection, self.ledger, _TABLE, head)
        for faults in found.values():
            # what is only doubtful, a person has confirmed
            doubtful = {Level.WARN, Level.QUARANTINE} if self.checker.confirmed else {Level.WARN}
            faults[:] = [each for each in faults if each.level not in doubtful]
        for number, more in unique_faults(self.connection, self.ledger, _TABLE, head).items():
            found.setdefault(number, []).extend(more)
        wrong = {number: faults for number, faults in sorted(found.items()) if faults}
        for number, faults in wrong.items():
            self.refused[number] = replace(self.rows[number], faults=tuple(faults))
        self._delete(list(wrong))

    def _delete(self, numbers: list[int]) -> None:
        self.connection.execute(
            f"DELETE FROM {_TABLE} WHERE _source_row IN (SELECT unnest(?::BIGINT[]))", [numbers]
        )
