"""What becomes of a score when the actual is far better than the target (目标偏保守)."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from zhunsheng.kernel.place import Place
from zhunsheng.kernel.problem import Problem
from zhunsheng.kernel.rounding import exact_decimal, half_up, plain
from zhunsheng.plans.case import Case, Indicator
from zhunsheng.plans.checks import read_value
from zhunsheng.plans.choices import Nature
from zhunsheng.rubrics.judgement import Judgement
from zhunsheng.rubrics.rubric import OverBand, OverMode, Rubric
from zhunsheng.scores import kinds

# an actual of 0 against a low target above 0 has no degree; it is above every limit
_ENDLESS = Fraction(10**9)


def achievement(indicator: Indicator, judgement: Judgement) -> Fraction | None:
    """Degree by which the target was bettered: ratio, or its inverse for low-is-good; None without one.

    An actual of 0 against a low target above 0 has no degree and is reported as an endless one
    (a very large number), because it is above every limit.
    """
    if judgement.ratio is None:
        return None
    if indicator.nature is Nature.INVERSE:
        return 1 / judgement.ratio if judgement.ratio else _ENDLESS
    return judgement.ratio


def after_over_achievement(
    case: Case, rubric: Rubric, indicator: Indicator, judgement: Judgement, points: Decimal
) -> tuple[Judgement, tuple[Problem, ...]]:
    """The judgement after the rubric's rule on exceeding a target, and what has to be said about it."""
    over = rubric.over_achievement
    reduction = case.reduction_of.get(indicator.code)
    place = Place(field=f"指标 {indicator.code}")
    degree = achievement(indicator, judgement)
    far = degree is not None and over.explain_from is not None and degree >= over.explain_from
    at_zero = _far_above_zero(case, rubric, indicator)
    found: list[Problem] = []
    if over.mode is OverMode.IGNORE or judgement.share is None:
        return judgement, tuple(found)
    if over.mode is OverMode.SUGGEST and reduction is not None and reduction.share is not None:
        share = judgement.share * (1 - Fraction(reduction.share))
        cut = f"目标偏保守，扣减 {exact_decimal(Fraction(reduction.share) * 100)}%：{reduction.reason}"
        return replace(judgement, share=share, steps=(*judgement.steps, cut), reason=cut), tuple(found)
    if at_zero:
        if indicator.code not in case.deviation_of and not indicator.exempt:
            found.append(kinds.OVER_ACHIEVED.at(place, f"{indicator.name}目标为 0，{at_zero}，未说明原因"))
        step = f"目标为 0，{at_zero}，须说明原因，不自动扣分"
        return replace(judgement, steps=(*judgement.steps, step)), tuple(found)
    if not far or degree is None:
        return judgement, tuple(found)
    times = "远好于目标" if degree >= _ENDLESS else f"达到目标的 {plain(half_up(degree * 100, 2))}%"
    if indicator.exempt:
        note = f"{times}；不因完成过好扣分：{indicator.exempt}"
        return replace(judgement, steps=(*judgement.steps, note)), tuple(found)
    if indicator.code not in case.deviation_of:
        found.append(kinds.OVER_ACHIEVED.at(place, f"{indicator.name}{times}，未说明原因"))
    if over.mode is OverMode.DEDUCT:
        return _deducted(over.bands, degree, judgement, points, times), tuple(found)
    steps = (*judgement.steps, f"{times}，不自动扣分")
    if over.mode is OverMode.SUGGEST:
        steps = (*steps, *_suggestion(over.examples, degree))
    return replace(judgement, steps=steps), tuple(found)


def _far_above_zero(case: Case, rubric: Rubric, indicator: Indicator) -> str:
    """How far a target of 0, which has no degree, was bettered, if the rubric has a limit for it; else ""."""
    limit, actual = rubric.over_achievement.explain_at_zero, case.actual_of.get(indicator.code)
    if limit is None or actual is None or indicator.nature is Nature.INVERSE:
        return ""
    target, found = read_value(indicator.target_value), read_value(actual.value)
    if not isinstance(target, Decimal) or not isinstance(found, Decimal) or target != 0 or found < limit:
        return ""
    return f"完成值 {actual.value} 达到 {exact_decimal(limit)} 以上"


def _deducted(
    bands: tuple[OverBand, ...], degree: Fraction, judgement: Judgement, points: Decimal, times: str
) -> Judgement:
    assert judgement.share is not None  # noqa: S101 - the caller asked first
    band = next((each for each in bands if degree in each.range), None)
    if band is None:
        return judgement
    if band.share is not None:
        cut, words = band.share, f"{exact_decimal(band.share * 100)}%"
    else:
        amount = band.points or Fraction(0)
        # an indicator without points has nothing to lose
        cut = amount / Fraction(points) if points else Fraction(0)
        words = f"{exact_decimal(amount)} 分"
    step = f"{times}，视为目标偏离，扣 {words}（扣完为止）"
    share = max(Fraction(0), judgement.share - cut)
    return replace(judgement, share=share, steps=(*judgement.steps, step), reason=step)


def _suggestion(examples: tuple[OverBand, ...], degree: Fraction) -> Iterator[str]:
    for band in examples:
        if degree in band.range and band.share is not None:
            yield f"参考：此区间可扣 {exact_decimal(band.share * 100)}%，须复核人认可并写明理由"
