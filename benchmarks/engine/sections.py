"""The measurements, each against its named baselines, and what came of them as lines of a table."""

import json
import os
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

import duckdb
from benchmarks.engine import incremental, product, stores
from benchmarks.engine.copies import columns_used, copy_with_texts, unstamped
from benchmarks.engine.grouping_sets import GroupingSets
from benchmarks.engine.hand import LEDGERS, hand_values
from benchmarks.engine.jobs import cube_requests
from benchmarks.engine.measuring import ROOT, Done, interleaved, job, this_python, timed
from benchmarks.engine.naive import naive_queries, naive_values
from benchmarks.engine.pandas_plan import plan_of

from zhunsheng.measures.computing import EVERYTHING
from zhunsheng.measures.period import Window
from zhunsheng.measures.request import Request
from zhunsheng.store.records.opened_store import Snapshot
from zhunsheng.store.records.reading import data_files

_YEARS = 9


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the table: what was measured, the figure, the target and whether it is met."""

    what: str
    figure: str
    target: str = ""
    met: bool | None = None


@dataclass(slots=True)
class Benchmark:
    """One run.

    Attributes:
        store: the city, only read.
        work: where copies and other stores are put.
        pandas: the interpreter of an environment with pandas and pyarrow.
        rounds: how many count.
    """

    store: Path
    work: Path
    year: int
    pandas: Path
    rounds: int

    def snapshot(self) -> Snapshot:
        """The state that is measured."""
        return product.opened(self.store).snapshot()

    def all(self) -> list[Line]:
        """All measures of the year, against the hand-written script, naive SQL and pandas."""
        snapshot, year = self.snapshot(), self.year
        chosen, everything = product.indicators_over(LEDGERS, year), product.all_indicators()
        requests = product.requests_of(chosen, Window(year))
        needed = sorted(
            LEDGERS | {each.target for code in LEDGERS for each in stores.definition_of(code).references}
        )
        files, highest = (
            product.files_of(snapshot, [*LEDGERS, "ad_creative"]),
            product.highest_of(snapshot, needed),
        )
        texts = self._texts(snapshot, requests)
        joined = [unstamped(each) for each in requests.values()]
        queries = naive_queries(joined, texts)
        stamped = naive_queries(list(requests.values()), texts)
        self._check(snapshot, requests, hand_values(files, highest, year), naive_values(queries, joined))
        found = interleaved(
            {
                "product": timed(lambda: product.computed(snapshot, chosen, year)),
                "hand": timed(lambda: hand_values(files, highest, year)),
                "naive": timed(lambda: naive_values(queries, joined)),
                "stamped": timed(lambda: naive_values(stamped, joined)),
                "whole": timed(lambda: product.computed(snapshot, everything, year)),
            },
            self.rounds,
        )
        lines = [
            Line(
                f"{len(chosen)} indicators ({len(requests)} measures) over the {len(LEDGERS)} big ledgers, product",
                f"{found.median('product'):.2f} s",
            ),
            _ratio("product / hand-written script", found.ratio("product", "hand"), most=1.3),
            _ratio(
                "one query a measure, 18-character keys, attributes joined / product",
                found.ratio("naive", "product"),
                least=3,
            ),
            _ratio(
                "the same with attributes already in the ledger / product", found.ratio("stamped", "product")
            ),
            Line(f"all {len(everything)} indicators, product", f"{found.median('whole'):.2f} s"),
        ]
        return lines + self._against_pandas(snapshot, requests, texts)

    def _texts(self, snapshot: Snapshot, requests: Mapping[tuple[str, str], Request]) -> Path:
        listed = [each for one in requests.values() for each in (one, unstamped(one))]
        directory = self.work / "texts"
        directory.mkdir(parents=True, exist_ok=True)
        copy_with_texts(snapshot, columns_used(listed), directory)
        return directory

    def _check(
        self,
        snapshot: Snapshot,
        requests: Mapping[tuple[str, str], Request],
        by_hand: Mapping[tuple[str, str], Any],
        by_query: list[Any],
    ) -> None:
        """Every value must be the same before anything is timed."""
        figures = product.computed(snapshot, product.indicators_over(LEDGERS, self.year), self.year)
        values = product.measured_values(figures)
        if set(values) != set(by_hand) or set(values) != set(requests):
            raise SystemExit("the measures compared are not the same")
        for place, (name, request) in enumerate(requests.items()):
            for other in (by_hand[name], by_query[place]):
                if not product.same(values[name], other, request.measure.places):
                    raise SystemExit(f"{name}: {values[name]} is not {other}")

    def _against_pandas(
        self, snapshot: Snapshot, requests: Mapping[tuple[str, str], Request], texts: Path
    ) -> list[Line]:
        plan = self.work / "plan.json"
        joined = [unstamped(each) for each in requests.values()]
        plan.write_text(json.dumps(plan_of(joined, texts)), encoding="utf-8")
        arguments = {"store": self.store, "year": self.year}
        last = self._pandas(plan)
        values = product.measured_values(
            product.computed(snapshot, product.indicators_over(LEDGERS, self.year), self.year)
        )
        for (name, request), other in zip(requests.items(), last.result, strict=True):
            expected = tuple(other) if isinstance(other, list) else other
            if not product.same(values[name], expected, request.measure.places):
                raise SystemExit(f"{name}: {values[name]} is not {other} of pandas")
        found = interleaved(
            {
                "product": lambda: job(this_python(), "indicators", arguments).whole,
                "pandas": lambda: self._pandas(plan).whole,
            },
            max(2, self.rounds // 2),
        )
        return [
            Line("the same indicators, whole process, product", f"{found.median('product'):.2f} s"),
            _ratio("pandas / product, whole process", found.ratio("pandas", "product"), least=12),
            Line("pandas, peak memory", f"{last.peak:,.0f} MB"),
        ]

    def _pandas(self, plan: Path) -> Done:
        begun = time.perf_counter()
        done = subprocess.run(
            [str(self.pandas), str(ROOT / "benchmarks/engine/pandas_job.py"), str(plan)],
            capture_output=True,
            check=False,
            text=True,
        )
        if done.returncode:
            raise SystemExit(done.stderr)
        found = json.loads(done.stdout.splitlines()[-1])
        return Done(time.perf_counter() - begun, found["seconds"], found["peak"], found["result"])

    def cube(self) -> list[Line]:
        """Organisation by month for all measures that merge, against grouping sets."""
        snapshot, requests = self.snapshot(), cube_requests(self.year)
        cells = _check_cubes(snapshot, requests)
        arguments = {"store": self.store, "year": self.year}
        peaks: dict[str, list[float]] = {"cube": [], "grouping_sets": []}

        def run(name: str) -> float:
            done = job(this_python(), name, arguments)
            peaks[name].append(done.peak)
            return done.seconds

        rounds = max(2, self.rounds // 2)
        found = interleaved({name: partial(run, name) for name in peaks}, rounds)
        peak = max(peaks["cube"])
        return [
            Line(
                f"organisation × month, {len(requests)} measures, {cells:,} values, product",
                f"{found.median('cube'):.2f} s",
            ),
            _ratio("grouping sets / product", found.ratio("grouping_sets", "cube"), least=2.5),
            Line("product, peak memory", f"{peak:,.0f} MB", "≤ 1,024 MB", met=peak <= 1024),
            Line("grouping sets, peak memory", f"{max(peaks['grouping_sets']):,.0f} MB"),
        ]

    def incremental(self) -> list[Line]:
        """A new day in each ledger that grows daily."""
        store, batches = stores.daily_store(
            self.snapshot(), self.work / "daily", incremental.LEDGERS, self.year
        )
        found = incremental.arrivals(store, batches, self.year, self.rounds)
        lines = [
            Line(
                f"a new day in {each.ledger} ({each.batches} batches, {each.measures} measures, year and months)",
                f"{each.new_day * 1000:.1f} ms; {each.ratio:.1f} × faster than {each.full:.2f} s",
                "≤ 80 ms",
                met=each.new_day <= 0.08,
            )
            for each in found
        ]
        ratio = sum(each.full for each in found) / sum(each.new_day for each in found)
        return [
            *lines,
            Line("full recompute / new day, all of them", f"{ratio:.1f}", "≥ 25", met=ratio >= 25),
        ]

    def scale(self) -> list[Line]:
        """Nine times the rows."""
        snapshot = self.snapshot()
        ledgers = stores.plain_ledgers(snapshot, sorted(LEDGERS))
        single = stores.years_store(snapshot, self.work / "years1", ledgers, 1)
        several = stores.years_store(snapshot, self.work / f"years{_YEARS}", ledgers, _YEARS)
        rows = [_rows(each.snapshot(), ledgers) for each in (single, several)]
        of = {"year": self.year, "ledgers": ledgers}
        works: dict[str, tuple[str, dict[str, object]]] = {
            "totals": ("totals", {**of, "everything": True}),
            "cube": ("whole_cube", of),
            "year": ("totals", {**of, "everything": False}),
        }
        peaks: list[float] = []

        def run(name: str, directory: Path) -> float:
            called, arguments = works[name]
            done = job(this_python(), called, {**arguments, "store": directory})
            peaks.append(done.peak)
            return done.seconds

        roots = {"one": single.layout.root, "nine": several.layout.root}
        found = interleaved(
            {f"{name} {size}": partial(run, name, root) for name in works for size, root in roots.items()},
            max(2, self.rounds // 2),
        )
        titles = {
            "totals": "all measures over every record",
            "cube": "organisation × month over every record",
            "year": "all measures of the one year out of nine",
        }
        lines = [Line(f"rows of {len(ledgers)} ledgers, once and nine times", f"{rows[0]:,} and {rows[1]:,}")]
        for name, title in titles.items():
            seconds = f"{found.median(f'{name} one'):.2f} s and {found.median(f'{name} nine'):.2f} s"
            lines.append(Line(title, seconds))
            lines.append(
                _ratio(
                    f"{title}, ratio for nine times the rows",
                    found.ratio(f"{name} nine", f"{name} one"),
                    most=7.5,
                )
            )
        peak = max(peaks)
        return [*lines, Line("peak memory (limit 2 GB)", f"{peak:,.0f} MB", "≤ 2,048 MB", met=peak <= 2048)]

    def definitions(self) -> list[Line]:
        """Reading the definitions and building the queries, without running them."""
        loads = []
        for _ in range(self.rounds):
            code = (
                "import time; from benchmarks.engine.product import all_indicators;"
                "begun = time.perf_counter(); found = all_indicators(); print(time.perf_counter() - begun)"
            )
            done = subprocess.run(
                [str(this_python()), "-c", code], cwd=ROOT, check=True, capture_output=True, text=True
            )
            loads.append(float(done.stdout))
        chosen = product.all_indicators()
        requests = product.requests_of(chosen, Window(self.year))
        snapshot = self.snapshot()
        builds = []
        for _ in range(self.rounds):
            engine = product.new_engine(snapshot)
            silent = _Silent(engine.connection)
            silent.take(engine)
            begun = time.perf_counter()
            engine.answers(product.different(requests), EVERYTHING)
            builds.append(time.perf_counter() - begun - silent.seconds)
            engine.close()
        each = 1000 * (median(loads) + median(builds)) / len(requests)
        return [
            Line(
                f"definitions of {len(chosen)} indicators read and checked, {len(requests)} measures",
                f"{median(loads):.2f} s",
            ),
            Line(
                "their requests, queries and answers apart from the engine's own time",
                f"{median(builds):.2f} s",
            ),
            Line("definition layer per measure", f"{each:.2f} ms", "≤ 2 ms", met=each <= 2),
        ]

    def describe(self) -> str:
        """The records that are measured."""
        snapshot = self.snapshot()
        codes = sorted(snapshot.store.manifest.ledgers())
        return f"{_rows(snapshot, codes):,} rows in {len(codes)} ledgers, synthetic"

    def machine(self) -> str:
        """What the figures were measured on."""
        memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
        load = os.getloadavg()[0]
        return f"{os.cpu_count()} cores, {memory:.0f} GB, DuckDB {duckdb.__version__}, load {load:.1f} at the start"


class _Silent:
    """A connection that adds up the time spent in the engine."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self.connection = connection
        self.seconds = 0.0

    def execute(self, *arguments: Any) -> Any:  # noqa: ANN401 - handed through
        """Run, and count the time."""
        begun = time.perf_counter()
        try:
            return self.connection.execute(*arguments)
        finally:
            self.seconds += time.perf_counter() - begun

    def close(self) -> None:
        """Close the connection."""
        self.connection.close()

    def take(self, engine: Any) -> None:  # noqa: ANN401 - its parts are private
        """Stand in for the connection of an engine."""
        for each in (engine, engine._marks, engine._builder):  # noqa: SLF001 - measured from outside
            each.connection = self


