"""Restoring a site from its backup, in an empty data directory and an empty database of either engine.

Every member is checked before anything is written. The tables are made as they were when the backup was written, the
rows put in, and then the tables brought to the state of the program; so an old backup can be restored by a newer one.
"""

import io
import json
import re
import shutil
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.apps.registry import Apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Model

from zhunsheng.kernel.problem import Severity
from zhunsheng.kernel.system_errors import reason_of
from zhunsheng.store.database.file_store import path_of
from zhunsheng.store.database.rows_as_text import empty, put_lines, set_counters, tables
from zhunsheng.store.database.trail_guard import guard, unguard
from zhunsheng.store.records.backup import restore as restore_store
from zhunsheng.store.records.faults import StoreFault
from zhunsheng.workflow.backup import FORMAT, MANIFEST, BackupFault, copy_checked
from zhunsheng.workflow.trail import Head, verify

_FILE = re.compile(r"files/([0-9a-f]{64})")
_STORE = re.compile(r"stores/(\w[\w.-]*)\.tar")
_TABLE = re.compile(r"database/(\w+)\.jsonl")
_NOT_A_BACKUP = "不是准绳的完整备份；换另一份备份"


@dataclass(frozen=True, slots=True)
class Restored:
    """What was restored.

    Attributes:
        head: of the trail.
        damaged: files that were missing or changed already when the backup was written.
    """

    rows: int
    files: int
    stores: tuple[str, ...]
    head: str
    damaged: tuple[str, ...]


def restore(source: Path, progress: Callable[[str], None] = lambda _: None) -> Restored:
    """Restore a backup.

    Args:
        source: the tar.
        progress: is told what is being done, in Chinese.

    Raises:
        BackupFault: the target is not empty, the backup is damaged or of a newer program, or what came out of it
            does not hold.
    """
    _must_be_empty()
    try:
        with tarfile.open(source, "r:") as archive:
            progress("核对备份")
            manifest = _checked(archive, source)
            progress("数据库")
            rows = _database(archive, manifest)
            progress("文件")
            files = _files(archive, manifest)
            stores = tuple(_stores(archive, manifest, progress))
    except tarfile.TarError as error:
        raise BackupFault(f"“{source}”{_NOT_A_BACKUP}") from error
    except OSError as error:
        raise BackupFault(f"恢复没有完成：{reason_of(error)}；排除后清空数据目录和数据库再试") from error
    progress("核对操作记录")
    breaches = [each.what for each in verify(Head.parsed(manifest["head"]))]
    if breaches:
        raise BackupFault(
            f"恢复出的操作记录不完整（{breaches[0]}，共 {len(breaches)} 处），不要使用；换另一份备份"
        )
    return Restored(rows, files, stores, manifest["head"], tuple(manifest["damaged"]))


def _must_be_empty() -> None:
    if connection.introspection.table_names():
        raise BackupFault(
            "数据库不是空的，没有恢复；为恢复另建一个空的数据库（单机版：换一个空的 ZHUNSHENG_DATA）"
        )
    for root in (settings.FILES_DIRECTORY, settings.STORES_DIRECTORY):
        if root.is_dir() and any(root.iterdir()):
            raise BackupFault(f"“{root}”已有内容，没有恢复；换一个空的 ZHUNSHENG_DATA")


def _checked(archive: tarfile.TarFile, source: Path) -> dict[str, Any]:
    """The manifest, after all members have been held against it."""
    try:
        stream = archive.extractfile(MANIFEST)
        manifest: dict[str, Any] = json.load(io.TextIOWrapper(stream, "utf-8")) if stream is not None else {}
        members: dict[str, dict[str, Any]] = manifest["members"]
        version = manifest["format"]
    except (KeyError, TypeError, ValueError) as error:
        raise BackupFault(f"“{source}”{_NOT_A_BACKUP}") from error
    if version != FORMAT:
        raise BackupFault(f"“{source}”的格式（{version}）是更新的版本写的；请用新版本恢复")
    for name, described in members.items():
        if not any(pattern.fullmatch(name) for pattern in (_FILE, _STORE, _TABLE)):
            raise BackupFault(f"“{source}”中有不该有的内容“{name}”；换另一份备份")
        try:
            found = archive.extractfile(name)
        except KeyError:
            found = None
        if found is None or not copy_checked(found, None, described["sha256"]):
            raise BackupFault(f"“{source}”中的“{name}”缺失或已损坏，没有恢复任何内容；换另一份备份")
    return manifest


