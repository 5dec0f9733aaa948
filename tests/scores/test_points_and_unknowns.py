"""Who gets which points, and what an unknown, an unfit unit or a contradiction does to a score.

Every expected figure is worked out by hand from the rule books: positive indicators pro rata, each leaf
rounded half-up to two places, points of an indicator that does not apply shared by its siblings.
"""

from decimal import Decimal
from typing import Any

import pytest
from odd_years import located

from zhunsheng.kernel.citation import Citation
from zhunsheng.kernel.place import Place
from zhunsheng.plans.case import Case
from zhunsheng.plans.reading import read_case
from zhunsheng.rubrics.facts import FactDefinition, FactKind
from zhunsheng.rubrics.reading import read_rubric
from zhunsheng.rubrics.rubric import Rubric
from zhunsheng.scores.evaluation import Evaluation, ScoredNode
from zhunsheng.scores.scoring import evaluate
from zhunsheng.store.yaml_files import parse_yaml

HERE = Place("case")
SOURCE = '{document: "", clause: 测试, evidence: proposal}'
HEAD = f"""
code: small
label: 小
label_en: Small
description: 测试
version: 1.0.0
object: department
jurisdiction: 无
valid_years: [2023]
verified: 'no'
places: 2
source: {SOURCE}
over_achievement: {{mode: ignore, source: {SOURCE}}}
leaf_rules:
  positive: {{type: proportional, source: {SOURCE}}}
"""
OWN = f"""
total: 10
grades: [{{name: 合格, range: "[0, 10]"}}]
nodes:
  - code: A
    name: 产出
    points: 6
    source: {SOURCE}
    indicators: {{by: group, groups: [output]}}
  - code: C
    name: 成本
    points: 4
    source: {SOURCE}
    indicators: {{by: group, groups: [cost], optional: true, moves_to: [{{node: A, points: 4}}]}}
"""
TASKS = f"""
total: 10
grades: [{{name: 合格, range: "[0, 10]"}}]
nodes:
  - {{code: A, name: 任务, points: 10, source: {SOURCE}, indicators: {{by: tasks}}}}
"""
CEILING = f"""
total: 10
grades: [{{name: 合格, range: "[0, 10]"}}]
ceilings:
  - {{range: "[0, 0.5)", most: 5}}
  - {{range: "[0.5, ∞)", most: 10}}
nodes:
  - {{code: A, name: 产出, points: 10, source: {SOURCE}, indicators: {{by: group, groups: [output]}}}}
"""
LEAF = f"""
total: 10
grades: [{{name: 合格, range: "[0, 10]"}}]
nodes:
  - code: B
    name: 按时签订
    points: 10
    not_applicable: full
    source: {SOURCE}
    rule: {{type: per_case, cases: late, of: contracts, deduct: 1, source: {SOURCE}}}
"""
FACTS = {
    code: FactDefinition(code, label, FactKind.COUNT, "份", "", Citation())
    for code, label in {"late": "超期合同数", "contracts": "合同数"}.items()
}


def rubric(body: str, extra: str = "") -> Rubric:
    parsed, problems = parse_yaml(HEAD + extra + body, "small.yaml")
    assert parsed is not None, problems
    found, faults = read_rubric(parsed)
    assert found is not None, faults
    return found


def indicator(code: str, points: str | None, actual: str | None, **other: str) -> dict[str, Any]:
    return {"code": code, "points": points, "actual": actual} | other


def year(*rows: dict[str, Any], **sections: Any) -> Case:
    indicators, actuals = [], []
    for row in rows:
        indicators.append(
            {
                "code": row["code"],
                "name": f"指标{row['code']}",
                "task": row.get("task", ""),
                "group": row.get("group", "output"),
                "kind": row.get("kind", "quantity"),
                "nature": "positive",
                "target_sign": ">=",
                "target_value": row.get("target", "100"),
                "target_unit": row.get("target_unit", "件"),
            }
            | ({} if row["points"] is None else {"points": row["points"]})
        )
        status = row.get("status", "reported")
        if row["actual"] is not None or status != "reported":
            actual = {"indicator": row["code"], "status": status, "value": row["actual"] or ""}
            actuals.append(actual | {"unit": row.get("unit", "件") if row["actual"] else ""})
    content: dict[str, Any] = {
        "about": {"code": "y", "title": "年度", "fiscal_year": "2023", "rubric": "small"},
        "body": {"name": "某局"},
        "indicators": indicators,
        "actuals": actuals,
    } | sections
    case, problems = read_case({name: located(each) for name, each in content.items()}, HERE)
    assert case is not None, problems
    return case


