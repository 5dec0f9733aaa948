"""Q08: when the budget of a project is gone, its indicators carry no points.

Without a project, a note that the money was cut says the same.

Not acceptable: an adjusted budget of 0 with an indicator that still carries points.
Acceptable: the target adjusted by procedure; a project whose budget was 0 from the start and is not linked.
"""

from collections.abc import Iterator

from zhunsheng.kernel.rounding import score_text
from zhunsheng.scores.review.rule import Finding, ReviewRule
from zhunsheng.scores.review.year import ReviewedYear

CODE = "Q08"


def check(year: ReviewedYear, rule: ReviewRule) -> Iterator[Finding]:
    """Find indicators that carry points although their money was cut."""
    for project in year.case.projects:
        if project.adjusted is None or project.adjusted.yuan:
            continue
        before = "未填" if project.initial is None else f"{project.initial.shown()} 万元"
        for indicator in year.linked(project.code):
            if year.points(indicator.code) and not indicator.adjustment:
                yield rule.found(
                    f"项目“{project.name}”年初预算 {before}，全年预算 0；指标“{indicator.name}”"
                    f"仍占 {score_text(year.points(indicator.code))} 分，"
                    f"得 {score_text(year.score(indicator.code))} 分",
                    indicator.code,
                    project.code,
                    risk=year.score(indicator.code),
                    places=(project.place, indicator.place),
                )
    for indicator, actual in year.indicators():
        said = " ".join((indicator.note, actual.note if actual else "", actual.printed if actual else ""))
        word = next((each for each in rule.words["cut_words"] if each in said), "")
        if word and not indicator.project and not indicator.adjustment and year.points(indicator.code):
            yield rule.found(
                f"说明称“{word}”，指标“{indicator.name}”仍占 {score_text(year.points(indicator.code))} 分，"
                f"得 {score_text(year.score(indicator.code))} 分",
                indicator.code,
                risk=year.score(indicator.code),
                places=(indicator.place, actual.place if actual else ""),
            )
