"""R19: work that was not accepted earns no full quantity; one fact has one score.

Not acceptable: the project text says 尚未验收 and the quantity has full marks; the key indicator prints another
actual than the same indicator in the table.
Acceptable: accepted work; equal actuals.
"""

from collections.abc import Iterator

from zhunsheng.indicators.target import parse_target
from zhunsheng.kernel.quantity import Quantity
from zhunsheng.kernel.rounding import plain, score_text
from zhunsheng.plans.case import KeyIndicator
from zhunsheng.plans.choices import IndicatorGroup, IndicatorKind
from zhunsheng.scores.review.questions import is_full, titled, valued
from zhunsheng.scores.review.rule import Finding, ReviewRule
from zhunsheng.scores.review.words import found_words
from zhunsheng.scores.review.year import ReviewedYear, number_of

CODE = "R19"


def check(year: ReviewedYear, rule: ReviewRule) -> Iterator[Finding]:
    """Read the projects for unfinished work, and the key indicators for other actuals."""
    for project in year.case.projects:
        words = found_words(f"{project.result}{project.explanation}", rule.words["unaccepted_words"])
        if not words:
            continue
        for indicator in year.linked(project.code):
            counted = indicator.kind is IndicatorKind.QUANTITY and indicator.group is IndicatorGroup.OUTPUT
            if counted and is_full(year, indicator.code):
                yield rule.found(
                    f"项目 {project.code} 写明“{words[0]}”，{titled(indicator)}却得满分 {score_text(year.score(indicator.code))}",
                    indicator.code,
                    project.code,
                    risk=year.share(indicator.code, rule.numbers["share"]),
                    places=(project.place, indicator.place),
                )
    for key in year.case.key_indicators:
        yield from _key(year, rule, key)


def _key(year: ReviewedYear, rule: ReviewRule, key: KeyIndicator) -> Iterator[Finding]:
    indicator = year.case.indicator_by_code.get(key.same_as)
    actual = None if indicator is None else valued(year, indicator)
    if indicator is None or actual is None or not key.actual_text:
        return
    written, used = parse_target(key.actual_text), number_of(actual.value)
    if written is None or not isinstance(written.value, Quantity) or used is None:
        return
    # 1 亿元 and 10,000 万元 are the same
    same_unit = written.value.printed_unit == actual.unit or written.value.multiplier == 1
    if same_unit and written.value.value != used:
        yield rule.found(
            f"关键指标 {key.code}“{key.name}”完成值为“{key.actual_text}”，{titled(indicator)}却为"
            f"“{plain(used)}{actual.unit}”",
            indicator.code,
            key.code,
            places=(key.place, actual.place),
        )
