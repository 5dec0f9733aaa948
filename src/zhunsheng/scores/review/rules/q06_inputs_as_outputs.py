"""Q06: staff, money and meetings are inputs, not outputs or effects.

Not acceptable: 驻场技术人员人数不少于3人 as an output.
Acceptable: what the staff did: inspections, defects found and corrected; people trained or served.
"""

from collections.abc import Iterator

from zhunsheng.plans.choices import IndicatorGroup
from zhunsheng.scores.review.rule import Finding, ReviewRule
from zhunsheng.scores.review.year import ReviewedYear

CODE = "Q06"
_RESULTS = frozenset({IndicatorGroup.OUTPUT, IndicatorGroup.EFFECT})


def check(year: ReviewedYear, rule: ReviewRule) -> Iterator[Finding]:
    """Find output and effect indicators whose name is that of an input."""
    for indicator in year.case.indicators:
        word = next((each for each in rule.words["input_words"] if each in indicator.name), "")
        reached = any(each in indicator.name for each in rule.words["output_words"])
        if word and not reached and indicator.group in _RESULTS:
            yield rule.found(
                f"指标“{indicator.name}”列为{indicator.group.label}，“{word}”属于投入",
                indicator.code,
                risk=year.score(indicator.code),
                places=(indicator.place,),
            )
