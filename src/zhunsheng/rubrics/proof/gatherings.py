"""Nodes a department fills itself: every indicator in exactly one, every moved point arriving somewhere."""

from collections.abc import Iterator
from fractions import Fraction

from zhunsheng.kernel.place import Place
from zhunsheng.kernel.problem import Problem
from zhunsheng.kernel.rounding import exact_decimal, plain
from zhunsheng.rubrics.proof.kinds import GROUPS, MOVES, NO_RULE
from zhunsheng.rubrics.rubric import GROUPS as ALL_GROUPS
from zhunsheng.rubrics.rubric import Gathering, Gathers, Rubric, RubricNode

_NATURES_OF_A_DEPARTMENT = (
    "positive",
    "inverse",
    "exact",
    "qualitative",
    "deadline",
    "yes_no",
    "satisfaction",
)


def gathered_once(rubric: Rubric, place: Place) -> Iterator[Problem]:
    """Groups that no node, or more than one, gathers."""
    found = [node.gathering for node in rubric.walk() if node.gathering is not None]
    by_tasks = sum(1 for each in found if each.by is Gathers.TASKS)
    if by_tasks > 1:
        yield GROUPS.at(place, f"{by_tasks} 个节点都按任务收集全部指标")
    if by_tasks and by_tasks < len(found):
        yield GROUPS.at(place, "有的节点按任务收集全部指标，有的节点又按类别收集")
    gathered = [group for each in found if each.by is Gathers.GROUP for group in each.groups]
    for group in dict.fromkeys(gathered):
        if group not in ALL_GROUPS:
            words = f"没有名为“{group}”的指标类别（可用：{'、'.join(ALL_GROUPS)}）"
            yield GROUPS.at(place, words, value=group)
        elif gathered.count(group) > 1:
            yield GROUPS.at(place, f"指标类别“{group}”收集了 {gathered.count(group)} 次", value=group)
    if found and not by_tasks:
        for group in ALL_GROUPS:
            if group not in gathered:
                yield GROUPS.at(place, f"没有节点收集指标类别“{group}”", value=group)


def gathering_flaws(
    rubric: Rubric, node: RubricNode, gathering: Gathering, place: Place
) -> Iterator[Problem]:
    """Missing leaf rules, and points of an empty node that would be lost."""
    for nature in _NATURES_OF_A_DEPARTMENT:
        if nature not in rubric.leaf_rules:
            yield NO_RULE.at(place, f"缺少性质“{nature}”的评分规则", value=nature)
    if gathering.by is Gathers.GROUP and not gathering.groups:
        yield GROUPS.at(place, "没有说明收集哪些一级指标")
    if gathering.optional and not gathering.moves_to:
        yield MOVES.at(place, "节点可以为空，却没有说明分值转入哪里")
    if gathering.moves_to and not gathering.optional:
        yield MOVES.at(place, "节点不可为空，却写有分值转入的节点")
    yield from _moves(rubric, node, gathering, place)


def _moves(rubric: Rubric, node: RubricNode, gathering: Gathering, place: Place) -> Iterator[Problem]:
    targets = [move.node for move in gathering.moves_to]
    for code in dict.fromkeys(targets):
        target = rubric.node(code)
        if target is None:
            yield MOVES.at(place, f"分值转入的节点“{code}”不存在", value=code)
        elif code == node.code:
            yield MOVES.at(place, "分值转入节点自身", value=code)
        elif target.gathering is None:
            yield MOVES.at(place, f"分值转入的节点“{code}”不收集自设指标，不能接受分值", value=code)
        elif target.gathering.optional:
            yield MOVES.at(place, f"分值转入的节点“{code}”自身也可以为空", value=code)
        if targets.count(code) > 1:
            yield MOVES.at(place, f"分值转入节点“{code}”写了 {targets.count(code)} 次", value=code)
    parts = [move.points for move in gathering.moves_to if move.points is not None]
    if any(part <= 0 for part in parts):
        yield MOVES.at(place, "转出的分值应大于 0")
    moved = sum((Fraction(part) for part in parts), Fraction(0))
    if parts and moved != node.points:
        yield MOVES.at(place, f"转出的分值合计 {exact_decimal(moved)}，节点分值 {plain(node.points)}")
