"""A604: dates exist and run forwards."""

import re
from collections.abc import Iterator
from itertools import pairwise

from zhunsheng.audit.finding import Check
from zhunsheng.audit.passages import Passage
from zhunsheng.audit.quantities.numeral import Numeral, Role
from zhunsheng.audit.reading import Reading
from zhunsheng.audit.rule import AuditRule, place_of
from zhunsheng.audit.tables import TableView

CODE = "A604"

_FULL = re.compile(r"(?:19|20)\d{2}(?:年|[-/.])\d{1,2}(?:月|[-/.])\d{1,2}")
_MONTH = re.compile(r"((?:19|20)\d{2})年(\d{1,2})月(?:(\d{1,2})[日号])?")
_UNTIL = re.compile(r"^(?:至|到|—|——|-|~|～)$")
_START = re.compile(r"(?:开工|启动|开始|立项|签订|招标|成立|起)")
_BEGIN_HEADER = re.compile(r"(?:开工|开始|启动|立项|签订|起始)(?:日期|时间|年月)|开工日$")
_END_HEADER = re.compile(r"(?:完工|竣工|完成|验收|结束|终止|交付)(?:日期|时间|年月)|竣工日$")
_END = re.compile(r"(?:完工|竣工|完成|验收|结束|结项|交付)")


def check(reading: Reading, rule: AuditRule) -> Iterator[Check]:
    """Check every full date, every period and every pair of beginning and end in a sentence."""
    for passage in reading.passages:
        dates = [each for each in reading.numerals_in(passage) if each.role is Role.DATE]
        for date in dates:
            if _FULL.match(date.text):
                yield _existing(reading, rule, date)
        for one, other in pairwise(dates):
            if _UNTIL.match(passage.text[one.end : other.start]):
                yield from _forwards(reading, rule, one, other, "起止时间倒置")
            elif _start_and_end(passage, one, other):
                yield from _forwards(reading, rule, one, other, "结束早于开始")
    yield from _in_tables(reading, rule)


def _in_tables(reading: Reading, rule: AuditRule) -> Iterator[Check]:
    """Rows with a date of beginning and a date of completion in columns of their own."""
    for view in reading.tables:
        columns = range(view.table.columns)
        begins = [column for column in columns if _BEGIN_HEADER.search(view.header(column))]
        ends = [column for column in columns if _END_HEADER.search(view.header(column))]
        if len(begins) != 1 or len(ends) != 1 or begins == ends:
            continue
        for row in range(view.header_rows, view.table.rows):
            one, other = (_date_in(reading, view, row, column) for column in (begins[0], ends[0]))
            if one is not None and other is not None:
                yield from _forwards(reading, rule, one, other, "完成早于开始")


def _date_in(reading: Reading, view: TableView, row: int, column: int) -> Numeral | None:
    passage = view.passages.get((row, column))
    if passage is None:
        return None
    dates = [each for each in reading.numerals_in(passage) if each.role is Role.DATE]
    return dates[0] if len(dates) == 1 else None


def _existing(reading: Reading, rule: AuditRule, date: Numeral) -> Check:
    if date.day is not None:
        return rule.passed(reading, date)
    return rule.failed(
        rule.finding(
            f"{date.text} 这一天不存在",
            [place_of(reading, date)],
            confidence="0.99",
            printed=date.text,
        ),
        [(reading, date)],
    )


def _start_and_end(passage: Passage, one: Numeral, other: Numeral) -> bool:
    if passage.sentence_at(one.start) != passage.sentence_at(other.start):
        return False
    after_one = re.split(r"[，。；]", passage.text[one.end : other.start])[0][:8]
    after_other = re.split(r"[，。；]", passage.text[other.end :])[0][:8]
    return _START.search(after_one) is not None and _END.search(after_other) is not None


def _forwards(reading: Reading, rule: AuditRule, one: Numeral, other: Numeral, what: str) -> Iterator[Check]:
    first, second = _MONTH.match(one.text), _MONTH.match(other.text)
    if first is None or second is None:
        return
    begins = tuple(int(part or 1) for part in first.groups())
    ends = tuple(int(part or 31) for part in second.groups())
    if begins <= ends:
        yield rule.passed(reading, one, other)
        return
    yield rule.failed(
        rule.finding(
            f"{what}：{one.text} 晚于 {other.text}",
            [place_of(reading, other), place_of(reading, one)],
            confidence="0.92",
            printed=other.text,
            computed=f"不早于 {one.text}",
        ),
        [(reading, one), (reading, other)],
    )
