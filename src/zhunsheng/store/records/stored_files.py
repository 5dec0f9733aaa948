"""The files of a store as values, and what becomes true in one transaction."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from zhunsheng.store.records.entries import Commit, HeldRow, ImportRecord, TrailEntry

REMEMBERED_FILES = 1 << 16
"""How many files this process remembers so that a snapshot with the files of the last one is cheap to open."""


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file of the store.

    Attributes:
        id: its number in its table; 0 before it is in the manifest.
        path: relative to the store, with forward slashes.
        retired_at: since when nothing reads it any more; None while it is in use.
    """

    ledger: str
    path: str
    sha256: str
    bytes: int
    rows: int
    id: int = 0
    retired_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class RecordFile(StoredFile):
    """A file of versions.

    Attributes:
        batches: rows by batch.
        schema_id: number of the columns it has.
        low_key, high_key: bounds of the first key field in its sortable form, None when not known.
    """

    first_day: date | None = None
    last_day: date | None = None
    schema_id: int = 0
    low_key: str | None = None
    high_key: str | None = None
    batches: Mapping[int, int] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class KeyFile(StoredFile):
    """A file of a dictionary: keys with surrogates `first_id` to `last_id`."""

    first_id: int = 0
    last_id: int = 0


@dataclass(frozen=True, slots=True)
class Hit:
    """Versions of one data file that are closed by one batch.

    Attributes:
        closing: id of the closings file.
        by_batch: the batch whose versions replace them; the closing ends with the batch.
        from_seq: the commit from which on it holds.
        file: path of the data file.
        digest: a commutative hash (exclusive or) over the closed versions, so that it survives merging.
    """

    by_batch: int
    from_seq: int
    file: str
    rows: int
    digest: str
    closing: int = 0


@dataclass(frozen=True, slots=True)
class ClosingsFile(StoredFile):
    """A file of closings and which data files they hit."""

    hits: tuple[Hit, ...] = ()


@dataclass(frozen=True, slots=True)
class Publication:
    """Everything that becomes true in one transaction.

    Attributes:
        commit: the numbered step, or None when no record changes.
        next_ids: by ledger.
        last_ids: corrected highest surrogates, by commit.
        referred: by ledger, whether its records carry surrogates; only for ledgers that are new to the store.
        retired: ids of data, key and closings files that are replaced.
        hits: of closings files that stay, for new data files.
        released: numbers of held rows that are now stored.
        discarded: numbers of held rows that are given up.
    """

    commit: Commit | None = None
    last_id: int = 0
    files: tuple[RecordFile, ...] = ()
    keys: tuple[KeyFile, ...] = ()
    closings: tuple[ClosingsFile, ...] = ()
    hits: tuple[Hit, ...] = ()
    next_ids: Mapping[str, int] = field(default_factory=dict)
    referred: Mapping[str, bool] = field(default_factory=dict)
    last_ids: Mapping[int, int] = field(default_factory=dict)
    retired_files: tuple[int, ...] = ()
    retired_keys: tuple[int, ...] = ()
    retired_closings: tuple[int, ...] = ()
    record: ImportRecord | None = None
    held: tuple[HeldRow, ...] = ()
    released: tuple[int, ...] = ()
    released_by: str = ""
    discarded: tuple[int, ...] = ()
    discarded_by: str = ""
    info: Mapping[str, str] = field(default_factory=dict)
    trail: tuple[TrailEntry, ...] = ()
