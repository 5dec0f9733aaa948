"""Whole numbers that add up: scaling, splitting by shares, values with a given sum, rows chosen in a given number."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

Array: TypeAlias = npt.NDArray[Any]
"""Numbers of one column."""

EMPTY = -(2**31)
"""Stands for "no value" in columns of whole numbers, days and seconds."""

_FINEST = 1 << 40


def half_up(value: Fraction | Decimal | int) -> int:
    """The nearest whole number, halves away from zero."""
    exact = Fraction(value)
    whole = (abs(exact) + Fraction(1, 2)).__floor__()
    return whole if exact >= 0 else -whole


def scaled(value: int | Decimal, scale: Fraction) -> int:
    """A count at another scale, rounded half-up."""
    return half_up(Fraction(value) * scale)


def share_of(total: int, share: Decimal | Fraction) -> int:
    """The whole number whose ratio to a total is nearest to a share."""
    return half_up(Fraction(share) * total)


def printed_ratio(numerator: int, denominator: int, places: int, multiplier: int = 100) -> Decimal:
    """A ratio as it is printed, rounded half-up.

    Raises:
        ZeroDivisionError: the denominator is zero.
    """
    exact = Fraction(numerator * multiplier * 10**places, denominator)
    return Decimal(half_up(exact)).scaleb(-places)


def base_for(numerator: int, ratio: Decimal, places: int, multiplier: int = 100) -> int:
    """The denominator that gives a printed ratio; the nearest one when none gives it.

    Args:
        numerator: the part.
        ratio: as printed, times `multiplier`.
        places: decimal places of the printed ratio.
        multiplier: 100 for percentages.
    """
    if not ratio:
        return numerator
    middle = half_up(Fraction(numerator * multiplier) / Fraction(ratio))
    for step in range(50):
        for found in (middle - step, middle + step):
            if found >= max(numerator, 1) and printed_ratio(numerator, found, places, multiplier) == ratio:
                return found
    return max(middle, numerator)


def split(total: int, weights: Sequence[float] | Array) -> Array:
    """A total in whole parts proportional to weights (largest remainder, ties to the earlier part).

    Raises:
        ValueError: there are no weights above zero for a total above zero.
    """
    given = np.asarray(weights, dtype=np.float64)
    if total == 0:
        return np.zeros(len(given), dtype=np.int64)
    if given.sum() <= 0:
        raise ValueError("nothing to split by")
    # whole weights keep the parts the same on every machine
    whole = np.maximum(np.rint(given / given.sum() * _FINEST), 0).astype(np.int64)
    exact = [total * int(each) for each in whole]
    base = int(whole.sum())
    parts = np.array([each // base for each in exact], dtype=np.int64)
    order = sorted(range(len(exact)), key=lambda place: (-(exact[place] % base), place))
    for place in order[: total - int(parts.sum())]:
        parts[place] += 1
    return parts


def summing_to(total: int, shape: Array, least: int = 0) -> Array:
    """Whole numbers in the proportions of a shape, none below `least`, that add up to a total exactly.

    Raises:
        ValueError: so many values of at least `least` are more than the total.
    """
    size = len(shape)
    if size == 0:
        if total:
            raise ValueError("nothing to put the total in")
        return np.zeros(0, dtype=np.int64)
    rest = total - least * size
    if rest < 0:
        raise ValueError("the total is too small for its parts")
    given = np.maximum(np.asarray(shape, dtype=np.float64), 0.0)
    given = given / given.sum() if given.sum() > 0 else np.full(size, 1 / size)
    values = np.floor(given * rest).astype(np.int64)
    missing = rest - int(values.sum())
    # floor of a float product may be one off in either direction; both are mended on the largest values
    order = np.argsort(-given, kind="stable")
    if missing < 0:
        values[order[:-missing]] -= 1
        missing = 0
    whole, extra = divmod(missing, size)
    values += whole
    values[order[:extra]] += 1
    found: Array = values + least
    return found


def chosen(random: np.random.Generator, size: int, count: int) -> Array:
    """A column of true and false with exactly `count` true, at random places."""
    marks = np.zeros(size, dtype=bool)
    if count >= size:
        marks[:] = True
    elif count > 0:
        marks[random.choice(size, count, replace=False)] = True
    return marks


def coded_by_share(random: np.random.Generator, size: int, shares: Sequence[float]) -> Array:
    """Codes 0, 1, 2 ... in exactly the proportions of shares, at random places."""
    counts = split(size, shares)
    codes = np.repeat(np.arange(len(counts), dtype=np.int64), counts)
    random.shuffle(codes)
    return codes


def rounded(value: Decimal, places: int) -> Decimal:
    """A number to so many decimal places, half-up."""
    return value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
