"""S03: fields hold words, not blanks and stray signs.

Not acceptable: a target of "—"; a name with spaces inside Chinese text.
Acceptable: 不少于286项.
"""

import re
from collections.abc import Iterator

from zhunsheng.kernel.problem import Severity
from zhunsheng.scores.review.rule import Finding, ReviewRule
from zhunsheng.scores.review.year import ReviewedYear

CODE = "S03"

_ONLY_SIGNS = re.compile(r"[\W_]+")
# a blank between a Chinese character and anything else
_INNER_BLANK = re.compile(r"[\u4e00-\u9fff]\s|\s[\u4e00-\u9fff]")


def check(year: ReviewedYear, rule: ReviewRule) -> Iterator[Finding]:
    """Look at the names and targets of indicators."""
    for indicator in year.case.indicators:
        fields = {
            "指标名称": indicator.name,
            "目标值（原文）": indicator.target_text,
            "目标值": indicator.target_value,
        }
        for label, text in fields.items():
            if text and _ONLY_SIGNS.fullmatch(text):
                yield rule.found(
                    f"指标 {indicator.code} 的“{label}”只有符号“{text}”",
                    indicator.code,
                    places=(indicator.place,),
                )
            elif _INNER_BLANK.search(text):
                yield rule.found(
                    f"指标 {indicator.code} 的“{label}”中有空格：“{text}”",
                    indicator.code,
                    places=(indicator.place,),
                    severity=Severity.NOTE,
                )
