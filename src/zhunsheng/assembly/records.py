"""A record store opened for computing: one state of it, with the engine that answers for it."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from zhunsheng.assembly.deadlines import due_day, register_digest
from zhunsheng.assembly.rejections import Rejected, WrongRequest
from zhunsheng.assembly.stores import opened_store, snapshot_at
from zhunsheng.assembly.surroundings import Surroundings
from zhunsheng.measures.computing import Bodies, Engine
from zhunsheng.store.engines.bodies import Body, bodies_of, groups
from zhunsheng.store.engines.duckdb_engine import DuckDBEngine
from zhunsheng.store.engines.remembering import Remembering
from zhunsheng.store.engines.state_cache import StateCache
from zhunsheng.store.ledger_files import ledger_of
from zhunsheng.store.records.faults import StoreFault
from zhunsheng.store.records.opened_store import Snapshot
from zhunsheng.store.records.reading import digest_of
from zhunsheng.store.records.record_store import RecordStore

Watch = Callable[[str], None]
"""Is told the code of the ledger that is read next; may cancel by raising."""


@dataclass(slots=True)
class OpenedRecords:
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
            WrongRequest: there is no such body.
        """
        if not code:
            return {"": None}
        try:
            return {code: groups(self.bodies(), code)[code]}
        except LookupError:
            known = "、".join(each.code for each in self.bodies()[:12])
            raise WrongRequest(f"记录库中没有单位“{code}”（有：{known}……）。") from None


@contextmanager
def opened_records(
    path: Path, known_at: str = "", *, fresh: bool = False, spark: str = "", watch: Watch | None = None
) -> Iterator[OpenedRecords]:
    """Open a store for computing.

    Args:
        known_at: a day or a snapshot token; "" for now.
        fresh: keep and use nothing computed before.
        spark: address of a cluster; "" to compute in this process.

    Raises:
        Rejected: there is no store, or no such state of it.
        Surroundings: the cluster does not answer.
    """
    with ExitStack() as closing:
        store = closing.enter_context(opened_store(path))
        try:
            snapshot = snapshot_at(store, known_at)
        except StoreFault as fault:
            raise Rejected((fault.problem,)) from fault
        cache = None if fresh else StateCache.beside(store.layout.root / "states")
        if cache is not None:
            closing.callback(cache.close)
        register = register_digest()
        duckdb = DuckDBEngine(snapshot, ledger_of, due_day, register, cache=cache, watch=watch)
        closing.callback(duckdb.close)
        engine: Engine = duckdb
        if spark:
            engine = _spark(spark, snapshot, watch)
        elif cache is not None:
            engine = Remembering(duckdb, cache, ledger_of, lambda code: digest_of(code, snapshot), register)
        synthetic = any(each.synthetic for each in store.batches() if each.seq <= snapshot.seq)
        yield OpenedRecords(store, snapshot, duckdb, engine, synthetic)


def _spark(master: str, snapshot: Snapshot, watch: Watch | None) -> Engine:
    from zhunsheng.store.engines.spark_engine import SparkEngine, SparkMissing, session  # noqa: PLC0415 - slow, rare

    try:
        return SparkEngine(snapshot, ledger_of, due_day, session(master), watch=watch)
    except SparkMissing as missing:
        raise Surroundings(str(missing)) from missing
