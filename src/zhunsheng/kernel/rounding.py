"""Rounding: half-up (四舍五入), in this one place.

Scores and money are decimals or exact fractions; binary floats never enter.
"""

from decimal import Decimal, localcontext
from fractions import Fraction

# Digits kept when an exact fraction must be shown as a decimal before rounding; far beyond any
# printed precision, and irrelevant to the result because ties are decided on the fraction itself.
_WORKING_PRECISION = 60
# whole numbers below this are exact in the context every thread starts with (28 digits)
_EVERY_CONTEXT = 10**27


def half_up(value: Decimal | Fraction | int, places: int) -> Decimal:
    """Round to `places` decimals, ties away from zero, from the exact value.

    Args:
        value: an exact number. Floats are refused by type.
        places: number of decimals to keep; negative rounds to tens, hundreds.

    >>> half_up(Decimal("9.975"), 2)
    Decimal('9.98')
    >>> half_up(Fraction(2, 3), 2)
    Decimal('0.67')
    """
    if isinstance(value, float):
        raise TypeError("binary floats are never rounded here")
    top, bottom = value.as_integer_ratio()
    # whole numbers throughout: this is the most called function of a scoring
    if places >= 0:
        whole, rest = divmod(abs(top) * 10**places, bottom)
    else:
        bottom *= 10**-places
        whole, rest = divmod(abs(top), bottom)
    if 2 * rest >= bottom:
        whole += 1
    if top < 0:
        whole = -whole
    if -_EVERY_CONTEXT < whole < _EVERY_CONTEXT:
        return Decimal(whole).scaleb(-places)
    with localcontext() as context:
        context.prec = max(_WORKING_PRECISION, len(str(abs(whole))) + abs(places) + 2)
        return Decimal(whole).scaleb(-places)


def places_of(value: Decimal) -> int:
    """Number of decimals a decimal was written with (0 for whole numbers)."""
    exponent = value.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def exact_decimal(value: Fraction, limit: int = 12) -> str:
    """Show an exact fraction: all its decimals if it has at most `limit`, otherwise rounded with "…".

    >>> exact_decimal(Fraction(43, 125))
    '0.344'
    >>> exact_decimal(Fraction(1, 3), 4)
    '0.3333…'
    """
    places, denominator = 0, value.denominator
    while denominator > 1 and places <= limit:
        # each further decimal takes one factor of 2 and one of 5 out of the denominator
        for prime in (2, 5):
            if denominator % prime == 0:
                denominator //= prime
        places += 1
    if denominator == 1 and places <= limit:
        return plain(half_up(value, places))
    return f"{plain(half_up(value, limit))}…"


def plain(value: Decimal) -> str:
    """A decimal without exponent, keeping its written decimals.

    >>> plain(Decimal("1E+3"))
    '1000'
    """
    return f"{value:f}"


def score_text(score: Decimal) -> str:
    """A score as reports print it: whole numbers without decimals, all others with two at least.

    >>> score_text(Decimal("5.00")), score_text(Decimal("5.7"))
    ('5', '5.70')
    """
    if score == score.to_integral_value():
        return plain(score.to_integral_value())
    return plain(score) if places_of(score) >= 2 else plain(score.quantize(Decimal("0.01")))
