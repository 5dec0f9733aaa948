"""Inputs posing as outputs, wrong groups, mere completion rates, vague words, points (Q06, Q07, Q10 to Q13): what must be found and what must not."""

from decimal import Decimal

import pytest
from target_quality import IN_WORDS, case_with, found, indicator, project, score

from zhunsheng.kernel.money import Money
from zhunsheng.kernel.problem import Severity
from zhunsheng.plans.case import Case, Indicator, Task
from zhunsheng.plans.choices import IndicatorGroup, IndicatorKind

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


# Q12 and Q13


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
