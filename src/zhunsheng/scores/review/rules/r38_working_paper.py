"""R38: the working paper is complete for every indicator.

Not acceptable: an indicator without formula, data source or required evidence.
Acceptable: all three filled in. Indicators that need no formula (words, dates, yes or no) are not asked for one.
"""

from collections.abc import Iterator

from zhunsheng.plans.choices import Nature
from zhunsheng.scores.review.questions import formula_of
from zhunsheng.scores.review.rule import Finding, ReviewRule
from zhunsheng.scores.review.words import listed
from zhunsheng.scores.review.year import ReviewedYear

CODE = "R38"

_WITHOUT_FORMULA = {Nature.QUALITATIVE, Nature.YES_NO, Nature.DEADLINE}


def check(year: ReviewedYear, rule: ReviewRule) -> Iterator[Finding]:
    """List, column by column, the indicators for which the working paper would be blank."""
    indicators = year.case.indicators
    rates = [each for each in indicators if each.target_unit == "%" and each.nature not in _WITHOUT_FORMULA]
    blank = {
        "计算公式": [each for each in rates if not formula_of(year, each)],
        "数据来源": [each for each in indicators if not each.data_source],
        "佐证要求": [each for each in indicators if not each.evidence_required],
    }
    for column, lacking in blank.items():
        if lacking:
            names = listed([f"{each.code} {each.name}" for each in lacking])
            yield rule.found(
                f"{len(indicators)} 个指标中 {len(lacking)} 个没有填写“{column}”：{names}",
                *(each.code for each in lacking),
            )
