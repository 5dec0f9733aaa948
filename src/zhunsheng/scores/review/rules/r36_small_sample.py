"""R36: doubt model, distorted satisfaction sample.

Not acceptable: 98 % satisfied, 12 people asked.
Acceptable: 92.4 % of 1,860 parents in a stratified sample. Whether there was a survey at all is R04's.
"""

from collections.abc import Iterator

from zhunsheng.scores.review.questions import actual_of, is_satisfaction, titled, valued
from zhunsheng.scores.review.rule import Finding, ReviewRule
from zhunsheng.scores.review.words import number_text
from zhunsheng.scores.review.year import ReviewedYear

CODE = "R36"


def check(year: ReviewedYear, rule: ReviewRule) -> Iterator[Finding]:
    """Find satisfaction figures that rest on few answers."""
    least = rule.numbers["least_sample"]
    for indicator in year.case.indicators:
        actual = valued(year, indicator)
        if actual is None or not is_satisfaction(indicator) or actual.sample_size is None:
            continue
        if actual.sample_size < least:
            yield rule.found(
                f"{titled(indicator)}为 {actual_of(year, indicator)}，样本只有 {actual.sample_size} 份，"
                f"少于 {number_text(least)} 份",
                indicator.code,
                risk=year.share(indicator.code, rule.numbers["share"]),
                places=(indicator.place, actual.place),
            )
