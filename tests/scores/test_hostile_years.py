"""Odd years: nothing crashes, nothing is scored by accident, and every odd thing is told with a code.

Expected figures are worked out by hand beside each case.
"""

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhunsheng.assembly.evaluating import facts, load_sound_rubric
from zhunsheng.kernel.located import Located
from zhunsheng.kernel.place import Place
from zhunsheng.kernel.problem import Problem
from zhunsheng.plans.case import Case
from zhunsheng.plans.reading import read_case
from zhunsheng.rubrics.reading import read_rubric
from zhunsheng.rubrics.rubric import Rubric
from zhunsheng.scores.comparison import compare, comparison_data
from zhunsheng.scores.evaluation import Evaluation, ScoredNode, evaluation_data
from zhunsheng.scores.projects import evaluate_project
from zhunsheng.scores.review.review import review
from zhunsheng.scores.scoring import evaluate
from zhunsheng.store.definition_files import rubric_codes
from zhunsheng.store.review_rule_files import load_review_rules
from zhunsheng.store.yaml_files import parse_yaml

HERE = Place("case")
Y = "source: {document: '', clause: 测试, evidence: proposal}"
DUPLICATE, SHARE_OUT_OF_RANGE, NOT_COMPARABLE = "CASE-010", "CASE-019", "CASE-015"


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


# ---- targets of zero and numbers out of the ordinary


@pytest.mark.parametrize(
    ("nature", "sign", "value", "expected"),
    [
        ("positive", ">=", "0", "10.00"),
        ("positive", ">=", "5", "10.00"),
        ("positive", ">=", "-1", "0.00"),
        ("inverse", "<=", "0", "10.00"),
        ("inverse", "<=", "0.01", "0.00"),
        ("inverse", "<=", "-3", "10.00"),
        ("exact", "=", "0", "10.00"),
        ("exact", "=", "1", "0.00"),
        ("satisfaction", ">=", "0", "10.00"),
    ],
)
def test_a_target_of_zero_is_met_or_missed(nature: str, sign: str, value: str, expected: str) -> None:
    indicator = row(nature=nature, target_sign=sign, target_value="0")
    found = scored(indicators=[indicator], actuals=[actual(value)])
    assert str(only(found).score) == expected
    assert only(found).trace.steps


@pytest.mark.parametrize("which", ["target", "actual"])
def test_a_number_of_thousands_of_digits_is_neither_computed_with_nor_printed(which: str) -> None:
    long = "9" * 5000
    found = scored(
        indicators=[row(target_value=long if which == "target" else "100")],
        actuals=[actual(long if which == "actual" else "100")],
    )
    assert only(found).score is None
    assert "SCORE-037" in codes(found)
    assert len(str(evaluation_data(found))) < 20_000


def test_a_very_large_and_a_very_small_number_are_exact() -> None:
    """10 × 1 ÷ 10^29 is 0 after rounding; 10^29 of 10^29 is everything."""
    huge = "1" + "0" * 29
    found = scored(indicators=[row(target_value=huge)], actuals=[actual("1")])
    assert str(only(found).score) == "0.00"
    assert str(only(scored(indicators=[row(target_value=huge)], actuals=[actual(huge)])).score) == "10.00"


def test_a_score_is_never_above_points_finer_than_a_score() -> None:
    """0.005 of a point is rounded to 0.01, which is more than there is: the score is 0."""
    found = scored(indicators=[row(points="0.005"), row("b", points="9.995")], actuals=[actual("100")])
    assert only(found).score == 0
    assert "SCORE-029" in codes(found)


# ---- units, percent and fractions


def test_a_share_without_a_unit_against_a_percentage_is_doubted_aloud() -> None:
    indicator = row(target_value="95", target_unit="%")
    found = scored(indicators=[indicator], actuals=[actual("0.96", unit="")])
    assert str(only(found).score) == "0.10"  # 10 × 0.96 ÷ 95 = 0.101
    assert "如果是 96%，应写 96" in told(found, "SCORE-032")


def test_a_small_percentage_with_its_sign_is_not_doubted() -> None:
    indicator = row(nature="inverse", target_sign="<=", target_value="30", target_unit="%")
    found = scored(indicators=[indicator], actuals=[actual("0.78", unit="%")])
    assert str(only(found).score) == "10.00"
    assert "SCORE-032" not in codes(found)


SATISFACTION_BANDS = (
    'type: satisfaction_bands, bands: [{range: "[0.9, 1]", share: 1}, {range: "[0, 0.9)", share: 0.6}]'
)


@pytest.mark.parametrize(
    ("unit", "value", "expected"),
    [("%", "92", "10.00"), ("%", "85", "6.00"), ("", "92", "10.00"), ("分", "92", None), ("%", "120", None)],
)
def test_bands_of_percentages_ask_for_a_percentage(unit: str, value: str, expected: str | None) -> None:
    indicator = row(nature="satisfaction", target_value="90", target_unit=unit)
    found = scored(
        small(satisfaction=SATISFACTION_BANDS), indicators=[indicator], actuals=[actual(value, unit=unit)]
    )
    score = only(found).score
    assert (None if score is None else str(score)) == expected
    assert (unit == "分") is ("SCORE-014" in codes(found))
    if expected is None:
        assert only(found).reason


# ---- who scores: manual scores, reductions, what is not used


def test_a_manual_score_where_a_rule_computes_is_said_to_be_unused() -> None:
    manual = [
        {"item": "a", "score": "10", "reason": "应得满分"},
        {"item": "N", "score": "1", "reason": "小计"},
    ]
    found = scored(actuals=[actual("50")], manual_scores=manual)
    assert str(found.total) == "5.00"
    assert "指标a按规则计算" in told(found, "SCORE-010")
    assert "指标的得分是下级得分之和" in told(found, "SCORE-010")


