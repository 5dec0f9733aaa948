"""Rules over a formula of facts: bands, conditions, budget execution."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from zhunsheng.kernel.citation import UNSOURCED, Citation
from zhunsheng.kernel.interval import Interval
from zhunsheng.kernel.rounding import exact_decimal, half_up, plain
from zhunsheng.rubrics.curve import Curve, Direction, Flaw, Piece
from zhunsheng.rubrics.formula import Formula
from zhunsheng.rubrics.formula_range import Range
from zhunsheng.rubrics.judgement import Basis, Judgement, KnownCase, Question, Wanted, missing
from zhunsheng.rubrics.known_cases import known_case_flaws
from zhunsheng.rubrics.rules.achievement import percent

_ZERO, _ONE = Fraction(0), Fraction(1)
_BUDGETS, _EXECUTED = {"budget_initial", "budget_adjusted"}, {"budget_executed"}


def numbers(question: Question, names: tuple[str, ...]) -> dict[str, Fraction] | Judgement:
    """The named inputs as exact numbers, or the judgement that one is missing."""
    absent = missing(question, names)
    if absent is not None:
        return absent
    values: dict[str, Fraction] = {}
    for name in names:
        given = question.inputs[name]
        if not isinstance(given.value, Fraction):
            return Judgement(None, Basis.INPUT_MISSING, reason=f"“{given.label or name}”应为数字")
        values[name] = given.value
    return values


def not_negative(question: Question, names: tuple[str, ...]) -> tuple[Question, tuple[str, ...]] | Judgement:
    """The question with an actual below 0 counted as 0, and the step that says so.

    Every statement about a formula, its range and its direction, holds for inputs that are not negative;
    any other negative input is a fault of the data and asks for a correction.
    """
    inputs, steps = dict(question.inputs), []
    for name in names:
        given = question.inputs.get(name)
        if given is None or not isinstance(given.value, Fraction) or given.value >= 0:
            continue
        label = given.label or name
        if name != "actual":
            words = f"“{label}”为 {given.shown}，小于 0，不能按该规则计算"
            return Judgement(None, Basis.INPUT_MISSING, reason=words)
        steps.append(f"{label} {given.shown} 小于 0，按 0 计")
        inputs[name] = replace(given, value=_ZERO, shown="0")
    return replace(question, inputs=inputs), tuple(steps)


def spelled(formula: Formula, question: Question) -> tuple[str, str]:
    """The formula in labels, and in printed numbers."""
    labels = {name: question.inputs[name].label or name for name in formula.names}
    shown = {name: question.inputs[name].shown for name in formula.names}
    return formula.shown(labels), formula.shown(shown)


@dataclass(frozen=True, slots=True)
class ZeroRule:
    """What happens when a divisor is zero: "full" (not applicable), "zero" or "manual"."""

    divisor: str
    then: str


def zero_judgement(formula: Formula, zeros: tuple[ZeroRule, ...], question: Question) -> Judgement | None:
    """The answer when a divisor whose inputs are all given is zero; None when none is."""
    given = {
        name: value.value for name, value in question.inputs.items() if isinstance(value.value, Fraction)
    }
    for divisor, value in formula.divisor_values(given):
        if value == 0:
            then = next((rule.then for rule in zeros if rule.divisor == divisor), "manual")
            label = Formula(divisor).shown({name: question.inputs[name].label or name for name in given})
            step = f"{label}为 0，比率没有意义"
            if then == "full":
                return Judgement(_ONE, Basis.NOT_APPLICABLE, (step, "不适用，得满分"), found="不适用")
            if then == "zero":
                return Judgement(_ZERO, Basis.COMPUTED, (step, "按 0 分计"), step)
            return Judgement(None, Basis.RULE_UNKNOWN, (step,), step)
    return None


@dataclass(frozen=True, slots=True)
class Band:
    """A range of the formula's value and its share.

    Attributes:
        share: share of the points; None when unknown.
        proportional: the share is the value itself (points × value).
        candidate: a share somebody proposes where it is unknown.
    """

    range: Interval
    share: Fraction | None = None
    proportional: bool = False
    candidate: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Bands:
    """The formula's value falls into a band; the band says the share.

    Attributes:
        formula: over facts, or `actual` for an indicator.
        domain: all values that may occur.
        direction: which way is better.
        zeros: what happens when a divisor is zero.
        known: observed results, used where a band's share is unknown.
        percent: whether the value is shown in percent.
    """

    formula: Formula
    bands: tuple[Band, ...]
    domain: Interval
    direction: Direction
    zeros: tuple[ZeroRule, ...] = ()
    known: tuple[KnownCase, ...] = ()
    percent: bool = True
    source: Citation = UNSOURCED
    type = "bands"
    label = "按区间得分"

    @property
    def names(self) -> tuple[str, ...]:
        """The formula's inputs."""
        return self.formula.names

    @property
    def wants(self) -> Mapping[str, Wanted]:
        """Numbers."""
        return dict.fromkeys(self.names, Wanted.NUMBER)

    def curve(self) -> Curve:
        """Share over the formula's value."""
        pieces = tuple(
            Piece(band.range, slope=_ONE)
            if band.proportional
            else Piece(
                band.range, band.share or _ZERO, known=band.share is not None, candidate=band.candidate
            )
            for band in self.bands
        )
        return Curve(pieces, self.domain, self.direction, "指标值")

    def judge(self, question: Question) -> Judgement:
        """See the class."""
        counted = not_negative(question, self.names)
        if isinstance(counted, Judgement):
            return counted
        question, first = counted
        at_zero = zero_judgement(self.formula, self.zeros, question)
        if at_zero is not None:
            return replace(at_zero, steps=first + at_zero.steps)
        values = numbers(question, self.names)
        if isinstance(values, Judgement):
            return values
        value = self.formula.value(values)
        in_words, in_numbers = spelled(self.formula, question)
        shown = percent(value) if self.percent else exact_decimal(value)
        found = f"{plain(half_up(value * 100, 2))}%" if self.percent else shown
        steps = [*first, *([in_words] if in_words != in_numbers else [])]
        steps.append(f"{in_numbers} = {shown}" if in_numbers != shown.rstrip("%") else f"指标值 {shown}")
        if value not in self.domain:
            return Judgement(
                None, Basis.INPUT_MISSING, tuple(steps), f"指标值 {shown} 不在可能的范围 {self.domain} 内"
            )
        piece = self.curve().piece_at(value)
        if piece is None:
            return Judgement(None, Basis.RULE_UNKNOWN, tuple(steps), f"指标值 {shown} 不在任何区间内")
        interval = self._interval(piece.interval)
        if not piece.known:
            return replace(self._known(values, steps, f"区间 {interval} 的得分未知"), found=found)
        share = piece.at(value)
        steps.append(f"落在区间 {interval}，得分比例 {percent(share)}")
        return Judgement(
            share, Basis.COMPUTED, tuple(steps), "" if share == 1 else f"指标值 {shown}", found=found
        )

    def _interval(self, interval: Interval) -> str:
        if not self.percent:
            return str(interval)
        scaled = Interval(
            None if interval.low is None else interval.low * 100,
            None if interval.high is None else interval.high * 100,
            interval.low_closed,
            interval.high_closed,
        )
        return f"{scaled}%"

    def _known(self, values: dict[str, Fraction], steps: list[str], reason: str) -> Judgement:
        for case in self.known:
            if all(values.get(name) == value for name, value in case.inputs.items()):
                steps.append(f"与已知实例相同（{case.source}），得分比例 {percent(case.share)}")
                return Judgement(
                    case.share, Basis.KNOWN_CASE, tuple(steps), "" if case.share == 1 else reason
                )
        return Judgement(None, Basis.RULE_UNKNOWN, tuple(steps), reason)

    def flaws(self, points: Fraction) -> Iterator[Flaw]:  # noqa: ARG002
        """Bands cover the domain once, the domain all values; shares within bounds, direction kept.

        Every divisor is guarded, nothing is guarded that is not a divisor, known cases fit the bands.
        """
        yield from unguarded(self.formula, self.zeros)
        if self.domain.is_empty:
            yield Flaw("empty", f"可能的范围 {self.domain} 不含任何数")
            return
        if not self.formula.names:
            yield Flaw("unused", f"公式 {self.formula.text} 没有用到任何数据")
        if self.direction is Direction.ANY:
            yield Flaw("direction", "没有说明数值大好还是小好，无法证明完成得更好得分不会更低")
        for band in self.bands:
            if band.candidate is not None and not 0 <= band.candidate <= 1:
                yield Flaw(
                    "bounds", f"区间 {band.range} 的候选得分比例 {percent(band.candidate)} 超出 0～100%"
                )
        curve = self.curve()
        yield from curve.flaws()
        if all(piece.known for piece in curve.pieces) and not any(map(_reaches_all, curve.pieces)):
            yield Flaw("bounds", "任何区间都得不到满分")
        yield from known_case_flaws(self.formula, self.curve(), self.known)

    def outside(self, possible: Range) -> Iterator[Flaw]:
        """Values the formula can take that lie outside the domain.

        Args:
            possible: least and greatest value of the formula.
        """
        for end, own, closed, words in (
            (possible[0], self.domain.low, self.domain.low_closed, "下限"),
            (possible[1], self.domain.high, self.domain.high_closed, "上限"),
        ):
            if own is None:
                continue
            if end is None:
                yield Flaw("hole", f"公式 {self.formula.text} 的值没有{words}，可能的范围却是 {self.domain}")
            elif (end != own and (end < own) == (words == "下限")) or (end == own and not closed):
                shown = exact_decimal(end)
                yield Flaw("hole", f"可能的范围 {self.domain} 不含公式 {self.formula.text} 能取到的 {shown}")

    def unknowns(self) -> Iterator[str]:
        """Bands whose share is null."""
        for band in self.bands:
            if band.share is None and not band.proportional:
                yield f"区间 {self._interval(band.range)} 的得分"


