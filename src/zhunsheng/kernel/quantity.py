"""Quantities: a decimal with unit, printed precision and hedge, and the interval it stands for."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from zhunsheng.kernel.interval import Interval
from zhunsheng.kernel.money import Money
from zhunsheng.kernel.rounding import places_of, plain

MULTIPLIERS = {
    "": 1,
    "千": 1_000,
    "万": 10_000,
    "十万": 100_000,
    "百万": 1_000_000,
    "千万": 10_000_000,
    "亿": 100_000_000,
    "十亿": 10**9,
    "百亿": 10**10,
    "千亿": 10**11,
    "万亿": 10**12,
}
_WORDS = {multiplier: word for word, multiplier in MULTIPLIERS.items()}


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
        multiplier: one of `MULTIPLIERS`, as printed before the unit: 10,000 for 万.
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
        grouped = self.value >= 10000 and not self.unit and self.multiplier == 1
        return self.printed(f"{self.value:,f}" if grouped else plain(self.value))

    def printed(self, number: str) -> str:
        """`number`, which is the value as text, with hedge, multiplier and unit around it: 20余家, 约5万户."""
        if self.hedge is Hedge.MORE:
            return f"{number}{multiplier_word(self.multiplier)}余{self.unit}"
        return f"{self.hedge.value}{number}{self.printed_unit}"


def multiplier_word(multiplier: int) -> str:
    """The Chinese word of a multiplier: 万 for 10,000."""
    return _WORDS[multiplier]


def multiplier_of(unit: str) -> int:
    """The multiplier a written unit begins with: 10,000 for 万元, 1 for 元."""
    words = sorted(MULTIPLIERS, key=len, reverse=True)
    return MULTIPLIERS[next(word for word in words if unit.startswith(word))]


def comparable(one: Quantity, other: Quantity) -> bool:
    """Whether two quantities are of the same unit, multipliers aside (万元 and 亿元 are)."""
    return one.unit == other.unit
