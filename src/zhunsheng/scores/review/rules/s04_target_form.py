"""S04: the target form is complete and physically possible.

Not acceptable: no overall goal; no satisfaction indicator; a deadline after the year; a rate of 120 % as target;
待定 for a target.
Acceptable: all filled; growth rates may pass 100 %.
"""

from collections.abc import Iterator
from datetime import date

from zhunsheng.kernel.problem import Severity
from zhunsheng.plans.case import Indicator
from zhunsheng.plans.checks import read_value
from zhunsheng.plans.choices import IndicatorGroup, Nature
from zhunsheng.scores.review.questions import is_satisfaction, target_of, titled
from zhunsheng.scores.review.rule import Finding, ReviewRule
from zhunsheng.scores.review.words import found_words, number_text
from zhunsheng.scores.review.year import ReviewedYear, number_of

CODE = "S04"


def check(year: ReviewedYear, rule: ReviewRule) -> Iterator[Finding]:
    """Look for blanks, missing groups, impossible dates and percentages, and placeholders."""
    case = year.case
    if not case.about.overall_goal:
        yield rule.found("“年度总体目标”没有填写", places=(case.about.place,))
    if case.indicators and not any(is_satisfaction(each) for each in case.indicators):
        present = "、".join(
            group.label for group in IndicatorGroup if any(each.group is group for each in case.indicators)
        )
        yield rule.found(f"没有满意度指标（已有：{present}）", severity=Severity.NOTE)
    for indicator in case.indicators:
        why = _impossible(year, indicator, rule)
        if why:
            yield rule.found(
                f"{titled(indicator)}的目标“{target_of(indicator)}”{why}",
                indicator.code,
                places=(indicator.place,),
            )


def _impossible(year: ReviewedYear, indicator: Indicator, rule: ReviewRule) -> str:
    words = found_words(f"{indicator.target_text}{indicator.target_value}", rule.words["placeholders"])
    if words:
        return f"含占位文字“{words[0]}”"
    day = read_value(indicator.target_value)
    if indicator.nature is Nature.DEADLINE and isinstance(day, date) and day.year > year.case.year:
        return f"晚于 {year.case.year} 年度"
    number = number_of(indicator.target_value)
    limit = rule.numbers["highest_percentage"]
    too_high = indicator.target_unit == "%" and number is not None and number > limit
    if too_high and not found_words(indicator.name, rule.words["may_exceed"]):
        return f"超过 {number_text(limit)}%"
    return ""
