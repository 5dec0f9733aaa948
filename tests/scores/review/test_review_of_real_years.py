"""What a reviewer would find in the two public reports, and what he would leave alone."""

from decimal import Decimal
from functools import lru_cache

import pytest

from zhunsheng.scores.review.review import Review, review
from zhunsheng.scores.review.rule import Finding
from zhunsheng.scores.scoring import evaluate
from zhunsheng.store.case_directory import read_case_directory
from zhunsheng.store.definition_files import definitions_directory, load_facts, load_rubric
from zhunsheng.store.review_rule_files import load_review_rules

HUADU, GUANGZHOU, DEMO = "huadu-2023", "guangzhou-2021", "education-demo-2023"


@lru_cache(maxsize=3)
def reviewed(code: str) -> Review:
    case, _ = read_case_directory(definitions_directory() / "cases" / code)
    assert case is not None
    rubric, _ = load_rubric(case.about.rubric)
    assert rubric is not None
    return review(case, evaluate(case, rubric, load_facts()[0]), load_review_rules()[0])


def found(code: str, rule: str, item: str = "") -> list[Finding]:
    return [
        each for each in reviewed(code).findings if each.rule == rule and (not item or item in each.items)
    ]


@pytest.mark.parametrize(
    ("code", "rule", "item", "words"),
    [
        (HUADU, "R01", "O4", "仅有文字陈述"),
        (HUADU, "R03", "F1", "干净、整洁、平安、有序"),
        (HUADU, "R05", "O4", "215.17%"),
        (HUADU, "R12", "B6", "原文小计 9，其下 6 项原文得分之和为 10"),
        (HUADU, "R12", "B7.2", "原文得分 3，超过分值 2"),
        (HUADU, "R14", "A3", "10 分得 9.98 分"),
        (HUADU, "R18", "F2", "≥90%"),
        (HUADU, "R20", "O2", "只支出 4.86 万元"),
        (HUADU, "R20", "O5", "只支出 70.02 万元"),
        (HUADU, "R32", "P3", "由 300.00 万元调减为 0.00 万元"),
        (HUADU, "R35", "P2", "3.04%"),
        (HUADU, "S02", "B3.1", "都没有涉及"),
        (HUADU, "S02", "B5.6", "都没有涉及"),
        (HUADU, "S04", "", "没有满意度指标"),
        (HUADU, "X01", "P2", "预算执行率 3.04%"),
        (HUADU, "X01", "P1", "预算执行率 59.85%"),
        (GUANGZHOU, "R04", "1.1", "没有调查方法和样本量"),
        (GUANGZHOU, "R14", "8.2", "没有完成值，却得 0.85 分"),
        (GUANGZHOU, "R18", "7.2", "没有计算公式"),
        (GUANGZHOU, "R23", "8.2", "得 85% 的：8.2"),
        (GUANGZHOU, "R29", "P5", "1,228.11 万元"),
        (GUANGZHOU, "S03", "4.4", "0.26 以下"),
    ],
)
def test_found(code: str, rule: str, item: str, words: str) -> None:
    assert any(words in each.what for each in found(code, rule, item)), found(code, rule)


@pytest.mark.parametrize(
    ("code", "rule", "item"),
    [
        (HUADU, "R25", ""),  # sums, rates, changes and shares of the report are right within rounding
        (HUADU, "R30", ""),
        (HUADU, "R16", ""),
        (HUADU, "X01", "expenditure"),
        (GUANGZHOU, "R25", ""),
        (GUANGZHOU, "R05", "8.4"),  # it is explained and reduced
        (GUANGZHOU, "R18", "8.4"),  # the key indicator has the formula
        (GUANGZHOU, "R29", "P1"),  # tasks with indicators name it
        (GUANGZHOU, "R29", "P4"),
        (DEMO, "R01", ""),
        (DEMO, "R04", ""),
        (DEMO, "R14", ""),
        (DEMO, "S02", "F3"),
    ],
)
def test_left_alone(code: str, rule: str, item: str) -> None:
    assert found(code, rule, item) == []


@pytest.mark.parametrize("code", [HUADU, GUANGZHOU, DEMO])
def test_points_at_risk_never_exceed_the_scores(code: str) -> None:
    case, _ = read_case_directory(definitions_directory() / "cases" / code)
    assert case is not None
    rubric, _ = load_rubric(case.about.rubric)
    assert rubric is not None
    evaluation = evaluate(case, rubric, load_facts()[0])
    result = reviewed(code)
    for item, risk in result.items.items():
        node = evaluation.node(item)
        assert node is not None
        assert node.score is not None
        assert Decimal(0) < risk <= node.score
    assert result.points_at_risk == sum(result.items.values(), Decimal(0))
    assert result.points_at_risk <= evaluation.total


@pytest.mark.parametrize("code", [HUADU, GUANGZHOU, DEMO])
def test_every_rule_is_accounted_for(code: str) -> None:
    ledger = {each.rule: each for each in reviewed(code).obligations}
    assert set(ledger) == {rule.code for rule in load_review_rules()[0]}
    assert {each.rule for each in ledger.values() if each.state == "not_applicable"} == {
        "R11",
        "R13",
        "R15",
        "R26",
        "R27",
        "R28",
    }
    for each in ledger.values():
        assert each.ran == (each.reason == "")
        assert each.findings == len(found(code, each.rule))


def test_findings_come_by_severity() -> None:
    ranks = [("error", "warning", "note").index(each.severity) for each in reviewed(HUADU).findings]
    assert ranks == sorted(ranks)
