"""R16: a self-evaluation that takes nothing off is a formality.

Not acceptable: every single indicator at full marks.
Acceptable: at least one honest deduction.
"""

from collections.abc import Iterator
from fractions import Fraction

from zhunsheng.scores.review.questions import is_full
from zhunsheng.scores.review.rule import Finding, ReviewRule
from zhunsheng.scores.review.words import percent
from zhunsheng.scores.review.year import ReviewedYear

CODE = "R16"


def check(year: ReviewedYear, rule: ReviewRule) -> Iterator[Finding]:
    """Count the indicators at full marks."""
    scored = [each.code for each in year.case.indicators if year.points(each.code) > 0]
    full = [code for code in scored if is_full(year, code)]
    if len(scored) < rule.numbers["least_indicators"]:
        return
    share = Fraction(len(full), len(scored))
    if share >= rule.numbers["full_share"]:
        yield rule.found(
            f"{len(scored)} 个指标中 {len(full)} 个得满分（{percent(share)}），没有一处扣分", *full
        )
