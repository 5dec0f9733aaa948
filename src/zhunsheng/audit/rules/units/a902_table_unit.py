"""A902: a table of amounts says its unit, and the tables of a report use one."""

import re
from collections.abc import Iterator

from zhunsheng.audit.finding import Check, Outcome
from zhunsheng.audit.reading import Reading
from zhunsheng.audit.rule import AuditRule, place_at
from zhunsheng.audit.tables import TableView

CODE = "A902"

_MONEY = re.compile(r"预算|决算|金额|支出数|收入数|执行数|经费")
_AMOUNT = re.compile(r"-?[\d,]+\.\d{2}")
_LEAST_AMOUNTS = 3


def check(reading: Reading, rule: AuditRule) -> Iterator[Check]:
    """Tables with amounts: a unit in the unit line or the header; different units in one report are noted."""
    units: dict[str, TableView] = {}
    for view in reading.tables:
        columns = [column for column in range(view.table.columns) if _amounts(view, column) >= _LEAST_AMOUNTS]
        money = [column for column in columns if _MONEY.search(view.header(column) + view.title)]
        if not money:
            continue
        named = [unit for column in money if (unit := view.column_unit(column)) is not None]
        if not named:
            yield rule.failed(
                rule.finding(
                    "表中有金额，但没有写单位（元或万元）",
                    [place_at(reading, view.table.cells[0].span, "表格开头")],
                    confidence="0.7",
                )
            )
            continue
        yield Check(rule.code, Outcome.PASSED, ())
        for unit in named:
            if unit.name == "元":
                units.setdefault("万元" if unit.multiplier == 10_000 else "元", view)
    if len(units) > 1:
        places = [place_at(reading, view.table.cells[0].span, word) for word, view in units.items()]
        yield rule.failed(
            rule.finding(
                f"各表金额单位不一：{'、'.join(units)}",
                places,
                confidence="0.9",
                remedy="引用或汇总时注意换算；宜统一为万元。",
            )
        )


def _amounts(view: TableView, column: int) -> int:
    return sum(
        _AMOUNT.fullmatch(view.texts.get((row, column), "").replace(" ", "")) is not None
        for row in range(view.header_rows, view.table.rows)
    )
