"""R01: a score rests on supporting material.

Not acceptable: full marks, and nothing or only a sentence of the report to show for it.
Acceptable: a register, file or certificate handed in or verified.
"""

from collections.abc import Iterator

from zhunsheng.kernel.problem import Severity
from zhunsheng.kernel.rounding import score_text
from zhunsheng.plans.choices import EvidenceStatus
from zhunsheng.scores.review.questions import actual_of, evidence_status, titled, valued
from zhunsheng.scores.review.rule import Finding, ReviewRule
from zhunsheng.scores.review.year import ReviewedYear

CODE = "R01"


def check(year: ReviewedYear, rule: ReviewRule) -> Iterator[Finding]:
    """Find scored indicators without material; a mere statement counts by its own share."""
    shares = {EvidenceStatus.NONE: "share", EvidenceStatus.CLAIMED: "claimed_share"}
    for indicator in year.case.indicators:
        status = evidence_status(year, indicator)
        score = year.score(indicator.code)
        if score <= 0 or status not in shares:
            continue
        actual = valued(year, indicator)
        if actual is None:  # a score without a value is R14's
            continue
        yield rule.found(
            f"{titled(indicator)}完成值为“{actual_of(year, indicator)}”，得 {score_text(score)} 分，"
            f"佐证状态为“{status.label}”",
            indicator.code,
            risk=year.share(indicator.code, rule.numbers[shares[status]]),
            places=(actual.place or indicator.place,),
            severity=Severity.ERROR if status is EvidenceStatus.NONE else rule.severity,
        )
