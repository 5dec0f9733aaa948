"""Reviewer's rules and software checks under the shipped Guangdong rubric: one year each that must speak, one not."""

from decimal import Decimal
from functools import lru_cache
from typing import Any

import pytest

from zhunsheng.cli.loading import evaluate_loaded, load_case
from zhunsheng.kernel.money import Money
from zhunsheng.plans.case import (
    About,
    Actual,
    Body,
    BudgetLine,
    Case,
    Deviation,
    Indicator,
    KeyIndicator,
    ManualScore,
    PrintedScore,
    Project,
    Reduction,
    Remedy,
    Shortcoming,
    Task,
)
from zhunsheng.plans.choices import (
    ActualStatus,
    BudgetCategory,
    BudgetSide,
    EvidenceStatus,
    IndicatorGroup,
    IndicatorKind,
    Nature,
    Sign,
    Tier,
)
from zhunsheng.scores.evaluation import Evaluation
from zhunsheng.scores.review.registry import checks
from zhunsheng.scores.review.review import Review, review
from zhunsheng.scores.review.rule import Applies, Finding
from zhunsheng.scores.review.year import ReviewedYear
from zhunsheng.scores.scoring import evaluate
from zhunsheng.store.definition_files import load_facts, load_rubric
from zhunsheng.store.review_rule_files import load_review_rules

RULES = {rule.code: rule for rule in load_review_rules()[0]}
FULL = Decimal(10)

QUALITATIVE = {"nature": Nature.QUALITATIVE, "target_sign": Sign.QUALITATIVE, "target_unit": ""}
SURVEYED = {
    "name": "群众满意度",
    "group": IndicatorGroup.SATISFACTION,
    "kind": IndicatorKind.SATISFACTION,
    "nature": Nature.SATISFACTION,
    "target_text": "≥90%",
    "target_value": "90",
    "target_unit": "%",
}
SOCIAL = {"group": IndicatorGroup.EFFECT, "kind": IndicatorKind.SOCIAL}
RATE = {"target_text": "≥95%", "target_value": "95", "target_unit": "%"}
DEADLINE = {
    "name": "完工时间",
    "kind": IndicatorKind.TIMELINESS,
    "nature": Nature.DEADLINE,
    "target_sign": Sign.AT_MOST,
    "target_text": "2023年12月10日前",
    "target_value": "2023-12-10",
    "target_unit": "",
}
COST = {
    "name": "单位成本",
    "group": IndicatorGroup.COST,
    "kind": IndicatorKind.ECONOMIC_COST,
    "nature": Nature.INVERSE,
    "target_sign": Sign.AT_MOST,
    "target_text": "≤1500元",
    "target_value": "1500",
    "target_unit": "元",
}


def ind(code: str = "I1", **changes: Any) -> Indicator:  # noqa: ANN401 - fields of any kind
    values: dict[str, Any] = {
        "name": f"抽检电梯{code}",
        "task": "T1",
        "group": IndicatorGroup.OUTPUT,
        "kind": IndicatorKind.QUANTITY,
        "nature": Nature.POSITIVE,
        "target_text": "不少于100台",
        "target_sign": Sign.AT_LEAST,
        "target_value": "100",
        "target_unit": "台",
        "points": FULL,
        "formula": "逐台计数",
        "data_source": "抽检台账",
        "evidence_required": "抽检报告",
    }
    return Indicator(code=code, **values | changes)


def act(value: str = "100", code: str = "I1", **changes: Any) -> Actual:  # noqa: ANN401
    values: dict[str, Any] = {
        "status": ActualStatus.REPORTED,
        "unit": "台",
        "evidence": "抽检台账",
        "evidence_status": EvidenceStatus.PROVIDED,
    }
    return Actual(indicator=code, value=value, **values | changes)


def year(*parts: Any, **about: Any) -> Case:  # noqa: ANN401 - records of any section
    """A small year from records of any sections."""
    section_of = {
        Indicator: "indicators",
        Actual: "actuals",
        Project: "projects",
        BudgetLine: "budget",
        Deviation: "deviations",
        KeyIndicator: "key_indicators",
        ManualScore: "manual_scores",
        PrintedScore: "printed_scores",
        Reduction: "reductions",
        Shortcoming: "shortcomings",
        Remedy: "remedies",
    }
    sections: dict[str, tuple[Any, ...]] = {}
    for part in parts:
        name = section_of[type(part)]
        sections[name] = (*sections.get(name, ()), part)
    values: dict[str, Any] = {
        "code": "small-2023",
        "title": "清江市水务局2023年度部门整体支出绩效自评报告",
        "fiscal_year": 2023,
        "rubric": "guangdong-dept-2023",
        "overall_goal": "供水安全",
        "overall_result": "全部完成",
    }
    return Case(
        About(**values | about), Body(name="清江市水务局"), tasks=(Task(code="T1", name="电梯"),), **sections
    )


