"""The score of one leaf: from a rule's share, or from a person where the rule gives none."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from zhunsheng.kernel.place import Place
from zhunsheng.kernel.problem import Problem
from zhunsheng.kernel.rounding import exact_decimal, half_up, plain
from zhunsheng.plans.case import Case
from zhunsheng.rubrics.judgement import Basis, Given, Judgement, Rule
from zhunsheng.scores import kinds
from zhunsheng.scores.evaluation import Trace, TraceInput


@dataclass(frozen=True, slots=True)
class Stake:
    """What a leaf is scored on.

    Attributes:
        points: points at stake; the leaf's own, or rescaled for a comparison.
        places: decimals of a score.
        own_points: the points a person's score was given on, when `points` are rescaled.
    """

    points: Decimal
    places: int
    own_points: Decimal | None = None

    def carried(self, score: Decimal) -> Decimal:
        """A person's score on `own_points`, carried over to `points` and rounded as every score is."""
        exact = Fraction(score)
        if self.own_points is not None and self.own_points not in {self.points, 0}:
            exact *= Fraction(self.points) / Fraction(self.own_points)
        return half_up(exact, self.places)

    def how_carried(self, score: Decimal) -> str:
        """How a person's score became the score that counts; "" when it counts as it was given."""
        carried = self.carried(score)
        if carried == score:
            return ""
        if self.own_points is not None and self.own_points not in {self.points, 0}:
            words = (
                f"原评分 {plain(score)} 分（分值 {plain(self.own_points)}），按分值 {plain(self.points)} 折算"
            )
        else:
            words = f"原评分 {plain(score)} 分"
        return f"{words}，四舍五入到 {self.places} 位小数得 {plain(carried)}"

    def rounded(self, exact: Fraction) -> Decimal:
        """A score rounded half-up; never above points that have more decimals than a score."""
        score = half_up(exact, self.places)
        return score if score <= self.points else score - Decimal(1).scaleb(-self.places)


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


def trace_inputs(rule: Rule, inputs: Mapping[str, Given]) -> tuple[TraceInput, ...]:
    """The inputs the rule asked for, with sources."""
    return tuple(
        TraceInput(name, inputs[name].label, inputs[name].shown, inputs[name].unit, inputs[name].source)
        for name in rule.names
        if name in inputs
    )


def settled(
    judgement: Judgement,
    rule: Rule,
    inputs: Mapping[str, Given],
    stake: Stake,
    problems: tuple[Problem, ...] = (),
) -> LeafScore:
    """The rounded score of a judgement that has a share."""
    assert judgement.share is not None  # noqa: S101 - the caller asked first
    exact = judgement.share * Fraction(stake.points)
    score = stake.rounded(exact)
    formula = f"{plain(stake.points)} × {exact_decimal(judgement.share, 8)}"
    if Fraction(score) == exact:
        rounding = f"{formula} = {plain(score)}，无须舍入"
    else:
        how = "四舍五入到" if score == half_up(exact, stake.places) else "得分不能超过分值，舍去到"
        rounding = f"{formula} = {exact_decimal(exact, 8)}，{how} {stake.places} 位小数得 {plain(score)}"
    trace = Trace(
        rule.label, str(rule.source), trace_inputs(rule, inputs), judgement.steps, rounding, plain(score)
    )
    return LeafScore(
        score, judgement.basis, score, trace, judgement.reason, judgement.ratio, problems, judgement.found
    )


def with_manual(
    case: Case,
    item: str,
    judgement: Judgement,
    rule: Rule,
    inputs: Mapping[str, Given],
    stake: Stake,
    problems: tuple[Problem, ...] = (),
) -> LeafScore:
    """The score a person gave where the rule gives none, held to the rule's bounds."""
    manual = case.manual_score_of.get(item)
    if manual is None or manual.score is None:
        return _asked_for(item, judgement, rule, inputs, problems)
    place, points = Place(field=item), Fraction(stake.points)
    low, high, included = judgement.bounds or (Fraction(0), Fraction(1), True)
    least, most = stake.rounded(low * points), stake.rounded(high * points)
    score = stake.carried(manual.score)
    if not included and most > least and score >= most:
        # the highest score there is below a limit that is itself excluded
        most -= Decimal(1).scaleb(-stake.places)
    if not least <= score <= most:
        limit = f"{plain(least)}～{plain(most)}"
        problems = (
            *problems,
            kinds.MANUAL_OUT_OF_BOUNDS.at(
                place, f"人工评分 {plain(score)}，应在 {limit}", value=plain(manual.score)
            ),
        )
        score = min(max(score, least), most)
    known_limits = judgement.basis is Basis.MANUAL
    if not known_limits:
        words = f"人工评分 {plain(score)}：{manual.reason}"
        problems = (*problems, kinds.WITHOUT_BASIS.at(place, words))
    steps = (*judgement.steps, f"人工评分 {plain(score)} 分：{manual.reason}")
    rounding = stake.how_carried(manual.score)
    trace = Trace(rule.label, str(rule.source), trace_inputs(rule, inputs), steps, rounding, plain(score))
    reason = "" if score == stake.points else judgement.reason or manual.reason
    supported = score if known_limits else Decimal(0)
    return LeafScore(score, Basis.MANUAL, supported, trace, reason, None, problems)


def _asked_for(
    item: str, judgement: Judgement, rule: Rule, inputs: Mapping[str, Given], problems: tuple[Problem, ...]
) -> LeafScore:
    kind = kinds.INPUT_MISSING if judgement.basis is Basis.INPUT_MISSING else kinds.RULE_UNKNOWN
    basis = Basis.RULE_UNKNOWN if judgement.basis is Basis.MANUAL else judgement.basis
    why = judgement.reason or "须人工评分并写明理由"
    trace = Trace(rule.label, str(rule.source), trace_inputs(rule, inputs), judgement.steps)
    found = (*problems, kind.at(Place(field=item), why))
    return LeafScore(None, basis, Decimal(0), trace, why, None, found)
