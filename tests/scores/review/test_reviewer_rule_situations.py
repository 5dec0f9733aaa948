"""Reviewer's rules and software checks on small situations: each must speak in one and be silent in one."""

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from zhunsheng.kernel.located import Located
from zhunsheng.kernel.place import Place
from zhunsheng.plans.case import Case
from zhunsheng.plans.reading import read_case
from zhunsheng.rubrics.reading import read_rubric
from zhunsheng.rubrics.rubric import Rubric
from zhunsheng.scores.review.registry import checks
from zhunsheng.scores.review.review import review
from zhunsheng.scores.review.rule import Applies, Finding
from zhunsheng.scores.scoring import evaluate
from zhunsheng.store.review_rule_files import load_review_rules
from zhunsheng.store.yaml_files import parse_yaml

CASES = Path(__file__).parents[2] / "cases" / "review"
RULES = {rule.code: rule for rule in load_review_rules()[0] if rule.code[0] in "RSX"}
HERE = Place("situation")
_NOT_SECTIONS = {"name", "expect", "says", "risk", "about", "indicators", "rubric_points"}

INDICATOR = {
    "task": "T1",
    "group": "output",
    "kind": "quantity",
    "nature": "positive",
    "target_sign": ">=",
    "target_value": "10",
    "target_unit": "个",
    "points": "10",
    "formula": "逐项计数",
    "data_source": "业务台账",
    "evidence_required": "清单",
}
ACTUAL = {"status": "reported", "evidence": "清单", "evidence_status": "provided"}
RUBRIC = """
code: small
label: 小
label_en: Small
description: 只有自设指标
version: 1.0.0
object: department
jurisdiction: 无
valid_years: [2023]
verified: 'no'
total: {total}
places: 2
source: {{document: "", clause: 测试, evidence: proposal}}
grades: [{{name: 通过, range: "[0, {total}]"}}]
over_achievement: {{mode: ignore, source: {{document: "", clause: 测试, evidence: proposal}}}}
leaf_rules:
  positive: {{type: proportional, source: {{document: "", clause: 测试, evidence: proposal}}}}
  satisfaction: {{type: proportional, source: {{document: "", clause: 测试, evidence: proposal}}}}
  inverse: {{type: inverse_linear, zero_at: 2, source: {{document: "", clause: 测试, evidence: proposal}}}}
  exact: {{type: exact, otherwise: manual, source: {{document: "", clause: 测试, evidence: proposal}}}}
  yes_no: {{type: boolean, source: {{document: "", clause: 测试, evidence: proposal}}}}
  deadline: {{type: deadline, late: manual, source: {{document: "", clause: 测试, evidence: proposal}}}}
  qualitative:
    type: tiers
    tiers:
      - {{code: reached, name: 达成, range: "[0.8, 1]"}}
      - {{code: partly, name: 部分达成, range: "[0.6, 0.8)"}}
      - {{code: missed, name: 未达成, range: "[0, 0.6)"}}
    source: {{document: "", clause: 测试, evidence: proposal}}
nodes:
  - code: A
    name: 自设指标
    points: {total}
    indicators: {{by: group, groups: [output, effect, satisfaction, cost]}}
    source: {{document: "", clause: 测试, evidence: proposal}}
"""


@dataclass(frozen=True)
class Situation:
    """One small year and what the rule must find in it."""

    rule: str
    name: str
    content: dict[str, Any]

    @property
    def expected(self) -> list[list[str]]:
        """The items of every finding, in the order of the review."""
        found = [each.split() if isinstance(each, str) else each for each in self.content["expect"]]
        return [[str(item) for item in each] for each in found]


def situations() -> list[Situation]:
    found = []
    for path in sorted(CASES.glob("[RSX]*.yaml")):
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)  # noqa: S506 - texts only
        assert content["rule"] == path.stem
        found += [Situation(path.stem, each["name"], each) for each in content["situations"]]
    return found


def located(value: Any) -> Located:
    if isinstance(value, dict):
        return Located({key: located(each) for key, each in value.items()}, HERE)
    if isinstance(value, list):
        return Located([located(each) for each in value], HERE)
    return Located(value, HERE)


