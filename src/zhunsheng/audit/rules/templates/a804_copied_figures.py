"""A804: this year's figures are not last year's taken over."""

import re
from collections.abc import Iterator, Sequence
from itertools import combinations

from zhunsheng.audit.facts.bodies import body_of
from zhunsheng.audit.facts.collecting import facts_of
from zhunsheng.audit.facts.comparing import significant, unit_group
from zhunsheng.audit.facts.fact import Fact, Nature
from zhunsheng.audit.facts.subjects import is_specific
from zhunsheng.audit.finding import Check, FoundPlace, Outcome
from zhunsheng.audit.quantities.numeral import Numeral
from zhunsheng.audit.reading import Reading
from zhunsheng.audit.rule import AuditRule, place_of
from zhunsheng.audit.tables import TableView

CODE = "A804"

_THIS = re.compile(r"本年|当年|今年|本期|(?:19|20)\d{2}年")
_LAST = re.compile(r"上年|去年|上期")
_NOT_A_FIGURE_OF_THE_YEAR = re.compile(r"率|%|增减|差")
_YEAR = re.compile(r"((?:19|20)\d{2})年")
_DIGITS = 4
_FEWEST = 2
_SHOWN = 10


def check_together(readings: Sequence[Reading], rule: AuditRule) -> Iterator[Check]:
    """Columns of two years in one table; figures of the year in the reports of two years."""
    for reading in readings:
        for view in reading.tables:
            yield from _columns(reading, rule, view)
    dated = [(body_of(each), each.fiscal_year, each) for each in readings]
    for (body, year, one), (other_body, other_year, other) in combinations(dated, 2):
        if body and body == other_body and year and other_year and abs(year - other_year) == 1:
            earlier, later = (one, other) if year < other_year else (other, one)
            yield from _documents(rule, earlier, later)


def _columns(reading: Reading, rule: AuditRule, view: TableView) -> Iterator[Check]:
    pair = _year_columns(view)
    if pair is None:
        return
    this, last = pair
    rows: list[tuple[Numeral, Numeral]] = []
    for row in range(view.header_rows, view.table.rows):
        one = reading.numeral_in_cell(view.table.index, row, this)
        other = reading.numeral_in_cell(view.table.index, row, last)
        if one is not None and other is not None and _digits(one) >= _DIGITS:
            rows.append((one, other))
    if len(rows) < rule.numbers["least_rows"]:
        return
    same = [pair for pair in rows if pair[0].amount == pair[1].amount]
    figures = [each for pair in rows for each in pair]
    if len(same) < rule.numbers["share"] * len(rows):
        yield rule.passed(reading, *figures)
        return
    yield rule.failed(
        rule.finding(
            f"“{view.header(this)[-12:]}”与“{view.header(last)[-12:]}”两栏 {len(rows)} 行中有 {len(same)} 行完全相同，"
            "疑为沿用上年数",
            [
                place_of(reading, same[0][0], "本年"),
                place_of(reading, same[0][1], "上年"),
            ],
            confidence="0.7",
        ),
        [(reading, each) for each in figures],
    )


def _year_columns(view: TableView) -> tuple[int, int] | None:
    """The column of this year and that of last year, when there is one of each."""
    usable = [
        column
        for column in range(view.table.columns)
        if view.headers[column] and not _NOT_A_FIGURE_OF_THE_YEAR.search(view.header(column))
    ]
    last = [column for column in usable if _LAST.search(view.header(column))]
    this = [column for column in usable if _THIS.search(view.header(column)) and column not in last]
    if len(last) == len(this) == 1:
        return this[0], last[0]
    years = [(int(match[1]), column) for column in usable if (match := _YEAR.search(view.header(column)))]
    if len(years) == 2 and abs(years[0][0] - years[1][0]) == 1:
        (_, older), (_, newer) = sorted(years)
        return newer, older
    return None


def _documents(rule: AuditRule, earlier: Reading, later: Reading) -> Iterator[Check]:
    """Long figures of the year that both reports give for the same subject."""
    before = _of_the_year(earlier)
    pairs = [(fact, before[key]) for key, fact in _of_the_year(later).items() if key in before]
    if len(pairs) < rule.numbers["least_rows"]:
        return
    same = [pair for pair in pairs if pair[0].numeral.amount == pair[1].numeral.amount]
    identifiers = tuple(
        (reading.index, fact.numeral.number)
        for pair in pairs
        for reading, fact in zip((later, earlier), pair, strict=True)
    )
    if len(same) < _FEWEST or len(same) < rule.numbers["share_of_documents"] * len(pairs):
        yield Check(rule.code, Outcome.PASSED, identifiers)
        return
    places: list[FoundPlace] = []
    for now, then in same[:_SHOWN]:
        places += [place_of(later, now.numeral, "本年报告"), place_of(earlier, then.numeral, "上年报告")]
    yield Check(
        rule.code,
        Outcome.FAILED,
        identifiers,
        rule.finding(
            f"两个年度的报告中 {len(pairs)} 项同名的数有 {len(same)} 项完全相同，疑为沿用上年数："
            + "、".join(f"{now.core[:12]} {now.numeral.text}" for now, _ in same[:3]),
            places,
            confidence="0.6",
        ),
    )


def _of_the_year(reading: Reading) -> dict[tuple[object, ...], Fact]:
    """Levels of the report's own year by subject, each subject that has one value only."""
    found: dict[tuple[object, ...], Fact | None] = {}
    for fact in facts_of(reading):
        if fact.nature is not Nature.LEVEL or fact.year != reading.fiscal_year or not is_specific(fact.core):
            continue
        if fact.table is not None or not fact.is_plain or _digits(fact.numeral) < _DIGITS:
            continue
        key = (unit_group(fact), fact.part, fact.stage, fact.core)
        known = found.get(key, fact)
        found[key] = fact if known is not None and known.numeral.amount == fact.numeral.amount else None
    return {key: fact for key, fact in found.items() if fact is not None}


def _digits(numeral: Numeral) -> int:
    return significant(numeral.quantity) if numeral.quantity else 0
