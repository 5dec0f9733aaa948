"""Every rule against a second implementation, written from the text of the rule books alone.

Nothing below looks at the product's code: it takes points, target and actual as plain fractions, works with
`if` and multiplication, rounds by itself, and knows no curves. Where both disagree, one of them misreads
the rule books.
"""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhunsheng.kernel.interval import Interval
from zhunsheng.kernel.rounding import half_up
from zhunsheng.kernel.unknown import NOT_APPLICABLE
from zhunsheng.rubrics.curve import Direction
from zhunsheng.rubrics.formula import Formula
from zhunsheng.rubrics.judgement import Given, Question, Rule
from zhunsheng.rubrics.rules.achievement import Exact, InverseLinear, InverseRatio, Proportional
from zhunsheng.rubrics.rules.judged import Boolean, Checklist, ChecklistItem, Deadline, PerCase, Tiers
from zhunsheng.rubrics.rules.ratios import Band, Bands, BudgetExecution
from zhunsheng.store.definition_files import load_rubric

CENTS = st.integers(min_value=1, max_value=5000).map(lambda cents: Fraction(cents, 100))
NUMBERS = st.one_of(
    st.integers(min_value=-200, max_value=400).map(Fraction),
    st.fractions(min_value=-50, max_value=10**6, max_denominator=1000),
)
TARGETS = st.one_of(
    st.integers(min_value=0, max_value=300).map(Fraction),
    st.fractions(min_value=0, max_value=10**5, max_denominator=1000),
)
AMOUNTS = st.integers(min_value=0, max_value=10**7).map(lambda cents: Fraction(cents, 100))


def rounded(exact: Fraction) -> Fraction:
    """Two decimals, a five in the third goes up."""
    cents = exact * 100
    whole = cents.numerator // cents.denominator
    return Fraction(whole + 1 if cents - whole >= Fraction(1, 2) else whole, 100)


def product(rule: Rule, points: Fraction, *, strict: bool = False, **values: Any) -> Fraction | None:
    """What the product gives, in points; None when it asks a person."""
    inputs = {name: Given(value, str(value), "", name) for name, value in values.items()}
    share = rule.judge(Question(inputs, points, strict)).share
    return None if share is None else Fraction(half_up(share * points, 2))


def positive(points: Fraction, target: Fraction, actual: Fraction, mark: Fraction | None) -> Fraction:
    """Reached: all points. Missed: points × actual ÷ target, nothing below the pass mark. Below 0 is 0."""
    if actual >= target:
        return rounded(points)
    if target == 0 or actual <= 0:
        return Fraction(0)
    if mark is not None and actual / target < mark:
        return Fraction(0)
    return rounded(points * actual / target)


@given(points=CENTS, target=TARGETS, actual=NUMBERS, mark=st.sampled_from([None, "0.6", "0.8", "1"]))
def test_positive(points: Fraction, target: Fraction, actual: Fraction, mark: str | None) -> None:
    limit = None if mark is None else Fraction(mark)
    expected = positive(points, target, actual, limit)
    assert product(Proportional(limit), points, target=target, actual=actual) == expected


@given(points=CENTS, target=TARGETS.filter(bool), actual=NUMBERS)
def test_more_than_is_at_least_except_where_the_target_is_only_just_reached(
    points: Fraction, target: Fraction, actual: Fraction
) -> None:
    found = product(Proportional(), points, strict=True, target=target, actual=actual)
    assert found == (None if actual == target else positive(points, target, actual, None))


def negative(points: Fraction, target: Fraction, actual: Fraction, form: str) -> Fraction:
    """Within the target all points; with a target of 0 nothing else earns any.

    linear: w × (1 − (A − T)/T) up to twice the target, then nothing. ratio: w × T / A.
    """
    if actual <= target:
        return rounded(points)
    if target == 0:
        return Fraction(0)
    if form == "ratio":
        return rounded(points * target / actual)
    if actual >= 2 * target:
        return Fraction(0)
    return rounded(points * (1 - (actual - target) / target))


