"""Amounts made of a price and a number in one sentence: 每人补助500元，共120人，合计6万元; 人均500元."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from zhunsheng.audit.passages import Passage
from zhunsheng.audit.quantities.numeral import Bound, Numeral, Role
from zhunsheng.audit.quantities.units import Dimension
from zhunsheng.audit.reading import Reading
from zhunsheng.kernel.quantity import Hedge

_PRICE_BEFORE = re.compile(
    r"(?:每(?P<per>人次|批次|户次|人|户|家|台|个|件|批|套|次|辆|天|月|亩|平方米|项|份|名|间|组)|单价|(?:补助|收费|奖励)标准)[^，。；\d]{0,10}$"
)
_AVERAGE_BEFORE = re.compile(
    r"(?:人均|户均|次均|件均|台均|批均|家均|平均每(?:人|户|家|台|件|批次|次|项)|均价)[^，。；\d]{0,10}$"
)
_AVERAGE_UNIT = {
    "人均": "人",
    "户均": "户",
    "次均": "次",
    "件均": "件",
    "台均": "台",
    "批均": "批",
    "家均": "家",
}
_TOTAL_BEFORE = re.compile(
    r"(?:合计|共计|总计|总额|总共|总价|共|金额|发放|支付|支出|投入|资金|经费|费用)[^，。；\d每]{0,10}$"
)
_NOT_BY_NUMBER = re.compile(r"可支配|生产总值|消费支出|GDP|收入中位|均衡")


@dataclass(frozen=True, slots=True)
class UnitPrice:
    """A price (or an average), a number and the amount they make.

    Attributes:
        is_average: the price is stated as the result (人均), not as a tariff.
    """

    price: Numeral
    number: Numeral
    total: Numeral
    is_average: bool


def unit_prices(reading: Reading) -> Iterator[UnitPrice]:
    """All sentences with exactly one price, one number of the same thing and one amount."""
    for passage in reading.passages:
        if not re.search(r"每|均|单价|标准", passage.text):
            continue
        numerals = [each for each in reading.numerals_in(passage) if each.quantity is not None]
        for start, end in _sentences(passage):
            inside = [each for each in numerals if start <= each.start < end]
            found = _in_sentence(passage, inside)
            if found is not None and not _NOT_BY_NUMBER.search(passage.text[start:end]):
                yield found


def _sentences(passage: Passage) -> Iterator[tuple[int, int]]:
    """Sentences; a semicolon ends one as well."""
    return iter(passage.sentences)


def _in_sentence(passage: Passage, numerals: Sequence[Numeral]) -> UnitPrice | None:
    if len(numerals) < 3:
        return None
    prices = [(each, *_price(passage, each)) for each in numerals if _is_exact(each)]
    priced = [(each, per, average) for each, per, average in prices if per is not None]
    if len(priced) != 1:
        return None
    price, per, average = priced[0]
    counts = [
        each
        for each in numerals
        if each.dimension is Dimension.COUNT
        and each.quantity is not None
        and (not per or each.quantity.unit == per)
        and _is_exact(each)
    ]
    totals = [
        each
        for each in numerals
        if each is not price
        and each.dimension is Dimension.MONEY
        and _is_exact(each)
        and _TOTAL_BEFORE.search(passage.text[max(0, each.start - 14) : each.start])
    ]
    if len(counts) != 1 or len(totals) != 1:
        return None
    if sum(each.dimension is Dimension.MONEY for each in numerals) > 2:
        return None
    return UnitPrice(price, counts[0], totals[0], average)


def _is_exact(numeral: Numeral) -> bool:
    quantity = numeral.quantity
    return (
        quantity is not None
        and quantity.hedge is Hedge.NONE
        and numeral.bound is Bound.NONE
        and not numeral.in_range
        and numeral.role in {Role.LEVEL, Role.UNKNOWN, Role.CHANGE}
    )


def _price(passage: Passage, numeral: Numeral) -> tuple[str | None, bool]:
    """The unit a price is per ("" when not said) and whether it is an average; None for no price."""
    quantity = numeral.quantity
    if quantity is None:
        return None, False
    before = passage.text[max(0, numeral.start - 16) : numeral.start]
    if numeral.dimension is Dimension.RATIO and quantity.unit.startswith("元/"):
        return quantity.unit.partition("/")[2], False
    if numeral.dimension is not Dimension.MONEY:
        return None, False
    average = _AVERAGE_BEFORE.search(before)
    if average is not None:
        word = average[0][:2]
        per = _AVERAGE_UNIT.get(word) or next(
            (
                unit
                for unit in ("批次", "人", "户", "家", "台", "件", "次", "项")
                if average[0].startswith(f"平均每{unit}")
            ),
            "",
        )
        return per, True
    match = _PRICE_BEFORE.search(before)
    return (match["per"] or "", False) if match else (None, False)
