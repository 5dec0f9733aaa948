"""R03: an indicator can be examined.

Three degrees: hollow (no target at all), vague (vague words for a target), under-specified (a described
state with no word on how it is judged, from which data, by which evidence).

Not acceptable: 明显改善; or 干净、整洁、有序 with nothing to judge it by.
Acceptable: a figure; or a described state with required evidence.
"""

import re
from collections.abc import Iterator

from zhunsheng.plans.case import Indicator
from zhunsheng.plans.choices import Nature, Sign
from zhunsheng.scores.review.questions import target_of, titled
from zhunsheng.scores.review.rule import Finding, ReviewRule
from zhunsheng.scores.review.words import found_words, percent
from zhunsheng.scores.review.year import ReviewedYear

CODE = "R03"

# 进一步 and 统一 hold a numeral too, so a Chinese numeral counts only before a measure word
_FIGURE = re.compile(r"\d|[一二三四五六七八九十百千两]+[个项次家件户人起台批处所万亿]|百分之")


def check(year: ReviewedYear, rule: ReviewRule) -> Iterator[Finding]:
    """Find indicators nobody could examine, with the share each degree costs."""
    for indicator in year.case.indicators:
        degree, why = _degree(indicator, rule)
        if degree:
            share = rule.numbers[degree]
            yield rule.found(
                f"{titled(indicator)}的目标“{target_of(indicator)}”{why}，按 {percent(share)} 扣减",
                indicator.code,
                risk=year.share(indicator.code, share),
                places=(indicator.place,),
            )


def _degree(indicator: Indicator, rule: ReviewRule) -> tuple[str, str]:
    target = f"{indicator.target_text}{indicator.target_value}"
    if not target:
        return "severe", "为空，无从考核"
    worded = indicator.nature is Nature.QUALITATIVE or indicator.target_sign is Sign.QUALITATIVE
    if not worded or _FIGURE.search(target):
        return "", ""
    vague = found_words(target, rule.words["vague_words"])
    if vague:
        return "medium", f"用“{'”“'.join(vague)}”表述，没有衡量标准"
    if not (indicator.formula or indicator.data_source or indicator.evidence_required):
        return "light", "没有写明怎样判断、数据来源和佐证要求"
    return "", ""