def small_case(content: dict[str, Any]) -> Case:
    """A case from a situation: what it does not say is filled with an unsuspicious default."""
    sections: dict[str, Any] = {
        "about": {
            "code": "small",
            "title": "清江市水务局2023年度部门整体支出绩效自评报告",
            "fiscal_year": "2023",
            "rubric": "small",
            "overall_goal": "供水安全",
            "overall_result": "全部完成",
        }
        | content.get("about", {}),
        "body": {"name": "清江市水务局", "short_name": "市水务局"},
        "tasks": [{"code": "T1", "name": "任务一"}],
        "indicators": [],
        "actuals": [],
    }
    for number, row in enumerate(content.get("indicators", []), start=1):
        code = row.get("code", f"I{number}")
        own = {key: each for key, each in row.items() if key != "actual"}
        indicator = {"code": code, "name": f"事项{code}"} | INDICATOR | own
        sections["indicators"].append(indicator)
        actual = row.get("actual", {})
        if actual != "none":
            filled = ACTUAL | {"indicator": code, "value": indicator["target_value"]} | actual
            sections["actuals"].append(filled | {"unit": filled.get("unit", indicator["target_unit"])})
    sections |= {name: rows for name, rows in content.items() if name not in _NOT_SECTIONS}
    case, problems = read_case({name: located(rows) for name, rows in sections.items()}, HERE)
    assert case is not None, [f"{each.what} {each.value}" for each in problems]
    return case


def small_rubric(case: Case, content: dict[str, Any]) -> Rubric:
    """A rubric whose one node is worth what the indicators are worth."""
    total = content.get("rubric_points") or str(
        sum((each.points or Decimal(0) for each in case.indicators), Decimal(0))
    )
    node, _ = parse_yaml(RUBRIC.format(total="1" if total == "0" else total), "small.yaml")
    assert node is not None
    rubric, problems = read_rubric(node)
    assert rubric is not None, problems
    return rubric


def findings(situation: Situation) -> list[Finding]:
    case = small_case(situation.content)
    evaluation = evaluate(case, small_rubric(case, situation.content), {})
    result = review(case, evaluation, [RULES[situation.rule]])
    assert result.obligations[0].rule == situation.rule
    return list(result.findings)


@pytest.mark.parametrize("situation", situations(), ids=lambda each: f"{each.rule}: {each.name}")
def test_situation(situation: Situation) -> None:
    found = findings(situation)
    assert [list(each.items) for each in found] == situation.expected, [each.what for each in found]
    if "says" in situation.content:
        assert situation.content["says"] in found[0].what
    if "risk" in situation.content:
        assert [each.points_at_risk for each in found] == [
            Decimal(each) for each in situation.content["risk"]
        ]
    for each in found:
        assert each.remedy
        assert not each.items or each.points_at_risk >= 0


@pytest.mark.parametrize("code", sorted(code for code, rule in RULES.items() if rule.applies is Applies.CASE))
def test_every_rule_speaks_once_and_is_silent_once(code: str) -> None:
    own = [each for each in situations() if each.rule == code]
    assert any(each.expected for each in own), f"{code} never speaks"
    assert any(not each.expected for each in own), f"{code} is never silent"


def test_the_catalogue_of_reviewers_is_complete() -> None:
    wanted = (
        [f"R{number:02}" for number in range(1, 39)] + [f"S{number:02}" for number in range(1, 7)] + ["X01"]
    )
    assert sorted(RULES) == sorted(wanted)
    assert {code for code, rule in RULES.items() if rule.applies is Applies.CASE} <= set(checks())


@pytest.mark.parametrize("code", ["R20", "R29", "R32", "R33"])
def test_a_rule_without_its_part_of_the_case_says_that_it_could_not_run(code: str) -> None:
    content: dict[str, Any] = {"indicators": [{}]}
    case = small_case(content)
    result = review(case, evaluate(case, small_rubric(case, content), {}), [RULES[code]])
    assert result.findings == ()
    assert result.obligations[0].state == "could_not_run"
    assert result.obligations[0].reason == "档案没有填写“项目”，无法检查"
