"""What commands over records share: opening a store, choosing its state and its engine, showing progress."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Self

import click
from rich.console import Console

from zhunsheng.cli import ledger_opening
from zhunsheng.cli.exits import Surroundings
from zhunsheng.cli.ledger_opening import CHINA
from zhunsheng.cli.loading import Rejected
from zhunsheng.kernel.hashing import sha256_of_parts
from zhunsheng.kernel.place import Place
from zhunsheng.ledgers.deadline_rules import DeadlineError
from zhunsheng.ledgers.definition import LedgerDefinition
from zhunsheng.measures.computing import Bodies, Engine
from zhunsheng.store.case_directory import content_of
from zhunsheng.store.definition_files import definitions_directory
from zhunsheng.store.engines.bodies import Body, bodies_of, groups
from zhunsheng.store.engines.duckdb_engine import DuckDBEngine
from zhunsheng.store.engines.remembering import Remembering
from zhunsheng.store.engines.state_cache import StateCache
from zhunsheng.store.ledger_files import ledger_of
from zhunsheng.store.records.faults import StoreFault
from zhunsheng.store.records.opened_store import Snapshot
from zhunsheng.store.records.reading import digest_of
from zhunsheng.store.records.record_store import RecordStore

KNOWN_OPTION = click.option(
    "--as-known-at",
    "known_at",
    metavar="DATE|TOKEN",
    default="",
    help="按当时已知的记录计算：日期（2023-12-31）或快照编号。",
)


def due_day(event: date, rule: str) -> date:
    """The last day of a period by the register and the calendars of the package.

    Raises:
        Rejected: it cannot be known: no such rule, no version, no calendar for a year.
    """
    try:
        return ledger_opening.due_day(event, rule)
    except DeadlineError as unknown:
        raise Rejected((unknown.problem(Place(field=rule)),)) from unknown


@lru_cache(maxsize=1)
def register_digest() -> str:
    """One hash over everything deadlines depend on."""
    parts = {
        f"{kind}/{name}": content
        for kind in ("deadlines", "calendars")
        for name, content in content_of(definitions_directory() / kind).items()
    }
    return sha256_of_parts(parts)


@dataclass(slots=True)
class Opened:
    """A store with the engine that answers for one state of it.

    Attributes:
        duckdb: the engine in process; also reads single records.
        engine: what figures are asked of.
        synthetic: whether generated records are among them.
    """

    store: RecordStore
    snapshot: Snapshot
    duckdb: DuckDBEngine
    engine: Engine
    synthetic: bool

    def bodies(self) -> tuple[Body, ...]:
        """The bodies of the store."""
        return bodies_of(self.duckdb)

    def group(self, code: str) -> Bodies:
        """One body with all below it under its code; everything under "" when no code is given.

        Raises:
            click.UsageError: there is no such body.
        """
        if not code:
            return {"": None}
        try:
            return {code: groups(self.bodies(), code)[code]}
        except LookupError:
            known = "、".join(each.code for each in self.bodies()[:12])
            raise click.UsageError(f"记录库中没有单位“{code}”（有：{known}……）。") from None


@contextmanager
def opened(
    path: Path, known_at: str = "", *, fresh: bool = False, spark: str = "", quiet: bool = False
) -> Iterator[Opened]:
    """Open a store for computing.

    Args:
        known_at: a day or a snapshot token; "" for now.
        fresh: keep and use nothing computed before.
        spark: address of a cluster; "" to compute in this process.
        quiet: show no progress.

    Raises:
        Rejected: there is no store, or no such state of it.
        Surroundings: the cluster does not answer.
    """
    try:
        store = RecordStore.open(path)
        snapshot = _state(store, known_at)
    except StoreFault as fault:
        raise Rejected((fault.problem,)) from fault
    cache = None if fresh else StateCache.beside(store.layout.root / "states")
    register = register_digest()
    with _progress(quiet=quiet) as watch:
        duckdb = DuckDBEngine(snapshot, ledger_of, due_day, register, cache=cache, watch=watch)
        asked: Engine = duckdb
        if spark:
            asked = _spark(spark, snapshot, watch)
        if cache is not None and not spark:
            asked = Remembering(asked, cache, ledger_of, lambda code: digest_of(code, snapshot), register)
        try:
            synthetic = any(each.synthetic for each in store.batches() if each.seq <= snapshot.seq)
            yield Opened(store, snapshot, duckdb, asked, synthetic)
        finally:
            duckdb.close()
            if cache is not None:
                cache.close()
            store.close()


def _spark(master: str, snapshot: Snapshot, watch: "Watching") -> Engine:
    from zhunsheng.store.engines.spark_engine import SparkEngine, SparkMissing, session  # noqa: PLC0415 - slow, rare

    try:
        return SparkEngine(snapshot, ledger_of, due_day, session(master), watch=watch)
    except SparkMissing as missing:
        raise Surroundings(str(missing)) from missing


def _state(store: RecordStore, known_at: str) -> Snapshot:
    if not known_at:
        return store.snapshot()
    try:
        day = date.fromisoformat(known_at)
    except ValueError:
        return store.snapshot_of(known_at)
    # the end of that day, as people mean "as known on"
    moment = datetime.combine(day + timedelta(days=1), time(), CHINA) - timedelta(microseconds=1)
    return store.snapshot(store.seq_at(moment))


class Watching:
    """Shows on a terminal which ledger is being read."""

    def __init__(self, out: Console, *, silent: bool) -> None:
        self._out = out
        self._status = None if silent else out.status("计算")

    def __enter__(self) -> Self:
        if self._status is not None:
            self._status.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._status is not None:
            self._status.stop()

    def __call__(self, ledger: str) -> None:
        """The ledger that is read next."""
        if self._status is not None:
            definition = ledger_of(ledger)
            self._status.update(f"读取{ledger if definition is None else definition.label}")


def _progress(*, quiet: bool) -> Watching:
    out = Console(stderr=True)
    return Watching(out, silent=quiet or not out.is_terminal)


def ledger_label(code: str) -> str:
    """The Chinese name of a ledger."""
    found: LedgerDefinition | None = ledger_of(code)
    return code if found is None else found.label
