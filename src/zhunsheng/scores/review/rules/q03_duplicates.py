"""Q03: one matter, one indicator, one name.

Not acceptable: a key indicator under another name in the table; two indicators that differ only in
words that do not change what is measured, or that share a formula.
Acceptable: the same name in both places; two indicators of like name with different units.
"""

from collections.abc import Iterator
from itertools import combinations

from zhunsheng.plans.case import Indicator
from zhunsheng.scores.review.rule import Finding, ReviewRule
from zhunsheng.scores.review.year import ReviewedYear, bare_name

CODE = "Q03"


def check(year: ReviewedYear, rule: ReviewRule) -> Iterator[Finding]:
    """Find key indicators under another name, and indicators that measure the same twice."""
    for key in year.case.key_indicators:
        same = year.case.indicator_by_code.get(key.same_as)
        if same is not None and key.name != same.name:
            yield rule.found(
                f"同一指标两个名称：关键指标 {key.code} 为“{key.name}”，指标 {same.code} 为“{same.name}”",
                key.code,
                same.code,
                places=(key.place, same.place),
            )
    for one, other in combinations(year.case.indicators, 2):
        why = _same(one, other)
        if why:
            yield rule.found(
                f"指标 {one.code}“{one.name}”与指标 {other.code}“{other.name}”{why}",
                other.code,
                one.code,
                risk=year.score(other.code),
                places=(one.place, other.place),
            )


def _same(one: Indicator, other: Indicator) -> str:
    name = bare_name(one.name)
    if name and name == bare_name(other.name) and one.target_unit == other.target_unit:
        return "名称所指相同"
    formula = bare_name(one.formula)
    if formula and formula == bare_name(other.formula):
        return f"计算公式相同：“{one.formula}”"
    return ""
