"""R04: satisfaction rests on a survey.

Not acceptable: 95 % satisfied, full marks, no word about who was asked.
Acceptable: survey described, with its sample.
"""

from collections.abc import Iterator

from zhunsheng.kernel.rounding import score_text
from zhunsheng.scores.review.questions import actual_of, is_satisfaction, titled
from zhunsheng.scores.review.rule import Finding, ReviewRule
from zhunsheng.scores.review.year import ReviewedYear

CODE = "R04"


def check(year: ReviewedYear, rule: ReviewRule) -> Iterator[Finding]:
    """Find scored satisfaction indicators without survey or sample."""
    for indicator in year.case.indicators:
        if not is_satisfaction(indicator) or year.score(indicator.code) <= 0:
            continue
        actual = year.case.actual_of.get(indicator.code)
        lacking = []
        if actual is None or not actual.survey:
            lacking.append("调查方法")
        if actual is None or actual.sample_size is None:
            lacking.append("样本量")
        if lacking:
            yield rule.found(
                f"{titled(indicator)}完成值为“{actual_of(year, indicator)}”，得 {score_text(year.score(indicator.code))} 分，"
                f"没有{'和'.join(lacking)}",
                indicator.code,
                risk=year.share(indicator.code, rule.numbers["share"]),
                places=(indicator.place, actual.place if actual else ""),
            )
