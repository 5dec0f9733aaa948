"""More faults for the proof: of ranges, of jumps, of rules that look known and are not, of what cannot be read."""

from dataclasses import dataclass
from fractions import Fraction

import pytest

from zhunsheng.kernel.citation import Citation
from zhunsheng.kernel.problem import Problem
from zhunsheng.rubrics.facts import FactDefinition, FactKind
from zhunsheng.rubrics.proof import prove
from zhunsheng.rubrics.reading import read_rubric
from zhunsheng.rubrics.rubric import Rubric
from zhunsheng.store.yaml_files import parse_yaml

Y = "source: {document: x, clause: y, evidence: proposal}"
DEPLOYED_GRADES = """grades:
  - {name: 优, range: "(90, 100]"}
  - {name: 良, range: "[80, 90)"}
  - {name: 中, range: "[60, 80)"}
  - {name: 差, range: "[0, 60)"}
"""


@dataclass(frozen=True)
class Parts:
    """The parts of a small rubric that the faults are planted in; as they stand they are sound."""

    years: str = "[2024]"
    grades: str = DEPLOYED_GRADES.replace("(90", "[90")
    over: str = f"over_achievement: {{mode: ignore, {Y}}}\n"
    ceilings: str = ""
    positive: str = "type: proportional"
    inverse: str = "type: inverse_linear, zero_at: 2"
    deadline: str = "type: deadline, late: zero"
    satisfaction: str = "type: proportional"
    rule: str = "type: boolean, fact: rules_made"

    def text(self) -> str:
        """The rubric file."""
        return f"""
code: small
label: 小
label_en: Small
description: 植入错误
version: 1.0.0
object: department
jurisdiction: 无
valid_years: {self.years}
verified: 'no'
total: 100
places: 2
{Y}
{self.grades}{self.over}{self.ceilings}leaf_rules:
  positive: {{{self.positive}, {Y}}}
  inverse: {{{self.inverse}, {Y}}}
  exact: {{type: exact, otherwise: proportional, {Y}}}
  qualitative:
    type: tiers
    tiers: {TIERS}
    {Y}
  yes_no: {{type: boolean, {Y}}}
  deadline: {{{self.deadline}, {Y}}}
  satisfaction: {{{self.satisfaction}, {Y}}}
nodes:
  - code: A
    name: 自设指标
    points: 60
    {Y}
    indicators: {{by: group, groups: [output, cost, effect, satisfaction]}}
  - code: B
    name: 管理
    points: 40
    {Y}
    rule: {{{self.rule}, {Y}}}
"""


TIERS = (
    '[{code: reached, name: 达成, range: "[0.8, 1]"}, {code: partly, name: 部分, range: "[0.6, 0.8)"},'
    ' {code: missed, name: 未达成, range: "[0, 0.6)"}]'
)
FACTS = {
    code: FactDefinition(code, code, kind, "", "", Citation(), most, whole)
    for code, kind, most, whole in (
        ("in_use", FactKind.MONEY, None, "total"),
        ("total", FactKind.MONEY, None, ""),
        ("late", FactKind.COUNT, None, "contracts"),
        ("contracts", FactKind.COUNT, None, ""),
        ("complaints", FactKind.COUNT, None, ""),
        ("published_rate", FactKind.RATE, Fraction(100), ""),
        ("reserve_rate", FactKind.RATE, None, ""),
        ("rules_made", FactKind.YES_NO, None, ""),
    )
}


def bands(formula: str, domain: str, *shares: str, direction: str = "rising", zero: str = "") -> str:
    """A rule by bands: `shares` are pairs "range: share", `zero` is "divisor: what then"."""
    listed = ", ".join(
        f'{{range: "{each.rsplit(": ", 1)[0]}", share: {each.rsplit(": ", 1)[1]}}}' for each in shares
    )
    guards = [
        f'{{divisor: "{each.rsplit(": ", 1)[0]}", then: {each.rsplit(": ", 1)[1]}}}'
        for each in zero.split("; ")
        if each
    ]
    return (
        f'type: bands, formula: "{formula}", domain: "{domain}", direction: {direction},'
        f" when_zero: [{', '.join(guards)}], bands: [{listed}]"
    )


