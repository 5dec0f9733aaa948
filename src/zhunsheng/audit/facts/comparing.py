"""Whether two figures stated for one thing can both be true."""

from enum import StrEnum
from fractions import Fraction
from math import floor

from zhunsheng.audit.agreement import last_place, range_of
from zhunsheng.audit.facts.fact import Fact
from zhunsheng.audit.quantities.numeral import Bound, Numeral
from zhunsheng.audit.quantities.units import INDIVISIBLE, Dimension
from zhunsheng.audit.slips import slip_between
from zhunsheng.kernel.quantity import Hedge, Quantity

_LONG = 5


class Sameness(StrEnum):
    """How two statements of one figure stand to each other."""

    EQUAL = "equal"
    ROUNDED = "rounded"
    TAIL = "tail"
    DIFFERENT = "different"


def sameness(one: Quantity, other: Quantity) -> Sameness:
    """Compare two figures of the same unit.

    Figures printed to the same place are equal or not; a coarser one may be the rounded or cut finer one.
    """
    first, second = Fraction(one.amount), Fraction(other.amount)
    if first == second:
        return Sameness.EQUAL
    if one.hedge is not Hedge.NONE or other.hedge is not Hedge.NONE:
        low, high = range_of(one), range_of(other)
        meet = low.low <= high.high and high.low <= low.high
        return Sameness.ROUNDED if meet else Sameness.DIFFERENT
    coarse, fine = (one, other) if last_place(one) >= last_place(other) else (other, one)
    step = last_place(coarse)
    if step > last_place(fine):
        exact, printed = Fraction(fine.amount), Fraction(coarse.amount)
        if abs(exact - printed) <= step / 2 or floor(abs(exact) / step) * step == abs(printed):
            return Sameness.ROUNDED
    counted = coarse.unit in INDIVISIBLE and coarse.multiplier == 1 and coarse.places == 0
    if abs(first - second) <= step and significant(coarse) >= _LONG and not counted:
        return Sameness.TAIL
    return Sameness.DIFFERENT


def significant(quantity: Quantity) -> int:
    """How many digits carry the value: 5 for 143.45 and for 14,345; zeros at the end of whole numbers count."""
    return len(quantity.value.as_tuple().digits)


def bounds_agree(one: Fact, other: Fact) -> bool:
    """Whether two targets point the same way (85%或以上, 不低于85%)."""
    first, second = one.numeral.bound, other.numeral.bound
    up, down = {Bound.AT_LEAST, Bound.ABOVE}, {Bound.AT_MOST, Bound.BELOW}
    return not ((first in up and second in down) or (first in down and second in up))


def difference_share(one: Fact, other: Fact) -> Fraction:
    """The difference as a share of the larger figure, 0 to 1 and more for opposite signs."""
    first, second = one.numeral.amount, other.numeral.amount
    larger = max(abs(first), abs(second))
    return abs(first - second) / larger if larger else Fraction(0)


def slip_of(one: Fact, other: Fact) -> str:
    """What slip could have made one figure of the other, in Chinese, or ""."""
    return slip_of_quantities(one.numeral, other.numeral)


def slip_of_quantities(one: Numeral, other: Numeral) -> str:
    """What slip could have made one figure of the other, in Chinese, or ""."""
    first, second = one.quantity, other.quantity
    if first is None or second is None:
        return ""
    slip = slip_between(first.value, Fraction(second.amount) / first.multiplier)
    return slip.explanation if slip else ""


def unit_group(fact: Fact) -> tuple[str, str]:
    """What two facts must share to be comparable: money with money, 宗 with 宗, 份/千人 with 批次/千人."""
    dimension = fact.numeral.dimension
    unit = fact.unit
    if "/" in unit:
        return (Dimension.RATIO.value, unit.partition("/")[2])
    if dimension in {Dimension.MONEY, Dimension.PERCENT}:
        return (dimension.value, unit if dimension is Dimension.MONEY else "%")
    return (dimension.value, unit)
