"""R06: a quantity indicator in words stands when it is relevant.

Not acceptable (but not deducted): kind quantity, target 完成平台建设.
Acceptable: a quantity with a number.
"""

from collections.abc import Iterator

from zhunsheng.plans.choices import IndicatorKind, Nature
from zhunsheng.scores.review.questions import target_of, titled
from zhunsheng.scores.review.rule import Finding, ReviewRule
from zhunsheng.scores.review.year import ReviewedYear

CODE = "R06"


def check(year: ReviewedYear, rule: ReviewRule) -> Iterator[Finding]:
    """Find quantity indicators without a number."""
    for indicator in year.case.indicators:
        if indicator.kind is IndicatorKind.QUANTITY and indicator.nature in {
            Nature.QUALITATIVE,
            Nature.YES_NO,
        }:
            yield rule.found(
                f"{titled(indicator)}是数量指标，目标却写成“{target_of(indicator)}”，没有数量",
                indicator.code,
                places=(indicator.place,),
            )
