"""Columns of different tables that tell the same amounts, learnt from how many rows agree.

Two budget tables often print the same column twice (支出总表 and 一般公共预算支出表). Where nearly all rows and
the totals agree, a row that differs is wrong in one of the two. Where the totals differ too, the tables
have different scopes and nothing is said.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations

from zhunsheng.audit.agreement import last_place
from zhunsheng.audit.quantities.numeral import Numeral
from zhunsheng.audit.reading import Reading
from zhunsheng.audit.relations.table_lines import Grid, Line, grids

_MARK = re.compile(
    r"^(?:[一二三四五六七八九十]+、|（[一二三四五六七八九十]+）|\d{1,2}[.、]|（\d{1,2}）|其中：)"
)
_LEAST_ROWS = 4
_TOTAL_KEY = "合计"


@dataclass(frozen=True, slots=True)
class SameColumn:
    """Two columns that print the same amounts.

    Attributes:
        pairs: rows printed in both, with their keys.
        totals_agree: both columns have a total row and the totals are equal.
    """

    pairs: tuple[tuple[str, Numeral, Numeral], ...]
    totals_agree: bool


Column = Mapping[str, Numeral]


def same_columns(reading: Reading) -> Iterator[SameColumn]:
    """All pairs of columns in different tables that agree in nearly all rows they share."""
    columns: list[tuple[int, Column, frozenset[tuple[str, Fraction]]]] = []
    for grid in grids(reading):
        keys = _keys(grid)
        for column in grid.columns:
            amounts = {
                key: numeral
                for key, line in keys.items()
                if (numeral := grid.numeral(line.row, column)) is not None
            }
            if len(amounts) >= _LEAST_ROWS:
                marks = frozenset((key, numeral.amount) for key, numeral in amounts.items())
                columns.append((grid.view.table.index, amounts, marks))
    for (one_table, one, one_marks), (two_table, two, two_marks) in combinations(columns, 2):
        if one_table == two_table:
            continue
        telling = {amount for key, amount in one_marks & two_marks if amount and key != _TOTAL_KEY}
        if len(telling) >= _LEAST_ROWS:
            found = _compared(one, two)
            if found is not None:
                yield found


def _keys(grid: Grid) -> dict[str, Line]:
    """The rows of a side by code, else by their words; keys that come twice are left out."""
    found: dict[str, Line] = {}
    twice: set[str] = set()
    for line in grid.lines:
        for key in _keys_of(line):
            if key in found:
                twice.add(key)
            found[key] = line
    return {key: line for key, line in found.items() if key not in twice}


def _keys_of(line: Line) -> Sequence[str]:
    if line.is_total:
        return () if line.is_small else (_TOTAL_KEY,)
    words = _MARK.sub("", line.label)
    if line.code and len(line.code) > 3:
        return (line.code,)
    return (words,) if words else ()


def _compared(one: Column, two: Column) -> SameColumn | None:
    shared = [key for key in one if key in two]
    pairs = tuple((key, one[key], two[key]) for key in shared)
    different = [key for key, first, second in pairs if not same_when_rounded(first, second)]
    telling = {
        first.amount for _, first, second in pairs if first.amount and same_when_rounded(first, second)
    }
    if len(different) * 8 > len(telling) + 4:
        return None
    totals = _TOTAL_KEY in shared and _TOTAL_KEY not in different
    return SameColumn(pairs, totals)


def same_when_rounded(one: Numeral, two: Numeral) -> bool:
    """Whether two printed amounts can be the same: within the coarser last place."""
    if one.quantity is None or two.quantity is None:
        return False
    return abs(one.amount - two.amount) <= max(last_place(one.quantity), last_place(two.quantity))
