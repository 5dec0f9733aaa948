"""Rules for a department's own indicators: each nature needs a rule of its type and direction."""

from collections.abc import Iterator
from fractions import Fraction

from zhunsheng.kernel.place import Place
from zhunsheng.kernel.problem import Problem
from zhunsheng.rubrics.curve import Direction
from zhunsheng.rubrics.formula import Formula
from zhunsheng.rubrics.judgement import Rule
from zhunsheng.rubrics.proof.kinds import NATURE_RULE, UNKNOWN_FACT, problems_of
from zhunsheng.rubrics.rules.judged import Boolean
from zhunsheng.rubrics.rules.ratios import Bands

# what scoring gives a rule about an indicator
_INPUTS = ("target", "actual", "tier")
_TYPES = {
    "positive": ("proportional", "bands", "manual"),
    "inverse": ("inverse_linear", "inverse_ratio", "bands", "manual"),
    "exact": ("exact", "manual"),
    "qualitative": ("tiers", "manual"),
    "yes_no": ("boolean", "manual"),
    "deadline": ("deadline", "manual"),
    "satisfaction": ("proportional", "bands", "manual"),
}
_HUNDRED = Fraction(100)
_SIGN = {Direction.RISING: 1, Direction.FALLING: -1, Direction.ANY: 0}


def nature_flaws(nature: str, rule: Rule, place: Place) -> Iterator[Problem]:
    """A rule that judges another kind of result, asks for what no indicator has, or turns better round."""
    if rule.type not in _TYPES[nature]:
        words = f"性质“{nature}”不能用规则“{rule.label}”（可用：{'、'.join(_TYPES[nature])}）"
        yield NATURE_RULE.at(place, words, value=rule.type)
    foreign = [name for name in rule.names if name not in _INPUTS]
    if isinstance(rule, Bands):
        foreign += [name for name in rule.names if name == "tier"]
        # a degree of satisfaction is a percentage; nothing else about an indicator has a greatest value
        most = {"actual": _HUNDRED} if nature == "satisfaction" else {}
        yield from problems_of(rule.outside(rule.formula.bounds(most)), place)
        yield from _zeros(nature, rule, place)
        yield from _direction(nature, rule, place)
    if isinstance(rule, Boolean) and rule.fact != "actual" and rule.fact in _INPUTS:
        foreign.append(rule.fact)
    for name in foreign:
        yield UNKNOWN_FACT.at(place, f"指标的评分规则只能用目标值和完成值，没有“{name}”", value=name)


def _direction(nature: str, rule: Bands, place: Place) -> Iterator[Problem]:
    growth = rule.formula.growth("actual")
    wanted = -1 if nature == "inverse" else 1
    if growth is None or growth * _SIGN[rule.direction] != wanted:
        better = "越低越好" if nature == "inverse" else "越高越好"
        words = f"性质“{nature}”的完成值{better}，公式 {rule.formula.text} 和方向不能保证这一点"
        yield NATURE_RULE.at(place, words, value=rule.formula.text)


def _zeros(nature: str, rule: Bands, place: Place) -> Iterator[Problem]:
    """Rules for a divisor of zero that give an actual of 0, or a target of 0, what it cannot be worth.

    An actual of 0 is the worst a rising indicator can have and the best a falling one can have; a target
    of 0 that should not be exceeded is met by 0 alone, so it cannot earn everything whatever the actual.
    """
    for zero in rule.zeros:
        names = Formula(zero.divisor).names
        if "actual" in names:
            only = zero.divisor == "actual"
            allowed = {"manual", *({"full" if nature == "inverse" else "zero"} if only else ())}
        else:
            allowed = {"manual", "zero"} if nature == "inverse" else {"manual", "zero", "full"}
        if zero.then not in allowed:
            words = f"除数 {zero.divisor} 为零时的处理“{zero.then}”与性质“{nature}”不符"
            yield NATURE_RULE.at(place, f"{words}（可用：{'、'.join(sorted(allowed))}）", value=zero.then)
