"""Who has how many points: nodes after empty ones gave theirs away, indicators inside a node."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from zhunsheng.kernel.place import Place
from zhunsheng.kernel.problem import Problem
from zhunsheng.kernel.rounding import exact_decimal, half_up, plain
from zhunsheng.plans.case import Case, Indicator
from zhunsheng.plans.choices import ActualStatus
from zhunsheng.rubrics.rubric import Gathering, Gathers, Inapplicable, Rubric, RubricNode
from zhunsheng.scores import kinds
from zhunsheng.scores.distribution import distribute


def exact_sum(points: Iterable[Decimal]) -> Fraction:
    """The sum of decimals of any length, where a decimal context would cut digits off."""
    return sum((Fraction(each) for each in points), Fraction(0))


def gathered_indicators(case: Case, gathering: Gathering) -> tuple[Indicator, ...]:
    """The indicators of a case that belong under a node."""
    if gathering.by is Gathers.TASKS:
        return case.indicators
    return tuple(each for each in case.indicators if each.group.value in gathering.groups)


def ungathered_indicators(case: Case, rubric: Rubric) -> tuple[Indicator, ...]:
    """The indicators of a case that no node of the rubric scores."""
    gathered = {
        indicator.code
        for node in rubric.walk()
        if node.gathering is not None
        for indicator in gathered_indicators(case, node.gathering)
    }
    return tuple(each for each in case.indicators if each.code not in gathered)


def effective_points(case: Case, rubric: Rubric) -> dict[str, Decimal]:
    """Points of every node after those of empty optional nodes have moved, parents summed anew."""
    points = {node.code: node.points for node in rubric.walk()}
    for node in rubric.walk():
        gathering = node.gathering
        if gathering is None or not gathering.optional or gathered_indicators(case, gathering):
            continue
        for move in gathering.moves_to:
            points[move.node] += node.points if move.points is None else move.points
        if gathering.moves_to:
            points[node.code] = Decimal(0)
    for node in rubric.nodes:
        _summed_anew(node, points)
    return points


def _summed_anew(node: RubricNode, points: dict[str, Decimal]) -> Decimal:
    if node.children:
        points[node.code] = sum((_summed_anew(child, points) for child in node.children), Decimal(0))
    return points[node.code]


@dataclass
class IndicatorPoints:
    """The points at stake for each indicator of a node.

    Attributes:
        of: points by indicator code.
        excluded: codes of indicators that do not apply and whose points others have taken.
    """

    of: dict[str, Decimal]
    excluded: set[str] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)
    assumptions: list[str] = field(default_factory=list)


def indicator_points(
    case: Case,
    rubric: Rubric,
    node: RubricNode,
    chosen: Sequence[Indicator],
    at_stake: Decimal,
    *,
    rescale: bool,
) -> IndicatorPoints:
    """Split a node's points among its indicators.

    Points given stay as they are when they fill the node. Indicators without points share what is left.
    What does not add up is an error, or a proportional share where another rubric is only compared.
    """
    found = IndicatorPoints({})
    given = [each.points for each in chosen]
    known = [points for points in given if points is not None]
    name, place = f"{node.code} {node.name}", Place(field=f"{node.code} {node.name}")
    rest = Fraction(at_stake) - exact_sum(known)
    words = f"指标分值合计 {exact_decimal(exact_sum(known))}，节点分值 {plain(at_stake)}"
    open_ones = len(given) - len(known)
    if not known:
        shares = distribute(at_stake, [Decimal(1)] * len(given), rubric.places)
        found.assumptions.append(f"{name}：指标未给分值，平均分配 {plain(at_stake)} 分")
    elif rescale and (rest or open_ones):
        mean = half_up(exact_sum(known) / len(known), rubric.places)
        weights = [mean if points is None else points for points in given]
        shares = distribute(at_stake, weights, rubric.places)
        found.problems.append(kinds.RESCALED.at(place, words))
        found.assumptions.append(f"{name}：{words}，按比例折算")
    elif open_ones and rest > 0:
        parts = iter(distribute(half_up(rest, rubric.places), [Decimal(1)] * open_ones, rubric.places))
        shares = [next(parts) if points is None else points for points in given]
        listed = "、".join(each.code for each in chosen if each.points is None)
        found.problems.append(
            kinds.PARTLY_WITHOUT_POINTS.at(
                place, f"指标 {listed} 没有分值，平均分配余下的 {exact_decimal(rest)} 分"
            )
        )
        found.assumptions.append(f"{name}：指标 {listed} 没有分值，平均分配余下的 {exact_decimal(rest)} 分")
    else:
        shares = [Decimal(0) if points is None else points for points in given]
        if rest or open_ones:
            found.problems.append(kinds.POINTS_MISMATCH.at(place, words))
    found.of = {each.code: share for each, share in zip(chosen, shares, strict=True)}
    found.problems.extend(_too_fine(chosen, found.of, rubric.places))
    _exclude(case, rubric, node, chosen, found)
    return found


def _too_fine(chosen: Sequence[Indicator], of: Mapping[str, Decimal], places: int) -> Iterable[Problem]:
    """Points that a score rounded to the rubric's decimals would exceed or never reach."""
    for each in chosen:
        if half_up(of[each.code], places) != of[each.code]:
            words = f"{each.name}的分值 {plain(of[each.code])} 的小数多于 {places} 位"
            yield kinds.POINTS_TOO_FINE.at(Place(field=f"指标 {each.code}"), words, value=of[each.code])


def _exclude(
    case: Case, rubric: Rubric, node: RubricNode, chosen: Sequence[Indicator], found: IndicatorPoints
) -> None:
    """Give the points of indicators that do not apply to their siblings: of the task, else of the node."""
    inapplicable = {each.code for each in chosen if is_inapplicable(case, each)}
    rest = [each for each in chosen if each.code not in inapplicable]
    if not inapplicable or not rest or rubric.inapplicable is not Inapplicable.SHARE:
        return
    by_task = node.gathering is not None and node.gathering.by is Gathers.TASKS
    for each in chosen:
        if each.code not in inapplicable:
            continue
        freed = found.of[each.code]
        heirs = [other for other in rest if by_task and other.task == each.task] or rest
        shares = distribute(freed, [found.of[other.code] for other in heirs], rubric.places)
        for other, share in zip(heirs, shares, strict=True):
            found.of[other.code] += share
        found.of[each.code] = Decimal(0)
        found.excluded.add(each.code)
        words = f"{each.name}不适用，其 {plain(freed)} 分由{'、'.join(other.code for other in heirs)}分担"
        found.problems.append(kinds.EXCLUDED.at(Place(field=f"指标 {each.code}"), words))
        found.assumptions.append(f"指标 {each.code} {words}")


def is_inapplicable(case: Case, indicator: Indicator) -> bool:
    """Whether the unit says that the indicator does not apply this year."""
    actual = case.actual_of.get(indicator.code)
    return actual is not None and actual.status is ActualStatus.NOT_APPLICABLE
