"""Verification of a store: every file, every byte, every count; each problem with its place."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import duckdb

from zhunsheng.kernel.place import Place
from zhunsheng.kernel.problem import Kind, Problem, Severity
from zhunsheng.ledgers.field import FieldType
from zhunsheng.store.records import manifest_tables as tables
from zhunsheng.store.records.faults import StoreFault
from zhunsheng.store.records.layout import sha256_of_file
from zhunsheng.store.records.locking import reading
from zhunsheng.store.records.manifest_rows import trail_hash
from zhunsheng.store.records.opened_store import OpenedStore
from zhunsheng.store.records.physical import parquet, quoted
from zhunsheng.store.records.reading import keys_sql, scan_sql, versions_sql
from zhunsheng.store.records.stored_files import KeyFile, StoredFile

RESTORE = "停止写入，用最近的备份恢复该文件或整个记录库。"
FILE_MISSING = Kind("STORE-020", Severity.ERROR, "清单里的文件应都在", RESTORE)
FILE_CHANGED = Kind("STORE-021", Severity.ERROR, "文件入库后不得改变", RESTORE)
WRONG_COUNT = Kind("STORE-022", Severity.ERROR, "文件的行数应与清单一致", RESTORE)
ROW_CHANGED = Kind("STORE-023", Severity.ERROR, "清单的内容不得在程序之外改动", RESTORE)
TRAIL_BROKEN = Kind(
    "STORE-024", Severity.ERROR, "操作记录应首尾相接", "操作记录被改动过，与备份中的对照，查明原因。"
)
CLOSES_NOTHING = Kind("STORE-025", Severity.ERROR, "替代记录应指向存在的版本", RESTORE)
IDS_WRONG = Kind("STORE-026", Severity.ERROR, "内部编号应连续且不重复", RESTORE)
TWO_CURRENT = Kind("STORE-027", Severity.ERROR, "一条记录同一时刻只能有一个有效版本", RESTORE)
DANGLING = Kind(
    "STORE-028",
    Severity.WARNING,
    "引用的记录应存在",
    "被引用的批次可能已撤销；重新导入被引用的记录，或更正引用。",
)
UNLISTED = Kind(
    "STORE-029",
    Severity.ERROR,
    "记录库里不应有清单之外的文件",
    "确认来历后移走；若清单丢了内容，用备份恢复。",
)
LEFT_BEHIND = Kind(
    "STORE-030", Severity.NOTE, "正在写入或上次写入中断留下的文件", "无需处理，下次写入时自动清理。"
)
UNREADABLE = Kind("STORE-031", Severity.ERROR, "文件应能读取", RESTORE)


def verify(store: OpenedStore, *, deep: bool = True) -> tuple[Problem, ...]:
    """Everything that is wrong with a store; empty when it is sound.

    Args:
        store: what to verify; others may write meanwhile.
        deep: also read the records: versions, closings, surrogates, references.
    """
    with reading(store.layout.readers):
        # one state of the manifest throughout, whatever others commit meanwhile
        with store.manifest.database.steady():
            found = list(_manifest(store))
            if any(each.severity is Severity.ERROR for each in found):
                return tuple(found)
            damaged = list(_files(store))
            found += damaged
            if deep and not damaged:
                found += _records(store)
        found += _others(store)
    return tuple(found)


def _records(store: OpenedStore) -> Iterator[Problem]:
    with store.connect() as connection:
        for code in sorted(store.manifest.ledgers()):
            try:
                yield from _ledger(store, connection, code)
            except (duckdb.Error, StoreFault) as error:
                yield UNREADABLE.at(Place(code), f"台账“{code}”不能读取：{error}")


def _manifest(store: OpenedStore) -> Iterator[Problem]:
    database = store.manifest.database
    place = Place("manifest.sqlite")
    try:
        for text in database.integrity():
            yield ROW_CHANGED.at(place, f"清单的结构已损坏：{text}")
        for table in tables.TABLES:
            for key in table.broken_seals(database):
                shown = "、".join(map(str, key))
                yield ROW_CHANGED.at(
                    Place(place.file, field=table.name), f"表 {table.name} 中 {shown} 的内容被改动过"
                )
        yield from _trail(store)
        yield from _commits(store)
    except (StoreFault, ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
        yield ROW_CHANGED.at(place, f"清单不能读取：{error}")


def _trail(store: OpenedStore) -> Iterator[Problem]:
    previous = ""
    for number, each in enumerate(store.manifest.trail(), start=1):
        if each.number != number or each.previous != previous or each.hash != trail_hash(each):
            yield TRAIL_BROKEN.at(
                Place("manifest.sqlite", field="trail"), f"操作记录第 {number} 条与前一条不衔接"
            )
            return
        previous = each.hash


def _commits(store: OpenedStore) -> Iterator[Problem]:
    manifest = store.manifest
    place = Place("manifest.sqlite", field="commits")
    commits = manifest.commits()
    if [each.seq for each in commits] != list(range(1, len(commits) + 1)):
        yield ROW_CHANGED.at(place, "提交的编号不连续")
    horizon = int(manifest.info("horizon") or 0)
    rows: dict[int, int] = {}
    for file in manifest.files():
        if sum(file.batches.values()) != file.rows:
            yield WRONG_COUNT.at(
                Place(file.path), f"清单记 {file.rows} 行，各批合计 {sum(file.batches.values())} 行"
            )
        for batch, count in file.batches.items():
            rows[batch] = rows.get(batch, 0) + count
    for commit in commits:
        found = rows.get(commit.seq, 0)
        if found != commit.rows and not (commit.seq <= horizon and found < commit.rows):
            yield WRONG_COUNT.at(place, f"第 {commit.seq} 批写入 {commit.rows} 行，文件中有 {found} 行")
    for record in manifest.imports():
        parts = (
            record.stored,
            record.unchanged,
            record.duplicates,
            record.rejected,
            record.quarantined,
            record.waiting,
        )
        if record.rows_read != sum(parts):
            yield ROW_CHANGED.at(
                Place(place.file, field="imports"),
                f"第 {record.number} 次导入读入 {record.rows_read} 行，去向合计 {sum(parts)} 行",
            )


def _stored(store: OpenedStore, *, retired: bool) -> tuple[StoredFile, ...]:
    manifest = store.manifest
    return (
        *manifest.files(retired=retired),
        *manifest.key_files(retired=retired),
        *manifest.closings(retired=retired),
    )


def _files(store: OpenedStore) -> Iterator[Problem]:
    """Presence, size and hash of every file; of retired ones as long as they are there."""
    for each in (*_stored(store, retired=False), *_stored(store, retired=True)):
        path = store.layout.file(each.path)
        place = Place(each.path)
        try:
            if not path.is_file():
                if each.retired_at is None:
                    yield FILE_MISSING.at(place, f"文件 {each.path} 不见了")
                continue
            size = path.stat().st_size
            if size != each.bytes:
                yield FILE_CHANGED.at(place, f"文件 {each.path} 应为 {each.bytes} 字节，现为 {size} 字节")
            elif sha256_of_file(path) != each.sha256:
                yield FILE_CHANGED.at(place, f"文件 {each.path} 的内容被改动过（哈希值不符）")
        except OSError as error:
            yield UNREADABLE.at(place, f"文件 {each.path} 不能读取：{error.strerror}")


def _others(store: OpenedStore) -> Iterator[Problem]:
    root = store.layout.root
    paths = sorted(
        path
        for folder in ("batches", "keys", "closings")
        for path in (root / folder).rglob("*")
        if path.is_file()
    )
    # in this order: a writer removes its journal only after the manifest lists its files
    pending = any(store.layout.staging.glob("pending-*.json"))
    listed = {each.path for retired in (False, True) for each in _stored(store, retired=retired)}
    for path in paths:
        name = path.relative_to(root).as_posix()
        if name not in listed and path.is_file():
            kind = LEFT_BEHIND if pending else UNLISTED
            yield kind.at(Place(name), f"清单中没有文件 {name}")


def _ledger(store: OpenedStore, connection: duckdb.DuckDBPyConnection, code: str) -> Iterator[Problem]:
    yield from _versions(store, connection, code)
    yield from _closings(store, connection, code)
    referred, following = store.manifest.ledgers()[code]
    if referred:
        yield from _keys(store, connection, code, following)
    yield from _current(store, connection, code, referred=referred)
    yield from _references(store, connection, code)


def _versions(store: OpenedStore, connection: duckdb.DuckDBPyConnection, code: str) -> Iterator[Problem]:
    for each in store.manifest.files(code):
        rows = connection.execute(
            f"SELECT _batch, count(*) FROM {parquet([store.layout.file(each.path)])} GROUP BY _batch"
        ).fetchall()
        if {int(batch): int(count) for batch, count in rows} != dict(each.batches):
            yield WRONG_COUNT.at(Place(each.path), f"文件 {each.path} 各批的行数与清单不符")
    source = versions_sql(code, store.snapshot(), ["_batch", "_row"])
    horizon = int(store.manifest.info("horizon") or 0)
    rows = connection.execute(
        f"SELECT _batch, count(*), count(DISTINCT _row), min(_row), max(_row) FROM {source} GROUP BY _batch ORDER BY _batch"
    ).fetchall()
    for batch, count, kinds, low, high in rows:
        complete = (low, high) == (1, count) or batch <= horizon
        if kinds != count or not complete:
            yield WRONG_COUNT.at(
                Place(code), f"第 {batch} 批的行号重复或缺少：{count} 行，编号 {low} 至 {high}"
            )


def _closings(store: OpenedStore, connection: duckdb.DuckDBPyConnection, code: str) -> Iterator[Problem]:
    files = store.manifest.closings(code)
    if not files:
        return
    versions = versions_sql(code, store.snapshot(), ["_batch", "_row"])
    for each in files:
        source = parquet([store.layout.file(each.path)])
        lost = _number(
            connection,
            f"SELECT count(*) FROM {source} AS c ANTI JOIN {versions} AS v ON v._batch = c._batch AND v._row = c._row",
        )
        if lost:
            yield CLOSES_NOTHING.at(Place(each.path), f"文件 {each.path} 中 {lost} 条指向不存在的版本")
        hit = sum(found.rows for found in each.hits)
        if hit != each.rows or _number(connection, f"SELECT count(*) FROM {source}") != each.rows:
            yield WRONG_COUNT.at(
                Place(each.path), f"文件 {each.path} 有 {each.rows} 条，清单按文件合计 {hit} 条"
            )


def _keys(
    store: OpenedStore, connection: duckdb.DuckDBPyConnection, code: str, following: int
) -> Iterator[Problem]:
    files: Sequence[KeyFile] = store.manifest.key_files(code)
    place = Place(f"keys/{code}")
    if not files:
        yield IDS_WRONG.at(place, f"台账“{code}”没有编号对照表")
        return
    source = parquet([store.layout.file(each.path) for each in files])
    count, ids, keys, low, high = connection.execute(
        f"SELECT count(*), count(DISTINCT id), count(DISTINCT key), min(id), max(id) FROM {source}"
    ).fetchall()[0]
    if not count == ids == keys == high == following - 1 or low != 1:
        yield IDS_WRONG.at(
            place,
            f"{count} 个编号、{ids} 个不同，{keys} 个关键字，范围 {low} 至 {high}，下一个应为 {following}",
        )
    definition = store.catalogue(code)
    if definition is None:
        return
    key = definition.key[0]
    versions = versions_sql(code, store.snapshot(), ["_id", key])
    wrong = _number(
        connection,
        f"SELECT count(*) FROM {versions} AS v LEFT JOIN {source} AS k ON k.id = v._id "
        f"WHERE k.key IS DISTINCT FROM v.{quoted(key)}",
    )
    if wrong:
        yield IDS_WRONG.at(place, f"{wrong} 条记录的内部编号与编号对照表不符")


def _current(
    store: OpenedStore, connection: duckdb.DuckDBPyConnection, code: str, *, referred: bool
) -> Iterator[Problem]:
    definition = store.catalogue(code)
    if definition is None:
        return
    key = ["_id"] if referred else list(definition.key)
    source = scan_sql(code, store.snapshot(), key)
    shown = ", ".join(map(quoted, key))
    twice = _number(
        connection,
        f"SELECT count(*) FROM (SELECT {shown} FROM {source} GROUP BY ALL HAVING count(*) > 1)",
    )
    if twice:
        yield TWO_CURRENT.at(Place(code), f"台账“{definition.label}”有 {twice} 条记录同时有多个有效版本")


def _references(store: OpenedStore, connection: duckdb.DuckDBPyConnection, code: str) -> Iterator[Problem]:
    definition = store.catalogue(code)
    head = store.snapshot()
    for field in definition.fields if definition else ():
        if field.type is not FieldType.REFERENCE:
            continue
        source = scan_sql(code, head, [field.name])
        name = quoted(field.name)
        unknown = _number(
            connection,
            f"SELECT count(*) FROM {source} AS r ANTI JOIN {keys_sql(field.target, head)} AS k ON k.id = r.{name} "
            f"WHERE r.{name} IS NOT NULL",
        )
        if unknown:
            yield IDS_WRONG.at(
                Place(code, field=field.name), f"{unknown} 条记录的“{field.label}”指向没有的编号"
            )
        elif any(commit.undone_at for commit in store.manifest.commits(field.target)):
            living = scan_sql(field.target, head, ["_id"])
            gone = _number(
                connection,
                f"SELECT count(*) FROM {source} AS r ANTI JOIN {living} AS v ON v._id = r.{name} "
                f"WHERE r.{name} IS NOT NULL",
            )
            if gone:
                yield DANGLING.at(
                    Place(code, field=field.name), f"{gone} 条记录的“{field.label}”指向已撤销的记录"
                )


def _number(connection: duckdb.DuckDBPyConnection, sql: str) -> int:
    return int(connection.execute(sql).fetchall()[0][0])


def verify_directory(path: Path, *, deep: bool = True) -> tuple[Problem, ...]:
    """`verify` of a store that may be too damaged to open."""
    try:
        with OpenedStore.open(path) as store:
            return verify(store, deep=deep)
    except StoreFault as fault:
        return (fault.problem,)
