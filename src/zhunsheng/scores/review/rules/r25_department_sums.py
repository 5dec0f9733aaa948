"""R25: the sums of the department can be recomputed.

Printed amounts are rounded, so every comparison uses the intervals that the printed digits stand for.

Not acceptable: basic 18,428.38 and project 4,490.28 with a total of 22,928.75; a printed rate of 98.75 % where
99.75 % follows.
Acceptable: differences that rounding explains.
"""

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from zhunsheng.kernel.money import Money
from zhunsheng.kernel.rounding import places_of, plain
from zhunsheng.plans.case import BudgetLine
from zhunsheng.plans.choices import BudgetCategory, BudgetSide
from zhunsheng.scores.review.rule import Finding, ReviewRule
from zhunsheng.scores.review.words import number_text
from zhunsheng.scores.review.year import ReviewedYear

CODE = "R25"

_COLUMNS = {"initial": "年初预算数", "adjusted": "全年预算数", "executed": "执行数", "previous": "上年决算数"}


def check(year: ReviewedYear, rule: ReviewRule) -> Iterator[Finding]:
    """Recompute sums, rates, changes and shares, project rates, the number of key projects and the total."""
    half = rule.numbers["last_place"] / 2
    for side in BudgetSide:
        yield from _sums(year, rule, side, half)
    for line in year.case.budget:
        total = year.case.budget_total(line.side)
        yield from _ratios(rule, line, total, half)
    for project in year.case.projects:
        named = f"项目 {project.code}“{project.name}”支出率"
        rate = _ratio(project.executed, project.adjusted, half)
        yield from _printed(rule, named, project.code, project.printed_rate, rate, project.place)
    yield from _counts(year, rule)
    printed, total_score = year.case.about.printed_total, year.evaluation.total
    if printed is not None and abs(Fraction(printed - total_score)) > rule.numbers["tail"]:
        yield rule.found(
            f"原文总分 {plain(printed)}，各项得分之和 {plain(total_score)}",
            *(node.code for node in year.evaluation.nodes if node.level == 1),
            places=(year.case.about.place,),
        )


def _amount(money: Money) -> Fraction:
    return Fraction(money.in_unit("万元"))


def _sums(year: ReviewedYear, rule: ReviewRule, side: BudgetSide, half: Fraction) -> Iterator[Finding]:
    total = year.case.budget_total(side)
    parts = [
        each for each in year.case.budget if each.side is side and each.category is not BudgetCategory.TOTAL
    ]
    if total is None or len(parts) < 2:
        return
    for name, label in _COLUMNS.items():
        whole: Money | None = getattr(total, name)
        known = [getattr(each, name) for each in parts if getattr(each, name) is not None]
        if whole is None or len(known) < len(parts):
            continue
        added = sum((_amount(each) for each in known), Fraction(0))
        if abs(added - _amount(whole)) > half * (len(parts) + 1):
            yield rule.found(
                f"{side.label}{label}：{' + '.join(each.shown() for each in known)} = {number_text(added)} 万元，"
                f"合计却为 {whole.shown()} 万元",
                total.code,
                *(each.code for each in parts),
                places=(total.place, *(each.place for each in parts)),
            )


def _ratio(
    part: Money | None, whole: Money | None, half: Fraction, *, less_one: bool = False
) -> tuple[Fraction, Fraction] | None:
    """Bounds of a ratio in percent, from the digits of its two amounts."""
    if part is None or whole is None or _amount(whole) <= half:
        return None
    above, below = _amount(part), _amount(whole)
    corners = [(above + one) / (below + other) for one in (-half, half) for other in (-half, half)]
    shift = 1 if less_one else 0
    return (min(corners) - shift) * 100, (max(corners) - shift) * 100


def _ratios(
    rule: ReviewRule, line: BudgetLine, total: BudgetLine | None, half: Fraction
) -> Iterator[Finding]:
    rate = _ratio(line.executed, line.adjusted, half)
    yield from _printed(rule, f"{line.name}执行率", line.code, line.printed_rate, rate, line.place)
    change = _ratio(line.executed, line.previous, half, less_one=True)
    yield from _printed(rule, f"{line.name}差异率", line.code, line.printed_change, change, line.place)
    whole = None if total is None else total.executed
    share = _ratio(line.executed, whole, half)
    yield from _printed(rule, f"{line.name}占比", line.code, line.printed_share, share, line.place)
    if line.printed_difference is None or line.executed is None or line.previous is None:
        return
    real = _amount(line.executed) - _amount(line.previous)
    if abs(real - _amount(line.printed_difference)) > half * 3:
        yield rule.found(
            f"{line.name}差异：{line.executed.shown()} − {line.previous.shown()} = {number_text(real)} 万元，"
            f"原文为 {line.printed_difference.shown()} 万元",
            line.code,
            places=(line.place,),
        )


def _printed(
    rule: ReviewRule,
    named: str,
    code: str,
    printed: Decimal | None,
    bounds: tuple[Fraction, Fraction] | None,
    place: str,
) -> Iterator[Finding]:
    if printed is None or bounds is None:
        return
    slack = Fraction(1, 2 * 10 ** places_of(printed))
    if Fraction(printed) + slack < bounds[0] or Fraction(printed) - slack > bounds[1]:
        middle = number_text((bounds[0] + bounds[1]) / 2)
        yield rule.found(f"{named}原文为 {plain(printed)}%，重算为 {middle}%", code, places=(place,))


def _counts(year: ReviewedYear, rule: ReviewRule) -> Iterator[Finding]:
    listed = sum(1 for each in year.case.projects if each.key)
    for figure in year.case.printed_figures:
        stated = figure.subject in rule.words["key_project_words"] and figure.role == "计数"
        if stated and listed and figure.value.isdigit() and int(figure.value) != listed:
            yield rule.found(
                f"称{figure.subject} {figure.value} 个，档案列有 {listed} 个",
                *(each.code for each in year.case.projects if each.key),
                places=(figure.place,),
            )
