"""X01: completion of the indicators against execution of the budget.

Not acceptable: all indicators of a project met with 3.04 % of its money spent; over a fifth of the
year's money unspent.
Acceptable: 92.5 % of the points with 99.75 % of the money.
"""

from collections.abc import Iterable, Iterator
from fractions import Fraction

from zhunsheng.kernel.problem import Severity
from zhunsheng.plans.case import Indicator
from zhunsheng.plans.choices import BudgetSide
from zhunsheng.scores.review.rule import Finding, ReviewRule
from zhunsheng.scores.review.words import percent
from zhunsheng.scores.review.year import ReviewedYear, execution

CODE = "X01"


def check(year: ReviewedYear, rule: ReviewRule) -> Iterator[Finding]:
    """Compare the two rates for the year and for every project that has both."""
    total = year.case.budget_total(BudgetSide.EXPENDITURE)
    if total is not None and total.executed is not None and total.adjusted is not None:
        if total.adjusted.yuan > 0:
            rate = Fraction(total.executed.yuan) / Fraction(total.adjusted.yuan)
            indicators = year.case.indicators
            yield from _compare(rule, year, "部门整体", total.code, rate, indicators, total.place)
        else:
            words = f"部门整体全年预算数为 {total.adjusted.shown()} 万元，预算执行率没有意义"
            yield rule.found(words, total.code, places=(total.place,), severity=Severity.NOTE)
    for project in year.case.projects:
        own = execution(project)
        if own is not None:
            name, linked = f"项目 {project.code}“{project.name}”", year.linked(project.code)
            yield from _compare(rule, year, name, project.code, own, linked, project.place)


def _compare(
    rule: ReviewRule,
    year: ReviewedYear,
    name: str,
    code: str,
    rate: Fraction,
    indicators: Iterable[Indicator],
    place: str,
) -> Iterator[Finding]:
    scored = [each.code for each in indicators if each.code in year.node_of]
    points = sum(Fraction(year.points(each)) for each in scored)
    completion = sum(Fraction(year.score(each)) for each in scored) / points if points else Fraction(0)
    words = f"{name}指标得分率 {percent(completion)}，预算执行率 {percent(rate)}"
    if completion and (completion - rate) / completion > rule.numbers["ahead"]:
        gap = percent((completion - rate) / completion)
        limit = percent(rule.numbers["ahead"])
        yield rule.found(f"{words}，前者高出自身的 {gap}，超过 {limit}", code, *scored, places=(place,))
    elif 1 - rate > rule.numbers["unspent"]:
        left = f"{name}预算执行率 {percent(rate)}，未用 {percent(1 - rate)}"
        yield rule.found(
            f"{left}，超过 {percent(rule.numbers['unspent'])}",
            code,
            places=(place,),
            severity=Severity.NOTE,
        )
