"""Sums: a whole and its parts, whether they agree, and which figure is probably wrong where they do not.

Every addition is judged by the intervals its printed figures stand for. Additions that share figures are
judged together: one wrong figure usually breaks several of them, and the figure whose correction mends
most of them, breaking none, is the one to name.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import IntEnum
from fractions import Fraction

from zhunsheng.audit.agreement import Agreement, Range, agree, last_place, range_of, whole
from zhunsheng.audit.quantities.numeral import Numeral
from zhunsheng.audit.quantities.units import Dimension
from zhunsheng.audit.slips import Slip, slip_between
from zhunsheng.kernel.quantity import Quantity


class Strength(IntEnum):
    """How sure it is that the parts make up the whole."""

    POSSIBLE = 1
    LIKELY = 2
    CERTAIN = 3


@dataclass(frozen=True, slots=True)
class Part:
    """One figure of a sum.

    Attributes:
        label: its words, for messages.
        sign: -1 when it is taken away.
    """

    numeral: Numeral
    label: str = ""
    sign: int = 1


@dataclass(frozen=True, slots=True)
class Addition:
    """A whole and all its parts.

    Attributes:
        whole: the total as printed.
        label: its words.
        parts: what adds up to it; parts left blank are not listed.
        strength: how sure it is that these parts and no others make up the whole.
        basis: where the relation comes from, in Chinese, such as "科目编码".
        family: additions of one family stand or fall together.
    """

    whole: Numeral
    label: str
    parts: tuple[Part, ...]
    strength: Strength = Strength.LIKELY
    basis: str = ""
    family: tuple[str, ...] = ()

    @property
    def numerals(self) -> tuple[Numeral, ...]:
        """All figures, the whole first."""
        return (self.whole, *(part.numeral for part in self.parts))


Corrections = Mapping[int, Quantity]


def _quantity(numeral: Numeral, corrections: Corrections) -> Quantity:
    corrected = corrections.get(numeral.number)
    if corrected is not None:
        return corrected
    if numeral.quantity is None:
        raise ValueError(f"not a quantity: {numeral.text!r}")
    return numeral.quantity


def sum_of(parts: Iterable[Part], corrections: Corrections | None = None) -> Range:
    """The range of a sum of parts, in the bare unit."""
    low = exact = high = Fraction(0)
    for part in parts:
        each = _range(part.numeral, corrections or {})
        if part.sign < 0:
            each = -each
        low, exact, high = low + each.low, exact + each.exact, high + each.high
    return Range(low, exact, high)


def _range(numeral: Numeral, corrections: Corrections) -> Range:
    quantity = _quantity(numeral, corrections)
    return whole(quantity) if numeral.dimension is Dimension.COUNT else range_of(quantity)


def agreement_of(addition: Addition, corrections: Corrections | None = None) -> Agreement:
    """How the printed whole stands to the sum of its parts."""
    return agree(
        _quantity(addition.whole, corrections or {}),
        sum_of(addition.parts, corrections),
        counted=addition.whole.dimension is Dimension.COUNT,
    )


def is_telling(addition: Addition) -> bool:
    """Whether an agreement says something: a whole that is not 0."""
    return bool(addition.whole.amount)


def needed(addition: Addition, numeral: Numeral) -> Fraction | None:
    """The amount one figure must have for the addition to hold; None when it is not part of it."""
    gap = addition.whole.amount - sum_of(addition.parts).exact
    if numeral.number == addition.whole.number:
        return addition.whole.amount - gap
    for part in addition.parts:
        if part.numeral.number == numeral.number:
            return numeral.amount + part.sign * gap
    return None


def corrected(quantity: Quantity, amount: Fraction) -> Quantity | None:
    """The quantity with another amount in the same unit; None when it needs more decimals than printed."""
    scaled = amount / quantity.multiplier * 10**quantity.places
    if scaled.denominator != 1:
        return None
    return replace(quantity, value=Decimal(scaled.numerator).scaleb(-quantity.places))


def slip_for(numeral: Numeral, amount: Fraction) -> Slip | None:
    """The slip by which this amount became the printed figure."""
    if numeral.quantity is None:
        return None
    return slip_between(numeral.quantity.value, amount / numeral.quantity.multiplier)


@dataclass(frozen=True, slots=True)
class Fault:
    """A figure that is probably wrong, and the additions it spoils.

    Attributes:
        numeral: the figure.
        amount: the amount with which the failed additions hold.
        failed: those additions.
        slip: the slip that explains it, or None.
        rivals: other figures whose correction would explain as much.
    """

    numeral: Numeral
    amount: Fraction
    failed: tuple[Addition, ...]
    slip: Slip | None
    rivals: tuple[Numeral, ...] = ()

    @property
    def strength(self) -> Strength:
        """The strongest of the spoilt additions."""
        return max(each.strength for each in self.failed)


@dataclass(frozen=True, slots=True)
class _Suspect:
    numeral: Numeral
    amount: Fraction
    mended: tuple[int, ...]
    broken: int
    slip: Slip | None
    as_whole: bool

    @property
    def rank(self) -> tuple[int, int, int]:
        return (len(self.mended) - self.broken, self.slip is not None, self.as_whole)


def faults(additions: Sequence[Addition]) -> list[Fault]:
    """Name a wrong figure for every addition that does not hold.

    Each failed addition is explained by exactly one fault.
    """
    failed = [index for index, each in enumerate(additions) if not agreement_of(each).holds]
    using: dict[int, list[int]] = {}
    for index, addition in enumerate(additions):
        for numeral in addition.numerals:
            using.setdefault(numeral.number, []).append(index)
    found: list[Fault] = []
    open_ones = set(failed)
    while open_ones:
        suspects = _suspects(additions, open_ones, set(failed), using)
        best = max(suspects, key=lambda each: (each.rank, -each.numeral.number))
        rivals = tuple(
            each.numeral
            for each in suspects
            if each.numeral.number != best.numeral.number
            and each.rank[:2] == best.rank[:2]
            and each.mended == best.mended
        )
        found.append(
            Fault(
                best.numeral,
                best.amount,
                tuple(additions[index] for index in best.mended),
                best.slip,
                rivals,
            )
        )
        open_ones -= set(best.mended)
    return found


def _suspects(
    additions: Sequence[Addition],
    open_ones: set[int],
    failed: set[int],
    using: Mapping[int, Sequence[int]],
) -> list[_Suspect]:
    found: dict[tuple[int, Fraction], _Suspect] = {}
    for index in open_ones:
        addition = additions[index]
        for numeral in addition.numerals:
            amount = needed(addition, numeral)
            if amount is None or (numeral.number, amount) in found or numeral.quantity is None:
                continue
            quantity = corrected(numeral.quantity, amount) or _nearest(numeral.quantity, amount)
            changes = {numeral.number: quantity}
            # amounts that only tell apart by the last digit are one and the same correction
            mended = [
                other
                for other in using[numeral.number]
                if other in open_ones and agreement_of(additions[other], changes).holds
            ]
            if index not in mended:
                mended.append(index)
            broken = sum(
                1
                for other in using[numeral.number]
                if other not in failed and not agreement_of(additions[other], changes).holds
            )
            found[numeral.number, amount] = _Suspect(
                numeral,
                Fraction(quantity.amount),
                tuple(sorted(mended)),
                broken,
                slip_for(numeral, Fraction(quantity.amount)),
                numeral.number == addition.whole.number,
            )
    return list(found.values())


def _nearest(quantity: Quantity, amount: Fraction) -> Quantity:
    step = last_place(quantity)
    return corrected(quantity, round(amount / step) * step) or quantity
