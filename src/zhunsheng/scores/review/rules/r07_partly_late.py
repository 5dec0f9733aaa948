"""R07: timeliness with several objects, some late, costs a fixed share.

Not acceptable: one of three schools late, nothing deducted; or so much deducted that the reviewer asks why.
Acceptable: a cut between the usual share and the limit.
"""

from collections.abc import Iterator
from fractions import Fraction

from zhunsheng.kernel.problem import Severity
from zhunsheng.kernel.rounding import score_text
from zhunsheng.plans.choices import IndicatorKind, Tier
from zhunsheng.scores.review.questions import above, titled, valued
from zhunsheng.scores.review.rule import Finding, ReviewRule
from zhunsheng.scores.review.words import found_words, percent
from zhunsheng.scores.review.year import ReviewedYear

CODE = "R07"


def check(year: ReviewedYear, rule: ReviewRule) -> Iterator[Finding]:
    """Hold the cut of partly late indicators against the usual one."""
    for indicator in year.case.indicators:
        actual = valued(year, indicator)
        points = year.points(indicator.code)
        if indicator.kind is not IndicatorKind.TIMELINESS or actual is None or points <= 0:
            continue
        told = (
            actual.printed,
            actual.note,
            getattr(year.case.deviation_of.get(indicator.code), "reason", ""),
        )
        partly = actual.tier is Tier.PARTLY or found_words("".join(told), rule.words["partly_words"])
        if not partly:
            continue
        cut = 1 - Fraction(year.score(indicator.code)) / Fraction(points)
        words = f"{titled(indicator)}部分事项逾期，得 {score_text(year.score(indicator.code))} 分，扣减 {percent(cut)}"
        if cut < rule.numbers["usual"]:
            yield rule.found(
                f"{words}，通常扣减 {percent(rule.numbers['usual'])}",
                indicator.code,
                risk=above(year, indicator.code, 1 - rule.numbers["usual"]),
                places=(indicator.place, actual.place),
            )
        elif cut > rule.numbers["limit"]:
            yield rule.found(
                f"{words}，超过 {percent(rule.numbers['limit'])}，复核人会询问依据",
                indicator.code,
                places=(indicator.place, actual.place),
                severity=Severity.NOTE,
            )
