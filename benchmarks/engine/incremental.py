"""One new day arrives: what it costs a warm engine, against computing everything anew."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from benchmarks.engine import product

from zhunsheng.expressions.nodes import Value
from zhunsheng.measures.computing import EVERYTHING
from zhunsheng.measures.period import Window
from zhunsheng.measures.request import Request, request_for
from zhunsheng.store.engines.merging import merges
from zhunsheng.store.records.record_store import RecordStore

LEDGERS = (
    "publicity_item",
    "ad_exposure_daily",
    "rapid_test",
    "registration_event",
    "guide_contact",
    "complaint",
)
"""Ledgers that grow every day and that nothing counted here is reached through."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """A new day in a ledger.

    Attributes:
        full: median seconds of computing everything anew.
        new_day: median seconds of taking in one more day and giving all answers again.
    """

    ledger: str
    batches: int
    measures: int
    full: float
    new_day: float

    @property
    def ratio(self) -> float:
        """How many times faster."""
        return self.full / self.new_day


def requests_of_ledger(ledger: str, year: int) -> list[Request]:
    """All measures of a ledger, for the year and for each of its months."""
    year_requests = product.different(product.requests_of(product.all_indicators(), Window(year)))
    chosen = [each for each in year_requests if each.measure.ledger == ledger and merges(each)]
    found = []
    for window in (Window(year), *Window(year).months):
        found += [request_for(each.measure, window, _choices(each)) for each in chosen]
    return found


def _choices(request: Request) -> dict[str, Value]:
    return {name: value for name, value in request.parameters.items() if name not in {"start", "end", "year"}}


def arrivals(
    store: RecordStore, batches: dict[str, int], year: int, rounds: int, ledgers: Sequence[str] = LEDGERS
) -> list[Arrival]:
    """Measure the last days of each ledger.

    Raises:
        SystemExit: an answer differs from that of a fresh engine.
    """
    return [_arrival(store, ledger, batches[ledger], year, rounds) for ledger in ledgers]


def _arrival(store: RecordStore, ledger: str, batches: int, year: int, rounds: int) -> Arrival:
    requests = requests_of_ledger(ledger, year)
    days = [each.seq for each in store.batches(ledger)][-rounds - 1 :]
    warm = product.new_engine(store.snapshot(days[0] - 1))
    warm.answers(requests, EVERYTHING)
    full, new = [], []
    for day in days:
        snapshot = store.snapshot(day)
        begun = time.perf_counter()
        warm.advance(snapshot)
        answers = warm.answers(requests, EVERYTHING)
        new.append(time.perf_counter() - begun)
        begun = time.perf_counter()
        fresh = product.new_engine(snapshot)
        expected = fresh.answers(requests, EVERYTHING)
        full.append(time.perf_counter() - begun)
        fresh.close()
        if answers != expected:
            raise SystemExit(f"{ledger}: a new day gives other answers than computing anew")
    warm.close()
    # the first round is not counted
    return Arrival(ledger, batches, len(requests) // 13, median(full[1:]), median(new[1:]))
