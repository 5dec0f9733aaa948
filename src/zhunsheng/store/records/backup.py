"""Backup and restore. A backup is a store again: a directory, or a tar of one, with the same id and the same states.

It is taken while others write: the manifest is copied as it stands at one moment, and the files it lists stay in place
while they are copied, because they never change and nothing is deleted under a long reader.
"""

import shutil
import tarfile
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from zhunsheng.kernel.place import Place
from zhunsheng.kernel.problem import Kind, Problem, Severity
from zhunsheng.kernel.system_errors import reason_of
from zhunsheng.ledgers.definition import Catalogue
from zhunsheng.store.ledger_files import ledger_of
from zhunsheng.store.records import manifest_tables as tables
from zhunsheng.store.records.database import SqliteDatabase
from zhunsheng.store.records.faults import StoreFault
from zhunsheng.store.records.layout import Layout, sha256_of_file, sync_directories, sync_file
from zhunsheng.store.records.locking import reading
from zhunsheng.store.records.opened_store import NOT_EMPTY, OpenedStore
from zhunsheng.store.records.stored_files import StoredFile
from zhunsheng.store.records.verification import FILE_CHANGED, FILE_MISSING, verify

BAD_BACKUP = Kind("STORE-032", Severity.ERROR, "备份不完整或不是记录库的备份", "换另一份备份。")
CANNOT_COPY = Kind("STORE-033", Severity.ERROR, "备份或恢复失败", "排除原因后重试。")

_MANIFEST = "manifest.sqlite"


@dataclass(frozen=True, slots=True)
class Saved:
    """What a backup holds.

    Attributes:
        seq: the last commit in it.
        files, bytes: data files and their size.
    """

    path: Path
    store_id: str
    seq: int
    files: int
    bytes: int


def back_up(store: OpenedStore, target: Path) -> Saved:
    """Copy a store, as it stands at one moment, to a new directory, or to a tar when the name ends in `.tar`.

    Every file is hashed on the way; a damaged store makes no backup that looks sound.

    Raises:
        StoreFault: the target exists, a file of the store is damaged, or the disk refused.
    """
    if target.exists():
        raise StoreFault(
            NOT_EMPTY.at(Place(str(target)), f"“{target.name}”已存在", remedy="换一个不存在的名称。")
        )
    part = target.with_name(f"{target.name}.{uuid.uuid4().hex[:8]}.part")
    try:
        with reading(store.layout.readers):
            part.mkdir(parents=True)
            seq, files = _copy_manifest(store, part / _MANIFEST)
            _copy_files(store, files, part)
        _check_copies(part, files)
        if target.suffix == ".tar":
            packed = target.with_name(f"{part.name}.tar")
            _pack(part, packed)
            shutil.rmtree(part)
            part = packed
        part.replace(target)
        sync_directories([target.absolute().parent])
    except OSError as error:
        raise StoreFault(CANNOT_COPY.at(Place(str(target)), f"备份没有完成：{reason_of(error)}")) from error
    finally:
        if part.is_dir():
            shutil.rmtree(part, ignore_errors=True)
        else:
            part.unlink(missing_ok=True)
    return Saved(target, store.store_id, seq, len(files), sum(each.bytes for each in files))


def _copy_manifest(store: OpenedStore, target: Path) -> tuple[int, tuple[StoredFile, ...]]:
    """A manifest in one file with the content of this moment, from whatever database the store has."""
    manifest = store.manifest
    with manifest.database.steady():
        content = {table.name: table.select(manifest.database) for table in tables.TABLES}
        files = (*manifest.files(), *manifest.key_files(), *manifest.closings())
        seq = manifest.last_seq()
    copy = SqliteDatabase(target, create=True)
    for table in tables.TABLES:
        copy.script(table.statements())
    with copy.transaction():
        for table in tables.TABLES:
            rows = content[table.name]
            if "retired_at" in table.columns:
                # retired files stay behind, and so do their entries
                place = table.names.index("retired_at")
                rows = [row for row in rows if row[place] is None]
            table.insert(copy, rows)
    copy.close()
    sync_file(target)
    return seq, files


