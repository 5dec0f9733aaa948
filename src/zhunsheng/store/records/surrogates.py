"""Surrogates for a ledger that had none: a new definition points to it, so its records need dense numbers.

All its files are written anew with `_id`; versions, states and moments stay what they are.
"""

import duckdb

from zhunsheng.ledgers.definition import LedgerDefinition
from zhunsheng.ledgers.field import FieldType
from zhunsheng.store.records.batch_files import hits_of, rewrite_versions, write_keys
from zhunsheng.store.records.entries import TrailEntry
from zhunsheng.store.records.faults import Misuse
from zhunsheng.store.records.physical import PhysicalColumn, columns_from, parquet, quoted
from zhunsheng.store.records.session import Session
from zhunsheng.store.records.stored_files import Hit, Publication, RecordFile


def key_field(ledger: LedgerDefinition) -> str:
    """The key of a ledger that others point to.

    Raises:
        Misuse: it has not exactly one text field as its key.
    """
    if len(ledger.key) != 1 or ledger.by_name[ledger.key[0]].type is not FieldType.TEXT:
        raise Misuse(f"ledger {ledger.code!r} is referred to and needs exactly one text key")
    return ledger.key[0]


def give_late_surrogates(session: Session, ledger: LedgerDefinition) -> None:
    """Number the records of this ledger and of those it points to, where they were stored before anything pointed."""
    known = session.store.manifest.ledgers()
    targets = {each.target for each in ledger.references if each.type is FieldType.REFERENCE}
    for code in sorted({ledger.code, *targets}):
        referred, _ = known.get(code, (True, 1))
        if not referred and session.store.is_referred(code):
            _number(session, session.store.definition(code))


def _number(session: Session, ledger: LedgerDefinition) -> None:
    manifest, layout = session.store.manifest, session.store.layout
    key = quoted(key_field(ledger))
    files = manifest.files(ledger.code)
    schemas = manifest.schemas(ledger.code)
    closings = manifest.closings(ledger.code)
    paths = {each.path: layout.file(each.path) for each in closings}
    made: list[RecordFile] = []
    columns = {}
    hits: tuple[Hit, ...] = ()
    with session.store.connect() as connection:
        rows = _dictionary(connection, key, [layout.file(each.path) for each in files])
        for number, each in enumerate(files):
            present = columns_from(schemas[each.schema_id])
            shown = [PhysicalColumn("_id", "INTEGER"), *present]
            view = f"numbered_{number}"
            connection.execute(
                f"CREATE TEMP VIEW {view} AS SELECT k.id AS _id, f.* FROM {parquet([layout.file(each.path)])} AS f "
                f"JOIN dictionary k ON k.key = f.{key}"
            )
            written, staged = rewrite_versions(session, connection, view, ledger, shown, session.head.seq)
            made += written
            columns.update({file.path: [column.as_data() for column in shown] for file in written})
            hits += hits_of(connection, closings, paths, staged)
        keys = write_keys(
            session, connection, "SELECT key, id FROM dictionary", ledger.code, session.head.seq, 1, rows
        )
    entry = TrailEntry(0, session.moment, session.who, "number", {"ledger": ledger.code, "records": rows})
    session.place_files()
    manifest.publish(
        Publication(
            files=tuple(made),
            keys=keys,
            hits=hits,
            referred={ledger.code: True},
            next_ids={ledger.code: rows + 1},
            last_ids={each.seq: rows for each in manifest.commits(ledger.code)},
            retired_files=tuple(each.id for each in files),
            trail=(entry,),
        ),
        columns,
    )
    session.finish()


def _dictionary(connection: duckdb.DuckDBPyConnection, key: str, paths: list[object]) -> int:
    """A table of all keys with numbers in the order of their first coming; gives how many."""
    connection.execute(
        f"CREATE TEMP TABLE dictionary AS SELECT key, CAST(row_number() OVER (ORDER BY first) AS INTEGER) AS id FROM "
        f"(SELECT {key} AS key, min((_batch, _row)) AS first FROM {parquet(paths)} GROUP BY ALL)"
    )
    return int(connection.execute("SELECT count(*) FROM dictionary").fetchall()[0][0])
