"""R35: doubt model, idle money.

Not acceptable: 3.04 % of a project's budget spent by year end; a fifth of the year's money left.
Acceptable: 97 % spent.
"""

from collections.abc import Iterator
from fractions import Fraction

from zhunsheng.plans.choices import BudgetSide
from zhunsheng.scores.review.rule import Finding, ReviewRule
from zhunsheng.scores.review.words import percent
from zhunsheng.scores.review.year import ReviewedYear, execution

CODE = "R35"


def check(year: ReviewedYear, rule: ReviewRule) -> Iterator[Finding]:
    """Find projects that hardly spent, and a year that left much unspent."""
    for project in year.case.projects:
        rate = execution(project)
        if rate is not None and rate < rule.numbers["project_rate"]:
            assert project.adjusted is not None  # noqa: S101 - a rate has both amounts
            assert project.executed is not None  # noqa: S101
            yield rule.found(
                f"项目 {project.code}“{project.name}”预算 {project.adjusted.shown()} 万元，"
                f"支出 {project.executed.shown()} 万元，执行率 {percent(rate)}",
                project.code,
                places=(project.place,),
            )
    total = year.case.budget_total(BudgetSide.EXPENDITURE)
    if total is None or total.adjusted is None or total.executed is None or total.adjusted.yuan <= 0:
        return
    left = total.adjusted - total.executed
    if Fraction(left.yuan) / Fraction(total.adjusted.yuan) > rule.numbers["unspent"]:
        yield rule.found(
            f"全年预算 {total.adjusted.shown()} 万元，执行 {total.executed.shown()} 万元，"
            f"未用 {left.shown()} 万元",
            total.code,
            places=(total.place,),
        )
