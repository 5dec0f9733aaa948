"""Q01: no target without an indicator, no indicator without a target.

Every task has indicators, every key indicator of the department corresponds to one in the table,
and every indicator has a target.

Not acceptable: a task with goals that no indicator measures; an indicator whose target is empty.
Acceptable: each task with at least one indicator, each indicator with a target value or a described
state.
"""

from collections.abc import Iterator

from zhunsheng.kernel.problem import Severity
from zhunsheng.kernel.rounding import score_text
from zhunsheng.scores.review.rule import Finding, ReviewRule
from zhunsheng.scores.review.year import ReviewedYear

CODE = "Q01"


def check(year: ReviewedYear, rule: ReviewRule) -> Iterator[Finding]:
    """Find tasks and key indicators without an indicator, and indicators without a target."""
    case = year.case
    measured = {indicator.task for indicator in case.indicators}
    for task in case.tasks:
        if task.code not in measured:
            yield rule.found(
                f"任务“{task.short_name or task.name}”写有 {len(task.goals)} 条目标，所属指标为 0 项",
                task.code,
                risk=year.score(task.code),
                places=(task.place,),
            )
    for key in case.key_indicators:
        if key.same_as not in case.indicator_by_code:
            yield rule.found(
                f"关键指标“{key.name}”目标为“{key.target_text or key.target_value}”，"
                "在指标表中没有对应的指标",
                key.code,
                places=(key.place,),
                severity=Severity.NOTE,
            )
    for indicator in case.indicators:
        if not indicator.target_text and not indicator.target_value:
            yield rule.found(
                f"指标“{indicator.name}”占 {score_text(year.points(indicator.code))} 分，目标值为空",
                indicator.code,
                risk=year.score(indicator.code),
                places=(indicator.place,),
            )
