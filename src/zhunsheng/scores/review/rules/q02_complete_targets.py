"""Q02: a quantitative target has a sign, a value and a unit.

The sign agrees with the nature of the indicator. An indicator without any target is Q01's.

Not acceptable: "286" without sign and unit; "≤80%" for an indicator where more is better.
Acceptable: "≥286项"; a grade or a date without a unit.
"""

from collections.abc import Iterator

from zhunsheng.plans.case import Indicator
from zhunsheng.plans.choices import Nature
from zhunsheng.scores.review.rule import Finding, ReviewRule
from zhunsheng.scores.review.year import ReviewedYear, number_of

CODE = "Q02"
_IN_WORDS = frozenset({Nature.QUALITATIVE, Nature.YES_NO})


def check(year: ReviewedYear, rule: ReviewRule) -> Iterator[Finding]:
    """Find quantitative targets that lack a part or whose sign points the wrong way."""
    for indicator in year.case.indicators:
        if indicator.nature in _IN_WORDS or not (indicator.target_text or indicator.target_value):
            continue
        shown = indicator.target_text or f"{indicator.target_value}{indicator.target_unit}"
        lacking = _lacking(indicator)
        wrong = _wrong_sign(indicator, rule)
        if lacking:
            what = f"指标“{indicator.name}”的目标为“{shown}”，缺少{'、'.join(lacking)}"
        elif wrong:
            what = f"指标“{indicator.name}”为{indicator.nature.label}，目标符号却是“{wrong}”"
        else:
            continue
        yield rule.found(what, indicator.code, risk=year.score(indicator.code), places=(indicator.place,))


def _lacking(indicator: Indicator) -> list[str]:
    lacking = []
    if not indicator.target_sign:
        lacking.append("符号")
    if not indicator.target_value:
        lacking.append("数值")
    if number_of(indicator.target_value) is not None and not indicator.target_unit:
        lacking.append("单位")
    return lacking


def _wrong_sign(indicator: Indicator, rule: ReviewRule) -> str:
    against = {
        Nature.POSITIVE: rule.words["at_most"],
        Nature.SATISFACTION: rule.words["at_most"],
        Nature.INVERSE: rule.words["at_least"],
    }
    sign = indicator.target_sign
    return sign.label if sign and sign.value in against.get(indicator.nature, ()) else ""
