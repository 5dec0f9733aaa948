"""S05: reasons say something and fit the score.

Not acceptable: 客观原因 as the whole reason; full marks with a reason for failure.
Acceptable: a reason with what happened; full marks without one, or with a note on over-achievement.
"""

from collections.abc import Iterator

from zhunsheng.kernel.rounding import score_text
from zhunsheng.scores.review.questions import is_full
from zhunsheng.scores.review.rule import Finding, ReviewRule
from zhunsheng.scores.review.words import found_words
from zhunsheng.scores.review.year import ReviewedYear

CODE = "S05"


def check(year: ReviewedYear, rule: ReviewRule) -> Iterator[Finding]:
    """Read the reasons for deductions."""
    for deviation in year.case.deviations:
        node = year.node_of.get(deviation.item)
        if node is None:
            continue
        empty = found_words(deviation.reason, rule.words["empty_reasons"])
        if len(deviation.reason) < rule.numbers["shortest"] or (
            empty and len(deviation.reason) <= rule.numbers["short"]
        ):
            yield rule.found(
                f"{node.code} {node.name}的扣分原因只有“{deviation.reason}”，看不出发生了什么",
                node.code,
                places=(deviation.place,),
            )
        failed = found_words(deviation.reason, rule.words["failure_words"])
        if failed and is_full(year, node.code):
            yield rule.found(
                f"{node.code} {node.name}得满分 {score_text(node.points)}，扣分原因却写“{failed[0]}”：{deviation.reason}",
                node.code,
                risk=year.share(node.code, rule.numbers["share"]),
                places=(deviation.place,),
            )
