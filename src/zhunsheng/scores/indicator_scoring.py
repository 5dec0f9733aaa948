"""Scoring one indicator: its actual held against its target by the rubric's rule for its nature."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

from zhunsheng.kernel.grade import Grade
from zhunsheng.kernel.place import Place
from zhunsheng.kernel.problem import Problem
from zhunsheng.kernel.rounding import exact_decimal, half_up, plain
from zhunsheng.kernel.unknown import NOT_COLLECTED
from zhunsheng.plans.case import Actual, Case, Indicator
from zhunsheng.plans.checks import HAS_VALUE, read_value
from zhunsheng.plans.choices import ActualStatus, Nature, Sign
from zhunsheng.rubrics.judgement import Basis, Given, GivenValue, Judgement, Question, Rule
from zhunsheng.rubrics.rubric import OverBand, OverMode, Rubric
from zhunsheng.rubrics.rules.judged import Manual
from zhunsheng.scores import kinds
from zhunsheng.scores.evaluation import Trace, TraceInput

_TRUE, _FALSE = {"true", "是", "已完成"}, {"false", "否", "未完成"}
_MULTIPLIERS = (("万亿", 10**12), ("亿", 10**8), ("百万", 10**6), ("万", 10**4), ("千", 10**3))


@dataclass(frozen=True, slots=True)
class LeafScore:
    """The score of a leaf before it is placed in the tree."""

    score: Decimal | None
    basis: Basis
    supported: Decimal
    trace: Trace
    reason: str = ""
    degree: Fraction | None = None
    problems: tuple[Problem, ...] = ()
    found: str = ""


def shown_target(indicator: Indicator) -> str:
    """The target as sign + value + unit."""
    if indicator.target_sign is Sign.QUALITATIVE:
        return indicator.target_value or indicator.target_text
    sign = "" if indicator.target_sign is Sign.EQUAL else indicator.target_sign.label
    return f"{sign}{_with_unit(indicator.target_value, indicator.target_unit)}"


def shown_actual(actual: Actual | None) -> str:
    """The actual as used, or the word for why there is none."""
    if actual is None:
        return ActualStatus.NOT_COLLECTED.label
    if actual.status not in HAS_VALUE:
        return actual.status.label
    value = _with_unit(actual.value, actual.unit)
    tier = actual.tier.label if actual.tier else ""
    shown = f"{tier}：{value}" if tier and value else tier or value
    return shown if actual.status is ActualStatus.REPORTED else f"{shown}（{actual.status.label}）"


def _with_unit(value: str, unit: str) -> str:
    shown = value
    day = read_value(value)
    if isinstance(day, date):
        shown = f"{day.year}年{day.month}月{day.day}日" + ("前" if value.endswith("前") else "")
    if isinstance(day, Grade):
        return str(day)
    if isinstance(day, Decimal) and abs(day) >= 10000 and unit != "年":
        shown = f"{day:,f}"
    return f"{shown}{unit}"


def score_indicator(case: Case, rubric: Rubric, indicator: Indicator, points: Decimal) -> LeafScore:
    """Score one indicator.

    Args:
        points: points at stake; the indicator's own, or rescaled for a comparison.
    """
    rule = rubric.leaf_rules.get(indicator.nature, Manual())
    actual = case.actual_of.get(indicator.code)
    if actual is None or actual.status not in HAS_VALUE:
        return _without_actual(case, indicator, actual, rule, points)
    inputs = indicator_inputs(indicator, actual)
    strict = indicator.target_sign in {Sign.MORE_THAN, Sign.LESS_THAN}
    judgement = rule.judge(Question(inputs, Fraction(points), strict))
    place = Place(field=f"指标 {indicator.code}")
    problems = list(_unit_problems(indicator, actual, place))
    if judgement.share is None:
        return with_manual(
            case,
            indicator.code,
            judgement,
            rule,
            inputs,
            points,
            tuple(problems),
            own_points=indicator.points,
        )
    judgement, over = _over_achievement(case, rubric, indicator, judgement, points)
    problems.extend(over)
    return settled(judgement, rule, inputs, points, rubric.places, tuple(problems))


def _without_actual(
    case: Case, indicator: Indicator, actual: Actual | None, rule: Rule, points: Decimal
) -> LeafScore:
    why = ActualStatus.NOT_COLLECTED.label if actual is None else actual.status.label
    place = Place(field=f"指标 {indicator.code}")
    problem = kinds.NO_ACTUAL.at(place, f"{indicator.name}：{why}")
    inputs = (TraceInput("target", "目标值", shown_target(indicator), "", indicator.place or "绩效指标"),)
    claimed = case.manual_score_of.get(indicator.code)
    if claimed is None or claimed.score is None:
        trace = Trace(rule.label, str(rule.source), inputs, (f"{why}，不能视为已完成，按 0 分计",), "", "0")
        return LeafScore(Decimal(0), Basis.NO_ACTUAL, Decimal(0), trace, why, None, (problem,))
    found = [problem]
    score = _rescaled(claimed.score, indicator.points, points)
    if not 0 <= score <= points:
        found.append(kinds.MANUAL_OUT_OF_BOUNDS.at(place, f"自报得分 {plain(score)}，分值 {plain(points)}"))
        score = min(max(score, Decimal(0)), points)
    steps = (f"{why}，不能视为已完成", f"单位自报 {plain(score)} 分：{claimed.reason}")
    trace = Trace(rule.label, str(rule.source), inputs, steps, "", plain(score))
    reason = "" if score == points else claimed.reason
    return LeafScore(score, Basis.CLAIMED, Decimal(0), trace, reason, None, tuple(found))


def indicator_inputs(indicator: Indicator, actual: Actual) -> dict[str, Given]:
    """Target, actual and tier as inputs of the rule."""
    source = "、".join(part for part in (actual.evidence, actual.place) if part) or actual.source_kind.label
    return {
        "target": Given(
            _value(indicator.target_value, indicator.target_unit, indicator.target_unit, indicator.nature),
            _shown(indicator.target_value),
            indicator.target_unit,
            "目标值",
            indicator.place or "绩效指标",
        ),
        "actual": Given(
            _value(actual.value, actual.unit, indicator.target_unit, indicator.nature),
            _shown(actual.value),
            actual.unit or indicator.target_unit,
            "完成值",
            source,
        ),
        "tier": Given(
            actual.tier.value if actual.tier else NOT_COLLECTED,
            actual.tier.label if actual.tier else "",
            "",
            "完成档次",
            source,
        ),
    }


def _shown(value: str) -> str:
    number = read_value(value)
    return f"{number:,f}" if isinstance(number, Decimal) else _with_unit(value, "")


def _value(text: str, unit: str, target_unit: str, nature: str) -> GivenValue:
    if nature == Nature.YES_NO:
        word = text.strip().lower()
        return word in _TRUE if word in _TRUE | _FALSE else NOT_COLLECTED
    found = read_value(text)
    if found is None:
        return NOT_COLLECTED
    if isinstance(found, Decimal):
        return Fraction(found) * _factor(unit or target_unit) / _factor(target_unit)
    return found


def _factor(unit: str) -> int:
    return next((factor for word, factor in _MULTIPLIERS if unit.startswith(word)), 1)


def _bare(unit: str) -> str:
    return next((unit.removeprefix(word) for word, _ in _MULTIPLIERS if unit.startswith(word)), unit)


def _unit_problems(indicator: Indicator, actual: Actual, place: Place) -> Iterator[Problem]:
    if actual.unit and indicator.target_unit and _bare(actual.unit) != _bare(indicator.target_unit):
        yield kinds.UNITS_DIFFER.at(
            place, f"目标单位“{indicator.target_unit}”，完成值单位“{actual.unit}”", value=actual.unit
        )


def with_manual(
    case: Case,
    item: str,
    judgement: Judgement,
    rule: Rule,
    inputs: Mapping[str, Given],
    points: Decimal,
    problems: tuple[Problem, ...] = (),
    own_points: Decimal | None = None,
) -> LeafScore:
    """The score a person gave where the rule gives none, held to the rule's bounds.

    Args:
        own_points: the points the person's score was given on, when these are rescaled.
    """
    place = Place(field=item)
    manual = case.manual_score_of.get(item)
    if manual is None or manual.score is None:
        kind = kinds.INPUT_MISSING if judgement.basis is Basis.INPUT_MISSING else kinds.RULE_UNKNOWN
        basis = Basis.RULE_UNKNOWN if judgement.basis is Basis.MANUAL else judgement.basis
        why = judgement.reason or "须人工评分并写明理由"
        trace = Trace(rule.label, str(rule.source), trace_inputs(rule, inputs), judgement.steps)
        found = (*problems, kind.at(place, why))
        return LeafScore(None, basis, Decimal(0), trace, why, None, found)
    low, high, included = judgement.bounds or (Fraction(0), Fraction(1), True)
    least, most = half_up(low * Fraction(points), 2), half_up(high * Fraction(points), 2)
    score = _rescaled(manual.score, own_points, points)
    found = problems
    if not (least <= score <= most) or (score == most and not included):
        limit = f"{plain(least)}～{plain(most)}{'' if included else '（不含）'}"
        found = (
            *problems,
            kinds.MANUAL_OUT_OF_BOUNDS.at(place, f"人工评分 {plain(score)}，应在 {limit}"),
        )
        score = min(max(score, least), most)
    known_limits = judgement.basis is Basis.MANUAL
    if not known_limits:
        found = (*found, kinds.WITHOUT_BASIS.at(place, f"人工评分 {plain(score)}：{manual.reason}"))
    steps = (*judgement.steps, f"人工评分 {plain(score)} 分：{manual.reason}")
    trace = Trace(rule.label, str(rule.source), trace_inputs(rule, inputs), steps, "", plain(score))
    reason = "" if score == points else judgement.reason or manual.reason
    supported = score if known_limits else Decimal(0)
    return LeafScore(score, Basis.MANUAL, supported, trace, reason, None, found)


def _rescaled(score: Decimal, own: Decimal | None, points: Decimal) -> Decimal:
    """A person's score on `own` points, carried over to `points` for a comparison."""
    if own is None or own in {points, 0}:
        return score
    return half_up(Fraction(score) * Fraction(points) / Fraction(own), 2)