def read(parts: Parts) -> tuple[Rubric | None, tuple[Problem, ...]]:
    node, problems = parse_yaml(parts.text(), "small.yaml")
    assert node is not None, problems
    return read_rubric(node)


def flaws(parts: Parts) -> list[str]:
    rubric, problems = read(parts)
    assert rubric is not None, [f"{each.what} {each.value}" for each in problems]
    return [each.code for each in prove(rubric, FACTS).flaws]


SOUND = {
    "部分除以整体": bands("in_use / total", "[0, 1]", "[0, 1]: proportional", zero="total: manual"),
    "超出比例": bands(
        "(in_use - total) / total",
        "[-1, ∞)",
        "[-1, 0]: 1",
        "(0, ∞): 0",
        direction="falling",
        zero="total: manual",
    ),
    "有上限的百分数": bands("published_rate / 100", "[0, 1]", "[1, 1]: 1", "[0, 1): null"),
    "没有上限的百分数": bands("reserve_rate / 100", "[0, ∞)", "[1, ∞): 1", "[0, 1): 0"),
    "按例扣分": "type: per_case, cases: late, of: contracts, deduct: 2",
    "两种候选规则": "type: per_case, cases: late, candidates: [{mode: all_or_nothing}, {mode: per_case, deduct: 2}]",
    "不超过限额": "type: condition, left: in_use, right: total, when_true: 1, when_false: null",
}


@pytest.mark.parametrize("name", SOUND)
def test_a_sound_rule_is_proved(name: str) -> None:
    assert flaws(Parts(rule=SOUND[name])) == []


SOUND_OVER = f"""over_achievement:
  mode: deduct
  explain_from: 1.2
  explain_at_zero: 30
  bands: [{{range: "[1.2, 1.3)", deduct_share: 0.05}}, {{range: "[1.3, ∞)", deduct_share: 0.1}}]
  observations: [{{degree: 1.1, deduct_share: 0}}, {{degree: 2.03, deduct_share: 0.1}}]
  {Y}
"""
CEILINGS = """ceilings:
  - {range: "[0, 0.6)", most: 79}
  - {range: "[0.6, ∞)", most: 100}
"""


def test_over_achievement_from_120_percent_and_ceilings_stand_together() -> None:
    assert flaws(Parts(over=SOUND_OVER, ceilings=CEILINGS)) == []
    suggested = f"over_achievement: {{mode: suggest, explain_from: 1.2, {Y}}}\n"
    assert flaws(Parts(over=suggested, ceilings=CEILINGS)) == []


