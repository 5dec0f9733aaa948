"""Partial results of a measure by body and month: they merge, and any period or group of bodies is read off them.

Counts, sums, least and greatest values are arrays over cells; different references are bitmaps over cells. A state
covers some files of a ledger; states of different files merge into the state of all of them. A bitmap cannot forget:
when a record is corrected, the states of the file it stood in are made anew.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Self, TypeAlias

import numpy as np
from numpy.typing import NDArray
from pyroaring import BitMap

from zhunsheng.indicators.measure import Aggregate, Span
from zhunsheng.measures.period import Window
from zhunsheng.measures.request import Answer

Cells: TypeAlias = NDArray[np.int64]

MONTHS = 1_000_000
"""A cell is one number: the body's surrogate times a million, plus the month as yyyymm."""

_DATELESS = 0


@dataclass(frozen=True, slots=True)
class Additive:
    """Counts and sums, or least and greatest values, by cell.

    Attributes:
        cells: which cells, each once, in ascending order.
        values: count, sum, least or greatest value of the cell.
        numbers: records that have a value.
        everything: records taken in.
    """

    cells: Cells
    values: Cells
    numbers: Cells
    everything: Cells


@dataclass(frozen=True, slots=True)
class Different:
    """Which references occur, by cell.

    Attributes:
        known_months: what `by_month` has worked out; empty before.
    """

    bitmaps: Mapping[int, BitMap] = field(default_factory=dict)
    known_months: dict[int, BitMap] = field(default_factory=dict, compare=False, repr=False)

    def by_month(self) -> Mapping[int, BitMap]:
        """Which references occur in each month, whatever the body; worked out once."""
        if not self.known_months:
            gathered: dict[int, list[BitMap]] = {}
            for cell, bitmap in self.bitmaps.items():
                gathered.setdefault(cell % MONTHS, []).append(bitmap)
            self.known_months.update({month: united(maps) for month, maps in gathered.items()})
        return self.known_months

    def with_months_of(self, states: "Iterable[Different]") -> Self:
        """The same state, with what is known by month of the states it was put together from."""
        listed = list(states)
        if any(each.known_months for each in listed):
            gathered: dict[int, list[BitMap]] = {}
            for each in listed:
                for month, bitmap in each.by_month().items():
                    gathered.setdefault(month, []).append(bitmap)
            self.known_months.update({month: united(maps) for month, maps in gathered.items()})
        return self


State: TypeAlias = Additive | Different

_EMPTY = np.zeros(0, dtype=np.int64)


def nothing(aggregate: Aggregate) -> State:
    """The state of a measure over no files."""
    if aggregate is Aggregate.DISTINCT:
        return Different()
    return Additive(_EMPTY, _EMPTY, _EMPTY, _EMPTY)


def cell_of(organisation: int, month: int) -> int:
    """The number of a cell; an organisation or month that a record lacks is 0."""
    return organisation * MONTHS + month


def merged(aggregate: Aggregate, states: Iterable[State]) -> State:
    """The state over all files of several states over different files."""
    listed = list(states)
    if aggregate is Aggregate.DISTINCT:
        return _united([each for each in listed if isinstance(each, Different)])
    parts = [each for each in listed if isinstance(each, Additive) and each.cells.size]
    if not parts:
        return nothing(aggregate)
    if len(parts) == 1:
        return parts[0]
    return folded(
        aggregate,
        Additive(
            np.concatenate([each.cells for each in parts]),
            np.concatenate([each.values for each in parts]),
            np.concatenate([each.numbers for each in parts]),
            np.concatenate([each.everything for each in parts]),
        ),
    )


def folded(aggregate: Aggregate, state: Additive) -> Additive:
    """The state with each cell once, where cells may stand several times and in any order."""
    cells, places = np.unique(state.cells, return_inverse=True)
    numbers = np.zeros(cells.size, dtype=np.int64)
    everything = np.zeros(cells.size, dtype=np.int64)
    np.add.at(numbers, places, state.numbers)
    np.add.at(everything, places, state.everything)
    values = _gathered(aggregate, state.values, state.numbers > 0, places, cells.size)
    return Additive(cells, values, numbers, everything)


