"""Nobody finds a rule that passes the proof and yet scores out of bounds, divides by zero, or turns better round.

Rules are drawn at random, sound ones and unsound ones; what the proof lets pass is then run on random data.
"""

from collections.abc import Iterator
from fractions import Fraction
from random import Random

import pytest

from zhunsheng.kernel.citation import Citation
from zhunsheng.kernel.interval import Interval
from zhunsheng.kernel.place import Place
from zhunsheng.rubrics.curve import Direction, Flaw
from zhunsheng.rubrics.facts import FactDefinition, FactKind
from zhunsheng.rubrics.formula import Formula
from zhunsheng.rubrics.judgement import Given, Judgement, Question, Rule
from zhunsheng.rubrics.proof.inputs import input_flaws
from zhunsheng.rubrics.proof.natures import nature_flaws
from zhunsheng.rubrics.rules.achievement import InverseLinear, Proportional
from zhunsheng.rubrics.rules.judged import PerCase
from zhunsheng.rubrics.rules.ratios import Band, Bands, BudgetExecution, Condition, ZeroRule

HERE = Place("x")
OF_INDICATORS = (
    "actual / target",
    "actual / 100",
    "target / actual",
    "(actual - target) / target",
    "(target - actual) / target",
    "1 - actual / target",
    "actual * actual / (target * target)",
    "actual / (actual + target)",
    "target / (actual + 1)",
    "target / (actual - target)",
    "actual / (target - actual)",
    "actual - target",
    "-(target / actual)",
    "actual",
)
OF_FACTS = (
    "part / whole",
    "whole / part",
    "(part - whole) / whole",
    "(part - 3 * whole) / whole",
    "1 - part / whole",
    "part / (part + other)",
    "part / (whole - part)",
    "part / whole - other / whole",
    "rate / 100",
    "other / budget_adjusted",
    "-part / whole",
    "2 * part / whole",
    "part * whole / other",
)
MONEY = ("part", "whole", "other")
FACTS = {
    code: FactDefinition(code, code, FactKind.MONEY, "", "", Citation(), None, whole)
    for code, whole in (("part", "whole"), ("whole", ""), ("other", ""))
} | {"rate": FactDefinition("rate", "rate", FactKind.RATE, "", "", Citation(), Fraction(100))}
VALUES = tuple(
    Fraction(each) for each in ("0", "0.3", "1", "2", "5", "50", "99", "100", "101", "1000", "-1", "-20")
)


def value(random: Random) -> Fraction:
    if random.random() < 0.6:
        return random.choice(VALUES)
    return Fraction(random.randint(-100, 2000), random.choice([1, 3, 10]))


def cut(random: Random, domain: Interval) -> Iterator[Interval]:
    """The domain cut in pieces, now and then with a hole or an overlap."""
    inside = [Fraction(each) for each in ("-2", "-0.5", "0", "0.1", "0.5", "0.9", "1", "2")]
    ends = sorted(each for each in random.sample(inside, random.randint(0, 2)) if each in domain)
    low, closed = domain.low, domain.low_closed
    for end in (*ends, None):
        last = end is None
        high = domain.high if last else end
        high_closed = domain.high_closed if last else random.random() < 0.5
        yield Interval(low, high, closed, high_closed)
        low, closed = high, not high_closed if random.random() < 0.97 else high_closed


def bands(random: Random, formulas: tuple[str, ...]) -> Bands:
    formula = Formula(random.choice(formulas))
    low = random.choice([None, Fraction(0), Fraction(0), Fraction(-1), Fraction(-3)])
    high = random.choice([None, None, Fraction(1)])
    domain = Interval(low, high, low is not None, high is not None)
    ranges = list(cut(random, domain))
    rising = random.random() < 0.5
    shares = sorted((Fraction(random.randint(0, 4), 4) for _ in ranges), reverse=not rising)
    shares[-1 if rising else 0] = Fraction(1)
    made = [
        Band(each, None) if random.random() < 0.15 else Band(each, share)
        for each, share in zip(ranges, shares, strict=True)
    ]
    if random.random() < 0.2 and domain == Interval(Fraction(0), Fraction(1)):
        made = [Band(domain, proportional=True)]
    zeros = tuple(ZeroRule(each, random.choice(["full", "zero", "manual"])) for each in formula.divisors)
    return Bands(formula, tuple(made), domain, Direction.RISING if rising else Direction.FALLING, zeros)


