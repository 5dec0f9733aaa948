"""A605: a target points the way its indicator is good: more of what is wanted, less of what is not."""

import re
from collections.abc import Iterator

from zhunsheng.audit.finding import Check
from zhunsheng.audit.passages import Passage
from zhunsheng.audit.quantities.numeral import Bound, Numeral
from zhunsheng.audit.quantities.units import Dimension
from zhunsheng.audit.reading import Reading
from zhunsheng.audit.rule import AuditRule, place_of

CODE = "A605"

_AT_LEAST = frozenset({Bound.AT_LEAST, Bound.ABOVE})
_TARGET_HEADER = re.compile(r"目标值|指标值|预期值|完成值|实现值|计划值|标准值")
_ACTUAL_HEADER = re.compile(r"实际|(?<!预期)完成(?:值|情况)")
_TARGET_BEFORE = re.compile(r"(?:预期值|目标值|指标值|预期目标|绩效目标)(?:(?!完成|实际)[^，。；\d]){0,12}$")
_LABEL_LENGTH = 40


def check(reading: Reading, rule: AuditRule) -> Iterator[Check]:
    """Read the name beside every target."""
    wanted = re.compile("|".join(map(re.escape, rule.words["more_is_better"])))
    unwanted = re.compile("|".join(map(re.escape, rule.words["less_is_better"])))
    for numeral in reading.numerals:
        if numeral.quantity is None or numeral.in_range or numeral.dimension is Dimension.DURATION:
            continue
        passage = reading.passage_of(numeral)
        name = _name(reading, passage, numeral)
        if not name:
            continue
        less = unwanted.search(name) is not None
        more = not less and wanted.search(name) is not None
        if less or more:
            yield from _judged(reading, rule, numeral, name, less=less)


def _name(reading: Reading, passage: Passage, numeral: Numeral) -> str:
    """The indicator a target belongs to; "" for a figure that is no target."""
    if passage.cell is not None:
        view = reading.tables[passage.cell.table]
        header = view.header(passage.cell.column)
        if not _TARGET_HEADER.search(header) or _ACTUAL_HEADER.search(header):
            return ""
        if passage.cell.row < view.header_rows or numeral.start > _LABEL_LENGTH * 3:
            return ""
        for column in range(passage.cell.column - 1, -1, -1):
            text = view.texts.get((passage.cell.row, column), "")
            if re.search("[\u4e00-\u9fff]{2}", text):
                return text if len(text) <= _LABEL_LENGTH else ""
        return ""
    if _TARGET_BEFORE.search(passage.text[max(0, numeral.start - 16) : numeral.start]):
        start = passage.sentence_at(numeral.start)[0]
        quoted = re.findall(r"“([^“”]{3,40})”", passage.text[start : numeral.start])
        return quoted[-1] if quoted else passage.text[start : numeral.start][-_LABEL_LENGTH:]
    return ""


def _judged(reading: Reading, rule: AuditRule, numeral: Numeral, name: str, *, less: bool) -> Iterator[Check]:
    bound = numeral.bound
    if bound is Bound.NONE:
        # a bare 100% or 0 can be missed but not turned round
        whole = Dimension.PERCENT is numeral.dimension and not less
        if whole and not 0 <= numeral.amount <= rule.numbers["most_per_cent"]:
            yield _failed(reading, rule, numeral, f"“{name}”的目标 {numeral.text} 超出 0～100%", "0～100%")
        elif whole or (less and not numeral.amount):
            yield rule.passed(reading, numeral)
        return
    if (bound in _AT_LEAST) is not less:
        yield rule.passed(reading, numeral)
        return
    written, meant = ("不低于", "不高于") if less else ("不高于", "不低于")
    yield _failed(
        reading,
        rule,
        numeral,
        f"“{name}”的目标写为{written} {numeral.text}，方向与指标的含义相反",
        f"{meant} {numeral.text}",
    )


def _failed(reading: Reading, rule: AuditRule, numeral: Numeral, message: str, computed: str) -> Check:
    return rule.failed(
        rule.finding(
            message,
            [place_of(reading, numeral, "目标")],
            confidence="0.75",
            printed=numeral.text,
            computed=computed,
        ),
        [(reading, numeral)],
    )
