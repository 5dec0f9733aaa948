"""R30: a target that was missed loses points in proportion.

Not acceptable: 60 of 100 inspections done, the full 10 points claimed.
Acceptable: the same with 6 points; or 100 of 100 with 10.
"""

from collections.abc import Iterator

from zhunsheng.kernel.rounding import score_text
from zhunsheng.scores.review.questions import above, actual_of, reached, target_of, titled
from zhunsheng.scores.review.rule import Finding, ReviewRule
from zhunsheng.scores.review.words import percent
from zhunsheng.scores.review.year import ReviewedYear

CODE = "R30"


def check(year: ReviewedYear, rule: ReviewRule) -> Iterator[Finding]:
    """Find scores, computed or printed, above the share of the target that was reached."""
    for indicator in year.case.indicators:
        share = reached(year, indicator)
        if share is None or share >= 1:
            continue
        printed = year.case.printed_score_of.get(indicator.code)
        shown = None if printed is None else printed.score
        score = year.score(indicator.code) if shown is None else max(shown, year.score(indicator.code))
        fair = year.share(indicator.code, max(share, rule.numbers["floor"]))
        tolerance = rule.numbers["tolerance"]
        if score > fair and score - fair > tolerance:
            yield rule.found(
                f"{titled(indicator)}目标 {target_of(indicator)}，完成 {actual_of(year, indicator)}，"
                f"完成 {percent(share)}，按比例得 {score_text(fair)} 分，却得 {score_text(score)} 分",
                indicator.code,
                risk=above(year, indicator.code, max(share, rule.numbers["floor"])),
                places=(indicator.place, printed.place if printed else ""),
            )