def _reaches_all(piece: Piece) -> bool:
    """Whether the piece gives all points somewhere; an end that is not included does not count."""
    interval = piece.interval
    ends = ((interval.low, interval.low_closed), (interval.high, interval.high_closed))
    if piece.growth == 0:
        return not interval.is_empty and piece.constant == 1
    return any(end is not None and closed and piece.at(end) == 1 for end, closed in ends)


def unguarded(formula: Formula, zeros: tuple[ZeroRule, ...]) -> Iterator[Flaw]:
    """Divisors without a rule for zero, and rules for what is no divisor."""
    for rule in zeros:
        if rule.divisor not in formula.divisors:
            yield Flaw("unused", f"公式 {formula.text} 没有除数 {rule.divisor}，为其规定的处理不起作用")
    guarded = {rule.divisor for rule in zeros}
    for divisor in formula.divisors:
        if divisor not in guarded:
            yield Flaw("division", f"公式 {formula.text} 的除数 {divisor} 可能为零，没有规定怎样处理")


@dataclass(frozen=True, slots=True)
class Condition:
    """`left` ≤ `right` → `when_true`, otherwise `when_false` (None: unknown)."""

    left: Formula
    right: Formula
    when_true: Fraction | None
    when_false: Fraction | None
    source: Citation = UNSOURCED
    type = "condition"
    label = "不超过限额"

    @property
    def names(self) -> tuple[str, ...]:
        """Inputs of both sides."""
        return tuple(dict.fromkeys(self.left.names + self.right.names))

    @property
    def wants(self) -> Mapping[str, Wanted]:
        """Numbers."""
        return dict.fromkeys(self.names, Wanted.NUMBER)

    def judge(self, question: Question) -> Judgement:
        """See the class."""
        counted = not_negative(question, self.names)
        if isinstance(counted, Judgement):
            return counted
        values = numbers(question, self.names)
        if isinstance(values, Judgement):
            return values
        holds = self.left.value(values) <= self.right.value(values)
        left_words, left = spelled(self.left, question)
        right_words, right = spelled(self.right, question)
        steps = (
            f"{left_words} ≤ {right_words}",
            f"{left} {'≤' if holds else '＞'} {right}：{'成立' if holds else '不成立'}",
        )
        share = self.when_true if holds else self.when_false
        if share is None:
            return Judgement(
                None, Basis.RULE_UNKNOWN, steps, f"{left_words}超过{right_words}，超过时的得分未知"
            )
        reason = "" if share == 1 else f"{left_words} {left} 超过{right_words} {right}"
        return Judgement(
            share, Basis.COMPUTED, steps, reason, found=f"{left} {'≤' if holds else '＞'} {right}"
        )

    def flaws(self, points: Fraction) -> Iterator[Flaw]:  # noqa: ARG002
        """Shares within bounds; holding must not earn less than failing; no division allowed here."""
        for share in (self.when_true, self.when_false):
            if share is not None and not 0 <= share <= 1:
                yield Flaw("bounds", f"得分比例 {percent(share)} 超出 0～100%")
        if self.when_true is not None and self.when_false is not None and self.when_true < self.when_false:
            yield Flaw("direction", "条件成立时的得分低于不成立时")
        if self.when_true is not None and self.when_true < 1 and self.when_false is not None:
            yield Flaw("bounds", "条件成立与否都得不到满分")
        if self.left.canonical == self.right.canonical:
            yield Flaw("unused", f"两边都是 {self.left.text}，条件总是成立")
        yield from unguarded(self.left, ())
        yield from unguarded(self.right, ())

    def unknowns(self) -> Iterator[str]:
        """Shares that are null."""
        if self.when_true is None:
            yield "条件成立时的得分"
        if self.when_false is None:
            yield "条件不成立时的得分"


