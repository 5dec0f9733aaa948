"""R20: the money fits what came out.

The unit cost that the figures imply (spent ÷ achieved) is held against the planned one (budget ÷ target).

Not acceptable: 4.86 万元 for 287 lifts where 160 万元 were planned for 150.
Acceptable: 150 万元 for 160 lifts.
"""

from collections.abc import Iterator
from fractions import Fraction

from zhunsheng.plans.case import Indicator, Project
from zhunsheng.plans.choices import IndicatorGroup, IndicatorKind
from zhunsheng.scores.review.questions import actual_of, numbers, reached, target_of, titled
from zhunsheng.scores.review.rule import Finding, ReviewRule
from zhunsheng.scores.review.words import number_text, percent
from zhunsheng.scores.review.year import ReviewedYear

CODE = "R20"


def check(year: ReviewedYear, rule: ReviewRule) -> Iterator[Finding]:
    """Find outputs above target whose implied unit cost is absurdly low."""
    for project in year.case.projects:
        for indicator in year.linked(project.code):
            counted = indicator.group is IndicatorGroup.OUTPUT and indicator.kind is IndicatorKind.QUANTITY
            share = reached(year, indicator)
            if counted and share is not None and share > 1:
                yield from _unit_cost(year, rule, project, indicator)


def _unit_cost(
    year: ReviewedYear, rule: ReviewRule, project: Project, indicator: Indicator
) -> Iterator[Finding]:
    found = numbers(year, indicator)
    if found is None or project.adjusted is None or project.executed is None or project.adjusted.yuan <= 0:
        return
    planned = Fraction(project.adjusted.in_unit("万元")) / found[0]
    implied = Fraction(project.executed.in_unit("万元")) / found[1]
    if implied < planned * rule.numbers["unit_cost"]:
        unit = indicator.target_unit
        yield rule.found(
            f"项目 {project.code} 预算 {project.adjusted.shown()} 万元只支出 {project.executed.shown()} 万元，"
            f"{titled(indicator)}目标 {target_of(indicator)}却完成 {actual_of(year, indicator)}："
            f"每{unit} {number_text(implied)} 万元，只有计划 {number_text(planned)} 万元的 {percent(implied / planned)}",
            indicator.code,
            project.code,
            risk=year.share(indicator.code, 1 - implied / planned),
            places=(project.place, indicator.place),
        )
