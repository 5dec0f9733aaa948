"""A304: a score rate is the score divided by the points."""

import re
from collections.abc import Iterator
from fractions import Fraction

from zhunsheng.audit.agreement import agree, as_printed, exactly
from zhunsheng.audit.finding import Check
from zhunsheng.audit.quantities.numeral import Numeral
from zhunsheng.audit.quantities.units import Dimension
from zhunsheng.audit.reading import Reading
from zhunsheng.audit.relations.score_tables import score_columns, trees_in_tables
from zhunsheng.audit.relations.scoring_items import ScoredItem, items_in_text, named, numerals_of
from zhunsheng.audit.rule import AuditRule, place_of
from zhunsheng.audit.slips import slip_between

CODE = "A304"

_BEFORE = re.compile(r"得分率(?:约|为|是|达|达到|：|=)*$")


def check(reading: Reading, rule: AuditRule) -> Iterator[Check]:
    """Recompute every score rate stated with its points and score."""
    for item in items_in_text(reading):
        if item.points is None or item.score is None:
            continue
        text = reading.passages[item.passage].text
        for numeral in numerals_of(reading, item):
            if numeral.dimension is Dimension.PERCENT and _BEFORE.search(
                text[max(0, numeral.start - 10) : numeral.start]
            ):
                yield from _judged(reading, rule, item, numeral)
    for tree in trees_in_tables(reading):
        for item in tree.walk():
            rate = _rate_in_row(reading, item)
            if rate is not None:
                yield from _judged(reading, rule, item, rate)


def _rate_in_row(reading: Reading, item: ScoredItem) -> Numeral | None:
    if item.row is None:
        return None
    table, row = item.row
    view = reading.tables[table]
    header = max(
        (each.header_row for each in score_columns(view) if each.first <= row < each.last), default=None
    )
    if header is None:
        return None
    column = next(
        (each for each in range(view.table.columns) if "得分率" in view.texts.get((header, each), "")), None
    )
    return None if column is None else reading.numeral_in_cell(table, row, column)


def _judged(reading: Reading, rule: AuditRule, item: ScoredItem, rate: Numeral) -> Iterator[Check]:
    points, score = item.points, item.score
    if points is None or score is None or not points.amount or rate.quantity is None:
        return
    expected = score.amount / points.amount * (100 if rate.dimension is Dimension.PERCENT else 1)
    if rate.dimension is not Dimension.PERCENT and rate.amount > 1:
        expected *= 100
    # a quotient that needs no rounding must be printed as it is
    terminates = (expected * 10**rate.quantity.places).denominator == 1
    if rate.amount == expected or (
        not terminates and agree(rate.quantity, exactly(Fraction(expected))).holds
    ):
        yield rule.passed(reading, score, points, rate)
        return
    computed = as_printed(expected, rate.quantity)
    slip = slip_between(rate.quantity.value, expected)
    why = f"（{slip.explanation}）" if slip else ""
    yield rule.failed(
        rule.finding(
            f"{named(item)}得分率 {rate.text}，按得分 {score.text} ÷ 分值 {points.text} 应为 {computed}{why}",
            [
                place_of(reading, rate, "得分率"),
                place_of(reading, score, "得分"),
                place_of(reading, points, "分值"),
            ],
            confidence="0.95",
            printed=rate.text,
            computed=computed,
            difference=as_printed(rate.amount - expected, rate.quantity),
        ),
        [(reading, each) for each in (rate, score, points)],
    )
