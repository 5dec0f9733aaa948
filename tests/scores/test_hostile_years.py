"""Odd years: nothing crashes, nothing is scored by accident, and every odd thing is told with a code.

Expected figures are worked out by hand beside each case.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from odd_years import Y, actual, codes, read, row, scored, small, told, year

from zhunsheng.assembly.evaluating import facts, load_sound_rubric
from zhunsheng.rubrics.reading import read_rubric
from zhunsheng.scores.comparison import compare, comparison_data
from zhunsheng.scores.projects import evaluate_project
from zhunsheng.scores.review.review import review
from zhunsheng.scores.scoring import evaluate
from zhunsheng.store.definition_files import rubric_codes
from zhunsheng.store.review_rule_files import load_review_rules
from zhunsheng.store.yaml_files import parse_yaml

DUPLICATE, SHARE_OUT_OF_RANGE, NOT_COMPARABLE = "CASE-010", "CASE-019", "CASE-015"


# ---- rows that cannot be: refused while reading


@pytest.mark.parametrize(
    ("sections", "code"),
    [
        ({"actuals": [actual("1"), actual("2")]}, DUPLICATE),
        ({"management": [{"fact": "stocktaking_done", "value": "true"}] * 2}, DUPLICATE),
        ({"manual_scores": [{"item": "a", "score": "1", "reason": "x"}] * 2}, DUPLICATE),
        ({"reductions": [{"indicator": "a", "share": "1.5", "reason": "x"}]}, SHARE_OUT_OF_RANGE),
        ({"reductions": [{"indicator": "a", "share": "-0.1", "reason": "x"}]}, SHARE_OUT_OF_RANGE),
        ({"actuals": [actual("2023-12-10")]}, NOT_COMPARABLE),
        ({"actuals": [actual("A级")]}, NOT_COMPARABLE),
        ({"actuals": [actual("二百")]}, NOT_COMPARABLE),
    ],
)
def test_rows_that_cannot_be_are_refused(sections: dict[str, Any], code: str) -> None:
    case, problems = read(**sections)
    assert case is None
    assert code in {each.code for each in problems}


# ---- the wrong rubric, nothing at all, very much of it


def test_a_rubric_for_something_else_is_named() -> None:
    found = scored(load_sound_rubric("mof-project-2020"), actuals=[actual("100")])
    assert "用于项目，本次被评的是部门" in told(found, "SCORE-033")
    project = {"code": "P1", "name": "抽检", "adjusted": "100", "executed": "100"}
    case = year(projects=[project], indicators=[row(project="P1")], actuals=[actual("100")])
    by_project = load_sound_rubric("mof-project-2020")
    assert "SCORE-033" not in codes(evaluate_project(case, case.projects[0], by_project, facts()))
    by_department = load_sound_rubric("guangdong-dept-2023")
    assert "SCORE-033" in codes(evaluate_project(case, case.projects[0], by_department, facts()))


def test_a_rubric_for_another_year_is_named() -> None:
    found = scored(load_sound_rubric("guangzhou-dept-2021"), actuals=[actual("100")])
    assert "适用于 2021 年度，本档案为 2023 年度" in told(found, "SCORE-011")


@pytest.mark.parametrize("code", rubric_codes())
def test_an_empty_year_is_pending_under_every_rubric(code: str) -> None:
    case = year(indicators=[])
    found = evaluate(case, load_sound_rubric(code), facts())
    assert found.grade == ""
    assert found.unscored > 0
    assert all(each.reason or each.trace.steps for each in found.leaves() if each.score is None)


def many(number: int) -> Iterator[dict[str, Any]]:
    for place in range(number):
        yield row(f"i{place}", points=None, name="同一个名称" if place % 2 else f"指标{place}")


def test_a_great_many_indicators_are_scored_and_reviewed_in_time_that_grows_with_their_number() -> None:
    """Doubling the number must not square the work: comparisons of names are counted, not seconds."""
    rules, _ = load_review_rules()
    case = year(indicators=list(many(3000)), actuals=[actual("50", f"i{place}") for place in range(3000)])
    found = evaluate(case, small(), facts())
    result = review(case, found, [rule for rule in rules if rule.code in {"Q03", "R09"}])
    # 1,500 carry one name: each but the first is a finding of both rules, not each pair of them
    assert len(result.findings) == 2 * 1499
    assert result.points_at_risk <= found.total


def test_points_at_risk_never_exceed_what_was_earned() -> None:
    rules, _ = load_review_rules()
    deviations = [{"item": each, "reason": "未完成全部事项，原因已经说明"} for each in ("a", "N")]
    found = scored(actuals=[actual("100")], deviations=deviations)
    result = review(year(actuals=[actual("100")], deviations=deviations), found, rules)
    assert result.items["N"] == 10
    assert result.points_at_risk == 10


# ---- comparing


def test_a_comparison_says_why_a_rubric_does_not_fit() -> None:
    case = year(actuals=[actual("100")])
    one, other = load_sound_rubric("guangdong-dept-2023"), load_sound_rubric("mof-project-2021")
    found = compare(evaluate(case, one, facts()), evaluate(case, other, facts()), one, other)
    words = "\n".join(found.rules)
    assert "mof-project-2021：mof-project-2021 用于项目，本次被评的是部门" in words
    assert "指标性质“满意度”：" in words
    data = comparison_data(found)
    assert data["differences"]


def test_nodes_of_one_name_are_all_compared() -> None:
    twice = """nodes:
  - {code: X1, name: 制度, points: 5, source: {document: '', clause: 测, evidence: proposal}, rule: {type: boolean, fact: stocktaking_done, source: {document: '', clause: 测, evidence: proposal}}}
  - {code: X2, name: 制度, points: 5, source: {document: '', clause: 测, evidence: proposal}, rule: {type: boolean, fact: procurement_rules_established, source: {document: '', clause: 测, evidence: proposal}}}
"""
    base = small()
    text = f"""
code: twice
label: 两个
label_en: Two
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
over_achievement: {{mode: ignore, {Y}}}
{twice}"""
    node, _ = parse_yaml(text, "twice.yaml")
    assert node is not None
    rubric, faults = read_rubric(node)
    assert rubric is not None, faults
    case = year(indicators=[], management=[{"fact": "stocktaking_done", "value": "true"}])
    found = compare(evaluate(case, base, facts()), evaluate(case, rubric, facts()), base, rubric)
    assert {"X1", "X2"} <= {each.item for each in found.differences}
