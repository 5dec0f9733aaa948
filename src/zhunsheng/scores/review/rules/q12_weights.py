"""Q12: points add up and lie within a range.

Points are looked at as the case states them, before any rescaling to a rubric.

Not acceptable: a task of 10 points whose indicators sum to 9.5; an indicator without points.
Acceptable: equal sums, no indicator above the parameter's share.
"""

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from zhunsheng.kernel.problem import Severity
from zhunsheng.kernel.rounding import half_up, plain, score_text
from zhunsheng.scores.review.rule import Finding, ReviewRule
from zhunsheng.scores.review.year import ZERO, ReviewedYear

CODE = "Q12"


def check(year: ReviewedYear, rule: ReviewRule) -> Iterator[Finding]:
    """Find sums that differ, indicators without points and indicators with too many."""
    indicators = year.case.indicators
    for task in year.case.tasks:
        points = [each.points for each in indicators if each.task == task.code and each.points is not None]
        if task.points is not None and points and sum(points, ZERO) != task.points:
            yield rule.found(
                f"任务“{task.short_name or task.name}”分值 {score_text(task.points)} 分，"
                f"所属 {len(points)} 项指标共 {score_text(sum(points, ZERO))} 分",
                task.code,
                places=(task.place,),
            )
    total = sum((each.points for each in indicators if each.points is not None), ZERO)
    for indicator in indicators:
        if not indicator.points or indicator.points < 0:
            stated = "未填" if indicator.points is None else f"为 {score_text(indicator.points)}"
            yield rule.found(
                f"指标“{indicator.name}”的分值{stated}，应大于 0", indicator.code, places=(indicator.place,)
            )
        elif (
            len(indicators) >= rule.numbers["least"]
            and _share(indicator.points, total) > (rule.numbers["largest_share"])
        ):
            yield rule.found(
                f"指标“{indicator.name}”{score_text(indicator.points)} 分，占全部指标 {score_text(total)} 分的 "
                f"{plain(half_up(_share(indicator.points, total) * 100, 1))}%",
                indicator.code,
                places=(indicator.place,),
                severity=Severity.WARNING,
            )


def _share(points: Decimal, total: Decimal) -> Fraction:
    return Fraction(points) / Fraction(total) if total > 0 else Fraction(0)
