"""R37: doubt model, results never used.

Not acceptable: results not linked to the budget; a problem that no measure answers.
Acceptable: results linked, every problem answered by a measure.
"""

from collections.abc import Iterator

from zhunsheng.scores.review.rule import Finding, ReviewRule
from zhunsheng.scores.review.year import ReviewedYear

CODE = "R37"


def check(year: ReviewedYear, rule: ReviewRule) -> Iterator[Finding]:
    """Find problems without a measure and a stated failure to use results."""
    case = year.case
    for code, label in zip(rule.words["facts"], rule.words["fact_labels"], strict=True):
        fact = case.fact_by_code.get(code)
        if fact is not None and fact.value.strip().lower() in {"false", "否"}:
            yield rule.found(
                f"管理事实“{label}”填为“否”{f'：{fact.printed}' if fact.printed else ''}",
                code,
                places=(fact.place,),
            )
    answered = {problem for remedy in case.remedies for problem in remedy.answers}
    for problem in case.shortcomings:
        if problem.code not in answered:
            yield rule.found(
                f"存在问题 {problem.code}“{problem.title}”没有对应的改进措施（共有措施 {len(case.remedies)} 条）",
                problem.code,
                *problem.covers,
                places=(problem.place,),
            )
