"""Score curves: the share of the points as an exact piecewise function of one number.

Every quantitative rule is a curve, used twice: to score, and to be proved sound. Because each piece is
constant, linear or reciprocal, it is monotone, so bounds and direction follow exactly from its ends;
nothing is sampled.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction
from itertools import pairwise

from zhunsheng.kernel.interval import Interval
from zhunsheng.kernel.rounding import exact_decimal


class Direction(Enum):
    """How the share may change as the number grows."""

    RISING = "rising"
    FALLING = "falling"
    ANY = "any"


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece: share(x) = constant + slope·x + reciprocal/x on `interval`.

    Attributes:
        known: False when the share on this interval is unknown (null in the definition).
        candidate: a share somebody proposes where it is unknown; never used as if it were known.
    """

    interval: Interval
    constant: Fraction = Fraction(0)
    slope: Fraction = Fraction(0)
    reciprocal: Fraction = Fraction(0)
    known: bool = True
    candidate: Fraction | None = None

    def at(self, x: Fraction) -> Fraction:
        """The share at `x`, which must lie in the interval."""
        share = self.constant + self.slope * x
        return share + self.reciprocal / x if self.reciprocal else share

    def limit(self, end: Fraction | None) -> Fraction | None:
        """The share at an end of the interval; None means unbounded."""
        if end is not None:
            return self.at(end)
        if self.slope:
            return None
        return self.constant  # the reciprocal term vanishes at infinity

    @property
    def growth(self) -> int:
        """+1 rising, −1 falling, 0 constant on the interval."""
        if self.slope:
            return 1 if self.slope > 0 else -1
        if self.reciprocal:
            return -1 if self.reciprocal > 0 else 1
        return 0


@dataclass(frozen=True, slots=True)
class Flaw:
    """What is wrong with a curve: a stable short name and a sentence in Chinese."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Curve:
    """Pieces over a domain; `direction` is what the rule promises.

    Attributes:
        domain: all numbers that may occur.
        what: Chinese name of the number.
    """

    pieces: tuple[Piece, ...]
    domain: Interval
    direction: Direction
    what: str

    def piece_at(self, x: Fraction) -> Piece | None:
        """The piece that holds `x`; None in a hole. In an overlap the first one counts."""
        for piece in self.pieces:
            if x in piece.interval:
                return piece
        return None

    def flaws(self) -> Iterator[Flaw]:
        """Everything that makes the curve unsound. Silence is a proof."""
        ordered = sorted(self.pieces, key=_start)
        for piece in ordered:
            if piece.interval.is_empty:
                yield Flaw("empty", f"{self.what}的区间 {piece.interval} 不含任何数")
        yield from self._coverage(ordered)
        for piece in ordered:
            if piece.known:
                yield from self._bounds(piece)
        if self.direction is not Direction.ANY:
            yield from self._order(ordered)

    def _coverage(self, ordered: list[Piece]) -> Iterator[Flaw]:
        reached: tuple[Fraction | None, bool] = (self.domain.low, not self.domain.low_closed)
        finished = False
        for piece in ordered:
            interval = piece.interval
            if finished:
                yield Flaw("overlap", f"{self.what}的区间 {interval} 与前面的区间重叠")
                continue
            hole = _between(reached, interval)
            if hole:
                yield Flaw("hole", f"{self.what}{hole}不在任何区间内")
            elif _overlaps(reached, interval):
                yield Flaw("overlap", f"{self.what}的区间 {interval} 与前面的区间重叠")
            if interval.high is None:
                finished = True
            else:
                reached = (interval.high, interval.high_closed)
        if not finished:
            missing = _rest(reached, self.domain)
            if missing:
                yield Flaw("hole", f"{self.what}{missing}不在任何区间内")

    def _bounds(self, piece: Piece) -> Iterator[Flaw]:
        zero_inside = piece.interval.meets(Interval.point(0)) or Fraction(0) in {
            piece.interval.low,
            piece.interval.high,
        }
        if piece.reciprocal and zero_inside:
            yield Flaw("division", f"{self.what}在 {piece.interval} 上可能除以零")
            return
        for end in (piece.interval.low, piece.interval.high):
            share = piece.limit(end)
            if share is None or not 0 <= share <= 1:
                shown = "无界" if share is None else f"{exact_decimal(share * 100)}%"
                yield Flaw("bounds", f"{self.what}在 {piece.interval} 上的得分比例为{shown}，超出 0～100%")
                return

    def _order(self, ordered: list[Piece]) -> Iterator[Flaw]:
        wanted = 1 if self.direction is Direction.RISING else -1
        word = "上升" if wanted > 0 else "下降"
        known = [piece for piece in ordered if piece.known]
        for piece in known:
            if piece.growth == -wanted:
                yield Flaw("direction", f"{self.what}在 {piece.interval} 上得分方向相反（应{word}）")
        for left, right in pairwise(known):
            before, after = left.limit(left.interval.high), right.limit(right.interval.low)
            if before is not None and after is not None and (after - before) * wanted < 0:
                yield Flaw(
                    "direction", f"{self.what}从 {left.interval} 到 {right.interval} 得分方向相反（应{word}）"
                )


def _start(piece: Piece) -> tuple[int, Fraction, int]:
    low = piece.interval.low
    if low is None:
        return (0, Fraction(0), 0)
    return (1, low, 0 if piece.interval.low_closed else 1)


def _between(reached: tuple[Fraction | None, bool], interval: Interval) -> str:
    """What lies between the end reached so far and the next interval, in words; "" when nothing."""
    end, included = reached
    if interval.low is None or end is None:
        return "" if interval.low is None else f"小于 {exact_decimal(interval.low)} 的值"
    if interval.low > end:
        return f"从 {exact_decimal(end)} 到 {exact_decimal(interval.low)} 之间的值"
    if interval.low == end and not included and not interval.low_closed:
        return f"恰为 {exact_decimal(end)} 的值"
    return ""


def _overlaps(reached: tuple[Fraction | None, bool], interval: Interval) -> bool:
    end, included = reached
    if end is None:
        return False
    if interval.low is None or interval.low < end:
        return True
    return interval.low == end and included and interval.low_closed


def _rest(reached: tuple[Fraction | None, bool], domain: Interval) -> str:
    end, included = reached
    if end is None:
        return ""
    if domain.high is None or end < domain.high:
        return f"大于 {exact_decimal(end)} 的值"
    if end == domain.high and domain.high_closed and not included:
        return f"恰为 {exact_decimal(end)} 的值"
    return ""
