"""Rules that hold an actual number against a target: proportional, inverse, exact.

x is the degree of achievement, actual ÷ target. A target of 0 has no ratio and its own rule
everywhere, so nothing is ever divided by zero.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from types import MappingProxyType

from zhunsheng.kernel.citation import UNSOURCED, Citation
from zhunsheng.kernel.grade import Grade
from zhunsheng.kernel.interval import Interval
from zhunsheng.kernel.rounding import exact_decimal
from zhunsheng.rubrics.curve import Curve, Direction, Flaw, Piece
from zhunsheng.rubrics.judgement import Basis, Judgement, Question, Wanted, missing

_NAMES = ("target", "actual")
_NUMBERS = MappingProxyType({"target": Wanted.NUMBER, "actual": Wanted.NUMBER})
_ZERO, _ONE = Fraction(0), Fraction(1)
_FROM_ZERO = Interval(_ZERO, None, True, False)
_X = "完成比例"


def percent(share: Fraction) -> str:
    """A share in percent, exact where possible.

    >>> percent(Fraction(43, 125))
    '34.4%'
    """
    return f"{exact_decimal(share * 100, 4)}%"


@dataclass(frozen=True, slots=True)
class _Pair:
    """Target and actual as numbers, with how they are printed."""

    target: Fraction
    actual: Fraction
    target_shown: str
    actual_shown: str


def _pair(question: Question) -> _Pair | Judgement:
    absent = missing(question, _NAMES)
    if absent is not None:
        return absent
    target, actual = question.inputs["target"], question.inputs["actual"]
    if not isinstance(target.value, Fraction) or not isinstance(actual.value, Fraction):
        return Judgement(None, Basis.INPUT_MISSING, reason="目标值或完成值不是数字，无法按比例计算")
    return _Pair(target.value, actual.value, target.shown, actual.shown)


def _by_curve(curve: Curve, pair: _Pair, missed: str, *, strict: bool = False) -> Judgement:
    if strict and pair.actual == pair.target:
        return _only_reached(pair)
    ratio = max(_ZERO, pair.actual) / pair.target
    piece = curve.piece_at(ratio)
    steps = [f"{_X} = {pair.actual_shown} ÷ {pair.target_shown} = {percent(ratio)}"]
    if pair.actual < 0:
        steps.insert(0, f"完成值 {pair.actual_shown} 小于 0，按 0 计")
    if piece is None:
        return Judgement(
            None, Basis.RULE_UNKNOWN, tuple(steps), f"{_X} {percent(ratio)} 不在规则的任何区间内"
        )
    share = piece.at(ratio)
    reason = "" if share == 1 else missed
    steps.append(f"得分比例 = {percent(share)}" + (f"（{missed}）" if reason else "（已达目标，得满分）"))
    return Judgement(share, Basis.COMPUTED, tuple(steps), reason, ratio)


def _only_reached(pair: _Pair) -> Judgement:
    """The target excludes its own value, and the actual is just that: missed, by how much no rule says.

    Pro rata would give everything for a miss, nothing would score it below an actual that is farther away;
    so a person gives less than full points.
    """
    step = f"完成值 {pair.actual_shown} 恰为目标值 {pair.target_shown}，目标不含该值，视为未达目标"
    return Judgement(
        None,
        Basis.RULE_UNKNOWN,
        (step,),
        "恰为目标值而目标不含该值，按比例仍为满分，须人工评定扣分",
        _ONE,
        (_ZERO, _ONE, False),
    )


@dataclass(frozen=True, slots=True)
class Proportional:
    """Reached → all points; missed → points × actual ÷ target.

    Attributes:
        pass_threshold: degree of achievement below which nothing is earned; None for no such limit.
        candidate: a threshold somebody proposes; reported as open, never applied.
    """

    pass_threshold: Fraction | None = None
    source: Citation = UNSOURCED
    candidate: Fraction | None = None
    type = "proportional"
    label = "按完成比例"
    names = _NAMES
    wants = _NUMBERS

    def curve(self) -> Curve:
        """Share over the degree of achievement."""
        return _rising_curve(self.pass_threshold or _ZERO)

    def judge(self, question: Question) -> Judgement:
        """See the class; a target of 0 or less is reached or missed, never a ratio."""
        pair = _pair(question)
        if isinstance(pair, Judgement):
            return pair
        if pair.target <= 0:
            return _all_or_nothing(
                pair,
                pair.actual > pair.target if question.strict else pair.actual >= pair.target,
                question.strict,
                "≥",
            )
        return _by_curve(self.curve(), pair, "未达目标，按完成比例得分", strict=question.strict)

    def flaws(self, points: Fraction) -> Iterator[Flaw]:  # noqa: ARG002 - shares do not depend on points
        """A threshold above 1 would take points from targets that are met."""
        if self.pass_threshold is not None and self.candidate is not None:
            yield Flaw("unused", "及格线已知，又写有候选及格线")
        for threshold in (self.pass_threshold, self.candidate):
            if threshold is not None and not 0 <= threshold <= 1:
                yield Flaw("bounds", f"及格线 {percent(threshold)} 不在 0～100% 内")
                return
        yield from self.curve().flaws()

    def unknowns(self) -> Iterator[str]:
        """Whether a threshold that somebody proposes holds; no threshold at all means none."""
        if self.candidate is not None:
            yield f"及格线（有候选值 {percent(self.candidate)}，未采用）"


# the same few curves score thousands of indicators
@lru_cache(maxsize=64)
def _rising_curve(start: Fraction) -> Curve:
    pieces = [Piece(Interval(_ONE, None, True, False), _ONE)]
    if start < 1:
        pieces.insert(0, Piece(Interval(start, _ONE, True, False), slope=_ONE))
    if start > 0:
        pieces.insert(0, Piece(Interval(_ZERO, start, True, False)))
    return Curve(tuple(pieces), _FROM_ZERO, Direction.RISING, _X)


@lru_cache(maxsize=64)
def _falling_curve(zero_at: Fraction) -> Curve:
    span = zero_at - 1
    return Curve(
        (
            Piece(Interval(_ZERO, _ONE), _ONE),
            Piece(Interval(_ONE, zero_at, False, False), zero_at / span, -1 / span),
            Piece(Interval(zero_at, None, True, False)),
        ),
        _FROM_ZERO,
        Direction.FALLING,
        _X,
    )


def _all_or_nothing(pair: _Pair, reached: bool, strict: bool, sign: str) -> Judgement:
    sign = {"≥": "＞", "≤": "＜"}.get(sign, sign) if strict else sign
    step = f"目标为 {pair.target_shown}，不计比例：完成值 {pair.actual_shown}，{'达到' if reached else '未达到'}（{sign}{pair.target_shown}）"
    share = _ONE if reached else _ZERO
    return Judgement(share, Basis.COMPUTED, (step,), "" if reached else "未达目标", None)


def _inverse(curve: Curve, question: Question, missed: str) -> Judgement:
    pair = _pair(question)
    if isinstance(pair, Judgement):
        return pair
    if pair.target <= 0:
        reached = pair.actual < pair.target if question.strict else pair.actual <= pair.target
        return _all_or_nothing(pair, reached, question.strict, "≤")
    return _by_curve(curve, pair, missed, strict=question.strict)


@dataclass(frozen=True, slots=True)
class InverseLinear:
    """Within the target → all points; beyond it falling linearly to 0 at `zero_at` times the target."""

    zero_at: Fraction = Fraction(2)
    source: Citation = UNSOURCED
    type = "inverse_linear"
    label = "反向线性扣减"
    names = _NAMES
    wants = _NUMBERS

    def curve(self) -> Curve:
        """Share over actual ÷ target."""
        return _falling_curve(self.zero_at)

    def judge(self, question: Question) -> Judgement:
        """See the class; with a target of 0 only an actual of 0 or less earns points."""
        return _inverse(self.curve(), question, "超过控制目标，按超出比例扣减")

    def flaws(self, points: Fraction) -> Iterator[Flaw]:  # noqa: ARG002
        """`zero_at` must lie above 1, otherwise the fall divides by zero or turns round."""
        if self.zero_at <= 1:
            yield Flaw("division", f"归零倍数 {exact_decimal(self.zero_at)} 必须大于 1")
        else:
            yield from self.curve().flaws()

    def unknowns(self) -> Iterator[str]:
        """Nothing."""
        yield from ()


@dataclass(frozen=True, slots=True)
class InverseRatio:
    """Within the target → all points; beyond it points × target ÷ actual."""

    source: Citation = UNSOURCED
    type = "inverse_ratio"
    label = "反向比例扣减"
    names = _NAMES
    wants = _NUMBERS

    def curve(self) -> Curve:
        """Share over actual ÷ target."""
        return Curve(
            (
                Piece(Interval(_ZERO, _ONE), _ONE),
                Piece(Interval(_ONE, None, False, False), reciprocal=_ONE),
            ),
            _FROM_ZERO,
            Direction.FALLING,
            _X,
        )

    def judge(self, question: Question) -> Judgement:
        """See the class; with a target of 0 only an actual of 0 or less earns points."""
        return _inverse(self.curve(), question, "超过控制目标，按目标与完成值之比得分")

    def flaws(self, points: Fraction) -> Iterator[Flaw]:  # noqa: ARG002
        """Silent for this fixed curve unless the curve itself were wrong."""
        yield from self.curve().flaws()

    def unknowns(self) -> Iterator[str]:
        """Nothing."""
        yield from ()


@dataclass(frozen=True, slots=True)
class Exact:
    """An exact target: 0 → full only at 0 or less; a number → `otherwise`; a grade → reached or not.

    A target below 0 has no ratio either: it is met by exactly its own value, not by anything lower.

    Attributes:
        otherwise: "proportional", "all_or_nothing" (any difference earns nothing) or "manual".
    """

    otherwise: str = "proportional"
    source: Citation = UNSOURCED
    type = "exact"
    label = "等于目标"
    names = _NAMES
    wants = MappingProxyType({"target": Wanted.MEASURED, "actual": Wanted.MEASURED})

    def judge(self, question: Question) -> Judgement:
        """See the class."""
        target, actual = question.inputs.get("target"), question.inputs.get("actual")
        if target and actual and isinstance(target.value, Grade) and isinstance(actual.value, Grade):
            return self._grades(target.value, actual.value)
        pair = _pair(question)
        if isinstance(pair, Judgement):
            return pair
        if pair.target == 0:
            return _all_or_nothing(pair, pair.actual <= 0, False, "＝")
        if pair.target < 0 and self.otherwise == "proportional":
            return _all_or_nothing(pair, pair.actual == pair.target, False, "＝")
        if self.otherwise == "proportional":
            return Proportional(source=self.source).judge(question)
        if pair.actual == pair.target:
            return Judgement(_ONE, Basis.COMPUTED, (f"完成值 {pair.actual_shown} 等于目标",), "", _ONE)
        ratio = pair.actual / pair.target if pair.target > 0 else None
        if self.otherwise == "manual":
            return Judgement(None, Basis.RULE_UNKNOWN, (), "完成值不等于目标，本评分体系要求人工评分", ratio)
        return Judgement(
            _ZERO,
            Basis.COMPUTED,
            (f"完成值 {pair.actual_shown} 不等于目标 {pair.target_shown}",),
            "不等于目标",
            ratio,
        )

    def _grades(self, target: Grade, actual: Grade) -> Judgement:
        if target.scale != actual.scale:
            return Judgement(None, Basis.INPUT_MISSING, reason=f"等级 {actual} 与 {target} 不是同一套等级")
        reached = actual >= target
        step = f"等级 {actual} {'达到' if reached else '低于'}目标 {target}"
        return Judgement(
            _ONE if reached else _ZERO, Basis.COMPUTED, (step,), "" if reached else "未达目标等级"
        )

    def flaws(self, points: Fraction) -> Iterator[Flaw]:
        """The proportional branch must be sound; the mode must exist."""
        if self.otherwise not in {"proportional", "all_or_nothing", "manual"}:
            yield Flaw("mode", f"不认识的方式“{self.otherwise}”")
        if self.otherwise == "proportional":
            yield from Proportional().flaws(points)

    def unknowns(self) -> Iterator[str]:
        """Nothing."""
        yield from ()
