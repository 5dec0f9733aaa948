"""Backup of a site: database, files and record stores in one tar, while others go on working.

Members of the tar: `database/<table>.jsonl` (rows as text that either engine takes back), `files/<hash>`,
`stores/<name>.tar` (a backup of a record store as the store makes it) and, last, `manifest.json` with the hash of every
member, the state of the tables and the head of the trail. The database is read as it stands at one moment, before the
files: what it names is there. A record store may be a few commits ahead of the database, never behind.
"""

import json
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import IO

from django.apps import apps
from django.conf import settings
from django.db import connection, connections, transaction
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from zhunsheng import __version__
from zhunsheng.kernel.system_errors import reason_of
from zhunsheng.store.database.file_store import path_of
from zhunsheng.store.database.models import StoredFile, TrailHead
from zhunsheng.store.database.rows_as_text import columns_of, lines, tables
from zhunsheng.store.records.backup import back_up as back_up_store
from zhunsheng.store.records.faults import StoreFault
from zhunsheng.store.records.record_store import RecordStore

FORMAT = 1
MANIFEST = "manifest.json"
_COPY = "copy"
_BLOCK = 1 << 20


class BackupFault(Exception):  # noqa: N818 - the word of the domain
    """It cannot be done; the text says what, where and what to do, in Chinese."""


@dataclass(frozen=True, slots=True)
class Saved:
    """What a backup holds.

    Attributes:
        rows: of all tables.
        files: uploaded and generated files.
        stores: names of the record stores.
        head: of the trail, as text; worth noting elsewhere.
        damaged: files the database names that are missing or changed on disk; not in the backup.
    """

    path: Path
    rows: int
    files: int
    stores: tuple[str, ...]
    head: str
    damaged: tuple[str, ...]


def back_up(
    target: Path, moment: datetime | None = None, progress: Callable[[str], None] = lambda _: None
) -> Saved:
    """Write a backup.

    Args:
        target: the tar; must not exist.
        moment: when.
        progress: is told what is being written, in Chinese.

    Raises:
        BackupFault: the target exists, a record store is damaged, or the disk refuses.
    """
    if target.exists():
        raise BackupFault(f"“{target}”已存在，没有覆盖；换一个文件名")
    part = target.with_name(f"{target.name}.part")
    try:
        # passwords and tokens are in it, if only as hashes
        part.touch(mode=0o600)
        with tempfile.TemporaryDirectory(dir=target.absolute().parent, prefix=".backup-") as folder:
            with tarfile.open(part, "w", format=tarfile.PAX_FORMAT) as archive:
                saved = _Writing(archive, Path(folder), target).everything(moment or timezone.now(), progress)
            part.replace(target)
    except StoreFault as fault:
        raise BackupFault(f"记录库没有备份成：{fault.problem.what}。{fault.problem.remedy}") from fault
    except OSError as error:
        raise BackupFault(
            f"备份没有完成：{reason_of(error)}；检查“{target.parent}”的权限和剩余空间"
        ) from error
    finally:
        part.unlink(missing_ok=True)
    return saved


class _Writing:
    """A backup being written."""

    def __init__(self, archive: tarfile.TarFile, folder: Path, target: Path) -> None:
        self._archive = archive
        self._folder = folder
        self._target = target
        self._members: dict[str, dict[str, object]] = {}

    def everything(self, moment: datetime, progress: Callable[[str], None]) -> Saved:
        with _steady_database(self._folder) as using:
            progress("数据库")
            described = {
                "format": FORMAT,
                "program": __version__,
                "created": moment.isoformat(),
                "engine": connections[using].vendor,
                "migrations": sorted(MigrationRecorder(connections[using]).applied_migrations()),
                "head": str(TrailHead.objects.using(using).first() or TrailHead()),
                "tables": self._tables(using),
            }
            digests = list(
                StoredFile.objects.using(using).order_by("sha256").values_list("sha256", flat=True)
            )
        progress("文件")
        damaged = tuple(each for each in digests if not self._file(each))
        stores = tuple(self._stores(progress))
        described |= {"stores": stores, "damaged": damaged, "members": self._members}
        self._add_text(MANIFEST, json.dumps(described, ensure_ascii=False, indent=1))
        rows = sum(each["rows"] for each in described["tables"].values())  # type: ignore[attr-defined] # made above
        return Saved(self._target, rows, len(digests) - len(damaged), stores, str(described["head"]), damaged)

    def _tables(self, using: str) -> dict[str, dict[str, object]]:
        found: dict[str, dict[str, object]] = {}
        for model in tables(apps):
            name = str(model._meta.db_table)
            rows, staged = 0, self._folder / "rows"
            with staged.open("w", encoding="utf-8") as stream:
                for line in lines(model, using):
                    stream.write(line + "\n")
                    rows += 1
            found[name] = {"model": model._meta.label_lower, "columns": columns_of(model), "rows": rows}
            self._add(f"database/{name}.jsonl", staged)
        return found

    def _file(self, digest: str) -> bool:
        source = path_of(digest)
        if not source.is_file() or _digest_of(source) != digest:
            return False
        self._add(f"files/{digest}", source)
        return True

    def _stores(self, progress: Callable[[str], None]) -> Iterator[str]:
        root: Path = settings.STORES_DIRECTORY
        for manifest in sorted(root.glob("*/manifest.sqlite")):
            name = manifest.parent.name
            progress(f"记录库 {name}")
            packed = self._folder / f"{name}.tar"
            with RecordStore.open(manifest.parent) as store:
                back_up_store(store, packed)
            self._add(f"stores/{name}.tar", packed)
            packed.unlink()
            yield name

    def _add(self, name: str, source: Path) -> None:
        self._archive.add(source, arcname=name, recursive=False)
        self._members[name] = {"sha256": _digest_of(source), "bytes": source.stat().st_size}

    def _add_text(self, name: str, content: str) -> None:
        staged = self._folder / "text"
        staged.write_text(content, encoding="utf-8")
        self._archive.add(staged, arcname=name, recursive=False)


@contextmanager
def _steady_database(folder: Path) -> Iterator[str]:
    """The database as it stands at this moment, under a name for queries; its writers are not kept waiting."""
    if connection.vendor == "sqlite":
        copied = folder / "copy.sqlite"
        with connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(copied)])
        described = {**connections.settings["default"], "NAME": str(copied)}
        described["OPTIONS"] = {}
        connections.settings[_COPY] = described
        try:
            yield _COPY
        finally:
            connections[_COPY].close()
            del connections[_COPY]
            del connections.settings[_COPY]
            copied.unlink(missing_ok=True)
    else:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield "default"


def _digest_of(path: Path) -> str:
    digest = sha256()
    with path.open("rb") as stream:
        while block := stream.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def copy_checked(stream: IO[bytes], target: Path | None, expected: str) -> bool:
    """Copy a member and check it on the way.

    Args:
        stream: the member.
        target: where to; None to check only.
        expected: its hash.

    Returns:
        Whether it is what was written.
    """
    digest = sha256()
    if target is None:
        while block := stream.read(_BLOCK):
            digest.update(block)
    else:
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("wb") as written:
            while block := stream.read(_BLOCK):
                digest.update(block)
                written.write(block)
    return digest.hexdigest() == expected
