"""Q07: a quantity indicator counts what was done.

Not acceptable: a price, a rate of award or a specification (15万元/项, 5枚/套) as a quantity; a pass rate
or a punctuality rate as a quantity.
Acceptable: the number of things done; a density of work such as 4份/千人.
"""

from collections.abc import Iterator

from zhunsheng.plans.case import Indicator
from zhunsheng.plans.choices import IndicatorKind
from zhunsheng.scores.review.rule import Finding, ReviewRule
from zhunsheng.scores.review.year import ReviewedYear

CODE = "Q07"


def check(year: ReviewedYear, rule: ReviewRule) -> Iterator[Finding]:
    """Find quantity indicators that state a price, a specification, a quality or a time."""
    for indicator in year.case.indicators:
        if indicator.kind is not IndicatorKind.QUANTITY:
            continue
        belongs = _belongs(indicator, rule)
        if belongs:
            target = indicator.target_text or f"{indicator.target_value}{indicator.target_unit}"
            yield rule.found(
                f"指标“{indicator.name}”列为{indicator.kind.label}，目标“{target}”属于{belongs}",
                indicator.code,
                risk=year.score(indicator.code),
                places=(indicator.place,),
            )


def _belongs(indicator: Indicator, rule: ReviewRule) -> str:
    for words, text, belongs in (
        ("price_units", indicator.target_unit, "标准或单价，应列成本指标"),
        ("specification_units", indicator.target_unit, "规格，应列质量指标"),
        ("quality_names", indicator.name, "质量要求，应列质量指标"),
        ("timeliness_names", indicator.name, "时间要求，应列时效指标"),
    ):
        if any(word in text for word in rule.words[words]):
            return belongs
    return ""