@given(points=CENTS, target=TARGETS, actual=NUMBERS)
def test_inverse_linear(points: Fraction, target: Fraction, actual: Fraction) -> None:
    expected = negative(points, target, actual, "linear")
    assert product(InverseLinear(), points, target=target, actual=actual) == expected


@given(points=CENTS, target=TARGETS, actual=NUMBERS)
def test_inverse_ratio(points: Fraction, target: Fraction, actual: Fraction) -> None:
    expected = negative(points, target, actual, "ratio")
    assert product(InverseRatio(), points, target=target, actual=actual) == expected


@given(points=CENTS, target=TARGETS, actual=NUMBERS)
def test_exact(points: Fraction, target: Fraction, actual: Fraction) -> None:
    """A target of 0 is met by 0 or less alone; any other is full from the target and pro rata below."""
    if target == 0:
        expected = rounded(points) if actual <= 0 else Fraction(0)
    else:
        expected = positive(points, target, actual, None)
    assert product(Exact(), points, target=target, actual=actual) == expected


@given(points=CENTS, target=st.booleans(), actual=st.booleans())
def test_yes_or_no(points: Fraction, target: bool, actual: bool) -> None:
    expected = rounded(points) if target == actual else Fraction(0)
    assert product(Boolean(), points, target=target, actual=actual) == expected


@given(points=CENTS, late=st.integers(min_value=-400, max_value=400), percent=st.integers(1, 100))
def test_deadline(points: Fraction, late: int, percent: int) -> None:
    """On time all points; late nothing, or so many percent of the points less for each day, never below 0."""
    due = date(2023, 12, 10)
    done = due + timedelta(days=late)
    zero = rounded(points) if late <= 0 else Fraction(0)
    assert product(Deadline("zero"), points, target=due, actual=done) == zero
    left = 100 - percent * max(0, late)
    daily = rounded(points * max(0, left) / 100)
    rule = Deadline("per_day", Fraction(percent, 100))
    assert product(rule, points, target=due, actual=done) == daily
    by_hand = rounded(points) if late <= 0 else None
    assert product(Deadline("manual"), points, target=due, actual=done) == by_hand


CARRY_OVER = Bands(
    Formula("carryover / budget"),
    (
        Band(Interval.parse("[0, 0.1]"), Fraction(1)),
        Band(Interval.parse("(0.1, 0.2]"), Fraction(3, 4)),
        Band(Interval.parse("(0.2, 0.3]"), Fraction(1, 2)),
        Band(Interval.parse("(0.3, ∞)"), Fraction(0)),
    ),
    Interval.parse("[0, ∞)"),
    Direction.FALLING,
)


@given(points=CENTS, carryover=AMOUNTS, budget=AMOUNTS)
def test_bands(points: Fraction, carryover: Fraction, budget: Fraction) -> None:
    """Up to 10 % full, up to 20 % three quarters, up to 30 % half, above nothing; no budget, no rate."""
    expected: Fraction | None
    if budget == 0:
        expected = None
    elif carryover * 10 <= budget:
        expected = rounded(points)
    elif carryover * 5 <= budget:
        expected = rounded(points * 75 / 100)
    elif carryover * 10 <= budget * 3:
        expected = rounded(points / 2)
    else:
        expected = Fraction(0)
    assert product(CARRY_OVER, points, carryover=carryover, budget=budget) == expected


@given(points=CENTS, answers=st.lists(st.sampled_from([True, False, None]), min_size=4, max_size=4))
def test_checklist(points: Fraction, answers: list[bool | None]) -> None:
    """10, 20, 30 and 40 per cent; what has no object counts as met where that is said, here in the last two."""
    shares = (10, 20, 30, 40)
    rule = Checklist(
        tuple(
            ChecklistItem(f"f{place}", f"第{place}项", Fraction(share, 100), place >= 2)
            for place, share in enumerate(shares)
        )
    )
    facts: dict[str, Any] = {
        f"f{place}": NOT_APPLICABLE if answer is None else answer for place, answer in enumerate(answers)
    }
    if None in answers[:2]:
        expected = None
    else:
        earned = sum(share for share, answer in zip(shares, answers, strict=True) if answer is not False)
        expected = rounded(points * earned / 100)
    found = product(rule, points, **facts)
    if expected is None:
        # a condition that failed before is told first, but no score is given either way
        assert found is None
    else:
        assert found == expected


