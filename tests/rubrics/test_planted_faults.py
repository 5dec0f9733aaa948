"""The proof finds every planted fault, and is silent about the sound rubric they are planted in."""

from fractions import Fraction

import pytest

from zhunsheng.kernel.citation import Citation
from zhunsheng.kernel.problem import Problem
from zhunsheng.rubrics.facts import FactDefinition, FactKind
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
    indicators: {by: group, groups: [output, cost, effect]}
  - code: S
    name: 满意度
    points: 10
    source: {document: x, clause: y, evidence: proposal}
    indicators: {by: group, groups: [satisfaction], optional: true, moves_to: A}
  - code: B
    name: 管理
    points: 30
    children:
      - code: B1
        name: 利用率
        points: 10
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
        points: 4
        source: {document: x, clause: y, evidence: proposal}
        rule: {type: budget_execution, cap: 1, zero_budget: 0, source: {document: x, clause: y, evidence: proposal}}
      - code: B4
        name: 按时签订
        points: 3
        source: {document: x, clause: y, evidence: proposal}
        rule: {type: per_case, cases: late, of: contracts, deduct: 0.5, source: {document: x, clause: y, evidence: proposal}}
      - code: B5
        name: 结转
        points: 3
        source: {document: x, clause: y, evidence: proposal}
        rule:
          type: bands
          formula: carryover / budget_adjusted
          domain: "[0, ∞)"
          direction: falling
          when_zero: [{divisor: budget_adjusted, then: zero}]
          bands:
            - {range: "[0, 0.1]", share: null}
            - {range: "(0.1, ∞)", share: 0.2}
          known:
            - {inputs: {carryover: 0}, share: 1, source: {document: x, clause: y, evidence: proposal}}
            - {inputs: {carryover: 5, budget_adjusted: 100}, share: 0.6, source: {document: x, clause: y, evidence: proposal}}
          source: {document: x, clause: y, evidence: proposal}
"""


def fact(code: str, kind: FactKind) -> FactDefinition:
    whole = {"in_use": "total_assets", "late": "contracts"}.get(code, "")
    most = Fraction(100) if code == "published_rate" else None
    return FactDefinition(code, code, kind, "", "", Citation(), most, whole)


FACTS = {
    code: fact(code, kind)
    for kind, codes in {
        FactKind.MONEY: ("in_use", "total_assets", "carryover"),
        FactKind.COUNT: ("late", "contracts"),
        FactKind.RATE: ("published_rate",),
        FactKind.YES_NO: ("rules_made", "rules_kept"),
    }.items()
    for code in codes
}

PLANTED: dict[str, tuple[str, str, str]] = {
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

Y = "source: {document: x, clause: y, evidence: proposal}"
ASSETS = """          formula: in_use / total_assets
          domain: "[0, 1]"
          direction: rising
          when_zero: [{divisor: total_assets, then: manual}]
"""
EXECUTION = f"rule: {{type: budget_execution, cap: 1, zero_budget: 0, {Y}}}"
LATE = f"rule: {{type: per_case, cases: late, of: contracts, deduct: 0.5, {Y}}}"
KNOWN = "{inputs: {carryover: 5, budget_adjusted: 100}, share: 0.6,"
OVER = """    - {range: "[1.3, 2)", deduct_share: 0.1}
    - {range: "[2, ∞)", deduct_share: 0.2}
"""
TIERS = """      - {code: reached, name: 达成, range: "[0.8, 1]"}
      - {code: partly, name: 部分, range: "[0.6, 0.8)"}
      - {code: missed, name: 未达成, range: "[0, 0.6)"}
"""
GRADES = """  - {name: 优, range: "[90, 100]"}
  - {name: 良, range: "[80, 90)"}
  - {name: 差, range: "[0, 80)"}
"""
CEILINGS = """  - {range: "[0, 0.5)", most: 59}
  - {range: "[0.5, ∞)", most: 100}
