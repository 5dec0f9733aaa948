"""Whether a printed figure can be the result of a computation, given how every figure was rounded.

All arithmetic is on exact fractions. A printed figure stands for the interval of its last place; a
computed result for the interval its inputs allow. Only where the two do not meet is anything wrong.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache
from math import floor

from zhunsheng.kernel.quantity import Hedge, Quantity
from zhunsheng.kernel.rounding import exact_decimal


class Agreement(StrEnum):
    """How a printed figure and a recomputed one stand to each other, from best to worst."""

    EXACT = "exact"
    ROUNDING = "rounding"
    TRUNCATION = "truncation"
    LAST_DIGIT = "last_digit"
    WRONG = "wrong"

    @property
    def holds(self) -> bool:
        """Whether both can be true."""
        return self is not Agreement.WRONG


@dataclass(frozen=True, slots=True)
class Range:
    """A closed interval of exact numbers with the value computed from the figures as printed."""

    low: Fraction
    exact: Fraction
    high: Fraction

    def __add__(self, other: "Range") -> "Range":
        return Range(self.low + other.low, self.exact + other.exact, self.high + other.high)

    def __neg__(self) -> "Range":
        return Range(-self.high, -self.exact, -self.low)

    def __sub__(self, other: "Range") -> "Range":
        return self + -other

    def __mul__(self, other: "Range") -> "Range":
        ends = [self.low * other.low, self.low * other.high, self.high * other.low, self.high * other.high]
        return Range(min(ends), self.exact * other.exact, max(ends))

    def __truediv__(self, other: "Range") -> "Range":
        """The quotient.

        Raises:
            ZeroDivisionError: the divisor can be 0.
        """
        if other.low <= 0 <= other.high:
            raise ZeroDivisionError("the divisor can be 0")
        inverse = Range(1 / other.high, 1 / other.exact, 1 / other.low)
        return self * inverse


def exactly(value: Fraction | int) -> Range:
    """A number known exactly."""
    return Range(Fraction(value), Fraction(value), Fraction(value))


def last_place(quantity: Quantity) -> Fraction:
    """One unit of the last printed place, in the bare unit: 100 for 44.68万户."""
    return Fraction(quantity.multiplier) / Fraction(10) ** quantity.places


def range_of(quantity: Quantity) -> Range:
    """All amounts a printed figure can stand for, in the bare unit; hedges widen it.

    A percentage stands for its number (15% is 15).
    """
    return _range_of(quantity, quantity.places)


@lru_cache(maxsize=65536)
def _range_of(quantity: Quantity, _places: int) -> Range:
    """The range, remembered by value and decimals: 10 and 10.0 are equal but stand for different ranges."""
    exact = Fraction(quantity.amount)
    step = last_place(quantity)
    match quantity.hedge:
        case Hedge.OVER | Hedge.MORE:
            # 1400余 is somewhere below the next figure of the same roundness
            return Range(exact, exact, exact + _roundness(quantity))
        case Hedge.NEARLY:
            return Range(exact - _roundness(quantity), exact, exact + step / 2)
        case Hedge.ABOUT:
            return Range(exact - step, exact, exact + step)
        case _:
            if quantity.value == 0:
                return exactly(0) if quantity.places == 0 else Range(-step / 2, exact, step / 2)
            return Range(exact - step / 2, exact, exact + step / 2)


def _roundness(quantity: Quantity) -> Fraction:
    """The value of the last digit that is not 0: 100 for 1400, 0.1 for 62.7."""
    step = last_place(quantity)
    value = Fraction(quantity.amount)
    while value and value % (step * 10) == 0:
        step *= 10
    return step


def whole(quantity: Quantity) -> Range:
    """The range of a figure that counts whole things: printed without multiplier it is exact."""
    if quantity.multiplier == 1 and quantity.places == 0 and quantity.hedge is Hedge.NONE:
        return exactly(Fraction(quantity.amount))
    return range_of(quantity)


def total(ranges: Iterable[Range]) -> Range:
    """The sum of ranges."""
    result = exactly(0)
    for each in ranges:
        result += each
    return result


def agree(printed: Quantity, computed: Range, *, tail: int = 1, counted: bool = False) -> Agreement:
    """How a printed figure stands to a computed range.

    Args:
        computed: in the same bare unit as `printed.amount`.
        tail: how many units of the printed last place are a mere tail difference.
        counted: the printed figure counts whole things and is exact.
    """
    value = Fraction(printed.amount)
    if value == computed.exact:
        return Agreement.EXACT
    stands_for = whole(printed) if counted else range_of(printed)
    if stands_for.low <= computed.high and computed.low <= stands_for.high:
        return Agreement.ROUNDING
    step = last_place(printed)
    if counted and printed.multiplier == 1:
        return Agreement.WRONG
    if _truncated(computed.exact, step) == value:
        return Agreement.TRUNCATION
    if abs(value - computed.exact) <= tail * step:
        return Agreement.LAST_DIGIT
    return Agreement.WRONG


def _truncated(value: Fraction, step: Fraction) -> Fraction:
    cut = floor(abs(value) / step) * step
    return cut if value >= 0 else -cut


def as_printed(value: Fraction, like: Quantity) -> str:
    """A recomputed amount written with the unit and the decimals of a printed figure."""
    scaled = value / like.multiplier
    step = Fraction(10) ** like.places
    rounded = Fraction(floor(abs(scaled) * step + Fraction(1, 2)), 1) / step
    number = exact_decimal(rounded if scaled >= 0 else -rounded)
    if like.places:
        whole_part, _, decimals = number.partition(".")
        number = f"{whole_part}.{decimals.ljust(like.places, '0')}"
    return f"{number}{like.printed_unit}"
