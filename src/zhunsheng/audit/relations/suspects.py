"""Which figure of a relation that fails is probably the wrong one.

Each figure is replaced in turn by what the others imply. The one whose implied value stands elsewhere
in the document, or is one slip of the pen away, is the most probable.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from zhunsheng.audit.agreement import Range, as_printed, range_of
from zhunsheng.audit.quantities.numeral import Numeral
from zhunsheng.audit.reading import Reading
from zhunsheng.audit.slips import slip_between
from zhunsheng.kernel.quantity import Quantity

# a slip is believed only where the relation leaves few values to choose from
_FEW = 1
_TELLING = 4


@dataclass(frozen=True, slots=True)
class Implied:
    """A figure of the relation and the values the other figures leave for it, in its bare unit."""

    figure: Numeral
    allowed: Range


@dataclass(frozen=True, slots=True)
class Suspect:
    """The figure probably wrong.

    Attributes:
        true: the value it probably should have, printed like the figure.
        reason: in Chinese.
        witness: a place where the probable value stands, or None.
    """

    figure: Numeral
    true: str
    reason: str
    witness: Numeral | None = None


def suspect_of(
    reading: Reading,
    implied: Sequence[Implied],
    default: Implied,
    label_of: Callable[[Numeral], str] | None = None,
) -> Suspect:
    """The most probable culprit of a relation.

    Args:
        implied: every figure of the relation with what the others leave for it.
        default: the computed figure, blamed when nothing else speaks.
        label_of: names a figure; a witness must share the name (or stand in the same passage).
    """
    for each in implied:
        witness = _witness(reading, each, [one.figure for one in implied], label_of)
        if witness is not None and witness.quantity is not None:
            return Suspect(each.figure, witness.text, f"与另一处所写 {witness.text} 一致", witness)
    others = [one for one in implied if one.figure.number != default.figure.number]
    for each in [default, *[one for one in others if _tells(one.figure)]]:
        found = slips_within(each)
        if len(found) == _FEW:
            quantity, explanation = found[0]
            return Suspect(each.figure, as_printed(Fraction(quantity.amount), quantity), explanation)
    printed = default.figure.quantity
    true = as_printed(default.allowed.exact, printed) if printed is not None else ""
    return Suspect(default.figure, true, "")


def _tells(figure: Numeral) -> bool:
    """Whether a figure has so many digits that one changed digit explains something."""
    return figure.quantity is not None and len(figure.quantity.value.as_tuple().digits) >= _TELLING


def _witness(
    reading: Reading,
    one: Implied,
    members: Sequence[Numeral],
    label_of: Callable[[Numeral], str] | None,
) -> Numeral | None:
    quantity = one.figure.quantity
    if quantity is None or quantity.unit in {"%", ""} or not one.allowed.exact:
        return None
    numbers = {each.number for each in members}
    name = label_of(one.figure) if label_of else ""
    for other in reading.numerals:
        if other.number in numbers or other.quantity is None or other.quantity.unit != quantity.unit:
            continue
        amount = Fraction(other.quantity.amount)
        if not amount or amount == Fraction(quantity.amount):
            continue
        if not one.allowed.low <= amount <= one.allowed.high:
            continue
        if other.passage == one.figure.passage or (label_of and len(name) >= 3 and label_of(other) == name):
            return other
    return None


def slips_within(one: Implied) -> list[tuple[Quantity, str]]:
    """The figures one slip away from a printed one that the relation allows."""
    quantity = one.figure.quantity
    if quantity is None:
        return []
    found: dict[Decimal, tuple[Quantity, str]] = {}
    for value in _neighbours(quantity.value):
        changed = replace(quantity, value=value)
        stands_for = range_of(changed)
        if stands_for.low > one.allowed.high or one.allowed.low > stands_for.high:
            continue
        slip = slip_between(quantity.value, value)
        if slip is not None:
            found.setdefault(value.normalize(), (changed, slip.explanation))
    swapped = [each for each in found.values() if "颠倒" in each[1]]
    return swapped if len(swapped) == 1 else list(found.values())


def _neighbours(value: Decimal) -> list[Decimal]:
    sign, digits, exponent = value.as_tuple()
    if not isinstance(exponent, int) or len(digits) > 14:
        return []
    found = [-value]
    for index, digit in enumerate(digits):
        found.extend(
            _decimal(sign, (*digits[:index], other, *digits[index + 1 :]), exponent)
            for other in range(10)
            if other != digit
        )
        if index + 1 < len(digits) and digits[index + 1] != digit:
            swapped = (*digits[:index], digits[index + 1], digit, *digits[index + 2 :])
            found.append(_decimal(sign, swapped, exponent))
        if len(digits) > 1:
            found.append(_decimal(sign, (*digits[:index], *digits[index + 1 :]), exponent))
    found.extend(_decimal(sign, digits, exponent + power) for power in (-4, -3, -2, -1, 1, 2, 3, 4))
    return found


def _decimal(sign: int, digits: tuple[int, ...], exponent: int) -> Decimal:
    return (
        Decimal((sign, digits, min(exponent, 0))).scaleb(max(exponent, 0))
        if exponent > 0
        else Decimal((sign, digits, exponent))
    )
