"""The real year of Guangzhou 2021. Expected figures are printed in the published report; the points of
single indicators are not, so the assumption is tested together with its alternative."""

from dataclasses import replace
from decimal import Decimal
from functools import lru_cache

import pytest

from zhunsheng.assembly.cases import LoadedCase, load_case
from zhunsheng.assembly.evaluating import evaluate_loaded, facts, load_sound_rubric
from zhunsheng.kernel.rounding import half_up
from zhunsheng.plans.case import Case
from zhunsheng.scores.evaluation import Evaluation
from zhunsheng.scores.scoring import evaluate


@lru_cache
def loaded() -> LoadedCase:
    return load_case("guangzhou-2021")


@lru_cache
def year() -> Evaluation:
    return evaluate_loaded(loaded())[0]


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("T1", "5.70"), ("T2", "10"), ("T3", "3"), ("T4", "6"), ("T5", "5"), ("T6", "9"), ("T7", "4.5"),
        ("T8", "3.87"), ("T9", "2"), ("T", "49.07"), ("M", "44.79"),
    ],
)  # fmt: skip
def test_the_scores_of_the_report(code: str, expected: str) -> None:
    node = year().node(code)
    assert node is not None
    assert node.score == Decimal(expected)


def test_the_total_and_the_grade() -> None:
    assert year().total == Decimal("93.86")
    assert year().grade == "优"


def test_28_of_40_indicators_have_no_actual_and_none_of_them_counts_as_met() -> None:
    indicators = [node for node in year().nodes if node.kind == "indicator"]
    absent = [node for node in indicators if node.status == "no_actual"]
    assert (len(indicators), len(absent)) == (40, 28)
    assert all(node.supported == 0 for node in absent)
    assert all(node.actual == "无完成值" for node in absent)


def test_the_unpublished_half_is_marked_as_without_basis() -> None:
    (problem,) = [each for each in year().problems if each.code == "SCORE-009"]
    assert problem.place.field == "M"
    assert "44.79" in problem.what
    assert "原文没有给出内容和依据" in problem.what
    node = year().node("M")
    assert node is not None
    assert node.supported == 0


def test_the_assumption_about_points_is_stated_with_the_result() -> None:
    assert any("按半分一档推定指标分值" in each for each in year().assumptions)


def test_stated_and_listed_indicators_differ() -> None:
    case = loaded().case
    assert case.about.stated_indicators == 41
    assert len(case.indicators) == 40
    assert sum(task.stated_indicators or 0 for task in case.tasks) == 41


def with_equal_points(case: Case) -> Case:
    """Hypothesis B of the analysis: equal points inside tasks 1 and 8, reductions of 15 % and 10 %."""
    points = {"T1": Decimal(2), "T8": Decimal("0.75")}
    shares = {"1.2": Decimal("0.15"), "8.4": Decimal("0.10")}
    manual = {"8.2": Decimal("0.68"), "8.3": Decimal("0.75"), "8.6": Decimal("0.75")}
    return replace(
        case,
        indicators=tuple(
            replace(each, points=points[each.task]) if each.task in points else each
            for each in case.indicators
        ),
        reductions=tuple(replace(each, share=shares[each.indicator]) for each in case.reductions),
        manual_scores=tuple(
            replace(each, score=manual[each.item]) if each.item in manual else each
            for each in case.manual_scores
        ),
    )


def test_equal_points_with_other_reductions_give_the_same_printed_scores() -> None:
    """0.26 + 0.68 + 0.68 + 3 × 0.75 = 3.87: each leaf is rounded before adding; adding first gives 3.86."""
    case = with_equal_points(loaded().case)
    evaluation = evaluate(case, load_sound_rubric("guangzhou-dept-2021"), facts())
    scores = {
        code: node.score for code in ("T1", "T8", "8.1", "8.4") if (node := evaluation.node(code)) is not None
    }
    assert scores == {
        "T1": Decimal("5.70"),
        "T8": Decimal("3.87"),
        "8.1": Decimal("0.26"),
        "8.4": Decimal("0.68"),
    }


def test_deaths_far_below_the_ceiling_are_exempt_from_reductions() -> None:
    node = year().node("4.4")
    assert node is not None
    assert node.score == node.points


@pytest.mark.parametrize(("code", "degree"), [("6.3", "1.2925"), ("8.4", "2.0333"), ("1.3", "1.1488")])
def test_degrees_of_achievement_as_observed(code: str, degree: str) -> None:
    """Oracle: the observations worked out from the report: 5.17/4, 30.5/15, 97.65/85."""
    node = year().node(code)
    assert node is not None
    assert node.degree is not None
    assert half_up(node.degree, 4) == Decimal(degree)
