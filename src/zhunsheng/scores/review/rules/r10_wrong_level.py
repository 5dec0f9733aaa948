"""R10: the third level fits the second, and the second the first.

Not acceptable: 预算执行率 as a quantity; a social benefit filed under output.
Acceptable: 抽检批次 as a quantity under output.
"""

from collections.abc import Iterator

from zhunsheng.plans.case import Indicator
from zhunsheng.plans.choices import IndicatorGroup, IndicatorKind
from zhunsheng.scores.review.questions import titled
from zhunsheng.scores.review.rule import Finding, ReviewRule
from zhunsheng.scores.review.words import found_words
from zhunsheng.scores.review.year import ReviewedYear

CODE = "R10"

_EFFECTS = {
    IndicatorKind.ECONOMIC,
    IndicatorKind.SOCIAL,
    IndicatorKind.ECOLOGICAL,
    IndicatorKind.SUSTAINABLE,
}


def check(year: ReviewedYear, rule: ReviewRule) -> Iterator[Finding]:
    """Find indicators filed where they do not belong."""
    for indicator in year.case.indicators:
        why = _misfiled(indicator, rule)
        if why:
            yield rule.found(
                f"{titled(indicator)}{why}",
                indicator.code,
                risk=year.share(indicator.code, rule.numbers["share"]),
                places=(indicator.place,),
            )


def _misfiled(indicator: Indicator, rule: ReviewRule) -> str:
    words = found_words(indicator.name, rule.words["money_rates"])
    if indicator.kind is IndicatorKind.QUANTITY and words:
        return f"名称含“{words[0]}”，是资金进度，却列为数量指标"
    if indicator.group not in _groups(indicator.kind):
        return f"列在一级“{indicator.group.label}”下，二级却是“{indicator.kind.label}”"
    return ""


def _groups(kind: IndicatorKind) -> set[IndicatorGroup]:
    if kind in _EFFECTS:
        return {IndicatorGroup.EFFECT}
    if kind is IndicatorKind.SATISFACTION:
        return {IndicatorGroup.SATISFACTION}
    if kind is IndicatorKind.COST:
        return {IndicatorGroup.OUTPUT, IndicatorGroup.COST}
    if kind.value.endswith("cost"):
        return {IndicatorGroup.COST}
    return {IndicatorGroup.OUTPUT}
