"""Figures, names and lists as the findings quote them."""

from collections.abc import Iterable, Sequence
from fractions import Fraction

from zhunsheng.kernel.rounding import exact_decimal, half_up, plain

_LISTED = 6


def percent(value: Fraction, places: int = 2) -> str:
    """A share as a percentage without closing zeros.

    >>> percent(Fraction(304, 10000))
    '3.04%'
    """
    shown = plain(half_up(value * 100, places))
    return f"{shown.rstrip('0').rstrip('.') if '.' in shown else shown}%"


def number_text(value: Fraction) -> str:
    """A number with the decimals it needs, at most four; 约 before a rounded one.

    >>> number_text(Fraction(1, 3))
    '约 0.3333'
    """
    shown = exact_decimal(value, 4)
    return f"约 {shown.removesuffix('…')}" if shown.endswith("…") else shown


def listed(names: Sequence[str]) -> str:
    """Names one after the other; a long list is cut and counted.

    >>> listed(["甲", "乙"])
    '甲、乙'
    """
    if len(names) <= _LISTED:
        return "、".join(names)
    return f"{'、'.join(names[:_LISTED])}等 {len(names)} 项"


def found_words(text: str, words: Iterable[str]) -> tuple[str, ...]:
    """The words that occur in a text."""
    return tuple(word for word in words if word in text)