def money(amount: str) -> Money:
    return Money.of(amount, "万元")


def project(initial: str, adjusted: str, executed: str, **changes: Any) -> Project:  # noqa: ANN401
    values: dict[str, Any] = {"name": "电梯抽检", "key": True}
    amounts = {"initial": money(initial), "adjusted": money(adjusted), "executed": money(executed)}
    return Project(code="P1", **values | amounts | changes)


def line(category: BudgetCategory, executed: str, **changes: Any) -> BudgetLine:  # noqa: ANN401
    values: dict[str, Any] = {"name": category.label, "side": BudgetSide.EXPENDITURE}
    return BudgetLine(code=category.value, category=category, executed=money(executed), **values | changes)


def claimed(score: str, code: str = "I1", given_by: str = "市水务局") -> ManualScore:
    return ManualScore(item=code, score=Decimal(score), reason="按实际情况评定", given_by=given_by)


def told(reason: str) -> Deviation:
    return Deviation(item="I1", reason=reason)


def several(count: int, value: str, **changes: Any) -> tuple[Any, ...]:  # noqa: ANN401
    codes = [f"I{number}" for number in range(1, count + 1)]
    records: list[Any] = [ind(code, points=Decimal(2), **changes) for code in codes]
    return (*records, *(act(value, code) for code in codes))


def percentage(value: str, **changes: Any) -> Actual:  # noqa: ANN401
    return act(value, unit="%", **changes)


@lru_cache(maxsize=1)
def guangdong() -> Any:  # noqa: ANN401
    rubric, _ = load_rubric("guangdong-dept-2023")
    assert rubric is not None
    return rubric


def findings(code: str, case: Case) -> tuple[list[Finding], Evaluation]:
    evaluation = evaluate(case, guangdong(), load_facts()[0])
    return list(checks()[code](ReviewedYear(case, evaluation), RULES[code])), evaluation


DONE = (ind(), act())
HALF = (ind(), act("50"))
GOOD_TOTAL = line(BudgetCategory.TOTAL, "100", adjusted=money("100"))
PARTS = (line(BudgetCategory.BASIC, "60"), line(BudgetCategory.PROJECT, "40"))
GOAL_TOLD = Shortcoming(code="Q1", title="目标偏低")

