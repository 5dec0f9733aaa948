"""Splitting points so that the parts sum to the whole exactly."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction


def distribute(total: Decimal, weights: Sequence[Decimal], places: int = 2) -> list[Decimal]:
    """Split `total` by `weights` into parts with `places` decimals that sum to it exactly.

    The largest remainders get the odd units; ties go to the earlier weight. All weights 0 means equal
    parts. `total` must itself have no more than `places` decimals.

    >>> distribute(Decimal(2), [Decimal(1)] * 3)
    [Decimal('0.67'), Decimal('0.67'), Decimal('0.66')]
    """
    if not weights:
        return []
    sum_of_weights = sum(weights, Decimal(0))
    shares = (
        [Fraction(weight) / Fraction(sum_of_weights) for weight in weights]
        if sum_of_weights
        else [Fraction(1, len(weights))] * len(weights)
    )
    units = Fraction(total) * 10**places
    exact = [share * units for share in shares]
    floors = [part.numerator // part.denominator for part in exact]
    missing = int(units) - sum(floors)
    by_remainder = sorted(range(len(weights)), key=lambda index: (floors[index] - exact[index], index))
    for index in by_remainder[:missing]:
        floors[index] += 1
    return [Decimal(part).scaleb(-places) for part in floors]
