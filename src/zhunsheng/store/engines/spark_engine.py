"""The engine for a cluster: the same requests over the same files on Apache Spark.

What can be added up is brought down to one line for each body and month in one job over a ledger; different values,
quantiles and things have a job each, because Spark is slow when they share one. The small results are put together
here, by the same code as for the other engine.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

from zhunsheng.expressions.sql import SPARK
from zhunsheng.indicators.measure import Aggregate
from zhunsheng.kernel.hashing import sha256_of
from zhunsheng.ledgers.definition import Catalogue
from zhunsheng.measures.computing import Bodies
from zhunsheng.measures.query import Query, Reach, Select, add_request
from zhunsheng.measures.request import Answer, Request
from zhunsheng.measures.states import Additive, State, cell_of, read_off
from zhunsheng.store.engines.marks import Due
from zhunsheng.store.engines.merging import merges
from zhunsheng.store.engines.sql_engine import Row, SqlEngine, Watch
from zhunsheng.store.records.opened_store import Snapshot
from zhunsheng.store.records.reading import DataFile, ScanGroup, data_files, keys_sql, last_id, scan_plan

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

_CONFIGURATION = {
    "spark.sql.ansi.enabled": "true",
    "spark.sql.ansi.doubleQuotedIdentifiers": "true",
    "spark.sql.session.timeZone": "Asia/Shanghai",
    "spark.sql.parquet.inferTimestampNTZ.enabled": "true",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
}


class SparkMissing(RuntimeError):  # noqa: N818 - it says what is missing
    """Spark is not installed, or its Java is not there."""


def session(master: str, *, memory: str = "1g") -> "SparkSession":
    """A session on a cluster such as `spark://host:7077`, or `local[2]`.

    Raises:
        SparkMissing: the library or its Java is not there.
    """
    try:
        from pyspark.sql import SparkSession  # noqa: PLC0415 - an optional extra, and slow to load
    except ImportError as missing:
        raise SparkMissing("没有安装 pyspark；集群计算需要它") from missing
    builder = SparkSession.builder.master(master).appName("zhunsheng")
    for name, value in {**_CONFIGURATION, "spark.driver.memory": memory}.items():
        builder = builder.config(name, value)
    try:
        made = builder.getOrCreate()
    except Exception as failed:
        raise SparkMissing(f"连不上 Spark（{master}）：{failed}") from failed
    made.sparkContext.setLogLevel("ERROR")
    return made


class SparkEngine(SqlEngine):
    """Answers requests over one snapshot with Spark.

    Every worker must see the store's directory under the same path.
    """

    def __init__(
        self,
        snapshot: Snapshot,
        catalogue: Catalogue,
        due: Due,
        spark: "SparkSession",
        *,
        watch: Watch | None = None,
    ) -> None:
        self.snapshot = snapshot
        self.catalogue = catalogue
        self.watch = watch
        self.spark = spark
        self._due = due
        self._connection = snapshot.store.connect("256MB", 1)
        self._views: set[str] = set()
        self._days: dict[str, dict[date, date]] = {}

    @property
    def name(self) -> str:
        """The engine and its version."""
        return f"spark-{self.spark.version}"

    def close(self) -> None:
        """Give back what this engine holds; the session stays."""
        self._connection.close()
        for view in self._views:
            self.spark.catalog.dropTempView(view)

    def answers(self, requests: Sequence[Request], bodies: Bodies) -> list[dict[str, Answer]]:
        """For each request the answer for each group of bodies."""
        added = [
            each
            for each, request in enumerate(requests)
            if merges(request) and request.measure.aggregate is not Aggregate.DISTINCT
        ]
        rest = sorted(set(range(len(requests))) - set(added))
        results = self.direct(requests, rest, bodies)
        for position, state in self._states(requests, added).items():
            request = requests[position]
            measure = request.measure
            has_bodies = bool(self.definition(measure.ledger).organisation)
            for name, group in bodies.items():
                results[position][name] = read_off(
                    state, measure.aggregate, measure.span, request.window, group if has_bodies else None
                )
        return results

    def _states(self, requests: Sequence[Request], positions: Sequence[int]) -> dict[int, State]:
        passes: dict[tuple[str, str], list[int]] = {}
        for position in positions:
            measure = requests[position].measure
            passes.setdefault((measure.ledger, measure.date), []).append(position)
        found: dict[int, State] = {}
        for (ledger, day), members in passes.items():
            if self.watch is not None:
                self.watch(ledger)
            found.update(self._cells(ledger, day, {each: requests[each] for each in members}))
        return found

    def _cells(self, ledger: str, day: str, requests: dict[int, Request]) -> dict[int, State]:
        query, select = Query(self.reach(ledger, None), self.definition(ledger)), Select()
        places = {
            position: add_request(query, select, request, bits=None, window=False)
            for position, request in requests.items()
        }
        # a plain number in GROUP BY would be a position
        month = "CAST(0 AS INT)"
        if day:
            when = query.field(day)
            month = f"coalesce(year({when}) * 100 + month({when}), 0)"
        body = f"coalesce({query.organisation()}, 0)"
        items = ", ".join(f"coalesce({item}, 0)" for item in select.items)
        self.provide(query)
        rows = self.rows(f"SELECT {body}, {month}, {items} FROM {query.source()} GROUP BY {body}, {month}")
        rows.sort(key=lambda row: (row[0], row[1]))
        cells = np.array([cell_of(int(row[0]), int(row[1])) for row in rows], dtype=np.int64)
        columns = [
            np.array([int(row[place + 2]) for row in rows], dtype=np.int64)
            for place in range(len(select.items))
        ]
        return {
            position: Additive(
                cells,
                columns[where.value],
                columns[where.number if where.number >= 0 else where.value],
                columns[where.unknown if where.unknown >= 0 else where.value],
            )
            for position, where in places.items()
        }

    def files(self, ledger: str) -> tuple[DataFile, ...]:
        """The files of a ledger at the snapshot."""
        return data_files(ledger, self.snapshot)

    def reach(self, ledger: str, files: Sequence[DataFile] | None) -> Reach:
        """What a query may read; conditions on referred records are joined, Spark sends small tables around."""

        def scan(code: str, columns: Sequence[str]) -> str:
            return self._view(code, files if code == ledger else None, columns)

        return Reach(self.catalogue, scan, self.key_of, SPARK, probes=False)

    def _view(self, ledger: str, files: Sequence[DataFile] | None, columns: Sequence[str]) -> str:
        groups = scan_plan(ledger, self.snapshot, files=files)
        name = f"v_{sha256_of(repr((ledger, groups, sorted(columns))).encode())[:24]}"
        if name not in self._views:
            frame = self._frame(ledger, groups, columns)
            frame.createOrReplaceTempView(name)
            self._views.add(name)
        return name

    def _frame(self, ledger: str, groups: Sequence[ScanGroup], columns: Sequence[str]) -> "DataFrame":
        found = None
        for group in groups:
            part = self._group(ledger, group, columns)
            found = part if found is None else found.unionByName(part)
        if found is not None:
            return found
        types = {each.name: each.type for each in self._columns(ledger)}
        listed = ", ".join(f"{each} {_SPARK_TYPES[types.get(each, 'INTEGER')]}" for each in columns)
        return self.spark.createDataFrame([], listed or "nothing INT")

    def _group(self, ledger: str, group: ScanGroup, columns: Sequence[str]) -> "DataFrame":
        from pyspark.sql import functions as F  # noqa: N812, PLC0415 - the library's own custom; an optional extra

        frame = self.spark.read.parquet(*map(str, group.files))
        if group.filters_batches:
            frame = frame.where(_not_hidden("_batch", group))
        if group.closings:
            closings = self.spark.read.parquet(*map(str, group.closings))
            if group.filters_closings:
                closings = closings.where(f"_from <= {group.seq} AND {_not_hidden('_by', group)}")
            frame = frame.join(
                F.broadcast(closings.select("_batch", "_row")), on=["_batch", "_row"], how="left_anti"
            )
        wanted = {each.name: each for each in self._columns(ledger)}
        shown = []
        for name in columns:
            stored, now = group.columns.get(name), wanted.get(name)
            if stored is None and name not in {"_batch", "_row"}:
                kind = _SPARK_TYPES[now.type if now is not None else "INTEGER"]
                shown.append(F.lit(None).cast(kind).alias(name))
            elif stored is not None and now is not None and now.places != stored.places:
                shown.append((F.col(name) * F.lit(10 ** (now.places - stored.places))).alias(name))
            else:
                shown.append(F.col(name))
        return frame.select(*shown)

    def _columns(self, ledger: str) -> Sequence[Any]:
        from zhunsheng.store.records.physical import columns_of  # noqa: PLC0415 - beside the types it belongs to

        return columns_of(self.definition(ledger))

    def key_of(self, ledger: str, key: str) -> int:
        """The surrogate of a record by its key; 0, which no record has, when there is none."""
        found = self._connection.execute(
            f"SELECT id FROM {keys_sql(ledger, self.snapshot)} WHERE key = ?", [key]
        ).fetchone()
        return 0 if found is None else int(found[0])

    def last_id(self, ledger: str) -> int:
        """The highest surrogate of a ledger."""
        return last_id(ledger, self.snapshot)

    def keys_of(self, ledger: str, surrogates: Sequence[int]) -> dict[int, str]:
        """The keys of records of a ledger by their surrogates."""
        listed = ", ".join(map(str, surrogates)) or "0"
        return dict(
            self._connection.execute(
                f"SELECT id, key FROM {keys_sql(ledger, self.snapshot)} WHERE id IN ({listed})"
            ).fetchall()
        )

    def provide(self, query: Query) -> None:
        """Make the days of deadline rules available under the names the query uses."""
        for position, (rule, start) in enumerate(zip(query.rules, query.starts, strict=True)):
            rows = self.rows(
                f"SELECT DISTINCT CAST({start} AS DATE) FROM {query.source(rules=False)} WHERE {start} IS NOT NULL"
            )
            known = self._days.setdefault(rule, {})
            for (day,) in rows:
                if day not in known:
                    known[day] = self._due(day, rule)
            first = min(known, default=date(2000, 1, 1))
            last = max(known, default=first)
            days = [known.get(first + timedelta(days=each)) for each in range((last - first).days + 1)]
            frame = self.spark.createDataFrame([(first, days)], "origin DATE, days ARRAY<DATE>")
            frame.createOrReplaceTempView(f"rule_{position}")

    def rows(self, text: str) -> list[Row]:
        """The rows of a query."""
        return [tuple(row) for row in self.spark.sql(text).collect()]


_SPARK_TYPES = {
    "VARCHAR": "STRING",
    "BIGINT": "BIGINT",
    "INTEGER": "INT",
    "BOOLEAN": "BOOLEAN",
    "DATE": "DATE",
    "TIMESTAMP": "TIMESTAMP_NTZ",
    "VARCHAR[]": "ARRAY<STRING>",
}


def _not_hidden(column: str, group: ScanGroup) -> str:
    condition = f"{column} <= {group.seq}"
    if group.hidden:
        condition += f" AND {column} NOT IN ({', '.join(map(str, group.hidden))})"
    return condition
