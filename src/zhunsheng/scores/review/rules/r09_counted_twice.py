"""R09: the same indicator counts once.

Not acceptable: 抽检批次 both under output and under effect, both scored.
Acceptable: one of them. The later one is put at risk.
"""

from collections.abc import Iterator

from zhunsheng.kernel.rounding import score_text
from zhunsheng.scores.review.questions import duplicates, titled
from zhunsheng.scores.review.rule import Finding, ReviewRule
from zhunsheng.scores.review.year import ReviewedYear

CODE = "R09"


def check(year: ReviewedYear, rule: ReviewRule) -> Iterator[Finding]:
    """Find indicators that stand twice, in one group or in two."""
    for one, other in duplicates(year):
        where = (
            f"都在“{one.group.label}”"
            if one.group is other.group
            else f"分别在“{one.group.label}”和“{other.group.label}”"
        )
        yield rule.found(
            f"{titled(one)}（得 {score_text(year.score(one.code))} 分）与{titled(other)}（得 {score_text(year.score(other.code))} 分）"
            f"是同一指标，{where}",
            other.code,
            one.code,
            risk=year.share(other.code, rule.numbers["share"]),
            places=(one.place, other.place),
        )
