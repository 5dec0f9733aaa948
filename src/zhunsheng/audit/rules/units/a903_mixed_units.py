"""A903: the amounts of one column are written in one unit, and of one size."""

import re
from collections.abc import Iterator

from zhunsheng.audit.finding import Check
from zhunsheng.audit.quantities.numeral import Numeral
from zhunsheng.audit.quantities.units import Dimension
from zhunsheng.audit.reading import Reading
from zhunsheng.audit.rule import AuditRule, place_of
from zhunsheng.audit.tables import TableView

CODE = "A903"

_DESCRIPTION = re.compile(r"说明|备注|内容|情况|依据|目标|标准|指标|原因|用途")
_MONEY = re.compile(r"金额|经费|支出|预算|决算|收入|资金|费用|执行数|拨款")
_LEAST = 3


def check(reading: Reading, rule: AuditRule) -> Iterator[Check]:
    """Compare the units written in the cells of every column, and the size of totals and parts."""
    for view in reading.tables:
        for column in range(view.table.columns):
            header = view.header(column)
            if _MONEY.search(header) and not _DESCRIPTION.search(header):
                yield from _units(reading, rule, view, column)


def _units(reading: Reading, rule: AuditRule, view: TableView, column: int) -> Iterator[Check]:
    money = [
        numeral
        for row in range(view.header_rows, view.table.rows)
        if (numeral := reading.numeral_in_cell(view.table.index, row, column)) is not None
        and numeral.dimension is Dimension.MONEY
        and numeral.amount
    ]
    if len(money) < _LEAST:
        return
    by_multiplier: dict[int, list[Numeral]] = {}
    for numeral in money:
        if numeral.quantity is not None:
            by_multiplier.setdefault(numeral.quantity.multiplier, []).append(numeral)
    if len(by_multiplier) == 1:
        if not money[0].unit_inherited:
            yield rule.passed(reading, *money)
        return
    groups = sorted(by_multiplier.values(), key=len)
    odd, usual = groups[0], groups[-1]
    yield rule.failed(
        rule.finding(
            f"同一栏的金额单位不一：{odd[0].text} 与 {usual[0].text}",
            [place_of(reading, odd[0], "不同的单位"), place_of(reading, usual[0], "多数的单位")],
            confidence="0.75",
            printed=odd[0].text,
        ),
        [(reading, each) for each in money],
    )
