"""A602: nothing grows by a percentage of 0."""

import re
from collections.abc import Iterator

from zhunsheng.audit.finding import Check
from zhunsheng.audit.quantities.numeral import Numeral, Role
from zhunsheng.audit.quantities.units import Dimension
from zhunsheng.audit.reading import Reading
from zhunsheng.audit.rule import AuditRule, place_of

CODE = "A602"

_BASE = re.compile(r"上年|上一年|去年|年初预算|预算数|基期|同期")
_RATE = re.compile(r"率|%|增幅|降幅")
_FRACTION_OF_BASE = re.compile(r"执行率|完成率|支出率|完成比例|占")
# 上年为0万元，增长100%
_SENTENCE = re.compile(r"(?:上年|上一年度?|去年|同期|年初预算|预算)[^，。；0-9]{0,10}$")


def check(reading: Reading, rule: AuditRule) -> Iterator[Check]:
    """Look for rates on a base of 0 in tables and sentences."""
    yield from _tables(reading, rule)
    for passage in reading.passages:
        numerals = reading.numerals_in(passage)
        for position, base in enumerate(numerals):
            if (
                base.quantity is None
                or base.amount != 0
                or base.dimension in {Dimension.PERCENT, Dimension.SCORE}
            ):
                continue
            if not _SENTENCE.search(passage.text[max(0, base.start - 16) : base.start]):
                continue
            end = passage.sentence_at(base.start)[1]
            rate = next(
                (
                    each
                    for each in numerals[position + 1 :]
                    if each.start < end and each.role is Role.GROWTH and each.dimension is Dimension.PERCENT
                ),
                None,
            )
            if rate is not None:
                yield _judged(reading, rule, base, rate)


def _tables(reading: Reading, rule: AuditRule) -> Iterator[Check]:
    for view in reading.tables:
        columns = range(view.label_columns, view.table.columns)
        bases = [
            column
            for column in columns
            if _BASE.search(view.header(column)) and not _RATE.search(view.header(column))
        ]
        rates = [
            column
            for column in columns
            if re.search(r"差异率|增减率|增长率|增幅|降幅|增减.*%|变动率", view.header(column))
        ]
        if len(bases) != 1 or len(rates) != 1:
            continue
        for row in range(view.header_rows, view.table.rows):
            base = reading.numeral_in_cell(view.table.index, row, bases[0])
            rate = reading.numeral_in_cell(view.table.index, row, rates[0])
            if base is not None and rate is not None and base.amount == 0:
                yield _judged(reading, rule, base, rate)


def _judged(reading: Reading, rule: AuditRule, base: Numeral, rate: Numeral) -> Check:
    if rate.amount == 0:
        return rule.passed(reading, base, rate)
    return rule.failed(
        rule.finding(
            f"基数为 {base.text}，不能计算增减百分比，却写 {rate.text}",
            [place_of(reading, rate, "比率"), place_of(reading, base, "基数")],
            confidence="0.9",
            printed=rate.text,
            computed="不适用",
        ),
        [(reading, rate), (reading, base)],
    )