def scored(case: Case, body: str = OWN, extra: str = "") -> Evaluation:
    return evaluate(case, rubric(body, extra), FACTS)


def node(evaluation: Evaluation, code: str) -> ScoredNode:
    found = evaluation.node(code)
    assert found is not None
    return found


def score(evaluation: Evaluation, code: str) -> str | None:
    found = node(evaluation, code).score
    return None if found is None else str(found)


def codes(evaluation: Evaluation) -> list[str]:
    return [each.code for each in evaluation.problems]


COST = indicator("c", "4", "100", group="cost", kind="cost")


def test_a_full_and_a_half_met_indicator_by_hand() -> None:
    """4 × 1 + 2 × 50/100 + 4 × 1 = 9."""
    found = scored(year(indicator("a", "4", "100"), indicator("b", "2", "50"), COST))
    assert (score(found, "a"), score(found, "b"), str(found.total)) == ("4.00", "1.00", "9.00")


def test_an_empty_optional_node_gives_its_points_away() -> None:
    found = scored(year(indicator("a", "10", "100")))
    assert node(found, "A").points == 10
    assert node(found, "C").points == 0
    assert found.total == 10
    assert "SCORE-004" not in codes(found)


def test_indicators_without_points_share_what_is_left() -> None:
    """6 − 3 = 3 for two indicators: 1.5 each; of the second one half is reached: 0.75."""
    found = scored(
        year(indicator("a", "3", "100"), indicator("b", None, "50"), indicator("d", None, "100"), COST)
    )
    assert (score(found, "b"), score(found, "d")) == ("0.75", "1.50")
    assert "SCORE-025" in codes(found)
    assert any("平均分配余下的 3 分" in each for each in found.assumptions)


def test_points_that_do_not_add_up_are_an_error_and_never_stretched() -> None:
    found = scored(year(indicator("a", "5", "100"), COST))
    assert "SCORE-004" in codes(found)
    assert found.total == 9


def test_points_above_those_of_the_node_cannot_pass_unseen() -> None:
    found = scored(year(indicator("a", "7", "100"), COST))
    assert found.total == 11
    assert {"SCORE-004", "SCORE-030"} <= set(codes(found))


def test_points_finer_than_a_score_are_an_error() -> None:
    found = scored(year(indicator("a", "3.005", "100"), indicator("b", "2.995", "100"), COST))
    assert codes(found).count("SCORE-029") == 2


def test_what_does_not_apply_is_shared_by_its_siblings() -> None:
    """b does not apply: a takes its 2 points, 6 × 50/100 = 3."""
    found = scored(year(indicator("a", "4", "50"), indicator("b", "2", None, status="not_applicable"), COST))
    assert score(found, "a") == "3.00"
    assert node(found, "a").points == 6
    assert node(found, "b").points == 0
    assert node(found, "b").status == "not_applicable"
    assert "SCORE-026" in codes(found)
    assert "SCORE-001" not in codes(found)


def test_points_of_what_does_not_apply_stay_inside_the_task() -> None:
    rows = (
        indicator("a", "3", "100", task="T1"),
        indicator("b", "3", None, task="T1", status="not_applicable"),
        indicator("d", "4", "50", task="T2"),
    )
    found = scored(year(*rows, tasks=[{"code": "T1", "name": "一"}, {"code": "T2", "name": "二"}]), TASKS)
    assert [node(found, each).points for each in "ad"] == [6, 4]
    assert found.total == 8


def test_a_rubric_may_leave_what_does_not_apply_to_a_person() -> None:
    case = year(indicator("a", "4", "100"), indicator("b", "2", None, status="not_applicable"), COST)
    found = scored(case, OWN, "inapplicable_indicators: unscored\n")
    assert node(found, "b").status == "unscored"
    assert found.unscored == 2
    assert found.grade == ""