def settled(
    judgement: Judgement,
    rule: Rule,
    inputs: Mapping[str, Given],
    points: Decimal,
    places: int,
    problems: tuple[Problem, ...] = (),
) -> LeafScore:
    """The rounded score of a judgement that has a share."""
    assert judgement.share is not None  # noqa: S101 - the caller asked first
    exact = judgement.share * Fraction(points)
    score = half_up(exact, places)
    formula = f"{plain(points)} × {exact_decimal(judgement.share, 8)}"
    if Fraction(score) == exact:
        rounding = f"{formula} = {plain(score)}，无须舍入"
    else:
        rounding = f"{formula} = {exact_decimal(exact, 8)}，四舍五入到 {places} 位小数得 {plain(score)}"
    trace = Trace(
        rule.label, str(rule.source), trace_inputs(rule, inputs), judgement.steps, rounding, plain(score)
    )
    return LeafScore(
        score, judgement.basis, score, trace, judgement.reason, judgement.ratio, problems, judgement.found
    )


def trace_inputs(rule: Rule, inputs: Mapping[str, Given]) -> tuple[TraceInput, ...]:
    """The inputs the rule asked for, with sources."""
    return tuple(
        TraceInput(name, inputs[name].label, inputs[name].shown, inputs[name].unit, inputs[name].source)
        for name in rule.names
        if name in inputs
    )


