"""R32: doubt model, goal and budget out of step.

Not acceptable: a budget cut from 300 to 0 万元 while the indicators stayed as they were.
Acceptable: the same with the targets before and after the adjustment on file.
"""

from collections.abc import Iterator
from fractions import Fraction

from zhunsheng.scores.review.rule import Finding, ReviewRule
from zhunsheng.scores.review.words import listed, percent
from zhunsheng.scores.review.year import ReviewedYear

CODE = "R32"


def check(year: ReviewedYear, rule: ReviewRule) -> Iterator[Finding]:
    """Find projects whose money moved far while their targets stood still."""
    for project in year.case.projects:
        initial, adjusted = project.initial, project.adjusted
        if initial is None or adjusted is None or initial.yuan <= 0:
            continue
        change = Fraction(adjusted.yuan) / Fraction(initial.yuan) - 1
        if abs(change) < rule.numbers["change"]:
            continue
        kept = [each for each in year.linked(project.code) if not each.initial_target and not each.adjustment]
        if kept:
            word = "调增" if change > 0 else "调减"
            yield rule.found(
                f"项目 {project.code}“{project.name}”预算由 {initial.shown()} 万元{word}为 "
                f"{adjusted.shown()} 万元（{word} {percent(abs(change))}），"
                f"对应指标没有调整记录：{listed([f'{each.code} {each.name}' for each in kept])}",
                project.code,
                *(each.code for each in kept),
                places=(project.place, *(each.place for each in kept)),
            )
