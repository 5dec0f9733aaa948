"""What is known of an import besides its rows, and the account of them: every row and every fen is somewhere."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import duckdb

from zhunsheng.ledgers.definition import LedgerDefinition
from zhunsheng.ledgers.field import FieldType
from zhunsheng.store.records.arrivals import Arrivals, Fate
from zhunsheng.store.records.entries import Amounts, HeldInput, ImportRecord, Json
from zhunsheng.store.records.opened_store import Snapshot
from zhunsheng.store.records.physical import quoted
from zhunsheng.store.records.session import Session
from zhunsheng.store.records.settled import settled_rows


class OutOfBalance(AssertionError):  # noqa: N818 # says what is wrong
    """Rows or amounts of an import do not add up; nothing has been stored."""


@dataclass(frozen=True, slots=True)
class BatchInfo:
    """What is known of an import besides its rows.

    Attributes:
        who: the person or system it is done for.
        source: file name or other origin, `source_sha256` the hash of the file.
        mapping: how headings became fields, as plain data.
        synthetic: the rows are generated.
        rejected: rows of the source that the caller turned away, `rejected_amount` their sum in fen.
        quarantined: rows to be held until a person has looked at them, `quarantined_amount` their sum.
        unchanged: rows of the source that are stored already, `unchanged_amount` their sum.
    """

    who: str
    source: str = ""
    source_sha256: str = ""
    mapping: Mapping[str, Json] = field(default_factory=dict)
    note: str = ""
    synthetic: bool = False
    rejected: int = 0
    rejected_amount: int = 0
    quarantined: Sequence[HeldInput] = ()
    quarantined_amount: int = 0
    unchanged: int = 0
    unchanged_amount: int = 0


def main_amount(ledger: LedgerDefinition) -> str:
    """The money field whose sum is balanced: the first that is entered; "" without any."""
    return next((each.name for each in ledger.entered if each.type is FieldType.MONEY), "")


def settle(
    connection: duckdb.DuckDBPyConnection, ledger: LedgerDefinition, head: Snapshot, info: BatchInfo
) -> BatchInfo:
    """Without the rows from quarantine of which somebody has already decided."""
    found = settled_rows(connection, ledger, head, info.quarantined)
    amount = main_amount(ledger)

    def total(rows: frozenset[int]) -> int:
        return sum(int(str(each.payload.get(amount) or 0)) for each in info.quarantined if each.row in rows)

    stored, given_up = total(found.stored), total(found.given_up)
    return replace(
        info,
        quarantined=[each for each in info.quarantined if each.row not in found.stored | found.given_up],
        quarantined_amount=info.quarantined_amount - stored - given_up,
        unchanged=info.unchanged + len(found.stored),
        unchanged_amount=info.unchanged_amount + stored,
        rejected=info.rejected + len(found.given_up),
        rejected_amount=info.rejected_amount + given_up,
    )


def balanced(
    session: Session, arrivals: Arrivals, ledger: LedgerDefinition, info: BatchInfo, batch: int | None
) -> ImportRecord:
    """The record of an import, whose parts add up.

    Raises:
        OutOfBalance: they do not.
    """
    amount = main_amount(ledger)
    found = arrivals.fates(amount)
    rows = {name: found.get(name, (0, 0))[0] for name in ("read", "stored", *Fate)}
    sums = {name: found.get(name, (0, 0))[1] for name in ("read", "stored", *Fate)}
    for each in (rows, sums):
        if each["read"] != each["stored"] + sum(each[fate] for fate in Fate):
            raise OutOfBalance(f"{ledger.code}: {each}")
    amounts = Amounts(
        amount,
        read=sums["read"] + info.rejected_amount + info.quarantined_amount + info.unchanged_amount,
        stored=sums["stored"],
        unchanged=sums[Fate.UNCHANGED] + info.unchanged_amount,
        duplicates=sums[Fate.DUPLICATE],
        rejected=sums[Fate.REJECTED] + info.rejected_amount,
        quarantined=info.quarantined_amount,
        waiting=sums[Fate.WAITING],
    )
    return ImportRecord(
        number=session.store.manifest.next_import_number(),
        batch=batch,
        ledger=ledger.code,
        moment=session.moment,
        who=info.who,
        source=info.source,
        sha256=info.source_sha256,
        mapping=info.mapping,
        rows_read=rows["read"] + info.rejected + len(info.quarantined) + info.unchanged,
        stored=rows["stored"],
        new_versions=arrivals.new_versions,
        unchanged=rows[Fate.UNCHANGED] + info.unchanged,
        duplicates=rows[Fate.DUPLICATE],
        rejected=rows[Fate.REJECTED] + info.rejected,
        quarantined=len(info.quarantined),
        waiting=rows[Fate.WAITING],
        amounts=amounts if amount else None,
        note=info.note,
    )


def keyed_record(
    session: Session,
    connection: duckdb.DuckDBPyConnection,
    view: str,
    ledger: LedgerDefinition,
    info: BatchInfo,
    rows: int,
) -> ImportRecord:
    """The record of rows that are all new."""
    amount = main_amount(ledger)
    amounts = None
    if amount:
        total = int(
            connection.execute(f"SELECT coalesce(sum({quoted(amount)}), 0) FROM {view}").fetchall()[0][0]
        )
        amounts = Amounts(amount, total, total, 0, 0, 0, 0, 0)
    return ImportRecord(
        number=session.store.manifest.next_import_number(),
        batch=session.head.seq + 1 if rows else None,
        ledger=ledger.code,
        moment=session.moment,
        who=info.who,
        source=info.source,
        sha256=info.source_sha256,
        mapping=info.mapping,
        rows_read=rows,
        stored=rows,
        new_versions=0,
        unchanged=0,
        duplicates=0,
        rejected=0,
        quarantined=0,
        waiting=0,
        amounts=amounts,
        note=info.note,
    )
