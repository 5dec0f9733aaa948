"""A106: what is named as a part (其中) is not greater than the whole."""

import re
from collections.abc import Iterator

from zhunsheng.audit.agreement import as_printed
from zhunsheng.audit.finding import Check
from zhunsheng.audit.quantities.numeral import Numeral
from zhunsheng.audit.reading import Reading
from zhunsheng.audit.relations.sum_figures import Figure
from zhunsheng.audit.relations.text_additions import Breakdown, breakdowns, holding
from zhunsheng.audit.relations.verdicts import figure_range
from zhunsheng.audit.rule import AuditRule, place_of

CODE = "A106"

_NEXT_PART = re.compile(r"[^，。；：]{0,16}[、和及与][^，。；：]{0,24}")
_CHANGES_SUBJECT = re.compile(r"同比|比上年|较上年|总量|实有|总计|合计|累计")


def check(reading: Reading, rule: AuditRule) -> Iterator[Check]:
    """Hold every part named after 其中 against the whole before it."""
    for breakdown in breakdowns(reading):
        if "其中" in breakdown.opener and holding(breakdown) is None:
            for part in _near_parts(breakdown):
                yield _judged(reading, rule, breakdown, part)


def _near_parts(breakdown: Breakdown) -> Iterator[Figure]:
    """The first figure after 其中 and those listed with it; a later clause may speak of something else."""
    text = breakdown.passage.text
    first = breakdown.parts[0]
    words = text[breakdown.start : first.numeral.start]
    if re.search(r"[，。；\d]", words) or _CHANGES_SUBJECT.search(words):
        return
    yield first
    for one, other in zip(breakdown.parts, breakdown.parts[1:], strict=False):
        if not _NEXT_PART.fullmatch(text[one.numeral.end : other.numeral.start]):
            return
        yield other


def _judged(reading: Reading, rule: AuditRule, breakdown: Breakdown, part: Figure) -> Check:
    whole = breakdown.wholes[0].numeral
    fitting = next((each.numeral for each in breakdown.wholes if _may_hold(each.numeral, part.numeral)), None)
    if fitting is not None:
        return rule.passed(reading, fitting, part.numeral)
    quantity = part.numeral.quantity
    gap = as_printed(part.numeral.amount - whole.amount, quantity) if quantity else ""
    return rule.failed(
        rule.finding(
            f"“其中”所列 {part.numeral.text} 大于前面的总数 {whole.text}，多 {gap}",
            [place_of(reading, part.numeral, "部分"), place_of(reading, whole, "总数")],
            confidence="0.75",
            printed=part.numeral.text,
            computed=f"不大于 {whole.text}",
            difference=gap,
        ),
        [(reading, part.numeral), (reading, whole)],
    )


def _may_hold(whole: Numeral, part: Numeral) -> bool:
    """Whether the part can be within the whole, both being rounded."""
    return part.amount <= whole.amount or figure_range(part).low < figure_range(whole).high
