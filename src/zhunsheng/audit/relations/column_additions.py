"""Sums down the columns of a table: which rows make up which, learnt from labels, codes and agreement.

A structure read from labels is only a guess. It counts as sure when it holds elsewhere in the table; where
it holds nowhere it was not a relation, unless one wrong figure alone explains why.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from zhunsheng.audit.reading import Reading, once
from zhunsheng.audit.relations.additions import (
    Addition,
    Part,
    Strength,
    agreement_of,
    explained_by_slip,
    is_telling,
)
from zhunsheng.audit.relations.table_lines import (
    Grid,
    Line,
    children_by_code,
    children_by_indent,
    children_by_mark,
    grids,
    tops_by_code,
    tops_by_mark,
)

_LEAST_SHARE = 2  # of three applications of a structure two must hold


@dataclass(frozen=True, slots=True)
class _Candidate:
    """One way to read a total: these rows make it up."""

    kind: str
    lines: tuple[Line, ...]
    natural: bool


@once
def column_additions(reading: Reading) -> list[Addition]:
    """All sums down columns, each with its strength; relations that hold nowhere are left out."""
    found: list[Addition] = []
    by_table: dict[int, list[Grid]] = {}
    for grid in grids(reading):
        by_table.setdefault(grid.view.table.index, []).append(grid)
    for table in by_table.values():
        proposed = [addition for grid in table for addition in _hierarchy(grid)]
        found.extend(_trusted(proposed))
        found.extend(_of_totals(table))
        found.extend(_balance(table))
    return found


def _additions(
    grid: Grid, line: Line, lines: Sequence[Line], basis: str, family: tuple[str, ...]
) -> Iterator[Addition]:
    """The sum of some rows in every column where the whole and at least one part are printed."""
    for column in grid.columns:
        numeral = grid.numeral(line.row, column)
        parts = grid.parts(lines, column)
        if numeral is None or not parts or any(part.numeral.number == numeral.number for part in parts):
            continue
        if len({part.numeral.dimension for part in parts} | {numeral.dimension}) > 1:
            continue
        yield Addition(numeral, line.label, parts, Strength.LIKELY, basis, (*family, str(column)))


def _hierarchy(grid: Grid) -> Iterator[Addition]:
    for line, children in children_by_code(grid.lines):
        yield from _additions(grid, line, children, "科目编码的上下级", ("code",))
    for line, children in children_by_mark(grid.lines):
        if len(children) > 1:
            yield from _additions(grid, line, children, "编号的上下级", ("mark",))
    if not any(line.code or line.mark for line in grid.lines):
        for line, children in children_by_indent(grid.lines):
            if len(children) > 1 and not line.is_of_which and not any(each.is_of_which for each in children):
                yield from _additions(grid, line, children, "缩进的上下级", ("indent",))


def _trusted(additions: Sequence[Addition]) -> Iterator[Addition]:
    """Keep what holds, and what fails where its family mostly holds."""
    counts: dict[str, list[int]] = {}
    for addition in additions:
        if is_telling(addition):
            counts.setdefault(addition.family[0], [0, 0])[agreement_of(addition).holds] += 1
    for addition in additions:
        failed, held = counts.get(addition.family[0], [0, 0])
        sure = held >= 2 and held >= _LEAST_SHARE * failed
        if agreement_of(addition).holds:
            yield replace(addition, strength=Strength.CERTAIN if sure else Strength.LIKELY)
        elif sure:
            yield replace(addition, strength=Strength.CERTAIN)
        elif explained_by_slip(addition):
            yield addition


def _of_totals(table: Sequence[Grid]) -> Iterator[Addition]:
    """Every total row with the rows that belong to it."""
    readings: list[tuple[Grid, Line, dict[str, list[Addition]], str]] = []
    for grid in table:
        for position in grid.totals:
            line = grid.lines[position]
            options: dict[str, list[Addition]] = {}
            natural = ""
            for candidate in _candidates(grid, position):
                made = list(_additions(grid, line, candidate.lines, "合计行", ("total", candidate.kind)))
                if made:
                    options.setdefault(candidate.kind, made)
                    natural = natural or (candidate.kind if candidate.natural else "")
            if options:
                readings.append((grid, line, options, natural))
    proven = _proven_kinds(readings)
    for _grid, _line, options, natural in readings:
        yield from _chosen(options, natural, proven)


def _proven_kinds(
    readings: Sequence[tuple[Grid, Line, dict[str, list[Addition]], str]],
) -> set[str]:
    """Ways of reading totals that hold for at least one telling total of the table."""
    return {
        kind
        for _, _, options, _ in readings
        for kind, made in options.items()
        if any(is_telling(each) and len(each.parts) > 1 and agreement_of(each).holds for each in made)
    }


def _chosen(options: dict[str, list[Addition]], natural: str, proven: set[str]) -> Iterator[Addition]:
    """The reading of a total that most columns bear out, and what it says of the others."""

    def score(kind: str) -> tuple[int, int, bool]:
        made = [each for each in options[kind] if is_telling(each)]
        held = sum(agreement_of(each).holds for each in made)
        return (held - (len(made) - held), held, kind == natural)

    def held_in(kind: str) -> int:
        return sum(agreement_of(each).holds for each in options[kind] if is_telling(each))

    best = max(options, key=score)
    if held_in(best) == 0:
        best = natural or best
        for addition in options[best]:
            if agreement_of(addition).holds:
                yield addition
            elif explained_by_slip(addition):
                strength = Strength.CERTAIN if best in proven else Strength.LIKELY
                yield replace(addition, strength=strength)
        return
    failed = sum(not agreement_of(each).holds for each in options[best])
    held = held_in(best)
    for addition in options[best]:
        if agreement_of(addition).holds:
            yield replace(addition, strength=Strength.CERTAIN)
        elif held >= failed or explained_by_slip(addition):
            yield replace(
                addition,
                strength=Strength.CERTAIN
                if held > failed or explained_by_slip(addition)
                else Strength.LIKELY,
            )


def _candidates(grid: Grid, position: int) -> Iterator[_Candidate]:
    """Ways to read a total row, the most natural ones first."""
    before = [index for index in grid.totals if index < position]
    start = before[-1] + 1 if before else 0
    segment = [line for line in grid.lines[start:position] if not line.is_of_which]
    if before:
        yield from _over_subtotals(grid, position, before, segment)
    if segment:
        yield from _over_segment(segment)
    if before:
        earlier = [line for line in grid.lines[:position] if not line.is_of_which and not line.is_total]
        yield from _made("all top rows before", _tops(earlier) or earlier, natural=False)
        if segment:
            both = [grid.lines[before[-1]], *segment]
            yield from _made("subtotal and segment", both, natural=False)
    yield from _below(grid, position, natural=not segment)


def _over_subtotals(
    grid: Grid, position: int, before: Sequence[int], segment: Sequence[Line]
) -> Iterator[_Candidate]:
    total = grid.lines[position]
    totals = [grid.lines[index] for index in before]
    if total.is_grand:
        loose = [line for line in segment if line.mark is None]
        yield from _made("subtotal and loose rows", [totals[-1], *loose], natural=bool(loose))
        yield from _made("subtotal and rows", [totals[-1], *(_tops(segment) or segment)], natural=True)
    smalls = [line for line in totals if line.is_small or not total.is_small]
    if not total.is_small and len(smalls) > 1:
        yield from _made("subtotals", smalls, natural=True)


def _over_segment(segment: Sequence[Line]) -> Iterator[_Candidate]:
    tops = _tops(segment)
    yield from _made("top rows before", tops, natural=True)
    yield from _made("rows before", segment, natural=not tops)
    loose = [line for line in segment if line.mark is None and not line.code]
    if tops and loose:
        yield from _made("top and loose rows before", [*tops, *loose], natural=False)


def _below(grid: Grid, position: int, *, natural: bool) -> Iterator[_Candidate]:
    """A total that stands above its parts."""
    after = [index for index in grid.totals if index > position]
    behind = [line for line in grid.lines[position + 1 : after[0] if after else None] if not line.is_of_which]
    tops = _tops(behind)
    yield from _made("top rows after", tops, natural=natural)
    yield from _made("rows after", behind, natural=natural and not tops)
    if after and not grid.lines[position].is_small:
        yield from _made("subtotals after", [grid.lines[index] for index in after], natural=False)
        rest = [line for line in grid.lines[position + 1 :] if not line.is_of_which and not line.is_total]
        yield from _made("all top rows after", _tops(rest) or rest, natural=False)


def _made(kind: str, lines: Sequence[Line], *, natural: bool) -> Iterator[_Candidate]:
    if len(lines) > 1 or (lines and natural):
        yield _Candidate(kind, tuple(lines), natural)


def _tops(lines: Sequence[Line]) -> list[Line]:
    """The outermost rows by code or by numbering; none when the rows carry neither."""
    return tops_by_code(lines) or tops_by_mark(lines)


def _balance(table: Sequence[Grid]) -> Iterator[Addition]:
    """收入总计 and 支出总计 of one row are equal."""
    for left, right in pairwise(table):
        by_row = {line.row: line for line in right.lines if line.is_grand}
        for line in left.lines:
            other = by_row.get(line.row)
            if other is None or not line.is_grand:
                continue
            one = left.numeral(line.row, left.columns[0])
            two = right.numeral(other.row, right.columns[0])
            if one is None or two is None or one.dimension is not two.dimension:
                continue
            from_parts = Addition(
                one,
                line.label,
                (Part(two, other.label),),
                Strength.CERTAIN,
                "收入总计与支出总计相等",
                ("balance",),
            )
            if agreement_of(from_parts).holds or explained_by_slip(from_parts):
                yield from_parts
