"""Q03: one matter, one indicator, one name.

Not acceptable: a key indicator under another name in the table; two indicators that differ only in
words that do not change what is measured, or that share a formula.
Acceptable: the same name in both places; two indicators of like name with different units.
"""

from collections.abc import Iterator

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
    by_name: dict[tuple[str, str], Indicator] = {}
    by_formula: dict[str, Indicator] = {}
    for other in year.case.indicators:
        for one, why in _earlier(other, by_name, by_formula):
            yield rule.found(
                f"指标 {one.code}“{one.name}”与指标 {other.code}“{other.name}”{why}",
                other.code,
                one.code,
                risk=year.score(other.code),
                places=(one.place, other.place),
            )


def _earlier(
    indicator: Indicator, by_name: dict[tuple[str, str], Indicator], by_formula: dict[str, Indicator]
) -> Iterator[tuple[Indicator, str]]:
    """The first indicator that measures the same: by its name, and another one by its formula."""
    name, formula = bare_name(indicator.name), bare_name(indicator.formula)
    same_name = by_name.setdefault((name, indicator.target_unit), indicator) if name else indicator
    if same_name is not indicator:
        yield same_name, "名称所指相同"
    same_formula = by_formula.setdefault(formula, indicator) if formula else indicator
    if same_formula not in {indicator, same_name}:
        yield same_formula, f"计算公式相同：“{same_formula.formula}”"
