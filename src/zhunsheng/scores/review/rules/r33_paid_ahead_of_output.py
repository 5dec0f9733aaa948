"""R33: doubt model, payment ahead of output.

Not acceptable: 100 % of the money paid, 34 % of the output there.
Acceptable: 100 % paid with 95 % delivered; or 40 % paid with 34 % delivered.
"""

from collections.abc import Iterator

from zhunsheng.plans.choices import IndicatorGroup
from zhunsheng.scores.review.questions import actual_of, reached, target_of, titled
from zhunsheng.scores.review.rule import Finding, ReviewRule
from zhunsheng.scores.review.words import percent
from zhunsheng.scores.review.year import ReviewedYear, execution

CODE = "R33"


def check(year: ReviewedYear, rule: ReviewRule) -> Iterator[Finding]:
    """Find outputs far behind the money that was paid for them."""
    for project in year.case.projects:
        rate = execution(project)
        if rate is None or rate < rule.numbers["paid"]:
            continue
        for indicator in year.linked(project.code):
            share = reached(year, indicator)
            if indicator.group is not IndicatorGroup.OUTPUT or share is None:
                continue
            if share < rule.numbers["delivered"]:
                yield rule.found(
                    f"项目 {project.code} 已支付 {percent(rate)}，而{titled(indicator)}目标 "
                    f"{target_of(indicator)}，完成 {actual_of(year, indicator)}，只有 {percent(share)}",
                    indicator.code,
                    project.code,
                    places=(project.place, indicator.place),
                )
