"""Q13: output and effect are both measured; building and buying also their cost.

Not acceptable: output indicators alone; a large purchase without any cost indicator.
Acceptable: both groups; no cost indicator for small projects or for those whose budget is gone.
"""

from collections.abc import Iterator
from decimal import Decimal

from zhunsheng.kernel.money import Money
from zhunsheng.kernel.problem import Severity
from zhunsheng.plans.choices import IndicatorGroup
from zhunsheng.scores.review.rule import Finding, ReviewRule
from zhunsheng.scores.review.year import ReviewedYear

CODE = "Q13"


def check(year: ReviewedYear, rule: ReviewRule) -> Iterator[Finding]:
    """Find groups without an indicator."""
    case = year.case
    groups = [indicator.group for indicator in case.indicators]
    for group in (IndicatorGroup.OUTPUT, IndicatorGroup.EFFECT):
        if group not in groups:
            yield rule.found(f"全部指标 {len(groups)} 项，其中{group.label} 0 项")
    for project in case.projects:
        money = project.initial if project.adjusted is None else project.adjusted
        word = next((each for each in rule.words["cost_words"] if each in project.name), "")
        if not word or money is None or _in_wan(money) < rule.numbers["large_budget"]:
            continue
        linked = [indicator.group for indicator in year.linked(project.code)]
        if linked and IndicatorGroup.COST not in linked:
            yield rule.found(
                f"项目“{project.name}”含“{word}”，预算 {money.shown()} 万元，"
                f"所属指标 {len(linked)} 项，成本指标 0 项",
                project.code,
                places=(project.place,),
                severity=Severity.NOTE,
            )


def _in_wan(money: Money) -> Decimal:
    return money.in_unit("万元")