# rule, what must be said of the first year, the year that must speak, the year that must not
SITUATIONS: list[tuple[str, str, Case, Case]] = [
    ("R01", "无佐证", year(ind(), act(evidence_status=EvidenceStatus.NONE)), year(*DONE)),
    ("R02", "没有对应的任务或项目", year(ind(task=""), act()), year(*DONE)),
    (
        "R03",
        "明显",
        year(ind(**QUALITATIVE, target_text="明显改善", target_value="明显改善"), act("明显改善")),
        year(*DONE),
    ),
    (
        "R04",
        "没有调查方法和样本量",
        year(ind(**SURVEYED), percentage("95")),
        year(ind(**SURVEYED), percentage("95", survey="发放问卷", sample_size=300)),
    ),
    ("R05", "131%", year(ind(), act("131")), year(ind(), act("130"))),
    (
        "R06",
        "没有数量",
        year(ind(**QUALITATIVE, target_text="按需抽检", target_value="按需抽检"), act("已抽检")),
        year(*DONE),
    ),
    (
        "R07",
        "通常扣减 30%",
        year(ind(**DEADLINE), act("2023-12-10", unit="", note="三处中一处逾期"), claimed("10")),
        year(ind(**DEADLINE), act("2023-12-10", unit="")),
    ),
    (
        "R08",
        "没有说明",
        year(
            ind(**SOCIAL | QUALITATIVE, target_value="秩序好转"),
            act("好转", unit="", tier=Tier.REACHED),
            claimed("8"),
        ),
        year(
            ind(**SOCIAL | QUALITATIVE, target_value="秩序好转"),
            act("好转", unit="", tier=Tier.REACHED),
            claimed("10"),
        ),
    ),
    (
        "R09",
        "是同一指标",
        year(ind(name="抽检电梯"), act(), ind("I2", name="全市抽检电梯", **SOCIAL), act(code="I2")),
        year(ind(name="抽检电梯"), act(), ind("I2", name="检修电梯"), act(code="I2")),
    ),
    (
        "R10",
        "资金进度",
        year(ind(name="资金支付率", **RATE), percentage("95")),
        year(ind(name="抽检合格率", **RATE), percentage("95")),
    ),
    (
        "R12",
        "不是 100",
        year(
            line(BudgetCategory.BASIC, "60", printed_share=Decimal("60.00")),
            line(BudgetCategory.PROJECT, "40", printed_share=Decimal("45.00")),
        ),
        year(
            line(BudgetCategory.BASIC, "60", printed_share=Decimal("60.00")),
            line(BudgetCategory.PROJECT, "40", printed_share=Decimal("40.00")),
        ),
    ),
    ("R16", "3 个得满分", year(*several(3, "100")), year(*several(3, "100"), *HALF[:0], claimed("1"))),
    (
        "R17",
        "方向反了",
        year(ind(**COST | {"target_sign": Sign.AT_LEAST}), act("1500", unit="元")),
        year(ind(**COST), act("1500", unit="元")),
    ),
    (
        "R18",
        "没有计算公式",
        year(ind(**SOCIAL | RATE, formula="", data_source=""), percentage("95")),
        year(ind(**SOCIAL | RATE), percentage("95")),
    ),
    (
        "R19",
        "尚未验收",
        year(ind(project="P1"), act(), project("10", "10", "9", result="尚未验收")),
        year(ind(project="P1"), act(), project("10", "10", "9", result="已通过验收")),
    ),
    (
        "R20",
        "只支出 4.86 万元",
        year(ind(project="P1"), act("191"), project("160", "160", "4.86")),
        year(ind(project="P1"), act("104"), project("160", "160", "152")),
    ),
    (
        "R21",
        "2023-12-20",
        year(ind(**DEADLINE), act("2023-12-01", unit="", evidence="2023年12月20日验收单")),
        year(ind(**DEADLINE), act("2023-12-01", unit="", evidence="2023年11月30日验收单")),
    ),
    (
        "R22",
        "仍得",
        year(ind(**COST), act("2600", unit="元"), claimed("5")),
        year(ind(**COST), act("1500", unit="元"), claimed("5")),
    ),
    (
        "R23",
        "得分比例不同",
        year(ind(), ind("I2"), claimed("8"), claimed("5", "I2")),
        year(ind(), ind("I2"), claimed("8"), claimed("8", "I2")),
    ),
    (
        "R24",
        "无投诉",
        year(ind(**SURVEYED), percentage("100", evidence="全年无投诉")),
        year(ind(**SURVEYED), percentage("100", evidence="问卷 300 份", sample_size=300)),
    ),
    (
        "R25",
        "合计却为 101.00 万元",
        year(line(BudgetCategory.TOTAL, "101"), *PARTS),
        year(line(BudgetCategory.TOTAL, "100"), *PARTS),
    ),
    (
        "R29",
        "没有预期目标",
        year(*DONE, project("10", "10", "9")),
        year(*DONE, project("10", "10", "9", goal="抽检 100 台")),
    ),
    (
        "R30",
        "按比例得 5 分",
        year(*HALF, PrintedScore(item="I1", points=FULL, score=FULL)),
        year(*HALF, PrintedScore(item="I1", points=FULL, score=Decimal(5))),
    ),
    (
        "R31",
        "是定性指标",
        year(*several(3, "好转", **QUALITATIVE, target_value="好转")),
        year(*several(3, "100")),
    ),
    (
        "R32",
        "调减",
        year(ind(project="P1"), act(), project("300", "100", "90")),
        year(ind(project="P1", initial_target="300"), act(), project("300", "100", "90")),
    ),
    (
        "R33",
        "已支付 100%",
        year(ind(project="P1"), act("50"), project("10", "10", "10")),
        year(ind(project="P1"), act("100"), project("10", "10", "10")),
    ),
    ("R34", "恰好等于目标值", year(*several(5, "100")), year(*several(5, "103"))),
    ("R35", "3.04%", year(*DONE, project("160", "160", "4.86")), year(*DONE, project("160", "160", "152"))),
    (
        "R36",
        "样本只有 8 份",
        year(ind(**SURVEYED), percentage("95", survey="问卷", sample_size=8)),
        year(ind(**SURVEYED), percentage("95", survey="问卷", sample_size=300)),
    ),
    (
        "R37",
        "没有对应的改进措施",
        year(GOAL_TOLD),
        year(GOAL_TOLD, Remedy(code="C1", title="提高目标", answers=("Q1",))),
    ),
    ("R38", "数据来源", year(ind(data_source=""), act()), year(*DONE)),
    (
        "S01",
        "没有写依据",
        year(ind(**QUALITATIVE, target_value="好转"), act("好转", unit="", tier=Tier.REACHED, evidence="")),
        year(ind(**QUALITATIVE, target_value="好转"), act("好转", unit="", tier=Tier.REACHED)),
    ),
    ("S03", "只有符号", year(ind(name="——"), act()), year(*DONE)),
    (
        "S04",
        "待定",
        year(ind(target_text="待定"), act(), ind("I2", **SURVEYED)),
        year(*DONE, ind("I2", **SURVEYED)),
    ),
    (
        "S05",
        "只有“客观原因”",
        year(*HALF, told("客观原因")),
        year(*HALF, told("抽检合同十月才签订，当年只完成半数")),
    ),
    ("S06", "没有年度 2023", year(title="清江市水务局绩效自评报告"), year()),
    (
        "X01",
        "预算执行率 3.04%",
        year(ind(project="P1"), act(), project("160", "160", "4.86")),
        year(ind(project="P1"), act(), project("160", "160", "159")),
    ),
]
NEVER_SILENT_UNDER_A_WHOLE_RUBRIC = {"R14", "S02"}


