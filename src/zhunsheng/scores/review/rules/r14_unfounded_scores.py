"""R14: every score and every deduction has its ground.

Not acceptable: full marks without an actual; a deduction without a reason, or with another percentage
than the one in its reason; a blank score.
Acceptable: 15 % named in the reason and 15 % deducted.
"""

import re
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from zhunsheng.kernel.problem import Severity
from zhunsheng.kernel.rounding import score_text
from zhunsheng.plans.checks import HAS_VALUE
from zhunsheng.scores.evaluation import ScoredNode
from zhunsheng.scores.review.rule import Finding, ReviewRule
from zhunsheng.scores.review.words import percent
from zhunsheng.scores.review.year import ReviewedYear

CODE = "R14"

_DEDUCTED = re.compile(r"扣减?[^\d，。；]{0,6}(\d+(?:\.\d+)?)\s*[%％]")


def check(year: ReviewedYear, rule: ReviewRule) -> Iterator[Finding]:
    """Go through all scores of their own."""
    for node in year.evaluation.leaves():
        actual = year.case.actual_of.get(node.code)
        named = f"{node.code} {node.name}"
        if node.score is None:
            yield rule.found(f"{named}没有得分", node.code, severity=Severity.WARNING)
            continue
        if node.kind == "indicator" and node.score > 0 and (actual is None or actual.status not in HAS_VALUE):
            manual = year.case.manual_score_of.get(node.code)
            yield rule.found(
                f"{named}没有完成值，却得 {score_text(node.score)} 分",
                node.code,
                risk=year.share(node.code, rule.numbers["share"]),
                places=(manual.place if manual else "",),
            )
        if node.lost > 0:
            yield from _deduction(year, rule, node, named)


def _deduction(year: ReviewedYear, rule: ReviewRule, node: ScoredNode, named: str) -> Iterator[Finding]:
    if not node.deviation:
        yield rule.found(
            f"{named}：{score_text(node.points)} 分得 {score_text(node.score or Decimal(0))} 分，没有写扣分原因",
            node.code,
        )
        return
    match = _DEDUCTED.search(node.deviation)
    if match is None:
        return
    said, real = Fraction(Decimal(match[1])) / 100, Fraction(node.lost) / Fraction(node.points)
    if abs(said - real) > rule.numbers["tolerance"]:
        yield rule.found(
            f"{named}：原因写扣 {percent(said)}，实际扣 {score_text(node.lost)} 分，为 {percent(real)}",
            node.code,
            risk=max(Decimal(0), year.share(node.code, said) - node.lost),
            places=(year.case.deviation_of[node.code].place,),
        )
