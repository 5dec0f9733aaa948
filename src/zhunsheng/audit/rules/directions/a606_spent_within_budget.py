"""A606: spending is not greater than the budget stated with it."""

import re
from collections.abc import Iterator
from itertools import pairwise

from zhunsheng.audit.agreement import as_printed
from zhunsheng.audit.finding import Check
from zhunsheng.audit.passages import Passage
from zhunsheng.audit.quantities.numeral import Bound, Numeral
from zhunsheng.audit.quantities.units import Dimension
from zhunsheng.audit.reading import Reading
from zhunsheng.audit.relations.verdicts import figure_range
from zhunsheng.audit.rule import AuditRule, place_of

CODE = "A606"

_BUDGET = re.compile(
    r"(?:全年预算|调整后预算|预算安排|安排预算|预算资金|预算下达|下达资金|安排资金|预算数)(?:资金|数|金额|经费)?(?:合计|共计|总额)?(?:为|是|：|共)*$"
)
_SPENT = re.compile(
    r"^[^，。；\d]{0,4}[，；][^，。；\d]{0,4}(?:全年|实际|已|共)*(?:支出|执行|使用|支付)(?:数|资金|金额)?(?:合计|共计)?(?:为|是|：|了|共)*$"
)
_OTHER_BASE = re.compile(r"年初|追加|结转|上年")
_BUDGET_HEADER = re.compile(r"(?:调整后|全年|年度)预算|预算数（调整后）|调整预算数")
_SPENT_HEADER = re.compile(r"(?:执行|支出)数|实际支出|全年支出|决算数")
_NOT_AMOUNT = re.compile(r"率|%|比|差")


def check(reading: Reading, rule: AuditRule) -> Iterator[Check]:
    """Compare every budget with the spending stated right after it, in sentences and in table rows."""
    for passage in reading.passages:
        money = [each for each in reading.numerals_in(passage) if each.dimension is Dimension.MONEY]
        for budget, spent in pairwise(money):
            if _belong(passage, budget, spent):
                yield _judged(reading, rule, budget, spent)
    yield from _in_tables(reading, rule)


def _belong(passage: Passage, budget: Numeral, spent: Numeral) -> bool:
    before = passage.text[max(0, budget.start - 24) : budget.start]
    clause = re.split(r"[。；]", before)[-1]
    between = re.sub(r"（[^（）]*）", "", passage.text[budget.end : spent.start])
    return (
        budget.bound is Bound.NONE
        and _BUDGET.search(clause) is not None
        and not _OTHER_BASE.search(clause)
        and _SPENT.match(between) is not None
    )


def _in_tables(reading: Reading, rule: AuditRule) -> Iterator[Check]:
    for view in reading.tables:
        columns = range(view.table.columns)
        budgets = [
            column
            for column in columns
            if _BUDGET_HEADER.search(view.header(column)) and not _NOT_AMOUNT.search(view.header(column))
        ]
        spents = [
            column
            for column in columns
            if _SPENT_HEADER.search(view.header(column)) and not _NOT_AMOUNT.search(view.header(column))
        ]
        if len(budgets) != 1 or len(spents) != 1 or budgets == spents:
            continue
        for row in range(view.header_rows, view.table.rows):
            budget = reading.numeral_in_cell(view.table.index, row, budgets[0])
            spent = reading.numeral_in_cell(view.table.index, row, spents[0])
            if budget is not None and spent is not None and spent.amount:
                yield _judged(reading, rule, budget, spent)


def _judged(reading: Reading, rule: AuditRule, budget: Numeral, spent: Numeral) -> Check:
    if spent.amount <= budget.amount or figure_range(spent).low < figure_range(budget).high:
        return rule.passed(reading, budget, spent)
    gap = as_printed(spent.amount - budget.amount, spent.quantity) if spent.quantity else ""
    return rule.failed(
        rule.finding(
            f"支出 {_shown(spent)} 大于预算 {_shown(budget)}，多 {gap}，没有说明追加或调整",
            [place_of(reading, spent, "支出"), place_of(reading, budget, "预算")],
            confidence="0.7",
            printed=spent.text,
            computed=f"不大于 {_shown(budget)}",
            difference=gap,
        ),
        [(reading, spent), (reading, budget)],
    )


def _shown(numeral: Numeral) -> str:
    return as_printed(numeral.amount, numeral.quantity) if numeral.quantity else numeral.text
