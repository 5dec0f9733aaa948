"""Money: exact yuan inside, 万元 and 亿元 outside."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from zhunsheng.kernel.rounding import half_up, places_of, plain

MULTIPLIERS = {"元": 1, "千元": 1_000, "万元": 10_000, "百万元": 1_000_000, "亿元": 100_000_000}


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """An amount of money in yuan.

    Attributes:
        yuan: the exact amount; any number of decimals, because printed amounts such as
            1120.692 万元 are finer than the fen when they are converted.
    """

    yuan: Decimal

    @classmethod
    def of(cls, amount: Decimal | int | str, unit: str = "元") -> "Money":
        """An amount in `unit` (元, 千元, 万元, 百万元, 亿元), converted exactly.

        >>> Money.of("22918.66", "万元").yuan
        Decimal('229186600.00')
        """
        return cls(Decimal(amount) * MULTIPLIERS[unit])

    def in_unit(self, unit: str) -> Decimal:
        """The exact amount in `unit`; every multiplier is a power of ten, so nothing is lost."""
        return (self.yuan / MULTIPLIERS[unit]).normalize()

    def shown(self, unit: str = "万元", places: int = 2) -> str:
        """The amount in `unit`, rounded half-up, with thousands separators and without the unit.

        >>> Money.of("143788.29", "万元").shown()
        '143,788.29'
        """
        return f"{half_up(Fraction(self.yuan) / MULTIPLIERS[unit], places):,f}"

    def __add__(self, other: "Money") -> "Money":
        return Money(self.yuan + other.yuan)

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.yuan - other.yuan)

    def __neg__(self) -> "Money":
        return Money(-self.yuan)

    def __str__(self) -> str:
        amount = self.in_unit("万元")
        return f"{plain(amount if places_of(amount) else amount.quantize(Decimal(1)))}万元"


ZERO = Money(Decimal(0))
