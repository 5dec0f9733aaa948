"""From rows of the manifest to values and back."""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import lru_cache
from types import MappingProxyType

from zhunsheng.store.records.database import Row, Scalar
from zhunsheng.store.records.entries import (
    Amounts,
    Commit,
    CommitKind,
    HeldRow,
    HoldReason,
    HoldState,
    ImportRecord,
    TrailEntry,
)
from zhunsheng.store.records.stored_files import REMEMBERED_FILES, RecordFile, StoredFile

_COUNTS = (
    "rows_read",
    "stored",
    "new_versions",
    "unchanged",
    "duplicates",
    "rejected",
    "quarantined",
    "waiting",
)


def trail_hash(entry: TrailEntry) -> str:
    """The hash of a trail entry: over its content and the hash before it."""
    content = [
        entry.number,
        text_of(entry.moment),
        entry.who,
        entry.what,
        detail_text(entry),
        entry.previous,
    ]
    return hashlib.sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()


def detail_text(entry: TrailEntry) -> str:
    """The detail of a trail entry as text."""
    return json.dumps(dict(entry.detail), ensure_ascii=False, sort_keys=True)


def text_of(moment: datetime) -> str:
    """A moment in UTC with microseconds: text order is time order."""
    if moment.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def moment_of(text: Scalar) -> datetime:
    """A moment from its text."""
    return datetime.fromisoformat(str(text))


def day_text(day: date | None) -> str | None:
    """A day as text."""
    return None if day is None else day.isoformat()


def day_of(text: Scalar) -> date | None:
    """A day from its text."""
    return None if text is None else date.fromisoformat(str(text))


def maybe_text(text: Scalar) -> str | None:
    """A text that may be absent."""
    return None if text is None else str(text)


def live(ledger: str | None, *, retired: bool) -> tuple[str, tuple[Scalar, ...]]:
    """The condition that picks files in use (or retired ones) of a ledger or of all."""
    state = "retired_at IS NOT NULL" if retired else "retired_at IS NULL"
    return (state, ()) if ledger is None else (f"ledger = ? AND {state}", (ledger,))


def all_of(wanted: Mapping[str, Scalar]) -> tuple[str, tuple[Scalar, ...]]:
    """The condition that columns have values; None means any."""
    given = {name: value for name, value in wanted.items() if value is not None}
    return " AND ".join(f"{name} = ?" for name in given), tuple(given.values())


def file_row(file: StoredFile) -> tuple[Scalar, ...]:
    """What rows of all files begin with, without the number."""
    return (file.ledger, file.path, file.sha256, file.bytes, file.rows, None)


def stored_of(row: Row) -> tuple[str, str, str, int, int, int, datetime | None]:
    """The arguments that all files begin with."""
    retired = None if row[6] is None else moment_of(row[6])
    return (
        str(row[1]),
        str(row[2]),
        str(row[3]),
        int(row[4] or 0),
        int(row[5] or 0),
        int(row[0] or 0),
        retired,
    )


@lru_cache(maxsize=REMEMBERED_FILES)
def record_file_of(row: Row, batches: tuple[tuple[int, int], ...]) -> RecordFile:
    """A data file; lines that were read before are not read again, as a ledger has a file for every day.

    Args:
        row: its line in the manifest.
        batches: rows by batch.
    """
    return RecordFile(
        *stored_of(row),
        first_day=day_of(row[7]),
        last_day=day_of(row[8]),
        schema_id=int(row[9] or 0),
        low_key=maybe_text(row[10]),
        high_key=maybe_text(row[11]),
        batches=MappingProxyType(dict(batches)),
    )


def commit_of(row: Row, undone: Mapping[int, int]) -> Commit:
    """A commit."""
    seq = int(row[0] or 0)
    return Commit(
        seq=seq,
        kind=CommitKind(str(row[1])),
        ledger=str(row[2]),
        moment=moment_of(row[3]),
        who=str(row[4]),
        rows=int(row[5] or 0),
        closed=int(row[6] or 0),
        undoes=None if row[7] is None else int(row[7]),
        undone_at=undone.get(seq),
        synthetic=bool(row[9]),
        source=str(row[10]),
        note=str(row[11]),
    )


def import_of(row: Row) -> ImportRecord:
    """An import record."""
    numbers = dict(zip(_COUNTS, (int(each or 0) for each in row[8:16]), strict=True))
    return ImportRecord(
        number=int(row[0] or 0),
        batch=None if row[1] is None else int(row[1]),
        ledger=str(row[2]),
        moment=moment_of(row[3]),
        who=str(row[4]),
        source=str(row[5]),
        sha256=str(row[6]),
        mapping=json.loads(str(row[7])),
        rows_read=numbers["rows_read"],
        stored=numbers["stored"],
        new_versions=numbers["new_versions"],
        unchanged=numbers["unchanged"],
        duplicates=numbers["duplicates"],
        rejected=numbers["rejected"],
        quarantined=numbers["quarantined"],
        waiting=numbers["waiting"],
        amounts=None if row[16] is None else Amounts(**json.loads(str(row[16]))),
        note=str(row[17]),
    )


def held_of(row: Row) -> HeldRow:
    """A held row."""
    return HeldRow(
        int(row[0] or 0),
        int(row[1] or 0),
        None if row[2] is None else int(row[2]),
        str(row[3]),
        int(row[4] or 0),
        HoldReason(str(row[5])),
        str(row[6]),
        str(row[7]),
        json.loads(str(row[8])),
        tuple(json.loads(str(row[9]))),
        HoldState(str(row[10])),
        str(row[11]),
    )


def trail_of(row: Row) -> TrailEntry:
    """A trail entry."""
    detail = json.loads(str(row[4]))
    return TrailEntry(
        int(row[0] or 0), moment_of(row[1]), str(row[2]), str(row[3]), detail, str(row[5]), str(row[6])
    )


def commit_row(commit: Commit, last_id: int) -> Row:
    """The row of a commit."""
    return (
        commit.seq,
        commit.kind.value,
        commit.ledger,
        text_of(commit.moment),
        commit.who,
        commit.rows,
        commit.closed,
        commit.undoes,
        last_id,
        int(commit.synthetic),
        commit.source,
        commit.note,
    )


def import_row(record: ImportRecord) -> Row:
    """The row of an import."""
    amounts = record.amounts
    shown = (
        None if amounts is None else json.dumps({name: getattr(amounts, name) for name in Amounts.__slots__})
    )
    return (
        record.number,
        record.batch,
        record.ledger,
        text_of(record.moment),
        record.who,
        record.source,
        record.sha256,
        json.dumps(dict(record.mapping), ensure_ascii=False),
        record.rows_read,
        record.stored,
        record.new_versions,
        record.unchanged,
        record.duplicates,
        record.rejected,
        record.quarantined,
        record.waiting,
        shown,
        record.note,
    )


def held_row(row: HeldRow) -> Row:
    """The row of a held row."""
    return (
        row.number,
        row.import_number,
        row.batch,
        row.ledger,
        row.row,
        row.reason.value,
        row.waits_for_ledger,
        row.waits_for_key,
        json.dumps(dict(row.payload), ensure_ascii=False),
        json.dumps(list(row.problems), ensure_ascii=False),
        row.state.value,
        row.resolved_by,
    )


def trail_row(entry: TrailEntry) -> Row:
    """The row of a trail entry whose hash is known."""
    return (
        entry.number,
        text_of(entry.moment),
        entry.who,
        entry.what,
        detail_text(entry),
        entry.previous,
        entry.hash,
    )