def achievement(indicator: Indicator, judgement: Judgement) -> Fraction | None:
    """Degree by which the target was bettered: ratio, or its inverse for low-is-good; None without one.

    An actual of 0 against a low target above 0 has no degree and is reported as an endless one
    (a very large number), because it is above every limit.
    """
    if judgement.ratio is None:
        return None
    if indicator.nature is Nature.INVERSE:
        return 1 / judgement.ratio if judgement.ratio else Fraction(10**9)
    return judgement.ratio


def _over_achievement(
    case: Case, rubric: Rubric, indicator: Indicator, judgement: Judgement, points: Decimal
) -> tuple[Judgement, tuple[Problem, ...]]:
    over = rubric.over_achievement
    reduction = case.reduction_of.get(indicator.code)
    place = Place(field=f"指标 {indicator.code}")
    degree = achievement(indicator, judgement)
    far = degree is not None and over.explain_from is not None and degree >= over.explain_from
    found: list[Problem] = []
    if reduction is not None and over.mode is not OverMode.SUGGEST:
        found.append(kinds.REDUCTION_UNUSED.at(place, f"{indicator.name}的扣减未采用"))
    if over.mode is OverMode.IGNORE or judgement.share is None:
        return judgement, tuple(found)
    if over.mode is OverMode.SUGGEST and reduction is not None and reduction.share is not None:
        share = judgement.share * (1 - Fraction(reduction.share))
        cut = f"目标偏保守，扣减 {exact_decimal(Fraction(reduction.share) * 100)}%：{reduction.reason}"
        return replace(judgement, share=share, steps=(*judgement.steps, cut), reason=cut), tuple(found)
    if not far or degree is None:
        return judgement, tuple(found)
    times = "远好于目标" if degree >= 10**9 else f"达到目标的 {plain(half_up(degree * 100, 2))}%"
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


def _deducted(
    bands: tuple[OverBand, ...], degree: Fraction, judgement: Judgement, points: Decimal, times: str
) -> Judgement:
    assert judgement.share is not None  # noqa: S101 - the caller asked first
    for band in bands:
        if degree in band.range:
            cut = band.share if band.share is not None else (band.points or Fraction(0)) / Fraction(points)
            words = (
                f"{exact_decimal(band.share * 100)}%"
                if band.share is not None
                else f"{exact_decimal(band.points or Fraction(0))} 分"
            )
            step = f"{times}，视为目标偏离，扣 {words}（扣完为止）"
            return replace(
                judgement,
                share=max(Fraction(0), judgement.share - cut),
                steps=(*judgement.steps, step),
                reason=step,
            )
    return judgement


def _suggestion(examples: tuple[OverBand, ...], degree: Fraction) -> Iterator[str]:
    for band in examples:
        if degree in band.range and band.share is not None:
            yield f"参考：此区间可扣 {exact_decimal(band.share * 100)}%，须复核人认可并写明理由"
