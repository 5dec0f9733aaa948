"""R22: a cost far above its limit earns nothing, and a review score is not above the unit's own.

Not acceptable: 1,500 元 allowed, 2,600 元 spent per head, points given; reviewed 5, claimed 4.
Acceptable: 1,530 元 with a small deduction; reviewed 3, claimed 4.
"""

from collections.abc import Iterator

from zhunsheng.kernel.rounding import score_text
from zhunsheng.plans.choices import Nature
from zhunsheng.scores.review.questions import actual_of, is_cost, numbers, target_of, titled
from zhunsheng.scores.review.rule import Finding, ReviewRule
from zhunsheng.scores.review.words import found_words, percent
from zhunsheng.scores.review.year import ReviewedYear

CODE = "R22"


def check(year: ReviewedYear, rule: ReviewRule) -> Iterator[Finding]:
    """Find scored costs far above the limit, and reviewers more generous than the unit."""
    for indicator in year.case.indicators:
        found = numbers(year, indicator)
        if found is None or not is_cost(indicator) or indicator.nature is not Nature.INVERSE or found[0] <= 0:
            continue
        times = found[1] / found[0]
        if times >= rule.numbers["far_above"] and year.score(indicator.code) > 0:
            yield rule.found(
                f"{titled(indicator)}目标 {target_of(indicator)}，实际 {actual_of(year, indicator)}，"
                f"为目标的 {percent(times)}，仍得 {score_text(year.score(indicator.code))} 分",
                indicator.code,
                risk=year.share(indicator.code, rule.numbers["share"]),
                places=(indicator.place,),
            )
    for manual in year.case.manual_scores:
        printed = year.case.printed_score_of.get(manual.item)
        reviewed = found_words(manual.given_by, rule.words["reviewers"])
        if not reviewed or printed is None or printed.score is None or manual.score is None:
            continue
        if manual.score > printed.score:
            yield rule.found(
                f"{manual.item} 复核得分 {score_text(manual.score)}，高于自评得分 {score_text(printed.score)}",
                manual.item,
                risk=min(year.score(manual.item), manual.score - printed.score),
                places=(printed.place, manual.place),
            )