PLANTED: dict[str, tuple[Parts, str]] = {
    "上线系统的等级：大于 90 为优、小于 90 为良": (Parts(grades=DEPLOYED_GRADES), "RUBRIC-011"),
    "公式能取到的值低于可能的范围": (
        Parts(
            rule=bands(
                "(late - 3 * contracts) / contracts", "[-1, ∞)", "[-1, ∞): 1", zero="contracts: manual"
            )
        ),
        "RUBRIC-011",
    ),
    "整体除以部分却以 1 为上限": (
        Parts(rule=bands("contracts / late", "[0, 1]", "[0, 1]: proportional", zero="late: manual")),
        "RUBRIC-011",
    ),
    "没有声明整体与部分却以 1 为上限": (
        Parts(rule=bands("complaints / contracts", "[0, 1]", "[0, 1]: proportional", zero="contracts: full")),
        "RUBRIC-011",
    ),
    "百分数可以超过 100 却以 1 为上限": (
        Parts(rule=bands("reserve_rate / 100", "[0, 1]", "[1, 1]: 1", "[0, 1): 0")),
        "RUBRIC-011",
    ),
    "除数可正可负": (
        Parts(rule=bands("total / (in_use - total)", "[-1, ∞)", "[-1, ∞): 1", zero="in_use - total: manual")),
        "RUBRIC-011",
    ),
    "负的公式以零为下限": (
        Parts(rule=bands("-in_use / total", "[0, 1]", "[0, 1]: proportional", zero="total: manual")),
        "RUBRIC-011",
    ),
    "公式没有用到数据": (Parts(rule=bands("1", "[0, ∞)", "[0, ∞): 1")), "RUBRIC-029"),
    "区间得不到满分": (
        Parts(rule=bands("in_use / total", "[0, 1]", "[0.5, 1]: 0.9", "[0, 0.5): 0", zero="total: manual")),
        "RUBRIC-013",
    ),
    "满分只在不含的端点上": (
        Parts(
            rule=bands(
                "in_use / total", "[0, 1]", "[0, 1): proportional", "[1, 1]: 0.5", zero="total: manual"
            )
        ),
        "RUBRIC-013",
    ),
    "条件两边相同": (
        Parts(rule="type: condition, left: in_use, right: in_use, when_true: 1, when_false: 0"),
        "RUBRIC-029",
    ),
    "条件成立与否都得不到满分": (
        Parts(rule="type: condition, left: in_use, right: total, when_true: 0.5, when_false: 0"),
        "RUBRIC-013",
    ),
    "条件中金额与个数相比": (
        Parts(rule="type: condition, left: in_use, right: contracts, when_true: 1, when_false: 0"),
        "RUBRIC-024",
    ),
    "只有一种候选规则": (
        Parts(rule="type: per_case, cases: late, candidates: [{mode: all_or_nothing}]"),
        "RUBRIC-029",
    ),
    "候选规则都相同": (
        Parts(
            rule="type: per_case, cases: late, candidates: [{mode: per_case, deduct: 2}, {mode: per_case, deduct: 2}]"
        ),
        "RUBRIC-029",
    ),
    "例数不是总数的一部分": (
        Parts(rule="type: per_case, cases: complaints, of: contracts, deduct: 1"),
        "RUBRIC-024",
    ),
    "例数与总数颠倒": (Parts(rule="type: per_case, cases: contracts, of: late, deduct: 1"), "RUBRIC-024"),
    "例数与总数是同一事实": (Parts(rule="type: per_case, cases: late, of: late, deduct: 1"), "RUBRIC-024"),
    "超得越多扣得越少": (Parts(over=SOUND_OVER.replace("0.05", "0.2")), "RUBRIC-027"),
    "目标为零时须说明的值不大于零": (Parts(over=SOUND_OVER.replace("zero: 30", "zero: 0")), "RUBRIC-027"),
    "区间与实例的扣减不合": (
        Parts(over=SOUND_OVER.replace("2.03, deduct_share: 0.1", "2.03, deduct_share: 0.2")),
        "RUBRIC-027",
    ),
    "实例未扣减而区间要扣": (Parts(over=SOUND_OVER.replace("degree: 1.1,", "degree: 1.25,")), "RUBRIC-027"),
    "执行率高的上限反而低": (
        Parts(ceilings=CEILINGS.replace("79", "100").replace('∞)", most: 100', '∞)", most: 90')),
        "RUBRIC-015",
    ),
    "上限高于总分": (Parts(ceilings=CEILINGS.replace("most: 100", "most: 120")), "RUBRIC-013"),
    "上限的执行率中间有空当": (Parts(ceilings=CEILINGS.replace("[0.6, ∞)", "(0.6, ∞)")), "RUBRIC-011"),
    "逾期按档次却没有档次": (Parts(deadline="type: deadline, late: tiers"), "RUBRIC-029"),
    "逾期不得分却有档次": (Parts(deadline=f"type: deadline, late: zero, tiers: {TIERS}"), "RUBRIC-029"),
    "逾期的档次有空当": (
        Parts(deadline=f"type: deadline, late: tiers, tiers: {TIERS.replace('[0.6, 0.8)', '(0.6, 0.8)')}"),
        "RUBRIC-011",
    ),
    "候选及格线高于满分": (Parts(positive="type: proportional, candidate_pass_threshold: 60"), "RUBRIC-013"),
    "及格线已知又有候选": (
        Parts(positive="type: proportional, pass_threshold: 0.6, candidate_pass_threshold: 0.6"),
        "RUBRIC-029",
    ),
    "完成值没有上限却以 1 为上限": (
        Parts(positive=bands("actual / target", "[0, 1]", "[0, 1]: proportional", zero="target: manual")),
        "RUBRIC-011",
    ),
    "完成值为零反而不得分": (
        Parts(inverse=bands("target / actual", "[0, ∞)", "[1, ∞): 1", "[0, 1): 0", zero="actual: zero")),
        "RUBRIC-025",
    ),
    "正向指标完成值为零得满分": (
        Parts(
            positive=bands(
                "target / actual",
                "[0, ∞)",
                "[0, 1]: 1",
                "(1, ∞): 0",
                direction="falling",
                zero="actual: full",
            )
        ),
        "RUBRIC-025",
    ),
    "反向指标目标为零一律满分": (
        Parts(
            inverse=bands(
                "actual / target",
                "[0, ∞)",
                "[0, 1]: 1",
                "(1, ∞): 0",
                direction="falling",
                zero="target: full",
            )
        ),
        "RUBRIC-025",
    ),
    "越过目标时数值跳变": (
        Parts(
            positive=bands(
                "target / (actual - target)",
                "(-∞, ∞)",
                "(-∞, 0]: 1",
                "(0, ∞): 0",
                direction="falling",
                zero="actual - target: manual",
            )
        ),
        "RUBRIC-025",
    ),
    "满意度超过 100 分的范围": (
        Parts(satisfaction=bands("actual / 90", "[0, 1]", "[0, 1]: proportional")),
        "RUBRIC-011",
    ),
}


