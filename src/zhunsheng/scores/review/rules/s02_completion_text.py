"""S02: the year's completion is described, and lost points come back as problems and measures.

Not acceptable: no text on the overall completion; points lost that part three never mentions.
Acceptable: every lost point covered by a problem, by its node or by the node above.
"""

from collections.abc import Iterator

from zhunsheng.kernel.rounding import score_text
from zhunsheng.scores.review.rule import Finding, ReviewRule
from zhunsheng.scores.review.year import ReviewedYear

CODE = "S02"


def check(year: ReviewedYear, rule: ReviewRule) -> Iterator[Finding]:
    """Look for the compulsory text and for deductions that the problems leave out."""
    about = year.case.about
    if not about.overall_result:
        yield rule.found("“整体绩效目标完成情况”没有填写", places=(about.place,))
    covered = {code for problem in year.case.shortcomings for code in problem.covers}
    for node in year.evaluation.deducted():
        if node.lost < rule.numbers["least_lost"] or _above(year, node.code) & covered:
            continue
        deviation = year.case.deviation_of.get(node.code)
        told = len(year.case.shortcomings)
        missing = f"第三部分的 {told} 个问题都没有涉及" if told else "第三部分没有写任何问题"
        yield rule.found(
            f"{node.code} {node.name}扣 {score_text(node.lost)} 分，{missing}",
            node.code,
            places=(deviation.place if deviation else "", *(each.place for each in year.case.shortcomings)),
        )


def _above(year: ReviewedYear, code: str) -> set[str]:
    """An item and everything above it."""
    found: set[str] = set()
    while code and code not in found:
        found.add(code)
        node = year.node_of.get(code)
        code = "" if node is None else node.parent
    return found
