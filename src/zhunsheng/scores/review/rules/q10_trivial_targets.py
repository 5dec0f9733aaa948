"""Q10: targets that are reached anyway are not the rule.

Completion rates of the unit's own plan and targets of 100 % count.

Not acceptable: such indicators make up more than the parameter's share.
Acceptable: a few of them beside quantities, qualities and effects.
"""

from collections.abc import Iterator
from fractions import Fraction

from zhunsheng.kernel.rounding import half_up, plain
from zhunsheng.plans.case import Indicator
from zhunsheng.scores.review.rule import Finding, ReviewRule
from zhunsheng.scores.review.year import ReviewedYear, number_of

CODE = "Q10"


def check(year: ReviewedYear, rule: ReviewRule) -> Iterator[Finding]:
    """Find a case in which too many targets are reached anyway."""
    everything = year.case.indicators
    trivial = [indicator for indicator in everything if _trivial(indicator, rule)]
    if len(trivial) < rule.numbers["least"]:
        return
    share = Fraction(len(trivial), len(everything))
    if share > rule.numbers["share"]:
        yield rule.found(
            f"{len(everything)} 项指标中有 {len(trivial)} 项是完成率或 100% 目标，占 "
            f"{plain(half_up(share * 100, 1))}%，超过 {plain(half_up(rule.numbers['share'] * 100, 0))}%",
            *(indicator.code for indicator in trivial),
        )


def _trivial(indicator: Indicator, rule: ReviewRule) -> bool:
    if indicator.target_unit not in rule.words["units"]:
        return False
    number = number_of(indicator.target_value)
    own_plan = any(word in indicator.name for word in rule.words["names"]) and not any(
        word in indicator.name for word in rule.words["not_own_plan"]
    )
    return own_plan or (number is not None and number == rule.numbers["full"])
