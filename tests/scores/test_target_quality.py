"""The target-quality rules: one situation each that must speak and one that must not, then both real years."""

from dataclasses import replace
from decimal import Decimal
from functools import lru_cache
from typing import Any

import pytest

from zhunsheng.assembly.cases import load_case
from zhunsheng.assembly.evaluating import evaluate_loaded
from zhunsheng.kernel.money import Money
from zhunsheng.kernel.problem import Severity
from zhunsheng.plans.case import (
    About,
    Actual,
    Body,
    Case,
    Contradiction,
    Division,
    DivisionCount,
    Indicator,
    KeyIndicator,
    PrintedFigure,
    Project,
    Reduction,
    Task,
)
from zhunsheng.plans.choices import (
    ActualStatus,
    DivisionKind,
    EvidenceStatus,
    IndicatorGroup,
    IndicatorKind,
    Nature,
    Sign,
    SourceKind,
    Tier,
)
from zhunsheng.scores.review.registry import checks
from zhunsheng.scores.review.rule import Finding
from zhunsheng.scores.review.year import ReviewedYear
from zhunsheng.scores.scoring import evaluate
from zhunsheng.store.definition_files import load_facts, load_rubric
from zhunsheng.store.review_rule_files import load_review_rules

RULES = {rule.code: rule for rule in load_review_rules()[0]}


def indicator(code: str = "I1", **changes: Any) -> Indicator:
    values: dict[str, Any] = {
        "name": "抽检电梯数量",
        "task": "T1",
        "group": IndicatorGroup.OUTPUT,
        "kind": IndicatorKind.QUANTITY,
        "nature": Nature.POSITIVE,
        "target_text": "不少于100台",
        "target_sign": Sign.AT_LEAST,
        "target_value": "100",
        "target_unit": "台",
        "points": Decimal(5),
    }
    return Indicator(code=code, **(values | changes))


def actual(code: str = "I1", value: str = "110", unit: str = "台", **changes: Any) -> Actual:
    values: dict[str, Any] = {
        "status": ActualStatus.REPORTED,
        "value": value,
        "unit": unit,
        "evidence": "抽检报告汇总表",
        "evidence_status": EvidenceStatus.VERIFIED,
    }
    return Actual(indicator=code, **(values | changes))


def project(**changes: Any) -> Project:
    values: dict[str, Any] = {
        "code": "P1",
        "name": "电梯抽查经费",
        "key": True,
        "initial": Money.of(300, "万元"),
        "adjusted": Money.of(300, "万元"),
        "executed": Money.of(300, "万元"),
    }
    return Project(**(values | changes))


SATISFACTION: dict[str, Any] = {
    "name": "办事群众满意度",
    "group": IndicatorGroup.SATISFACTION,
    "kind": IndicatorKind.SATISFACTION,
    "nature": Nature.SATISFACTION,
    "target_text": "不低于90%",
    "target_value": "90",
    "target_unit": "%",
}
IN_WORDS: dict[str, Any] = {
    "name": "市场环境",
    "group": IndicatorGroup.EFFECT,
    "kind": IndicatorKind.SOCIAL,
    "nature": Nature.QUALITATIVE,
    "target_sign": Sign.QUALITATIVE,
    "target_text": "",
    "target_unit": "",
}


def case_with(*indicators: Indicator, **changes: Any) -> Case:
    """A small year; every indicator has a verified actual value of 110 unless `actuals` says otherwise."""
    values: dict[str, Any] = {
        "about": About(code="small", title="小档案", fiscal_year=2023, rubric="guangdong-dept-2023"),
        "body": Body(name="某局"),
        "tasks": (Task(code="T1", name="电梯抽查"),),
        "indicators": indicators,
        "actuals": tuple(actual(each.code, unit=each.target_unit) for each in indicators),
    }
    return Case(**(values | changes))


def found(rule: str, case: Case) -> list[Finding]:
    rubric, _ = load_rubric("guangdong-dept-2023")
    assert rubric is not None
    return list(checks()[rule](ReviewedYear(case, evaluate(case, rubric, load_facts()[0])), RULES[rule]))


def score(case: Case, code: str = "I1") -> Decimal:
    rubric, _ = load_rubric("guangdong-dept-2023")
    assert rubric is not None
    return ReviewedYear(case, evaluate(case, rubric, load_facts()[0])).score(code)


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