def asked(rule: Rule, points: Fraction, values: dict[str, Fraction]) -> Judgement:
    given = {name: Given(each, str(each), "", name) for name, each in values.items()}
    judgement = rule.judge(Question(given, points))
    if judgement.share is None:
        assert judgement.reason, "no score and no word why"
    else:
        assert 0 <= judgement.share <= 1
    return judgement


def proved(flaws: Iterator[Flaw], *more: Iterator[object]) -> bool:
    return not list(flaws) and not any(list(each) for each in more)


@pytest.mark.slow
@pytest.mark.parametrize("nature", ["positive", "inverse", "satisfaction"])
def test_no_rule_for_indicators_passes_and_turns_better_round(nature: str) -> None:
    random, sound = Random(nature), 0  # noqa: S311 - not a secret
    for _ in range(1200):
        rule = bands(random, OF_INDICATORS)
        if not proved(rule.flaws(Fraction(1)), nature_flaws(nature, rule, HERE)):
            continue
        sound += 1
        for _ in range(10):
            target = value(random)
            low, high = sorted((value(random), value(random)))
            less, more = (
                asked(rule, Fraction(10), {"target": target, "actual": each}) for each in (low, high)
            )
            if less.share is not None and more.share is not None:
                gain = more.share - less.share
                assert gain <= 0 if nature == "inverse" else gain >= 0, (rule.formula, target, low, high)
            for each in (low, high):
                if target >= 0 and (nature != "satisfaction" or each <= 100):
                    answer = asked(rule, Fraction(10), {"target": target, "actual": each})
                    assert "不在" not in answer.reason, (rule.formula, rule.domain, target, each)
    assert sound > 5, "the search must meet sound rules too"


@pytest.mark.slow
def test_no_rule_over_facts_passes_and_leaves_a_value_in_no_band() -> None:
    random, sound = Random(1), 0  # noqa: S311 - not a secret
    for _ in range(1500):
        rule = bands(random, OF_FACTS)
        if not proved(rule.flaws(Fraction(1)), input_flaws(rule, FACTS, HERE)):
            continue
        sound += 1
        for _ in range(10):
            values = {name: abs(value(random)) for name in (*MONEY, "budget_adjusted")}
            values["part"] = min(values["part"], values["whole"])
            values["rate"] = min(abs(value(random)), Fraction(100))
            answer = asked(rule, Fraction(10), values)
            assert "不在" not in answer.reason, (rule.formula, rule.domain, values)
    assert sound > 15, "the search must meet sound rules too"


def test_no_plain_rule_passes_and_scores_out_of_bounds() -> None:
    random, sound = Random(2), 0  # noqa: S311 - not a secret
    numbers = [None, *(Fraction(each) for each in ("-1", "0", "0.5", "1", "1.5", "2", "3"))]

    def some() -> Fraction | None:
        return random.choice(numbers)

    for _ in range(1000):
        points = Fraction(random.choice(["0.5", "1", "7.77", "20"]))
        kinds: list[Rule] = [
            Proportional(some()),
            InverseLinear(some() or Fraction(2)),
            PerCase("cases", "", some(), random.random() < 0.3, tuple(random.sample(numbers, 2))),
            BudgetExecution(cap=some() or Fraction(1), zero_budget=some() or Fraction(0)),
            Condition(Formula("part"), Formula(random.choice(["whole", "part", "5"])), some(), some()),
        ]
        drawn = random.choice(kinds)
        if not proved(drawn.flaws(points)):
            continue
        sound += 1
        for _ in range(8):
            asked(drawn, points, {name: value(random) for name in drawn.names})
    assert sound > 30, "the search must meet sound rules too"
