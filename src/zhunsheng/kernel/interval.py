"""Intervals with exact ends, written as in a textbook: `[80, 90)`, `(90, ∞)`."""

import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from zhunsheng.kernel.rounding import exact_decimal

_WRITTEN = re.compile(r"^([\[(（])\s*([^,，\s]+)\s*[,，]\s*([^,，\s]+)\s*([\])）])$")
_PLUS_INFINITY = {"∞", "+∞", "inf", "+inf"}
_MINUS_INFINITY = {"-∞", "−∞", "-inf"}


@dataclass(frozen=True, slots=True)
class Interval:
    """A set of numbers between two ends.

    Attributes:
        low: lower end, or None for −∞.
        high: upper end, or None for +∞.
        low_closed: whether the lower end belongs to the interval.
        high_closed: whether the upper end belongs to the interval.
    """

    low: Fraction | None
    high: Fraction | None
    low_closed: bool = True
    high_closed: bool = True

    @classmethod
    def parse(cls, text: str) -> "Interval":
        """Read `[0, 0.6)` and the like.

        Raises:
            ValueError: the text is not an interval, or its ends are the wrong way round; ∞ as a lower end
                and -∞ as an upper end are wrong ways round too, never read as the other infinity.
        """
        match = _WRITTEN.match(text.strip())
        if match is None:
            raise ValueError(f"not an interval: {text!r}")
        opening, low_text, high_text, closing = match.groups()
        if low_text in _PLUS_INFINITY or high_text in _MINUS_INFINITY:
            raise ValueError(f"the ends are the wrong way round: {text!r}")
        low = None if low_text in _MINUS_INFINITY else Fraction(Decimal(low_text))
        high = None if high_text in _PLUS_INFINITY else Fraction(Decimal(high_text))
        if low is not None and high is not None and low > high:
            raise ValueError(f"the ends are the wrong way round: {text!r}")
        return cls(low, high, opening == "[" and low is not None, closing == "]" and high is not None)

    @classmethod
    def point(cls, value: Fraction | int) -> "Interval":
        """The interval that holds one number."""
        return cls(Fraction(value), Fraction(value))

    def __contains__(self, value: Fraction | int | Decimal) -> bool:
        exact = Fraction(value)
        above = self.low is None or exact > self.low or (self.low_closed and exact == self.low)
        below = self.high is None or exact < self.high or (self.high_closed and exact == self.high)
        return above and below

    def __str__(self) -> str:
        opening = "[" if self.low_closed and self.low is not None else "("
        closing = "]" if self.high_closed and self.high is not None else ")"
        low = "-∞" if self.low is None else exact_decimal(self.low)
        high = "∞" if self.high is None else exact_decimal(self.high)
        return f"{opening}{low}, {high}{closing}"

    @property
    def is_empty(self) -> bool:
        """Whether no number lies in the interval."""
        return self.low is not None and self.low == self.high and not (self.low_closed and self.high_closed)

    def meets(self, other: "Interval") -> bool:
        """Whether some number lies in both."""
        return not (self.left_of(other) or other.left_of(self))

    def left_of(self, other: "Interval") -> bool:
        """Whether every number here is smaller than every number there."""
        if self.high is None or other.low is None:
            return False
        if self.high == other.low:
            return not (self.high_closed and other.low_closed)
        return self.high < other.low
