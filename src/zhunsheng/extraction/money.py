"""Budget lines and projects, from tables and from sentences on execution."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from zhunsheng.audit.quantities.numeral import Numeral
from zhunsheng.audit.reading import Reading
from zhunsheng.audit.tables import TableView
from zhunsheng.extraction.places import place_text
from zhunsheng.kernel.money import Money
from zhunsheng.plans.case import BudgetLine, Project
from zhunsheng.plans.choices import BudgetCategory, BudgetSide

_CATEGORIES = (
    ("合计", BudgetCategory.TOTAL),
    ("总计", BudgetCategory.TOTAL),
    ("财政拨款", BudgetCategory.FISCAL),
    ("其他收入", BudgetCategory.OTHER_INCOME),
    ("基本支出", BudgetCategory.BASIC),
    ("项目支出", BudgetCategory.PROJECT),
    ("转移支付", BudgetCategory.TRANSFER),
)
_PREVIOUS = re.compile(r"上年|上一年")
_DIFFERENCE = re.compile(r"差异(?!率|说明)|增减额")
_CHANGE = re.compile(r"差异率|增减率|增幅")
_INITIAL = re.compile(r"年初")
_ADJUSTED = re.compile(r"调整|全年预算|预算数|预算金额")
_EXECUTED = re.compile(r"执行|决算|支出数|实际支出(?!率)|支出金额")
_RATE = re.compile(r"(?:支出|执行|完成)率")
_EXECUTION = re.compile(r"全年预算数")


@dataclass(frozen=True, slots=True)
class _Columns:
    initial: int | None = None
    adjusted: int | None = None
    executed: int | None = None
    previous: int | None = None
    difference: int | None = None
    change: int | None = None
    rate: int | None = None


def _columns(view: TableView, year: int | None) -> _Columns:
    found = _Columns()
    for column in range(view.table.columns):
        header = view.header(column)
        years = re.findall(r"((?:19|20)\d{2})年", header)
        if _CHANGE.search(header):
            found = replace(found, change=column)
        elif _DIFFERENCE.search(header):
            found = replace(found, difference=column)
        elif _RATE.search(header):
            found = replace(found, rate=column)
        elif _PREVIOUS.search(header) or (years and year and int(years[0]) == year - 1):
            found = replace(found, previous=column)
        elif _INITIAL.search(header):
            found = replace(found, initial=column)
        elif _EXECUTED.search(header) and (not years or int(years[0]) == year):
            found = replace(found, executed=column)
        elif _ADJUSTED.search(header):
            found = replace(found, adjusted=column)
    return found


def budget_of(reading: Reading) -> tuple[BudgetLine, ...]:
    """The lines of income and expenditure."""
    lines: dict[str, BudgetLine] = {}
    for view in reading.tables:
        columns = _columns(view, reading.fiscal_year)
        if columns.executed is None or (columns.previous is None and columns.adjusted is None):
            continue
        labels = " ".join(view.label(row) for row in range(view.header_rows, view.table.rows))
        words = view.title + labels
        side = (
            BudgetSide.EXPENDITURE
            if "支出" in labels or ("支出" in view.title and "收入" not in labels)
            else BudgetSide.INCOME
        )
        if "收入" not in words and "支出" not in words:
            continue
        for row in range(view.header_rows, view.table.rows):
            line = _line(reading, view, row, columns, side)
            if line is not None:
                lines.setdefault(line.code, line)
    return tuple(_with_execution(reading, lines).values())


def _line(
    reading: Reading, view: TableView, row: int, columns: _Columns, side: BudgetSide
) -> BudgetLine | None:
    label = view.label(row)
    category = next((each for word, each in _CATEGORIES if word in label), None)
    executed = _money(reading, view, row, columns.executed)
    if category is None or executed is None:
        return None
    numeral = _numeral(reading, view, row, columns.executed)
    return BudgetLine(
        code=side.value if category is BudgetCategory.TOTAL else f"{side.value}_{category.value}",
        name=label,
        side=side,
        category=category,
        initial=_money(reading, view, row, columns.initial),
        adjusted=_money(reading, view, row, columns.adjusted),
        executed=executed,
        previous=_money(reading, view, row, columns.previous),
        printed_difference=_money(reading, view, row, columns.difference),
        printed_change=_plain(reading, view, row, columns.change),
        printed_rate=_plain(reading, view, row, columns.rate),
        place=place_text(reading, numeral.span) if numeral is not None else "",
    )


def _with_execution(reading: Reading, lines: dict[str, BudgetLine]) -> dict[str, BudgetLine]:
    """The year's budget and execution as a sentence states them: 全年预算数……，执行数……."""
    for passage in reading.passages:
        match = _EXECUTION.search(passage.text)
        if match is None:
            continue
        amounts = [
            each
            for each in reading.numerals_in(passage)
            if each.start >= match.start() and each.quantity is not None and each.quantity.unit == "元"
        ][:2]
        if len(amounts) < 2:
            continue
        adjusted, executed = (Money(Decimal(each.quantity.amount)) for each in amounts if each.quantity)
        known = lines.get("expenditure")
        if known is not None and known.adjusted is None:
            lines["expenditure"] = replace(known, adjusted=adjusted)
        elif known is None:
            lines["expenditure"] = BudgetLine(
                code="expenditure",
                name="合计",
                side=BudgetSide.EXPENDITURE,
                category=BudgetCategory.TOTAL,
                adjusted=adjusted,
                executed=executed,
                place=place_text(reading, amounts[0].span),
            )
        break
    return lines


def projects_of(reading: Reading) -> Iterator[Project]:
    """The projects of a table with 项目名称, budget and spending."""
    number = 0
    for view in reading.tables:
        name = next(
            (column for column in range(view.table.columns) if "项目名称" in view.header(column)), None
        )
        columns = _columns(view, None)
        if name is None or columns.executed is None:
            continue
        for row in range(view.header_rows, view.table.rows):
            title = view.texts.get((row, name), "")
            executed = _money(reading, view, row, columns.executed)
            if not title or re.fullmatch(r"合计|总计|小计", title) or executed is None:
                continue
            number += 1
            yield Project(
                code=f"P{number}",
                name=title,
                key="重点" in view.title,
                initial=_money(reading, view, row, columns.initial),
                adjusted=_money(reading, view, row, columns.adjusted),
                executed=executed,
                printed_rate=_plain(reading, view, row, columns.rate),
                place=place_text(reading, reading.passages[view.passages[row, name]].span(0, 1)),
            )


def _numeral(reading: Reading, view: TableView, row: int, column: int | None) -> Numeral | None:
    return None if column is None else reading.numeral_in_cell(view.table.index, row, column)


def _money(reading: Reading, view: TableView, row: int, column: int | None) -> Money | None:
    numeral = _numeral(reading, view, row, column)
    if numeral is None or numeral.quantity is None:
        return None
    if numeral.quantity.unit == "元":
        return Money(numeral.quantity.amount)
    # a bare amount in a table of amounts is in 万元, as budget tables are
    return Money.of(numeral.quantity.value, "万元") if not numeral.quantity.unit else None


def _plain(reading: Reading, view: TableView, row: int, column: int | None) -> Decimal | None:
    numeral = _numeral(reading, view, row, column)
    return numeral.quantity.value if numeral is not None and numeral.quantity is not None else None