@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_fault_is_found(name: str) -> None:
    parts, code = PLANTED[name]
    assert parts != Parts()
    assert code in flaws(parts)


def test_the_hole_of_the_deployed_grades_is_exactly_90() -> None:
    rubric, _ = read(Parts(grades=DEPLOYED_GRADES))
    assert rubric is not None
    (flaw,) = prove(rubric, FACTS).flaws
    assert flaw.what == "总分恰为 90 的值不在任何区间内"
    assert rubric.grade_of(rubric.total - 10) == ""


@pytest.mark.parametrize(
    "parts",
    [
        Parts(years="[]"),
        Parts(years="[二〇二四]"),
        Parts(rule=bands("in_use / 1e999", "[0, ∞)", "[0, ∞): 1")),
        Parts(rule=bands("in_use / 0.1234567890123456789", "[0, ∞)", "[0, ∞): 1")),
        Parts(rule=bands(" + ".join(["in_use"] * 2000), "[0, ∞)", "[0, ∞): 1")),
        Parts(rule=bands("(" * 300 + "in_use" + ")" * 300, "[0, ∞)", "[0, ∞): 1")),
        Parts(rule=bands("in_use ** total", "[0, ∞)", "[0, ∞): 1")),
        Parts(rule=bands("in_use.real", "[0, ∞)", "[0, ∞): 1")),
        Parts(rule=bands("in_use / total", "[1, 0]", "[0, 1]: 1")),
        Parts(positive="type: nothing"),
    ],
)
def test_what_cannot_be_read_is_said_and_never_crashes(parts: Parts) -> None:
    rubric, problems = read(parts)
    assert rubric is None
    assert all(each.what and each.why and each.remedy for each in problems)
