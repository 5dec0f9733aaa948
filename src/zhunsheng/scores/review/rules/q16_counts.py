"""Q16: what is said to be so many is listed so many times.

Not acceptable: 41 indicators stated, 40 listed.
Acceptable: equal counts; a count that the source does not state; divisions of a kind that are not listed.
"""

from collections.abc import Iterator

from zhunsheng.scores.review.rule import Finding, ReviewRule
from zhunsheng.scores.review.year import ReviewedYear

CODE = "Q16"


def check(year: ReviewedYear, rule: ReviewRule) -> Iterator[Finding]:
    """Compare stated counts of tasks, indicators and divisions with the lists."""
    case = year.case
    for what, count, listed in (
        ("重点任务", case.about.stated_tasks, len(case.tasks)),
        ("绩效指标", case.about.stated_indicators, len(case.indicators)),
    ):
        if count is not None and count != listed:
            yield rule.found(f"{what}：称 {count} 项，列出 {listed} 项")
    for task in case.tasks:
        listed = sum(indicator.task == task.code for indicator in case.indicators)
        if task.stated_indicators is not None and task.stated_indicators != listed:
            yield rule.found(
                f"任务“{task.short_name or task.name}”的指标：称 {task.stated_indicators} 项，列出 {listed} 项",
                task.code,
                places=(task.place,),
            )
    for row in case.division_counts:
        listed = sum(division.kind is row.kind for division in case.divisions)
        if row.stated is not None and listed and row.stated != listed:
            yield rule.found(f"{row.kind.label}：称 {row.stated} 个，列出 {listed} 个", places=(row.place,))
