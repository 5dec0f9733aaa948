"""Observed results beside a curve: they must not contradict it, nor one another."""

from collections.abc import Iterator
from fractions import Fraction

from zhunsheng.kernel.rounding import exact_decimal
from zhunsheng.rubrics.curve import Curve, Direction, Flaw, Piece
from zhunsheng.rubrics.formula import Formula
from zhunsheng.rubrics.judgement import KnownCase

_NAME = "known"


def known_case_flaws(formula: Formula, curve: Curve, cases: tuple[KnownCase, ...]) -> Iterator[Flaw]:
    """Known cases that are no shares, say nothing about the formula, or turn the direction round."""
    placed: list[tuple[Fraction, Fraction]] = []
    for case in cases:
        words = "、".join(f"{name}={exact_decimal(value)}" for name, value in case.inputs.items())
        if not 0 <= case.share <= 1:
            yield Flaw(_NAME, f"已知实例（{words}）的得分比例 {exact_decimal(case.share)} 不在 0～1 内")
            continue
        foreign = [name for name in case.inputs if name not in formula.names]
        value = formula.determined(case.inputs)
        if not case.inputs or foreign:
            yield Flaw(_NAME, f"已知实例（{words}）应给出公式 {formula.text} 中的数据，且不含其他数据")
        elif value is None:
            yield Flaw(_NAME, f"已知实例（{words}）的数据不足以算出公式 {formula.text} 的值")
        elif value not in curve.domain:
            yield Flaw(_NAME, f"已知实例（{words}）的值 {exact_decimal(value)} 不在可能的范围内")
        else:
            yield from _against(curve, value, case.share, placed)
            placed.append((value, case.share))


def _against(
    curve: Curve, value: Fraction, share: Fraction, placed: list[tuple[Fraction, Fraction]]
) -> Iterator[Flaw]:
    shown = f"已知实例（指标值 {exact_decimal(value)}，得分比例 {exact_decimal(share)}）"
    for other, its_share in placed:
        if (other == value and its_share != share) or _reversed(curve, value - other, share - its_share):
            yield Flaw(
                _NAME, f"{shown}与另一已知实例（{exact_decimal(other)}，{exact_decimal(its_share)}）矛盾"
            )
    for piece in curve.pieces:
        if piece.known and not piece.interval.is_empty and _contradicts(curve, piece, value, share):
            yield Flaw(_NAME, f"{shown}与区间 {piece.interval} 的得分矛盾")


def _contradicts(curve: Curve, piece: Piece, value: Fraction, share: Fraction) -> bool:
    if value in piece.interval:
        return piece.at(value) != share
    low, high = piece.interval.low, piece.interval.high
    if high is not None and high <= value:
        return _reversed(curve, Fraction(1), share - piece.at(high))
    return low is not None and _reversed(curve, Fraction(-1), share - piece.at(low))


def _reversed(curve: Curve, step: Fraction, gain: Fraction) -> bool:
    """Whether a share changes by `gain` against the curve's direction over a step of this sign."""
    wanted = {Direction.RISING: 1, Direction.FALLING: -1, Direction.ANY: 0}[curve.direction]
    return step * gain * wanted < 0
