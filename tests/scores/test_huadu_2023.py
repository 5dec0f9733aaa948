"""The real year of Huadu 2023. Every expected figure is printed in the published report (line numbers
in the case), except where a test says that the report is wrong and why."""

from decimal import Decimal
from functools import lru_cache

import pytest

from zhunsheng.assembly.cases import load_case
from zhunsheng.assembly.evaluating import evaluate_loaded
from zhunsheng.scores.evaluation import Evaluation


@lru_cache
def year() -> Evaluation:
    return evaluate_loaded(load_case("huadu-2023"))[0]


def score(code: str) -> Decimal | None:
    node = year().node(code)
    assert node is not None
    return node.score


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("A", "46.98"), ("A1", "17"), ("A2", "20"), ("A3", "9.98"), ("B", "48"), ("B1", "3"), ("B2", "4"),
        ("B3", "3"), ("B4", "15"), ("B5", "9"), ("B6", "10"), ("B7", "4"), ("O1", "0"), ("F1", "7"), ("B5.6", "0"),
    ],
)  # fmt: skip
def test_the_scores_of_the_report(code: str, expected: str) -> None:
    assert score(code) == Decimal(expected)


def test_the_total_and_the_grade() -> None:
    assert year().total == Decimal("94.98")
    assert year().grade == "优"
    assert year().unscored == 0


def test_every_printed_score_but_two_is_reproduced() -> None:
    differing = {node.code for node in year().nodes if node.printed and node.printed.score != node.score}
    assert differing == {"B6", "B7.2"}


def test_the_three_public_score_above_its_points_is_named() -> None:
    node = year().node("B7.2")
    assert node is not None
    assert node.printed is not None
    assert node.printed.explanation == "原文得分 3，计算得 2：原文得分超过分值 2，得分最高为 2"


def test_the_asset_subtotal_is_recomputed() -> None:
    node = year().node("B6")
    assert node is not None
    assert node.printed is not None
    assert node.printed.explanation == (
        "原文得分 9，计算得 10：其下 6 项原文得分之和为 10；原文总分 94.98 也只有按 10 计才成立"
    )


def test_four_late_contracts_of_69_cost_the_point_under_either_candidate_rule() -> None:
    node = year().node("B5.6")
    assert node is not None
    assert node.basis.value == "candidates_agree"
    assert node.trace.steps == (
        "超期备案的采购合同数 4 份（共 69 份）",
        "候选规则“只要发生即不得分”：得 0 分",
        "候选规则“每例扣 0.25 分，扣完为止”：得 0 分",
        "扣分标准未知，但各候选规则结果一致",
    )


def test_the_execution_score_shows_its_calculation() -> None:
    node = year().node("A3")
    assert node is not None
    assert node.trace.steps == ("执行率 = 执行数 ÷ 全年预算数 = 22,918.66 ÷ 22,975.66 = 99.7519…%",)
    assert node.trace.rounding == "10 × 0.99751911… = 9.97519114…，四舍五入到 2 位小数得 9.98"
    assert [each.source for each in node.trace.inputs] == ["收支 expenditure（L77、L117）"] * 2


def test_every_score_has_a_rule_and_every_leaf_a_step_or_reason() -> None:
    for node in year().nodes:
        assert node.trace.rule, node.code
        assert node.trace.steps or node.reason, node.code


def test_the_rule_vectors_of_the_handbook() -> None:
    """Ratios worked out by hand: 1952.31/1952.31, (1139.68−1149.77)/1149.77, 145.46 ≤ 155.55."""
    found = {
        code: node.actual for code in ("B6.6", "B7.1", "B7.2") if (node := year().node(code)) is not None
    }
    assert found == {"B6.6": "100.00%", "B7.1": "-0.88%", "B7.2": "145.46 ≤ 155.55"}
