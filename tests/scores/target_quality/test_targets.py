"""Targets that are missing, incomplete, doubled, contradicted or too easy (Q01 to Q05): what must be found and what must not."""

from decimal import Decimal

import pytest
from target_quality import IN_WORDS, actual, case_with, found, indicator, score

from zhunsheng.kernel.problem import Severity
from zhunsheng.plans.case import Case, Contradiction, Indicator, KeyIndicator, Reduction, Task
from zhunsheng.plans.choices import Nature, Sign

# Q01


def test_a_task_without_an_indicator_is_found() -> None:
    case = case_with(indicator(), tasks=(Task("T1", "电梯抽查"), Task("T2", "消费维权", goals=("甲", "乙"))))
    (finding,) = found("Q01", case)
    assert finding.items == ("T2",)
    assert "2 条目标" in finding.what
    assert "0 项" in finding.what


def test_an_indicator_without_a_target_is_found_with_its_score_at_risk() -> None:
    case = case_with(indicator(target_text="", target_value="", nature=Nature.YES_NO))
    (finding,) = found("Q01", case)
    assert finding.items == ("I1",)
    assert finding.points_at_risk == score(case)


def test_a_key_indicator_that_is_not_in_the_table_is_noted() -> None:
    (finding,) = found("Q01", case_with(indicator(), key_indicators=(KeyIndicator("K1", "预算完成率"),)))
    assert finding.severity is Severity.NOTE


def test_tasks_and_indicators_that_correspond_are_accepted() -> None:
    assert found("Q01", case_with(indicator())) == []


# Q02


def test_a_target_without_a_unit_is_found() -> None:
    (finding,) = found("Q02", case_with(indicator(target_unit="", target_text="100")))
    assert "“100”" in finding.what
    assert "单位" in finding.what
    assert finding.severity is Severity.ERROR


def test_a_sign_against_the_nature_is_found() -> None:
    (finding,) = found("Q02", case_with(indicator(target_sign=Sign.AT_MOST)))
    assert "正向" in finding.what
    assert "≤" in finding.what


@pytest.mark.parametrize(
    "complete",
    [
        indicator(),
        indicator(**IN_WORDS, target_value="干净整洁"),
        indicator(
            nature=Nature.DEADLINE, target_sign=Sign.AT_MOST, target_value="2023-12-10", target_unit=""
        ),
    ],
)
def test_a_complete_target_is_accepted(complete: Indicator) -> None:
    assert found("Q02", case_with(complete)) == []


# Q03


def test_a_key_indicator_under_another_name_is_found() -> None:
    key = KeyIndicator("K1", "电梯抽检台数", same_as="I1")
    (finding,) = found("Q03", case_with(indicator(), key_indicators=(key,)))
    assert finding.items == ("K1", "I1")
    assert "电梯抽检台数" in finding.what
    assert "抽检电梯数量" in finding.what


def test_of_two_indicators_for_one_matter_the_second_is_at_risk() -> None:
    case = case_with(indicator(), indicator("I2", name="全市抽检电梯数量"))
    (finding,) = found("Q03", case)
    assert finding.items == ("I2", "I1")
    assert finding.points_at_risk == score(case, "I2") > 0


def test_two_indicators_with_one_formula_are_found() -> None:
    formula = "抽检数÷在用数×100%"
    (finding,) = found(
        "Q03", case_with(indicator(formula=formula), indicator("I2", name="抽查面", formula=formula))
    )
    assert formula in finding.what


def test_different_matters_are_no_duplicates() -> None:
    key = KeyIndicator("K1", "抽检电梯数量", same_as="I1")
    case = case_with(indicator(), indicator("I2", name="抽检锅炉数量"), key_indicators=(key,))
    assert found("Q03", case) == []


# Q04


def per_thousand(goal: str, value: str = "4.5") -> Case:
    measured = indicator(
        name="食品检验量", target_text="不少于4份/千人", target_value="4", target_unit="份/千人"
    )
    return case_with(
        measured,
        tasks=(Task("T1", "食品安全", goals=(goal,)),),
        actuals=(actual(value=value, unit="份/千人"),),
    )


def test_a_goal_with_another_number_is_found() -> None:
    case = per_thousand("食品检验量达到每千人5批次")
    (finding,) = found("Q04", case)
    assert "每千人5批次" in finding.what
    assert "4份/千人" in finding.what
    # 4.5 against 5 loses a tenth
    assert finding.points_at_risk == score(case) / 10


def test_a_goal_with_another_number_that_was_reached_as_well_risks_nothing() -> None:
    (finding,) = found("Q04", per_thousand("食品检验量达到每千人5批次", value="5.17"))
    assert finding.points_at_risk == 0


@pytest.mark.parametrize(
    "goal",
    [
        "食品检验量达到每千人4份",
        "食品检验量达到5万批次",
        "药品抽检达到每千人5批次",
        "上年食品检验量为每千人5批次",
    ],
)
def test_the_same_number_another_unit_subject_or_year_is_accepted(goal: str) -> None:
    assert found("Q04", per_thousand(goal)) == []


def test_a_result_text_with_another_number_than_the_actual_value_is_found() -> None:
    case = case_with(indicator(), tasks=(Task("T1", "抽查", results=("抽检电梯数量为120台",)),))
    (finding,) = found("Q04", case)
    assert "120台" in finding.what
    assert "110台" in finding.what


def test_a_recorded_contradiction_of_goal_and_indicator_is_taken_over() -> None:
    row = Contradiction(
        "D1", "抽检电梯数量目标", "任务目标 150 台", place="L1", other="指标 100 台", other_place="L2"
    )
    (finding,) = found("Q04", case_with(indicator(), contradictions=(row,)))
    assert finding.items == ("I1",)
    assert finding.places == ("L1", "L2")


# Q05


def test_a_target_reached_more_than_the_allowed_times_is_found() -> None:
    case = case_with(indicator(), actuals=(actual(value="130"),))
    (finding,) = found("Q05", case)
    assert "130台" in finding.what
    assert "100台" in finding.what
    assert 0 < finding.points_at_risk < score(case)


def test_a_target_below_last_year_is_found() -> None:
    (finding,) = found("Q05", case_with(indicator(previous_actual="105")))
    assert "105" in finding.what


def test_a_low_is_good_target_above_last_year_is_found() -> None:
    low = indicator(nature=Nature.INVERSE, target_sign=Sign.AT_MOST, previous_actual="80")
    assert len(found("Q05", case_with(low, actuals=(actual(value="95"),)))) == 1


def test_an_accepted_reduction_is_not_at_risk_again() -> None:
    case = case_with(
        indicator(),
        actuals=(actual(value="200"),),
        reductions=(Reduction("I1", Decimal("0.15"), "目标偏保守"),),
    )
    assert found("Q05", case)[0].points_at_risk == 0


def test_exempt_and_moderately_exceeded_targets_are_accepted() -> None:
    assert found("Q05", case_with(indicator(previous_actual="90"), actuals=(actual(value="129"),))) == []
    assert found("Q05", case_with(indicator(exempt="安全事故类指标"), actuals=(actual(value="200"),))) == []
