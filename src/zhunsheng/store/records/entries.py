"""What the manifest keeps, as values: commits, imports, held rows, the trail."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias

Json: TypeAlias = "bool | int | str | list[Json] | dict[str, Json] | None"
"""Plain data as it is written into the manifest; no binary floats."""


class CommitKind(StrEnum):
    """What a commit did."""

    BATCH = "batch"
    UNDO = "undo"

    @property
    def label(self) -> str:
        """The Chinese word shown to users."""
        return {"batch": "批次", "undo": "撤销"}[self.value]


class HoldReason(StrEnum):
    """Why a row is held back."""

    QUARANTINE = "quarantine"
    WAITING = "waiting"

    @property
    def label(self) -> str:
        """The Chinese word shown to users."""
        return {"quarantine": "待核", "waiting": "等待引用"}[self.value]


class HoldState(StrEnum):
    """What became of a held row."""

    OPEN = "open"
    RELEASED = "released"
    DISCARDED = "discarded"

    @property
    def label(self) -> str:
        """The Chinese word shown to users."""
        return {"open": "未处理", "released": "已入库", "discarded": "已弃用"}[self.value]


@dataclass(frozen=True, slots=True)
class Commit:
    """One step in the life of a store.

    Attributes:
        seq: its number, from 1 without gaps; of a batch also the `_batch` of its rows.
        ledger: code of the ledger it changed.
        moment: when, in UTC; never earlier than the commit before it.
        who: the person or system it was done for.
        rows: rows written (new records and new versions).
        closed: versions of earlier batches that its rows replaced.
        undoes: the batch that an undo hides, or None.
        undone_at: the commit that hid this batch, or None.
        synthetic: the rows are generated, not reported by anyone.
        source: file name or other origin of the rows.
    """

    seq: int
    kind: CommitKind
    ledger: str
    moment: datetime
    who: str
    rows: int
    closed: int
    undoes: int | None = None
    undone_at: int | None = None
    synthetic: bool = False
    source: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Amounts:
    """Sums of the main money field over the rows of an import, in fen; the parts add up to `read`."""

    field: str
    read: int
    stored: int
    unchanged: int
    duplicates: int
    rejected: int
    quarantined: int
    waiting: int


@dataclass(frozen=True, slots=True)
class ImportRecord:
    """What came of one import.

    `rows_read = stored + unchanged + duplicates + rejected + quarantined + waiting` always holds.

    Attributes:
        number: its number, from 1.
        batch: the commit with its rows, or None when nothing new was in it.
        sha256: of the file, in hexadecimal; "" when there was no file.
        mapping: how headings became fields, as plain data.
        stored: rows written; `new_versions` of them replace an earlier version.
        amounts: sums of the main money field, None when the ledger has none.
    """

    number: int
    batch: int | None
    ledger: str
    moment: datetime
    who: str
    source: str
    sha256: str
    mapping: Mapping[str, Json]
    rows_read: int
    stored: int
    new_versions: int
    unchanged: int
    duplicates: int
    rejected: int
    quarantined: int
    waiting: int
    amounts: Amounts | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class HeldRow:
    """A row that was read and not stored yet.

    Attributes:
        number: its number in the store, from 1.
        import_number: the import it came with.
        batch: the commit of that import, or None.
        row: its `_source_row` in the file.
        waits_for_ledger: of a waiting row, the ledger of the missing record; "" otherwise.
        waits_for_key: the key of the missing record.
        payload: entered fields by name: whole numbers of the smallest unit for decimals, ISO texts for dates,
            texts for references.
        problems: why it is held, as plain data of problems.
        resolved_by: who or what released or discarded it, "" while it is open.
    """

    number: int
    import_number: int
    batch: int | None
    ledger: str
    row: int
    reason: HoldReason
    waits_for_ledger: str
    waits_for_key: str
    payload: Mapping[str, Json]
    problems: tuple[Json, ...]
    state: HoldState
    resolved_by: str = ""


@dataclass(frozen=True, slots=True)
class HeldInput:
    """A row that a writer wants held (quarantine), with why."""

    row: int
    payload: Mapping[str, Json]
    problems: tuple[Json, ...] = ()


@dataclass(frozen=True, slots=True)
class TrailEntry:
    """One line of the audit trail; each hash covers the line before it.

    Attributes:
        what: code of the deed, such as `batch`, `undo`, `compact`.
    """

    number: int
    moment: datetime
    who: str
    what: str
    detail: Mapping[str, Json] = field(default_factory=dict)
    previous: str = ""
    hash: str = ""