@pytest.mark.parametrize(("code", "words", "bad"), [(code, words, bad) for code, words, bad, _ in SITUATIONS])
def test_the_rule_speaks_and_names_what_it_compared(code: str, words: str, bad: Case) -> None:
    found, evaluation = findings(code, bad)
    assert any(words in each.what for each in found), [each.what for each in found]
    for each in found:
        assert each.remedy
        node = evaluation.node(each.items[0]) if each.items else None
        assert Decimal(0) <= each.points_at_risk <= (node.score or Decimal(0) if node else Decimal(0))


@pytest.mark.parametrize(("code", "good"), [(code, good) for code, _, _, good in SITUATIONS])
def test_the_rule_is_silent_about_a_sound_year(code: str, good: Case) -> None:
    assert [each.what for each in findings(code, good)[0]] == []


def test_every_rule_that_runs_on_a_case_has_a_situation() -> None:
    runnable = {code for code, rule in RULES.items() if code[0] in "RSX" and rule.applies is Applies.CASE}
    assert runnable == {each[0] for each in SITUATIONS} | NEVER_SILENT_UNDER_A_WHOLE_RUBRIC


# the small years fill none of the rubric's management nodes, so these two speak about those in every year
def about_the_indicator(code: str, case: Case) -> list[str]:
    return [each.what for each in findings(code, case)[0] if "I1" in each.items]


def test_a_deduction_without_reason_is_asked_for_one() -> None:
    assert "没有写扣分原因" in about_the_indicator("R14", year(*HALF))[0]
    assert about_the_indicator("R14", year(*HALF, told("抽检合同十月才签订"))) == []


def test_a_deduction_is_told_among_the_problems() -> None:
    assert "没有写任何问题" in about_the_indicator("S02", year(*HALF))[0]
    problem = Shortcoming(code="Q1", title="抽检进度慢", covers=("I1",))
    assert about_the_indicator("S02", year(*HALF, problem)) == []


def test_a_missing_completion_text_is_asked_for() -> None:
    assert any("整体绩效目标完成情况" in each.what for each in findings("S02", year(overall_result=""))[0])


def test_missing_material_puts_the_whole_score_at_risk() -> None:
    found, evaluation = findings("R01", year(ind(), act("50", evidence_status=EvidenceStatus.NONE)))
    node = evaluation.node("I1")
    assert node is not None
    assert [each.points_at_risk for each in found] == [node.score]


@lru_cache(maxsize=2)
def real(named: str) -> tuple[Case, Evaluation, Review]:
    loaded = load_case(named)
    evaluation, _ = evaluate_loaded(loaded)
    return loaded.case, evaluation, review(loaded.case, evaluation, RULES.values())


def test_in_huadu_287_lifts_for_a_hundredth_of_the_money_are_noticed() -> None:
    found = [each for each in real("huadu-2023")[2].findings if each.rule == "R20"]
    assert any({"P2", "O2"} <= set(each.items) for each in found)


@pytest.mark.parametrize("named", ["huadu-2023", "guangzhou-2021"])
def test_exactly_the_scored_indicators_without_material_are_named(named: str) -> None:
    case, evaluation, result = real(named)
    bare = {EvidenceStatus.NONE, EvidenceStatus.CLAIMED}
    asked = set()
    for actual in case.actuals:
        node = evaluation.node(actual.indicator)
        valued = actual.status not in {
            ActualStatus.NOT_COLLECTED,
            ActualStatus.NOT_DUE,
            ActualStatus.NOT_APPLICABLE,
            ActualStatus.UNDEFINED,
        }
        if actual.evidence_status in bare and valued and node is not None and (node.score or 0) > 0:
            asked.add(actual.indicator)
    assert asked
    assert {each.items[0] for each in result.findings if each.rule == "R01"} == asked


@pytest.mark.parametrize("named", ["huadu-2023", "guangzhou-2021"])
def test_no_finding_risks_more_than_the_score_of_its_item(named: str) -> None:
    _, evaluation, result = real(named)
    for each in result.findings:
        if each.points_at_risk:
            node = evaluation.node(each.items[0])
            assert node is not None
            assert each.points_at_risk <= (node.score or 0)
