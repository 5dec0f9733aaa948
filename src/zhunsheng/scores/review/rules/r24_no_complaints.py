"""R24: nobody complained is not everybody is satisfied.

Not acceptable: satisfaction 100 %, evidence 全年未收到投诉.
Acceptable: satisfaction from a questionnaire, complaints named beside it.
"""

from collections.abc import Iterator

from zhunsheng.scores.review.questions import actual_of, is_satisfaction, titled, valued
from zhunsheng.scores.review.rule import Finding, ReviewRule
from zhunsheng.scores.review.words import found_words
from zhunsheng.scores.review.year import ReviewedYear

CODE = "R24"


def check(year: ReviewedYear, rule: ReviewRule) -> Iterator[Finding]:
    """Find satisfaction derived from the absence of complaints."""
    for indicator in year.case.indicators:
        actual = valued(year, indicator)
        if actual is None or not is_satisfaction(indicator) or actual.sample_size:
            continue
        text = f"{actual.printed}{actual.why_used}{actual.evidence}{actual.survey}{actual.note}"
        words = found_words(text, rule.words["no_complaints"])
        if words:
            yield rule.found(
                f"{titled(indicator)}完成值“{actual_of(year, indicator)}”以“{words[0]}”为依据，没有问卷",
                indicator.code,
                risk=year.share(indicator.code, rule.numbers["share"]),
                places=(indicator.place, actual.place),
            )
