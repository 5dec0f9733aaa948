"""Q11: a qualitative target says how it will be judged.

Not acceptable: 提高, 加强, 进一步, 显著 without a measure.
Acceptable: a state that can be seen; a vague word with a number that measures it.
"""

import re
from collections.abc import Iterator

from zhunsheng.kernel.written import normalised
from zhunsheng.plans.choices import Nature, Sign
from zhunsheng.scores.review.rule import Finding, ReviewRule
from zhunsheng.scores.review.year import ReviewedYear

CODE = "Q11"
_MEASURE = re.compile(r"\d")


def check(year: ReviewedYear, rule: ReviewRule) -> Iterator[Finding]:
    """Find qualitative targets with vague words and no measure."""
    for indicator in year.case.indicators:
        if indicator.nature is not Nature.QUALITATIVE and indicator.target_sign is not Sign.QUALITATIVE:
            continue
        target = indicator.target_value or indicator.target_text
        words = [word for word in rule.words["vague_words"] if word in target]
        if words and not _MEASURE.search(normalised(target)):
            yield rule.found(
                f"指标“{indicator.name}”的目标“{target}”用了“{'”“'.join(words)}”，没有衡量标准",
                indicator.code,
                places=(indicator.place,),
            )
