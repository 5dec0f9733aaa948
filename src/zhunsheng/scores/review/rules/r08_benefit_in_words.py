"""R08: a benefit in words that was produced keeps its points.

Not acceptable: rated as reached, yet points deducted without a reason.
Acceptable: reached and full; or partly reached with a cut.
"""

from collections.abc import Iterator

from zhunsheng.kernel.rounding import score_text
from zhunsheng.plans.choices import IndicatorGroup, Nature, Tier
from zhunsheng.scores.review.questions import titled, valued
from zhunsheng.scores.review.rule import Finding, ReviewRule
from zhunsheng.scores.review.year import ReviewedYear

CODE = "R08"


def check(year: ReviewedYear, rule: ReviewRule) -> Iterator[Finding]:
    """Find benefits that were reached but not paid in full."""
    for indicator in year.case.indicators:
        actual = valued(year, indicator)
        if indicator.group is not IndicatorGroup.EFFECT or indicator.nature is not Nature.QUALITATIVE:
            continue
        score, points = year.score(indicator.code), year.points(indicator.code)
        explained = indicator.code in year.case.deviation_of
        if actual is not None and actual.tier is Tier.REACHED and score < points and not explained:
            yield rule.found(
                f"{titled(indicator)}评为“{actual.tier.label}”，{score_text(points)} 分只得 {score_text(score)} 分，没有说明",
                indicator.code,
                places=(indicator.place, actual.place),
            )
