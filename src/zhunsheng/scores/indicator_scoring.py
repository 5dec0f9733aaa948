"""Scoring one indicator: its actual held against its target by the rubric's rule for its nature."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

from zhunsheng.kernel.grade import Grade
from zhunsheng.kernel.located import is_reasonable
from zhunsheng.kernel.place import Place
from zhunsheng.kernel.problem import Problem
from zhunsheng.kernel.rounding import exact_decimal, plain
from zhunsheng.kernel.unknown import NOT_COLLECTED
from zhunsheng.plans.case import Actual, Case, Indicator
from zhunsheng.plans.checks import HAS_VALUE, read_value
from zhunsheng.plans.choices import ActualStatus, Nature, Sign
from zhunsheng.rubrics.judgement import Basis, Given, GivenValue, Judgement, Question, Rule
from zhunsheng.rubrics.rubric import Rubric
from zhunsheng.rubrics.rules.judged import Manual
from zhunsheng.rubrics.rules.ratios import Bands
from zhunsheng.scores import kinds
from zhunsheng.scores.evaluation import Trace, TraceInput
from zhunsheng.scores.leaf import LeafScore, Stake, settled, with_manual
from zhunsheng.scores.over_achievement import after_over_achievement
from zhunsheng.scores.units import conversion

_MOST_SHOWN = 12
_TRUE, _FALSE = {"true", "是", "已完成"}, {"false", "否", "未完成"}


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
    if isinstance(day, Decimal) and not is_reasonable(day):
        return f"{value[:_MOST_SHOWN]}…"
    if isinstance(day, date):
        shown = f"{day.year}年{day.month}月{day.day}日" + ("前" if value.endswith("前") else "")
    if isinstance(day, Grade):
        return str(day)
    if isinstance(day, Decimal) and abs(day) >= 10000 and unit != "年":
        shown = f"{day:,f}"
    return f"{shown}{unit}"


def score_indicator(
    case: Case, rubric: Rubric, indicator: Indicator, points: Decimal, *, excluded: bool = False
) -> LeafScore:
    """Score one indicator.

    Args:
        points: points at stake; the indicator's own, or rescaled for a comparison.
        excluded: whether the indicator does not apply and others have taken its points.
    """
    rule = rubric.leaf_rules.get(indicator.nature, Manual())
    actual = case.actual_of.get(indicator.code)
    stake = Stake(points, rubric.places, indicator.points)
    if actual is None or actual.status not in HAS_VALUE:
        return _without_actual(case, indicator, actual, rule, stake, excluded=excluded)
    inputs = indicator_inputs(indicator, actual)
    place = Place(field=f"指标 {indicator.code}")
    too_long = tuple(_too_long(indicator, actual, place))
    if too_long:
        judgement = Judgement(None, Basis.INPUT_MISSING, (), "目标值或完成值的数字过长，无法评分")
        return with_manual(case, indicator.code, judgement, rule, inputs, stake, too_long)
    words = _incomparable(indicator, actual, rule)
    if words:
        problem = kinds.UNITS_DIFFER.at(place, words, value=actual.unit)
        judgement = Judgement(
            None, Basis.INPUT_MISSING, (f"{words}，无法换算",), "完成值与目标值的单位不能换算"
        )
        return with_manual(case, indicator.code, judgement, rule, inputs, stake, (problem,))
    strict = indicator.target_sign in {Sign.MORE_THAN, Sign.LESS_THAN}
    judgement = rule.judge(Question(inputs, Fraction(points), strict))
    problems = tuple(_assumed_unit(indicator, actual, place))
    if judgement.share is None:
        return with_manual(case, indicator.code, judgement, rule, inputs, stake, problems)
    judgement, found = after_over_achievement(case, rubric, indicator, judgement, points)
    return settled(judgement, rule, inputs, stake, (*problems, *found))


def _too_long(indicator: Indicator, actual: Actual, place: Place) -> Iterator[Problem]:
    """Figures no public body can have; they are neither computed with nor printed."""
    for label, text in (("目标值", indicator.target_value), ("完成值", actual.value)):
        number = read_value(text)
        if isinstance(number, Decimal) and not is_reasonable(number):
            yield kinds.FIGURE_TOO_LONG.at(place, f"{indicator.name}的{label}有 {len(text)} 个字符")


def _incomparable(indicator: Indicator, actual: Actual, rule: Rule) -> str:
    """Why the actual cannot be judged as it is written, in words; "" when it can."""
    if _factor(indicator, actual) is None:
        return f"目标单位“{indicator.target_unit}”，完成值单位“{actual.unit}”"
    in_percent = isinstance(rule, Bands) and rule.percent and "target" not in rule.names
    if in_percent and indicator.target_unit and conversion(indicator.target_unit, "%") != 1:
        return f"该规则按百分数评分，指标单位为“{indicator.target_unit}”"
    return ""


def _without_actual(
    case: Case,
    indicator: Indicator,
    actual: Actual | None,
    rule: Rule,
    stake: Stake,
    *,
    excluded: bool,
) -> LeafScore:
    status = ActualStatus.NOT_COLLECTED if actual is None else actual.status
    place = Place(field=f"指标 {indicator.code}")
    target = TraceInput("target", "目标值", shown_target(indicator), "", indicator.place or "绩效指标")
    trace = Trace(rule.label, str(rule.source), (target,))
    why = status.label
    if excluded:
        step = "本年度不适用，不参与评分，分值由同级指标分担"
        return LeafScore(
            Decimal(0), Basis.EXCLUDED, Decimal(0), replace(trace, steps=(step,), result="0"), ""
        )
    if status is ActualStatus.NOT_DUE:
        problem = kinds.NOT_DUE.at(place, f"{indicator.name}：{why}")
        trace = replace(trace, steps=("尚未到期，到期后评分",))
        return LeafScore(None, Basis.NOT_DUE, Decimal(0), trace, why, None, (problem,))
    if status is ActualStatus.NOT_APPLICABLE:
        # nobody of the same group is left to take the points, or the rubric does not let them be taken
        judgement = Judgement(None, Basis.RULE_UNKNOWN, ("本年度不适用",), "不适用的指标由人工评定分值的去向")
        return with_manual(case, indicator.code, judgement, rule, {}, stake)
    return _claimed(case, indicator, why, trace, stake)


def _claimed(case: Case, indicator: Indicator, why: str, trace: Trace, stake: Stake) -> LeafScore:
    """No actual: never met. A score the unit claims all the same is kept, and said to be without basis."""
    place = Place(field=f"指标 {indicator.code}")
    problem = kinds.NO_ACTUAL.at(place, f"{indicator.name}：{why}")
    claimed = case.manual_score_of.get(indicator.code)
    if claimed is None or claimed.score is None:
        trace = replace(trace, steps=(f"{why}，不能视为已完成，按 0 分计",), result="0")
        return LeafScore(Decimal(0), Basis.NO_ACTUAL, Decimal(0), trace, why, None, (problem,))
    found = [problem]
    score = stake.carried(claimed.score)
    if not 0 <= score <= stake.points:
        words = f"自报得分 {plain(claimed.score)}，分值 {plain(stake.points)}"
        found.append(kinds.MANUAL_OUT_OF_BOUNDS.at(place, words, value=plain(claimed.score)))
        score = min(max(score, Decimal(0)), stake.points)
    steps = (f"{why}，不能视为已完成", f"单位自报 {plain(score)} 分：{claimed.reason}")
    rounding = stake.how_carried(claimed.score)
    trace = replace(trace, steps=steps, rounding=rounding, result=plain(score))
    reason = "" if score == stake.points else claimed.reason
    return LeafScore(score, Basis.CLAIMED, Decimal(0), trace, reason, None, tuple(found))


def indicator_inputs(indicator: Indicator, actual: Actual) -> dict[str, Given]:
    """Target, actual and tier as inputs of the rule; the actual in the target's unit."""
    source = "、".join(part for part in (actual.evidence, actual.place) if part) or actual.source_kind.label
    factor = _factor(indicator, actual)
    return {
        "target": Given(
            _value(indicator.target_value, Fraction(1), indicator.nature),
            _shown(indicator.target_value),
            indicator.target_unit,
            "目标值",
            indicator.place or "绩效指标",
        ),
        "actual": Given(
            NOT_COLLECTED if factor is None else _value(actual.value, factor, indicator.nature),
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


def _factor(indicator: Indicator, actual: Actual) -> Fraction | None:
    """By what the actual is multiplied to be in the target's unit; 1 where no number is compared."""
    if not isinstance(read_value(actual.value), Decimal) or not isinstance(
        read_value(indicator.target_value), Decimal
    ):
        return Fraction(1)
    if not actual.unit:
        return Fraction(1)  # written in the target's unit; said so where that is not the only way to read it
    return conversion(actual.unit, indicator.target_unit)


def _assumed_unit(indicator: Indicator, actual: Actual, place: Place) -> Iterator[Problem]:
    """A bare figure against a target in 万元 or % could be meant either way: it is said how it was read."""
    if not actual.unit and _factor(indicator, actual) and conversion("", indicator.target_unit) is None:
        words = f"完成值 {actual.value} 没有单位，按目标单位“{indicator.target_unit}”计"
        number = read_value(actual.value)
        if conversion("%", indicator.target_unit) == 1 and isinstance(number, Decimal) and 0 < number <= 1:
            words += f"；如果是 {exact_decimal(Fraction(number) * 100)}%，应写 {exact_decimal(Fraction(number) * 100)}"
        yield kinds.UNIT_ASSUMED.at(place, words, value=actual.value)


def _shown(value: str) -> str:
    number = read_value(value)
    fits = isinstance(number, Decimal) and is_reasonable(number)
    return f"{number:,f}" if fits else _with_unit(value, "")


def _value(text: str, factor: Fraction, nature: str) -> GivenValue:
    if nature == Nature.YES_NO:
        word = text.strip().lower()
        return word in _TRUE if word in _TRUE | _FALSE else NOT_COLLECTED
    found = read_value(text)
    if found is None:
        return NOT_COLLECTED
    if isinstance(found, Decimal):
        return Fraction(found) * factor if is_reasonable(found) else NOT_COLLECTED
    return found
