"""Reading the records of a ledger at a snapshot: which files, and the SQL that gives the current versions.

A version is visible at commit number S when its batch is (committed at or before S and not undone at or before S) and
no closing that is in force at S names it. Most files have neither hidden batches nor closings and are read directly;
the others by an anti join against the closings, which are few.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from pathlib import Path

from zhunsheng.kernel.place import Place
from zhunsheng.kernel.problem import Kind, Severity
from zhunsheng.store.records.faults import Misuse, StoreFault
from zhunsheng.store.records.opened_store import OpenedStore, Snapshot
from zhunsheng.store.records.physical import (
    SYSTEM,
    PhysicalColumn,
    columns_from,
    columns_of,
    parquet,
    quoted,
)
from zhunsheng.store.records.stored_files import REMEMBERED_FILES, ClosingsFile, Hit, RecordFile

COLUMN_CHANGED = Kind(
    "STORE-010",
    Severity.ERROR,
    "字段的定义与已入库的数据不相容",
    "恢复原来的类型和小数位数；确需更改的，用新的字段名。",
)


@dataclass(frozen=True, slots=True)
class DataFile:
    """A file of versions as it stands at a snapshot.

    The pair (sha256, digest) names the visible rows: equal pairs, equal rows.

    Attributes:
        rows: in the file, all versions.
        first_day, last_day: bounds of the business dates in it; None when it has none.
        digest: of everything in the file that is not visible; "" when all of it is.
        batches: rows by batch, hidden ones too.
        columns: what the file has.
        closings: the closings files that hit it.
        whole_batches: no batch in it is hidden.
        whole_closings: every closing in these closings files is in force.
    """

    id: int
    path: Path
    sha256: str
    rows: int
    first_day: date | None
    last_day: date | None
    digest: str
    batches: Mapping[int, int] = field(repr=False)
    columns: tuple[PhysicalColumn, ...] = field(repr=False)
    closings: tuple[Path, ...] = ()
    whole_batches: bool = True
    whole_closings: bool = True
    low_key: str | None = None
    high_key: str | None = None

    @property
    def is_clean(self) -> bool:
        """Whether every row in the file is visible."""
        return not self.digest


@dataclass(frozen=True, slots=True)
class ScanGroup:
    """Files that are read the same way.

    Attributes:
        columns: what the files have, by name.
        closings: closings files to take out; empty for clean files.
        seq: with `hidden`, which batches (and closers) count: up to `seq` and not in `hidden`.
        filters_batches: a batch in the files is hidden, so `_batch` must be looked at.
        filters_closings: a closing in the closings files is not in force, so `_by` and `_from` must be looked at.
    """

    files: tuple[Path, ...]
    columns: Mapping[str, PhysicalColumn]
    closings: tuple[Path, ...]
    seq: int
    hidden: tuple[int, ...]
    filters_batches: bool
    filters_closings: bool


def data_files(ledger_code: str, snapshot: Snapshot) -> tuple[DataFile, ...]:
    """The files with rows of a ledger that are visible at a snapshot, in the order of their making."""
    manifest = snapshot.store.manifest
    with manifest.database.steady():
        files = manifest.files(ledger_code)
        closings = manifest.closings(ledger_code) if files else ()
        schemas = manifest.schemas(ledger_code) if files else {}
        undone = manifest.undone()
    sight = _Sight(snapshot, undone, closings)
    root = snapshot.store.layout.root
    found = []
    for each in files:
        visible = [batch for batch in each.batches if sight.sees(batch)]
        hits = sight.hits.get(each.path, ())
        if len(visible) == len(each.batches) and not hits:
            found.append(_clean(root, each, schemas[each.schema_id]))
        elif visible:
            found.append(
                replace(
                    _clean(root, each, schemas[each.schema_id]),
                    digest=_digest(each, visible, hits),
                    closings=tuple(
                        root / path for path in dict.fromkeys(sight.paths[hit.closing] for hit in hits)
                    ),
                    whole_batches=len(visible) == len(each.batches),
                    whole_closings=all(hit.closing not in sight.partial for hit in hits),
                )
            )
    return tuple(found)


@lru_cache(maxsize=REMEMBERED_FILES)
def _clean(root: Path, file: RecordFile, schema: str) -> DataFile:
    """A file all of whose rows are visible."""
    return DataFile(
        id=file.id,
        path=root / file.path,
        sha256=file.sha256,
        rows=file.rows,
        first_day=file.first_day,
        last_day=file.last_day,
        digest="",
        batches=file.batches,
        columns=columns_from(schema),
        low_key=file.low_key,
        high_key=file.high_key,
    )


class _Sight:
    """What is visible at a snapshot."""

    def __init__(
        self, snapshot: Snapshot, undone: Mapping[int, int], closings: Iterable[ClosingsFile]
    ) -> None:
        self._seq = snapshot.seq
        self._undone = undone
        self.hits: dict[str, list[Hit]] = {}
        self.partial: set[int] = set()
        self.paths: dict[int, str] = {}
        for each in closings:
            self.paths[each.id] = each.path
            for hit in each.hits:
                if hit.from_seq <= self._seq and self.sees(hit.by_batch):
                    self.hits.setdefault(hit.file, []).append(hit)
                else:
                    self.partial.add(each.id)

    def sees(self, batch: int) -> bool:
        """Whether a batch is visible."""
        return batch <= self._seq and self._undone.get(batch, self._seq + 1) > self._seq


def _digest(file: RecordFile, visible: Sequence[int], hits: Sequence[Hit]) -> str:
    hidden = sorted(set(file.batches) - set(visible))
    if not hidden and not hits:
        return ""
    mixed = 0
    for each in hits:
        mixed ^= int(each.digest, 16)
    content = [hidden, sum(each.rows for each in hits), f"{mixed:032x}"]
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()


def scan_plan(
    ledger_code: str, snapshot: Snapshot, *, files: Sequence[DataFile] | None = None
) -> tuple[ScanGroup, ...]:
    """How to read a ledger: groups of files with what to take out of them.

    Args:
        ledger_code: the ledger.
        snapshot: the state.
        files: some of `data_files` of the same snapshot; None for all.
    """
    chosen = data_files(ledger_code, snapshot) if files is None else files
    hidden: tuple[int, ...] = ()
    if any(not each.whole_batches or not each.whole_closings for each in chosen):
        undone = snapshot.store.manifest.undone()
        hidden = tuple(sorted(batch for batch, at in undone.items() if at <= snapshot.seq))
    groups: dict[tuple[tuple[PhysicalColumn, ...], bool], list[DataFile]] = {}
    for each in chosen:
        groups.setdefault((each.columns, each.is_clean), []).append(each)
    return tuple(
        ScanGroup(
            files=tuple(each.path for each in members),
            columns={each.name: each for each in columns},
            closings=tuple(sorted({path for each in members for path in each.closings})),
            seq=snapshot.seq,
            hidden=hidden,
            filters_batches=any(not each.whole_batches for each in members),
            filters_closings=any(not each.whole_closings for each in members),
        )
        for (columns, _), members in groups.items()
    )


def scan_sql(
    ledger_code: str,
    snapshot: Snapshot,
    columns: Sequence[str],
    *,
    files: Sequence[DataFile] | None = None,
    filename: bool = False,
) -> str:
    """The current versions of a ledger at a snapshot, as the text of a subquery in parentheses.

    Args:
        ledger_code: the ledger.
        snapshot: the state.
        columns: field names, and `_batch`, `_row`, `_id`, `_source_row`; a field that a file is older than reads as
            NULL.
        files: some of `data_files` of the same snapshot; None for all.
        filename: adds a column `filename` with the path of the file.

    Raises:
        Misuse: no such column in the ledger's definition or files.
        StoreFault: a field has been redefined so that stored values no longer fit.
    """
    groups = scan_plan(ledger_code, snapshot, files=files)
    wanted = _wanted(snapshot.store, ledger_code, columns, groups)
    if not groups:
        empty = ", ".join(f"CAST(NULL AS {each.type}) AS {quoted(each.name)}" for each in wanted)
        extra = ", CAST(NULL AS VARCHAR) AS filename" if filename else ""
        return f"(SELECT {empty}{extra} WHERE false)"
    parts = [_group_sql(each, wanted, filename=filename) for each in groups]
    return "(" + " UNION ALL ".join(parts) + ")"


def _wanted(
    store: OpenedStore, ledger_code: str, columns: Sequence[str], groups: Sequence[ScanGroup]
) -> list[PhysicalColumn]:
    definition = store.catalogue(ledger_code)
    known = {name: PhysicalColumn(name, kind) for name, kind in SYSTEM.items()}
    for each in groups:
        known.update(each.columns)
    if definition is not None:
        known.update({each.name: each for each in columns_of(definition)})
    missing = [each for each in columns if each not in known]
    if missing:
        raise Misuse(f"ledger {ledger_code!r} has no column {missing}")
    return [known[each] for each in columns]


def _group_sql(group: ScanGroup, wanted: Sequence[PhysicalColumn], *, filename: bool) -> str:
    shown = ", ".join(f"{_expression(group, each)} AS {quoted(each.name)}" for each in wanted)
    if filename:
        shown += ", d.filename AS filename"
    sql = f"SELECT {shown} FROM {parquet(group.files, filename=filename)} AS d"
    if group.closings:
        chosen = f" WHERE {_in_force(group)}" if group.filters_closings else ""
        closings = f"SELECT _batch, _row FROM {parquet(group.closings)}{chosen}"
        sql += f" ANTI JOIN ({closings}) AS c ON d._batch = c._batch AND d._row = c._row"
    if group.filters_batches:
        sql += f" WHERE {_not_hidden('d._batch', group)}"
    return sql


def _expression(group: ScanGroup, wanted: PhysicalColumn) -> str:
    found = group.columns.get(wanted.name)
    if found is None and wanted.name in {"_batch", "_row"}:
        return f"d.{wanted.name}"
    if found is None:
        return f"CAST(NULL AS {wanted.type})"
    if found.type != wanted.type or found.target != wanted.target or found.places > wanted.places:
        raise StoreFault(
            COLUMN_CHANGED.at(
                Place(field=wanted.name),
                f"字段“{wanted.name}”入库时为 {found.type}（{found.places} 位小数），现定义为 {wanted.type}"
                f"（{wanted.places} 位小数）",
            )
        )
    scale = 10 ** (wanted.places - found.places)
    return f"d.{quoted(found.name)}" if scale == 1 else f"(d.{quoted(found.name)} * {scale})"


def _in_force(group: ScanGroup) -> str:
    return f"_from <= {group.seq} AND {_not_hidden('_by', group)}"


def _not_hidden(column: str, group: ScanGroup) -> str:
    sql = f"{column} <= {group.seq}"
    if group.hidden:
        sql += f" AND {column} NOT IN ({', '.join(map(str, group.hidden))})"
    return sql


def keys_sql(ledger_code: str, snapshot: Snapshot) -> str:
    """The dictionary of a ledger that others point to, `(key VARCHAR, id INTEGER)`, as a subquery in parentheses."""
    store = snapshot.store
    files = store.manifest.key_files(ledger_code)
    last = last_id(ledger_code, snapshot)
    paths = [store.layout.file(each.path) for each in files if each.first_id <= last]
    if not paths:
        return "(SELECT CAST(NULL AS VARCHAR) AS key, CAST(NULL AS INTEGER) AS id WHERE false)"
    later = "" if all(each.last_id <= last for each in files) else f" WHERE id <= {last}"
    return f"(SELECT key, id FROM {parquet(paths)}{later})"


def last_id(ledger_code: str, snapshot: Snapshot) -> int:
    """The highest surrogate of a ledger at a snapshot; 0 without any."""
    return snapshot.store.manifest.last_id(ledger_code, snapshot.seq)


def digest_of(ledger_code: str, snapshot: Snapshot) -> str:
    """One hash over the visible content of a ledger: it changes when a record does, and when files are compacted."""
    content = [[each.sha256, each.digest] for each in data_files(ledger_code, snapshot)]
    return hashlib.sha256(json.dumps(sorted(content)).encode()).hexdigest()


def closings_sql(ledger_code: str, snapshot: Snapshot) -> str:
    """The closings in force at a snapshot, `(_batch, _row, _by, _from)`, as a subquery in parentheses."""
    store = snapshot.store
    paths = [store.layout.file(each.path) for each in store.manifest.closings(ledger_code)]
    if not paths:
        return "(SELECT 0 AS _batch, 0 AS _row, 0 AS _by, 0 AS _from WHERE false)"
    undone = store.manifest.undone()
    hidden = tuple(sorted(batch for batch, at in undone.items() if at <= snapshot.seq))
    group = ScanGroup((), {}, (), snapshot.seq, hidden, filters_batches=True, filters_closings=True)
    return f"(SELECT _batch, _row, _by, _from FROM {parquet(paths)} WHERE {_in_force(group)})"


def versions_sql(
    ledger_code: str, snapshot: Snapshot, columns: Sequence[str], *, filename: bool = False
) -> str:
    """Every version ever stored and still kept, whatever its visibility, as a subquery in parentheses."""
    store = snapshot.store
    schemas = store.manifest.schemas(ledger_code)
    groups: dict[int, list[Path]] = {}
    for each in store.manifest.files(ledger_code):
        groups.setdefault(each.schema_id, []).append(store.layout.file(each.path))
    plans = [
        ScanGroup(
            tuple(paths),
            {each.name: each for each in columns_from(schemas[number])},
            (),
            snapshot.seq,
            (),
            filters_batches=False,
            filters_closings=False,
        )
        for number, paths in groups.items()
    ]
    wanted = _wanted(store, ledger_code, columns, plans)
    if not plans:
        empty = ", ".join(f"CAST(NULL AS {each.type}) AS {quoted(each.name)}" for each in wanted)
        extra = ", CAST(NULL AS VARCHAR) AS filename" if filename else ""
        return f"(SELECT {empty}{extra} WHERE false)"
    return "(" + " UNION ALL ".join(_group_sql(each, wanted, filename=filename) for each in plans) + ")"
