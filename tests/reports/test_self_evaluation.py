"""The report tree: official outline, bound numbers, and what keeps a report a draft."""

from dataclasses import replace
from functools import lru_cache

import pytest

from zhunsheng.assembly.cases import load_case
from zhunsheng.assembly.evaluating import evaluate_loaded, facts, load_sound_rubric
from zhunsheng.plans.case import Case, Narrative
from zhunsheng.reports.forms import department_form, project_form, score_sheet_form
from zhunsheng.reports.grid import lay_out
from zhunsheng.reports.self_evaluation import WrittenReport, write_self_evaluation
from zhunsheng.reports.tree import Heading, Report, Table, numbers_of
from zhunsheng.scores.evaluation import Evaluation
from zhunsheng.scores.projects import evaluate_project
from zhunsheng.scores.scoring import evaluate

CASES = ("huadu-2023", "guangzhou-2021", "education-demo-2023")

# The outline both real reports share, as the handbook gives it.
OUTLINE = [
    "一、基本情况",
    "（一）部门概况",
    "（二）年度总体工作和重点工作任务",
    "（三）部门整体收支情况",
    "（四）部门整体绩效管理情况",
    "二、综合评价分析",
    "（一）自评结论综述",
    "（二）各项工作任务绩效目标完成情况分析",
    "（三）各重点任务项目支出完成情况分析",
    "（四）主要工作成效",
    "三、存在的主要问题",
    "四、下一步改进措施",
]


@lru_cache
def scored(code: str) -> tuple[Case, Evaluation]:
    loaded = load_case(code)
    return loaded.case, evaluate_loaded(loaded)[0]


@lru_cache
def written(code: str) -> WrittenReport:
    return write_self_evaluation(*scored(code))


def every_report(code: str) -> list[Report]:
    case, evaluation = scored(code)
    reports = [written(code).report, department_form(case, evaluation), score_sheet_form(case, evaluation)]
    rubric = load_sound_rubric(case.about.project_rubric)
    reports += [
        project_form(case, project, evaluate_project(case, project, rubric, facts()))
        for project in case.projects
    ]
    return reports


@pytest.mark.parametrize("code", CASES)
def test_the_outline_is_the_official_one(code: str) -> None:
    headings = [
        f"{b.number}{b.text}" for b in written(code).report.blocks if isinstance(b, Heading) and b.level <= 2
    ]
    fixed = [each for each in headings if each in OUTLINE]
    assert fixed == OUTLINE


@pytest.mark.parametrize("code", CASES)
def test_every_number_is_bound_to_a_figure_of_the_report(code: str) -> None:
    for report in every_report(code):
        known = {figure.code: figure for figure in report.figures}
        assert len(known) == len(report.figures)
        numbers = list(numbers_of(report))
        assert numbers
        for number in numbers:
            assert number.text in {known[number.figure].text, known[number.figure].result}, number


@pytest.mark.parametrize("code", CASES)
def test_every_table_fills_its_grid(code: str) -> None:
    for report in every_report(code):
        for block in report.blocks:
            if isinstance(block, Table):
                assert all(
                    sum(placed.cell.columns for placed in row) == len(block.widths) for row in lay_out(block)
                )


@pytest.mark.parametrize("code", CASES)
def test_headings_are_numbered_without_gap_or_repetition(code: str) -> None:
    """The seed prints （4） twice and （二） for （四）; here numbering follows from the order."""
    numerals = "一二三四五六七八九十"
    counters = [0, 0, 0, 0, 0]
    for block in written(code).report.blocks:
        if not isinstance(block, Heading):
            continue
        counters[block.level] += 1
        counters[block.level + 1 :] = [0] * (4 - block.level)
        number = counters[block.level]
        expected = {
            1: f"{numerals[number - 1]}、",
            2: f"（{numerals[number - 1]}）",
            3: f"{number}.",
            4: f"（{number}）",
        }[block.level]
        assert block.number == expected, block


def test_the_huadu_report_is_a_draft_because_lost_points_are_not_answered() -> None:
    """The handbook lists this as an error of the real report: points lost and absent from 三 and 四."""
    report = written("huadu-2023")
    assert report.report.draft
    missing = {
        (each.code, (each.place.field or "").split()[0])
        for each in report.problems
        if each.severity == "error"
    }
    assert missing == {
        ("REPORT-010", "A3"),
        ("REPORT-011", "A3"),
        ("REPORT-011", "B3.1"),
        ("REPORT-011", "B5.6"),
    }


def test_a_report_with_every_lost_point_answered_is_final() -> None:
    report = written("education-demo-2023")
    assert not report.report.draft
    assert [each for each in report.problems if each.severity == "error"] == []


def test_a_remedy_that_answers_nothing_leaves_its_problem_open() -> None:
    case, evaluation = scored("education-demo-2023")
    changed = replace(case, remedies=case.remedies[:1])
    problems = write_self_evaluation(changed, evaluation).problems
    assert [each.what for each in problems if each.code == "REPORT-012"] == [
        "“成本目标测算不细”没有对应的改进措施"
    ]


def test_a_reference_to_nothing_is_an_error_with_its_place() -> None:
    case, _ = scored("education-demo-2023")
    texts = tuple(
        Narrative("annual_work", "新增学位 {{ indicator.O9.actual }}。")
        if each.section == "annual_work"
        else each
        for each in case.narrative
    )
    changed = replace(case, narrative=texts)
    evaluation = evaluate(changed, load_sound_rubric(case.about.rubric), facts())
    (problem,) = [
        each for each in write_self_evaluation(changed, evaluation).problems if each.code == "REPORT-001"
    ]
    assert problem.place.file == "narrative/annual_work.md"
    assert problem.what == "没有“indicator.O9.actual”这个数据，或它没有值"


def test_figures_computed_for_the_report_agree_with_the_printed_ones() -> None:
    """Oracle: differences, rates and shares printed in the Huadu report."""
    report = written("huadu-2023").report
    result = {figure.code: figure.result for figure in report.figures}
    assert result["budget.income.difference"] == "1,603.85"
    assert result["budget.income.change"] == "7.52"
    assert result["budget.income_fiscal.change"] == "7.87"
    assert result["budget.expenditure.change"] == "7.49"
    assert result["budget.expenditure_basic.change"] == "-1.96"
    assert result["budget.expenditure_project.change"] == "77.89"
    assert result["budget.expenditure_basic.share"] == "80.41"
    assert result["budget.expenditure_project.share"] == "19.59"
    assert result["project.P1.rate"] == "59.85"
    assert result["project.P2.rate"] == "3.04"
    assert result["budget.expenditure.rate"] == "99.75"


def test_a_project_without_indicators_in_a_group_stays_unscored_there() -> None:
    case, _ = scored("huadu-2023")
    rubric = load_sound_rubric("mof-project-2020")
    project = next(each for each in case.projects if each.code == "P1")
    evaluation = evaluate_project(case, project, rubric, facts())
    assert {node.code: node.score for node in evaluation.nodes if node.level == 1 and node.code != "S"} == {
        "E": evaluation.nodes[0].score,
        "O": 50,
        "F": None,
    }
    assert evaluation.grade == ""
    assert str(evaluation.nodes[0].score) == "5.98"  # 70.02 / 117.00 = 59.85 % of 10 points
