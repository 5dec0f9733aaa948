"""Q05: the target is within reach but not below it.

Exempt indicators (safety, accidents, complaints, legal deadlines) are left out. A reduction that the
unit already accepted is not at risk a second time.

Not acceptable: a target reached more than the parameter's times; a target worse than last year's actual.
Acceptable: a target slightly below the actual value and not below last year's.
"""

from collections.abc import Iterator
from decimal import Decimal

from zhunsheng.kernel.rounding import half_up, plain
from zhunsheng.plans.case import Indicator
from zhunsheng.plans.choices import Nature
from zhunsheng.scores.review.rule import Finding, ReviewRule
from zhunsheng.scores.review.year import ZERO, ReviewedYear, number_of

CODE = "Q05"
_RATIO = frozenset({Nature.POSITIVE, Nature.INVERSE, Nature.SATISFACTION})


def check(year: ReviewedYear, rule: ReviewRule) -> Iterator[Finding]:
    """Find targets far exceeded, and targets worse than last year's actual value."""
    for indicator, actual in year.indicators():
        if indicator.exempt or indicator.nature not in _RATIO:
            continue
        reasons = []
        degree = year.degree(indicator)
        shown = f"{indicator.target_value}{indicator.target_unit}"
        if degree is not None and actual is not None and degree >= rule.numbers["degree"]:
            reasons.append(
                f"实际 {actual.value}{actual.unit}，为目标 {shown} 的 {plain(half_up(degree, 2))} 倍"
                if indicator.nature is not Nature.INVERSE
                else f"实际 {actual.value}{actual.unit}，目标 {shown} 为实际的 {plain(half_up(degree, 2))} 倍"
            )
        if _worse_than_before(indicator):
            reasons.append(f"目标 {shown} 不如上年完成值 {indicator.previous_actual}")
        if reasons:
            reduced = indicator.code in year.case.reduction_of
            yield rule.found(
                f"指标“{indicator.name}”{'；'.join(reasons)}{'（已自行扣减）' if reduced else ''}",
                indicator.code,
                risk=ZERO if reduced else year.share(indicator.code, rule.numbers["reduction"]),
                places=(indicator.place, actual.place if actual else ""),
            )


def _worse_than_before(indicator: Indicator) -> bool:
    target, before = number_of(indicator.target_value), _last_year(indicator)
    if target is None or before is None:
        return False
    return target > before if indicator.nature is Nature.INVERSE else target < before


def _last_year(indicator: Indicator) -> Decimal | None:
    return number_of(indicator.previous_actual.removesuffix(indicator.target_unit))
