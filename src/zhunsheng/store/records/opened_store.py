"""An open store and a frozen state of it: what every reader and writer is handed."""

import os
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Self, TypeAlias

import duckdb

from zhunsheng.kernel.place import Place
from zhunsheng.kernel.problem import Kind, Severity
from zhunsheng.kernel.system_errors import reason_of
from zhunsheng.ledgers.definition import Catalogue, LedgerDefinition
from zhunsheng.store.ledger_files import ledger_codes, ledger_of
from zhunsheng.store.records.database import Database, SqliteDatabase
from zhunsheng.store.records.faults import Misuse, StoreFault
from zhunsheng.store.records.layout import Layout, sync_directories
from zhunsheng.store.records.manifest import Manifest

Clock: TypeAlias = Callable[[], datetime]
"""Gives the present moment with a time zone."""

NOT_A_STORE = Kind(
    "STORE-005",
    Severity.ERROR,
    "这里没有记录库",
    "检查路径；还没有记录库的，用 zhunsheng ledger import 导入第一份台账时自动建立。",
)
NOT_EMPTY = Kind("STORE-006", Severity.ERROR, "记录库只能建在空目录里", "换一个不存在或为空的目录。")
NO_SUCH_STATE = Kind("STORE-007", Severity.ERROR, "记录库没有这个时点的状态", "用 batches 查看有哪些提交。")
FORGOTTEN = Kind(
    "STORE-008",
    Severity.ERROR,
    "该时点的数据已按保留期清理",
    "改用保留期以内的时点；需要长期复算的评价应先登记保留其快照。",
)
OTHER_STORE = Kind(
    "STORE-009", Severity.ERROR, "快照属于另一个记录库", "用产生该快照的记录库（或其备份）复算。"
)


def utc_now() -> datetime:
    """The present moment; the clock of a program unless it is given another one."""
    return datetime.now(UTC)


def referred_ledgers(definitions: Iterable[LedgerDefinition]) -> frozenset[str]:
    """Codes of the ledgers that some field points to; their records carry surrogates."""
    return frozenset(each.target for ledger in definitions for each in ledger.references)


