"""R31: doubt model, vague goals.

Not acceptable: most indicators are words without a figure; or there is no overall goal.
Acceptable: figures for most, words only where nothing can be counted.
"""

from collections.abc import Iterator
from fractions import Fraction

from zhunsheng.plans.choices import Nature, Sign
from zhunsheng.scores.review.rule import Finding, ReviewRule
from zhunsheng.scores.review.words import listed, percent
from zhunsheng.scores.review.year import ReviewedYear

CODE = "R31"


def check(year: ReviewedYear, rule: ReviewRule) -> Iterator[Finding]:
    """Hold the share of indicators without a figure against the limit."""
    indicators = year.case.indicators
    worded = [
        each
        for each in indicators
        if each.nature is Nature.QUALITATIVE or each.target_sign is Sign.QUALITATIVE
    ]
    if not indicators or len(indicators) < rule.numbers["least_indicators"]:
        return
    share = Fraction(len(worded), len(indicators))
    if share > rule.numbers["qualitative_share"]:
        names = listed([f"{each.code} {each.name}" for each in worded])
        yield rule.found(
            f"{len(indicators)} 个指标中 {len(worded)} 个（{percent(share)}）是定性指标，"
            f"超过 {percent(rule.numbers['qualitative_share'])}：{names}",
            *(each.code for each in worded),
            places=tuple(each.place for each in worded),
        )
