"""R17: a cost target has an upper limit.

Not acceptable: 检测成本 ≥300 元/批次.
Acceptable: 检测成本 ≤300 元/批次.
"""

from collections.abc import Iterator

from zhunsheng.plans.choices import Sign
from zhunsheng.scores.review.questions import is_cost, target_of, titled
from zhunsheng.scores.review.rule import Finding, ReviewRule
from zhunsheng.scores.review.words import found_words
from zhunsheng.scores.review.year import ReviewedYear

CODE = "R17"


def check(year: ReviewedYear, rule: ReviewRule) -> Iterator[Finding]:
    """Find cost indicators whose target says the more the better."""
    for indicator in year.case.indicators:
        cost = is_cost(indicator) or bool(found_words(indicator.name, rule.words["cost_words"]))
        if not cost or found_words(indicator.name, rule.words["saving_words"]):
            continue
        if indicator.target_sign in {Sign.AT_LEAST, Sign.MORE_THAN}:
            yield rule.found(
                f"{titled(indicator)}的目标为“{target_of(indicator)}”，成本越高越好，方向反了",
                indicator.code,
                risk=year.share(indicator.code, rule.numbers["share"]),
                places=(indicator.place,),
            )
