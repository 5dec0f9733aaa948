"""Properties every rule must have: bounds, monotonicity, independence of order."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhunsheng.assembly.cases import load_case
from zhunsheng.assembly.evaluating import facts, load_sound_rubric
from zhunsheng.kernel.rounding import half_up
from zhunsheng.plans.case import Case
from zhunsheng.rubrics.judgement import Given, Question, Rule
from zhunsheng.rubrics.rules.achievement import Exact, InverseLinear, InverseRatio, Proportional
from zhunsheng.rubrics.rules.judged import PerCase
from zhunsheng.rubrics.rules.ratios import BudgetExecution
from zhunsheng.scores.distribution import distribute
from zhunsheng.scores.scoring import evaluate
from zhunsheng.store.definition_files import load_rubric, rubric_codes

NUMBERS = st.decimals(min_value=-1000, max_value=10**7, places=3, allow_nan=False, allow_infinity=False).map(
    Fraction
)
TARGETS = st.decimals(min_value=0, max_value=10**6, places=3, allow_nan=False, allow_infinity=False).map(
    Fraction
)
RISING = [Proportional(), Proportional(Fraction(3, 5)), Exact()]
FALLING = [InverseLinear(), InverseLinear(Fraction(3)), InverseRatio()]


def share(rule: Rule, **values: Fraction) -> Fraction:
    inputs = {name: Given(value, str(value), "", name) for name, value in values.items()}
    found = rule.judge(Question(inputs, Fraction(10))).share
    assert found is not None
    return found


@pytest.mark.parametrize("rule", RISING + FALLING)
@given(target=TARGETS, actual=NUMBERS)
def test_a_share_lies_between_nothing_and_everything(rule: Rule, target: Fraction, actual: Fraction) -> None:
    assert 0 <= share(rule, target=target, actual=actual) <= 1


@pytest.mark.parametrize("rule", [Proportional(), Proportional(Fraction(3, 5))])
@given(target=TARGETS, one=NUMBERS, other=NUMBERS)
def test_more_is_never_worse(rule: Rule, target: Fraction, one: Fraction, other: Fraction) -> None:
    low, high = sorted((one, other))
    assert share(rule, target=target, actual=low) <= share(rule, target=target, actual=high)


@pytest.mark.parametrize("rule", FALLING)
@given(target=TARGETS, one=NUMBERS, other=NUMBERS)
def test_less_is_never_worse_for_what_should_be_low(
    rule: Rule, target: Fraction, one: Fraction, other: Fraction
) -> None:
    low, high = sorted((one, other))
    assert share(rule, target=target, actual=low) >= share(rule, target=target, actual=high)


@given(target=TARGETS.filter(lambda target: target > 0), actual=NUMBERS)
def test_proportional_agrees_with_the_formula_of_the_rule_book(target: Fraction, actual: Fraction) -> None:
    """The second implementation: w if A ≥ T else w × A / T, a negative A counting as 0."""
    expected = Fraction(1) if actual >= target else max(Fraction(0), actual) / target
    assert share(Proportional(), target=target, actual=actual) == expected


@given(target=TARGETS.filter(lambda target: target > 0), actual=NUMBERS)
def test_inverse_linear_agrees_with_the_formula_of_the_rule_book(target: Fraction, actual: Fraction) -> None:
    """The second implementation: w within T, w × (1 − (A − T)/T) up to 2T, then 0."""
    if actual <= target:
        expected = Fraction(1)
    elif actual < 2 * target:
        expected = 1 - (actual - target) / target
    else:
        expected = Fraction(0)
    assert share(InverseLinear(), target=target, actual=actual) == expected


@given(executed=TARGETS, budget=TARGETS)
def test_budget_execution_agrees_with_the_formula(executed: Fraction, budget: Fraction) -> None:
    expected = Fraction(0) if budget == 0 else min(Fraction(1), executed / budget)
    assert share(BudgetExecution(), budget_executed=executed, budget_adjusted=budget) == expected


@given(cases=st.integers(min_value=0, max_value=1000), deduct=st.sampled_from(["0.25", "0.5", "1", "3"]))
def test_per_case_agrees_with_plain_subtraction(cases: int, deduct: str) -> None:
    rule = PerCase("late", deduct=Fraction(Decimal(deduct)))
    expected = max(Fraction(0), 10 - cases * Fraction(Decimal(deduct))) / 10
    assert share(rule, late=Fraction(cases)) == expected


@given(
    st.decimals(min_value=0, max_value=100, places=2, allow_nan=False),
    st.lists(st.decimals(min_value=0, max_value=50, places=1, allow_nan=False), min_size=1, max_size=40),
)
def test_distributed_points_sum_to_the_whole(total: Decimal, weights: list[Decimal]) -> None:
    parts = distribute(total, weights)
    assert sum(parts, Decimal(0)) == total
    assert all(part >= 0 for part in parts)


@lru_cache
def case_named(code: str) -> Case:
    return load_case(code).case


def shuffled(case: Case, seed: int) -> Case:
    random = Random(seed)  # noqa: S311 - not a secret
    changed: dict[str, Any] = {}
    for name in (
        "actuals",
        "management",
        "printed_scores",
        "manual_scores",
        "reductions",
        "deviations",
        "budget",
    ):
        rows = list(getattr(case, name))
        random.shuffle(rows)
        changed[name] = tuple(rows)
    return replace(case, **changed)


@pytest.mark.parametrize("code", ["huadu-2023", "guangzhou-2021", "education-demo-2023"])
@given(seed=st.integers(min_value=0, max_value=10**6))
def test_the_order_of_rows_changes_no_score(code: str, seed: int) -> None:
    case = case_named(code)
    rubric = load_sound_rubric(case.about.rubric)
    one, other = evaluate(case, rubric, facts()), evaluate(shuffled(case, seed), rubric, facts())
    assert {node.code: node.score for node in one.nodes} == {node.code: node.score for node in other.nodes}


@pytest.mark.parametrize("code", ["huadu-2023", "guangzhou-2021", "education-demo-2023"])
@pytest.mark.parametrize("rubric_code", rubric_codes())
def test_every_case_under_every_rubric_stays_within_its_bounds(code: str, rubric_code: str) -> None:
    rubric, _ = load_rubric(rubric_code)
    assert rubric is not None
    evaluation = evaluate(case_named(code), rubric, facts())
    for node in evaluation.nodes:
        if node.score is not None:
            assert 0 <= node.score <= node.points, node.code
            assert 0 <= node.supported <= node.score, node.code
        if node.score is not None and node.leaf:
            assert half_up(node.score, rubric.places) == node.score, node.code
        children = evaluation.children(node.code)
        if children:
            scores = [child.score for child in children if child.score is not None]
            # a node below which nothing is scored has no score, not a score of 0
            assert node.score == (sum(scores, Decimal(0)) if scores else None), node.code
            assert node.points == sum((child.points for child in children), Decimal(0)), node.code


@given(
    actual=st.decimals(min_value=0, max_value=500, places=2, allow_nan=False),
    better=st.decimals(min_value=0, max_value=500, places=2, allow_nan=False),
)
def test_a_better_actual_never_lowers_the_total(actual: Decimal, better: Decimal) -> None:
    case = case_named("education-demo-2023")
    rubric = load_sound_rubric(case.about.rubric)
    low, high = sorted((actual, better))

    def total(value: Decimal) -> Decimal:
        actuals = tuple(
            replace(each, value=f"{value:f}") if each.indicator == "O5" else each for each in case.actuals
        )
        return evaluate(replace(case, actuals=actuals), rubric, facts()).total

    assert total(low) <= total(high)
