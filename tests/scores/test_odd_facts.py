"""Facts about management and budgets out of the ordinary: nothing is scored by accident, and each is told with a code.

Expected figures are worked out by hand beside each case.
"""

from decimal import Decimal

import pytest
from odd_years import actual, codes, only, row, year

from zhunsheng.assembly.evaluating import facts, load_sound_rubric
from zhunsheng.scores.evaluation import Evaluation
from zhunsheng.scores.scoring import evaluate

# ---- facts about management


def management(*rows: dict[str, str]) -> Evaluation:
    case = year(management=list(rows))
    return evaluate(case, load_sound_rubric("guangdong-dept-2023"), facts())


@pytest.mark.parametrize(
    ("given_rows", "node", "code", "score"),
    [
        ([("contracts_filed_late", "70"), ("contracts_filed", "69")], "B5.6", "SCORE-035", None),
        ([("contracts_filed_late", "2.5"), ("contracts_filed", "69")], "B5.6", "SCORE-021", None),
        ([("contracts_filed_late", "-1"), ("contracts_filed", "69")], "B5.6", "SCORE-022", None),
        ([("three_public_actual", "-5"), ("three_public_budget", "100")], "B7.2", "SCORE-022", None),
        ([("fixed_assets_in_use", "120"), ("fixed_assets_total", "100")], "B6.6", "SCORE-035", None),
        ([("intentions_published_rate", "150")], "B5.1", "SCORE-035", None),
        ([("intentions_published_rate", "1")], "B5.1", "SCORE-036", None),
        ([("intentions_published_rate", "100%")], "B5.1", "", Decimal("0.5")),
        ([("intentions_published_rate", "９９．５％")], "B5.1", "SCORE-002", None),
        ([("stocktaking_done", "大概")], "B6.3", "SCORE-021", None),
        ([("contracts_filed", "9" * 5000)], "B5.6", "SCORE-021", None),
    ],
)
def test_odd_facts(given_rows: list[tuple[str, str]], node: str, code: str, score: Decimal | None) -> None:
    found = management(*({"fact": fact, "value": value} for fact, value in given_rows))
    assert only(found, node).score == score
    assert not code or code in codes(found)
    if score is None:
        assert only(found, node).reason


def test_not_applicable_counts_as_met_only_where_the_rubric_says_so() -> None:
    met = [{"fact": "results_linked_to_budget", "value": "true"}]
    idle = [
        {"fact": each, "status": "not_applicable", "why_used": "本年度未发生"}
        for each in ("monitoring_warnings_cleared", "key_evaluation_rectified")
    ]
    assert only(management(*met, *idle), "B4.2").score == 3
    no_rules = {"fact": "performance_rules_established", "status": "not_applicable", "why_used": "不适用"}
    found = management(no_rules, {"fact": "performance_rules_followed", "value": "true"})
    assert only(found, "B4.1").score is None
    assert "没有规定不适用视为满足" in only(found, "B4.1").reason


@pytest.mark.parametrize(
    ("adjusted", "executed", "score", "code"),
    [
        ("0", "0", Decimal(0), "SCORE-034"),
        ("-5", "1", None, "SCORE-003"),
        ("100", "-1", None, "SCORE-003"),
        ("100", "130", Decimal(10), ""),
    ],
)
def test_odd_budgets(adjusted: str, executed: str, score: Decimal | None, code: str) -> None:
    line = {"code": "S", "name": "合计", "side": "expenditure", "category": "total"}
    case = year(budget=[line | {"adjusted": adjusted, "executed": executed}])
    found = evaluate(case, load_sound_rubric("guangdong-dept-2023"), facts())
    assert only(found, "A3").score == score
    assert not code or code in codes(found)


def test_a_negative_execution_has_no_ceiling_and_says_so() -> None:
    line = {"code": "S", "name": "合计", "side": "expenditure", "category": "total"}
    case = year(budget=[line | {"adjusted": "100", "executed": "-1"}], actuals=[actual("100")])
    found = evaluate(case, load_sound_rubric("provincial-manual-ceilings"), facts())
    assert "SCORE-031" in codes(found)


def test_what_is_supported_is_part_of_the_total_also_under_a_ceiling() -> None:
    """Everything met with 40 % of the money: at most 59."""
    line = {"code": "S", "name": "合计", "side": "expenditure", "category": "total"}
    indicators = [row("a", points=None), row("b", points=None, group="effect", kind="social")]
    case = year(
        indicators=indicators,
        actuals=[actual("100"), actual("100", "b")],
        budget=[line | {"adjusted": "100", "executed": "40"}],
    )
    found = evaluate(case, load_sound_rubric("provincial-manual-ceilings"), facts())
    assert found.total == 59
    assert found.supported == 59
