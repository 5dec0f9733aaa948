"""Scoring one project of a case by a project rubric (项目支出绩效自评)."""

from collections.abc import Mapping
from dataclasses import replace

from zhunsheng.plans.case import Case, Project
from zhunsheng.rubrics.facts import FactDefinition
from zhunsheng.rubrics.rubric import Rubric, RubricObject
from zhunsheng.scores.evaluation import Evaluation
from zhunsheng.scores.inputs import budget_inputs
from zhunsheng.scores.scoring import evaluate


def project_case(case: Case, project: Project) -> Case:
    """The part of a case that belongs to one project.

    The department's points do not hold for a project, so they are dropped and shared equally inside
    each group of the project rubric; the evaluation says so among its assumptions. What the department
    report printed is not the project's and is dropped too.
    """
    indicators = tuple(
        replace(each, points=None, task="") for each in case.indicators if each.project == project.code
    )
    codes = {each.code for each in indicators}
    about = replace(
        case.about,
        title=project.name,
        rubric=case.about.project_rubric,
        printed_total=None,
        printed_grade="",
        points_assumption="",
    )
    return replace(
        case,
        about=about,
        tasks=(),
        key_indicators=(),
        indicators=indicators,
        actuals=tuple(each for each in case.actuals if each.indicator in codes),
        manual_scores=(),
        printed_scores=(),
        reductions=(),
        deviations=tuple(each for each in case.deviations if each.item in codes),
        management=(),
    )


def evaluate_project(
    case: Case, project: Project, rubric: Rubric, facts: Mapping[str, FactDefinition]
) -> Evaluation:
    """Score a project: its funds for the execution rate, its linked indicators for the groups.

    Groups without an indicator stay unscored; the grade is pending until they have one.
    """
    return evaluate(
        project_case(case, project),
        rubric,
        facts,
        inputs=budget_inputs(project, "项目"),
        scored=RubricObject.PROJECT,
    )
