"""Columns of a table that are computed from two others: differences, growth, rates, products, averages.

The header of a column says what kind of result it holds. Which two columns it was computed from is found
by trying them: the pair that most rows bear out is taken, and rows that do not follow it are wrong.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from itertools import islice, permutations

from zhunsheng.audit.agreement import Agreement, Range, agree, exactly
from zhunsheng.audit.quantities.numeral import Numeral
from zhunsheng.audit.reading import Reading
from zhunsheng.audit.relations.suspects import Implied
from zhunsheng.audit.relations.verdicts import (
    Member,
    Relation,
    figure_range,
    quotient,
    scale_of,
    scaled,
)
from zhunsheng.audit.tables import TableView
from zhunsheng.kernel.problem import Severity


class Operation(StrEnum):
    """How a column is computed from two others, `first` and `second`."""

    DIFFERENCE = "difference"
    GROWTH = "growth"
    RATIO = "ratio"
    PRODUCT = "product"
    AVERAGE = "average"


_RESULT = {
    Operation.GROWTH: re.compile(
        r"差异率|增减率|增长率|变动率|偏离率|偏差率|增幅|降幅|下降率|节约率|节支率|(?:增减|增长|变动|同比|比上年)[^额数]{0,4}[%％]"
    ),
    Operation.RATIO: re.compile(r"率|占比|比重|比例|完成预算|进度|[%％]"),
    Operation.DIFFERENCE: re.compile(r"差异|差额|增减|增加额?|减少额?|变动|结余|节约|超支|偏差|余额|净增"),
    Operation.PRODUCT: re.compile(r"金额|小计|合计|总价|总额|经费|预算|费用|支出|总计|补助额|资金"),
    Operation.AVERAGE: re.compile(r"人均|户均|平均|均价|单位成本|次均|件均|台均"),
}
_OTHER_BASIS = re.compile(r"可比|同口径|不变价|实际增速|名义")
_PRICE = re.compile(r"单价|价格|补助标准|收费标准|标准（元|(?:元|万元)/")
_NUMBER = re.compile(r"数量|人数|户数|台数|次数|天数|个数|件数|家数|面积|套数|份数|工程量|月数")
_FIRST_WORDS = {
    Operation.GROWTH: re.compile(r"本年|当年|今年|决算|执行|实际|支出|收入"),
    Operation.DIFFERENCE: re.compile(r"本年|当年|今年|决算|执行|实际|支出|收入"),
    Operation.RATIO: re.compile(r"执行|支出|完成|实际|决算|合格|达标|支付|使用"),
}
_SECOND_WORDS = {
    Operation.GROWTH: re.compile(r"上年|去年|上期|基期|预算|计划|目标"),
    Operation.DIFFERENCE: re.compile(r"上年|去年|上期|基期|预算|计划|目标"),
    Operation.RATIO: re.compile(r"预算|计划|目标|应|总|安排|下达|抽检|检查"),
}
_LATEST = re.compile(r"调整|全年|追加后")
_TRIED_ROWS = 40
_WIDEST = 14
_MOST_WRONG = 40
_FEWEST = 2


@dataclass(frozen=True, slots=True)
class _Candidate:
    operation: Operation
    target: int
    first: int
    second: int
    turned: bool
    explicit: bool


@dataclass(frozen=True, slots=True)
class ColumnRelation:
    """A row's figure and the computation it should be the result of.

    Attributes:
        sure: other rows of the table follow the same computation.
    """

    relation: Relation
    sure: bool


def column_relations(reading: Reading, operations: Collection[Operation]) -> Iterator[ColumnRelation]:
    """Every figure of a computed column with its computation; columns no computation explains are left out."""
    for view in reading.tables:
        figures = _figure_columns(reading, view)
        if not 2 < len(figures) <= _WIDEST:
            continue
        for target in figures:
            for operation in operations:
                if _RESULT[operation].search(_last_words(view, target)):
                    yield from _of_column(reading, view, target, figures, operation)


def _last_words(view: TableView, column: int) -> str:
    words = view.headers[column]
    return words[-1].replace(" ", "") if words else ""


def _figure_columns(reading: Reading, view: TableView) -> list[int]:
    return [
        column
        for side in view.sides
        for column in side.figures
        if view.header(column)
        and any(
            reading.numeral_in_cell(view.table.index, row, column) is not None
            for row in range(view.header_rows, min(view.table.rows, view.header_rows + _TRIED_ROWS))
        )
    ]


def _of_column(
    reading: Reading, view: TableView, target: int, figures: Sequence[int], operation: Operation
) -> Iterator[ColumnRelation]:
    if _OTHER_BASIS.search(view.header(target) + view.title[-40:]):
        return
    best: tuple[tuple[int, bool, int], _Candidate, int, int] | None = None
    for candidate in _candidates(view, target, figures, operation):
        good, bad = _borne_out(reading, view, candidate)
        rank = (good - bad, candidate.explicit, good)
        if (good or candidate.explicit) and (best is None or rank > best[0]):
            best = rank, candidate, good, bad
    if best is None:
        return
    _, candidate, good, bad = best
    sure = good >= max(_FEWEST, 2 * bad)
    if not sure and not (candidate.explicit and good >= bad - 1):
        return
    wrong = 0
    for row in range(view.header_rows, view.table.rows):
        relation = _relation(reading, view, candidate, row, sure=sure)
        if relation is None:
            continue
        wrong += relation.agreement is Agreement.WRONG
        if wrong > _MOST_WRONG:
            return
        yield ColumnRelation(relation, sure)


def _candidates(
    view: TableView, target: int, figures: Sequence[int], operation: Operation
) -> Iterator[_Candidate]:
    others = [column for column in figures if column != target and not _is_rate(view, column)]
    if operation in {Operation.PRODUCT, Operation.AVERAGE}:
        yield from _by_price(view, target, figures, operation)
        return
    growth = operation is Operation.GROWTH
    if _is_rate(view, target) != (operation in {Operation.GROWTH, Operation.RATIO}):
        return
    if operation is Operation.RATIO and _RESULT[Operation.GROWTH].search(_last_words(view, target)):
        return
    falling = re.search(r"降|减少|节约|节支|结余|余额", _last_words(view, target)) is not None
    for first, second in permutations(others, 2):
        if view.column_unit(first) != view.column_unit(second):
            continue
        explicit = _is_named(view, operation, first, others, which=0) and _is_named(
            view, operation, second, others, which=1
        )
        yield _Candidate(operation, target, first, second, turned=False, explicit=explicit)
        if growth and falling:
            yield _Candidate(operation, target, first, second, turned=True, explicit=explicit)


def _is_named(
    view: TableView, operation: Operation, column: int, others: Sequence[int], *, which: int
) -> bool:
    """Whether a column is the only one whose header names it as the first or second term."""
    words = (_FIRST_WORDS, _SECOND_WORDS)[which][operation]
    other_words = (_SECOND_WORDS, _FIRST_WORDS)[which][operation]
    fitting = [
        each
        for each in others
        if words.search(view.header(each)) and not other_words.search(_last_words(view, each))
    ]
    if len(fitting) > 1 and operation is Operation.RATIO and which == 1:
        # of several budgets the one last approved is the base of a rate
        fitting = [each for each in fitting if _LATEST.search(view.header(each))] or fitting
    return fitting == [column]


def _by_price(
    view: TableView, target: int, figures: Sequence[int], operation: Operation
) -> Iterator[_Candidate]:
    """Price and number: their product is the amount, the amount by the number is the average."""
    others = [column for column in figures if column != target]
    numbers = [column for column in others if _NUMBER.search(_last_words(view, column))]
    if operation is Operation.PRODUCT:
        prices = [column for column in others if _PRICE.search(_last_words(view, column))]
        pairs = [(price, number) for price in prices for number in numbers if price != number]
        if _PRICE.search(_last_words(view, target)):
            return
    else:
        amounts = [column for column in others if column not in numbers and not _is_rate(view, column)]
        pairs = [(amount, number) for amount in amounts for number in numbers]
    for first, second in pairs:
        yield _Candidate(operation, target, first, second, turned=False, explicit=len(pairs) == 1)


def _is_rate(view: TableView, column: int) -> bool:
    unit = view.column_unit(column)
    return unit is not None and unit.name in {"%", "‰"}


def _borne_out(reading: Reading, view: TableView, candidate: _Candidate) -> tuple[int, int]:
    """How many of the first telling rows follow a computation, and how many do not."""
    good = bad = 0
    relations = (
        _relation(reading, view, candidate, row, sure=False)
        for row in range(view.header_rows, view.table.rows)
    )
    for relation in islice((each for each in relations if each is not None), _TRIED_ROWS):
        if not relation.stated.figure.amount and not relation.computed.exact:
            continue
        if relation.agreement is Agreement.WRONG:
            bad += 1
        else:
            good += 1
    return good, bad


def _relation(
    reading: Reading, view: TableView, candidate: _Candidate, row: int, *, sure: bool
) -> Relation | None:
    index = view.table.index
    stated = reading.numeral_in_cell(index, row, candidate.target)
    first = reading.numeral_in_cell(index, row, candidate.first)
    second = reading.numeral_in_cell(index, row, candidate.second)
    if stated is None or first is None or second is None or stated.quantity is None:
        return None
    computed = _computed(candidate, stated, figure_range(first), figure_range(second))
    if computed is None:
        return None
    formula = _formula(candidate, first, second)
    severity = Severity.ERROR if sure else Severity.WARNING
    members = (
        Member(_word(view, candidate.first), first),
        Member(_word(view, candidate.second), second),
    )
    printed = stated.quantity
    if (
        re.search(r"[降减]", _last_words(view, candidate.target))
        and agree(printed, computed) is Agreement.WRONG
        and agree(printed, -computed) is not Agreement.WRONG
    ):
        computed = -computed  # a fall printed without its minus
    return Relation(
        Member(_word(view, candidate.target), stated),
        computed,
        members,
        formula,
        _implied(candidate, stated, first, second),
        severity,
        "0.95" if sure else "0.75",
    )


def _word(view: TableView, column: int) -> str:
    return re.sub(r"（[^（）]*）", "", _last_words(view, column))[:14] or "该栏"


def _computed(candidate: _Candidate, stated: Numeral, first: Range, second: Range) -> Range | None:
    value: Range | None
    match candidate.operation:
        case Operation.DIFFERENCE:
            return first - second
        case Operation.PRODUCT:
            return first * second
        case Operation.AVERAGE:
            return quotient(first, second)
        case Operation.GROWTH:
            value = quotient(first, second)
            value = None if value is None or second.exact < 0 else value - exactly(1)
            if value is not None and candidate.turned:
                value = -value
        case Operation.RATIO:
            value = quotient(first, second)
    return None if value is None else scaled(value, scale_of(stated))


def _formula(candidate: _Candidate, first: Numeral, second: Numeral) -> str:
    one, other = first.text, second.text
    match candidate.operation:
        case Operation.DIFFERENCE:
            return f"{one}-{_bracketed(other)}"
        case Operation.PRODUCT:
            return f"{one}×{other}"
        case Operation.GROWTH:
            return f"({other}-{one})÷{other}" if candidate.turned else f"({one}-{_bracketed(other)})÷{other}"
        case _:
            return f"{one}÷{other}"


def _bracketed(text: str) -> str:
    return f"({text})" if text.startswith("-") else text


def _implied(candidate: _Candidate, stated: Numeral, first: Numeral, second: Numeral) -> tuple[Implied, ...]:
    """What the result and one term leave for the other term."""
    result = figure_range(stated)
    one, other = figure_range(first), figure_range(second)
    match candidate.operation:
        case Operation.DIFFERENCE:
            return (Implied(first, other + result), Implied(second, one - result))
        case Operation.RATIO:
            share = scaled(result, Fraction(1, scale_of(stated)))
            found = [Implied(first, other * share)]
            if (divisor := quotient(one, share)) is not None:
                found.append(Implied(second, divisor))
            return tuple(found)
        case Operation.GROWTH:
            share = scaled(result, Fraction(1, scale_of(stated)))
            grown = exactly(1) + (-share if candidate.turned else share)
            found = [Implied(first, other * grown)]
            if (base := quotient(one, grown)) is not None:
                found.append(Implied(second, base))
            return tuple(found)
        case Operation.PRODUCT:
            pairs = ((first, quotient(result, other)), (second, quotient(result, one)))
            return tuple(Implied(figure, value) for figure, value in pairs if value is not None)
        case Operation.AVERAGE:
            return (Implied(first, result * other),)