def _gathered(
    aggregate: Aggregate, given: Cells, known: NDArray[np.bool_], places: NDArray[np.intp], size: int
) -> Cells:
    """The value of each cell; of least and greatest values, parts without any do not count."""
    if aggregate in {Aggregate.LEAST, Aggregate.GREATEST}:
        least = aggregate is Aggregate.LEAST
        bounds = np.iinfo(np.int64)
        values = np.full(size, bounds.max if least else bounds.min, dtype=np.int64)
        (np.minimum if least else np.maximum).at(values, places[known], given[known])
        return values
    values = np.zeros(size, dtype=np.int64)
    np.add.at(values, places, given)
    return values


def _united(states: list[Different]) -> Different:
    if len(states) == 1:
        return states[0]
    # a day is added to a year: most cells stay as they are
    largest = max(states, key=lambda each: len(each.bitmaps), default=Different())
    gathered: dict[int, list[BitMap]] = {}
    for each in states:
        if each is not largest:
            for cell, bitmap in each.bitmaps.items():
                gathered.setdefault(cell, []).append(bitmap)
    bitmaps = dict(largest.bitmaps)
    for cell, maps in gathered.items():
        bitmaps[cell] = united([bitmaps[cell], *maps] if cell in bitmaps else maps)
    return Different(bitmaps).with_months_of(states)


def united(maps: Sequence[BitMap]) -> BitMap:
    """All that is in any of some bitmaps; one by itself is not copied."""
    return maps[0] if len(maps) == 1 else BitMap.union(*maps)


def read_off(
    state: State, aggregate: Aggregate, span: Span, window: Window, bodies: frozenset[int] | None
) -> Answer:
    """The answer for a period and a group of bodies.

    Args:
        bodies: surrogates of the bodies; None for all, records without one among them.
    """
    if isinstance(state, Different):
        chosen = [
            bitmap
            for cell, bitmap in state.bitmaps.items()
            if _in_window(cell % MONTHS, span, window) and (bodies is None or cell // MONTHS in bodies)
        ]
        return Answer(len(BitMap.union(*chosen)) if len(chosen) > 1 else sum(map(len, chosen)))
    kept = _kept(state.cells, span, window, bodies)
    numbers = int(state.numbers[kept].sum())
    unknown = int(state.everything[kept].sum()) - numbers
    values = state.values[kept]
    if aggregate in {Aggregate.LEAST, Aggregate.GREATEST}:
        having = values[state.numbers[kept] > 0]
        if not having.size:
            return Answer(None, 0, unknown)
        least = aggregate is Aggregate.LEAST
        return Answer(int(having.min() if least else having.max()), numbers, unknown)
    return Answer(int(values.sum()), numbers, unknown)


def _in_window(month: int, span: Span, window: Window) -> bool:
    first, last = window.start.year * 100 + window.start.month, window.end.year * 100 + window.end.month
    match span:
        case Span.ANY:
            return True
        case Span.DURING:
            return first <= month <= last
        case Span.UNTIL_END:
            return _DATELESS < month <= last
        case Span.BEFORE_START:
            return _DATELESS < month < first


def _kept(cells: Cells, span: Span, window: Window, bodies: frozenset[int] | None) -> NDArray[np.bool_]:
    months = cells % MONTHS
    first, last = window.start.year * 100 + window.start.month, window.end.year * 100 + window.end.month
    match span:
        case Span.ANY:
            kept = np.ones(cells.size, dtype=np.bool_)
        case Span.DURING:
            kept = (months >= first) & (months <= last)
        case Span.UNTIL_END:
            kept = (months > _DATELESS) & (months <= last)
        case Span.BEFORE_START:
            kept = (months > _DATELESS) & (months < first)
    if bodies is not None:
        kept &= np.isin(cells // MONTHS, np.fromiter(bodies, dtype=np.int64, count=len(bodies)))
    return kept
