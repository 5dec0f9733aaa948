"""Small years and a small rubric for odd situations: rows, their scores and what is told of them."""

from typing import Any

from zhunsheng.assembly.evaluating import facts
from zhunsheng.kernel.located import Located
from zhunsheng.kernel.place import Place
from zhunsheng.kernel.problem import Problem
from zhunsheng.plans.case import Case
from zhunsheng.plans.reading import read_case
from zhunsheng.rubrics.reading import read_rubric
from zhunsheng.rubrics.rubric import Rubric
from zhunsheng.scores.evaluation import Evaluation, ScoredNode
from zhunsheng.scores.scoring import evaluate
from zhunsheng.store.yaml_files import parse_yaml

HERE = Place("case")
Y = "source: {document: '', clause: 测试, evidence: proposal}"


def located(value: Any) -> Located:
    if isinstance(value, dict):
        return Located({key: located(each) for key, each in value.items()}, HERE)
    if isinstance(value, list):
        return Located([located(each) for each in value], HERE)
    return Located(value, HERE)


def small(over: str = "mode: ignore", satisfaction: str = "type: proportional", extra: str = "") -> Rubric:
    """One node of 10 points for all indicators."""
    node, problems = parse_yaml(
        f"""
code: small
label: 小
label_en: Small
description: 测试
version: 1.0.0
object: department
jurisdiction: 无
valid_years: [2023]
verified: 'no'
total: 10
places: 2
{Y}
grades: [{{name: 合格, range: "[0, 10]"}}]
over_achievement: {{{over}, {Y}}}
{extra}
leaf_rules:
  positive: {{type: proportional, {Y}}}
  inverse: {{type: inverse_linear, zero_at: 2, {Y}}}
  exact: {{type: exact, otherwise: proportional, {Y}}}
  yes_no: {{type: boolean, {Y}}}
  deadline: {{type: deadline, late: manual, {Y}}}
  satisfaction: {{{satisfaction}, {Y}}}
nodes:
  - code: N
    name: 指标
    points: 10
    {Y}
    indicators: {{by: group, groups: [output, effect, satisfaction, cost]}}
""",
        "small.yaml",
    )
    assert node is not None, problems
    rubric, faults = read_rubric(node)
    assert rubric is not None, faults
    return rubric


def row(code: str = "a", **other: Any) -> dict[str, Any]:
    return {
        "code": code,
        "name": f"指标{code}",
        "group": "output",
        "kind": "quantity",
        "nature": "positive",
        "target_sign": ">=",
        "target_value": "100",
        "target_unit": "件",
        "points": "10",
    } | other


def actual(value: str, code: str = "a", **other: Any) -> dict[str, Any]:
    return {"indicator": code, "status": "reported", "value": value, "unit": "件"} | other


def read(**sections: Any) -> tuple[Case | None, tuple[Problem, ...]]:
    content: dict[str, Any] = {
        "about": {"code": "y", "title": "年度", "fiscal_year": "2023", "rubric": "small"},
        "body": {"name": "某局"},
        "indicators": [row()],
    } | sections
    return read_case({name: located(each) for name, each in content.items()}, HERE)


def year(**sections: Any) -> Case:
    case, problems = read(**sections)
    assert case is not None, [f"{each.code} {each.what}" for each in problems]
    return case


def scored(rubric: Rubric | None = None, **sections: Any) -> Evaluation:
    return evaluate(year(**sections), rubric or small(), facts())


def only(evaluation: Evaluation, code: str = "a") -> ScoredNode:
    found = evaluation.node(code)
    assert found is not None
    return found


def codes(evaluation: Evaluation) -> set[str]:
    return {each.code for each in evaluation.problems}


def told(evaluation: Evaluation, code: str) -> str:
    """What the problems with a code say; each must also say why and what to do."""
    found = [each for each in evaluation.problems if each.code == code]
    assert all(each.why and each.remedy for each in found)
    return "；".join(each.what for each in found)
