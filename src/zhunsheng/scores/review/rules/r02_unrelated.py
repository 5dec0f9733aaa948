"""R02: an indicator belongs to the work it is to measure.

A case shows only whether an indicator names a task or project at all; whether the words fit is for a person.

Not acceptable: tasks are listed, the indicator belongs to none of them and to no project.
Acceptable: linked to a task, a project or both.
"""

from collections.abc import Iterator

from zhunsheng.scores.review.questions import titled
from zhunsheng.scores.review.rule import Finding, ReviewRule
from zhunsheng.scores.review.year import ReviewedYear

CODE = "R02"


def check(year: ReviewedYear, rule: ReviewRule) -> Iterator[Finding]:
    """Find indicators without task and project in a case that has some."""
    case = year.case
    if not case.tasks and not case.projects:
        return
    for indicator in case.indicators:
        if not indicator.task and not indicator.project:
            yield rule.found(
                f"{titled(indicator)}没有对应的任务或项目（档案列有任务 {len(case.tasks)} 项、"
                f"项目 {len(case.projects)} 个）",
                indicator.code,
                risk=year.share(indicator.code, rule.numbers["share"]),
                places=(indicator.place,),
            )
