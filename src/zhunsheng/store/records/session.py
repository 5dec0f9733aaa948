"""A writer at work: the lock, the files it makes, and what a killed one left behind.

A file is written under another name in `staging`, brought to the disk, named in a journal, renamed to its place and
only then listed in the manifest. Whoever dies on the way leaves files that no manifest lists; the next writer finds
them by the journal and removes them. Readers never clean.
"""

import json
import os
import shutil
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import duckdb

from zhunsheng.kernel.place import Place
from zhunsheng.kernel.problem import Kind, Severity
from zhunsheng.kernel.system_errors import reason_of
from zhunsheng.store.records.faults import StoreFault
from zhunsheng.store.records.layout import Layout, sha256_of_file, sync_directories, sync_file, write_durably
from zhunsheng.store.records.locking import writing
from zhunsheng.store.records.opened_store import OpenedStore, Snapshot

CANNOT_WRITE = Kind("STORE-011", Severity.ERROR, "记录库写入失败，没有任何内容入库", "排除原因后重新导入。")

_JOURNAL = "pending-"


@dataclass(slots=True)
class Staged:
    """A file on its way: where it is written, and its name in the store."""

    temporary: Path
    name: str
    sha256: str = ""
    bytes: int = 0

    def measure(self) -> None:
        """Bring it to the disk; from now on its size and hash are known."""
        sync_file(self.temporary)
        self.sha256 = sha256_of_file(self.temporary)
        self.bytes = self.temporary.stat().st_size


@dataclass(slots=True)
class Session:
    """What a writer works with.

    Attributes:
        head: the state it starts from; nobody else can change it meanwhile.
        moment: of its commit, in UTC.
    """

    store: OpenedStore
    head: Snapshot
    moment: datetime
    who: str
    _token: str = field(default_factory=lambda: uuid.uuid4().hex[:12])
    _staged: list[Staged] = field(default_factory=list)

    def stage(self, kind: str, ledger: str, number: int) -> Staged:
        """A new file of a kind (`batches`, `keys`, `closings`) for a ledger; `number` only helps people who look."""
        position = len(self._staged)
        file = f"{number:08d}-{position:03d}-{self._token}.parquet"
        made = Staged(self.store.layout.staging / file, f"{kind}/{ledger}/{file}")
        self._staged.append(made)
        return made

    def place_files(self) -> None:
        """Put every staged file in its place; they are durable when this returns."""
        layout = self.store.layout
        if not self._staged:
            return
        names = [each.name for each in self._staged]
        write_durably(self._journal(layout), json.dumps(names).encode())
        folders: set[Path] = set()
        for each in self._staged:
            target = layout.file(each.name)
            if not target.parent.is_dir():
                target.parent.mkdir(parents=True, exist_ok=True)
                folders.add(target.parent.parent)
            each.temporary.replace(target)
            folders.add(target.parent)
        sync_directories(folders)

    def finish(self) -> None:
        """After the commit: the files belong to the store."""
        self._journal(self.store.layout).unlink(missing_ok=True)
        self._staged.clear()

    def abandon(self) -> None:
        """Without a commit: remove what was made."""
        listed = None
        for each in self._staged:
            each.temporary.unlink(missing_ok=True)
            target = self.store.layout.file(each.name)
            if target.exists():
                # a commit whose answer was lost may have listed it
                listed = _listed(self.store) if listed is None else listed
                if each.name not in listed:
                    target.unlink()
        self.finish()

    def _journal(self, layout: Layout) -> Path:
        return layout.staging / f"{_JOURNAL}{self._token}.json"


@contextmanager
def write_session(
    store: OpenedStore,
    who: str,
    what: str,
    *,
    wait_seconds: float = 60,
    on_wait: Callable[[str], None] | None = None,
) -> Iterator[Session]:
    """Be the only writer of a store; what is not published when the block ends is removed.

    Raises:
        StoreFault: another writer did not end in time, or the disk refused.
    """
    with writing(store.layout.lock, who, what, store.now(), wait_seconds=wait_seconds, on_wait=on_wait):
        clean_up(store)
        session = Session(store, store.snapshot(), store.now(), who)
        try:
            yield session
        except (OSError, duckdb.IOException, duckdb.OutOfMemoryException) as error:
            session.abandon()
            raise StoreFault(
                CANNOT_WRITE.at(Place(str(store.layout.root)), f"不能写入：{_reason(error)}")
            ) from error
        except BaseException:
            session.abandon()
            raise
        session.abandon()


def _reason(error: Exception) -> str:
    if isinstance(error, OSError):
        return reason_of(error)
    if isinstance(error, duckdb.OutOfMemoryException):
        return "内存不足"
    return "磁盘空间不足" if "No space left" in str(error) else "引擎不能读写文件"


def clean_up(store: OpenedStore) -> tuple[str, ...]:
    """Remove what killed writers left behind; only for the holder of the lock. Gives the names removed."""
    removed: list[str] = []
    staging = store.layout.staging
    for journal in sorted(staging.glob(f"{_JOURNAL}*.json")):
        listed = _listed(store)
        for name in _names_in(journal):
            target = store.layout.file(name)
            if name not in listed and target.is_file():
                target.unlink()
                removed.append(name)
        journal.unlink()
    for each in sorted(staging.iterdir()):
        if each.is_file():
            each.unlink()
            removed.append(f"staging/{each.name}")
    if store.layout.spill.is_dir():
        removed += [f"staging/spill/{each.name}" for each in _dead(store.layout.spill)]
    return tuple(removed)


def _dead(spill: Path) -> list[Path]:
    """Remove the overflow of processes that no longer run on this machine."""
    found = []
    for each in sorted(spill.glob(f"{os.uname().nodename}-*")):
        number = each.name.rpartition("-")[2]
        if number.isdigit() and not _runs(int(number)):
            shutil.rmtree(each, ignore_errors=True)
            found.append(each)
    return found


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _names_in(journal: Path) -> list[str]:
    """Names in a journal that can only be data files; a torn or foreign one names nothing."""
    try:
        found = json.loads(journal.read_bytes())
    except (OSError, ValueError):
        return []
    names = found if isinstance(found, list) else []
    return [
        each
        for each in names
        if isinstance(each, str)
        and each.split("/", 1)[0] in {"batches", "keys", "closings"}
        and ".." not in Path(each).parts
    ]


def _listed(store: OpenedStore) -> set[str]:
    manifest = store.manifest
    return {
        each.path
        for retired in (False, True)
        for each in (
            *manifest.files(retired=retired),
            *manifest.key_files(retired=retired),
            *manifest.closings(retired=retired),
        )
    }