def _copy_files(store: OpenedStore, files: Sequence[StoredFile], part: Path) -> None:
    for each in files:
        source = store.layout.file(each.path)
        if not source.is_file():
            raise StoreFault(FILE_MISSING.at(Place(each.path), f"文件 {each.path} 不见了"))
        copied = part / each.path
        copied.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, copied)
        sync_file(copied)


def _check_copies(part: Path, files: Sequence[StoredFile]) -> None:
    for each in files:
        if sha256_of_file(part / each.path) != each.sha256:
            raise StoreFault(
                FILE_CHANGED.at(Place(each.path), f"文件 {each.path} 的内容被改动过（哈希值不符）")
            )
    Layout(part).make()
    sync_directories([part, *(each for each in part.rglob("*") if each.is_dir())])


def _pack(source: Path, target: Path) -> None:
    with tarfile.open(target, "w", format=tarfile.PAX_FORMAT) as archive:
        for path in sorted(source.rglob("*")):
            if path.is_file():
                archive.add(path, arcname=path.relative_to(source).as_posix(), recursive=False)
    sync_file(target)


def restore(source: Path, target: Path, *, catalogue: Catalogue = ledger_of) -> tuple[Problem, ...]:
    """Make a store of a backup in an empty place; it is verified before it gets its name.

    Args:
        source: the directory or tar.
        target: a directory that is absent or empty.
        catalogue: ledger definitions by code, for the verification.

    Returns:
        What the verification noted; with an error among it nothing is restored.

    Raises:
        StoreFault: the target is not empty, the source is no backup, or the disk refused.
    """
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise StoreFault(NOT_EMPTY.at(Place(str(target)), f"“{target.name}”不是空目录"))
    part = target.absolute().with_name(f"{target.name}.{uuid.uuid4().hex[:8]}.part")
    try:
        part.mkdir(parents=True)
        if source.is_dir():
            _copy_directory(source, part)
        else:
            _unpack(source, part)
        if not (part / _MANIFEST).is_file():
            raise StoreFault(BAD_BACKUP.at(Place(str(source)), f"“{source.name}”中没有 {_MANIFEST}"))
        Layout(part).make()
        with OpenedStore.open(part, catalogue=catalogue) as store:
            found = verify(store)
        if any(each.severity is Severity.ERROR for each in found):
            return found
        for each in part.rglob("*"):
            sync_file(each)
        if target.exists():
            target.rmdir()
        part.replace(target)
        sync_directories([target.absolute().parent])
    except OSError as error:
        raise StoreFault(CANNOT_COPY.at(Place(str(target)), f"恢复没有完成：{reason_of(error)}")) from error
    else:
        return found
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _belongs(name: str) -> bool:
    """Whether a file of this name can be part of a store; anything else in a backup is left where it is."""
    parts = PurePosixPath(name).parts
    if not parts or ".." in parts or name.startswith("/"):
        return False
    return parts == (_MANIFEST,) or (
        parts[0] in {"batches", "keys", "closings"} and len(parts) == 3 and name.endswith(".parquet")
    )


def _copy_directory(source: Path, part: Path) -> None:
    for path in sorted(source.rglob("*")):
        name = path.relative_to(source).as_posix()
        if path.is_file() and not path.is_symlink() and _belongs(name):
            copied = part / name
            copied.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, copied)


def _unpack(source: Path, part: Path) -> None:
    try:
        with tarfile.open(source, "r:") as archive:
            for member in archive:
                stream = archive.extractfile(member) if member.isfile() and _belongs(member.name) else None
                if stream is None:
                    continue
                target = part / member.name
                target.parent.mkdir(parents=True, exist_ok=True)
                with target.open("wb") as written:
                    shutil.copyfileobj(stream, written)
    except tarfile.TarError as error:
        raise StoreFault(BAD_BACKUP.at(Place(str(source)), f"“{source.name}”不是完整的 tar 文件")) from error
