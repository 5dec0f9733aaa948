"""Scores, reductions and reasons that people give: held to the points, and told where they are not used.

Expected figures are worked out by hand beside each case.
"""

from decimal import Decimal

import pytest
from odd_years import actual, codes, only, row, scored, small, told

# ---- who scores: manual scores, reductions, what is not used


def test_a_manual_score_where_a_rule_computes_is_said_to_be_unused() -> None:
    manual = [
        {"item": "a", "score": "10", "reason": "应得满分"},
        {"item": "N", "score": "1", "reason": "小计"},
    ]
    found = scored(actuals=[actual("50")], manual_scores=manual)
    assert str(found.total) == "5.00"
    assert "指标a按规则计算" in told(found, "SCORE-010")
    assert "指标的得分是下级得分之和" in told(found, "SCORE-010")


def test_a_manual_score_for_what_is_not_due_is_said_to_be_unused() -> None:
    pending = {"indicator": "a", "status": "not_due"}
    found = scored(actuals=[pending], manual_scores=[{"item": "a", "score": "10", "reason": "预计"}])
    assert only(found).score is None
    assert "尚未到期" in told(found, "SCORE-010")


@pytest.mark.parametrize(("claimed", "kept"), [("-1", "0"), ("10.004", "10.00"), ("1000", "10")])
def test_a_claimed_score_is_held_to_the_points(claimed: str, kept: str) -> None:
    manual = [{"item": "a", "score": claimed, "reason": "单位自报"}]
    found = scored(manual_scores=manual)
    assert only(found).score == Decimal(kept)
    assert ("SCORE-005" in codes(found)) is (claimed != "10.004")
    assert ("四舍五入到 2 位小数" in only(found).trace.rounding) is (claimed == "10.004")


def test_a_reduction_without_effect_is_said_to_be_unused() -> None:
    reduction = [{"indicator": "a", "share": "0.15", "reason": "目标偏保守"}]
    suggest = small("mode: suggest, explain_from: 1.3")
    used = scored(suggest, actuals=[actual("300")], reductions=reduction)
    assert str(only(used).score) == "8.50"
    assert "SCORE-013" not in codes(used)
    for found in (
        scored(actuals=[actual("300")], reductions=reduction),  # the rubric ignores it
        scored(suggest, reductions=reduction),  # there is no actual to reduce
    ):
        assert "指标a的扣减未采用" in told(found, "SCORE-013")


def test_reasons_for_items_that_do_not_exist_are_errors() -> None:
    found = scored(actuals=[actual("100")], deviations=[{"item": "zz", "reason": "没有这个评分项的原因"}])
    assert "zz" in told(found, "SCORE-017")


@pytest.mark.parametrize(("score", "kept"), [("10", "9.99"), ("9.99", "9.99"), ("0", "0.00")])
def test_what_is_late_cannot_be_given_everything(score: str, kept: str) -> None:
    indicator = row(
        nature="deadline", target_sign="<=", target_value="2023-12-10", target_unit="", kind="timeliness"
    )
    late = actual("2023-12-20", unit="")
    found = scored(
        indicators=[indicator],
        actuals=[late],
        manual_scores=[{"item": "a", "score": score, "reason": "逾期"}],
    )
    assert str(only(found).score) == kept
    assert ("SCORE-005" in codes(found)) is (score == "10")


# ---- what does not apply


def test_a_group_of_which_nothing_applies_is_left_to_a_person() -> None:
    found = scored(actuals=[{"indicator": "a", "status": "not_applicable"}])
    assert only(found).score is None
    assert found.grade == ""
    assert "去向" in only(found).reason