"""
MOVES = "optional: true, moves_to: A"
GROUPS = "groups: [output, cost, effect]"
INVERSE = "inverse: {type: inverse_linear, zero_at: 2,"
CHECKED = "{fact: rules_kept, name: 已执行, share: 0.5}"

PLANTED |= {
    "已知实例得分超过满分": (KNOWN, KNOWN.replace("0.6", "5"), "RUBRIC-023"),
    "已知实例得分为负": (KNOWN, KNOWN.replace("0.6", "-5"), "RUBRIC-023"),
    "已知实例与方向相反": (KNOWN, KNOWN.replace("0.6", "0.1"), "RUBRIC-023"),
    "两个已知实例互相矛盾": (
        KNOWN,
        f"{{inputs: {{carryover: 8, budget_adjusted: 100}}, share: 0.9, {Y}}}\n            - {KNOWN}",
        "RUBRIC-023",
    ),
    "已知实例与已知区间矛盾": (
        KNOWN,
        "{inputs: {carryover: 50, budget_adjusted: 100}, share: 0.1,",
        "RUBRIC-023",
    ),
    "已知实例引用公式以外的事实": (KNOWN, "{inputs: {nosuch: 5}, share: 0.6,", "RUBRIC-023"),
    "已知实例没有数据": (KNOWN, "{share: 0.6,", "RUBRIC-023"),
    "已知实例的数据定不下指标值": (KNOWN, "{inputs: {carryover: 5}, share: 0.6,", "RUBRIC-023"),
    "候选得分超过满分": ('"[0, 0.1]", share: null', '"[0, 0.1]", share: null, candidate: 7', "RUBRIC-013"),
    "超额反而加分": ("deduct_share: 0.2", "deduct_points: -5", "RUBRIC-027"),
    "恰达目标也扣分": (
        f"explain_from: 1.3\n  bands:\n{OVER}",
        'explain_from: 1.1\n  bands:\n    - {range: "[1, ∞)", deduct_share: 0.1}\n',
        "RUBRIC-015",
    ),
    "超额扣减到两倍为止": ('    - {range: "[2, ∞)", deduct_share: 0.2}\n', "", "RUBRIC-027"),
    "超额扣减中间有空当": ('"[2, ∞)", deduct_share', '"[3, ∞)", deduct_share', "RUBRIC-027"),
    "说明起点高于扣减起点": ("explain_from: 1.3", "explain_from: 5", "RUBRIC-027"),
    "说明起点未超目标": ("explain_from: 1.3", "explain_from: 0.3", "RUBRIC-027"),
    "没有说明起点": ("  explain_from: 1.3\n", "", "RUBRIC-027"),
    "超额扣减没有数量": (", deduct_share: 0.2", "", "RUBRIC-027"),
    "超额扣减有两个数量": ("deduct_share: 0.2", "deduct_share: 0.2, deduct_points: 2", "RUBRIC-027"),
    "不扣减的方式却有扣减区间": ("mode: deduct", "mode: explain_only", "RUBRIC-029"),
    "反向指标用正向规则": (f"{INVERSE} {Y}}}", f"inverse: {{type: proportional, {Y}}}", "RUBRIC-025"),
    "正向指标用反向规则": (
        "positive: {type: proportional, pass_threshold: 0.6,",
        "positive: {type: inverse_ratio,",
        "RUBRIC-025",
    ),
    "定性指标用时限规则": (
        f"yes_no: {{type: boolean, {Y}}}",
        f"yes_no: {{type: deadline, late: zero, {Y}}}",
        "RUBRIC-025",
    ),
    "正向指标的区间方向相反": (
        "positive: {type: proportional, pass_threshold: 0.6,",
        (
            'positive: {type: bands, formula: actual / target, domain: "[0, ∞)", direction: falling,'
            " when_zero: [{divisor: target, then: manual}],"
            ' bands: [{range: "[0, 5)", share: 1}, {range: "[5, ∞)", share: 0}],'
        ),
        "RUBRIC-025",
    ),
    "正向指标的公式与完成值反向": (
        "positive: {type: proportional, pass_threshold: 0.6,",
        (
            'positive: {type: bands, formula: target / actual, domain: "[0, ∞)", direction: rising,'
            " when_zero: [{divisor: actual, then: manual}],"
            ' bands: [{range: "[0, 5)", share: 0}, {range: "[5, ∞)", share: 1}],'
        ),
        "RUBRIC-025",
    ),
    "指标规则引用管理事实": (
        "positive: {type: proportional, pass_threshold: 0.6,",
        (
            'positive: {type: bands, formula: actual / carryover, domain: "[0, ∞)", direction: rising,'
            " when_zero: [{divisor: carryover, then: manual}],"
            ' bands: [{range: "[0, 5)", share: 0}, {range: "[5, ∞)", share: 1}],'
        ),
        "RUBRIC-018",
    ),
    "档次顺序颠倒": (
        TIERS,
        TIERS.replace("reached", "x").replace("missed", "reached").replace("x,", "missed,"),
        "RUBRIC-026",
    ),
    "档次编码重复": ("code: partly", "code: reached", "RUBRIC-026"),
    "档次编码写错": ("code: partly", "code: partial", "RUBRIC-026"),
    "等级颠倒": (GRADES, GRADES.replace("优", "x").replace("差", "优").replace("x", "差"), "RUBRIC-026"),
    "等级重复": ("name: 良", "name: 优", "RUBRIC-026"),
    "可空节点没有转入的节点": (MOVES, "optional: true", "RUBRIC-021"),
    "不可空的节点写有转入的节点": (MOVES, "moves_to: A", "RUBRIC-021"),
    "分值转给自己": (MOVES, "optional: true, moves_to: S", "RUBRIC-021"),
    "分值转给有评分规则的节点": (MOVES, "optional: true, moves_to: B3", "RUBRIC-021"),
    "分值转给不存在的节点": (MOVES, "optional: true, moves_to: X", "RUBRIC-021"),
    "分值转来转去": (GROUPS, f"{GROUPS}, optional: true, moves_to: S", "RUBRIC-021"),
    "分值没有转完": (MOVES, "optional: true, moves_to: [{node: A, points: 4}]", "RUBRIC-021"),
    "一类指标由两个节点收集": (GROUPS, "groups: [output, cost, effect, satisfaction]", "RUBRIC-022"),
    "一类指标没有节点收集": (GROUPS, "groups: [output, effect]", "RUBRIC-022"),
    "指标类别写错": (GROUPS, "groups: [outputs, cost, effect]", "RUBRIC-022"),
    "按任务收集又按类别收集": (f"by: group, {GROUPS}", "by: tasks", "RUBRIC-022"),
    "是否判断用在金额上": (LATE, f"rule: {{type: boolean, fact: carryover, {Y}}}", "RUBRIC-024"),
    "逐项核对用在金额上": (CHECKED, CHECKED.replace("rules_kept", "carryover"), "RUBRIC-024"),
    "公式用了是否类事实": (ASSETS, ASSETS.replace("in_use", "rules_made"), "RUBRIC-024"),
    "按例扣分用在金额上": ("cases: late", "cases: carryover", "RUBRIC-024"),
    "金额与份数相加": (ASSETS, ASSETS.replace("in_use /", "(in_use + late) /"), "RUBRIC-024"),
    "百分数没有除以一百": (
        ASSETS,
        '          formula: published_rate\n          domain: "[0, 1]"\n          direction: rising\n',
        "RUBRIC-024",
    ),
    "金额当作比率": (
        ASSETS,
        '          formula: carryover / 100\n          domain: "[0, ∞)"\n          direction: rising\n',
        "RUBRIC-024",
    ),
    "除数里的除数可能为零": (
        "formula: carryover / budget_adjusted",
        "formula: carryover / (budget_adjusted / contracts)",
        "RUBRIC-014",
    ),
    "执行数与预算数颠倒": (
        EXECUTION,
        f"rule: {{type: budget_execution, executed: budget_adjusted, budget: budget_executed, cap: 1, zero_budget: 0, {Y}}}",
        "RUBRIC-024",
    ),
    "执行率上限为零": ("cap: 1,", "cap: 0,", "RUBRIC-013"),
    "执行率上限使满分得不到": ("cap: 1,", "cap: 0.5,", "RUBRIC-013"),
    "上限按百分数写": (CEILINGS, CEILINGS.replace("0.5", "80"), "RUBRIC-027"),
    "只要发生即不得分又每例扣分": ("deduct: 0.5", "deduct: 0.5, all_or_nothing: true", "RUBRIC-029"),
    "每日扣减超过全部": ("per_day: 0.1", "per_day: 5", "RUBRIC-013"),
    "不按日扣减却写每日扣减": ("late: per_day, per_day: 0.1", "late: zero, per_day: 0.1", "RUBRIC-029"),
    "同一事实核对两次": (CHECKED, CHECKED.replace("rules_kept", "rules_made"), "RUBRIC-029"),
    "没有这个除数的除零处理": (
        "when_zero: [{divisor: budget_adjusted, then: zero}]",
        "when_zero: [{divisor: budget_adjusted, then: zero}, {divisor: contracts, then: full}]",
        "RUBRIC-029",
    ),
    "可能的范围小于比率的范围": (
        'domain: "[0, ∞)"\n          direction: falling',
        'domain: "[0, 0.5]"\n          direction: falling',
        "RUBRIC-011",
    ),
    "可能的范围不含任何数": ('domain: "[0, 1]"', 'domain: "(1, 1)"', "RUBRIC-011"),
    "区间没有方向": ("direction: falling", "direction: any", "RUBRIC-015"),
    "分值的小数太多": (
        "        name: 结转\n        points: 3",
        "        name: 结转\n        points: 3.005",
        "RUBRIC-020",
    ),
    "得分的小数位为负": ("places: 2", "places: -1", "RUBRIC-020"),
    "得分的小数位太多": ("places: 2", "places: 7", "RUBRIC-020"),
    "分值为零": (
        "        name: 结转\n        points: 3",
        "        name: 结转\n        points: 0",
        "RUBRIC-028",
    ),
    "编码占用了未归入任务的记号": ("      - code: B5", '      - code: "-"', "RUBRIC-016"),
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


def test_points_finer_than_scores_are_found() -> None:
    finer = SOUND.replace("places: 2", "places: 0").replace("points: 60", "points: 60.5")
    assert "RUBRIC-020" in {each.code for each in flaws_of(finer)}
    assert flaws_of(SOUND.replace("places: 2", "places: 0")) == ()


def test_sums_of_points_are_exact_beyond_28_digits() -> None:
    tiny = SOUND.replace("    points: 60", "    points: 60." + "0" * 27 + "1")
    assert "RUBRIC-010" in {each.code for each in flaws_of(tiny)}


@pytest.mark.parametrize("ceilings", ["", f"ceilings:\n{CEILINGS}"])
def test_a_rubric_without_points_or_nodes_is_unsound_and_does_not_crash(ceilings: str) -> None:
    head = SOUND.split("nodes:", maxsplit=1)[0].replace(f"ceilings:\n{CEILINGS}", ceilings)
    empty = head.replace("total: 100", "total: 0").replace(GRADES, '  - {name: 优, range: "[0, 0]"}\n')
    assert "RUBRIC-028" in {each.code for each in flaws_of(f"{empty}nodes: []\n")}


def test_two_nodes_that_gather_all_tasks_are_found() -> None:
    twice = SOUND.replace(f"by: group, {GROUPS}", "by: tasks").replace(
        "by: group, groups: [satisfaction]", "by: tasks"
    )
    assert "RUBRIC-022" in {each.code for each in flaws_of(twice)}


def test_points_may_move_to_several_nodes() -> None:
    both = SOUND.replace(GROUPS, "groups: [output, cost]").replace("    points: 60", "    points: 40")
    extra = f"""  - code: F
    name: 效益
    points: 20
    {Y}
    indicators: {{by: group, groups: [effect]}}
  - code: S
"""
    split = both.replace("  - code: S\n", extra).replace(
        MOVES, "optional: true, moves_to: [{node: A, points: 4}, {node: F, points: 6}]"
    )
    assert flaws_of(split) == ()


def test_a_flaw_carries_the_line_of_what_is_wrong() -> None:
    text = SOUND.replace("cap: 1,", "cap: 0,")
    (line,) = [number for number, each in enumerate(text.splitlines(), start=1) if "cap: 0" in each]
    (problem,) = flaws_of(text)
    assert (problem.place.file, problem.place.line) == ("sound.yaml", line)


def test_a_flaw_in_the_grades_carries_their_line() -> None:
    before, after, _ = PLANTED["恰为 90 的总分没有等级"]
    (problem,) = flaws_of(SOUND.replace(before, after))
    lines = SOUND.splitlines()
    assert problem.place.line in {lines.index("grades:") + 1, lines.index("grades:") + 2}
