"""Stocks and what flows in and out of them: 年末303.77万户，增长12.65%；新登记64.34万户，注吊销30.67万户."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from zhunsheng.audit.agreement import Range, exactly
from zhunsheng.audit.passages import Passage
from zhunsheng.audit.quantities.numeral import Bound, Numeral, Role
from zhunsheng.audit.quantities.units import Dimension
from zhunsheng.audit.reading import Reading
from zhunsheng.audit.relations.verdicts import quotient, scaled, stated_range
from zhunsheng.kernel.quantity import Hedge

_IN = re.compile(r"新登记|新增|新设|新开|新注册|新建|新入|转入|迁入|增加")
_OUT = re.compile(r"注吊销|注销|吊销|退出|转出|迁出|报废|核销|关闭|淘汰")
_STOCK = re.compile(r"总量|总数|实有|年末|期末|存量|保有量|在册|共有")
_OPENING = re.compile(r"年初|期初|上年末|上年底|去年末|去年底")
_OVER_YEAR = re.compile(r"同比|比上年|较上年|比去年|较去年|增长")
_VERBS = re.compile(
    rf"{_IN.pattern}|{_OUT.pattern}|{_STOCK.pattern}|{_OPENING.pattern}|全市|全区|全省|全年|达到?|[约共]"
)
_CLAUSE = re.compile(r"[，。；：（）\n]")
_SHARED = 2


@dataclass(frozen=True, slots=True)
class StockFlow:
    """A stock at the end of a period with its inflow, its outflow and what leads to its opening.

    Attributes:
        growth: the growth over the period, or None when the opening is printed.
        opening: the opening as printed, or None.
        start: the opening, printed or worked out.
    """

    closing: Numeral
    growth: Numeral | None
    opening: Numeral | None
    inflow: Numeral
    outflow: Numeral
    start: Range

    @property
    def computed(self) -> Range:
        """The closing stock that opening, inflow and outflow lead to."""
        return self.start + stated_range(self.inflow) - stated_range(self.outflow)

    @property
    def figures(self) -> tuple[Numeral, ...]:
        """All printed figures, the closing stock first."""
        found = (self.closing, self.growth, self.opening, self.inflow, self.outflow)
        return tuple(each for each in found if each is not None)


def stock_flows(reading: Reading) -> Iterator[StockFlow]:
    """All stocks whose flows stand in the same paragraph."""
    for passage in reading.passages:
        if not (_IN.search(passage.text) and _OUT.search(passage.text)):
            continue
        levels = [
            (each, _words(passage, each))
            for each in reading.numerals_in(passage)
            if each.dimension is Dimension.COUNT and _is_plain(each)
        ]
        inflow = _flow(levels, _IN)
        outflow = _flow(levels, _OUT)
        if inflow is None or outflow is None:
            continue
        noun = _common(inflow[1], outflow[1])
        if len(noun) < _SHARED or noun not in passage.text:
            continue
        yield from _closed(reading, passage, levels, inflow[0], outflow[0])


def _is_plain(numeral: Numeral) -> bool:
    quantity = numeral.quantity
    return quantity is not None and quantity.hedge is Hedge.NONE and numeral.bound is Bound.NONE


def _words(passage: Passage, numeral: Numeral) -> str:
    return _CLAUSE.split(passage.text[: numeral.start])[-1]


def _flow(levels: Sequence[tuple[Numeral, str]], pattern: re.Pattern[str]) -> tuple[Numeral, str] | None:
    """The figure that flows, when only one is named so (其中 names a part)."""
    found = [
        (each, _VERBS.sub("", words))
        for each, words in levels
        if pattern.search(words) and "其中" not in words
    ]
    return found[0] if len(found) == 1 else None


def _common(one: str, other: str) -> str:
    """The longest run of characters two names share."""
    best = ""
    for start in range(len(one)):
        for end in range(start + len(best) + 1, len(one) + 1):
            if one[start:end] not in other:
                break
            best = one[start:end]
    return best


def _closed(
    reading: Reading,
    passage: Passage,
    levels: Sequence[tuple[Numeral, str]],
    inflow: Numeral,
    outflow: Numeral,
) -> Iterator[StockFlow]:
    unit = inflow.quantity.unit if inflow.quantity else ""
    numerals = reading.numerals_in(passage)
    opening = next((each for each, words in levels if _OPENING.search(words)), None)
    for closing, words in levels:
        if closing in (inflow, outflow, opening) or closing.quantity is None or closing.quantity.unit != unit:
            continue
        if not _STOCK.search(words) or closing.amount <= max(inflow.amount, outflow.amount):
            continue
        growth = next(
            (
                each
                for each in numerals
                if each.role is Role.GROWTH
                and closing.end <= each.start <= closing.end + 12
                and _OVER_YEAR.search(passage.text[closing.end : each.start])
            ),
            None,
        )
        start = _start(closing, growth, opening, passage)
        if start is not None:
            yield StockFlow(closing, None if opening else growth, opening, inflow, outflow, start)
            return


def _start(
    closing: Numeral, growth: Numeral | None, opening: Numeral | None, passage: Passage
) -> Range | None:
    if opening is not None:
        return stated_range(opening)
    if growth is None:
        return None
    share = scaled(stated_range(growth), Fraction(1, 100))
    falls = re.search(r"下降|减少|降低", passage.text[closing.end : growth.start])
    return quotient(stated_range(closing), exactly(1) + (-share if falls else share))