def test_a_manual_score_for_what_is_not_due_is_said_to_be_unused() -> None:
    pending = {"indicator": "a", "status": "not_due"}
    found = scored(actuals=[pending], manual_scores=[{"item": "a", "score": "10", "reason": "预计"}])
    assert only(found).score is None
    assert "尚未到期" in told(found, "SCORE-010")


@pytest.mark.parametrize(("claimed", "kept"), [("-1", "0"), ("10.004", "10.00"), ("1000", "10")])
def test_a_claimed_score_is_held_to_the_points(claimed: str, kept: str) -> None:
    manual = [{"item": "a", "score": claimed, "reason": "单位自报"}]
    found = scored(manual_scores=manual)
    assert only(found).score == Decimal(kept)
    assert ("SCORE-005" in codes(found)) is (claimed != "10.004")
    assert ("四舍五入到 2 位小数" in only(found).trace.rounding) is (claimed == "10.004")


def test_a_reduction_without_effect_is_said_to_be_unused() -> None:
    reduction = [{"indicator": "a", "share": "0.15", "reason": "目标偏保守"}]
    suggest = small("mode: suggest, explain_from: 1.3")
    used = scored(suggest, actuals=[actual("300")], reductions=reduction)
    assert str(only(used).score) == "8.50"
    assert "SCORE-013" not in codes(used)
    for found in (
        scored(actuals=[actual("300")], reductions=reduction),  # the rubric ignores it
        scored(suggest, reductions=reduction),  # there is no actual to reduce
    ):
        assert "指标a的扣减未采用" in told(found, "SCORE-013")


def test_reasons_for_items_that_do_not_exist_are_errors() -> None:
    found = scored(actuals=[actual("100")], deviations=[{"item": "zz", "reason": "没有这个评分项的原因"}])
    assert "zz" in told(found, "SCORE-017")


@pytest.mark.parametrize(("score", "kept"), [("10", "9.99"), ("9.99", "9.99"), ("0", "0.00")])
def test_what_is_late_cannot_be_given_everything(score: str, kept: str) -> None:
    indicator = row(
        nature="deadline", target_sign="<=", target_value="2023-12-10", target_unit="", kind="timeliness"
    )
    late = actual("2023-12-20", unit="")
    found = scored(
        indicators=[indicator],
        actuals=[late],
        manual_scores=[{"item": "a", "score": score, "reason": "逾期"}],
    )
    assert str(only(found).score) == kept
    assert ("SCORE-005" in codes(found)) is (score == "10")


@pytest.mark.parametrize(
    "written", ["2023年12月9日", "2023/12/09", "2023.12.9", "２０２３-12-9", "2023-12-10前"]
)
def test_dates_are_read_in_the_forms_people_write(written: str) -> None:
    indicator = row(
        nature="deadline", target_sign="<=", target_value="2023-12-10", target_unit="", kind="timeliness"
    )
    found = scored(indicators=[indicator], actuals=[actual(written, unit="")])
    assert str(only(found).score) == "10.00"


# ---- what does not apply


def test_a_group_of_which_nothing_applies_is_left_to_a_person() -> None:
    found = scored(actuals=[{"indicator": "a", "status": "not_applicable"}])
    assert only(found).score is None
    assert found.grade == ""
    assert "去向" in only(found).reason


# ---- exceeding the target: a second implementation of each mode


def over_by_hand(mode: str, target: Fraction, reached: Fraction, exempt: bool) -> Fraction:
    """Points of 10 for a rising indicator: pro rata, then what the mode takes from 130 % on."""
    points = 10 if reached >= target else 10 * reached / target
    if mode == "deduct" and not exempt and target > 0 and reached * 10 >= target * 13:
        points -= 2
    return Fraction(points)


@pytest.mark.parametrize(
    ("mode", "over"),
    [
        ("ignore", "mode: ignore"),
        ("explain_only", "mode: explain_only, explain_from: 1.3"),
        ("suggest", "mode: suggest, explain_from: 1.3"),
        ("deduct", 'mode: deduct, explain_from: 1.3, bands: [{range: "[1.3, ∞)", deduct_points: 2}]'),
    ],
)
@given(
    target=st.integers(min_value=1, max_value=400),
    reached=st.integers(min_value=0, max_value=1000),
    safe=st.booleans(),
)
def test_exceeding_the_target(mode: str, over: str, target: int, reached: int, safe: bool) -> None:
    indicator = row(target_value=str(target), exempt="安全指标" if safe else "")
    found = scored(small(over), indicators=[indicator], actuals=[actual(str(reached))])
    exact = over_by_hand(mode, Fraction(target), Fraction(reached), safe)
    assert only(found).score == Decimal(int(exact * 100 + Fraction(1, 2))) / 100
    far = reached * 10 >= target * 13
    assert ("SCORE-008" in codes(found)) is (far and mode != "ignore" and not safe)


def test_a_target_of_zero_far_exceeded_needs_words_where_a_limit_is_set() -> None:
    rubric = small("mode: explain_only, explain_from: 1.3, explain_at_zero: 30")
    zero = row(target_value="0")
    assert "完成值 30 达到 30 以上" in told(
        scored(rubric, indicators=[zero], actuals=[actual("30")]), "SCORE-008"
    )
    assert "SCORE-008" not in codes(scored(rubric, indicators=[zero], actuals=[actual("29")]))


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
