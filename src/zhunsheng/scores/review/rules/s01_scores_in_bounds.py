"""S01: scores by a person rest on words and stay in their bounds; points fit the rubric.

Not acceptable: a qualitative result without a word on why; a manual score outside its band; points of the
indicators that do not add up to the node; units that differ.
Acceptable: a tier with its basis and a score inside the band.
"""

from collections.abc import Iterator

from zhunsheng.plans.choices import Nature
from zhunsheng.scores import kinds
from zhunsheng.scores.review.questions import titled, valued
from zhunsheng.scores.review.rule import Finding, ReviewRule
from zhunsheng.scores.review.year import ReviewedYear

CODE = "S01"

_KINDS = {kinds.MANUAL_OUT_OF_BOUNDS.code, kinds.POINTS_MISMATCH.code, kinds.UNITS_DIFFER.code}


def check(year: ReviewedYear, rule: ReviewRule) -> Iterator[Finding]:
    """Repeat what the evaluation found of this kind, and ask qualitative results for their basis."""
    for problem in year.evaluation.problems:
        if problem.code in _KINDS:
            field = problem.place.field or ""
            item = field.removeprefix("指标 ").split(" ")[0]
            items = (item,) if item in year.node_of else ()
            yield rule.found(f"{problem.why}：{problem.what}", *items, remedy=problem.remedy)
    for indicator in year.case.indicators:
        actual = valued(year, indicator)
        if indicator.nature is not Nature.QUALITATIVE or actual is None:
            continue
        manual = year.case.manual_score_of.get(indicator.code)
        if not (actual.printed or actual.why_used or actual.evidence or (manual and manual.reason)):
            yield rule.found(
                f"{titled(indicator)}评为“{actual.tier.label if actual.tier else actual.value}”，没有写依据",
                indicator.code,
                places=(indicator.place, actual.place),
            )
