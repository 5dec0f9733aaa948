"""Rule types against vectors worked out by hand or printed in the two real reports."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from zhunsheng.kernel.grade import Grade
from zhunsheng.kernel.interval import Interval
from zhunsheng.kernel.rounding import half_up
from zhunsheng.kernel.unknown import NOT_APPLICABLE, NOT_COLLECTED
from zhunsheng.rubrics.judgement import Basis, Given, GivenValue, Question, Rule
from zhunsheng.rubrics.rules.achievement import Exact, InverseLinear, InverseRatio, Proportional
from zhunsheng.rubrics.rules.judged import (
    Boolean,
    Checklist,
    ChecklistItem,
    Deadline,
    PerCase,
    TierBand,
    Tiers,
)
from zhunsheng.rubrics.rules.ratios import BudgetExecution


def number(text: str) -> Fraction:
    return Fraction(Decimal(text))


def score(rule: Rule, points: str, **inputs: GivenValue) -> Decimal | None:
    given = {name: Given(value, str(value), "", name) for name, value in inputs.items()}
    judgement = rule.judge(Question(given, number(points)))
    return None if judgement.share is None else half_up(judgement.share * number(points), 2)


def pair(target: str, actual: str) -> dict[str, GivenValue]:
    return {"target": number(target), "actual": number(actual)}


@pytest.mark.parametrize(
    ("points", "target", "actual", "expected"),
    [
        ("0.5", "10000", "3440", "0.17"),  # the fund of the Guangzhou report, half-point weights
        ("0.75", "10000", "3440", "0.26"),  # the same with equal weights
        ("3", "15", "0", "0"),  # the patent award of the Huadu report
        ("3", "150", "287", "3"),
        ("3", "3", "3", "3"),
        ("7", "90", "94.68", "7"),
        ("5", "100", "-4", "0"),  # below zero counts as zero
        ("5", "0", "0", "5"),  # a target of 0 is reached or missed, never a ratio
        ("5", "0", "-1", "0"),
        ("5", "-2", "-1", "5"),  # a decline limited to 2 % that was 1 %
    ],
)
def test_proportional(points: str, target: str, actual: str, expected: str) -> None:
    assert score(Proportional(), points, **pair(target, actual)) == Decimal(expected)


def test_proportional_with_a_pass_mark_earns_nothing_below_it() -> None:
    rule = Proportional(pass_threshold=number("0.6"))
    assert score(rule, "10", **pair("100", "59.99")) == 0
    assert score(rule, "10", **pair("100", "60")) == 6


@pytest.mark.parametrize(
    ("actual", "expected"),
    [("29", "10"), ("30", "10"), ("45", "5"), ("59.9", "0.03"), ("60", "0"), ("90", "0"), ("0", "10")],
)
def test_inverse_linear_falls_to_zero_at_twice_the_target(actual: str, expected: str) -> None:
    assert score(InverseLinear(), "10", **pair("30", actual)) == Decimal(expected)


@pytest.mark.parametrize(("actual", "expected"), [("30", "10"), ("45", "6.67"), ("60", "5"), ("300", "1")])
def test_inverse_ratio_is_target_over_actual(actual: str, expected: str) -> None:
    assert score(InverseRatio(), "10", **pair("30", actual)) == Decimal(expected)


@pytest.mark.parametrize("rule", [InverseLinear(), InverseRatio(), Exact()])
def test_a_target_of_zero_is_met_by_zero_only(rule: Rule) -> None:
    assert score(rule, "2", **pair("0", "0")) == 2
    assert score(rule, "2", **pair("0", "1")) == 0


def test_exact_modes_differ_only_when_the_target_is_missed() -> None:
    values = pair("100", "80")
    assert score(Exact("proportional"), "10", **values) == 8
    assert score(Exact("all_or_nothing"), "10", **values) == 0
    assert score(Exact("manual"), "10", **values) is None
    assert score(Exact("manual"), "10", **pair("100", "100")) == 10


def test_a_grade_is_compared_on_its_list() -> None:
    target = Grade("A", "letters")
    assert score(Exact(), "1", target=target, actual=Grade("A", "letters")) == 1
    assert score(Exact(), "1", target=target, actual=Grade("B", "letters")) == 0
    assert score(Exact(), "1", target=target, actual=Grade("优", "evaluation")) is None


def test_a_missing_actual_is_never_met() -> None:
    rule = Proportional()
    judgement = rule.judge(
        Question({"target": Given(number("1"), "1"), "actual": Given(NOT_COLLECTED, "")}, number("1"))
    )
    assert judgement.share is None
    assert judgement.basis is Basis.INPUT_MISSING


@pytest.mark.parametrize(("day", "expected"), [(9, "2"), (10, "2"), (11, "1.8"), (20, "0"), (31, "0")])
def test_a_deadline_with_a_daily_deduction(day: int, expected: str) -> None:
    rule = Deadline("per_day", number("0.1"))
    assert score(rule, "2", target=date(2023, 12, 10), actual=date(2023, 12, day)) == Decimal(expected)


def test_late_without_a_known_rule_asks_a_person() -> None:
    assert score(Deadline("manual"), "2", target=date(2023, 12, 10), actual=date(2023, 12, 11)) is None
    assert score(Deadline("zero"), "2", target=date(2023, 12, 10), actual=date(2023, 12, 11)) == 0


def test_tiers_limit_the_score_and_give_none() -> None:
    tiers = tuple(
        TierBand(code, code, Interval.parse(text))
        for code, text in (("reached", "[0.8, 1]"), ("partly", "[0.6, 0.8)"), ("missed", "[0, 0.6)"))
    )
    judgement = Tiers(tiers).judge(Question({"tier": Given("partly", "partly")}, number("7")))
    assert judgement.share is None
    assert judgement.bounds == (number("0.6"), number("0.8"), False)


@pytest.mark.parametrize(
    ("executed", "expected"), [("22918.66", "9.98"), ("0", "0"), ("22975.66", "10"), ("23000", "10")]
)
def test_budget_execution_is_capped(executed: str, expected: str) -> None:
    rule = BudgetExecution()
    assert score(rule, "10", budget_executed=number(executed), budget_adjusted=number("22975.66")) == Decimal(
        expected
    )


def test_a_budget_of_zero_scores_zero_and_never_divides() -> None:
    assert score(BudgetExecution(), "10", budget_executed=number("0"), budget_adjusted=number("0")) == 0


def test_four_late_contracts_of_69_cost_the_point_under_either_candidate() -> None:
    rule = PerCase("late", "all", candidates=(None, number("0.25")))
    inputs = {"late": Given(number("4"), "4"), "all": Given(number("69"), "69")}
    judgement = rule.judge(Question(inputs, number("1")))
    assert judgement.basis is Basis.CANDIDATES_AGREE
    assert judgement.share == 0


def test_candidates_that_disagree_give_no_score() -> None:
    rule = PerCase("late", candidates=(None, number("0.25")))
    assert score(rule, "1", late=number("3")) is None
    assert score(rule, "1", late=number("0")) == 1


def test_a_checklist_with_unknown_split_is_full_only_when_everything_is_met() -> None:
    rule = Checklist((ChecklistItem("a", "甲", None), ChecklistItem("b", "乙", None)))
    assert score(rule, "5", a=True, b=True) == 5
    assert score(rule, "5", a=True, b=False) is None


def test_a_condition_without_an_object_counts_as_met_only_if_the_rubric_says_so() -> None:
    """The handbook marks such items `na: full` one by one: inspections, not rules or filings."""
    silent = Checklist((ChecklistItem("a", "甲", None), ChecklistItem("b", "乙", None)))
    says_so = Checklist((ChecklistItem("a", "甲", None), ChecklistItem("b", "乙", None, True)))
    assert score(says_so, "5", a=True, b=NOT_APPLICABLE) == 5
    assert score(says_so, "5", a=NOT_APPLICABLE, b=True) is None
    assert score(silent, "5", a=True, b=NOT_APPLICABLE) is None


def test_a_checklist_with_known_split_loses_the_share_of_what_failed() -> None:
    rule = Checklist((ChecklistItem("a", "甲", number("0.5")), ChecklistItem("b", "乙", number("0.5"))))
    assert score(rule, "2", a=True, b=False) == 1


def test_yes_and_no() -> None:
    assert score(Boolean("done"), "1", done=True) == 1
    assert score(Boolean("done"), "1", done=False) == 0


def test_a_strict_sign_makes_a_target_of_zero_a_miss_when_only_reached() -> None:
    inputs = {name: Given(value, "0", "", name) for name, value in pair("0", "0").items()}
    for rule in (Proportional(), InverseLinear(), InverseRatio()):
        assert rule.judge(Question(inputs, number("2"))).share == 1
        assert rule.judge(Question(inputs, number("2"), strict=True)).share == 0
