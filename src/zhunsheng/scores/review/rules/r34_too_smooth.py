"""R34: doubt model, made-up output records.

Not acceptable: nearly every counted result is exactly the target.
Acceptable: results scattered around their targets; rates of 100 % and targets of 0 are not looked at.
"""

from collections.abc import Iterator
from fractions import Fraction

from zhunsheng.scores.review.questions import numbers
from zhunsheng.scores.review.rule import Finding, ReviewRule
from zhunsheng.scores.review.words import listed
from zhunsheng.scores.review.year import ReviewedYear

CODE = "R34"


def check(year: ReviewedYear, rule: ReviewRule) -> Iterator[Finding]:
    """Count results that are exactly the target among those that could have been anything."""
    counted, exact = 0, []
    for indicator in year.case.indicators:
        found = numbers(year, indicator)
        if found is None or found[0] == 0 or indicator.target_unit == "%":
            continue
        counted += 1
        if found[0] == found[1]:
            exact.append(indicator)
    if counted < rule.numbers["least_indicators"]:
        return
    if Fraction(len(exact), counted) >= rule.numbers["exact_share"]:
        names = listed([f"{each.code} {each.name}" for each in exact])
        yield rule.found(
            f"{counted} 个计数指标中有 {len(exact)} 个的完成值恰好等于目标值：{names}",
            *(each.code for each in exact),
            places=tuple(each.place for each in exact),
        )