# Q06


def test_staff_as_an_output_is_found() -> None:
    case = case_with(indicator(name="驻场技术人员人数"))
    (finding,) = found("Q06", case)
    assert finding.points_at_risk == score(case) > 0


@pytest.mark.parametrize(
    "accepted",
    [
        indicator(),
        indicator(name="培训基层工作人员人数"),
        indicator(name="经费投入", group=IndicatorGroup.COST, kind=IndicatorKind.COST),
    ],
)
def test_work_done_people_trained_and_cost_are_no_inputs_posing_as_outputs(accepted: Indicator) -> None:
    assert found("Q06", case_with(accepted)) == []


# Q07


@pytest.mark.parametrize(
    "wrong",
    [
        indicator(target_unit="万元/项", target_text="100万元/项"),
        indicator(target_unit="枚/套", target_text="100枚/套"),
        indicator(name="抽检合格率"),
        indicator(name="办理及时率"),
    ],
)
def test_price_specification_quality_and_time_are_no_quantities(wrong: Indicator) -> None:
    case = case_with(wrong)
    (finding,) = found("Q07", case)
    assert finding.points_at_risk == score(case) > 0


@pytest.mark.parametrize(
    "right",
    [
        indicator(),
        indicator(target_unit="份/千人"),
        indicator(name="奖励标准", target_unit="万元/项", kind=IndicatorKind.ECONOMIC_COST),
        indicator(name="抽检合格率", kind=IndicatorKind.QUALITY),
    ],
)
def test_indicators_in_their_group_are_accepted(right: Indicator) -> None:
    assert found("Q07", case_with(right)) == []


# Q08 and Q09


def test_an_indicator_whose_budget_is_gone_is_found() -> None:
    gone = project(adjusted=Money.of(0), executed=Money.of(0))
    case = case_with(indicator(project="P1"), projects=(gone,))
    (finding,) = found("Q08", case)
    assert finding.items == ("I1", "P1")
    assert "300.00 万元" in finding.what
    assert finding.points_at_risk == score(case) > 0
    assert found("Q09", case) == []


def test_a_note_that_the_money_was_cut_is_enough_without_a_project() -> None:
    assert len(found("Q08", case_with(indicator(note="项目经费已全部压减")))) == 1


def test_an_indicator_with_money_or_an_adjusted_target_is_accepted() -> None:
    gone = project(adjusted=Money.of(0))
    assert found("Q08", case_with(indicator(project="P1"), projects=(project(),))) == []
    assert found("Q08", case_with(indicator(project="P1", adjustment="批复调整"), projects=(gone,))) == []
    assert found("Q08", case_with(indicator(), projects=(gone,))) == []


def test_full_marks_without_spending_are_found() -> None:
    case = case_with(indicator(project="P1"), projects=(project(executed=Money.of(9, "万元")),))
    (finding,) = found("Q09", case)
    assert "3.00%" in finding.what
    assert finding.items == ("I1", "P1")
    assert finding.points_at_risk == score(case) > 0


def test_half_of_the_money_spent_or_points_lost_are_accepted() -> None:
    half = project(executed=Money.of(150, "万元"))
    low = project(executed=Money.of(9, "万元"))
    assert found("Q09", case_with(indicator(project="P1"), projects=(half,))) == []
    lost = case_with(indicator(project="P1"), projects=(low,), actuals=(actual(value="50"),))
    assert found("Q09", lost) == []


# Q10 and Q11


def rates(many: int, of: int) -> Case:
    return case_with(
        *(indicator(f"R{each}", name=f"第{each}项计划完成率", target_unit="%") for each in range(many)),
        *(indicator(f"N{each}", name=f"第{each}类抽检数量") for each in range(of - many)),
    )


def test_mostly_completion_rates_are_found() -> None:
    (finding,) = found("Q10", rates(4, 10))
    assert finding.items == ("R0", "R1", "R2", "R3")
    assert "10 项" in finding.what
    assert "4 项" in finding.what
    assert "40.0%" in finding.what


@pytest.mark.parametrize(("many", "of"), [(3, 10), (2, 3), (0, 0)])
def test_few_completion_rates_are_accepted(many: int, of: int) -> None:
    assert found("Q10", rates(many, of)) == []


