"""R21: work is not finished before its acceptance record.

Not acceptable: completed 2023-11-30, the evidence names an acceptance on 2023-12-20.
Acceptable: completed 2023-12-20, accepted the same day.
"""

import re
from collections.abc import Iterator
from datetime import date

from zhunsheng.kernel.written import parse_date
from zhunsheng.plans.case import Actual
from zhunsheng.plans.checks import read_value
from zhunsheng.plans.choices import Nature
from zhunsheng.scores.review.questions import titled, valued
from zhunsheng.scores.review.rule import Finding, ReviewRule
from zhunsheng.scores.review.year import ReviewedYear

CODE = "R21"

_DATE = r"\d{4}\s*[-年./]\s*\d{1,2}\s*[-月./]\s*\d{1,2}\s*日?"


def check(year: ReviewedYear, rule: ReviewRule) -> Iterator[Finding]:
    """Compare completion dates with the acceptance dates that the evidence names."""
    for indicator in year.case.indicators:
        actual = valued(year, indicator)
        if indicator.nature is not Nature.DEADLINE or actual is None:
            continue
        done = read_value(actual.value)
        if not isinstance(done, date):
            continue
        for accepted in _accepted(actual, rule):
            if accepted > done:
                yield rule.found(
                    f"{titled(indicator)}完成时间为“{actual.value}”，佐证所载验收时间为 {accepted.isoformat()}，晚于完成时间",
                    indicator.code,
                    risk=year.share(indicator.code, rule.numbers["share"]),
                    places=(indicator.place, actual.place),
                )
                break


def _accepted(actual: Actual, rule: ReviewRule) -> Iterator[date]:
    words = "|".join(re.escape(word) for word in rule.words["acceptance_words"])
    near = re.compile(
        rf"(?P<before>{_DATE})[^，。；;\d]{{0,8}}(?:{words})|(?:{words})[^，。；;\d]{{0,8}}(?P<after>{_DATE})"
    )
    for text in (actual.evidence, actual.printed, actual.why_used, actual.note):
        for match in near.finditer(text):
            day = parse_date(match["before"] or match["after"])
            if day is not None:
                yield day