def _check_cubes(snapshot: Snapshot, requests: list[Request]) -> int:
    """Every cell must be the same; the number of values compared."""
    engine = product.new_engine(snapshot)
    cubes = engine.cubes(requests)
    engine.close()
    with duckdb.connect(":memory:", config={"threads": 2}) as connection:
        others = GroupingSets(snapshot, requests).run(connection)
    count = 0
    for request, cube, other in zip(requests, cubes, others, strict=True):
        found = {
            (None if body < 0 else body, None if month < 0 else month): value
            for body, month, value in zip(
                cube.bodies.tolist(), cube.months.tolist(), cube.values.tolist(), strict=True
            )
        }
        count += len(other)
        for cell, (value, number) in other.items():
            has_value = bool(number) or request.measure.aggregate.value in {"count", "distinct"}
            if has_value and found.get(cell, 0) != value:
                raise SystemExit(
                    f"{request.measure.ledger} {request.measure.name} {cell}: {found.get(cell)} {value}"
                )
        if not found.keys() <= other.keys():
            raise SystemExit(f"{request.measure.ledger} {request.measure.name}: cells that are not there")
    return count


def _rows(snapshot: Snapshot, ledgers: list[str]) -> int:
    return sum(each.rows for code in ledgers for each in data_files(code, snapshot))


def _ratio(
    what: str, ratio: tuple[float, float, float], *, least: float | None = None, most: float | None = None
) -> Line:
    middle, low, high = ratio
    figure = f"{middle:.2f} [{low:.2f}–{high:.2f}]"
    if least is not None:
        return Line(what, figure, f"≥ {least:g}", met=middle >= least)
    if most is not None:
        return Line(what, figure, f"≤ {most:g}", met=middle <= most)
    return Line(what, figure)
