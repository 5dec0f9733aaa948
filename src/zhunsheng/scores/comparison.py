"""One year scored under two rubrics, with the reason for every difference."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from zhunsheng.kernel.rounding import half_up, plain
from zhunsheng.plans.choices import Nature
from zhunsheng.rubrics.rubric import Rubric
from zhunsheng.scores import kinds
from zhunsheng.scores.evaluation import Evaluation, ScoredNode


@dataclass(frozen=True, slots=True)
class Difference:
    """One item under both rubrics; None where it does not exist or has no score."""

    item: str
    name: str
    one: ScoredNode | None
    other: ScoredNode | None
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two evaluations of one year and their differences."""

    one: Evaluation
    other: Evaluation
    differences: tuple[Difference, ...]
    rules: tuple[str, ...]


def compare(one: Evaluation, other: Evaluation, first: Rubric, second: Rubric) -> Comparison:
    """Hold two evaluations of the same case side by side.

    Indicators are matched by their code; nodes of the rubrics by their name, since codes of different
    rubrics have nothing to do with each other.
    """
    differences = tuple(_indicators(one, other)) + tuple(_nodes(one, other))
    return Comparison(one, other, differences, (*_rules(first, second), *_unfit(one), *_unfit(other)))


def _unfit(evaluation: Evaluation) -> Iterator[str]:
    """Why a rubric does not really fit the case: another year or object, indicators or nodes left over."""
    for problem in evaluation.problems:
        if problem.code in _UNFIT:
            yield f"{evaluation.rubric}：{problem.what}"


def _indicators(one: Evaluation, other: Evaluation) -> Iterator[Difference]:
    left = {node.code: node for node in one.nodes if node.kind == "indicator"}
    right = {node.code: node for node in other.nodes if node.kind == "indicator"}
    for code in dict.fromkeys((*left, *right)):
        a, b = left.get(code), right.get(code)
        reasons = tuple(_reasons(a, b))
        if reasons:
            yield Difference(code, _name(a, b), a, b, reasons)


def _nodes(one: Evaluation, other: Evaluation) -> Iterator[Difference]:
    left, right = _by_name(one), _by_name(other)
    only: set[tuple[bool, str]] = (
        set()
    )  # below a node that exists on one side only, nothing more need be said
    for key in dict.fromkeys((*left, *right)):
        a, b = left.get(key), right.get(key)
        name, node = key[0], a or b
        if node is not None and (a is None or b is None):
            only.add((a is None, node.code))
            if (a is None, node.parent) in only:
                continue
        reasons = tuple(_reasons(a, b))
        if reasons:
            codes = "、".join(dict.fromkeys(each.code for each in (a, b) if each))
            yield Difference(codes, name, a, b, reasons)


def _by_name(evaluation: Evaluation) -> dict[tuple[str, int], ScoredNode]:
    """Nodes of the rubric by name; of nodes with one name the first, the second and so on."""
    found: dict[tuple[str, int], ScoredNode] = {}
    times: dict[str, int] = {}
    for node in evaluation.nodes:
        if node.kind == "node":
            times[node.name] = times.get(node.name, 0) + 1
            found[node.name, times[node.name]] = node
    return found


def _name(*nodes: ScoredNode | None) -> str:
    return next((node.name for node in nodes if node is not None), "")


def _reasons(one: ScoredNode | None, other: ScoredNode | None) -> Iterator[str]:
    if one is None or other is None:
        yield "只在后一评分体系中有" if one is None else "只在前一评分体系中有"
        return
    if one.points != other.points:
        same = _rate(one) == _rate(other)
        yield f"分值不同：{plain(one.points)} 与 {plain(other.points)}" + ("，得分率相同" if same else "")
    if _shown(one.score) != _shown(other.score) and one.leaf:
        if one.trace.rule != other.trace.rule:
            yield f"规则不同：{one.trace.rule} 与 {other.trace.rule}"
        elif one.points == other.points:
            yield f"同一规则结果不同：{_last(one)}；{_last(other)}"
    if one.status != other.status:
        yield f"评分方式不同：{one.basis.label} 与 {other.basis.label}"
    if one.reason != other.reason and one.leaf:
        for node, which in ((one, "前一"), (other, "后一")):
            if node.reason:
                yield f"{which}评分体系扣分：{node.reason}"


def _rate(node: ScoredNode) -> Decimal | None:
    if node.score is None or node.points == 0:
        return None
    return half_up(Fraction(node.score) / Fraction(node.points), 2)


def _shown(score: Decimal | None) -> str:
    return "未评分" if score is None else plain(score)


def _last(node: ScoredNode) -> str:
    return node.trace.steps[-1] if node.trace.steps else node.trace.rule


def _rules(one: Rubric, other: Rubric) -> Iterator[str]:
    for nature in dict.fromkeys((*one.leaf_rules, *other.leaf_rules)):
        a, b = one.leaf_rules.get(nature), other.leaf_rules.get(nature)
        if a != b and a is not None and b is not None and (a.label != b.label or a.source != b.source):
            yield f"指标性质“{_NATURES.get(nature, nature)}”：{a.label}（{a.source}） 与 {b.label}（{b.source}）"
    if one.over_achievement.mode is not other.over_achievement.mode:
        yield f"超额完成：{_MODES[one.over_achievement.mode.value]} 与 {_MODES[other.over_achievement.mode.value]}"
    if bool(one.ceilings) != bool(other.ceilings):
        yield f"预算执行率对总分的限制：{'有' if one.ceilings else '无'} 与 {'有' if other.ceilings else '无'}"
    if one.grades != other.grades:
        yield "等级标准不同"


_NATURES = {each.value: each.label for each in Nature}
_UNFIT = {
    kinds.YEAR_NOT_COVERED.code,
    kinds.OTHER_OBJECT.code,
    kinds.NOT_GATHERED.code,
    kinds.NO_INDICATORS.code,
}
_MODES = {
    "ignore": "不处理",
    "explain_only": "只要求说明原因",
    "suggest": "提示扣减，由复核人认可",
    "deduct": "按区间直接扣减",
}


def comparison_data(comparison: Comparison) -> dict[str, object]:
    """The comparison in the documented JSON shape."""
    return {
        "case": comparison.one.case,
        "one": _side(comparison.one),
        "other": _side(comparison.other),
        "rules": list(comparison.rules),
        "differences": [
            {
                "item": each.item,
                "name": each.name,
                "one": _node(each.one),
                "other": _node(each.other),
                "reasons": list(each.reasons),
            }
            for each in comparison.differences
        ],
    }


def _side(evaluation: Evaluation) -> dict[str, object]:
    return {
        "rubric": evaluation.rubric,
        "version": evaluation.rubric_version,
        "total": plain(evaluation.total),
        "unscored": plain(evaluation.unscored),
        "grade": evaluation.grade or None,
        "assumptions": list(evaluation.assumptions),
    }


def _node(node: ScoredNode | None) -> dict[str, object] | None:
    if node is None:
        return None
    return {
        "points": plain(node.points),
        "score": None if node.score is None else plain(node.score),
        "status": node.status,
        "rule": node.trace.rule,
    }
