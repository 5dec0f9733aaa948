"""The manifest: which files, batches and ids a store consists of. Whoever changes it holds the writer's lock."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from zhunsheng.kernel.place import Place
from zhunsheng.kernel.problem import Kind, Severity
from zhunsheng.store.records import manifest_tables as tables
from zhunsheng.store.records.database import Database
from zhunsheng.store.records.entries import (
    Commit,
    HeldRow,
    HoldReason,
    HoldState,
    ImportRecord,
    Json,
    TrailEntry,
)
from zhunsheng.store.records.faults import StoreFault
from zhunsheng.store.records.manifest_rows import (
    all_of,
    commit_of,
    commit_row,
    day_text,
    file_row,
    held_of,
    held_row,
    import_of,
    import_row,
    live,
    moment_of,
    record_file_of,
    stored_of,
    text_of,
    trail_hash,
    trail_of,
    trail_row,
)
from zhunsheng.store.records.stored_files import ClosingsFile, Hit, KeyFile, Publication, RecordFile

OTHER_FORMAT = Kind(
    "STORE-003",
    Severity.ERROR,
    "记录库的格式版本与本程序不符",
    "用写入它的那个版本的程序打开；要换成现在的版本，联系管理员。",
)
RAN_AHEAD = Kind(
    "STORE-004",
    Severity.ERROR,
    "准备提交时记录库已被改动",
    "重试；若反复出现，检查记录库所在的磁盘是否支持文件锁（网络盘可能不支持）。",
)


class Manifest:
    """Reads and changes of the manifest over some database."""

    def __init__(self, database: Database) -> None:
        self.database = database

    @classmethod
    def create(cls, database: Database, store_id: str, moment: datetime) -> "Manifest":
        """Make the tables in an empty database."""
        for each in tables.TABLES:
            database.script(each.statements())
        made = cls(database)
        with database.transaction():
            info = {
                "format": str(tables.FORMAT),
                "store_id": store_id,
                "created": text_of(moment),
                "horizon": "0",
            }
            tables.INFO.insert(database, sorted(info.items()))
            made._append_trail([TrailEntry(0, moment, "", "create", {"store_id": store_id})])
        return made

    def check_format(self) -> None:
        """Refuse a store of another format.

        Raises:
            StoreFault: it is one.
        """
        found = self.info("format")
        if found != str(tables.FORMAT):
            raise StoreFault(
                OTHER_FORMAT.at(
                    Place("manifest"), f"格式版本为 {found}，本程序读写版本 {tables.FORMAT}", value=found
                )
            )

    def info(self, name: str) -> str:
        """One fact about the store; "" when it is not recorded."""
        found = tables.INFO.select(self.database, "name = ?", (name,))
        return str(found[0][1]) if found else ""

    # ---- commits

    def last_seq(self) -> int:
        """The number of the last commit; 0 in an empty store."""
        return tables.COMMITS.greatest(self.database, "seq")

    def seq_at(self, moment: datetime) -> int:
        """The last commit at or before a moment."""
        sql = "SELECT max(seq) FROM commits WHERE moment <= ?"
        return int(self.database.rows(sql, (text_of(moment),))[0][0] or 0)

    def last_moment(self) -> datetime | None:
        """When the last commit was."""
        found = self.database.rows("SELECT max(moment) FROM commits")[0][0]
        return None if found is None else moment_of(found)

    def commits(self, ledger: str | None = None) -> tuple[Commit, ...]:
        """Commits in order."""
        with self.database.steady():
            undone = self.undone()
            where, parameters = ("ledger = ?", (ledger,)) if ledger is not None else ("", ())
            rows = tables.COMMITS.select(self.database, where, parameters)
        return tuple(commit_of(row, undone) for row in rows)

    def undone(self) -> dict[int, int]:
        """By undone batch, the commit that hid it."""
        sql = "SELECT undoes, seq FROM commits WHERE undoes IS NOT NULL"
        return {int(batch or 0): int(seq or 0) for batch, seq in self.database.rows(sql)}

    def last_id(self, ledger: str, seq: int) -> int:
        """The highest surrogate of a ledger at a commit."""
        sql = "SELECT max(last_id) FROM commits WHERE ledger = ? AND seq <= ?"
        return int(self.database.rows(sql, (ledger, seq))[0][0] or 0)

    # ---- ledgers and files

    def ledgers(self) -> dict[str, tuple[bool, int]]:
        """By code: whether its records carry surrogates, and the next free one."""
        return {
            str(code): (bool(referred), int(following or 0))
            for code, referred, following in tables.LEDGERS.select(self.database)
        }

    def schemas(self, ledger: str) -> dict[int, str]:
        """All schemas of a ledger by number, each as JSON: a list of columns."""
        rows = tables.SCHEMAS.select(self.database, "ledger = ?", (ledger,))
        return {int(row[0] or 0): str(row[2]) for row in rows}

    def schema_number(self, ledger: str, columns: Sequence[Mapping[str, Json]]) -> int:
        """The number of a schema, made when it is new. Only inside a transaction of the writer."""
        content = json.dumps(list(columns), ensure_ascii=False, sort_keys=True)
        found = tables.SCHEMAS.select(self.database, "ledger = ? AND columns = ?", (ledger, content))
        if found:
            return int(found[0][0] or 0)
        number = tables.SCHEMAS.greatest(self.database, "id") + 1
        tables.SCHEMAS.insert(self.database, [(number, ledger, content)])
        return number

    def files(self, ledger: str | None = None, *, retired: bool = False) -> tuple[RecordFile, ...]:
        """Data files in use (or the retired ones), in the order of their numbers."""
        where, parameters = live(ledger, retired=retired)
        owner = "" if ledger is None else "WHERE f.ledger = ?"
        sql = f"SELECT b.file, b.batch, b.rows FROM file_batches b JOIN files f ON f.id = b.file {owner}"
        with self.database.steady():
            rows = tables.FILES.select(self.database, where, parameters)
            parts = self.database.rows(sql, parameters)
        batches: dict[int, list[tuple[int, int]]] = {}
        for file, batch, count in parts:
            batches.setdefault(int(file or 0), []).append((int(batch or 0), int(count or 0)))
        return tuple(record_file_of(row, tuple(batches.get(int(row[0] or 0), ()))) for row in rows)

    def key_files(self, ledger: str | None = None, *, retired: bool = False) -> tuple[KeyFile, ...]:
        """Dictionary files in use (or the retired ones)."""
        where, parameters = live(ledger, retired=retired)
        return tuple(
            KeyFile(*stored_of(row), first_id=int(row[7] or 0), last_id=int(row[8] or 0))
            for row in tables.KEY_FILES.select(self.database, where, parameters)
        )

    def closings(self, ledger: str | None = None, *, retired: bool = False) -> tuple[ClosingsFile, ...]:
        """Closings files in use (or the retired ones) with their hits on data files in use."""
        where, parameters = live(ledger, retired=retired)
        owner = "" if ledger is None else "WHERE f.ledger = ?"
        sql = (
            "SELECT h.closing, h.by_batch, h.from_seq, f.path, h.rows, h.digest FROM hits h "
            f"JOIN files f ON f.id = h.file {owner} ORDER BY h.closing, h.by_batch, h.from_seq, f.id"
        )
        with self.database.steady():
            rows = tables.CLOSINGS.select(self.database, where, parameters)
            found = self.database.rows(sql, parameters)
        hits: dict[int, list[Hit]] = {}
        for closing, by_batch, from_seq, path, count, digest in found:
            number = int(closing or 0)
            hits.setdefault(number, []).append(
                Hit(int(by_batch or 0), int(from_seq or 0), str(path), int(count or 0), str(digest), number)
            )
        return tuple(
            ClosingsFile(*stored_of(row), hits=tuple(hits.get(int(row[0] or 0), ()))) for row in rows
        )

    # ---- imports, held rows, kept snapshots, trail

    def imports(self, ledger: str | None = None, sha256: str | None = None) -> tuple[ImportRecord, ...]:
        """Import records in order, of one ledger or of one file's content where asked."""
        wanted = {"ledger": ledger, "sha256": sha256}
        where, parameters = all_of(wanted)
        return tuple(import_of(row) for row in tables.IMPORTS.select(self.database, where, parameters))

    def held(
        self,
        ledger: str | None = None,
        *,
        reason: HoldReason | None = None,
        state: HoldState | None = HoldState.OPEN,
        waits_for_ledger: str | None = None,
        import_number: int | None = None,
    ) -> tuple[HeldRow, ...]:
        """Held rows in order; None means any."""
        where, parameters = all_of(
            {
                "ledger": ledger,
                "reason": None if reason is None else reason.value,
                "state": None if state is None else state.value,
                "waits_for_ledger": waits_for_ledger,
                "import_number": import_number,
            }
        )
        return tuple(held_of(row) for row in tables.HELD.select(self.database, where, parameters))

    def held_row(self, number: int) -> HeldRow | None:
        """A held row by its number, whatever became of it; None when there is none."""
        where, parameters = all_of({"number": number})
        return next((held_of(row) for row in tables.HELD.select(self.database, where, parameters)), None)

    def held_counts(self) -> dict[tuple[str, HoldReason, str], int]:
        """Open held rows by ledger, reason and the ledger waited for."""
        sql = (
            "SELECT ledger, reason, waits_for_ledger, count(*) FROM held WHERE state = 'open' "
            "GROUP BY ledger, reason, waits_for_ledger ORDER BY ledger, reason, waits_for_ledger"
        )
        return {
            (str(ledger), HoldReason(str(reason)), str(target)): int(count or 0)
            for ledger, reason, target, count in self.database.rows(sql)
        }

    def kept(self) -> dict[int, str]:
        """Kept snapshots: commit number and why."""
        return {int(row[0] or 0): str(row[3]) for row in tables.KEPT.select(self.database)}

    def trail(self) -> tuple[TrailEntry, ...]:
        """The audit trail, oldest first."""
        return tuple(map(trail_of, tables.TRAIL.select(self.database)))

    # ---- changes

    def publish(self, publication: Publication, columns: Mapping[str, Sequence[Mapping[str, Json]]]) -> None:
        """Make a publication true, whole or not at all.

        Args:
            publication: what becomes true.
            columns: by path of a new data file, its columns.

        Raises:
            StoreFault: somebody else committed since the number was drawn.
        """
        with self.database.transaction():
            if publication.commit is not None:
                self._insert_commit(publication.commit, publication.last_id)
            self._set_ledgers(publication)
            for seq, number in publication.last_ids.items():
                tables.COMMITS.update(self.database, (seq,), {"last_id": number})
            self._retire(publication)
            self._insert_files(publication, columns)
            if publication.record is not None:
                tables.IMPORTS.insert(self.database, [import_row(publication.record)])
            tables.HELD.insert(self.database, map(held_row, publication.held))
            self._set_held(publication.released, HoldState.RELEASED, publication.released_by)
            self._set_held(publication.discarded, HoldState.DISCARDED, publication.discarded_by)
            for name, value in publication.info.items():
                self._set_info(name, value)
            self._append_trail(publication.trail)

    def resolve_held(self, numbers: Iterable[int], state: HoldState, by: str, entry: TrailEntry) -> None:
        """Say what became of held rows."""
        with self.database.transaction():
            self._set_held(numbers, state, by)
            self._append_trail([entry])

    def _set_held(self, numbers: Iterable[int], state: HoldState, by: str) -> None:
        for number in numbers:
            tables.HELD.update(self.database, (number,), {"state": state.value, "resolved_by": by})

    def keep(self, seq: int, entry: TrailEntry, why: str) -> None:
        """Protect a snapshot from retention; a second time changes nothing."""
        with self.database.transaction():
            if seq not in self.kept():
                tables.KEPT.insert(self.database, [(seq, text_of(entry.moment), entry.who, why)])
                self._append_trail([entry])

    def forget_retired(self, files: Iterable[int], keys: Iterable[int], closings: Iterable[int]) -> None:
        """Drop the entries of retired files that no longer lie on the disk."""
        with self.database.transaction():
            tables.FILES.delete(self.database, "id = ?", [(each,) for each in files])
            tables.KEY_FILES.delete(self.database, "id = ?", [(each,) for each in keys])
            tables.CLOSINGS.delete(self.database, "id = ?", [(each,) for each in closings])

    def next_import_number(self) -> int:
        """The number the next import record gets."""
        return tables.IMPORTS.greatest(self.database, "number") + 1

    def next_held_number(self) -> int:
        """The number the next held row gets."""
        return tables.HELD.greatest(self.database, "number") + 1

    def _set_info(self, name: str, value: str) -> None:
        if tables.INFO.select(self.database, "name = ?", (name,)):
            tables.INFO.update(self.database, (name,), {"value": value})
        else:
            tables.INFO.insert(self.database, [(name, value)])

    def _insert_commit(self, commit: Commit, last_id: int) -> None:
        last = self.last_seq()
        if commit.seq != last + 1:
            raise StoreFault(
                RAN_AHEAD.at(Place("manifest"), f"应为第 {commit.seq} 次提交，但已有第 {last} 次提交")
            )
        tables.COMMITS.insert(self.database, [commit_row(commit, last_id)])

    def _set_ledgers(self, publication: Publication) -> None:
        known = self.ledgers()
        for code, referred in publication.referred.items():
            if code not in known:
                tables.LEDGERS.insert(self.database, [(code, int(referred), 1)])
            else:
                tables.LEDGERS.update(self.database, (code,), {"referred": int(referred)})
        for code, number in publication.next_ids.items():
            tables.LEDGERS.update(self.database, (code,), {"next_id": number})

    def _retire(self, publication: Publication) -> None:
        moment = text_of(publication.trail[0].moment) if publication.trail else None
        for table, numbers in (
            (tables.FILES, publication.retired_files),
            (tables.KEY_FILES, publication.retired_keys),
            (tables.CLOSINGS, publication.retired_closings),
        ):
            for number in numbers:
                table.update(self.database, (number,), {"retired_at": moment})
        gone = [(number,) for number in publication.retired_files]
        tables.FILE_BATCHES.delete(self.database, "file = ?", gone)
        tables.HITS.delete(self.database, "file = ?", gone)
        closed = [(number,) for number in publication.retired_closings]
        tables.CLOSING_PARTS.delete(self.database, "closing = ?", closed)
        tables.HITS.delete(self.database, "closing = ?", closed)

    def _insert_files(
        self, publication: Publication, columns: Mapping[str, Sequence[Mapping[str, Json]]]
    ) -> None:
        number = tables.FILES.greatest(self.database, "id")
        for each in publication.files:
            number += 1
            schema = self.schema_number(each.ledger, columns[each.path])
            days = (day_text(each.first_day), day_text(each.last_day))
            tables.FILES.insert(
                self.database, [(number, *file_row(each), *days, schema, each.low_key, each.high_key)]
            )
            tables.FILE_BATCHES.insert(
                self.database, [(number, batch, rows) for batch, rows in sorted(each.batches.items())]
            )
        number = tables.KEY_FILES.greatest(self.database, "id")
        for key_file in publication.keys:
            number += 1
            tables.KEY_FILES.insert(
                self.database, [(number, *file_row(key_file), key_file.first_id, key_file.last_id)]
            )
        hits = list(publication.hits)
        number = tables.CLOSINGS.greatest(self.database, "id")
        for closings in publication.closings:
            number += 1
            tables.CLOSINGS.insert(self.database, [(number, *file_row(closings))])
            hits += [replace(each, closing=number) for each in closings.hits]
            parts: dict[tuple[int, int], int] = {}
            for hit in closings.hits:
                parts[hit.by_batch, hit.from_seq] = parts.get((hit.by_batch, hit.from_seq), 0) + hit.rows
            tables.CLOSING_PARTS.insert(
                self.database, [(number, *part, rows) for part, rows in sorted(parts.items())]
            )
        self._insert_hits(hits)

    def _insert_hits(self, hits: Sequence[Hit]) -> None:
        if not hits:
            return
        numbers = {str(path): number for path, number in self.database.rows("SELECT path, id FROM files")}
        tables.HITS.insert(
            self.database,
            [
                (each.closing, each.by_batch, each.from_seq, numbers[each.file], each.rows, each.digest)
                for each in hits
            ],
        )

    def _append_trail(self, entries: Iterable[TrailEntry]) -> None:
        number = tables.TRAIL.greatest(self.database, "number")
        last = tables.TRAIL.select(self.database, "number = ?", (number,))
        previous = str(last[0][6]) if last else ""
        for each in entries:
            number += 1
            chained = replace(each, number=number, previous=previous)
            previous = trail_hash(chained)
            tables.TRAIL.insert(self.database, [trail_row(replace(chained, hash=previous))])
