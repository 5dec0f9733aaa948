"""Jobs that run in a process of their own, so that their time and memory are theirs alone.

    python -m benchmarks.engine.jobs NAME '{"store": …}'

Prints seconds of the work itself, peak memory in MB and the result as one line of JSON.
"""

import json
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
from benchmarks.engine import product
from benchmarks.engine.grouping_sets import GroupingSets
from benchmarks.engine.hand import LEDGERS
from benchmarks.engine.measuring import own_peak

from zhunsheng.expressions.nodes import Call, walk
from zhunsheng.indicators.measure import Span
from zhunsheng.measures.computing import EVERYTHING
from zhunsheng.measures.period import Window
from zhunsheng.measures.request import Request, trees_of
from zhunsheng.store.engines.merging import merges

_MEMORY = "1GB"
_PLENTY = "12GB"
"""What the baseline gets: with less it would write to disk."""

Work = Callable[[], Any]


def cube_requests(year: int, ledgers: frozenset[str] | None = None) -> list[Request]:
    """All measures whose partial results merge, but those with deadlines, which plain SQL does not know."""
    found = product.different(product.requests_of(product.all_indicators(), Window(year)))
    return [
        each
        for each in found
        if merges(each)
        and (ledgers is None or each.measure.ledger in ledgers)
        and not any(
            isinstance(node, Call) and node.function == "due"
            for tree in trees_of(each.measure)
            for node in walk(tree)
        )
    ]


def indicators(store: Path, year: int) -> Work:
    """The indicators over the big ledgers; definitions are read on the way, as a command does."""

    def work() -> int:
        chosen = product.indicators_over(LEDGERS, year)
        return len(product.computed(product.opened(store).snapshot(), chosen, year))

    return work


def cube(store: Path, year: int) -> Work:
    """Organisation by month by the product."""
    snapshot, requests = product.opened(store).snapshot(), cube_requests(year)

    def work() -> int:
        engine = product.new_engine(snapshot, _MEMORY)
        return sum(each.bodies.size for each in engine.cubes(requests))

    return work


def grouping_sets(store: Path, year: int) -> Work:
    """Organisation by month by grouping sets."""
    queries = GroupingSets(product.opened(store).snapshot(), cube_requests(year))

    def work() -> int:
        with duckdb.connect(":memory:", config={"memory_limit": _PLENTY, "threads": 2}) as connection:
            return sum(map(len, queries.run(connection)))

    return work


def whole_cube(store: Path, year: int, ledgers: list[str]) -> Work:
    """All measures of some ledgers over every record there is, within 2 GB."""
    snapshot, requests = product.opened(store).snapshot(), cube_requests(year, frozenset(ledgers))

    def work() -> int:
        engine = product.new_engine(snapshot, "2GB")
        return sum(each.bodies.size for each in engine.cubes(requests))

    return work


def totals(store: Path, year: int, ledgers: list[str], *, everything: bool) -> Work:
    """All measures of some ledgers within 2 GB: over every record there is, or of the one year."""
    snapshot = product.opened(store).snapshot()
    found = product.different(product.requests_of(product.all_indicators(), Window(year)))
    chosen = [
        replace(each, measure=replace(each.measure, span=Span.ANY)) if everything else each
        for each in found
        if each.measure.ledger in ledgers and each.measure.grouping is None
    ]

    def work() -> int:
        return len(product.new_engine(snapshot, "2GB").answers(chosen, EVERYTHING))

    return work


_JOBS: dict[str, Callable[..., Work]] = {
    "indicators": indicators,
    "cube": cube,
    "grouping_sets": grouping_sets,
    "totals": totals,
    "whole_cube": whole_cube,
}


def main() -> None:
    """Prepare, work, print."""
    arguments = json.loads(sys.argv[2])
    work = _JOBS[sys.argv[1]](**{**arguments, "store": Path(arguments["store"])})
    begun = time.perf_counter()
    result = work()
    seconds = time.perf_counter() - begun
    print(json.dumps({"seconds": seconds, "peak": own_peak(), "result": result}))


if __name__ == "__main__":
    main()
