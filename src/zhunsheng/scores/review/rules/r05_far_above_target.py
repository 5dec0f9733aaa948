"""R05: a result far above its target is annotated, not deducted.

Not acceptable: 215 % of the target without a word.
Acceptable: the same with a reason; indicators exempt from such questions.
"""

from collections.abc import Iterator

from zhunsheng.plans.choices import Nature
from zhunsheng.scores.review.questions import actual_of, reached, target_of, titled
from zhunsheng.scores.review.rule import Finding, ReviewRule
from zhunsheng.scores.review.words import percent
from zhunsheng.scores.review.year import ReviewedYear

CODE = "R05"


def check(year: ReviewedYear, rule: ReviewRule) -> Iterator[Finding]:
    """Find unexplained results above the limit."""
    for indicator in year.case.indicators:
        # meeting an exact target by half as much again is missing it
        share = None if indicator.nature is Nature.EXACT else reached(year, indicator)
        explained = indicator.code in year.case.deviation_of or bool(indicator.exempt)
        if share is not None and share > rule.numbers["limit"] and not explained:
            yield rule.found(
                f"{titled(indicator)}目标 {target_of(indicator)}，完成 {actual_of(year, indicator)}，"
                f"为目标的 {percent(share)}，没有说明",
                indicator.code,
                places=(indicator.place,),
            )
