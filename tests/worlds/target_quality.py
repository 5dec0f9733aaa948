"""A small year for the target-quality rules, and what a rule finds in it."""

from decimal import Decimal
from typing import Any

from zhunsheng.kernel.money import Money
from zhunsheng.plans.case import About, Actual, Body, Case, Indicator, Project, Task
from zhunsheng.plans.choices import ActualStatus, EvidenceStatus, IndicatorGroup, IndicatorKind, Nature, Sign
from zhunsheng.scores.review.registry import checks
from zhunsheng.scores.review.rule import Finding
from zhunsheng.scores.review.year import ReviewedYear
from zhunsheng.scores.scoring import evaluate
from zhunsheng.store.definition_files import load_facts, load_rubric
from zhunsheng.store.review_rule_files import load_review_rules

RULES = {rule.code: rule for rule in load_review_rules()[0]}


def indicator(code: str = "I1", **changes: Any) -> Indicator:
    values: dict[str, Any] = {
        "name": "抽检电梯数量",
        "task": "T1",
        "group": IndicatorGroup.OUTPUT,
        "kind": IndicatorKind.QUANTITY,
        "nature": Nature.POSITIVE,
        "target_text": "不少于100台",
        "target_sign": Sign.AT_LEAST,
        "target_value": "100",
        "target_unit": "台",
        "points": Decimal(5),
    }
    return Indicator(code=code, **(values | changes))


def actual(code: str = "I1", value: str = "110", unit: str = "台", **changes: Any) -> Actual:
    values: dict[str, Any] = {
        "status": ActualStatus.REPORTED,
        "value": value,
        "unit": unit,
        "evidence": "抽检报告汇总表",
        "evidence_status": EvidenceStatus.VERIFIED,
    }
    return Actual(indicator=code, **(values | changes))


def project(**changes: Any) -> Project:
    values: dict[str, Any] = {
        "code": "P1",
        "name": "电梯抽查经费",
        "key": True,
        "initial": Money.of(300, "万元"),
        "adjusted": Money.of(300, "万元"),
        "executed": Money.of(300, "万元"),
    }
    return Project(**(values | changes))


SATISFACTION: dict[str, Any] = {
    "name": "办事群众满意度",
    "group": IndicatorGroup.SATISFACTION,
    "kind": IndicatorKind.SATISFACTION,
    "nature": Nature.SATISFACTION,
    "target_text": "不低于90%",
    "target_value": "90",
    "target_unit": "%",
}
IN_WORDS: dict[str, Any] = {
    "name": "市场环境",
    "group": IndicatorGroup.EFFECT,
    "kind": IndicatorKind.SOCIAL,
    "nature": Nature.QUALITATIVE,
    "target_sign": Sign.QUALITATIVE,
    "target_text": "",
    "target_unit": "",
}


def case_with(*indicators: Indicator, **changes: Any) -> Case:
    """A small year; every indicator has a verified actual value of 110 unless `actuals` says otherwise."""
    values: dict[str, Any] = {
        "about": About(code="small", title="小档案", fiscal_year=2023, rubric="guangdong-dept-2023"),
        "body": Body(name="某局"),
        "tasks": (Task(code="T1", name="电梯抽查"),),
        "indicators": indicators,
        "actuals": tuple(actual(each.code, unit=each.target_unit) for each in indicators),
    }
    return Case(**(values | changes))


def found(rule: str, case: Case) -> list[Finding]:
    rubric, _ = load_rubric("guangdong-dept-2023")
    assert rubric is not None
    return list(checks()[rule](ReviewedYear(case, evaluate(case, rubric, load_facts()[0])), RULES[rule]))


def score(case: Case, code: str = "I1") -> Decimal:
    rubric, _ = load_rubric("guangdong-dept-2023")
    assert rubric is not None
    return ReviewedYear(case, evaluate(case, rubric, load_facts()[0])).score(code)