def test_what_is_not_due_is_neither_met_nor_missed() -> None:
    found = scored(year(indicator("a", "4", "100"), indicator("b", "2", None, status="not_due"), COST))
    assert score(found, "b") is None
    assert found.unscored == 2
    assert (found.grade, str(found.total)) == ("", "8.00")
    assert "SCORE-027" in codes(found)


@pytest.mark.parametrize("status", ["reported", "not_collected", "undefined"])
def test_no_actual_is_never_met(status: str) -> None:
    found = scored(year(indicator("a", "4", "100"), indicator("b", "2", None, status=status), COST))
    assert (score(found, "b"), node(found, "b").status) == ("0", "no_actual")
    assert found.grade == "合格"


@pytest.mark.parametrize(
    ("target", "target_unit", "actual", "unit", "expected"),
    [
        ("2", "万户", "15000", "户", "4.50"),  # 1.5 of 2: 6 × 0.75
        ("48", "小时", "1", "天", "3.00"),  # 24 of 48 hours
        ("100", "千克", "0.05", "吨", "3.00"),  # 50 of 100
        ("90", "%", "45", "％", "3.00"),
        ("90", "%", "45", "", "3.00"),  # read in the target's unit, and said so
    ],
)
def test_an_actual_is_carried_over_to_the_unit_of_its_target(
    target: str, target_unit: str, actual: str, unit: str, expected: str
) -> None:
    row = indicator("a", "6", actual, target=target, target_unit=target_unit, unit=unit)
    found = scored(year(row, COST))
    assert score(found, "a") == expected
    assert ("SCORE-032" in codes(found)) is (unit == "")


def test_units_nobody_can_compare_are_left_to_a_person() -> None:
    row = indicator("a", "6", "100", target_unit="件", unit="元")
    found = scored(year(row, COST))
    assert score(found, "a") is None
    assert {"SCORE-014", "SCORE-003"} <= set(codes(found))


def test_an_indicator_no_node_scores_is_named() -> None:
    row = indicator("e", "1", "100", group="effect", kind="social")
    found = scored(year(indicator("a", "6", "100"), row, COST))
    problem = next(each for each in found.problems if each.code == "SCORE-028")
    assert "指标e" in problem.what
    assert found.node("e") is None


def test_a_code_means_one_thing() -> None:
    found = scored(year(indicator("A", "6", "100"), COST))
    assert "SCORE-023" in codes(found)


@pytest.mark.parametrize(("adjusted", "known"), [("100", True), ("0", False), (None, False)])
def test_a_ceiling_without_a_rate_is_said(adjusted: str | None, known: bool) -> None:
    """40 of 100 spent: below one half, at most 5 points."""
    line = {"code": "S", "name": "合计", "side": "expenditure", "category": "total", "executed": "40"}
    budget = [line | ({} if adjusted is None else {"adjusted": adjusted})]
    found = scored(year(indicator("a", "10", "100"), budget=budget), CEILING)
    assert str(found.total) == ("5" if known else "10.00")
    assert ("SCORE-031" in codes(found)) is not known


def test_facts_that_contradict_each_other_earn_nothing_by_themselves() -> None:
    absent = {"fact": "contracts", "status": "not_applicable", "why_used": "没有采购"}
    late = {"fact": "late", "value": "2"}
    found = scored(year(management=[absent, late]), LEAF)
    assert "SCORE-024" in codes(found)
    assert score(found, "B") is None


def test_what_did_not_occur_earns_full_points() -> None:
    absent = [{"fact": each, "status": "not_applicable", "why_used": "没有采购"} for each in FACTS]
    found = scored(year(management=absent), LEAF)
    assert (score(found, "B"), node(found, "B").status) == ("10.00", "not_applicable")


def test_a_score_by_hand_is_rounded_like_any_other_and_held_to_its_limit() -> None:
    row = indicator("a", "6", "100", target_unit="件", unit="元")
    by_hand = [{"item": "a", "score": "5.555", "reason": "按换算后的完成情况"}]
    assert score(scored(year(row, COST, manual_scores=by_hand)), "a") == "5.56"
    too_much = [{"item": "a", "score": "6.5", "reason": "按换算后的完成情况"}]
    found = scored(year(row, COST, manual_scores=too_much))
    assert Decimal(score(found, "a") or "0") == 6
    assert "SCORE-005" in codes(found)