def test_a_vague_target_is_found() -> None:
    (finding,) = found("Q11", case_with(indicator(**IN_WORDS, target_value="进一步提高")))
    assert "进一步" in finding.what
    assert finding.points_at_risk == 0


@pytest.mark.parametrize("target", ["干净、整洁、有序", "验收得分提高到９０分以上"])
def test_a_visible_state_or_a_measured_change_is_accepted(target: str) -> None:
    assert found("Q11", case_with(indicator(**IN_WORDS, target_value=target))) == []


# Q12, Q13 and Q14


def test_points_that_do_not_add_up_are_found() -> None:
    (finding,) = found("Q12", case_with(indicator(), tasks=(Task("T1", "抽查", points=Decimal(10)),)))
    assert "10 分" in finding.what
    assert "5 分" in finding.what
    assert finding.severity is Severity.ERROR


@pytest.mark.parametrize("points", [None, Decimal(0)])
def test_an_indicator_without_points_is_found(points: Decimal | None) -> None:
    assert len(found("Q12", case_with(indicator(), indicator("I2", points=points)))) == 1


def test_an_indicator_with_too_many_points_is_found() -> None:
    many = (indicator(f"I{each}", points=Decimal(1)) for each in range(2, 6))
    (finding,) = found("Q12", case_with(indicator(), *many))
    assert finding.items == ("I1",)
    assert finding.severity is Severity.WARNING


def test_points_that_add_up_are_accepted() -> None:
    case = case_with(indicator(), indicator("I2"), tasks=(Task("T1", "抽查", points=Decimal(10)),))
    assert found("Q12", case) == []


def test_outputs_alone_are_found() -> None:
    (finding,) = found("Q13", case_with(indicator()))
    assert "效益指标 0 项" in finding.what


def test_a_large_purchase_without_a_cost_indicator_is_noted() -> None:
    buying = project(name="设备购置项目")
    effect = indicator("I2", **IN_WORDS, target_value="整洁")
    (finding,) = found("Q13", case_with(indicator(project="P1"), effect, projects=(buying,)))
    assert finding.items == ("P1",)
    assert finding.severity is Severity.NOTE


def test_output_and_effect_together_are_accepted() -> None:
    small = project(name="设备购置项目", adjusted=Money.of(20, "万元"))
    effect = indicator("I2", **IN_WORDS, target_value="整洁")
    assert found("Q13", case_with(indicator(project="P1"), effect, projects=(small,))) == []


def test_money_without_indicators_is_found() -> None:
    case = case_with(indicator(project="P1"), projects=(project(), project(code="P2", name="监测经费")))
    (finding,) = found("Q14", case)
    assert finding.items == ("P2",)
    assert "600.00 万元" in finding.what
    assert "300.00 万元" in finding.what


def test_money_with_indicators_is_accepted() -> None:
    minor = project(code="P2", key=False)
    assert found("Q14", case_with(indicator(project="P1"), projects=(project(), minor))) == []
    assert found("Q14", case_with(indicator())) == []


# Q15


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, "没有调查方法和样本量"),
        ({"survey": "向办事群众发放问卷"}, "没有样本量"),
        ({"survey": "本单位职工填写问卷", "sample_size": 400}, "本单位职工"),
        ({"survey": "向办事群众发放问卷", "sample_size": 29}, "29"),
    ],
)
def test_satisfaction_without_a_survey_of_those_served_is_found(changes: dict[str, Any], said: str) -> None:
    case = case_with(indicator(**SATISFACTION), actuals=(actual(value="95", unit="%", **changes),))
    (finding,) = found("Q15", case)
    assert said in finding.what
    assert finding.points_at_risk == score(case) > 0


def test_surveyed_satisfaction_is_accepted() -> None:
    asked = actual(value="95", unit="%", survey="向办事群众发放问卷 500 份", sample_size=432)
    assert found("Q15", case_with(indicator(**SATISFACTION), actuals=(asked,))) == []
    assert found("Q15", case_with(indicator())) == []


# Q16 and Q17


