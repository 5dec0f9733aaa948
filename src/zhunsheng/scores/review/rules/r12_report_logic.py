"""R12: the printed figures agree with each other.

Not acceptable: shares that cannot add up to 100 % by rounding; a subtotal that is not the sum of its items;
a score above its points.
Acceptable: 80.41 % and 19.59 %; subtotals that are sums.
"""

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from zhunsheng.kernel.rounding import places_of, plain
from zhunsheng.plans.choices import BudgetCategory, BudgetSide
from zhunsheng.scores.review.rule import Finding, ReviewRule
from zhunsheng.scores.review.year import ReviewedYear

CODE = "R12"


def check(year: ReviewedYear, rule: ReviewRule) -> Iterator[Finding]:
    """Check printed shares, subtotals and scores."""
    for side in BudgetSide:
        yield from _shares(year, rule, side)
    yield from _subtotals(year, rule)
    for row in year.case.printed_scores:
        points = row.points if row.points is not None else year.points(row.item)
        if row.score is not None and row.score > points > 0:
            yield rule.found(
                f"{row.item} 原文得分 {plain(row.score)}，超过分值 {plain(points)}",
                row.item,
                places=(row.place,),
            )


def _shares(year: ReviewedYear, rule: ReviewRule, side: BudgetSide) -> Iterator[Finding]:
    lines = [
        each
        for each in year.case.budget
        if each.side is side and each.category is not BudgetCategory.TOTAL and each.executed is not None
    ]
    shares = [each.printed_share for each in lines if each.printed_share is not None]
    if len(shares) < 2 or len(shares) < len(lines):
        return
    slack = sum(Fraction(1, 2 * 10 ** places_of(share)) for share in shares)
    total = sum(shares, Decimal(0))
    if abs(Fraction(total) - 100) > slack:
        yield rule.found(
            f"{side.label}各项原文占比 {' + '.join(plain(share) for share in shares)} = {plain(total)}，不是 100",
            *(each.code for each in lines),
            places=tuple(each.place for each in lines),
        )


def _subtotals(year: ReviewedYear, rule: ReviewRule) -> Iterator[Finding]:
    printed = year.case.printed_score_of
    for node in year.evaluation.nodes:
        own = printed.get(node.code)
        children = [printed.get(child.code) for child in year.evaluation.children(node.code)]
        scores = [row.score for row in children if row is not None and row.score is not None]
        if own is None or own.score is None or not children or len(scores) < len(children):
            continue
        total = sum(scores, Decimal(0))
        if total != own.score:
            yield rule.found(
                f"{node.code} {node.name}原文小计 {plain(own.score)}，其下 {len(scores)} 项原文得分之和为 {plain(total)}",
                node.code,
                places=(own.place, *(row.place for row in children if row is not None)),
            )
