"""A rubric (评分体系): a dated, cited tree of nodes with points and rules."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise

from zhunsheng.kernel.citation import Citation
from zhunsheng.kernel.interval import Interval
from zhunsheng.rubrics.curve import Curve, Direction, Flaw, Piece
from zhunsheng.rubrics.judgement import Rule


class RubricObject(StrEnum):
    """What a rubric scores."""

    DEPARTMENT = "department"
    PROJECT = "project"


class OverMode(StrEnum):
    """What happens when an actual is far better than its target (目标偏保守)."""

    IGNORE = "ignore"
    EXPLAIN_ONLY = "explain_only"
    SUGGEST = "suggest"
    DEDUCT = "deduct"


@dataclass(frozen=True, slots=True)
class OverBand:
    """A reduction for a degree of achievement in `range`: a share of the points, or points."""

    range: Interval
    share: Fraction | None = None
    points: Fraction | None = None


@dataclass(frozen=True, slots=True)
class OverAchievement:
    """The rule on exceeding a target.

    The degree is actual ÷ target for indicators that should be high and target ÷ actual for those that
    should be low; an actual of 0 against a low target has no degree and counts as above every limit.

    Attributes:
        explain_from: degree from which an explanation is required; None for never.
        bands: reductions in force (mode `deduct`).
        examples: reductions somebody proposes (mode `suggest`); shown, never applied by themselves.
    """

    mode: OverMode = OverMode.IGNORE
    explain_from: Fraction | None = None
    bands: tuple[OverBand, ...] = ()
    examples: tuple[OverBand, ...] = ()
    source: Citation = field(default_factory=Citation)

    def flaws(self) -> Iterator[Flaw]:
        """Bands must not overlap, must start above 1 and must not take more than everything."""
        if self.mode is OverMode.DEDUCT and not self.bands:
            yield Flaw("empty", "超额扣减方式为“直接扣减”，却没有扣减区间")
        for bands in (self.bands, self.examples):
            ordered = sorted(bands, key=lambda band: band.range.low or Fraction(0))
            for band in ordered:
                if band.range.low is None or band.range.low < 1:
                    yield Flaw("direction", f"超额扣减区间 {band.range} 包含未超过目标的情形")
                if band.share is not None and not 0 <= band.share <= 1:
                    yield Flaw("bounds", f"超额扣减比例超出 0～100%（区间 {band.range}）")
            for left, right in pairwise(ordered):
                if left.range.meets(right.range):
                    yield Flaw("overlap", f"超额扣减区间 {left.range} 与 {right.range} 重叠")


@dataclass(frozen=True, slots=True)
class GradeBand:
    """A grade and the totals that earn it."""

    name: str
    range: Interval


@dataclass(frozen=True, slots=True)
class Ceiling:
    """A limit on the total when the budget execution rate is low."""

    range: Interval
    most: Decimal


class Gathers(StrEnum):
    """Where a node's indicators come from."""

    GROUP = "group"
    TASKS = "tasks"


@dataclass(frozen=True, slots=True)
class Gathering:
    """A node the department fills with its own indicators.

    Attributes:
        by: by first-level group of the indicators, or all tasks with theirs.
        groups: groups collected, for GROUP.
        optional: whether the node may stay empty (its points then go to `moves_to`).
        moves_to: node that takes the points of an empty optional node; "" for none.
    """

    by: Gathers
    groups: tuple[str, ...] = ()
    optional: bool = False
    moves_to: str = ""


@dataclass(frozen=True, slots=True)
class RubricNode:
    """A node of the tree: children, or a gathering of indicators, or a rule.

    Attributes:
        not_applicable_full: whether a leaf that has no object earns full points.
        evidence: evidence a reviewer expects.
    """

    code: str
    name: str
    points: Decimal
    children: tuple["RubricNode", ...] = ()
    rule: Rule | None = None
    gathering: Gathering | None = None
    not_applicable_full: bool = False
    evidence: tuple[str, ...] = ()
    note: str = ""
    source: Citation = field(default_factory=Citation)

    def walk(self) -> Iterator["RubricNode"]:
        """This node and all below, parents first."""
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass(frozen=True, slots=True)
class Rubric:
    """A rubric version; frozen once used.

    Attributes:
        places: decimals of a score; each leaf is rounded half-up to them before anything is added.
        leaf_rules: rule for a department's own indicators, by nature.
        ceilings: limits on the total by budget execution rate.
        sha256: hash of the definition file.
    """

    code: str
    label: str
    version: str
    object: RubricObject
    jurisdiction: str
    valid_years: tuple[int, ...]
    total: Decimal
    places: int
    grades: tuple[GradeBand, ...]
    over_achievement: OverAchievement
    leaf_rules: Mapping[str, Rule]
    nodes: tuple[RubricNode, ...]
    source: Citation
    ceilings: tuple[Ceiling, ...] = ()
    verified: str = "no"
    note: str = ""
    sha256: str = ""

    def walk(self) -> Iterator[RubricNode]:
        """All nodes, parents first."""
        for node in self.nodes:
            yield from node.walk()

    def node(self, code: str) -> RubricNode | None:
        """The node with a code."""
        return next((node for node in self.walk() if node.code == code), None)

    def grade_of(self, total: Decimal) -> str:
        """Name of the grade for a total; "" in a hole (a proved rubric has none)."""
        return next((band.name for band in self.grades if total in band.range), "")

    def fact_names(self) -> tuple[str, ...]:
        """Every input its leaves ask for."""
        names = (name for node in self.walk() if node.rule is not None for name in node.rule.names)
        return tuple(dict.fromkeys(names))

    def grade_curve(self) -> Curve:
        """The grades as a curve without shares, for the proof that they cover every total once."""
        pieces = tuple(Piece(band.range, known=False) for band in self.grades)
        return Curve(pieces, Interval(Fraction(0), Fraction(self.total)), Direction.ANY, "总分")

    def ceiling_curve(self) -> Curve:
        """The ceilings as shares of the total over the execution rate."""
        pieces = tuple(
            Piece(each.range, Fraction(each.most) / Fraction(self.total)) for each in self.ceilings
        )
        return Curve(pieces, Interval(Fraction(0), None, True, False), Direction.RISING, "预算执行率")
