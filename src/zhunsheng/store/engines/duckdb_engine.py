"""The default engine: DuckDB in this process, over the files of one snapshot.

A single period of everything is answered by one pass over each ledger. Months, bodies and repeated questions are read
off partial states by body and month, which are kept for each file of records: a new day's file costs only itself.
"""

from collections.abc import Callable, Sequence

import duckdb

from zhunsheng.expressions.sql import DUCKDB
from zhunsheng.indicators.measure import Aggregate
from zhunsheng.ledgers.definition import Catalogue
from zhunsheng.measures.computing import Bodies
from zhunsheng.measures.query import Query, Reach
from zhunsheng.measures.request import Answer, Request
from zhunsheng.measures.rollup import Cube, Reading
from zhunsheng.store.engines.building import FILENAME, StateBuilder
from zhunsheng.store.engines.marks import Due, Marks
from zhunsheng.store.engines.merging import merges
from zhunsheng.store.engines.sql_engine import Row, SqlEngine, Watch
from zhunsheng.store.engines.state_cache import StateCache
from zhunsheng.store.records.opened_store import Snapshot
from zhunsheng.store.records.reading import DataFile, data_files, digest_of, keys_sql, last_id, scan_sql

_FEW_WINDOWS = 2
"""A period and the one it is compared with are still answered by one pass."""

_LARGE = 100_000
"""Records from which on reading a few columns again is cheaper than a filter over all of them."""


class DuckDBEngine(SqlEngine):
    """Answers requests over one snapshot with DuckDB.

    Args:
        due: the last day of a period by a deadline rule; raises when it cannot be known.
        register: a hash of the deadline register.
        cache: partial states; None to compute everything anew and keep nothing on disk.
        watch: is told of every pass; may cancel by raising.
    """

    def __init__(
        self,
        snapshot: Snapshot,
        catalogue: Catalogue,
        due: Due,
        register: str = "",
        *,
        cache: StateCache | None = None,
        watch: Watch | None = None,
        memory_limit: str = "1GB",
        threads: int = 2,
    ) -> None:
        self.snapshot = snapshot
        self.catalogue = catalogue
        self.watch = watch
        self.connection = snapshot.store.connect(memory_limit, threads)
        self._marks = Marks(self.connection, self._last_id, due, register)
        self._files: dict[str, tuple[DataFile, ...]] = {}
        self._keys: dict[tuple[str, str], int] = {}
        self._digests: dict[str, str] = {}
        self._builder = StateBuilder(self.connection, self, self._marks, self._digest, cache)

    @property
    def name(self) -> str:
        """The engine and its version."""
        return f"duckdb-{duckdb.__version__}"

    def close(self) -> None:
        """Give back memory and temporary files."""
        self.connection.close()

    def advance(self, snapshot: Snapshot) -> None:
        """Look at another snapshot of the same store; states of files that are in both stay at hand."""
        self.snapshot = snapshot
        self._files.clear()
        self._keys.clear()
        self._digests.clear()
        self._marks.look_again()
        self._builder.look_again()

    def answers(self, requests: Sequence[Request], bodies: Bodies) -> list[dict[str, Answer]]:
        """For each request the answer for each group of bodies."""
        read = self._read_off(requests, bodies)
        rest = sorted(set(range(len(requests))) - set(read))
        results = self.direct(requests, rest, bodies)
        states = self._builder.states([requests[each] for each in read])
        readings: dict[int, Reading] = {}
        for position, state in zip(read, states, strict=True):
            request = requests[position]
            measure = request.measure
            # months of the same measure are read off the same state
            reading = readings.setdefault(id(state), Reading(state, measure.aggregate))
            has_bodies = bool(self.definition(measure.ledger).organisation)
            for name, group in bodies.items():
                asked = group if has_bodies else None
                results[position][name] = reading.answer(measure.span, request.window, asked)
        return results

    def cubes(self, requests: Sequence[Request]) -> list[Cube]:
        """For each request its values by body and month, and in all; the period of the request does not matter.

        Raises:
            ValueError: partial results of one of them do not merge.
        """
        if not all(map(merges, requests)):
            raise ValueError("partial results do not merge")
        states = self._builder.states(requests)
        return [
            Reading(state, request.measure.aggregate).cube()
            for state, request in zip(states, requests, strict=True)
        ]

    def _read_off(self, requests: Sequence[Request], bodies: Bodies) -> list[int]:
        """Which requests are read off states: those that merge, when several numbers are wanted of them."""
        mergeable = [each for each, request in enumerate(requests) if merges(request)]
        if len(bodies) > 1 or len({request.window for request in requests}) > _FEW_WINDOWS:
            return mergeable
        return [each for each in mergeable if self._builder.is_kept(requests[each])]

    def bits(self) -> Callable[[str], int]:
        """Different references are counted by bitmap."""
        return lambda ledger: max(self._last_id(ledger), 1)

    def own_pass(self, request: Request) -> str:
        """In a large ledger different values are counted in a pass of their own.

        A condition that stands as the WHERE of a pass skips records; as a filter of an aggregate it does not.
        """
        measure = request.measure
        if measure.aggregate is not Aggregate.DISTINCT:
            return ""
        if sum(each.rows for each in self.files(measure.ledger)) < _LARGE:
            return ""
        return repr((measure.of, measure.where, measure.date, measure.span, request.window))

    def files(self, ledger: str) -> tuple[DataFile, ...]:
        """The files of a ledger at the snapshot."""
        if ledger not in self._files:
            self._files[ledger] = data_files(ledger, self.snapshot)
        return self._files[ledger]

    def reach(self, ledger: str, files: Sequence[DataFile] | None) -> Reach:
        """What a query may read; of one ledger only some files."""

        def scan(code: str, columns: Sequence[str]) -> str:
            return scan_sql(
                code,
                self.snapshot,
                [each for each in columns if each != FILENAME],
                files=files if code == ledger and files is not None else self.files(code),
                filename=FILENAME in columns,
            )

        return Reach(self.catalogue, scan, self.key_of, DUCKDB)

    def key_of(self, ledger: str, key: str) -> int:
        """The surrogate of a record by its key; 0, which no record has, when there is none."""
        if (ledger, key) not in self._keys:
            found = self.connection.execute(
                f"SELECT id FROM {keys_sql(ledger, self.snapshot)} WHERE key = ?", [key]
            ).fetchone()
            self._keys[ledger, key] = 0 if found is None else int(found[0])
        return self._keys[ledger, key]

    def keys_of(self, ledger: str, surrogates: Sequence[int]) -> dict[int, str]:
        """The keys of records of a ledger by their surrogates."""
        listed = ", ".join(map(str, surrogates)) or "0"
        return dict(
            self.connection.execute(
                f"SELECT id, key FROM {keys_sql(ledger, self.snapshot)} WHERE id IN ({listed})"
            ).fetchall()
        )

    def provide(self, query: Query) -> None:
        """Make the marks and days that a query looks up."""
        self._marks.provide(query)

    def rows(self, text: str) -> list[Row]:
        """The rows of a query."""
        found: list[Row] = self.connection.execute(text).fetchall()
        return found

    def _digest(self, ledger: str) -> str:
        if ledger not in self._digests:
            self._digests[ledger] = digest_of(ledger, self.snapshot)
        return self._digests[ledger]

    def _last_id(self, ledger: str) -> int:
        return last_id(ledger, self.snapshot)
