"""All statements of the proof, one after the other."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from zhunsheng.kernel.grade import SCALES
from zhunsheng.kernel.place import Place
from zhunsheng.kernel.problem import Problem
from zhunsheng.kernel.rounding import exact_decimal, half_up, plain
from zhunsheng.rubrics.facts import FactDefinition
from zhunsheng.rubrics.proof.gatherings import gathered_once, gathering_flaws
from zhunsheng.rubrics.proof.inputs import input_flaws
from zhunsheng.rubrics.proof.kinds import (
    DUPLICATE_CODE,
    LIMITS,
    NOTHING,
    ORDER,
    PLACES,
    POINTS,
    UNKNOWN_PARAMETER,
    at_field,
    problems_of,
)
from zhunsheng.rubrics.proof.natures import nature_flaws
from zhunsheng.rubrics.rubric import NO_TASK_CODE, Rubric, RubricNode

MOST_PLACES = 6


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


def prove(rubric: Rubric, facts: Mapping[str, FactDefinition]) -> Proof:
    """Prove a rubric.

    Args:
        rubric: the rubric.
        facts: definitions of all management facts, by code.
    """
    statements = list(_statements(rubric, facts))
    return Proof(
        checked=len(statements),
        flaws=tuple(flaw for found in statements for flaw in found),
        unknowns=tuple(_unknowns(rubric)),
    )


def _part(rubric: Rubric, name: str) -> Place:
    """Where a part of the rubric stands; its file when it was not read from one with lines."""
    return at_field(rubric.places_of.get(name, Place(f"{rubric.code}.yaml")), name)


def _named(rubric: Rubric, node: RubricNode, place: Place) -> Place:
    return at_field(place if place.file else Place(f"{rubric.code}.yaml"), f"{node.code} {node.name}")


def _statements(rubric: Rubric, facts: Mapping[str, FactDefinition]) -> Iterator[list[Problem]]:
    yield list(_sum(rubric.nodes, rubric.total, _part(rubric, "nodes"), "各一级指标"))
    yield list(_totals(rubric))
    yield list(_decimals(rubric))
    yield list(_codes(rubric))
    yield problems_of(rubric.grade_curve().flaws(), _part(rubric, "grades"))
    yield list(_grade_names(rubric))
    yield problems_of(rubric.over_achievement.flaws(), _part(rubric, "over_achievement"))
    if rubric.ceilings and rubric.total > 0:
        yield [
            *problems_of(rubric.ceiling_curve().flaws(), _part(rubric, "ceilings")),
            *_ceilings_in_percent(rubric),
        ]
    yield list(gathered_once(rubric, _part(rubric, "nodes")))
    for nature, rule in rubric.leaf_rules.items():
        place = _part(rubric, f"leaf_rules.{nature}")
        yield problems_of(rule.flaws(Fraction(1)), place)
        yield list(nature_flaws(nature, rule, place))
    for node in rubric.walk():
        place = _named(rubric, node, node.place)
        yield [] if node.points > 0 else [NOTHING.at(place, f"分值为 {plain(node.points)}")]
        if node.children:
            yield list(_sum(node.children, node.points, place, "下级"))
        if node.rule is not None:
            rule_place = _named(rubric, node, node.rule_place)
            yield problems_of(node.rule.flaws(Fraction(node.points)), rule_place)
            yield list(input_flaws(node.rule, facts, rule_place))
        if node.gathering is not None:
            yield list(gathering_flaws(rubric, node, node.gathering, place))


def _sum(nodes: Iterable[RubricNode], wanted: Decimal, place: Place, what: str) -> Iterator[Problem]:
    total = sum((Fraction(node.points) for node in nodes), Fraction(0))
    if total != wanted:
        yield POINTS.at(place, f"{what}分值合计 {exact_decimal(total, 30)}，应为 {plain(wanted)}")


def _totals(rubric: Rubric) -> Iterator[Problem]:
    if rubric.total <= 0:
        yield NOTHING.at(_part(rubric, "total"), f"总分为 {plain(rubric.total)}")
    if not rubric.nodes:
        yield NOTHING.at(_part(rubric, "nodes"), "没有任何节点")


def _decimals(rubric: Rubric) -> Iterator[Problem]:
    """Points that a score of `places` decimals could not reach exactly."""
    if not 0 <= rubric.places <= MOST_PLACES:
        words = f"得分保留 {rubric.places} 位小数，应为 0～{MOST_PLACES} 位"
        yield PLACES.at(_part(rubric, "places"), words, value=rubric.places)
        return
    yield from _finer(rubric.total, rubric.places, _part(rubric, "total"), "总分")
    for ceiling in rubric.ceilings:
        yield from _finer(ceiling.most, rubric.places, _part(rubric, "ceilings"), "总分上限")
    for node in rubric.walk():
        place = _named(rubric, node, node.place)
        yield from _finer(node.points, rubric.places, place, "分值")
        for move in node.gathering.moves_to if node.gathering is not None else ():
            yield from _finer(move.points or Decimal(0), rubric.places, place, "转出的分值")


def _finer(points: Decimal, places: int, place: Place, what: str) -> Iterator[Problem]:
    if half_up(points, places) != points:
        yield PLACES.at(place, f"{what} {plain(points)} 的小数多于 {places} 位", value=points)


def _codes(rubric: Rubric) -> Iterator[Problem]:
    seen: set[str] = set()
    for node in rubric.walk():
        place = _named(rubric, node, node.place)
        if node.code in seen:
            yield DUPLICATE_CODE.at(place, f"编码“{node.code}”出现多次", value=node.code)
        if node.code == NO_TASK_CODE:
            yield DUPLICATE_CODE.at(place, f"编码“{node.code}”留给未归入任务的指标", value=node.code)
        seen.add(node.code)


def _grade_names(rubric: Rubric) -> Iterator[Problem]:
    place = _part(rubric, "grades")
    names = [band.name for band in rubric.grades]
    for name in dict.fromkeys(names):
        if names.count(name) > 1:
            yield ORDER.at(place, f"等级“{name}”出现 {names.count(name)} 次", value=name)
    scale = next((each for each in SCALES.values() if set(names) <= set(each)), None)
    if scale is None:
        return
    ranked = sorted(rubric.grades, key=lambda band: scale.index(band.name))
    for worse, better in pairwise(ranked):
        if worse.name != better.name and not worse.range.left_of(better.range):
            words = f"等级“{better.name}”的区间 {better.range} 不高于“{worse.name}”的 {worse.range}"
            yield ORDER.at(place, words)


def _ceilings_in_percent(rubric: Rubric) -> Iterator[Problem]:
    for ceiling in rubric.ceilings:
        if ceiling.range.high is not None and ceiling.range.high > 1:
            words = f"总分上限的区间 {ceiling.range} 超过 1；执行率按比率写，80% 写 0.8"
            yield LIMITS.at(_part(rubric, "ceilings"), words)


def _unknowns(rubric: Rubric) -> Iterator[Problem]:
    for nature, rule in rubric.leaf_rules.items():
        for unknown in rule.unknowns():
            yield UNKNOWN_PARAMETER.at(_part(rubric, f"leaf_rules.{nature}"), unknown)
    for node in rubric.walk():
        if node.rule is not None:
            for unknown in node.rule.unknowns():
                yield UNKNOWN_PARAMETER.at(_named(rubric, node, node.rule_place), unknown)
