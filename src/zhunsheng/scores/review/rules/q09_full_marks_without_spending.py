"""Q09: full marks and hardly any money spent need an explanation.

A budget of 0 is Q08's.

Not acceptable: execution below the parameter while an indicator of the project has full marks.
Acceptable: execution at or above it; or points lost on the indicator.
"""

from collections.abc import Iterator

from zhunsheng.kernel.rounding import half_up, plain, score_text
from zhunsheng.scores.review.rule import Finding, ReviewRule
from zhunsheng.scores.review.year import ReviewedYear, execution

CODE = "Q09"


def check(year: ReviewedYear, rule: ReviewRule) -> Iterator[Finding]:
    """Find indicators with full marks in projects that spent little."""
    for project in year.case.projects:
        rate = execution(project)
        if rate is None or rate >= rule.numbers["execution"]:
            continue
        for indicator in year.linked(project.code):
            points, score = year.points(indicator.code), year.score(indicator.code)
            if points and score == points:
                yield rule.found(
                    f"项目“{project.name}”支出率 {plain(half_up(rate * 100, 2))}%，"
                    f"指标“{indicator.name}”满分 {score_text(points)} 分、得 {score_text(score)} 分",
                    indicator.code,
                    project.code,
                    risk=score,
                    places=(project.place, indicator.place),
                )
