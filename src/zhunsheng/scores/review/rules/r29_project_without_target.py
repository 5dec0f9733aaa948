"""R29: a project has performance targets.

Not acceptable: 1,228 万元 spent, no goal text, no indicator of its own and none of a task it pays for.
Acceptable: a goal text, or an indicator linked to the project, or a task with indicators that names it.
"""

from collections.abc import Iterator

from zhunsheng.scores.review.questions import has_indicators
from zhunsheng.scores.review.rule import Finding, ReviewRule
from zhunsheng.scores.review.year import ReviewedYear

CODE = "R29"


def check(year: ReviewedYear, rule: ReviewRule) -> Iterator[Finding]:
    """Find projects that nobody can evaluate."""
    for project in year.case.projects:
        if project.goal or has_indicators(year, project):
            continue
        amount = project.adjusted or project.executed or project.initial
        money = f"安排 {amount.shown()} 万元，" if amount is not None else ""
        yield rule.found(
            f"项目 {project.code}“{project.name}”{money}没有预期目标，也没有指标与它对应",
            project.code,
            places=(project.place,),
        )
