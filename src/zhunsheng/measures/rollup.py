"""Reading many answers off one state: sums over months and bodies are prepared once, not for each question."""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from pyroaring import BitMap

from zhunsheng.indicators.measure import Aggregate, Span
from zhunsheng.measures.period import Window
from zhunsheng.measures.request import Answer
from zhunsheng.measures.states import MONTHS, Additive, Cells, Different, State, folded, united

_EXTREMES = {Aggregate.LEAST, Aggregate.GREATEST}

ALL = -1
"""Stands for all bodies or all months in a cube."""


@dataclass(frozen=True, slots=True)
class _Line:
    """One group of bodies: its months in order, and what there is in each.

    Attributes:
        totals: values, numbers and records before each month; one longer than months.
    """

    months: list[int]
    values: list[int]
    totals: tuple[list[int], list[int], list[int]]


@dataclass(slots=True)
class Reading:
    """Answers from one state.

    Attributes:
        state: whose.
        aggregate: of the measure.
    """

    state: State
    aggregate: Aggregate
    _lines: dict[frozenset[int] | None, _Line] = field(default_factory=dict)
    _maps: dict[frozenset[int] | None, tuple[list[int], list[BitMap]]] = field(default_factory=dict)
    _by_body: dict[int, list[tuple[int, BitMap]]] = field(default_factory=dict)

    def answer(self, span: Span, window: Window, bodies: frozenset[int] | None) -> Answer:
        """The answer for a period and a group of bodies; None for all, records without one among them."""
        if isinstance(self.state, Different):
            months, maps = self._different(self.state, bodies)
            first, after = _range(months, span, window)
            chosen = maps[first:after]
            return Answer(len(BitMap.union(*chosen)) if len(chosen) > 1 else sum(map(len, chosen)))
        line = self._line(self.state, bodies)
        first, after = _range(line.months, span, window)
        value, number, everything = (each[after] - each[first] for each in line.totals)
        if self.aggregate not in _EXTREMES:
            return Answer(value, number, everything - number)
        numbers = line.totals[1]
        having = [line.values[each] for each in range(first, after) if numbers[each + 1] > numbers[each]]
        best = min if self.aggregate is Aggregate.LEAST else max
        return Answer(best(having, default=None), number, everything - number)

    def _line(self, state: Additive, bodies: frozenset[int] | None) -> _Line:
        if bodies not in self._lines:
            part = _of_bodies(state, bodies)
            months = Additive(part.cells % MONTHS, part.values, part.numbers, part.everything)
            summed = folded(self.aggregate, months)
            totals = tuple([0, *np.cumsum(each).tolist()] for each in _arrays(summed)[1:])
            self._lines[bodies] = _Line(
                summed.cells.tolist(), summed.values.tolist(), (totals[0], totals[1], totals[2])
            )
        return self._lines[bodies]

    def _different(self, state: Different, bodies: frozenset[int] | None) -> tuple[list[int], list[BitMap]]:
        if bodies not in self._maps:
            found = state.by_month() if bodies is None else self._of_bodies(state, bodies)
            months = sorted(found)
            self._maps[bodies] = (months, [found[each] for each in months])
        return self._maps[bodies]

    def _of_bodies(self, state: Different, bodies: frozenset[int]) -> dict[int, BitMap]:
        if not self._by_body:
            for cell, bitmap in state.bitmaps.items():
                self._by_body.setdefault(cell // MONTHS, []).append((cell % MONTHS, bitmap))
        found: dict[int, list[BitMap]] = {}
        for body in bodies & self._by_body.keys():
            for month, bitmap in self._by_body[body]:
                found.setdefault(month, []).append(bitmap)
        return {month: united(maps) for month, maps in found.items()}

    def cube(self) -> "Cube":
        """All cells by body and month, and their sums over months, over bodies and over everything."""
        if isinstance(self.state, Different):
            return _cube_of_maps(self.state)
        return _cube_of_sums(self.state, self.aggregate)


@dataclass(frozen=True, slots=True)
class Cube:
    """Values of a measure by body and month; `ALL` stands for all of them. An absent cell holds nothing.

    Attributes:
        bodies: surrogates; 0 for records without one.
        months: as yyyymm; 0 for records without a date.
        values: count, sum, least or greatest value as stored.
        numbers: records that have a value; of different things 0.
    """

    bodies: Cells
    months: Cells
    values: Cells
    numbers: Cells


def _range(months: list[int], span: Span, window: Window) -> tuple[int, int]:
    """Which of the months a period takes in; records without a date count only when every record does."""
    if span is Span.ANY:
        return 0, len(months)
    first, last = window.start.year * 100 + window.start.month, window.end.year * 100 + window.end.month
    dated = bisect_right(months, 0)
    if span is Span.DURING:
        return bisect_left(months, first), bisect_right(months, last)
    if span is Span.UNTIL_END:
        return dated, max(dated, bisect_right(months, last))
    return dated, max(dated, bisect_left(months, first))


def _arrays(state: Additive) -> tuple[Cells, Cells, Cells, Cells]:
    return state.cells, state.values, state.numbers, state.everything


def _of_bodies(state: Additive, bodies: frozenset[int] | None) -> Additive:
    """The cells of some bodies; those of a body lie side by side."""
    if bodies is None:
        return state
    slices = [
        slice(*np.searchsorted(state.cells, (each * MONTHS, (each + 1) * MONTHS))) for each in sorted(bodies)
    ]
    return Additive(*(_joined(array, slices) for array in _arrays(state)))


def _joined(array: Cells, slices: list[slice]) -> Cells:
    return (
        array[slices[0]]
        if len(slices) == 1
        else np.concatenate([array[:0], *(array[each] for each in slices)])
    )


def _cube_of_maps(state: Different) -> Cube:
    by_body: dict[int, list[BitMap]] = {}
    for cell, bitmap in state.bitmaps.items():
        by_body.setdefault(cell // MONTHS, []).append(bitmap)
    months = state.by_month()
    rows = [(cell // MONTHS, cell % MONTHS, len(bitmap)) for cell, bitmap in state.bitmaps.items()]
    rows += [(body, ALL, len(united(maps))) for body, maps in by_body.items()]
    rows += [(ALL, month, len(bitmap)) for month, bitmap in months.items()]
    if months:
        rows.append((ALL, ALL, len(united(list(months.values())))))
    columns = np.array(rows, dtype=np.int64).reshape(-1, 3).T
    return Cube(columns[0], columns[1], columns[2], np.zeros(len(rows), dtype=np.int64))


def _cube_of_sums(state: Additive, aggregate: Aggregate) -> Cube:
    bodies, months = state.cells // MONTHS, state.cells % MONTHS
    if not state.cells.size:
        return Cube(bodies, months, state.values, state.numbers)
    value_of = {Aggregate.LEAST: np.minimum, Aggregate.GREATEST: np.maximum}.get(aggregate, np.add)
    values = state.values
    if aggregate in _EXTREMES:
        bounds = np.iinfo(np.int64)
        nothing = bounds.max if aggregate is Aggregate.LEAST else bounds.min
        values = np.where(state.numbers > 0, values, nothing)
    order = np.argsort(months, kind="stable")
    body_starts, month_starts = _starts(bodies), _starts(months[order])
    count = body_starts.size, month_starts.size
    return Cube(
        np.concatenate([bodies, bodies[body_starts], np.full(count[1] + 1, ALL)]),
        np.concatenate([months, np.full(count[0], ALL), months[order][month_starts], [ALL]]),
        np.concatenate(
            [
                values,
                value_of.reduceat(values, body_starts),
                value_of.reduceat(values[order], month_starts),
                [value_of.reduce(values)],
            ]
        ),
        np.concatenate(
            [
                state.numbers,
                np.add.reduceat(state.numbers, body_starts),
                np.add.reduceat(state.numbers[order], month_starts),
                [state.numbers.sum()],
            ]
        ),
    )


def _starts(ordered: Cells) -> NDArray[np.intp]:
    """Where a new value begins."""
    return np.flatnonzero(np.concatenate([[True], ordered[1:] != ordered[:-1]]))
