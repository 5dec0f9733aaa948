"""The proof finds every planted fault, and is silent about the sound rubric they are planted in."""

import pytest

from zhunsheng.kernel.problem import Problem
from zhunsheng.rubrics.proof import prove
from zhunsheng.rubrics.reading import read_rubric
from zhunsheng.store.yaml_files import parse_yaml

SOUND = """
code: sound
label: 健全的评分体系
label_en: Sound
description: 用于植入错误。
version: 1.0.0
object: department
jurisdiction: 测试
valid_years: [2024]
verified: no
total: 100
places: 2
source: {document: x, clause: y, evidence: proposal}
grades:
  - {name: 优, range: "[90, 100]"}
  - {name: 良, range: "[80, 90)"}
  - {name: 差, range: "[0, 80)"}
over_achievement:
  mode: deduct
  explain_from: 1.3
  bands:
    - {range: "[1.3, 2)", deduct_share: 0.1}
    - {range: "[2, ∞)", deduct_share: 0.2}
  source: {document: x, clause: y, evidence: proposal}
ceilings:
  - {range: "[0, 0.5)", most: 59}
  - {range: "[0.5, ∞)", most: 100}
leaf_rules:
  positive: {type: proportional, pass_threshold: 0.6, source: {document: x, clause: y, evidence: proposal}}
  inverse: {type: inverse_linear, zero_at: 2, source: {document: x, clause: y, evidence: proposal}}
  exact: {type: exact, otherwise: proportional, source: {document: x, clause: y, evidence: proposal}}
  qualitative:
    type: tiers
    tiers:
      - {code: reached, name: 达成, range: "[0.8, 1]"}
      - {code: partly, name: 部分, range: "[0.6, 0.8)"}
      - {code: missed, name: 未达成, range: "[0, 0.6)"}
    source: {document: x, clause: y, evidence: proposal}
  yes_no: {type: boolean, source: {document: x, clause: y, evidence: proposal}}
  deadline: {type: deadline, late: per_day, per_day: 0.1, source: {document: x, clause: y, evidence: proposal}}
  satisfaction:
    type: satisfaction_bands
    bands:
      - {range: "[0.9, 1]", share: 1}
      - {range: "[0.6, 0.9)", share: 0.6}
      - {range: "[0, 0.6)", share: 0}
    source: {document: x, clause: y, evidence: proposal}
nodes:
  - code: A
    name: 自设指标
    points: 60
    source: {document: x, clause: y, evidence: proposal}
    indicators: {by: group, groups: [output, effect]}
  - code: B
    name: 管理
    points: 40
    children:
      - code: B1
        name: 利用率
        points: 20
        source: {document: x, clause: y, evidence: proposal}
        rule:
          type: bands
          formula: in_use / total_assets
          domain: "[0, 1]"
          direction: rising
          when_zero: [{divisor: total_assets, then: manual}]
          bands:
            - {range: "[0.9, 1]", share: 1}
            - {range: "[0.6, 0.9)", share: 0.5}
            - {range: "[0, 0.6)", share: 0}
          source: {document: x, clause: y, evidence: proposal}
      - code: B2
        name: 制度
        points: 10
        source: {document: x, clause: y, evidence: proposal}
        rule:
          type: checklist
          items:
            - {fact: rules_made, name: 有制度, share: 0.5}
            - {fact: rules_kept, name: 已执行, share: 0.5}
          source: {document: x, clause: y, evidence: proposal}
      - code: B3
        name: 支出率
        points: 10
        source: {document: x, clause: y, evidence: proposal}
        rule: {type: budget_execution, cap: 1, zero_budget: 0, source: {document: x, clause: y, evidence: proposal}}
"""
FACTS = ("in_use", "total_assets", "rules_made", "rules_kept")

PLANTED = {
    "恰为 90 的总分没有等级": ('优, range: "[90, 100]"', '优, range: "(90, 100]"', "RUBRIC-011"),
    "等级重叠": ('良, range: "[80, 90)"', '良, range: "[80, 90]"', "RUBRIC-012"),
    "等级不到零分": ('差, range: "[0, 80)"', '差, range: "[10, 80)"', "RUBRIC-011"),
    "分值合计不对": ("    points: 60", "    points: 50", "RUBRIC-010"),
    "下级分值合计不对": (
        "        name: 制度\n        points: 10",
        "        name: 制度\n        points: 12",
        "RUBRIC-010",
    ),
    "区间中间有空当": ('"[0.6, 0.9)", share: 0.5', '"[0.7, 0.9)", share: 0.5', "RUBRIC-011"),
    "区间得分超过满分": ('"[0.6, 0.9)", share: 0.5', '"[0.6, 0.9)", share: 1.5', "RUBRIC-013"),
    "做得好反而得分低": (
        '"[0, 0.6)", share: 0}\n          source',
        '"[0, 0.6)", share: 0.7}\n          source',
        "RUBRIC-015",
    ),
    "除数可能为零": ("          when_zero: [{divisor: total_assets, then: manual}]\n", "", "RUBRIC-014"),
    "反向指标在目标处就归零": ("zero_at: 2,", "zero_at: 1,", "RUBRIC-014"),
    "核对项占比不足": ("已执行, share: 0.5", "已执行, share: 0.4", "RUBRIC-019"),
    "编码重复": ("      - code: B2", "      - code: B1", "RUBRIC-016"),
    "缺少某种性质的规则": (
        "  exact: {type: exact, otherwise: proportional, source: {document: x, clause: y, evidence: proposal}}\n",
        "",
        "RUBRIC-017",
    ),
    "公式引用没有定义的事实": ("formula: in_use /", "formula: in_useful /", "RUBRIC-018"),
    "档次之间有空当": ('"[0.6, 0.8)"', '"(0.6, 0.8)"', "RUBRIC-011"),
    "支出率得分可以超过满分": ("cap: 1,", "cap: 1.2,", "RUBRIC-013"),
    "每日扣减为零": ("per_day: 0.1", "per_day: 0", "RUBRIC-014"),
    "及格线高于满分": ("pass_threshold: 0.6", "pass_threshold: 1.6", "RUBRIC-013"),
    "执行率越低上限越高": ("most: 59", 'most: 100}\n  - {range: "[9, 9]", most: 1', "RUBRIC-012"),
    "未超目标也扣分": ('range: "[1.3, 2)", deduct_share', 'range: "[0.9, 2)", deduct_share', "RUBRIC-015"),
}


def flaws_of(text: str) -> tuple[Problem, ...]:
    node, problems = parse_yaml(text, "sound.yaml")
    assert node is not None, problems
    rubric, problems = read_rubric(node)
    assert rubric is not None, problems
    return prove(rubric, FACTS).flaws


def test_the_sound_rubric_is_proved() -> None:
    assert flaws_of(SOUND) == ()


@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_fault_is_found(name: str) -> None:
    before, after, code = PLANTED[name]
    assert SOUND.count(before) == 1, "the fault must be planted in exactly one place"
    found = flaws_of(SOUND.replace(before, after))
    assert code in {problem.code for problem in found}, [problem.what for problem in found]


def test_the_famous_hole_is_named() -> None:
    before, after, _ = PLANTED["恰为 90 的总分没有等级"]
    (problem,) = flaws_of(SOUND.replace(before, after))
    assert problem.what == "总分恰为 90 的值不在任何区间内"
    assert problem.remedy == "补上缺少的区间，或改端点的开闭。"