def _database(archive: tarfile.TarFile, manifest: dict[str, Any]) -> int:
    executor = MigrationExecutor(connection)
    recorded = {(app, name) for app, name in manifest["migrations"]}
    unknown = sorted(f"{app}.{name}" for app, name in recorded - set(executor.loader.disk_migrations))
    if unknown:
        raise BackupFault(
            f"备份来自更新的版本（{unknown[0]} 等 {len(unknown)} 项本程序没有）；请用新版本恢复"
        )
    graph = executor.loader.graph
    targets = [
        each for each in recorded if not any(child in recorded for child in graph.node_map[each].children)
    ]
    state = executor.migrate(sorted(targets))
    then: Apps = state.apps
    models = [each for each in tables(then) if each._meta.db_table in manifest["tables"]]
    with connection.cursor() as cursor:
        unguard(connection.vendor, cursor.execute)
    with transaction.atomic():
        empty(tables(then), "default")
        total = sum(_table(archive, each, manifest["tables"]) for each in models)
        set_counters(models, "default")
    with connection.cursor() as cursor:
        guard(connection.vendor, cursor.execute)
    # to the state of this program, with everything that follows from it
    call_command("migrate", interactive=False, verbosity=0)
    return total


def _table(archive: tarfile.TarFile, model: type[Model], described: dict[str, dict[str, Any]]) -> int:
    name = str(model._meta.db_table)
    stream = archive.extractfile(f"database/{name}.jsonl")
    if stream is None:
        raise BackupFault(f"备份中没有表 {name}；换另一份备份")
    rows = (line for line in io.TextIOWrapper(stream, "utf-8", newline="\n"))
    try:
        put = put_lines(model, described[name]["columns"], rows, "default")
    except ValueError as error:
        raise BackupFault(f"备份中表 {name} 的列与记载不符；换另一份备份") from error
    if put != described[name]["rows"]:
        raise BackupFault(f"备份中表 {name} 应有 {described[name]['rows']} 行，实有 {put} 行；换另一份备份")
    return put


def _files(archive: tarfile.TarFile, manifest: dict[str, Any]) -> int:
    total = 0
    for name in manifest["members"]:
        found = _FILE.fullmatch(name)
        stream = archive.extractfile(name) if found else None
        if found is None or stream is None:
            continue
        if not copy_checked(stream, path_of(found[1]), found[1]):
            raise BackupFault(f"备份中的文件 {found[1]} 内容与名称不符；换另一份备份")
        total += 1
    return total


def _stores(
    archive: tarfile.TarFile, manifest: dict[str, Any], progress: Callable[[str], None]
) -> Iterator[str]:
    root: Path = settings.STORES_DIRECTORY
    root.mkdir(parents=True, exist_ok=True)
    for member in manifest["members"]:
        found = _STORE.fullmatch(member)
        stream = archive.extractfile(member) if found else None
        if found is None or stream is None:
            continue
        name = found[1]
        progress(f"记录库 {name}")
        with tempfile.NamedTemporaryFile(dir=root, suffix=".tar") as packed:
            shutil.copyfileobj(stream, packed)
            packed.flush()
            try:
                problems = restore_store(Path(packed.name), root / name)
            except StoreFault as fault:
                raise BackupFault(
                    f"记录库 {name} 没有恢复：{fault.problem.what}。{fault.problem.remedy}"
                ) from fault
        broken = [each for each in problems if each.severity is Severity.ERROR]
        if broken:
            raise BackupFault(f"记录库 {name} 没有恢复：{broken[0].what}；换另一份备份")
        yield name
