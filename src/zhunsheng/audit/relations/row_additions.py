"""Sums along the rows of a table: 合计, 小计 and the columns they are made of.

The headers propose what belongs to a total column (everything else under the same header above it); where
they do not, neighbouring columns are tried. Agreement over the rows decides.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from zhunsheng.audit.reading import Reading
from zhunsheng.audit.relations.additions import (
    Addition,
    Part,
    Strength,
    agreement_of,
    explained_by_slip,
    is_telling,
)
from zhunsheng.audit.relations.table_lines import Grid, Line, grids

_TOTAL = re.compile(
    r"[合总小共]计(?:金额|数|额|（[^（）]*）)?$|^(?:总额|总数|总量|总[金数]额)(?:（[^（）]*）)?$|(?:总额|总数|总量)$"
)
_WIDEST = 12


@dataclass(frozen=True, slots=True)
class _Candidate:
    whole: int
    parts: tuple[int, ...]
    signs: tuple[int, ...]
    explicit: bool
    family: str


def row_additions(reading: Reading) -> list[Addition]:
    """All sums along rows, each with its strength; relations that hold nowhere are left out."""
    found: list[Addition] = []
    for grid in grids(reading):
        whole_columns: dict[int, list[tuple[_Candidate, list[Addition]]]] = {}
        for candidate in _candidates(grid):
            made = list(_additions(grid, candidate))
            if made:
                whole_columns.setdefault(candidate.whole, []).append((candidate, made))
        for options in whole_columns.values():
            found.extend(_chosen(options))
    return found


def _candidates(grid: Grid) -> Iterator[_Candidate]:
    paths = {column: _path(grid, column) for column in grid.columns}
    for column in grid.columns:
        position = _total_position(paths[column])
        if position is None:
            continue
        parts = _by_header(paths, column, position)
        if len(parts) > 1:
            yield _Candidate(column, tuple(parts), (1,) * len(parts), explicit=True, family="header")
        yield from _by_neighbours(grid, column)
    yield from _carried_over(paths)


def _path(grid: Grid, column: int) -> tuple[str, ...]:
    return tuple(word.replace(" ", "").replace("\n", "") for word in grid.view.headers[column])


def _total_position(path: Sequence[str]) -> int | None:
    """Where the word for a total stands among the headers of a column, the innermost first."""
    for position in range(len(path) - 1, -1, -1):
        if _TOTAL.search(path[position]):
            return position
    return None


def _by_header(paths: dict[int, tuple[str, ...]], whole: int, position: int) -> list[int]:
    """The columns under the same header as a total column; of a group with its own total only that total."""
    path = paths[whole]
    above, rest = path[:position], path[position + 1 :]
    groups: dict[str, list[int]] = {}
    for column, other in paths.items():
        if column == whole or other[:position] != above or len(other) <= position:
            continue
        if rest and other[-len(rest) :] != rest:
            continue
        if not rest and len(other) > position + 1 and _shared_leaf(paths, other[-1]):
            continue
        groups.setdefault(other[position], []).append(column)
    found: list[int] = []
    for word, columns in groups.items():
        if _TOTAL.search(word):
            continue
        totals = [
            column for column in columns if any(_TOTAL.search(each) for each in paths[column][position + 1 :])
        ]
        outer = [column for column in totals if _total_position(paths[column]) == position + 1]
        found.extend(outer or totals or columns)
    return found


def _shared_leaf(paths: dict[int, tuple[str, ...]], leaf: str) -> bool:
    """Whether a last header word (预算数, 决算数) comes back under several headers."""
    return (
        sum(path[-1:] == (leaf,) for path in paths.values()) > 2 and re.search(r"[数额]$", leaf) is not None
    )


def _by_neighbours(grid: Grid, whole: int) -> Iterator[_Candidate]:
    """Runs of columns right after or right before a total column."""
    place = grid.columns.index(whole)
    for length in range(2, _WIDEST):
        after = grid.columns[place + 1 : place + 1 + length]
        if len(after) == length:
            yield _Candidate(whole, after, (1,) * length, explicit=False, family="after")
        before = grid.columns[max(0, place - length) : place]
        if len(before) == length:
            yield _Candidate(whole, before, (1,) * length, explicit=False, family="before")


def _carried_over(paths: dict[int, tuple[str, ...]]) -> Iterator[_Candidate]:
    """年末结转和结余 = 年初结转和结余 + 本年收入 - 本年支出."""

    def one(pattern: str) -> int | None:
        fitting = [column for column, path in paths.items() if re.search(pattern, "".join(path[:1]) or "")]
        totals = [column for column in fitting if _total_position(paths[column]) is not None]
        chosen = totals or fitting
        return chosen[0] if chosen and (len(fitting) == 1 or totals) else None

    opening, income = one("^(?:年初|上年)"), one("^本年收入")
    spending, closing = one("^本年支出"), one("^(?:年末|结转下年)")
    if opening is not None and income is not None and spending is not None and closing is not None:
        yield _Candidate(
            closing, (opening, income, spending), (1, 1, -1), explicit=True, family="carried over"
        )


def _additions(grid: Grid, candidate: _Candidate) -> Iterator[Addition]:
    for line in grid.lines:
        whole = grid.numeral(line.row, candidate.whole)
        if whole is None:
            continue
        parts = _parts(grid, candidate, line)
        if not parts or len({part.numeral.dimension for part in parts} | {whole.dimension}) > 1:
            continue
        label = grid.view.header(candidate.whole).split(" ")[-1]
        yield Addition(
            whole, f"{line.label}{label}", tuple(parts), Strength.LIKELY, "各栏之和", (candidate.family,)
        )


def _parts(grid: Grid, candidate: _Candidate, line: Line) -> list[Part]:
    """The printed parts of a row; none when a cell holds something else than an amount."""
    parts: list[Part] = []
    for column, sign in zip(candidate.parts, candidate.signs, strict=True):
        numeral = grid.numeral(line.row, column)
        if numeral is not None:
            parts.append(Part(numeral, grid.view.header(column).split(" ")[-1], sign))
        elif not grid.is_blank(line.row, column):
            return []
    return parts


def _chosen(options: Sequence[tuple[_Candidate, list[Addition]]]) -> Iterator[Addition]:
    """The reading of a total column that most rows bear out."""

    def held(made: Sequence[Addition]) -> tuple[int, int]:
        telling = [each for each in made if is_telling(each)]
        holding = [each for each in telling if agreement_of(each).holds]
        return len(holding), len(telling) - len(holding)

    def score(option: tuple[_Candidate, list[Addition]]) -> tuple[int, bool, int, int]:
        candidate, made = option
        good, bad = held(made)
        return (good - bad, candidate.explicit, good, -len(candidate.parts))

    candidate, made = max(options, key=score)
    good, bad = held(made)
    composed = [
        each
        for each in made
        if agreement_of(each).holds and len([p for p in each.parts if p.numeral.amount]) > 1
    ]
    sure = good >= max(2, 2 * bad) and (candidate.explicit or len(composed) > 1)
    if not candidate.explicit and not sure:
        explicit = [option for option in options if option[0].explicit]
        if not explicit:
            return
        candidate, made = explicit[0]
        good, bad = held(made)
    for addition in made:
        if agreement_of(addition).holds:
            yield replace(addition, strength=Strength.CERTAIN if sure else Strength.LIKELY)
        elif sure:
            yield replace(addition, strength=Strength.CERTAIN)
        elif candidate.explicit and good >= bad - 1 and explained_by_slip(addition):
            yield addition
