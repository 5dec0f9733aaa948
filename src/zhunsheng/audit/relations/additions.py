"""Sums: a whole and its parts, whether they agree, and which figure is probably wrong where they do not.

Every addition is judged by the intervals its printed figures stand for. Additions that share figures are
judged together: one wrong figure usually breaks several of them, and the figure whose correction mends
most of them, breaking none, is the one to name.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import IntEnum
from fractions import Fraction
from functools import cached_property

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


@dataclass(frozen=True)
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

    @cached_property
    def total(self) -> Range:
        """The range of the sum of the parts as printed."""
        return sum_of(self.parts)

    @cached_property
    def by_number(self) -> Mapping[int, Part]:
        """Each part by the number of its figure."""
        return {part.numeral.number: part for part in self.parts}


_FARTHEST = 3
_MOST_PARTS = 500
_MOST_TOGETHER = 200
# how likely a slip is: a digit lost or added explains too many figures to say much
_POWERS = (1, -1, 4, -4, 2, -2, 3, -3)
_WEIGHT = {"unit": 3, "swapped": 3, "digit": 3, "point": 3, "sign": 2, "lost": 1, "extra": 1}

Corrections = Mapping[int, Quantity]


def _quantity(numeral: Numeral, corrections: Corrections) -> Quantity:
    corrected = corrections.get(numeral.number)
    if corrected is not None:
        return corrected
    if numeral.quantity is None:
        raise ValueError(f"not a quantity: {numeral.text!r}")
    return numeral.quantity


def sum_of(parts: Iterable[Part]) -> Range:
    """The range of a sum of parts, in the bare unit."""
    low = exact = high = Fraction(0)
    for part in parts:
        each = _range(part.numeral, {})
        if part.sign < 0:
            each = -each
        low, exact, high = low + each.low, exact + each.exact, high + each.high
    return Range(low, exact, high)


def _range(numeral: Numeral, corrections: Corrections) -> Range:
    quantity = _quantity(numeral, corrections)
    return whole(quantity) if numeral.dimension is Dimension.COUNT else range_of(quantity)


def agreement_of(addition: Addition, corrections: Corrections | None = None) -> Agreement:
    """How the printed whole stands to the sum of its parts."""
    changed = corrections or {}
    return agree(
        _quantity(addition.whole, changed),
        _total_with(addition, changed),
        counted=addition.whole.dimension is Dimension.COUNT,
    )


def _total_with(addition: Addition, corrections: Corrections) -> Range:
    """The sum with some figures changed, worked out from the sum as printed."""
    total = addition.total
    for number, quantity in corrections.items():
        part = addition.by_number.get(number)
        if part is None:
            continue
        was, now = _range(part.numeral, {}), _range(part.numeral, {number: quantity})
        if part.sign < 0:
            was, now = -was, -now
        total = Range(
            total.low - was.low + now.low,
            total.exact - was.exact + now.exact,
            total.high - was.high + now.high,
        )
    return total


def is_telling(addition: Addition) -> bool:
    """Whether an agreement says something: a whole that is not 0."""
    return bool(addition.whole.amount)


def needed(addition: Addition, numeral: Numeral) -> Fraction | None:
    """The amount one figure must have for the addition to hold; None when it is not part of it."""
    gap = addition.whole.amount - addition.total.exact
    if numeral.number == addition.whole.number:
        return addition.whole.amount - gap
    part = addition.by_number.get(numeral.number)
    return None if part is None else numeral.amount + part.sign * gap


@dataclass(frozen=True, slots=True)
class Correction:
    """An amount with which an addition holds, and the slip that turned it into the printed figure."""

    amount: Fraction
    slip: Slip | None


def correction_of(addition: Addition, numeral: Numeral) -> Correction | None:
    """The amount one figure must have for the addition to hold.

    Sums of rounded figures hold within a few units of the last place, so that amounts close by are tried
    too, and one that a slip explains is preferred.
    """
    amount = needed(addition, numeral)
    if amount is None or numeral.quantity is None:
        return None
    scaled = _scaled(addition, numeral)
    if scaled is not None:
        return scaled
    step = last_place(numeral.quantity)
    # a moved point leaves a figure with more or fewer decimals than it should have
    for fine in (step, step / 10, step / 100) if amount % step else (step,):
        near = round(amount / fine) * fine
        for away in range(_reach(addition, fine) + 1):
            for candidate in {near + away * fine, near - away * fine}:
                slip = _slip(numeral, candidate, point_only=fine != step)
                if slip is not None:
                    return Correction(candidate, slip)
    return Correction(round(amount / step) * step, None)


def _scaled(addition: Addition, numeral: Numeral) -> Correction | None:
    """The correction of a moved point or of a unit ten thousand times too small or too great."""
    quantity = numeral.quantity
    if quantity is None or not numeral.amount or digits_of(numeral) < 2:
        return None
    spread = addition.total
    for power in _POWERS:
        amount = numeral.amount * Fraction(10) ** power
        if abs(amount) <= 2 * (spread.high - spread.low):
            continue  # so small that leaving the figure out altogether would explain as much
        if agreement_of(addition, {numeral.number: with_amount(quantity, amount)}).holds:
            if abs(power) >= 4:
                return Correction(amount, Slip("unit", "单位写错"))
            return Correction(amount, Slip("point", "小数点错位"))
    return None


def _reach(addition: Addition, step: Fraction) -> int:
    """How many last places off a sum of rounded figures may be."""
    width = addition.total
    return min(_FARTHEST, int((width.high - width.low) / 2 / step))


def _slip(numeral: Numeral, amount: Fraction, *, point_only: bool) -> Slip | None:
    if numeral.quantity is None or (amount < 0 <= numeral.amount and amount != -numeral.amount):
        return None
    slip = slip_between(numeral.quantity.value, amount / numeral.quantity.multiplier)
    return None if slip is not None and point_only and slip.name != "point" else slip


def with_amount(quantity: Quantity, amount: Fraction) -> Quantity:
    """The quantity with another amount, in the same unit."""
    scaled = amount / quantity.multiplier
    places = next(
        (
            each
            for each in range(quantity.places, quantity.places + 4)
            if (scaled * 10**each).denominator == 1
        ),
        quantity.places,
    )
    return replace(quantity, value=Decimal(round(scaled * 10**places)).scaleb(-places))


def digits_of(numeral: Numeral) -> int:
    """How many digits a figure is printed with."""
    return len(numeral.quantity.value.as_tuple().digits) if numeral.quantity is not None else 0


def explained_by_slip(addition: Addition, least_digits: int = 3) -> bool:
    """Whether one slip in one figure of some length explains why a sum does not hold.

    In a sum of very many figures some slip always fits, which explains nothing.
    """
    if len(addition.parts) > _MOST_PARTS:
        return False
    for numeral in addition.numerals:
        if digits_of(numeral) < least_digits:
            continue
        correction = correction_of(addition, numeral)
        if correction is not None and correction.slip is not None:
            return True
    return False


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
    mended: frozenset[int]
    broken: int
    slip: Slip | None
    as_whole: bool
    negative: bool

    def rank(self, open_ones: set[int]) -> tuple[int, int, int]:
        """How well the figure explains the additions not yet explained."""
        weight = _WEIGHT.get(self.slip.name, 1) if self.slip is not None else 0
        return (len(self.mended & open_ones) - self.broken - self.negative, weight, self.as_whole)


def faults(additions: Sequence[Addition]) -> list[Fault]:
    """Name a wrong figure for every addition that does not hold.

    Each failed addition is explained by exactly one fault.
    """
    failed = [index for index, each in enumerate(additions) if not agreement_of(each).holds]
    using: dict[int, list[int]] = {}
    for index, addition in enumerate(additions):
        for numeral in addition.numerals:
            using.setdefault(numeral.number, []).append(index)
    possible = {index: _suspects(additions, index, set(failed), using) for index in failed}
    found: list[Fault] = []
    for together in _sharing(failed, possible):
        found.extend(_explained(additions, possible, together))
    return sorted(found, key=lambda fault: (-len(fault.failed), fault.numeral.number))


def _sharing(failed: Sequence[int], possible: Mapping[int, Sequence[_Suspect]]) -> list[set[int]]:
    """The failed additions in groups that some figure could mend together."""
    leader = {index: index for index in failed}

    def lead(index: int) -> int:
        while leader[index] != index:
            leader[index] = leader[leader[index]]
            index = leader[index]
        return index

    for index, suspects in possible.items():
        for suspect in suspects:
            for other in suspect.mended:
                leader[lead(other)] = lead(index)
    groups: dict[int, set[int]] = {}
    for index in failed:
        groups.setdefault(lead(index), set()).add(index)
    return list(groups.values())


def _explained(
    additions: Sequence[Addition], possible: Mapping[int, Sequence[_Suspect]], together: set[int]
) -> Iterator[Fault]:
    open_ones = set(together)
    if len(together) > _MOST_TOGETHER:
        # so many faults at once are no slips of the pen; each is named by itself
        for index in sorted(together):
            best, rivals = _best(possible, {index})
            yield Fault(best.numeral, best.amount, (additions[index],), best.slip, rivals)
        return
    while open_ones:
        best, rivals = _best(possible, open_ones)
        mended = best.mended & open_ones
        yield Fault(
            best.numeral,
            best.amount,
            tuple(additions[index] for index in sorted(mended)),
            best.slip,
            rivals,
        )
        open_ones -= mended


def _best(
    possible: Mapping[int, Sequence[_Suspect]], open_ones: set[int]
) -> tuple[_Suspect, tuple[Numeral, ...]]:
    """The suspect that mends most of the open additions, and the figures that would explain as much."""
    suspects = {
        (each.numeral.number, each.amount): each for index in sorted(open_ones) for each in possible[index]
    }
    ranked = {key: each.rank(open_ones) for key, each in suspects.items()}
    chosen = max(suspects, key=lambda key: (ranked[key], -key[0]))
    best = suspects[chosen]
    mended = best.mended & open_ones
    rivals = tuple(
        each.numeral
        for key, each in suspects.items()
        if key[0] != chosen[0] and ranked[key][:2] == ranked[chosen][:2] and each.mended & open_ones == mended
    )
    return best, rivals


def _suspects(
    additions: Sequence[Addition],
    index: int,
    failed: set[int],
    using: Mapping[int, Sequence[int]],
) -> list[_Suspect]:
    """Every figure of a failed addition, changed so that the addition holds.

    Of a sum of very many figures only the whole is suspected.
    """
    addition = additions[index]
    found: list[_Suspect] = []
    numerals = addition.numerals if len(addition.parts) <= _MOST_PARTS else (addition.whole,)
    for numeral in numerals:
        correction = correction_of(addition, numeral)
        if correction is None or numeral.quantity is None:
            continue
        amount = correction.amount
        changes = {numeral.number: with_amount(numeral.quantity, amount)}
        holding = {other for other in using[numeral.number] if agreement_of(additions[other], changes).holds}
        found.append(
            _Suspect(
                numeral,
                amount,
                frozenset(holding & failed | {index}),
                sum(1 for other in using[numeral.number] if other not in failed and other not in holding),
                correction.slip,
                numeral.number == addition.whole.number,
                amount < 0 <= numeral.amount and correction.slip is None,
            )
        )
    return found
