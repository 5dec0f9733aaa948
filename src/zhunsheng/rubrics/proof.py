"""The proof that a rubric is sound, and the list of what is unknown in it.

For every pack: points add up, no code twice, bands cover their range without hole or overlap, scores
stay between 0 and the points, nothing can be divided by zero, better is never scored lower. Because
every rule is a finite set of monotone pieces with exact ends, silence is a proof, not a sample.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from zhunsheng.kernel.place import Place
from zhunsheng.kernel.problem import Kind, Problem, Severity
from zhunsheng.kernel.rounding import plain
from zhunsheng.rubrics.curve import Flaw
from zhunsheng.rubrics.rubric import Gathers, Rubric, RubricNode

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
UNKNOWN_PARAMETER = Kind(
    "RUBRIC-030", Severity.NOTE, "参数未知，须人工评分", "取得正式评分标准后补充，并注明出处。"
)

BUDGET_INPUTS = ("budget_initial", "budget_adjusted", "budget_executed")

_KINDS = {
    "hole": HOLE,
    "empty": HOLE,
    "overlap": OVERLAP,
    "bounds": BOUNDS,
    "division": DIVISION,
    "direction": DIRECTION,
}
_NATURES_OF_A_DEPARTMENT = (
    "positive",
    "inverse",
    "exact",
    "qualitative",
    "deadline",
    "yes_no",
    "satisfaction",
)


@dataclass(frozen=True, slots=True)
class Proof:
    """The result of proving a rubric.

    Attributes:
        checked: number of statements examined.
        flaws: what is wrong; empty means proved.
        unknowns: what cannot be scored automatically.
    """

    checked: int
    flaws: tuple[Problem, ...]
    unknowns: tuple[Problem, ...]

    @property
    def holds(self) -> bool:
        """Whether nothing is wrong."""
        return not self.flaws


def prove(rubric: Rubric, facts: Iterable[str]) -> Proof:
    """Prove a rubric.

    Args:
        rubric: the rubric.
        facts: codes of all defined management facts.
    """
    statements = list(_statements(rubric, frozenset(facts) | set(BUDGET_INPUTS)))
    return Proof(
        checked=len(statements),
        flaws=tuple(flaw for found in statements for flaw in found),
        unknowns=tuple(_unknowns(rubric)),
    )


def _statements(rubric: Rubric, facts: frozenset[str]) -> Iterator[list[Problem]]:
    file = f"{rubric.code}.yaml"
    yield list(_sum(rubric.nodes, rubric.total, Place(file), "各一级指标"))
    yield list(_codes(rubric, file))
    yield _from(rubric.grade_curve().flaws(), Place(file, field="grades"))
    yield _from(rubric.over_achievement.flaws(), Place(file, field="over_achievement"))
    if rubric.ceilings:
        yield _from(rubric.ceiling_curve().flaws(), Place(file, field="ceilings"))
    for nature, rule in rubric.leaf_rules.items():
        yield _from(rule.flaws(Fraction(1)), Place(file, field=f"leaf_rules.{nature}"))
    for node in rubric.walk():
        place = Place(file, field=f"{node.code} {node.name}")
        yield [] if node.points >= 0 else [BOUNDS.at(place, f"分值为 {plain(node.points)}")]
        if node.children:
            yield list(_sum(node.children, node.points, place, "下级"))
        if node.rule is not None:
            yield _from(node.rule.flaws(Fraction(node.points)), place)
            yield [
                UNKNOWN_FACT.at(place, f"没有名为“{name}”的事实", value=name)
                for name in node.rule.names
                if name not in facts
            ]
        if node.gathering is not None:
            yield list(_gathering(rubric, node, place))


def _from(flaws: Iterator[Flaw], place: Place) -> list[Problem]:
    return [_KINDS.get(flaw.name, OTHER_FLAW).at(place, flaw.text) for flaw in flaws]


def _sum(nodes: Iterable[RubricNode], wanted: Decimal, place: Place, what: str) -> Iterator[Problem]:
    total = sum((node.points for node in nodes), Decimal(0))
    if total != wanted:
        yield POINTS.at(place, f"{what}分值合计 {plain(total)}，应为 {plain(wanted)}")


def _codes(rubric: Rubric, file: str) -> Iterator[Problem]:
    seen: set[str] = set()
    for node in rubric.walk():
        if node.code in seen:
            yield DUPLICATE_CODE.at(
                Place(file, field=node.code), f"编码“{node.code}”出现多次", value=node.code
            )
        seen.add(node.code)


def _gathering(rubric: Rubric, node: RubricNode, place: Place) -> Iterator[Problem]:
    gathering = node.gathering
    assert gathering is not None  # noqa: S101 - asked only for such nodes
    for nature in _NATURES_OF_A_DEPARTMENT:
        if nature not in rubric.leaf_rules:
            yield NO_RULE.at(place, f"缺少性质“{nature}”的评分规则", value=nature)
    if gathering.by is Gathers.GROUP and not gathering.groups:
        yield OTHER_FLAW.at(place, "没有说明收集哪些一级指标")
    if gathering.moves_to and rubric.node(gathering.moves_to) is None:
        yield OTHER_FLAW.at(place, f"分值转入的节点“{gathering.moves_to}”不存在", value=gathering.moves_to)


def _unknowns(rubric: Rubric) -> Iterator[Problem]:
    file = f"{rubric.code}.yaml"
    for nature, rule in rubric.leaf_rules.items():
        for unknown in rule.unknowns():
            yield UNKNOWN_PARAMETER.at(Place(file, field=f"leaf_rules.{nature}"), unknown)
    for node in rubric.walk():
        if node.rule is not None:
            for unknown in node.rule.unknowns():
                yield UNKNOWN_PARAMETER.at(Place(file, field=f"{node.code} {node.name}"), unknown)
