"""Kinds of flaws a rubric can have."""

from collections.abc import Iterable
from dataclasses import replace

from zhunsheng.kernel.place import Place
from zhunsheng.kernel.problem import Kind, Problem, Severity
from zhunsheng.rubrics.curve import Flaw

POINTS = Kind("RUBRIC-010", Severity.ERROR, "下级分值之和应等于上级分值", "调整分值。")
HOLE = Kind("RUBRIC-011", Severity.ERROR, "区间应覆盖全部可能的值", "补上缺少的区间，或改端点的开闭。")
OVERLAP = Kind("RUBRIC-012", Severity.ERROR, "区间不应重叠", "改端点，使每个值只落入一个区间。")
BOUNDS = Kind("RUBRIC-013", Severity.ERROR, "得分应在 0 到分值之间", "改正得分比例。")
DIVISION = Kind("RUBRIC-014", Severity.ERROR, "不应出现除以零", "规定除数为零时怎样处理（when_zero）。")
DIRECTION = Kind("RUBRIC-015", Severity.ERROR, "完成得更好，得分不应更低", "改正区间的得分顺序或方向。")
DUPLICATE_CODE = Kind("RUBRIC-016", Severity.ERROR, "节点编码不应重复", "改成不同的编码。")
NO_RULE = Kind(
    "RUBRIC-017", Severity.ERROR, "自设指标需要各种性质的评分规则", "在 leaf_rules 补上该性质的规则。"
)
UNKNOWN_FACT = Kind(
    "RUBRIC-018", Severity.ERROR, "公式引用的事实应有定义", "在 definitions/facts 补上定义，或改正编码。"
)
OTHER_FLAW = Kind("RUBRIC-019", Severity.ERROR, "规则参数不正确", "按说明改正。")
PLACES = Kind(
    "RUBRIC-020",
    Severity.ERROR,
    "分值的小数位数不应多于得分的小数位数",
    "改分值，或改得分保留的位数（places）。",
)
MOVES = Kind(
    "RUBRIC-021",
    Severity.ERROR,
    "可空节点的分值应全部转给其他自设指标节点",
    "在 moves_to 写明转入的节点；分给几个节点的，写明各转多少分。",
)
GROUPS = Kind(
    "RUBRIC-022", Severity.ERROR, "每类指标应恰由一个节点收集", "改正 groups，使每类指标出现且只出现一次。"
)
KNOWN_CASE = Kind("RUBRIC-023", Severity.ERROR, "已知实例应与公式和区间相容", "核对实例的数据和得分比例。")
FACT_KIND = Kind("RUBRIC-024", Severity.ERROR, "事实的类型和单位应与规则相符", "改用相应的事实、公式或规则。")
NATURE_RULE = Kind(
    "RUBRIC-025", Severity.ERROR, "评分规则应与指标性质相符", "改用适合该性质的规则类型和方向。"
)
ORDER = Kind("RUBRIC-026", Severity.ERROR, "等级和档次应从好到差，各出现一次", "改正名称、编码或区间。")
LIMITS = Kind("RUBRIC-027", Severity.ERROR, "超额扣减和总分上限应完整、有界", "按说明改正比例或区间。")
NOTHING = Kind("RUBRIC-028", Severity.ERROR, "总分和各节点分值应大于 0", "填写大于 0 的分值，或删除该节点。")
UNUSED = Kind("RUBRIC-029", Severity.ERROR, "参数不应互相矛盾或不起作用", "保留其中一种。")
UNKNOWN_PARAMETER = Kind(
    "RUBRIC-030", Severity.NOTE, "参数未知，须人工评分", "取得正式评分标准后补充，并注明出处。"
)

_KINDS = {
    "hole": HOLE,
    "empty": HOLE,
    "overlap": OVERLAP,
    "bounds": BOUNDS,
    "division": DIVISION,
    "direction": DIRECTION,
    "known": KNOWN_CASE,
    "kind": FACT_KIND,
    "order": ORDER,
    "over": LIMITS,
    "unused": UNUSED,
}


def problems_of(flaws: Iterable[Flaw], place: Place) -> list[Problem]:
    """The flaws of a rule or curve as problems at its place."""
    return [_KINDS.get(flaw.name, OTHER_FLAW).at(place, flaw.text) for flaw in flaws]


def at_field(place: Place, field: str) -> Place:
    """A place in the file with the words that say what stands there."""
    return replace(place, field=field)
