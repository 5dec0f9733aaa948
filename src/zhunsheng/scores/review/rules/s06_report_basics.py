"""S06: the few parts of a disclosure check that a case can answer.

Not acceptable: a title without the year or the body; a change of 78 % without explanation; an explanation
that says fewer where the figure rose.
Acceptable: title with both; big changes explained.
"""

from collections.abc import Iterator
from fractions import Fraction

from zhunsheng.plans.case import BudgetLine
from zhunsheng.scores.review.rule import Finding, ReviewRule
from zhunsheng.scores.review.words import found_words, percent
from zhunsheng.scores.review.year import ReviewedYear

CODE = "S06"


def check(year: ReviewedYear, rule: ReviewRule) -> Iterator[Finding]:
    """Check the title and the explanations of budget changes."""
    case = year.case
    if str(case.year) not in case.about.title:
        yield rule.found(f"标题“{case.about.title}”没有年度 {case.year}", places=(case.about.place,))
    named = [name for name in (case.body.name, case.body.short_name) if name]
    if named and not any(name in case.about.title for name in named):
        yield rule.found(
            f"标题“{case.about.title}”没有部门名称“{case.body.name}”", places=(case.about.place,)
        )
    for line in case.budget:
        yield from _explained(line, rule)


def _explained(line: BudgetLine, rule: ReviewRule) -> Iterator[Finding]:
    if line.executed is None or line.previous is None or line.previous.yuan <= 0:
        return
    change = Fraction(line.executed.yuan) / Fraction(line.previous.yuan) - 1
    if abs(change) < rule.numbers["change"]:
        return
    words = f"{line.name} {line.previous.shown()} 万元变为 {line.executed.shown()} 万元（{percent(change)}）"
    if not line.explanation:
        yield rule.found(f"{words}，没有差异说明", line.code, places=(line.place,))
        return
    rising = found_words(line.explanation, rule.words["rising_words"])
    falling = found_words(line.explanation, rule.words["falling_words"])
    wrong = falling if change > 0 and not rising else rising if change < 0 and not falling else ()
    if wrong:
        yield rule.found(f"{words}，说明却写“{wrong[0]}”", line.code, places=(line.place,))
