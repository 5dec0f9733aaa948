"""One writer at a time over all processes and threads; a second one waits or is told who is writing.

The lock is the operating system's (`flock`), so it ends with its holder however that ends. The note in the file says
who holds it; it is information, not the lock. Readers take no lock; only a reader that must be sure of its files for
longer than the grace of a compaction (a backup) shares the one of `reading`.
"""

import fcntl
import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from zhunsheng.kernel.place import Place
from zhunsheng.kernel.problem import Kind, Severity
from zhunsheng.store.records.faults import StoreFault

BEING_WRITTEN = Kind(
    "STORE-001",
    Severity.ERROR,
    "同一时刻只能有一个进程写入记录库",
    "等它写完后重试；如确认该进程已无响应，先结束它，锁会随之释放。",
)

_PAUSE_SECONDS = 0.02
_LONGEST_NOTE = 4096


@dataclass(frozen=True, slots=True)
class Owner:
    """Who is writing.

    Attributes:
        process: its number on `host`.
        since: when it began, in UTC, as ISO text.
        what: what it is doing, in Chinese.
    """

    process: int
    host: str
    who: str
    what: str
    since: str

    def __str__(self) -> str:
        return (
            f"{self.host} 上的进程 {self.process}（{self.who or '未署名'}）自 {self.since} 起正在{self.what}"
        )


@contextmanager
def writing(
    path: Path,
    who: str,
    what: str,
    moment: datetime,
    *,
    wait_seconds: float = 60,
    on_wait: Callable[[str], None] | None = None,
) -> Iterator[None]:
    """Be the only writer while the block runs.

    Args:
        path: the lock file.
        who: for whom the writing is done.
        what: what is done, in Chinese, for others who wait.
        moment: now, in UTC.
        wait_seconds: how long to wait for another writer.
        on_wait: told once, in Chinese, that and for whom we wait.

    Raises:
        StoreFault: another one was still writing at the end of the wait.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        _acquire(descriptor, path, wait_seconds, on_wait)
        owner = Owner(os.getpid(), os.uname().nodename, who, what, moment.isoformat(timespec="seconds"))
        _note(descriptor, owner)
        try:
            yield
        finally:
            os.ftruncate(descriptor, 0)
    finally:
        os.close(descriptor)


def _acquire(descriptor: int, path: Path, wait_seconds: float, on_wait: Callable[[str], None] | None) -> None:
    end = time.monotonic() + wait_seconds
    told = False
    while not _try(descriptor, fcntl.LOCK_EX):
        owner = owner_of(path)
        shown = str(owner) if owner else "另一个进程正在写入"
        if time.monotonic() >= end:
            raise StoreFault(
                BEING_WRITTEN.at(Place(str(path.parent)), f"等待了 {wait_seconds:g} 秒，{shown}")
            )
        if on_wait is not None and not told:
            on_wait(f"{shown}，最多等待 {wait_seconds:g} 秒")
            told = True
        time.sleep(_PAUSE_SECONDS)


def _try(descriptor: int, mode: int) -> bool:
    try:
        fcntl.flock(descriptor, mode | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _note(descriptor: int, owner: Owner) -> None:
    content = json.dumps(
        {
            "process": owner.process,
            "host": owner.host,
            "who": owner.who,
            "what": owner.what,
            "since": owner.since,
        },
        ensure_ascii=False,
    ).encode()
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, content, 0)


def owner_of(path: Path) -> Owner | None:
    """Who wrote the note in a lock file; None when it is empty or was just being written."""
    try:
        with path.open("rb") as stream:
            found = json.loads(stream.read(_LONGEST_NOTE))
        return Owner(
            int(found["process"]),
            str(found["host"]),
            str(found["who"]),
            str(found["what"]),
            str(found["since"]),
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None


@contextmanager
def reading(path: Path) -> Iterator[None]:
    """Keep every data file in place while the block runs, retired ones too. Never waits for a writer."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH)
        yield
    finally:
        os.close(descriptor)


@contextmanager
def nobody_reads(path: Path) -> Iterator[bool]:
    """Whether no long reader is at work; as long as the block runs, none begins."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        yield _try(descriptor, fcntl.LOCK_EX)
    finally:
        os.close(descriptor)