def test_counts_that_differ_are_found() -> None:
    case = case_with(
        indicator(),
        tasks=(Task("T1", "抽查", stated_indicators=2),),
        divisions=(Division("办公室", DivisionKind.INTERNAL),),
        division_counts=(DivisionCount(DivisionKind.INTERNAL, 3),),
    )
    case = replace(case, about=replace(case.about, stated_indicators=4, stated_tasks=5))
    assert [finding.what for finding in found("Q16", case)] == [
        "重点任务：称 5 项，列出 1 项",
        "绩效指标：称 4 项，列出 1 项",
        "任务“抽查”的指标：称 2 项，列出 1 项",
        "内设机构：称 3 个，列出 1 个",
    ]


def test_equal_or_unstated_counts_are_accepted() -> None:
    case = case_with(indicator(), tasks=(Task("T1", "抽查", stated_indicators=1),))
    assert found("Q16", case) == []


def figure(code: str, value: str, place: str, **changes: str) -> PrintedFigure:
    whole = {"role": "数值", "subject": "食品抽检", "metric": "批次", "unit": "批", "period": "2023"}
    return PrintedFigure(code=code, value=value, place=place, **(whole | changes))


def test_one_fact_with_two_printed_values_is_found_once() -> None:
    row = Contradiction("D1", "食品抽检批次", "1,291 批", place="L1", other="1270 批", other_place="L2")
    figures = (figure("F1", "1291", "L1"), figure("F2", "1270", "L2"), figure("F3", "1270", "L2"))
    (printed,) = found("Q17", case_with(indicator(), printed_figures=figures))
    assert "1291批" in printed.what
    assert "1270批" in printed.what
    assert printed.places == ("L1", "L2")
    both = case_with(indicator(), printed_figures=figures, contradictions=(row,))
    assert len(found("Q17", both)) == 1


def test_no_more_than_the_allowed_number_of_pairs_is_listed() -> None:
    rows = tuple(Contradiction(f"D{each}", f"事项{each}", "1 项", other="2 项") for each in range(30))
    assert len(found("Q17", case_with(indicator(), contradictions=rows))) == RULES["Q17"].numbers["most"]


@pytest.mark.parametrize(
    "changes",
    [{"period": "2022"}, {"role": "目标"}, {"unit": "万批"}, {"metric": "合格批次"}, {"value": "1,291.0"}],
)
def test_figures_of_different_facts_or_equal_values_are_accepted(changes: dict[str, str]) -> None:
    other = replace(figure("F2", "1270", "L2"), **changes)
    assert found("Q17", case_with(indicator(), printed_figures=(figure("F1", "1291", "L1"), other))) == []


def test_one_number_written_in_two_ways_is_no_contradiction() -> None:
    row = Contradiction("D1", "食品抽检", "抽检 9.66 万批次", other="抽检 96,600 批次")
    assert found("Q17", case_with(indicator(), contradictions=(row,))) == []


def test_a_recorded_contradiction_with_several_places_is_not_repeated() -> None:
    row = Contradiction("D1", "食品抽检批次", "1291 批", place="L1、L5", other="1270 批", other_place="L2")
    figures = (figure("F1", "1291", "L5"), figure("F2", "1270", "L2"))
    assert len(found("Q17", case_with(indicator(), printed_figures=figures, contradictions=(row,)))) == 1


def test_a_contradiction_without_two_numbers_is_left_to_people() -> None:
    row = Contradiction("D1", "任务次序", "计划部分的次序", other="分析部分第 2 项")
    assert found("Q17", case_with(indicator(), contradictions=(row,))) == []


# Q18


def test_a_score_without_evidence_is_at_risk() -> None:
    case = case_with(indicator(), actuals=(actual(evidence="", evidence_status=EvidenceStatus.NONE),))
    (finding,) = found("Q18", case)
    assert finding.points_at_risk == score(case) > 0
    assert "110台" in finding.what


def test_statements_alone_are_noted_once_without_points_at_risk() -> None:
    stated = tuple(actual(code, evidence_status=EvidenceStatus.CLAIMED) for code in ("I1", "I2"))
    (finding,) = found("Q18", case_with(indicator(), indicator("I2", name="抽检锅炉数量"), actuals=stated))
    assert finding.items == ("I1", "I2")
    assert (finding.severity, finding.points_at_risk) == (Severity.NOTE, Decimal(0))


