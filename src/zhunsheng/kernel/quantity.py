"""Quantities: a decimal with unit, printed precision and hedge, and the interval it stands for."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from zhunsheng.kernel.interval import Interval
from zhunsheng.kernel.money import Money
from zhunsheng.kernel.rounding import places_of, plain


class Hedge(StrEnum):
    """A word that makes a printed figure inexact."""

    NONE = ""
    ABOUT = "约"
    NEARLY = "近"
    OVER = "超"
    MORE = "余"


@dataclass(frozen=True, slots=True)
class Quantity:
    """A figure as written.

    Attributes:
        value: the number before `unit`, exactly as printed: 44.68 in "约44.68万户".
        unit: unit without multiplier: "户", "元", "%", "" for a bare number.
        multiplier: 1, 10,000 (万) or 100,000,000 (亿) and the like, as printed before the unit.
        hedge: the word that makes it inexact, if any.
    """

    value: Decimal
    unit: str = ""
    multiplier: int = 1
    hedge: Hedge = Hedge.NONE

    @property
    def amount(self) -> Decimal:
        """The number in the bare unit: 446,800 for "44.68万户", 1 for "1%"."""
        return self.value * self.multiplier

    @property
    def places(self) -> int:
        """Printed decimals."""
        return places_of(self.value)

    def interval(self) -> Interval:
        """All amounts that this figure may stand for, from its printed precision and hedge.

        A figure printed with n decimals was rounded half-up, so it stands for half a unit of the
        last place on each side (the upper end excluded for positive values, the lower for negative).
        超 and 余 mean at least the printed value; 近 means at most; 约 widens by one unit of the last
        place on each side.
        """
        last_place = Fraction(self.multiplier) / Fraction(10) ** self.places
        exact = Fraction(self.amount)
        half = last_place / 2
        if self.hedge in {Hedge.OVER, Hedge.MORE}:
            return Interval(exact, None, self.hedge is Hedge.MORE, False)
        if self.hedge is Hedge.NEARLY:
            return Interval(exact - 10 * last_place, exact, False, False)
        if self.hedge is Hedge.ABOUT:
            return Interval(exact - last_place, exact + last_place)
        if exact < 0:
            return Interval(exact - half, exact + half, False, True)
        return Interval(exact - half, exact + half, True, False)

    def as_money(self) -> Money | None:
        """The amount of money, when the unit is 元."""
        return Money(self.amount) if self.unit == "元" else None

    @property
    def printed_unit(self) -> str:
        """Unit with its multiplier, such as 万元."""
        return multiplier_word(self.multiplier) + self.unit

    def __str__(self) -> str:
        number = f"{self.value:,f}" if self.value >= 10000 and not self.unit else plain(self.value)
        if self.hedge is Hedge.MORE:
            return f"{number}{multiplier_word(self.multiplier)}余{self.unit}"
        return f"{self.hedge.value}{number}{self.printed_unit}"


_WORDS = {1: "", 1_000: "千", 10_000: "万", 1_000_000: "百万", 100_000_000: "亿", 1_000_000_000_000: "万亿"}


def multiplier_word(multiplier: int) -> str:
    """The Chinese word of a multiplier: 万 for 10,000."""
    return _WORDS[multiplier]


def comparable(one: Quantity, other: Quantity) -> bool:
    """Whether two quantities are of the same unit, multipliers aside (万元 and 亿元 are)."""
    return one.unit == other.unit
