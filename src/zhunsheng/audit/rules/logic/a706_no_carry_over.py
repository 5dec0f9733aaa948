"""A706: where nothing was carried over, budget and spending, income and spending are equal."""

import re
from collections.abc import Iterator

from zhunsheng.audit.agreement import as_printed
from zhunsheng.audit.finding import Check
from zhunsheng.audit.passages import Passage
from zhunsheng.audit.quantities.numeral import Numeral
from zhunsheng.audit.quantities.units import Dimension
from zhunsheng.audit.reading import Reading
from zhunsheng.audit.rule import AuditRule, place_at, place_of

CODE = "A706"

_NOTHING = re.compile(
    r"(?:无|没有|未产生|未形成|不存在)(?:任何)?(?:年末)?(?:财政)?(?:拨款)?(?:资金)?(?:结转(?:和|及|、|与)?结余|结余结转|结余|结转)(?:资金)?"
    r"|结转(?:和|及|、)?结余(?:资金)?(?:率)?(?:为|是|：)(?:0|零)(?![.\d])"
)
_OTHER_SCOPE = re.compile(r"基金预算|国有资本|专户|上年|以前年度|年初")
_BUDGET = re.compile(
    r"(?:全年预算数|调整后?预算数?|全年预算|预算数|年度预算|预算资金|预算安排)(?:合计|总额)?(?:为|是|：|共)*$"
)
_SPENT = re.compile(
    r"(?:全年执行数|执行数|实际支出数?|支出数|决算数|全年支出)(?:合计|总额)?(?:为|是|：|共)*$"
)
_INCOME = re.compile(r"(?:^|本年|年度|总|[，。；：])收入(?:合计|总计|总额)(?:为|是|：)*$")
_EXPENSE = re.compile(r"(?:^|本年|年度|总|[，。；：])支出(?:合计|总计|总额)(?:为|是|：)*$")


def check(reading: Reading, rule: AuditRule) -> Iterator[Check]:
    """Compare the whole's figures where the document says nothing was carried over."""
    statement = _statement(reading)
    if statement is None:
        return
    passage, match = statement
    for what, one, other, words in (
        ("预算数", *_budget_and_spent(reading), "执行数"),
        ("收入合计", *_income_and_expense(reading), "支出合计"),
    ):
        if one is None or other is None or one.quantity is None:
            continue
        if one.amount == other.amount:
            yield rule.passed(reading, one, other)
            continue
        gap = as_printed(one.amount - other.amount, one.quantity)
        yield rule.failed(
            rule.finding(
                f"写明“{match[0]}”，但{what} {_shown(one)} 与{words} {_shown(other)} 相差 {gap}",
                [
                    place_at(reading, passage.span(match.start(), match.end()), "无结转结余"),
                    place_of(reading, one, what),
                    place_of(reading, other, words),
                ],
                confidence="0.8" if what == "预算数" else "0.7",
                printed=match[0],
                computed=f"结余 {gap}",
                difference=gap,
            ),
            [(reading, one), (reading, other)],
        )


def _shown(numeral: Numeral) -> str:
    return as_printed(numeral.amount, numeral.quantity) if numeral.quantity else numeral.text


def _statement(reading: Reading) -> tuple[Passage, re.Match[str]] | None:
    for passage in reading.prose:
        for match in _NOTHING.finditer(passage.text):
            start, end = passage.sentence_at(match.start())
            if not _OTHER_SCOPE.search(passage.text[start:end]):
                return passage, match
    return None


def _budget_and_spent(reading: Reading) -> tuple[Numeral | None, Numeral | None]:
    """The largest budget stated together with its spending: that of the whole."""
    best: tuple[Numeral | None, Numeral | None] = (None, None)
    for passage in reading.prose:
        budget: Numeral | None = None
        for numeral in reading.numerals_in(passage):
            if numeral.dimension is not Dimension.MONEY:
                continue
            before = passage.text[max(0, numeral.start - 16) : numeral.start]
            if _BUDGET.search(before):
                budget = numeral
            elif budget is not None and _SPENT.search(before):
                if best[0] is None or budget.amount > best[0].amount:
                    best = budget, numeral
                budget = None
    return best


def _income_and_expense(reading: Reading) -> tuple[Numeral | None, Numeral | None]:
    """Income and spending of the year, each stated with one amount only."""
    incomes: dict[object, Numeral] = {}
    expenses: dict[object, Numeral] = {}
    for passage in reading.prose:
        for numeral in reading.numerals_in(passage):
            if numeral.dimension is not Dimension.MONEY:
                continue
            before = passage.text[max(0, numeral.start - 12) : numeral.start]
            if _INCOME.search(before):
                incomes.setdefault(numeral.amount, numeral)
            elif _EXPENSE.search(before):
                expenses.setdefault(numeral.amount, numeral)
    if len(incomes) != 1 or len(expenses) != 1:
        return None, None
    return next(iter(incomes.values())), next(iter(expenses.values()))