@dataclass(frozen=True, slots=True)
class BudgetExecution:
    """Points × executed ÷ adjusted full-year budget, at most `cap`; a budget of 0 earns `zero_budget`."""

    executed: str = "budget_executed"
    budget: str = "budget_adjusted"
    cap: Fraction = _ONE
    zero_budget: Fraction = _ZERO
    source: Citation = UNSOURCED
    type = "budget_execution"
    label = "预算执行率"

    @property
    def names(self) -> tuple[str, ...]:
        """Executed amount and adjusted budget."""
        return (self.executed, self.budget)

    @property
    def wants(self) -> Mapping[str, Wanted]:
        """Amounts of money."""
        return dict.fromkeys(self.names, Wanted.MONEY)

    def curve(self) -> Curve:
        """Share over the execution rate."""
        return Curve(
            (
                Piece(Interval(_ZERO, self.cap, True, False), slope=_ONE),
                Piece(Interval(self.cap, None, True, False), self.cap),
            ),
            Interval(_ZERO, None, True, False),
            Direction.RISING,
            "执行率",
        )

    def judge(self, question: Question) -> Judgement:
        """See the class."""
        values = numbers(question, self.names)
        if isinstance(values, Judgement):
            return values
        executed, budget = values[self.executed], values[self.budget]
        shown_budget = question.inputs[self.budget].shown
        shown = f"{question.inputs[self.executed].shown} ÷ {shown_budget}"
        if budget == 0:
            step = "全年预算数为 0，执行率没有意义"
            return Judgement(self.zero_budget, Basis.COMPUTED, (step,), step)
        if budget < 0:
            return Judgement(None, Basis.INPUT_MISSING, (), f"全年预算数为 {shown_budget}，不能为负，请核对")
        rate = executed / budget
        piece = self.curve().piece_at(rate)
        steps: tuple[str, ...] = (f"执行率 = 执行数 ÷ 全年预算数 = {shown} = {percent(rate)}",)
        if piece is None:
            return Judgement(None, Basis.INPUT_MISSING, steps, "执行数为负，请核对")
        share = piece.at(rate)
        if rate > self.cap:
            steps += (f"执行率超过 {percent(self.cap)}，按 {percent(self.cap)} 计",)
        return Judgement(
            share,
            Basis.COMPUTED,
            steps,
            "" if share == 1 else "预算未全部执行",
            rate,
            found=f"{plain(half_up(rate * 100, 2))}%",
        )

    def flaws(self, points: Fraction) -> Iterator[Flaw]:  # noqa: ARG002
        """A cap above 1 would give more than full points, one below 1 would never give them.

        The budget must be a budget and the execution an execution, not one for the other.
        """
        if not 0 <= self.zero_budget <= 1:
            yield Flaw("bounds", f"预算为零时得 {percent(self.zero_budget)}，超出 0～100%")
        if self.cap < 1:
            yield Flaw("bounds", f"执行率上限 {percent(self.cap)} 低于 100%，满分无法得到")
        if self.executed in _BUDGETS or self.budget in _EXECUTED or self.executed == self.budget:
            yield Flaw("kind", f"执行率 {self.executed} ÷ {self.budget} 的执行数与预算数用错或颠倒")
        if self.cap > 0:
            yield from self.curve().flaws()

    def unknowns(self) -> Iterator[str]:
        """Nothing."""
        yield from ()
