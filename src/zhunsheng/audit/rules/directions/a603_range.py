"""A603: a figure lies in the range its kind allows: shares to 100 %, things whole and not negative."""

import re
from collections.abc import Iterator

from zhunsheng.audit.finding import Check
from zhunsheng.audit.passages import Passage
from zhunsheng.audit.quantities.numeral import Numeral, Role
from zhunsheng.audit.quantities.units import INDIVISIBLE, Dimension
from zhunsheng.audit.reading import Reading
from zhunsheng.audit.rule import AuditRule, place_of
from zhunsheng.kernel.problem import Severity

CODE = "A603"

# what is measured per something is no whole number: 万车死亡人数, 亿元产值死亡人数
_PER = re.compile(
    r"每|均|/|平均|单位|折合|率|[十百千万亿]+(?:人|户|家|车|台|元|吨|公里|件|辆|架次|次|平方|立方|小时|工时)"
)
# what was counted one by one; a bare noun may be one of an average
_COUNTED = re.compile(r"共|检查|完成(?!情况)|办理|查处|立案|受理|新增|购置|培训|开展|组织|处理|登记|抽检")
_WINDOW = 40


def check(reading: Reading, rule: AuditRule) -> Iterator[Check]:
    """Check the range of every percentage of a whole and of every count."""
    whole = re.compile("|".join(map(re.escape, rule.words["whole_rates"])))
    over = re.compile("|".join(map(re.escape, rule.words["may_exceed"])))
    for numeral in reading.numerals:
        if numeral.quantity is None or numeral.role is Role.FACTOR:
            continue
        passage = reading.passage_of(numeral)
        words = _words(reading, passage, numeral)
        if numeral.dimension is Dimension.PERCENT:
            yield from _percentage(reading, rule, numeral, words, whole, over)
        elif numeral.dimension is Dimension.COUNT and numeral.quantity.multiplier == 1:
            yield _count(reading, rule, numeral, passage)


def _words(reading: Reading, passage: Passage, numeral: Numeral) -> str:
    if passage.cell is not None and len(passage.text) <= numeral.end - numeral.start + 4:
        view = reading.tables[passage.cell.table]
        return f"{view.label(passage.cell.row)} {view.header(passage.cell.column)}"
    clause = re.split(r"[，。；\n]", passage.text[: numeral.start])[-1]
    return clause[-24:]


def _percentage(
    reading: Reading,
    rule: AuditRule,
    numeral: Numeral,
    words: str,
    whole: re.Pattern[str],
    over: re.Pattern[str],
) -> Iterator[Check]:
    is_share = numeral.role is Role.SHARE
    if numeral.role not in {Role.SHARE, Role.RATE, Role.TARGET} or over.search(words):
        return
    if not is_share and not whole.search(words):
        return
    if 0 <= numeral.amount <= 100:
        yield rule.passed(reading, numeral)
        return
    repeated = re.search(r"覆盖率", words) is not None
    yield rule.failed(
        rule.finding(
            f"{words.strip()[-14:]}为 {numeral.text}，"
            + (
                "超过 100%，覆盖率须按不重复的对象计算" if repeated else "部分占整体的比率须在 0 到 100% 之间"
            ),
            [place_of(reading, numeral)],
            severity=Severity.WARNING if repeated else None,
            confidence="0.8" if repeated else "0.95",
            printed=numeral.text,
            computed="0～100%",
        ),
        [(reading, numeral)],
    )


def _count(reading: Reading, rule: AuditRule, numeral: Numeral, passage: Passage) -> Check:
    quantity = numeral.quantity
    if quantity is None:
        raise ValueError("a count is a quantity")
    before = re.split(r"[，。；\n]", passage.text[max(0, numeral.start - _WINDOW) : numeral.start])[-1]
    change = numeral.role is Role.CHANGE or numeral.role is Role.GROWTH
    if numeral.amount < 0 and not change and passage.cell is None:
        return rule.failed(
            rule.finding(
                f"个数 {numeral.text} 不能是负数",
                [place_of(reading, numeral)],
                printed=numeral.text,
                computed="不小于 0",
            ),
            [(reading, numeral)],
        )
    fraction = quantity.places > 0 and numeral.amount.denominator != 1
    if fraction and quantity.unit in INDIVISIBLE and not _PER.search(before) and passage.cell is None:
        return rule.failed(
            rule.finding(
                f"{numeral.text} 不是整数，“{quantity.unit}”不能有小数，平均数须写明按什么平均",
                [place_of(reading, numeral)],
                severity=None if _COUNTED.search(before) else Severity.WARNING,
                confidence="0.9" if _COUNTED.search(before) else "0.7",
                printed=numeral.text,
                computed="整数",
            ),
            [(reading, numeral)],
        )
    return rule.passed(reading, numeral)
