"""Surveys, counts, figures printed twice and evidence (Q15 to Q18): what must be found and what must not."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from target_quality import RULES, SATISFACTION, actual, case_with, found, indicator, score

from zhunsheng.kernel.problem import Severity
from zhunsheng.plans.case import Actual, Contradiction, Division, DivisionCount, PrintedFigure, Task
from zhunsheng.plans.choices import ActualStatus, DivisionKind, EvidenceStatus, SourceKind

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
