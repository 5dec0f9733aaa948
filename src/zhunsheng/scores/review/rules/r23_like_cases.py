"""R23: like cases are deducted alike.

Not acceptable: of the indicators without an actual one is claimed at 85 %, the others in full; of two results far
above target one is reduced and the other not.
Acceptable: one scale for all of a kind.
"""

from collections.abc import Iterator
from fractions import Fraction

from zhunsheng.plans.checks import HAS_VALUE
from zhunsheng.scores.review.questions import titled
from zhunsheng.scores.review.rule import Finding, ReviewRule
from zhunsheng.scores.review.words import listed, percent
from zhunsheng.scores.review.year import ReviewedYear

CODE = "R23"


def check(year: ReviewedYear, rule: ReviewRule) -> Iterator[Finding]:
    """Compare the shares given inside each kind of case."""
    yield from _claimed(year, rule)
    yield from _reduced(year, rule)


def _claimed(year: ReviewedYear, rule: ReviewRule) -> Iterator[Finding]:
    by_share: dict[Fraction, list[str]] = {}
    for indicator in year.case.indicators:
        actual = year.case.actual_of.get(indicator.code)
        points = year.points(indicator.code)
        if points > 0 and (actual is None or actual.status not in HAS_VALUE):
            share = Fraction(year.score(indicator.code)) / Fraction(points)
            by_share.setdefault(share, []).append(indicator.code)
    if len(by_share) < 2:
        return
    shares = sorted(by_share)
    words = "；".join(f"得 {percent(share)} 的：{listed(by_share[share])}" for share in shares)
    yield rule.found(
        f"同样没有完成值的指标，得分比例不同：{words}",
        *(code for share in shares for code in by_share[share]),
        places=tuple(
            year.case.manual_score_of[code].place
            for code in by_share[shares[0]]
            if code in year.case.manual_score_of
        ),
    )


def _reduced(year: ReviewedYear, rule: ReviewRule) -> Iterator[Finding]:
    limit = rule.numbers["far_above"]
    reductions = year.case.reduction_of
    far = []
    for indicator in year.case.indicators:
        degree = year.degree(indicator)
        if degree is not None and degree >= limit and not indicator.exempt:
            far.append((degree, indicator))
    far.sort(key=lambda pair: (pair[0], pair[1].code))
    lightest = next(((degree, each) for degree, each in far if each.code in reductions), None)
    if lightest is None:
        return
    for degree, indicator in far:
        if degree >= lightest[0] and indicator.code not in reductions:
            other = lightest[1]
            yield rule.found(
                f"{titled(other)}达到目标的 {percent(lightest[0])}，已扣减；"
                f"{titled(indicator)}达到 {percent(degree)}，没有扣减",
                indicator.code,
                other.code,
                risk=year.share(indicator.code, Fraction(reductions[other.code].share or 0)),
                places=(indicator.place, reductions[other.code].place),
            )