@pytest.mark.parametrize(
    "evidenced",
    [
        actual(),
        actual(evidence_status=EvidenceStatus.PROVIDED),
        actual(evidence_status=EvidenceStatus.NONE, source_kind=SourceKind.COMPUTED),
        actual(value="", status=ActualStatus.NOT_DUE, evidence_status=EvidenceStatus.NONE),
    ],
)
def test_evidence_or_nothing_to_show_is_accepted(evidenced: Actual) -> None:
    assert found("Q18", case_with(indicator(), actuals=(evidenced,))) == []


# the two real years


@lru_cache(maxsize=2)
def real_year(code: str) -> ReviewedYear:
    loaded = load_case(code)
    return ReviewedYear(loaded.case, evaluate_loaded(loaded)[0])


def in_year(rule: str, code: str) -> list[Finding]:
    return list(checks()[rule](real_year(code), RULES[rule]))


def firsts(rule: str, code: str) -> list[str]:
    return [finding.items[0] for finding in in_year(rule, code)]


@pytest.mark.parametrize("pair", [("K5", "6.2"), ("K7", "8.4"), ("K9", "9.2")])
def test_guangzhou_key_indicators_under_other_names_are_found(pair: tuple[str, str]) -> None:
    assert pair in [finding.items for finding in in_year("Q03", "guangzhou-2021")]


def test_guangzhou_states_five_batches_and_measures_four() -> None:
    (finding,) = in_year("Q04", "guangzhou-2021")
    assert finding.items == ("6.3",)
    assert "5 批次" in finding.what
    assert "4 份" in finding.what


@pytest.mark.parametrize(
    ("rule", "code", "items"),
    [
        ("Q05", "guangzhou-2021", ["1.2", "8.4"]),
        ("Q05", "huadu-2023", ["O2", "O4", "O5"]),
        ("Q06", "guangzhou-2021", []),
        ("Q06", "huadu-2023", ["O6"]),
        ("Q07", "guangzhou-2021", []),
        ("Q07", "huadu-2023", ["O1", "O3"]),
        ("Q08", "huadu-2023", ["O7", "F1", "O1"]),
        ("Q09", "huadu-2023", ["O2", "F3"]),
        ("Q10", "huadu-2023", []),
        ("Q12", "guangzhou-2021", []),
        ("Q12", "huadu-2023", []),
        ("Q13", "guangzhou-2021", []),
        ("Q14", "huadu-2023", []),
        ("Q15", "guangzhou-2021", ["1.1"]),
        ("Q16", "huadu-2023", []),
    ],
)
def test_the_real_years_have_these_findings(rule: str, code: str, items: list[str]) -> None:
    assert firsts(rule, code) == items


def test_guangzhou_has_mostly_completion_rates() -> None:
    assert len(in_year("Q10", "guangzhou-2021")) == 1


def test_guangzhou_counts_differ_twice() -> None:
    assert [finding.what for finding in in_year("Q16", "guangzhou-2021")] == [
        "绩效指标：称 41 项，列出 40 项",
        "任务“工业品药品等抽检”的指标：称 5 项，列出 4 项",
    ]


@pytest.mark.parametrize(
    ("code", "one", "other"),
    [
        ("guangzhou-2021", "126.21%", "126.71%"),
        ("guangzhou-2021", "49.5 件", "49.6 件"),
        ("huadu-2023", "1291 宗", "1270 宗"),
    ],
)
def test_facts_with_two_values_in_the_real_reports_are_each_found_once(
    code: str, one: str, other: str
) -> None:
    assert sum(one in finding.what and other in finding.what for finding in in_year("Q17", code)) == 1


def test_printed_scores_without_a_value_are_at_risk_and_statements_are_not() -> None:
    findings = in_year("Q18", "guangzhou-2021")
    bare = {finding.items[0] for finding in findings if finding.points_at_risk}
    assert {"1.1", "8.2"} <= bare
    assert "8.1" not in bare
    assert all(not finding.points_at_risk for finding in in_year("Q18", "huadu-2023"))


def test_a_tier_without_vague_words_is_accepted_in_the_real_year() -> None:
    assert real_year("huadu-2023").case.actual_of["F1"].tier is Tier.REACHED
    assert in_year("Q11", "huadu-2023") == []
