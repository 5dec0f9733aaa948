"""Q14: most of the key projects' money has an indicator.

Adjusted budgets count, initial ones where no adjusted budget is given.

Not acceptable: less than the parameter's share in projects with an indicator.
Acceptable: every key project with an indicator; no key project at all.
"""

from collections.abc import Iterator
from fractions import Fraction

from zhunsheng.kernel.money import ZERO, Money
from zhunsheng.kernel.rounding import half_up, plain
from zhunsheng.plans.case import Project
from zhunsheng.scores.review.rule import Finding, ReviewRule
from zhunsheng.scores.review.year import ReviewedYear

CODE = "Q14"


def check(year: ReviewedYear, rule: ReviewRule) -> Iterator[Finding]:
    """Find a case in which too little of the key projects' money is measured."""
    key = [project for project in year.case.projects if project.key]
    bare = [project for project in key if not year.linked(project.code)]
    total, without = _sum(key), _sum(bare)
    if total <= ZERO:
        return
    covered = Fraction((total - without).yuan) / Fraction(total.yuan)
    if covered < rule.numbers["share"]:
        yield rule.found(
            f"重点项目预算共 {total.shown()} 万元，有指标的 {(total - without).shown()} 万元，占 "
            f"{plain(half_up(covered * 100, 2))}%；没有指标的 {len(bare)} 个："
            f"{'、'.join(project.name for project in bare)}",
            *(project.code for project in bare),
            places=tuple(project.place for project in bare),
        )


def _sum(projects: list[Project]) -> Money:
    amounts = (each.initial if each.adjusted is None else each.adjusted for each in projects)
    return sum((amount for amount in amounts if amount is not None), ZERO)