@given(points=CENTS, cases=st.integers(0, 80), deduct=st.integers(1, 400))
def test_per_case(points: Fraction, cases: int, deduct: int) -> None:
    """So many points less for each case, not below 0; or everything gone with the first."""
    each = Fraction(deduct, 100)
    left = points - cases * each
    assert product(PerCase("n", deduct=each), points, n=Fraction(cases)) == max(Fraction(0), rounded(left))
    all_gone = rounded(points) if cases == 0 else Fraction(0)
    assert product(PerCase("n", all_or_nothing=True), points, n=Fraction(cases)) == all_gone


@given(points=CENTS, cases=st.integers(0, 80))
def test_two_proposed_standards_give_a_score_only_where_they_agree(points: Fraction, cases: int) -> None:
    """Everything gone with the first case, or a quarter of a point for each: both agree at none and at many."""
    harsh = points if cases == 0 else Fraction(0)
    mild = max(Fraction(0), points - cases * Fraction(1, 4))
    rule = PerCase("n", candidates=(None, Fraction(1, 4)))
    expected = rounded(harsh) if harsh == mild else None
    assert product(rule, points, n=Fraction(cases)) == expected
    alone = PerCase("n", candidates=(None,))
    assert product(alone, points, n=Fraction(cases)) == (rounded(points) if cases == 0 else None)


@given(points=CENTS, percent=st.integers(0, 10000).map(lambda hundredths: Fraction(hundredths, 100)))
def test_satisfaction_of_the_guideline_of_2021(points: Fraction, percent: Fraction) -> None:
    """From 90 % full, from 80 % four fifths, from 60 % three fifths, below nothing."""
    rubric, _ = load_rubric("mof-project-2021")
    assert rubric is not None
    share = 100 if percent >= 90 else 80 if percent >= 80 else 60 if percent >= 60 else 0
    assert product(rubric.leaf_rules["satisfaction"], points, actual=percent) == rounded(points * share / 100)


@given(points=CENTS, executed=AMOUNTS, budget=AMOUNTS)
def test_budget_execution(points: Fraction, executed: Fraction, budget: Fraction) -> None:
    """Executed ÷ adjusted full-year budget, at most everything; a budget of 0 earns nothing."""
    expected = Fraction(0) if budget == 0 else rounded(points * min(Fraction(1), executed / budget))
    found = product(BudgetExecution(), points, budget_executed=executed, budget_adjusted=budget)
    assert found == expected


def test_budget_execution_of_the_real_year() -> None:
    """10 × 22,918.66 ÷ 22,975.66 is printed as 9.98; half-up of 9.97519."""
    expected = rounded(10 * Fraction("22918.66") / Fraction("22975.66"))
    assert expected == Fraction("9.98")


@pytest.mark.parametrize("code", ["guangdong-dept-2023", "mof-project-2020", "guangxi-project-2021"])
@settings(max_examples=40)
@given(points=CENTS, tier=st.sampled_from(["reached", "partly", "missed"]))
def test_three_tiers(code: str, points: Fraction, tier: str) -> None:
    """达成 80 to 100 %, 部分 60 to below 80 %, 未达成 0 to below 60 %: limits for a person, no score."""
    rubric, _ = load_rubric(code)
    assert rubric is not None
    rule = rubric.leaf_rules["qualitative"]
    assert isinstance(rule, Tiers)
    judgement = rule.judge(Question({"tier": Given(tier, tier)}, points))
    limits = {"reached": (80, 100, True), "partly": (60, 80, False), "missed": (0, 60, False)}[tier]
    assert judgement.share is None
    assert judgement.bounds == (Fraction(limits[0], 100), Fraction(limits[1], 100), limits[2])


def test_the_rounding_of_this_file_is_the_schoolbook_one() -> None:
    assert rounded(Fraction("0.675")) == Fraction("0.68")
    assert rounded(Fraction("0.6749")) == Fraction("0.67")
    assert half_up(Decimal("0.675"), 2) == Decimal("0.68")