@lru_cache(maxsize=1)
def _referred_in_package() -> frozenset[str]:
    found = (ledger_of(code) for code in ledger_codes())
    return referred_ledgers(each for each in found if each is not None)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A frozen state of a store: everything up to a commit number.

    Attributes:
        store: where it can be read.
        seq: the commit number; 0 before the first commit.
    """

    store: "OpenedStore" = field(compare=False, repr=False)
    store_id: str
    seq: int

    @property
    def token(self) -> str:
        """`<store id>-<seq>`: names exactly what an evaluation used."""
        return f"{self.store_id}-{self.seq}"


class OpenedStore:
    """A store that can be read and written.

    Attributes:
        layout: where its files lie.
        manifest: what it consists of.
        catalogue: ledger definitions by code.
    """

    def __init__(
        self,
        path: Path,
        database: Database,
        *,
        clock: Clock = utc_now,
        catalogue: Catalogue = ledger_of,
        referred: Iterable[str] | None = None,
    ) -> None:
        self.layout = Layout(path.absolute())
        self.manifest = Manifest(database)
        self.catalogue = catalogue
        self._clock = clock
        self._referred = None if referred is None else frozenset(referred)
        self.manifest.check_format()
        self.store_id = self.manifest.info("store_id")

    @classmethod
    def create(
        cls,
        path: Path,
        *,
        clock: Clock = utc_now,
        catalogue: Catalogue = ledger_of,
        referred: Iterable[str] | None = None,
        database: Database | None = None,
    ) -> Self:
        """Make an empty store in a directory that is absent or empty.

        Args:
            path: the directory.
            clock: gives commit times; they are kept in UTC and never go back.
            catalogue: ledger definitions by code.
            referred: codes of the ledgers that others point to; computed from the package's definitions when None.
            database: an empty database for the manifest; a file in the store when None.

        Raises:
            StoreFault: the directory is not empty or cannot be made.
        """
        layout = Layout(path.absolute())
        try:
            if path.exists() and (not path.is_dir() or any(path.iterdir())):
                raise StoreFault(NOT_EMPTY.at(Place(str(path)), f"“{path.name}”不是空目录"))
            layout.make()
            if database is None:
                # made aside and renamed: a crash leaves no manifest without tables
                part = layout.staging / "manifest.sqlite"
                made = SqliteDatabase(part, create=True)
                Manifest.create(made, uuid.uuid4().hex, clock())
                made.close()
                part.replace(layout.manifest)
                sync_directories([layout.root, layout.staging])
                database = SqliteDatabase(layout.manifest)
            else:
                Manifest.create(database, uuid.uuid4().hex, clock())
        except OSError as error:
            raise StoreFault(NOT_EMPTY.at(Place(str(path)), f"记录库无法建立：{reason_of(error)}")) from error
        return cls(path, database, clock=clock, catalogue=catalogue, referred=referred)

    @classmethod
    def open(
        cls,
        path: Path,
        *,
        clock: Clock = utc_now,
        catalogue: Catalogue = ledger_of,
        referred: Iterable[str] | None = None,
        database: Database | None = None,
    ) -> Self:
        """Open a store; the arguments are those of `create`.

        Raises:
            StoreFault: there is none, it is damaged, or it is of another format.
        """
        layout = Layout(path.absolute())
        if database is None:
            if not layout.manifest.is_file():
                raise StoreFault(NOT_A_STORE.at(Place(str(path)), f"“{path.name}”中没有 manifest.sqlite"))
            database = SqliteDatabase(layout.manifest)
        return cls(path, database, clock=clock, catalogue=catalogue, referred=referred)

    def close(self) -> None:
        """Let go of the manifest."""
        self.manifest.database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def now(self) -> datetime:
        """The moment for the next commit: the clock's, and never before the last commit."""
        moment = self._clock().astimezone(UTC)
        last = self.manifest.last_moment()
        return moment if last is None else max(moment, last)

    def definition(self, code: str) -> LedgerDefinition:
        """A ledger's definition.

        Raises:
            Misuse: the catalogue has none of that code.
        """
        found = self.catalogue(code)
        if found is None:
            raise Misuse(f"no ledger {code!r} in the catalogue")
        return found

    def is_referred(self, code: str) -> bool:
        """Whether records of a ledger carry surrogates: as the store has it, or as it will be with its first batch."""
        known = self.manifest.ledgers().get(code)
        if known is not None and known[0]:
            return True
        referred = _referred_in_package() if self._referred is None else self._referred
        return code in referred

    def connect(self, memory_limit: str = "1GB", threads: int = 2) -> duckdb.DuckDBPyConnection:
        """An engine in memory whose overflow goes into the store's staging directory; the caller closes it."""
        # processes must not share a spill directory: the engine numbers its files from zero in each
        spill = self.layout.spill / f"{os.uname().nodename}-{os.getpid()}"
        spill.mkdir(parents=True, exist_ok=True)
        return duckdb.connect(
            ":memory:",
            config={
                "memory_limit": memory_limit,
                "threads": threads,
                "temp_directory": str(spill / uuid.uuid4().hex[:8]),
                "autoinstall_known_extensions": False,
                "autoload_known_extensions": False,
            },
        )

    def snapshot(self, seq: int | None = None) -> Snapshot:
        """The state at a commit number; None for now.

        Raises:
            StoreFault: there is no such commit yet, or its data have been dropped by retention.
        """
        last = self.manifest.last_seq()
        wanted = last if seq is None else seq
        if not 0 <= wanted <= last:
            raise StoreFault(
                NO_SUCH_STATE.at(Place("manifest"), f"没有第 {wanted} 次提交，最后一次是 {last}")
            )
        horizon = int(self.manifest.info("horizon") or 0)
        if wanted < horizon and wanted not in self.manifest.kept():
            raise StoreFault(
                FORGOTTEN.at(Place("manifest"), f"第 {wanted} 次提交早于保留的第 {horizon} 次提交")
            )
        return Snapshot(self, self.store_id, wanted)

    def snapshot_of(self, token: str) -> Snapshot:
        """The state named by a token.

        Raises:
            StoreFault: it names another store, or a state that this one cannot give.
        """
        store_id, _, seq = token.rpartition("-")
        if store_id != self.store_id or not (seq.isascii() and seq.isdigit()):
            raise StoreFault(OTHER_STORE.at(Place("manifest"), f"快照“{token}”不是本记录库的", value=token))
        return self.snapshot(int(seq))

    def seq_at(self, moment: datetime) -> int:
        """The last commit number at a moment (as known then); 0 before the first commit.

        Raises:
            ValueError: the moment has no time zone.
        """
        return self.manifest.seq_at(moment)
