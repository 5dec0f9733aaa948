"""What projects were given and what they spent: tables of projects, and 预算安排……支出…… in the text."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from zhunsheng.audit.quantities.numeral import Numeral
from zhunsheng.audit.quantities.units import Dimension
from zhunsheng.audit.reading import Reading
from zhunsheng.audit.tables import TableView

_NAME_HEADER = re.compile(r"项目(?:名称)?$|^项目|资金名称|支出名称")
_BUDGET_HEADER = re.compile(r"预算(?!执行|完成|支出率)|下达|安排|指标金额")
_LATER_BUDGET = re.compile(r"调整|全年|年度|预算数")
_SPENT_HEADER = re.compile(r"实际支出|支出数|执行数|支出金额|已支出|实际支付|支付金额|^支出")
_RATE = re.compile(r"率|比例|进度|%")
_IN_TEXT = re.compile(r"预算(?:安排|资金|数|金额|批复)?(?:资金)?(?:为|共|共计)?$")
_SPENT_IN_TEXT = re.compile(r"(?:实际)?(?:支出|执行|使用|支付)(?:数|金额|资金)?(?:为|共|共计)?$")


@dataclass(frozen=True)
class ProjectSpending:
    """A project with its money.

    Attributes:
        name: as printed.
        budget: its latest budget.
        spent: what was spent.
        first_budget: the budget of the beginning of the year, when another follows it.
    """

    name: str
    budget: Numeral
    spent: Numeral
    first_budget: Numeral | None = None

    @property
    def rate(self) -> Fraction | None:
        """Spent share of the budget, or None when the budget is 0."""
        return self.spent.amount / self.budget.amount if self.budget.amount else None


def project_spending(reading: Reading) -> Iterator[ProjectSpending]:
    """Every project whose budget and spending are stated together."""
    for view in reading.tables:
        yield from _in_table(reading, view)
    for passage in reading.prose:
        numerals = [each for each in reading.numerals_in(passage) if each.dimension is Dimension.MONEY][:3]
        for budget, spent in pairwise(numerals):
            if _IN_TEXT.search(
                passage.text[max(0, budget.start - 10) : budget.start]
            ) and _SPENT_IN_TEXT.search(passage.text[max(budget.end, spent.start - 10) : spent.start]):
                lead = passage.text[passage.mark.length if passage.mark else 0 : budget.start]
                name = re.split(r"[。：，]", lead)[0]
                if 4 <= len(name) <= 50:
                    yield ProjectSpending(name, budget, spent)
                break


def _in_table(reading: Reading, view: TableView) -> Iterator[ProjectSpending]:
    header = {column: view.header(column).replace(" ", "") for column in range(view.table.columns)}
    names = [column for column, text in header.items() if _NAME_HEADER.search(text)]
    spent_columns = [
        column for column, text in header.items() if _SPENT_HEADER.search(text) and not _RATE.search(text)
    ]
    budgets = [
        column
        for column, text in header.items()
        if _BUDGET_HEADER.search(text) and not _RATE.search(text) and column not in spent_columns
    ]
    if not names or not budgets or len(spent_columns) != 1:
        return
    later = [column for column in budgets if _LATER_BUDGET.search(header[column])] or budgets
    for row in range(view.header_rows, view.table.rows):
        name = view.texts.get((row, names[0]), "")
        budget = reading.numeral_in_cell(view.table.index, row, later[-1])
        spent = reading.numeral_in_cell(view.table.index, row, spent_columns[0])
        if not name or re.match(r"合计|总计|小计", name) or budget is None or spent is None:
            continue
        first = (
            reading.numeral_in_cell(view.table.index, row, budgets[0]) if budgets[0] != later[-1] else None
        )
        yield ProjectSpending(name, budget, spent, first)
