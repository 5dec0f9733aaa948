"""R18: a percentage as a benefit has a formula or a source.

Not acceptable: 社会效益 ≥95 % without formula or data source.
Acceptable: the same with a formula, or with the register it comes from.
"""

from collections.abc import Iterator

from zhunsheng.plans.choices import IndicatorGroup, Sign
from zhunsheng.scores.review.questions import formula_of, is_satisfaction, target_of, titled
from zhunsheng.scores.review.rule import Finding, ReviewRule
from zhunsheng.scores.review.year import ReviewedYear

CODE = "R18"


def check(year: ReviewedYear, rule: ReviewRule) -> Iterator[Finding]:
    """Find benefit percentages that cannot be recomputed."""
    for indicator in year.case.indicators:
        at_least = indicator.target_sign in {Sign.AT_LEAST, Sign.MORE_THAN}
        if indicator.group is not IndicatorGroup.EFFECT or indicator.target_unit != "%" or not at_least:
            continue
        if is_satisfaction(indicator) or formula_of(year, indicator) or indicator.data_source:
            continue
        yield rule.found(
            f"{titled(indicator)}的目标为“{target_of(indicator)}”，没有计算公式，也没有数据来源",
            indicator.code,
            risk=year.share(indicator.code, rule.numbers["share"]),
            places=(indicator.place,),
        )
