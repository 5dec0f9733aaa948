"""A302: a score given in proportion to a rate is the points times that rate."""

import re
from collections.abc import Iterator
from fractions import Fraction

from zhunsheng.audit.agreement import Range, agree, as_printed, exactly, range_of
from zhunsheng.audit.finding import Check
from zhunsheng.audit.quantities.numeral import Numeral
from zhunsheng.audit.quantities.units import Dimension
from zhunsheng.audit.reading import Reading
from zhunsheng.audit.relations.score_tables import score_columns, trees_in_tables
from zhunsheng.audit.relations.scoring_items import ScoredItem, items_in_text, named, numerals_of
from zhunsheng.audit.rule import AuditRule, place_of
from zhunsheng.audit.slips import slip_between
from zhunsheng.kernel.problem import Severity

CODE = "A302"

_NAME = re.compile(r"支出率|执行率|支出进度|执行进度|预算执行|预算完成|资金总额|资金执行|预算资金")
_RATE = re.compile(
    r"(?:(?:预算|资金|支出)?(?:执行率|支出率|完成率|执行进度|支出进度)|完成(?:全年|年度|年初|调整)?预算(?:数|安排)?的)"
    r"(?:约|为|是|达|达到|：|=)*$"
)
_FULL = Fraction(100)


def check(reading: Reading, rule: AuditRule) -> Iterator[Check]:
    """Recompute the score of items about spending rates."""
    for item in items_in_text(reading):
        if item.points is None or item.score is None:
            continue
        passage = reading.passages[item.passage]
        rates = [
            each
            for each in numerals_of(reading, item)
            if each.dimension is Dimension.PERCENT
            and each.start > item.points.end
            and _RATE.search(passage.text[max(0, each.start - 16) : each.start])
        ]
        if len({each.amount for each in rates}) == 1:
            yield from _judged(reading, rule, item, rates[0])
    yield from _in_tables(reading, rule)


def _in_tables(reading: Reading, rule: AuditRule) -> Iterator[Check]:
    rates: dict[tuple[int, int], Numeral] = {}
    for view in reading.tables:
        for columns in score_columns(view):
            at = next(
                (
                    column
                    for column in range(view.table.columns)
                    if re.search(r"执行率|支出率|执行进度", view.texts.get((columns.header_row, column), ""))
                ),
                None,
            )
            if at is None:
                continue
            for row in range(columns.first, columns.last):
                numeral = reading.numeral_in_cell(view.table.index, row, at)
                if numeral is not None:
                    rates[view.table.index, row] = numeral
    if not rates:
        return
    for tree in trees_in_tables(reading):
        for item in tree.walk():
            if item.row in rates and item.points is not None and item.score is not None:
                yield from _judged(reading, rule, item, rates[item.row])


def _judged(reading: Reading, rule: AuditRule, item: ScoredItem, rate: Numeral) -> Iterator[Check]:
    points, score = item.points, item.score
    if points is None or score is None or rate.quantity is None or score.quantity is None:
        return
    spread = range_of(rate.quantity)
    capped = Range(min(spread.low, _FULL), min(spread.exact, _FULL), min(spread.high, _FULL))
    expected = exactly(points.amount) * capped / exactly(_FULL)
    if agree(score.quantity, expected).holds:
        yield rule.passed(reading, points, rate, score)
        return
    odd = (score.amount * 2).denominator != 1
    # half points may come from bands, except in the row of the budget itself
    fractional = odd or (item.row is not None and score.quantity.places > 0)
    slip = slip_between(score.quantity.value, Fraction(_rounded(expected.exact, score.quantity.places)))
    near = abs(score.amount - expected.exact) <= points.amount * rule.numbers["near"]
    spending = _NAME.search(item.name) is not None or item.row is not None
    # banded scoring gives whole points; only a score that looks computed is held to the computation
    if not spending or not fractional or not (near or slip):
        yield rule.insufficient(reading, points, rate, score, detail="不是按比例计分")
        return
    computed = as_printed(expected.exact, score.quantity)
    why = f"（{slip.explanation}）" if slip else ""
    yield rule.failed(
        rule.finding(
            f"{named(item)}得分 {score.text}，按分值 {points.text} × {rate.text} 应为 {computed}{why}",
            [
                place_of(reading, score, "得分"),
                place_of(reading, rate, "比率"),
                place_of(reading, points, "分值"),
            ],
            severity=None if odd else Severity.WARNING,
            confidence="0.85" if odd else "0.7",
            printed=score.text,
            computed=computed,
            difference=as_printed(score.amount - expected.exact, score.quantity),
        ),
        [(reading, each) for each in (score, rate, points)],
    )


def _rounded(value: Fraction, places: int) -> Fraction:
    step = 10**places
    return Fraction(int(value * step + Fraction(1, 2)), step)
